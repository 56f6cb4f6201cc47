use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context;
use lehr_verifier::{Sandbox, SandboxOptions};

pub(super) fn doctor(options: &SandboxOptions, json: bool) -> anyhow::Result<ExitCode> {
    let (python, layers) = Sandbox::diagnose(options)?;
    let lacks = layers
        .iter()
        .any(|l| !l.holds && l.essential && !options.allow_degraded.contains(&l.layer));
    let mut text = String::new();
    if json {
        let report = serde_json::json!({
            "ok": !lacks,
            "python": {"executable": python.executable, "version": python.version},
            "layers": layers,
        });
        writeln!(text, "{report}")?;
    } else {
        writeln!(text, "python {} at {}", python.version, python.executable.display())?;
        for state in &layers {
            let mark = match (state.holds, state.essential) {
                (true, _) => "ok",
                (false, true) => "MISSING",
                (false, false) => "missing",
            };
            writeln!(text, "{mark:<8} {:<13} {}", state.layer.as_str(), state.layer.purpose())?;
            if let Some(problem) = &state.problem {
                writeln!(text, "{:<22} {problem}", "")?;
            }
            if let Some(remedy) = state.remedy {
                writeln!(text, "{:<22} remedy: {remedy}", "")?;
            }
        }
        if lacks {
            writeln!(text, "programs will not be run: an essential layer is missing")?;
        }
    }
    std::io::stdout().write_all(text.as_bytes()).context("standard output")?;
    Ok(if lacks { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
