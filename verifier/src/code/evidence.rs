//! What a verdict on a program carries.

use lehr_record::{Outcome, Verdict};
use serde_json::json;

use crate::answer::clip;
use crate::sandbox::{Execution, Exit, Limit, SandboxError};
use crate::toolchain::BuildFailure;

/// A verdict with its code for machines.
pub(super) fn verdict(outcome: Outcome, code: &str, reason: impl Into<String>) -> Verdict {
    Verdict::new(outcome, reason).with("code", code)
}

/// A limit was reached and nothing was shown to be wrong before.
pub(super) fn over(limit: Limit, passed: usize) -> Verdict {
    let reason = format!("the limit on {} was reached", limit.as_str());
    verdict(Outcome::OverBudget, &limit_code(limit), reason)
        .with("limit", limit.as_str())
        .with("passed", passed)
}

/// The code of a limit.
pub(super) fn limit_code(limit: Limit) -> String {
    format!("limit_{}", limit.as_str())
}

/// A bound on what is asked was crossed.
pub(super) fn too_much(name: &str, reason: String) -> Verdict {
    verdict(Outcome::OverBudget, &format!("limit_{name}"), reason).with("limit", name)
}

/// The sandbox failed, which says nothing about the program.
pub(super) fn not_run(error: &SandboxError) -> Verdict {
    verdict(Outcome::Error, "sandbox", format!("the program was not run: {error}"))
}

/// There is no program to run.
pub(super) fn not_built(failure: BuildFailure) -> Verdict {
    match failure {
        BuildFailure::Missing(missing) => {
            let remedy = missing.remedy;
            verdict(Outcome::Unsupported, "no_toolchain", missing.to_string())
                .with("remedy", remedy)
        }
        BuildFailure::Refused(message) => {
            let reason = format!("the solution does not compile: {}", clip(&message, 300));
            verdict(Outcome::Wrong, "compile_error", reason)
                .with("compiler", message)
                .with("passed", 0)
        }
        BuildFailure::Limit(limit) => {
            let reason = format!("the compiler reached the limit on {}", limit.as_str());
            verdict(Outcome::OverBudget, &limit_code(limit), reason)
                .with("limit", limit.as_str())
                .with("stage", "compile")
                .with("passed", 0)
        }
        BuildFailure::Sandbox(error) => not_run(&error),
    }
}

/// The verdict with what a run was.
pub(super) fn with_run(verdict: Verdict, execution: &Execution) -> Verdict {
    let mut verdict = verdict
        .with("exit", json!(execution.exit))
        .with("cpu_seconds", execution.cpu.as_secs_f64())
        .with("wall_seconds", execution.wall.as_secs_f64());
    if let Some(bytes) = execution.peak_memory {
        verdict = verdict.with("peak_memory_bytes", bytes);
    }
    if let Some(limit) = execution.limit {
        verdict = verdict.with("limit", limit.as_str());
    }
    let quiet = execution.exit == Exit::Code(0) && verdict.is_correct();
    for (name, bytes) in [("stdout", &execution.stdout), ("stderr", &execution.stderr)] {
        let text = String::from_utf8_lossy(bytes);
        let end = crate::answer::extract::tail(&text, 2000);
        if !end.is_empty() && !quiet {
            verdict = verdict.with(name, end);
        }
    }
    verdict
}

/// How a program ended that did not end well, in words.
pub(super) fn end(exit: Exit) -> String {
    match exit {
        Exit::Code(status) => format!("it ended with status {status}"),
        Exit::Signal(signal) => format!("signal {signal} ended it"),
        Exit::Killed => "it was killed".into(),
    }
}
