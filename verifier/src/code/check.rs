use lehr_record::{Outcome, Verdict};

use super::{Tests, file, judge};
use crate::Language;
use crate::sandbox::{Limits, Sandbox};

/// Judges a solution by its tests, in any form and language.
///
/// `correct` when every test holds; `wrong` when one does not, with `tampered` in the evidence when
/// the program was seen to reach for what judges it; `over_budget` at a limit, which is named;
/// `unsupported` when the language has no toolchain here or the form of the tests is not for it.
pub fn check(
    sandbox: &Sandbox,
    language: Language,
    solution: &str,
    tests: &Tests,
    limits: &Limits,
) -> Verdict {
    match (language, tests) {
        (Language::Python, Tests::Calls(calls)) => {
            judge::check_program(sandbox, solution, calls, limits)
        }
        (Language::Python, Tests::File(tests)) => file::check(sandbox, solution, tests, limits),
        _ => Verdict::new(
            Outcome::Unsupported,
            format!("tests of this form cannot be judged for {}", language.as_str()),
        ),
    }
}
