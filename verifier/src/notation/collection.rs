//! Sets, intervals, tuples, and what joins them.

use super::Stop;
use super::source::{Part, Source};
use super::token::{Kind, Mark};
use crate::value::{Expr, Interval, NamedSet, Quantity, Value};

impl<'a> Source<'a> {
    /// `part (∪ | ∩ | \) part …`; the first of them that occurs joins last.
    pub(super) fn set(&self, part: Part) -> Result<Value, Stop> {
        for (mark, join) in [
            (Mark::Union, Value::Union as fn(Vec<Value>) -> Value),
            (Mark::Intersection, Value::Intersection),
        ] {
            let places = self.places(part.clone(), |kind| kind == Kind::Mark(mark));
            if !places.is_empty() {
                let parts = self.between(part, &places);
                let sets: Result<Vec<Value>, Stop> =
                    parts.into_iter().map(|p| self.deeper(|| self.set(p))).collect();
                return Ok(join(sets?));
            }
        }
        if let Some(place) = self.without(&part) {
            let from = self.deeper(|| self.set(part.start..place))?;
            let taken = self.deeper(|| self.set(place + 1..part.end))?;
            return Ok(Value::Difference(Box::new(from), Box::new(taken)));
        }
        self.item(part)
    }

    /// The place of a set difference: `\setminus`, or a minus before a set.
    fn without(&self, part: &Part) -> Option<usize> {
        let places = self.places(part.clone(), |kind| kind == Kind::Mark(Mark::Without));
        if let [place] = places.as_slice() {
            return Some(*place);
        }
        let minus = self.places(part.clone(), |kind| kind == Kind::Mark(Mark::Minus));
        match minus.as_slice() {
            [place]
                if *place > part.start
                    && matches!(self.mark(place + 1), Some(Mark::OpenSet))
                    && self.partners[place + 1] + 1 == part.end =>
            {
                Some(*place)
            }
            _ => None,
        }
    }

    /// One tuple, set, interval, matrix, named set or quantity.
    fn item(&self, part: Part) -> Result<Value, Stop> {
        if part.is_empty() {
            return Err(Stop::NotMathematics);
        }
        if let Some(set) = self.named_set(&part) {
            return Ok(Value::Named(set));
        }
        if let Some(matrix) = self.matrix(&part)? {
            return Ok(matrix);
        }
        if self.is_enclosed(&part) {
            let inner = part.start + 1..part.end - 1;
            let (open, close) = (self.mark(part.start), self.mark(part.end - 1));
            let commas = self
                .places(inner.clone(), |k| matches!(k, Kind::Mark(Mark::Comma | Mark::Semicolon)));
            match open {
                Some(Mark::OpenSet) => return self.deeper(|| self.braced(inner)),
                Some(Mark::OpenBrace) if !commas.is_empty() => {
                    return self.deeper(|| self.braced(inner));
                }
                Some(Mark::OpenBrace) => {
                    return match self.quantity(part) {
                        Err(Stop::NotMathematics) => self.deeper(|| self.list(inner)),
                        read => read,
                    };
                }
                Some(Mark::OpenAngle) => {
                    return self.elements(inner, &commas, false).map(Value::Tuple);
                }
                Some(Mark::OpenRound | Mark::OpenSquare | Mark::CloseSquare)
                    if !commas.is_empty() =>
                {
                    return self.bracketed(inner, &commas, open, close);
                }
                // `[3]` is a list of one.
                Some(Mark::OpenSquare) => {
                    return self.elements(inner, &commas, false).map(Value::Tuple);
                }
                Some(Mark::OpenRound) if !self.is_arithmetic(&inner) => {
                    return self.deeper(|| self.list(inner));
                }
                _ => {}
            }
        }
        // `P(1, 2)`: the name of a point.
        if part.len() > 3
            && matches!(self.tokens[part.start].kind, Kind::Word(w) if w.len() == 1 && w.starts_with(char::is_uppercase))
            && self.mark(part.start + 1) == Some(Mark::OpenRound)
            && self.partners[part.start + 1] + 1 == part.end
        {
            let inner = part.start + 1..part.end;
            let commas =
                self.places(part.start + 2..part.end - 1, |k| k == Kind::Mark(Mark::Comma));
            if !commas.is_empty() {
                return self.deeper(|| self.item(inner));
            }
        }
        self.quantity(part)
    }

    /// Whether a bracketed part is more likely a number than a sentence or a set.
    fn is_arithmetic(&self, inner: &Part) -> bool {
        self.places(inner.clone(), |kind| {
            matches!(
                kind,
                Kind::Mark(
                    Mark::Union
                        | Mark::Intersection
                        | Mark::Without
                        | Mark::OpenSet
                        | Mark::Equal
                        | Mark::Less
                        | Mark::Greater
                        | Mark::LessEqual
                        | Mark::GreaterEqual
                )
            )
        })
        .is_empty()
    }

    /// `(a, b)`, `[a, b)`, `]a, b[`, `(a, b, c)`.
    fn bracketed(
        &self,
        inner: Part,
        commas: &[usize],
        open: Option<Mark>,
        close: Option<Mark>,
    ) -> Result<Value, Stop> {
        let mut elements = self.elements(inner, commas, false)?;
        let round = open == Some(Mark::OpenRound) && close == Some(Mark::CloseRound);
        let scalars = elements.iter().all(|e| matches!(e, Value::Quantity(q) if is_plain(q)));
        if elements.len() != 2 || !scalars {
            let even =
                round || (open == Some(Mark::OpenSquare) && close == Some(Mark::CloseSquare));
            return if even { Ok(Value::Tuple(elements)) } else { Err(Stop::NotMathematics) };
        }
        let high = elements.pop().and_then(expression_of).ok_or(Stop::NotMathematics)?;
        let low = elements.pop().and_then(expression_of).ok_or(Stop::NotMathematics)?;
        Ok(Value::Interval(Interval {
            low,
            high,
            low_closed: open == Some(Mark::OpenSquare),
            high_closed: close == Some(Mark::CloseSquare),
        }))
    }

    /// The values between commas; with `apart`, `±` makes two elements of one.
    fn elements(&self, inner: Part, commas: &[usize], apart: bool) -> Result<Vec<Value>, Stop> {
        let mut values = Vec::with_capacity(commas.len() + 1);
        for part in self.between(inner, commas) {
            let value = self.deeper(|| {
                if !apart {
                    return self.statement(part.clone());
                }
                let (value, other) = self.both_signs(&part, || self.statement(part.clone()))?;
                Ok(match other {
                    Some(other) => Value::List(vec![value, other]),
                    None => value,
                })
            })?;
            values.push(value);
        }
        Ok(values)
    }

    /// What stands between the braces of a set.
    fn braced(&self, inner: Part) -> Result<Value, Stop> {
        if inner.is_empty() {
            return Ok(Value::Named(NamedSet::Empty));
        }
        let bars = self.places(inner.clone(), |k| matches!(k, Kind::Mark(Mark::Bar | Mark::Colon)));
        if let Some(place) = bars.first()
            && let Some(builder) = self.builder(inner.clone(), *place)?
        {
            return Ok(builder);
        }
        let commas =
            self.places(inner.clone(), |k| matches!(k, Kind::Mark(Mark::Comma | Mark::Semicolon)));
        let mut elements = Vec::new();
        for value in self.elements(inner, &commas, true)? {
            match value {
                // `\{\pm 1, \pm 2\}`
                Value::List(values) => elements.extend(values),
                value => elements.push(value),
            }
        }
        Ok(Value::Set(elements))
    }

    /// `x \in D | condition, condition`.
    fn builder(&self, inner: Part, bar: usize) -> Result<Option<Value>, Stop> {
        let (variable, domain) = match self.deeper(|| self.statement(inner.start..bar)) {
            Ok(Value::Member { element: Expr::Variable(name), set, inside: true }) => {
                (name, Some(set))
            }
            Ok(Value::Quantity(Quantity { value: Expr::Variable(name), .. })) => (name, None),
            Ok(_) | Err(Stop::NotMathematics) => return Ok(None),
            Err(stop) => return Err(stop),
        };
        let conditions = match self.deeper(|| self.list(bar + 1..inner.end))? {
            Value::List(conditions) => conditions,
            condition => vec![condition],
        };
        Ok(Some(Value::Builder { variable, domain, conditions }))
    }

    /// `\mathbb{R}`, `\emptyset`.
    fn named_set(&self, part: &Part) -> Option<NamedSet> {
        let tokens = &self.tokens[part.clone()];
        let letter = match tokens {
            [only] => match only.kind {
                Kind::Command("emptyset" | "varnothing" | "O") => return Some(NamedSet::Empty),
                Kind::Command(name @ ("R" | "Z" | "N" | "Q" | "C" | "reals")) => name,
                _ => return None,
            },
            [font, open, letter, _]
                if matches!(font.kind, Kind::Command("mathbb" | "mathbf" | "Bbb" | "mathds"))
                    && open.kind == Kind::Mark(Mark::OpenBrace) =>
            {
                match letter.kind {
                    Kind::Word(letter) => letter,
                    _ => return None,
                }
            }
            // `\mathbb R`, `\mathbb{Z}^+`
            [font, letter] if font.kind == Kind::Command("mathbb") => match letter.kind {
                Kind::Word(letter) => letter,
                _ => return None,
            },
            [font, _, letter, _, caret, plus]
                if font.kind == Kind::Command("mathbb")
                    && letter.kind == Kind::Word("Z")
                    && caret.kind == Kind::Mark(Mark::Caret)
                    && plus.kind == Kind::Mark(Mark::Plus) =>
            {
                return Some(NamedSet::PositiveIntegers);
            }
            _ => return None,
        };
        Some(match letter {
            "R" | "reals" => NamedSet::Reals,
            "Z" => NamedSet::Integers,
            "N" => NamedSet::Naturals,
            "Q" => NamedSet::Rationals,
            "C" => NamedSet::Complex,
            _ => return None,
        })
    }
}

fn is_plain(quantity: &Quantity) -> bool {
    !quantity.percent && quantity.unit.is_none()
}

fn expression_of(value: Value) -> Option<Expr> {
    match value {
        Value::Quantity(quantity) => Some(quantity.value),
        _ => None,
    }
}
