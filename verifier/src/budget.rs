//! Work counted in steps, so that the same input gets the same verdict on any machine.

/// How many steps one check may take: about 20 ms of the slowest kind.
pub const MAX_STEPS: u64 = 2_000_000;

/// A bound was reached; says which.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct OverBudget {
    /// The bound in machine-readable form: `steps`, `bits`, `depth`, `answer`.
    pub limit: &'static str,
    /// One clause for people: `the answer is a number of more than 4096 bits`.
    pub what: String,
}

impl OverBudget {
    /// A bound by its name and a clause that says what went over it.
    pub fn new(limit: &'static str, what: impl Into<String>) -> Self {
        Self { limit, what: what.into() }
    }
}

/// The steps that are left for one check. A step is about the work of one operation on one machine
/// word: a token, a node of an expression, a limb of a large number.
#[derive(Debug)]
pub struct Budget {
    left: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { left: MAX_STEPS }
    }
}

impl Budget {
    /// A budget of so many steps.
    pub fn of(steps: u64) -> Self {
        Self { left: steps }
    }

    /// Takes steps off before they are done.
    ///
    /// # Errors
    /// When fewer are left; the budget is then empty.
    pub fn spend(&mut self, steps: u64) -> Result<(), OverBudget> {
        match self.left.checked_sub(steps) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => {
                self.left = 0;
                Err(OverBudget::new("steps", "the comparison takes more than the allowed steps"))
            }
        }
    }

    /// The steps that are left.
    pub fn left(&self) -> u64 {
        self.left
    }
}
