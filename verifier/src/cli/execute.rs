use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use lehr_verifier::sandbox::{Execution, Exit, Program};
use lehr_verifier::{Language, Limits, Sandbox, SandboxOptions};

use super::Usage;

/// The largest program, in bytes.
const MAX_PROGRAM: u64 = 1 << 20;

/// What is to be run, and how.
pub(super) struct Asked {
    pub language: Language,
    pub file: PathBuf,
    pub args: Vec<String>,
    pub json: bool,
    pub cpu: f64,
    pub wall: f64,
    pub memory: u64,
}

/// The limits that the arguments ask for.
fn limits(asked: &Asked) -> Result<Limits, Usage> {
    let seconds = |name: &str, value: f64| {
        Duration::try_from_secs_f64(value)
            .map_err(|error| Usage(format!("the limit on {name} is {value}: {error}")))
    };
    let limits = Limits {
        cpu: seconds("cpu", asked.cpu)?,
        wall: seconds("wall", asked.wall)?,
        memory: asked.memory.saturating_mul(1 << 20),
        ..Limits::default()
    };
    limits.check().map_err(|error| Usage(error.to_string()))?;
    Ok(limits)
}

pub(super) fn execute(asked: Asked, options: SandboxOptions) -> anyhow::Result<ExitCode> {
    let limits = limits(&asked)?;
    if asked.language != Language::Python {
        let what = format!("{} cannot be run", asked.language.as_str());
        return Err(Usage(what).into());
    }
    let mut source = Vec::new();
    super::open(&asked.file)?.take(MAX_PROGRAM + 1).read_to_end(&mut source)?;
    if source.len() as u64 > MAX_PROGRAM {
        let what = format!("{} has more than {MAX_PROGRAM} bytes", asked.file.display());
        return Err(Usage(what).into());
    }
    let sandbox = Sandbox::new(options).context("the sandbox")?;
    let mut program = Program::of_source(source);
    program.args = asked.args;
    let execution = sandbox.run(&program, &limits)?;
    if asked.json {
        let line = format!("{}\n", as_json(&execution));
        std::io::stdout().write_all(line.as_bytes()).context("standard output")?;
    } else {
        std::io::stdout().write_all(&execution.stdout).context("standard output")?;
        std::io::stderr().write_all(&execution.stderr).context("standard error")?;
        eprintln!("{}", summary(&execution));
    }
    Ok(if execution.succeeded() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn as_json(execution: &Execution) -> serde_json::Value {
    serde_json::json!({
        "exit": execution.exit,
        "limit": execution.limit,
        "stdout": String::from_utf8_lossy(&execution.stdout),
        "stderr": String::from_utf8_lossy(&execution.stderr),
        "cpu_seconds": execution.cpu.as_secs_f64(),
        "wall_seconds": execution.wall.as_secs_f64(),
        "peak_memory_bytes": execution.peak_memory,
    })
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
    use super::*;

    #[test]
    fn limits_are_checked_before_anything_runs() {
        let asked = |cpu, wall, memory| Asked {
            language: Language::Python,
            file: PathBuf::new(),
            args: Vec::new(),
            json: false,
            cpu,
            wall,
            memory,
        };
        let good = limits(&asked(0.5, 86_400.0, 16)).ok();
        let memory = 16 << 20;
        let (cpu, wall) = (Duration::from_millis(500), Duration::from_secs(86_400));
        assert_eq!(good, Some(Limits { cpu, wall, memory, ..Limits::default() }));
        for (name, asked) in [
            ("cpu", asked(0.0, 1.0, 64)),
            ("cpu", asked(-1.0, 1.0, 64)),
            ("cpu", asked(f64::NAN, 1.0, 64)),
            ("wall", asked(1.0, 86_401.0, 64)),
            ("wall", asked(1.0, f64::INFINITY, 64)),
            ("memory", asked(1.0, 1.0, 15)),
            ("memory", asked(1.0, 1.0, u64::MAX)),
        ] {
            let said = limits(&asked).map_err(|usage| usage.to_string());
            assert!(said.as_ref().is_err_and(|s| s.contains(name)), "{name}: {said:?}");
        }
    }
}
