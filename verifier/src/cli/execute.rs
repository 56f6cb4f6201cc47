use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use lehr_verifier::sandbox::{Execution, Exit, Limit};
use lehr_verifier::toolchain::{BuildFailure, Source, build, limit_of};
use lehr_verifier::{Language, Sandbox, SandboxOptions};
use serde_json::json;

use super::{LimitArguments, Usage};

/// The largest program, in bytes.
const MAX_PROGRAM: u64 = 1 << 20;
/// The largest input, in bytes.
const MAX_INPUT: u64 = 64 << 20;

/// What is to be run, and how.
pub(super) struct Asked {
    pub language: Language,
    pub file: PathBuf,
    pub args: Vec<String>,
    pub stdin: Option<PathBuf>,
    pub json: bool,
    pub limits: LimitArguments,
}

/// What became of a program.
enum Outcome {
    /// It ran.
    Ran(Execution),
    /// It could not be started.
    NotBuilt { verdict: &'static str, limit: Option<Limit>, problem: String },
}

pub(super) fn execute(asked: Asked, options: SandboxOptions) -> anyhow::Result<ExitCode> {
    let limits = asked.limits.limits()?;
    let source = read(&asked.file, MAX_PROGRAM)?;
    let source = String::from_utf8(source)
        .map_err(|_| Usage(format!("{} is not Unicode text", asked.file.display())))?;
    let stdin = match &asked.stdin {
        Some(path) => read(path, MAX_INPUT)?,
        None => Vec::new(),
    };
    let sandbox = Sandbox::new(options).context("the sandbox")?;
    let outcome = match build(&sandbox, &Source::of(asked.language, &source), &limits) {
        Ok(built) => {
            let mut program = built.program(stdin);
            program.args = asked.args;
            let mut execution = sandbox.run(&program, &built.limits(&limits))?;
            execution.limit = limit_of(asked.language, &execution);
            Outcome::Ran(execution)
        }
        Err(BuildFailure::Sandbox(error)) => return Err(error.into()),
        Err(failure) => {
            let (verdict, limit) = match &failure {
                BuildFailure::Limit(limit) => ("over_budget", Some(*limit)),
                BuildFailure::Missing(_) => ("unsupported", None),
                _ => ("compile_error", None),
            };
            Outcome::NotBuilt { verdict, limit, problem: failure.to_string() }
        }
    };
    if asked.json {
        let line = format!("{}\n", outcome.as_json());
        std::io::stdout().write_all(line.as_bytes()).context("standard output")?;
    } else {
        outcome.show()?;
    }
    let ok = outcome.verdict() == "ok";
    Ok(if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read(path: &Path, most: u64) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    super::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(Usage(format!("{} has more than {most} bytes", path.display())).into());
    }
    Ok(bytes)
}

impl Outcome {
    fn verdict(&self) -> &'static str {
        match self {
            Self::NotBuilt { verdict, .. } => verdict,
            Self::Ran(execution) if execution.limit.is_some() => "over_budget",
            Self::Ran(execution) if execution.succeeded() => "ok",
            Self::Ran(_) => "failed",
        }
    }

    fn as_json(&self) -> serde_json::Value {
        match self {
            Self::NotBuilt { verdict, limit, problem } => {
                json!({
                    "verdict": verdict, "limit": limit, "reason": problem, "exit": null,
                    "stdout": "", "stderr": "", "cpu_seconds": null, "wall_seconds": null,
                    "peak_memory_bytes": null,
                })
            }
            Self::Ran(execution) => json!({
                "verdict": self.verdict(),
                "exit": execution.exit,
                "limit": execution.limit,
                "stdout": String::from_utf8_lossy(&execution.stdout),
                "stderr": String::from_utf8_lossy(&execution.stderr),
                "cpu_seconds": execution.cpu.as_secs_f64(),
                "wall_seconds": execution.wall.as_secs_f64(),
                "peak_memory_bytes": execution.peak_memory,
            }),
        }
    }

    fn show(&self) -> anyhow::Result<()> {
        match self {
            Self::NotBuilt { verdict, problem, .. } => eprintln!("-- {verdict}: {problem}"),
            Self::Ran(execution) => {
                std::io::stdout().write_all(&execution.stdout).context("standard output")?;
                std::io::stderr().write_all(&execution.stderr).context("standard error")?;
                eprintln!("{}", summary(execution));
            }
        }
        Ok(())
    }
}

fn summary(execution: &Execution) -> String {
    let exit = match execution.exit {
        Exit::Code(code) => format!("exit status {code}"),
        Exit::Signal(signal) => format!("ended by signal {signal}"),
        Exit::Killed => "killed".to_owned(),
    };
    let limit = execution
        .limit
        .map_or(String::new(), |limit| format!(" at the limit on {}", limit.as_str()));
    let memory = execution
        .peak_memory
        .map_or(String::new(), |bytes| format!(", memory {} MiB", bytes >> 20));
    format!(
        "-- {exit}{limit}; cpu {:.3} s, wall {:.3} s{memory}",
        execution.cpu.as_secs_f64(),
        execution.wall.as_secs_f64()
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use clap::Parser;
    use lehr_verifier::Limits;

    use super::super::{Arguments, Command};
    use super::*;

    fn limits(flags: &[&str]) -> Result<Limits, Usage> {
        let usual = ["verifier", "run", "--language", "python", "x"];
        match Arguments::parse_from(usual.iter().chain(flags)).command {
            Command::Run { limits, .. } => limits.limits(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn limits_are_checked_before_anything_runs() {
        assert_eq!(limits(&[]).ok(), Some(Limits::default()));
        let (cpu, wall) = (Duration::from_millis(500), Duration::from_secs(86_400));
        let (memory, scratch) = (16 << 20, 1 << 20);
        assert_eq!(
            limits(&["--cpu=0.5", "--wall=86400", "--memory=16", "--scratch=1024"]).ok(),
            Some(Limits { cpu, wall, memory, scratch, ..Limits::default() })
        );
        for (name, flag) in [
            ("cpu", "--cpu=0"),
            ("cpu", "--cpu=-1"),
            ("cpu", "--cpu=nan"),
            ("wall", "--wall=86401"),
            ("wall", "--wall=inf"),
            ("memory", "--memory=15"),
            ("memory", "--memory=18446744073709551615"),
            ("processes", "--processes=0"),
            ("open_files", "--open-files=1"),
            ("compile", "--compile=0"),
        ] {
            let said = limits(&[flag]).map_err(|usage| usage.to_string());
            assert!(said.as_ref().is_err_and(|s| s.contains(name)), "{flag}: {said:?}");
        }
    }
}
