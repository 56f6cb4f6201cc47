//! Statements: definitions, equations, inequalities.

use num_rational::BigRational;
use num_traits::Signed;

use super::expression::{Equality, has_unknown};
use super::number::{bounds, is_number};
use super::{Bench, Finding, Found};
use crate::budget::OverBudget;
use crate::value::{Expr, Function, Quantity, Relation, Symbol, Value};

impl Bench<'_> {
    /// Compares two statements.
    pub(super) fn relations(&mut self, gold: &Relation, answer: &Relation) -> Found {
        if let Some(definitions) = each(gold) {
            let Some(others) = each(answer) else {
                let reason = "the answer does not define all names of the known one";
                return Ok(Finding::ambiguous("names", reason));
            };
            return self.unordered(&definitions, &others);
        }
        let (gold, answer) = match (self.settled(gold)?, self.settled(answer)?) {
            (Ok(gold), Ok(answer)) => (gold, answer),
            (Err(finding), _) | (_, Err(finding)) => return Ok(finding),
        };
        if let (Some((name, a)), Some((other, b))) = (definition(&gold), definition(&answer))
            && !(mentions(&a, &other) && mentions(&b, &name))
        {
            if name == other {
                return self.expressions(&a, &b);
            }
            // `y = 2x + 1` and `f(x) = 2x + 1`
            let function = |e: &Expr| matches!(e, Expr::Call(Function::Unknown(_), _));
            let found = self.expressions(&a, &b)?;
            if found.is_wrong() || (function(&name) != function(&other)) {
                return Ok(found);
            }
            return Ok(Finding::ambiguous("names", "the two sides define different names"));
        }
        if gold.symbols == [Symbol::Equal] && answer.symbols == [Symbol::Equal] {
            return self.equations(&gold, &answer);
        }
        if gold.symbols.contains(&Symbol::Congruent) || answer.symbols.contains(&Symbol::Congruent)
        {
            return self.congruences(&gold, &answer);
        }
        let found = self.inequalities(&gold, &answer)?;
        if found.is_correct() {
            return Ok(found);
        }
        let sets = self.real_sets(&Value::Relation(gold), &Value::Relation(answer))?;
        Ok(if sets.is_correct() || sets.is_wrong() { sets } else { found })
    }

    /// A chain of equations with numbers in it is one definition if the numbers agree:
    /// `x = 2 + 3 = 5`.
    fn settled(&mut self, relation: &Relation) -> Result<Result<Relation, Finding>, OverBudget> {
        let rounded = relation.symbols.last() == Some(&Symbol::Approximate)
            && relation.terms.iter().all(is_number);
        let chain = (relation.terms.len() > 2 || rounded)
            && relation.symbols.iter().all(|s| matches!(s, Symbol::Equal | Symbol::Approximate));
        if !chain {
            return Ok(Ok(relation.clone()));
        }
        let mut terms = relation.terms.as_slice();
        if let [rest @ .., exact, rounded] = terms
            && relation.symbols.last() == Some(&Symbol::Approximate)
            && is_number(exact)
        {
            // `x = \frac{5}{12} \approx 0.417`: the exact value is the answer.
            if !self.roughly(exact, rounded) {
                return Ok(Err(unequal_chain()));
            }
            terms = &terms[..=rest.len()];
        }
        let Some((last, others)) = terms.split_last() else { return Ok(Ok(relation.clone())) };
        let Some((first, between)) = others.split_first() else {
            return Ok(Ok(Relation {
                terms: vec![last.clone(), last.clone()],
                symbols: vec![Symbol::Equal],
            }));
        };
        for term in between {
            // Of `P(A) = P(B) + P(C) = 5/12` only the last side is the answer.
            if is_number(last) && !is_number(term) {
                continue;
            }
            if !self.expressions(last, term)?.is_correct() {
                return Ok(Err(unequal_chain()));
            }
        }
        Ok(Ok(Relation { terms: vec![first.clone(), last.clone()], symbols: vec![Symbol::Equal] }))
    }

    /// Whether a number is a rounding of another: within one part in a hundred.
    fn roughly(&mut self, exact: &Expr, rounded: &Expr) -> bool {
        let (Some(a), Some(b)) = (bounds(exact, self.budget), bounds(rounded, self.budget)) else {
            return false;
        };
        (&a.0 - &b.0).abs() * BigRational::from_integer(100.into()) <= a.0.abs()
    }

    /// A definition against a bare value: `x = 3` and `3`, `y = 2x + 1` and `2x + 1`,
    /// `2 + 3 = 5` and `5`, `x \in S` and `S`.
    pub(super) fn as_assignment(
        &mut self,
        gold: &Value,
        answer: &Value,
    ) -> Result<Option<Finding>, OverBudget> {
        if let Value::Member { element: Expr::Variable(_), set, inside: true } = gold {
            return self.values(set, answer).map(Some);
        }
        if let Value::Member { element: Expr::Variable(_), set, inside: true } = answer {
            return self.values(gold, set).map(Some);
        }
        let (relation, in_gold) = match (gold, answer) {
            (Value::Relation(relation), Value::Quantity(_)) => (relation, true),
            (Value::Quantity(_), Value::Relation(relation)) => (relation, false),
            // Solutions as a set: `x = 3` and `\{3\}`.
            (Value::Set(elements), Value::Relation(relation))
            | (Value::Relation(relation), Value::Set(elements))
                if elements.len() == 1 =>
            {
                let Some((_, term)) = definition(relation) else { return Ok(None) };
                let term = Value::Quantity(Quantity::plain(term));
                return self.values(&elements[0], &term).map(Some);
            }
            // The known answer is a set of one, and the answer its element.
            (Value::Set(elements), Value::Quantity(_)) if elements.len() == 1 => {
                return self.values(&elements[0], answer).map(Some);
            }
            (Value::List(_) | Value::Set(_), Value::List(_) | Value::Set(_)) => return Ok(None),
            _ => return Ok(None),
        };
        let relation = match self.settled(relation)? {
            Ok(relation) => relation,
            Err(finding) => return Ok(Some(finding)),
        };
        let term = match definition(&relation) {
            Some((_, term)) => term,
            None if self.is_true_sum(&relation)? => relation.terms[1].clone(),
            None => {
                let all = "only one side is an equation, and not one that defines a name";
                return Ok(Some(Finding::ambiguous("equation", all)));
            }
        };
        let term = Quantity::plain(term);
        let found = match (gold, answer) {
            (_, Value::Quantity(answer)) if in_gold => self.quantities(&term, answer),
            (Value::Quantity(gold), _) => self.quantities(gold, &term),
            _ => return Ok(None),
        };
        found.map(Some)
    }

    /// `2 + 3 = 5`
    fn is_true_sum(&mut self, relation: &Relation) -> Result<bool, OverBudget> {
        let [left, right] = relation.terms.as_slice() else { return Ok(false) };
        let numbers = is_number(left) && is_number(right);
        Ok(relation.symbols == [Symbol::Equal]
            && numbers
            && matches!(self.equality(left, right)?, Equality::Equal(_)))
    }
}

/// The name and the expression of a definition: `x = 3`, `3 = x`, `f(x) = 2x`.
pub(super) fn definition(relation: &Relation) -> Option<(Expr, Expr)> {
    let [left, right] = relation.terms.as_slice() else { return None };
    if !matches!(relation.symbols.as_slice(), [Symbol::Equal | Symbol::Approximate]) {
        return None;
    }
    let named = |name: &Expr, value: &Expr| match name {
        Expr::Variable(own) => !value.variables().contains(own),
        // `f(x) = 4` is a condition on x as much as a definition of f.
        Expr::Call(Function::Unknown(_), arguments) => {
            !(has_unknown(value) || arguments.iter().any(is_argument) && is_number(value))
        }
        _ => false,
    };
    if named(left, right) {
        Some((left.clone(), right.clone()))
    } else if named(right, left) && is_number(left) {
        Some((right.clone(), left.clone()))
    } else {
        None
    }
}

/// The definitions in `x = y = 5`; `None` when fewer than two names are defined by a number.
pub(super) fn each(chain: &Relation) -> Option<Value> {
    let (last, names) = chain.terms.split_last()?;
    let distinct = |name: &Expr| names.iter().filter(|other| *other == name).count() == 1;
    let all = (2..=16).contains(&names.len())
        && names.iter().all(|name| matches!(name, Expr::Variable(_)) && distinct(name))
        && chain.symbols.iter().all(|symbol| *symbol == Symbol::Equal)
        && is_number(last);
    all.then(|| {
        let one = |name: &Expr| {
            let terms = vec![name.clone(), last.clone()];
            Value::Relation(Relation { terms, symbols: vec![Symbol::Equal] })
        };
        Value::List(names.iter().map(one).collect())
    })
}

/// Whether a value says something about a variable.
fn mentions(value: &Expr, name: &Expr) -> bool {
    matches!(name, Expr::Variable(name) if value.variables().contains(name))
}

/// Whether the argument of a function varies; in `P(A)` it is an event.
fn is_argument(argument: &Expr) -> bool {
    let event = |name: &String| name.starts_with(char::is_uppercase);
    argument.has_variable() && !argument.variables().iter().all(event)
}

fn unequal_chain() -> Finding {
    Finding::ambiguous("chain", "the sides of the chain of equations are not all equal")
}
