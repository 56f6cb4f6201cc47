use super::Start;

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
    /// Serves a solution to a file of tests in another process.
    Solution,
    /// Runs a file of tests against a solution in another process.
    Tests,
    /// Makes programs of a solution that its tests should refuse.
    Mutants,
}

impl Harness {
    /// Every harness.
    pub const ALL: [Self; 4] = [Self::Calls, Self::Solution, Self::Tests, Self::Mutants];

    /// The name of its module.
    pub fn module(self) -> &'static str {
        match self {
            Self::Calls => "lehr_calls",
            Self::Solution => "lehr_solution",
            Self::Tests => "lehr_tests",
            Self::Mutants => "lehr_mutants",
        }
    }

    /// Its text.
    pub fn source(self) -> &'static str {
        match self {
            Self::Calls => include_str!("../code/calls.py"),
            Self::Mutants => include_str!("../code/audit/mutate.py"),
            // One module each, of parts that share their names.
            Self::Solution => concat!(
                include_str!("../code/file/special.py"),
                include_str!("../code/file/values.py"),
                include_str!("../code/file/link.py"),
                include_str!("../code/file/about.py"),
                include_str!("../code/file/serve.py"),
            ),
            Self::Tests => concat!(
                include_str!("../code/file/special.py"),
                include_str!("../code/file/values.py"),
                include_str!("../code/file/link.py"),
                include_str!("../code/file/remote.py"),
                include_str!("../code/file/lending.py"),
                include_str!("../code/file/compare.py"),
                include_str!("../code/file/client.py"),
                include_str!("../code/file/source.py"),
                include_str!("../code/file/standin.py"),
                include_str!("../code/file/setting.py"),
                include_str!("../code/file/unittests.py"),
                include_str!("../code/file/collect.py"),
                include_str!("../code/file/scope.py"),
                include_str!("../code/file/run_tests.py"),
            ),
        }
    }
}

/// What a warm interpreter is kept for. A fork takes the longer the more its interpreter has loaded, so
/// what few programs need is not loaded for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Warm {
    /// Programs, and functions that are called.
    Programs,
    /// Files of tests and what they test.
    Tests,
}

impl Warm {
    /// The interpreter for a program that starts so; `None` when it is no Python program.
    pub fn of(start: &Start) -> Option<Self> {
        match start {
            Start::Command(_) => None,
            Start::Script(_) | Start::Harness(Harness::Calls) => Some(Self::Programs),
            Start::Harness(_) => Some(Self::Tests),
        }
    }

    /// The modules that it has loaded.
    pub fn modules(self) -> Vec<&'static str> {
        let loaded = |h: &Harness| Self::of(&Start::Harness(*h)) == Some(self);
        Harness::ALL.into_iter().filter(loaded).map(Harness::module).collect()
    }
}
