//! Whether two values are the same answer. One file for each kind of value; [`same`] finds the one
//! for a pair.
//!
//! What is `correct` was shown to be equal: by exact arithmetic, by normal form, or by intervals to
//! the bound that [`crate::interval`] states. What is `wrong` was shown to differ. Between the two
//! lies what is `ambiguous` (one text, two meanings), `unsupported` or `over_budget`.

mod collection;
mod condition;
mod equation;
mod expression;
mod finding;
#[cfg(test)]
mod laws;
mod naming;
mod number;
mod pieces;
mod quantity;
mod real_set;
mod relation;
mod word;

pub use finding::Finding;

use crate::budget::{Budget, OverBudget};
use crate::policy::Policy;
use crate::value::{NamedSet, Value};

/// What a comparison needs: the rules and the steps that are left.
pub(crate) struct Bench<'b> {
    pub policy: &'b Policy,
    pub budget: &'b mut Budget,
}

type Found = Result<Finding, OverBudget>;

/// Compares an answer with the known one.
pub fn same(gold: &Value, answer: &Value, policy: &Policy, budget: &mut Budget) -> Finding {
    let mut bench = Bench { policy, budget };
    bench.values(gold, answer).unwrap_or_else(Finding::from)
}

impl Bench<'_> {
    /// Compares two values of any kind.
    pub(crate) fn values(&mut self, gold: &Value, answer: &Value) -> Found {
        use Value::{
            Based, Builder, Date, Interval, List, Matrix, Member, Named, Quantity, Ratio, Relation,
            Set, Text, Time, Tuple,
        };
        self.budget.spend(20)?;
        if gold == answer {
            return Ok(Finding::correct("equal", "both are written the same"));
        }
        match (gold, answer) {
            (Quantity(gold), Quantity(answer)) => self.quantities(gold, answer),
            (Text(gold), Text(answer)) => Ok(word::texts(gold, answer)),
            (Date { .. }, Date { .. }) => Ok(word::dates(gold, answer)),
            (Time { .. }, Time { .. }) => Ok(word::times(gold, answer)),
            (Based { .. }, _) | (_, Based { .. }) => self.based(gold, answer),
            (Ratio(gold), Ratio(answer)) => self.ratios(gold, answer),
            (Relation(gold), Relation(answer)) => self.relations(gold, answer),
            (Matrix(gold), Matrix(answer)) => self.matrices(gold, answer),
            (List(_), List(_)) | (List(_) | Set(_), Set(_)) | (Set(_), List(_)) => {
                self.unordered(gold, answer)
            }
            (Tuple(gold), Tuple(answer)) => self.ordered(gold, answer),
            (Member { element, set, inside }, Member { element: e, set: s, inside: i }) => {
                if element == e && inside == i {
                    self.values(set, s)
                } else {
                    self.real_sets(gold, answer)
                }
            }
            (Builder { .. }, Builder { .. }) => self.builders(gold, answer),
            (Interval(a), Interval(b)) => self.intervals(a, b),
            (Named(a), Named(b)) => Ok(if a == b {
                Finding::correct("equal", "both are the same set")
            } else {
                Finding::wrong("different", "the sets have different names")
            }),
            _ => self.mixed(gold, answer),
        }
    }

    /// Values of different kinds that may still say the same.
    fn mixed(&mut self, gold: &Value, answer: &Value) -> Found {
        if let Some(found) = self.as_sequences(gold, answer)? {
            return Ok(found);
        }
        if let Some(found) = self.as_assignment(gold, answer)? {
            return Ok(found);
        }
        match (gold, answer) {
            // `x = y = 5` and `x = 5, y = 5`
            (Value::Relation(chain), Value::List(_)) => {
                if let Some(gold) = relation::each(chain) {
                    return self.values(&gold, answer);
                }
            }
            (Value::List(_), Value::Relation(chain)) => {
                if let Some(answer) = relation::each(chain) {
                    return self.values(gold, &answer);
                }
            }
            (Value::Matrix(gold), Value::Tuple(answer)) => {
                if let Some(answer) = collection::rows(answer) {
                    return self.matrices(gold, &answer);
                }
            }
            (Value::Tuple(gold), Value::Matrix(answer)) => {
                if let Some(gold) = collection::rows(gold) {
                    return self.matrices(&gold, answer);
                }
            }
            // Before they are read as sets of numbers: sets that have only names.
            (Value::Union(a), Value::Union(b))
            | (Value::Intersection(a), Value::Intersection(b))
                if a.len() == b.len() && a.len() < 16 && self.matched(a, b)?.is_correct() =>
            {
                return Ok(Finding::correct("equal", "the same sets are joined"));
            }
            (Value::Named(NamedSet::Empty), Value::Text(text))
            | (Value::Text(text), Value::Named(NamedSet::Empty))
                if text == "none" =>
            {
                return Ok(Finding::correct("equal", "both say that there is nothing"));
            }
            // `3:15` is a time of day and a ratio.
            (Value::Ratio(ratio), time @ Value::Time { .. })
            | (time @ Value::Time { .. }, Value::Ratio(ratio)) => {
                if let Some(parts) = word::ratio(time) {
                    return self.ratios(ratio, &parts);
                }
            }
            _ => {}
        }
        // Alone, a number is no set: `3` is not `\{3\}`.
        let set = |v: &Value| !matches!(v, Value::Quantity(_)) && real_set::is_set(v);
        if set(gold) && set(answer) {
            return self.real_sets(gold, answer);
        }
        Ok(self.unlike(gold, answer))
    }

    fn unlike(&self, gold: &Value, answer: &Value) -> Finding {
        let (wanted, found) = (word::kind(gold), word::kind(answer));
        match (gold, answer) {
            // A set of one may be meant as its element.
            (Value::Quantity(_) | Value::Relation(_), Value::Set(elements))
                if elements.len() == 1 =>
            {
                Finding::ambiguous("kinds", "the answer is a set of one, the known answer none")
            }
            (Value::Ratio(_), Value::Quantity(_)) | (Value::Quantity(_), Value::Ratio(_)) => {
                Finding::ambiguous("kinds", "a ratio may be meant as a fraction or not")
            }
            (Value::Text(_), _) | (_, Value::Text(_)) => Finding::unsupported(
                "kinds",
                format!("the known answer is {wanted} and the answer is {found}"),
            ),
            _ => Finding::wrong(
                "kinds",
                format!("the known answer is {wanted} and the answer is {found}"),
            ),
        }
    }
}
