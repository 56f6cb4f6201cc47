//! What is in an expression.

use super::{Constant, Expr, Series};

impl Expr {
    /// The names of the free variables, in the order of the alphabet.
    pub fn variables(&self) -> Vec<String> {
        let mut names = Vec::new();
        self.collect(&mut names);
        names.sort_unstable();
        names.dedup();
        names
    }

    fn collect(&self, names: &mut Vec<String>) {
        match self {
            Self::Number(_) | Self::Constant(_) => {}
            Self::Variable(name) => names.push(name.clone()),
            Self::Sum(parts) | Self::Product(parts) | Self::Call(_, parts) => {
                parts.iter().for_each(|part| part.collect(names));
            }
            Self::Power(base, exponent) => {
                base.collect(names);
                exponent.collect(names);
            }
            Self::Series(series) => {
                series.from.collect(names);
                series.to.collect(names);
                let mut inner = Vec::new();
                series.term.collect(&mut inner);
                names.extend(inner.into_iter().filter(|name| *name != series.variable));
            }
        }
    }

    /// Whether a free variable or an infinity is in it, so that it is not one number.
    pub fn has_variable(&self) -> bool {
        match self {
            Self::Number(_) => false,
            Self::Constant(constant) => *constant == Constant::Infinity,
            Self::Variable(_) => true,
            Self::Sum(parts) | Self::Product(parts) | Self::Call(_, parts) => {
                parts.iter().any(Self::has_variable)
            }
            Self::Power(base, exponent) => base.has_variable() || exponent.has_variable(),
            Self::Series(_) => !self.variables().is_empty(),
        }
    }

    /// The expression with others in place of its free variables, where `value` has one.
    #[must_use]
    pub fn substituted(&self, value: &dyn Fn(&str) -> Option<Self>) -> Self {
        let all = |parts: &[Self]| parts.iter().map(|part| part.substituted(value)).collect();
        match self {
            Self::Number(_) | Self::Constant(_) => self.clone(),
            Self::Variable(name) => value(name).unwrap_or_else(|| self.clone()),
            Self::Sum(parts) => Self::Sum(all(parts)),
            Self::Product(parts) => Self::Product(all(parts)),
            Self::Call(function, parts) => Self::Call(function.clone(), all(parts)),
            Self::Power(base, exponent) => {
                base.substituted(value).to_the(exponent.substituted(value))
            }
            Self::Series(series) => {
                let free = |name: &str| (name != series.variable).then(|| value(name)).flatten();
                Self::Series(Box::new(Series {
                    product: series.product,
                    variable: series.variable.clone(),
                    from: series.from.substituted(value),
                    to: series.to.substituted(value),
                    term: series.term.substituted(&free),
                }))
            }
        }
    }
}
