use crate::budget::{Budget, OverBudget};

/// Why an expression has no enclosure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// It has no value: a division by zero, the logarithm of zero, the factorial of a fraction.
    #[error("the value is not defined")]
    Undefined,
    /// The value jumps within the enclosure; more bits may settle it.
    #[error("the value lies too near to a jump")]
    Undecided,
    /// Something that is not computed here: an unknown function, a variable without a value.
    #[error("{0} is not computed")]
    Unsupported(String),
    /// A bound on work or size was reached.
    #[error(transparent)]
    OverBudget(#[from] OverBudget),
}

impl Stop {
    /// A number too large or too exact to go on with.
    pub(crate) fn too_large() -> Self {
        OverBudget::new("bits", "a number in the comparison is too large").into()
    }

    /// Something that is not computed here.
    pub(crate) fn unsupported(what: impl Into<String>) -> Self {
        Self::Unsupported(what.into())
    }
}

/// The least and the greatest precision.
const PRECISIONS: (u32, u32) = (64, 1 << 15);

/// The precision to work at and the budget that pays for it.
#[derive(Debug)]
pub struct Work<'a> {
    /// Significant bits of the ends of intervals.
    pub(crate) bits: u32,
    budget: &'a mut Budget,
}

impl<'a> Work<'a> {
    /// Work at a precision of 64 to 32,768 bits, paid from a budget.
    pub fn new(bits: u32, budget: &'a mut Budget) -> Self {
        Self { bits: bits.clamp(PRECISIONS.0, PRECISIONS.1), budget }
    }

    /// The same budget at another precision.
    pub fn at(&mut self, bits: u32) -> Work<'_> {
        Work::new(bits, self.budget)
    }

    /// Pays for so many multiplications of intervals at so many bits. A step is about 10 ns: ten
    /// products of machine words, and a few allocations cost as much as a hundred of those.
    pub(crate) fn charge(&mut self, multiplications: u64, bits: u32) -> Result<(), Stop> {
        let words = u64::from(bits / 64 + 1);
        let each = 12 + words * words / 8;
        Ok(self.budget.spend(multiplications.saturating_mul(each))?)
    }

    /// Pays for an operation on exact numbers of so many bits together, reduction included, which
    /// is quadratic.
    pub(crate) fn charge_exact(&mut self, bits: u64) -> Result<(), Stop> {
        let bits = bits.min(1 << 30);
        Ok(self.budget.spend(4 + bits / 8 + bits * bits / 512)?)
    }

    /// Pays so many steps.
    pub(crate) fn spend(&mut self, steps: u64) -> Result<(), Stop> {
        Ok(self.budget.spend(steps)?)
    }
}
