//! Whether two expressions are equal.

use num_rational::BigRational;
use num_traits::{One, Signed};

use super::{Bench, Finding, Found};
use crate::algebra::{Names, NoForm, normal};
use crate::budget::{Budget, OverBudget};
use crate::interval::{Identity, same_function, same_number};
use crate::value::{Constant, Expr, Function};

/// The steps that a normal form may take before intervals are tried.
const FORM_STEPS: u64 = 400_000;

/// What setting up a comparison of two expressions takes at least.
const FORM_COST: u64 = 300;

/// Whether two expressions are equal, and how that is known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Equality {
    /// Equal; says how that was shown.
    Equal(&'static str),
    /// Shown to differ.
    Different,
    /// Neither was shown; the finding says why.
    Open(Finding),
}

impl Bench<'_> {
    /// Compares two expressions as the answer and the known one.
    pub(super) fn expressions(&mut self, gold: &Expr, answer: &Expr) -> Found {
        Ok(match self.equality(gold, answer)? {
            Equality::Equal(how) => Finding::correct("equal", how),
            Equality::Different => Finding::wrong("different", "the answer has another value"),
            Equality::Open(finding) => finding,
        })
    }

    /// Whether two expressions are equal.
    pub(crate) fn equality(&mut self, a: &Expr, b: &Expr) -> Result<Equality, OverBudget> {
        self.budget.spend(5)?;
        if let (Expr::Number(a), Expr::Number(b)) = (a, b) {
            return Ok(exact(a == b));
        }
        if let Some(settled) = infinities(a, b) {
            return Ok(settled);
        }
        if a == b {
            return Ok(self.with_itself(a));
        }
        self.budget.spend(FORM_COST)?;
        if let Some(settled) = self.by_form(a, b) {
            return Ok(settled);
        }
        // `P(1 + r)` beside `P \cdot (1 + r)` is a product.
        let (letters, others) = (a.variables(), b.variables());
        let (one, other) = (unapplied(a, &others), unapplied(b, &letters));
        if one != *a || other != *b {
            return self.equality(&one, &other);
        }
        let mut names = a.variables();
        names.extend(b.variables());
        names.sort_unstable();
        names.dedup();
        let identity = if names.is_empty() {
            same_number(a, b, self.budget)
        } else {
            same_function(a, b, &names, self.budget)
        };
        Ok(match identity {
            Identity::Equal { how } => Equality::Equal(how.sentence()),
            Identity::Different => Equality::Different,
            Identity::SomewhereEqual(domain) => {
                let (a, b) = (with_real_roots(a), with_real_roots(b));
                match same_function(&a, &b, &names, self.budget) {
                    Identity::Equal { .. } if !names.is_empty() => {
                        Equality::Equal("both agree where roots of odd degree are real")
                    }
                    _ => Equality::Open(Finding::ambiguous("domain", domain.sentence())),
                }
            }
            Identity::Unknown(why) => Equality::Open(Finding::unsupported(
                "undecided",
                format!("whether the two expressions are equal was not decided: {why}"),
            )),
            Identity::OverBudget(over) => return Err(over),
        })
    }

    /// An expression is equal to itself unless it has no value: `1/0`, `\ln 0`.
    fn with_itself(&mut self, expr: &Expr) -> Equality {
        /// Enough for all divisions by what is plainly zero.
        const STEPS: u64 = 20_000;
        let form = normal(expr, &mut Names::default(), &mut Budget::of(STEPS));
        let undefined = matches!(form, Err(NoForm::Undefined))
            || (!expr.has_variable()
                && matches!(
                    same_number(expr, expr, self.budget),
                    Identity::Unknown(crate::interval::Stop::Undefined)
                ));
        if undefined {
            let reason = "the expression has no value";
            return Equality::Open(Finding::unsupported("undefined", reason));
        }
        Equality::Equal("both are the same expression")
    }

    fn by_form(&mut self, a: &Expr, b: &Expr) -> Option<Equality> {
        let mut names = Names::default();
        let mut budget = Budget::of(self.budget.left().min(FORM_STEPS));
        let before = budget.left();
        let settled = forms(a, b, &mut names, &mut budget);
        // What the attempt took is taken off, were it in vain or not.
        let taken = self.budget.spend(before - budget.left());
        taken.ok()?;
        settled
    }
}

fn forms(a: &Expr, b: &Expr, names: &mut Names, budget: &mut Budget) -> Option<Equality> {
    let a = normal(a, names, budget);
    let b = normal(b, names, budget);
    let (a, b) = match (a, b) {
        (Ok(a), Ok(b)) => (a, b),
        (Err(NoForm::Undefined), _) | (_, Err(NoForm::Undefined)) => {
            return Some(Equality::Open(Finding::unsupported(
                "undefined",
                "one of the expressions divides by zero",
            )));
        }
        _ => return None,
    };
    if a.equals(&b, budget).ok()? {
        return Some(Equality::Equal("both have the same normal form"));
    }
    // Nobody knows whether π and e are independent; intervals tell their values apart.
    let open = [&a, &b].into_iter().any(|form| {
        form.above.has(|u| names.is_constant(u)) || form.below.has(|u| names.is_constant(u))
    });
    (!open).then_some(Equality::Different)
}

fn exact(equal: bool) -> Equality {
    if equal { Equality::Equal("both are the same number") } else { Equality::Different }
}

/// The sign of an infinity: true for the positive one.
pub(super) fn infinity(expr: &Expr) -> Option<bool> {
    match expr {
        Expr::Constant(Constant::Infinity) => Some(true),
        Expr::Product(factors) => match factors.as_slice() {
            [Expr::Number(sign), Expr::Constant(Constant::Infinity)]
                if sign.abs() == BigRational::one() =>
            {
                Some(sign.is_positive())
            }
            _ => None,
        },
        _ => None,
    }
}

fn infinities(a: &Expr, b: &Expr) -> Option<Equality> {
    match (infinity(a), infinity(b)) {
        (None, None) => None,
        (a, b) => Some(exact(a == b)),
    }
}

/// The expression with products for calls of what is a variable elsewhere.
fn unapplied(expr: &Expr, letters: &[String]) -> Expr {
    let all = |parts: &[Expr]| parts.iter().map(|part| unapplied(part, letters)).collect();
    match expr {
        Expr::Call(Function::Unknown(name), parts) if is_capital(name, letters) => {
            let factors = parts.iter().map(|part| unapplied(part, letters));
            Expr::Product(std::iter::once(Expr::variable(name.clone())).chain(factors).collect())
        }
        Expr::Sum(parts) => Expr::Sum(all(parts)),
        Expr::Product(parts) => Expr::Product(all(parts)),
        Expr::Power(base, exponent) => {
            let exponent = unapplied(exponent, letters);
            match base.as_ref() {
                Expr::Call(Function::Unknown(name), parts) if is_capital(name, letters) => {
                    let inner = Expr::Product(all(parts));
                    Expr::variable(name.clone()).times(inner.to_the(exponent))
                }
                base => unapplied(base, letters).to_the(exponent),
            }
        }
        Expr::Call(function, parts) => Expr::Call(function.clone(), all(parts)),
        same => same.clone(),
    }
}

fn is_capital(name: &String, letters: &[String]) -> bool {
    name.len() == 1 && name.starts_with(char::is_uppercase) && letters.contains(name)
}

/// The expression with real roots for powers of odd degree: `x^{2/3}` as `\sqrt[3]{x}^2`.
fn with_real_roots(expr: &Expr) -> Expr {
    let all = |parts: &[Expr]| parts.iter().map(with_real_roots).collect();
    match expr {
        Expr::Power(base, exponent) => {
            let base = with_real_roots(base);
            match exponent.as_number() {
                Some(q) if !q.is_integer() && q.denom().bit(0) && base.has_variable() => {
                    let degree = Expr::integer(q.denom().clone());
                    let root = Expr::Call(Function::Root, vec![base, degree]);
                    root.to_the(Expr::integer(q.numer().clone()))
                }
                _ => base.to_the(with_real_roots(exponent)),
            }
        }
        Expr::Sum(parts) => Expr::Sum(all(parts)),
        Expr::Product(parts) => Expr::Product(all(parts)),
        Expr::Call(function, parts) => Expr::Call(function.clone(), all(parts)),
        same => same.clone(),
    }
}

/// Whether a function without a known meaning is in an expression.
pub(super) fn has_unknown(expr: &Expr) -> bool {
    match expr {
        Expr::Number(_) | Expr::Constant(_) | Expr::Variable(_) => false,
        Expr::Sum(parts) | Expr::Product(parts) => parts.iter().any(has_unknown),
        Expr::Power(base, exponent) => has_unknown(base) || has_unknown(exponent),
        Expr::Call(Function::Unknown(_), _) => true,
        Expr::Call(_, parts) => parts.iter().any(has_unknown),
        Expr::Series(series) => {
            [&series.from, &series.to, &series.term].into_iter().any(has_unknown)
        }
    }
}
