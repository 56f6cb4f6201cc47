use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use lehr_verifier::sandbox::{LayerState, Program, Python};
use lehr_verifier::toolchain::{Missing, Toolchain};
use lehr_verifier::{Language, Limits, Sandbox, SandboxOptions, toolchain};

pub(super) fn doctor(options: &SandboxOptions, json: bool) -> anyhow::Result<ExitCode> {
    let (python, layers) = Sandbox::diagnose(options)?;
    let missing = LayerState::missing(&layers, &options.allow_degraded);
    let warm = if missing.is_empty() { Some(warm_start(options)?) } else { None };
    let tools = toolchains();
    let text = match json {
        true => {
            let mut report = as_json(&python, &layers, &missing);
            report["warm_start_seconds"] = warm.flatten().map(|t| t.as_secs_f64()).into();
            report["toolchains"] = tools.iter().map(|(l, found)| tool_as_json(*l, found)).collect();
            format!("{report}\n")
        }
        false => {
            let mut text = as_text(&python, &layers, &missing)?;
            if let Some(warm) = warm {
                writeln!(text, "{}", warm_as_text(warm))?;
            }
            for (language, found) in &tools {
                writeln!(text, "{}", tool_as_text(*language, found))?;
            }
            text
        }
    };
    std::io::stdout().write_all(text.as_bytes()).context("standard output")?;
    Ok(if missing.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// How long a program takes whose interpreter is warm; `None` when none can be kept so.
fn warm_start(options: &SandboxOptions) -> anyhow::Result<Option<Duration>> {
    let sandbox = Sandbox::new(options.clone())?;
    // The first run starts the interpreter, the second finds it.
    let program = Program::of_source("");
    sandbox.run(&program, &Limits::default())?;
    let execution = sandbox.run(&program, &Limits::default())?;
    anyhow::ensure!(
        execution.succeeded(),
        "a program that does nothing ended badly: {}",
        String::from_utf8_lossy(&execution.stderr)
    );
    Ok(sandbox.is_warm().then_some(execution.wall))
}

fn warm_as_text(warm: Option<Duration>) -> String {
    match warm {
        Some(wall) => {
            format!(
                "ok       warm interpreter: a program takes {:.1} ms",
                1000.0 * wall.as_secs_f64()
            )
        }
        None => {
            "missing  warm interpreter: each Python program starts its own, which takes longer; \
                 needs Python 3.9 with ctypes"
                .into()
        }
    }
}

type Found = Result<&'static Toolchain, &'static Missing>;

/// The toolchains of all languages but Python, whose interpreter is told above.
fn toolchains() -> Vec<(Language, Found)> {
    let others = Language::ALL.into_iter().filter(|&language| language != Language::Python);
    others.map(|language| (language, toolchain::find(language))).collect()
}

fn tool_as_json(language: Language, found: &Found) -> serde_json::Value {
    let language = language.as_str();
    match found {
        Ok(tool) => serde_json::json!({
            "language": language, "found": true, "version": tool.version,
            "executable": tool.executable,
        }),
        Err(missing) => serde_json::json!({
            "language": language, "found": false, "problem": missing.problem,
            "remedy": missing.remedy,
        }),
    }
}

fn tool_as_text(language: Language, found: &Found) -> String {
    let language = language.as_str();
    match found {
        Ok(tool) => {
            format!("ok       {language:<13} {} at {}", tool.version, tool.executable.display())
        }
        Err(missing) => format!(
            "missing  {language:<13} {}\n{:<22} remedy: {}",
            missing.problem, "", missing.remedy
        ),
    }
}

fn as_json(python: &Python, layers: &[LayerState], missing: &[LayerState]) -> serde_json::Value {
    serde_json::json!({
        "ok": missing.is_empty(),
        "python": {"executable": python.executable, "version": python.version},
        "layers": layers,
    })
}

fn as_text(
    python: &Python,
    layers: &[LayerState],
    missing: &[LayerState],
) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    writeln!(text, "python {} at {}", python.version, python.executable.display())?;
    for state in layers {
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
    if !missing.is_empty() {
        writeln!(text, "programs will not be run: an essential layer is missing")?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use lehr_verifier::sandbox::Layer;

    use super::*;

    #[test]
    fn a_missing_layer_is_told_with_its_remedy() {
        let python = Python {
            executable: "/usr/bin/python3".into(),
            version: "3.11.7".into(),
            needs: vec![],
            packages: None,
        };
        let state = |layer: Layer, essential, problem: Option<&str>| LayerState {
            layer,
            holds: problem.is_none(),
            essential,
            problem: problem.map(str::to_owned),
            remedy: problem.map(|_| "do this"),
        };
        let user = state(Layer::User, true, None);
        let uts = state(Layer::Uts, false, Some("is not there"));
        let pid = state(Layer::Pid, true, Some("cannot be made"));
        for (states, allowed, ok, lines) in [
            (vec![user.clone()], vec![], true, vec!["ok       user "]),
            (vec![user.clone(), uts], vec![], true, vec!["missing  uts ", "remedy: do this"]),
            (
                vec![user.clone(), pid.clone()],
                vec![],
                false,
                vec!["MISSING  pid ", "cannot be made", "remedy: do this", "will not be run"],
            ),
            (vec![user, pid], vec![Layer::Pid], true, vec!["MISSING  pid "]),
        ] {
            let missing = LayerState::missing(&states, &BTreeSet::from_iter(allowed));
            let text = as_text(&python, &states, &missing).expect("a text");
            for line in lines {
                assert!(text.contains(line), "{line}: {text}");
            }
            assert_eq!(text.contains("will not be run"), !ok, "{text}");
            let json = as_json(&python, &states, &missing);
            assert_eq!(json["ok"], ok, "{json}");
            assert_eq!(json["layers"].as_array().map(Vec::len), Some(states.len()));
        }
    }
}
