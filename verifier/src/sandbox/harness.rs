/// Where the harnesses lie in the sandbox.
pub(super) const HARNESS_DIR: &str = "/lehr";

/// A program of this crate that runs inside the sandbox, beside code that nobody has read.
///
/// Each is a Python file with a function `main`, kept ready in the warm interpreters. It knows
/// nothing that must be kept from the code beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Harness {
    /// Calls one function of a solution and sends what it returns.
    Calls,
}

impl Harness {
    /// Every harness.
    pub const ALL: [Self; 1] = [Self::Calls];

    /// The name of its module.
    pub fn module(self) -> &'static str {
        match self {
            Self::Calls => "lehr_calls",
        }
    }

    /// Its text.
    pub fn source(self) -> &'static str {
        match self {
            Self::Calls => include_str!("../code/calls.py"),
        }
    }
}
