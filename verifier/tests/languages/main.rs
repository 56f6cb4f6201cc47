//! Programs of every language, in every form of tests. Where a toolchain is missing, that must be
//! what is said of its programs.
#![expect(clippy::unwrap_used, reason = "tests")]

mod compilers;
mod exhaustion;
mod joints;
mod missing;
mod programs;
mod scripts;

use std::sync::LazyLock;
use std::time::Duration;

use lehr_record::{Outcome, Verdict};
use lehr_verifier::code::{FileTests, StreamCase, StreamTests, Tests, check};
use lehr_verifier::{Language, Limits, Sandbox, SandboxOptions, toolchain};

use Outcome::{Correct, OverBudget, Unsupported, Wrong};
use programs::PROGRAMS;

static SANDBOX: LazyLock<Sandbox> =
    LazyLock::new(|| Sandbox::new(SandboxOptions::default()).unwrap());

fn limits() -> Limits {
    let (cpu, wall) = (Duration::from_secs(2), Duration::from_secs(20));
    Limits { cpu, wall, compile: Duration::from_secs(60), ..Limits::default() }
}

/// Judges, and where the toolchain is missing sees that this is said, with the remedy.
fn judged(language: Language, solution: &str, tests: &Tests, limits: &Limits) -> Option<Verdict> {
    let verdict = check(&SANDBOX, language, solution, tests, limits);
    if language == Language::Python || toolchain::find(language).is_ok() {
        assert_ne!(verdict.evidence["code"], "no_toolchain", "{language:?} {verdict:?}");
        return Some(verdict);
    }
    assert_eq!(verdict.verdict, Unsupported, "{language:?} {verdict:?}");
    assert_eq!(verdict.evidence["code"], "no_toolchain");
    let remedy = verdict.evidence["remedy"].as_str().unwrap();
    assert!(verdict.reason.contains(remedy) && remedy.contains("install"), "{verdict:?}");
    None
}

fn streams(cases: &[(&str, &str)]) -> Tests {
    let case = |(stdin, stdout): &(&str, &str)| StreamCase {
        stdin: (*stdin).to_owned(),
        stdout: (*stdout).to_owned(),
    };
    Tests::Streams(StreamTests { cases: cases.iter().map(case).collect() })
}

fn file(text: &str) -> Tests {
    Tests::File(FileTests { file: text.to_owned() })
}

#[test]
fn whole_programs_are_judged_by_what_they_print() {
    let doubles = streams(&[("4\n", "8\n"), ("-5\n", "-10\n"), ("0\n", "0")]);
    for programs in &PROGRAMS {
        let language = programs.language;
        for (name, solution, outcome, code) in [
            ("double", programs.double, Correct, "passed"),
            ("echo", programs.echo, Wrong, "wrong_output"),
            ("raises", programs.raises, Wrong, "raised"),
            ("endless", programs.endless, OverBudget, "limit_cpu"),
            ("greedy", programs.greedy, OverBudget, "limit_memory"),
        ] {
            let Some(verdict) = judged(language, solution, &doubles, &limits()) else { continue };
            assert_eq!(verdict.verdict, outcome, "{language:?} {name}: {verdict:?}");
            assert_eq!(verdict.evidence["code"], code, "{language:?} {name}: {verdict:?}");
            assert!(verdict.evidence["wall_seconds"].as_f64().unwrap() > 0.0);
        }
    }
}

#[test]
fn a_program_that_does_not_compile_is_wrong() {
    for programs in &PROGRAMS {
        let (language, solution) = (programs.language, programs.broken);
        let Some(verdict) = judged(language, solution, &streams(&[("", "")]), &limits()) else {
            continue;
        };
        assert_eq!(verdict.verdict, Wrong, "{language:?}: {verdict:?}");
        match language {
            Language::Python | Language::JavaScript | Language::Bash => {
                assert_eq!(verdict.evidence["code"], "raised", "{verdict:?}");
                assert!(verdict.evidence["stderr"].as_str().unwrap().contains("rror"));
            }
            _ => {
                assert_eq!(verdict.evidence["code"], "compile_error", "{verdict:?}");
                let message = verdict.evidence["compiler"].as_str().unwrap();
                assert!(message.contains("error") || message.contains("main.go:3"), "{message}");
                assert!(!message.contains("/program/"), "{message}");
            }
        }
    }
}

#[test]
fn files_of_tests_are_judged() {
    for programs in &PROGRAMS {
        let language = programs.language;
        for tests in programs.tests {
            for (name, solution, outcome) in [
                ("twice", programs.twice, Correct),
                ("once", programs.once, Wrong),
                ("exits", programs.exits, Wrong),
                ("empty", "", Wrong),
            ] {
                let tests = file(tests);
                let Some(verdict) = judged(language, solution, &tests, &limits()) else { continue };
                assert_eq!(verdict.verdict, outcome, "{language:?} {name} {tests:?}\n{verdict:?}");
                if language != Language::Python {
                    assert_eq!(verdict.evidence["judged"], "in_process", "{verdict:?}");
                }
            }
        }
    }
}

#[test]
fn a_failing_run_is_shown_and_the_last_at_a_limit() {
    let solution = "n = int(input())\nif n == 3:\n    while True: pass\nprint(n)";
    let cases = [("1", "1"), ("2", "x\ny"), ("3", "3"), ("4", "4")];
    let limits = Limits { cpu: Duration::from_millis(300), ..limits() };
    let verdict = check(&SANDBOX, Language::Python, solution, &streams(&cases), &limits);
    assert_eq!(verdict.verdict, Wrong, "{verdict:?}");
    assert_eq!(verdict.evidence["passed"], 1);
    assert_eq!(verdict.evidence["run"], 3);
    assert_eq!(verdict.evidence["limit"], "cpu");
    let failures = verdict.evidence["failures"].as_array().unwrap();
    assert_eq!(failures[0]["case"], 1);
    assert_eq!(failures[0]["expected"], "x\ny");
    assert_eq!(failures[0]["got"], "2\n");
    assert_eq!(failures[1]["error"], "the limit on cpu was reached");
    let verdict = check(
        &SANDBOX,
        Language::Python,
        "print(input())\nraise SystemExit(7)",
        &streams(&[("1", "1")]),
        &limits,
    );
    assert_eq!(verdict.verdict, Wrong);
    assert!(verdict.reason.contains("output is right, but it ended with status 7"), "{verdict:?}");
}

#[test]
fn functions_are_called_in_two_languages_and_the_others_say_what_they_take() {
    let calls = serde_json::json!({"function": "f", "cases": [{"args": [], "expect": 1}]});
    let calls = Tests::Calls(serde_json::from_value(calls).unwrap());
    for language in Language::ALL {
        let verdict = check(&SANDBOX, language, "", &calls, &limits());
        match language {
            Language::Python => assert_eq!(verdict.evidence["code"], "no_function"),
            Language::JavaScript => {
                let verdict = judged(language, "", &calls, &limits());
                assert!(verdict.is_none_or(|v| v.evidence["code"] == "no_function"));
            }
            _ => {
                assert_eq!(verdict.verdict, Unsupported, "{verdict:?}");
                assert!(verdict.reason.contains("`stdin`"), "{verdict:?}");
            }
        }
    }
}
