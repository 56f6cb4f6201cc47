//! Plays an attack as often as it says.

use anyhow::ensure;
use lehr_verifier::code::{Tests, check};
use lehr_verifier::{Language, Limits, Sandbox};
use serde_json::{Value, json};

use crate::attack::Attack;
use crate::play::{Facts, Player, holds};

/// What came of an attack.
pub(crate) enum Played {
    /// It did what it must.
    Held,
    /// It cannot be tried here.
    Skipped(String),
    /// What came of it, which is not what must.
    Failed(String),
}

/// Runs an attack as often as it says.
///
/// # Errors
/// When the attack cannot be made into a program, or the sandbox fails.
pub(crate) fn play(player: &Player, attack: &Attack) -> anyhow::Result<Played> {
    for _ in 0..attack.runs {
        let rounds: Vec<anyhow::Result<Option<Facts>>> = std::thread::scope(|scope| {
            let run = || player.once(attack);
            let threads: Vec<_> = (0..attack.at_once).map(|_| scope.spawn(run)).collect();
            threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
        });
        ensure!(rounds.len() == attack.at_once, "a run panicked");
        for facts in rounds {
            let Some(facts) = facts? else {
                let needs = attack.needs.as_deref().unwrap_or(attack.language.as_str());
                return Ok(Played::Skipped(format!("needs {needs}")));
            };
            if facts.get("verdict").is_some_and(|v| v == "unsupported") {
                let reason = facts.get("reason").cloned().unwrap_or_default();
                // Without a toolchain there is nothing to attack; a missing form is a failure.
                if attack.language != Language::Python {
                    return Ok(Played::Skipped(reason));
                }
            }
            if !holds(&attack.expect, &facts) {
                return Ok(Played::Failed(show(&facts)));
            }
        }
    }
    Ok(Played::Held)
}

fn show(facts: &Facts) -> String {
    let clip = |text: &str| match text.char_indices().nth(400) {
        // The end of an error says what it was.
        Some(_) => {
            let end: Vec<char> = text.chars().rev().take(300).collect();
            format!("…{:?}", end.into_iter().rev().collect::<String>())
        }
        None => format!("{text:?}"),
    };
    let telling = facts.iter().filter(|(_, v)| !v.is_empty() && *v != "0" && *v != "none");
    telling.map(|(name, value)| format!("{name}={}", clip(value))).collect::<Vec<_>>().join(" ")
}

/// Whether a trivial solution is judged as it deserves; what is said instead, otherwise.
pub(crate) fn next_job(sandbox: &Sandbox, limits: &Limits) -> Result<(), String> {
    for (body, right) in [("x * x", "correct"), ("x + x", "wrong")] {
        let tests = json!({"function": "f", "cases": [{"args": [3], "expect": 9}]});
        let tests = serde_json::from_value(tests).map_err(|e| e.to_string())?;
        let solution = format!("def f(x):\n    return {body}\n");
        let verdict = check(sandbox, Language::Python, &solution, &Tests::Calls(tests), limits);
        if verdict.verdict.as_str() != right {
            let evidence = Value::Object(verdict.evidence);
            return Err(format!(
                "the next job is {}, not {right}: {} {evidence}",
                verdict.verdict.as_str(),
                verdict.reason
            ));
        }
    }
    Ok(())
}
