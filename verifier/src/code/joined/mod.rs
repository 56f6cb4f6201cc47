//! A file of tests in the language of the solution, joined to it and run as one program.
//!
//! | language | the tests are | joined by |
//! | --- | --- | --- |
//! | C, C++ | statements, or declarations with `main` | text after the solution |
//! | Rust | statements, declarations with `main`, or `#[test]` functions | text after the solution |
//! | JavaScript | statements; `console.assert` throws | text after the solution |
//! | Go | statements, or a file with `main` or `Test…(*testing.T)` | a second file of the package |
//! | Java | statements, or a class with `main`; without imports, they have the solution's | a second file |
//! | Bash | commands, under `set -e`, the last of which must succeed | text after the solution |
//!
//! A `main` of the solution gives way to that of the tests (C, C++, Rust, Go). The tests pass when
//! the program ends with status 0 *and* a random word has come back on descriptor 3. The word is in
//! no file: it comes on standard input and is sent by what we add behind the tests' last step. So a
//! solution that ends the program early does not pass. But the assertions run in the solution's own
//! process, and one that sets out to can find the word: `"judged": "in_process"`.

mod java;
mod native;
mod script;

use lehr_record::{Outcome, Verdict};

use super::FileTests;
use super::evidence::{end, not_built, not_run, over, verdict, with_run};
use super::judge::{check_solution, nonce};
use crate::Language;
use crate::sandbox::{Execution, Exit, Limits, Program, Sandbox};
use crate::toolchain::{Source, build, limit_of};

/// The largest test file, in bytes.
const MAX_TESTS: usize = 1 << 20;

/// Judges a solution by a file of tests in its language.
pub(super) fn check_file(
    sandbox: &Sandbox,
    language: Language,
    solution: &str,
    tests: &FileTests,
    limits: &Limits,
) -> Verdict {
    if let Err(verdict) = check_solution(solution).and_then(|()| check_bounds(tests)) {
        return verdict;
    }
    if let Some(package) = native::foreign_import(&tests.file).filter(|_| language == Language::Go)
    {
        let reason = format!(
            "the tests import {package}, and only Go's own packages are here; write them without it"
        );
        return verdict(Outcome::Unsupported, "missing_module", reason);
    }
    let word = match nonce() {
        Ok(word) => word,
        Err(verdict) => return verdict,
    };
    let built = match build(sandbox, &joined(language, solution, &tests.file), limits) {
        Ok(built) => built,
        Err(failure) => return not_built(failure).with("judged", "in_process"),
    };
    let program = Program { channel: true, ..built.program(word.as_bytes()) };
    let mut execution = match sandbox.run(&program, &built.limits(limits)) {
        Ok(execution) => execution,
        Err(error) => return not_run(&error),
    };
    execution.limit = limit_of(language, &execution);
    let mut verdict = with_run(judge(&execution, &word), &execution).with("judged", "in_process");
    if let Some(build) = built.build {
        verdict = verdict.with("compile_seconds", build.wall.as_secs_f64());
    }
    verdict
}

fn check_bounds(tests: &FileTests) -> Result<(), Verdict> {
    if tests.file.trim().is_empty() {
        return Err(verdict(Outcome::Error, "bad_tests", "the test file is empty"));
    }
    if tests.file.len() > MAX_TESTS {
        let reason = format!("the test file has more than {MAX_TESTS} bytes");
        return Err(super::evidence::too_much("tests", reason));
    }
    Ok(())
}

fn judge(execution: &Execution, word: &str) -> Verdict {
    let came = execution.results.as_slice();
    if !came.is_empty() && came != word.as_bytes() {
        let reason = "the program wrote to the channel for results";
        return verdict(Outcome::Wrong, "tampered", reason).with("tampered", true);
    }
    match (execution.limit, execution.exit) {
        (Some(limit), _) => over(limit, 0),
        (None, Exit::Code(0)) if came == word.as_bytes() => {
            verdict(Outcome::Correct, "passed", "the tests ran to their end without a failure")
        }
        (None, Exit::Code(0)) => {
            let reason = "the program ended before the tests had run";
            verdict(Outcome::Wrong, "early_exit", reason)
        }
        (None, exit) => {
            verdict(Outcome::Wrong, "failed_tests", format!("the tests fail: {}", end(exit)))
        }
    }
}

/// The solution and its tests as one program that sends the word at its end.
fn joined(language: Language, solution: &str, tests: &str) -> Source {
    match language {
        Language::C | Language::Cpp | Language::Rust => native::joined(language, solution, tests),
        Language::Go => native::joined_go(solution, tests),
        Language::Java => java::joined(solution, tests),
        Language::JavaScript => script::joined_js(solution, tests),
        Language::Bash | Language::Python => script::joined_bash(solution, tests),
    }
}
