//! Answers as a whole: lists of statements, relations, memberships, ratios.

use super::Stop;
use super::quantity::plain;
use super::source::{Part, Source};
use super::token::{Kind, Mark};
use crate::value::{Expr, Function, Quantity, Relation, Symbol, Value};

/// What separates the statements of a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    Comma,
    And,
    Or,
}

impl<'a> Source<'a> {
    /// Statements separated by commas, "and", "or".
    pub(super) fn list(&self, part: Part) -> Result<Value, Stop> {
        let places = self.places(part.clone(), |kind| separator(kind).is_some());
        let mut parts = self.between(part.clone(), &places);
        // `1, 2, and 3`
        parts.retain(|p| !p.is_empty());
        if let [place] = places.as_slice()
            && let Some(joined) = self.joined_number(&part, *place)
        {
            return Ok(joined);
        }
        let mut values = Vec::with_capacity(parts.len());
        for part in parts {
            let (value, other) = self.both_signs(&part, || self.statement(part.clone()))?;
            values.push(inherited(value, values.last()));
            values.extend(other);
        }
        let symbol = |at: &usize| matches!(self.mark(*at), Some(Mark::And | Mark::Or));
        if places.iter().any(symbol) && values.iter().any(is_proposition) {
            // `p \land q`
            return Err(Stop::NotMathematics);
        }
        match values.len() {
            0 => Err(Stop::NotMathematics),
            1 => Ok(values.remove(0)),
            _ if self.is_choice(&values, &places) => {
                Err(Stop::Unsupported("a choice between statements about several names"))
            }
            _ => Ok(self.joined(values, &places)),
        }
    }

    /// `3 and 2/5`, `2 hours and 30 minutes`: one number in two parts.
    fn joined_number(&self, part: &Part, place: usize) -> Option<Value> {
        if separator(self.tokens[place].kind) != Some(Separator::And) {
            return None;
        }
        let (whole, rest) = (part.start..place, place + 1..part.end);
        if let ([whole], [above, slash, below]) =
            (&self.tokens[whole.clone()], &self.tokens[rest.clone()])
            && slash.kind == Kind::Mark(Mark::Divide)
        {
            return super::numeral::mixed(whole.kind, above.kind, below.kind).map(plain);
        }
        self.in_two_units(whole, rest).map(Value::Quantity)
    }

    /// `x > 1 and x < 3` hold together; of `x < 1 or x > 3` one holds; other lists are lists.
    fn joined(&self, values: Vec<Value>, places: &[usize]) -> Value {
        let said =
            |wanted| places.iter().any(|at| separator(self.tokens[*at].kind) == Some(wanted));
        let sets = values.iter().all(is_condition);
        match (said(Separator::And), said(Separator::Or)) {
            (true, false) if sets => Value::Intersection(values),
            (false, true) if sets => Value::Union(values),
            _ => Value::List(values),
        }
    }

    /// `x = 0 or y = 0`, which is not `x = 0, y = 0`.
    fn is_choice(&self, values: &[Value], places: &[usize]) -> bool {
        let name = |value: &Value| match value {
            Value::Relation(Relation { terms, .. }) => match terms.first() {
                Some(Expr::Variable(name)) => Some(name.clone()),
                _ => None,
            },
            _ => None,
        };
        let mut names: Vec<String> = values.iter().filter_map(name).collect();
        names.sort_unstable();
        names.dedup();
        let or = places.iter().any(|at| separator(self.tokens[*at].kind) == Some(Separator::Or));
        or && names.len() > 1 && names.len() == values.len()
    }

    /// One relation, membership, ratio or item.
    pub(super) fn statement(&self, part: Part) -> Result<Value, Stop> {
        if part.is_empty() {
            return Err(Stop::NotMathematics);
        }
        if part.len() == 1 && self.mark(part.start) == Some(Mark::Ellipsis) {
            return Ok(Value::Text("…".to_owned()));
        }
        let places = self.places(part.clone(), |kind| relation(kind).is_some());
        if !places.is_empty() {
            return self.relation(part, &places);
        }
        let members =
            self.places(part.clone(), |k| matches!(k, Kind::Mark(Mark::In | Mark::NotIn)));
        if let [place] = members.as_slice() {
            let element = self.expression(part.start..*place)?;
            let set = Box::new(self.deeper(|| self.set(place + 1..part.end))?);
            let inside = self.mark(*place) == Some(Mark::In);
            return Ok(Value::Member { element, set, inside });
        }
        let colons = self.places(part.clone(), |k| k == Kind::Mark(Mark::Colon));
        if !colons.is_empty() {
            let parts = self.between(part, &colons);
            let terms: Result<Vec<Expr>, Stop> =
                parts.into_iter().map(|p| self.expression(p)).collect();
            return Ok(Value::Ratio(terms?));
        }
        self.set(part)
    }

    fn relation(&self, part: Part, places: &[usize]) -> Result<Value, Stop> {
        let mut symbols: Vec<Symbol> =
            places.iter().filter_map(|at| relation(self.tokens[*at].kind)).collect();
        let mut parts = self.between(part, places);
        let definition = symbols.iter().all(|s| matches!(s, Symbol::Equal | Symbol::Approximate));
        if symbols.contains(&Symbol::Congruent) {
            return self.congruence(&symbols, &parts);
        }
        // `x = \ne`, `= 5`: the first side may be left out.
        if definition && parts[0].is_empty() {
            parts.remove(0);
            symbols.remove(0);
            if parts.len() == 1 {
                return self.set(parts.remove(0));
            }
        }
        let mut terms = Vec::with_capacity(parts.len());
        for side in &parts {
            match self.expression(side.clone()) {
                Ok(term) => terms.push(term),
                Err(Stop::NotMathematics) if definition => {
                    return self.definition(&parts);
                }
                Err(stop) => return Err(stop),
            }
        }
        if definition && symbols.len() == 1 && terms.len() == 2 && self.unit_follows(&parts[1]) {
            return self.definition(&parts);
        }
        Ok(Value::Relation(Relation { terms, symbols }))
    }

    /// `x = 5 \text{ cm}`, `Area = 12`, `A = \{1, 2\}`: what the name stands for.
    fn definition(&self, parts: &[Part]) -> Result<Value, Stop> {
        let last = parts[parts.len() - 1].clone();
        let name = match self.expression(parts[0].clone()) {
            Ok(Expr::Variable(_)) => true,
            Ok(Expr::Call(Function::Unknown(_), _)) => true,
            Ok(_) => false,
            Err(_) => self.is_words(parts[0].clone()) || self.is_point_name(parts[0].clone()),
        };
        if !name {
            return Err(Stop::NotMathematics);
        }
        let value = self.deeper(|| self.set(last))?;
        // `x = 2 + 3 = 5 cm`: the sides between must say the same, which is left to nobody.
        if parts.len() > 2 {
            return Err(Stop::Ambiguous("a chain of equations with more than numbers in it"));
        }
        Ok(value)
    }

    /// Whether a unit stands behind a number: its letters are no variables then.
    fn unit_follows(&self, part: &Part) -> bool {
        matches!(self.set(part.clone()), Ok(Value::Quantity(Quantity { unit: Some(_), .. })))
    }

    fn congruence(&self, symbols: &[Symbol], parts: &[Part]) -> Result<Value, Stop> {
        let [left, right] = parts else {
            return Err(Stop::Unsupported("a chain of congruences"));
        };
        let modulus = self
            .places(right.clone(), |kind| matches!(kind, Kind::Command("pmod" | "mod" | "bmod")));
        let (residue, modulus) = match modulus.as_slice() {
            [place] => (right.start..*place, place + 1..right.end),
            _ => return Err(Stop::Unsupported("a congruence without a modulus")),
        };
        let mut terms = vec![self.expression(left.clone())?];
        for part in [residue, modulus] {
            terms.push(self.expression(part)?);
        }
        Ok(Value::Relation(Relation { terms, symbols: symbols.to_vec() }))
    }

    /// `(x, y)`, `P(X > 2)`: what a tuple or a probability is defined by.
    fn is_point_name(&self, part: Part) -> bool {
        let start = part.start;
        let letter = matches!(self.tokens[start].kind, Kind::Word(w) if w.len() == 1);
        if letter && part.len() > 3 && self.mark(start + 1) == Some(Mark::OpenRound) {
            return self.partners[start + 1] + 1 == part.end;
        }
        let names: Vec<&str> = self.tokens[part.clone()]
            .iter()
            .filter_map(|t| match t.kind {
                Kind::Word(w) if w.len() == 1 => Some(w),
                _ => None,
            })
            .collect();
        // In another order than that of the alphabet the tuple says another thing.
        self.is_enclosed(&part)
            && self.mark(start) == Some(Mark::OpenRound)
            && names.is_sorted()
            && part.len() == 2 * names.len() + 1
    }

    /// Whether the part is only words.
    fn is_words(&self, part: Part) -> bool {
        !part.is_empty()
            && self.tokens[part]
                .iter()
                .all(|token| matches!(token.kind, Kind::Word(_) | Kind::Text(_)))
    }
}

/// `x \ne 1, 2`: what is said of the first number holds for the next ones.
fn inherited(value: Value, before: Option<&Value>) -> Value {
    match (&value, before) {
        (Value::Quantity(quantity), Some(Value::Relation(Relation { terms, symbols })))
            if symbols == &[Symbol::NotEqual]
                && !quantity.value.has_variable()
                && matches!(terms.first(), Some(Expr::Variable(_))) =>
        {
            let terms = vec![terms[0].clone(), quantity.value.clone()];
            Value::Relation(Relation { terms, symbols: symbols.clone() })
        }
        _ => value,
    }
}

fn is_proposition(value: &Value) -> bool {
    matches!(value, Value::Quantity(Quantity { value: Expr::Variable(_) | Expr::Product(_), .. }))
}

/// Whether a value restricts a variable, so that `and` and `or` join it to others.
fn is_condition(value: &Value) -> bool {
    match value {
        Value::Relation(relation) => relation
            .symbols
            .iter()
            .any(|s| !matches!(s, Symbol::Equal | Symbol::Approximate | Symbol::Congruent)),
        Value::Member { .. } => true,
        _ => false,
    }
}

fn separator(kind: Kind) -> Option<Separator> {
    let by_word = |word: &str| match word {
        "and" | "AND" | "And" | "和" | "与" | "且" => Some(Separator::And),
        "or" | "OR" | "Or" | "或" | "或者" => Some(Separator::Or),
        _ => None,
    };
    match kind {
        Kind::Mark(Mark::Comma | Mark::Semicolon) => Some(Separator::Comma),
        Kind::Mark(Mark::And) => Some(Separator::And),
        Kind::Mark(Mark::Or) => Some(Separator::Or),
        Kind::Word(word) => by_word(word),
        Kind::Text(text) => {
            let text = text.trim_matches(|c: char| c.is_whitespace() || c == ',' || c == ';');
            if text.is_empty() { None } else { by_word(text) }
        }
        _ => None,
    }
}

fn relation(kind: Kind) -> Option<Symbol> {
    match kind {
        Kind::Mark(mark) => Some(match mark {
            Mark::Equal => Symbol::Equal,
            Mark::Approximate => Symbol::Approximate,
            Mark::NotEqual => Symbol::NotEqual,
            Mark::Less => Symbol::Less,
            Mark::LessEqual => Symbol::LessEqual,
            Mark::Greater => Symbol::Greater,
            Mark::GreaterEqual => Symbol::GreaterEqual,
            Mark::Congruent => Symbol::Congruent,
            _ => return None,
        }),
        _ => None,
    }
}
