use lehr_record::{Outcome, Verdict};

use super::evidence::verdict;
use super::floats::{CodePolicy, Floats};
use super::{Tests, file, joined, judge, stream};
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
    check_by(sandbox, language, solution, tests, limits, &CodePolicy::default())
}

/// [`check`] by another policy than the usual one.
pub fn check_by(
    sandbox: &Sandbox,
    language: Language,
    solution: &str,
    tests: &Tests,
    limits: &Limits,
    policy: &CodePolicy,
) -> Verdict {
    let floats = match Floats::of(policy) {
        Ok(floats) => floats,
        Err(verdict) => return verdict,
    };
    match (language, tests) {
        (Language::Python | Language::JavaScript, Tests::Calls(calls)) => {
            judge::check_calls(sandbox, language, solution, calls, limits, &floats)
        }
        (_, Tests::Calls(_)) => verdict(
            Outcome::Unsupported,
            "form",
            format!(
                "functions of {} cannot be called from outside; give the tests as cases of `stdin` \
                 and `stdout`, or as a `file` in the language",
                language.as_str()
            ),
        ),
        (_, Tests::Streams(runs)) => {
            stream::check_streams(sandbox, language, solution, runs, limits, &floats)
        }
        (Language::Python, Tests::File(tests)) => file::check(sandbox, solution, tests, limits),
        (_, Tests::File(file)) => joined::check_file(sandbox, language, solution, file, limits),
    }
}
