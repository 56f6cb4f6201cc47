use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context;
use lehr_verifier::sandbox::{LayerState, Python};
use lehr_verifier::{Sandbox, SandboxOptions};

pub(super) fn doctor(options: &SandboxOptions, json: bool) -> anyhow::Result<ExitCode> {
    let (python, layers) = Sandbox::diagnose(options)?;
    let missing = LayerState::missing(&layers, &options.allow_degraded);
    let text = match json {
        true => format!("{}\n", as_json(&python, &layers, &missing)),
        false => as_text(&python, &layers, &missing)?,
    };
    std::io::stdout().write_all(text.as_bytes()).context("standard output")?;
    Ok(if missing.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
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
