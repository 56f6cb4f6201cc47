use std::path::PathBuf;

use super::super::findings::Heldout;
use super::*;

fn sample(state: &str, reason: Option<&str>) -> Value {
    let mut settled = json!({"state": state});
    if let Some(reason) = reason {
        settled["reason"] = json!(reason);
    }
    json!({
        "id": "smp-1",
        "domain": "math",
        "recipe": "math.word",
        "seed": {"source": "family:math.addition"},
        "problem": {"statement": "1 + <1>?"},
        "messages": if state == "accepted" {
            json!([{"role": "assistant", "content": "the accepted reply"}])
        } else {
            json!([])
        },
        "attempts": [{"stage": "answer", "reply": "", "verdict": {"verdict": "wrong"}}],
        "verdict": {"verdict": "correct", "reason": "as it is", "evidence": {"answer": 2}},
        "pass_rate": 0.25,
        "contamination": {
            "contaminated": false,
            "index_version": "0123abcd",
            "overlaps": [{"benchmark": "b", "item": "i-1", "score": 0.125, "benchmark_excerpt": "x"}],
        },
        "settled": settled,
    })
}

fn findings(samples: Vec<Value>, training: Option<Training>) -> Findings {
    Findings {
        model: json!({"path": "model.gguf"}),
        benchmark: json!({"name": "b", "items": 6}),
        progress: json!({
            "state": "completed",
            "funnel": {"planned": 2, "accepted": 1, "rejected": {"wrong": 1}, "failed": {}, "pending": 0},
            "jobs": [],
            "usage": {"calls": 2, "prompt_tokens": 3, "completion_tokens": 4},
        }),
        samples,
        generation_seconds: 1.0,
        tokens_per_second: 4.0,
        training,
        total_seconds: 2.0,
    }
}

fn training(heldout: Option<Heldout>) -> Training {
    let step = |step: u64, phase: &str, loss: f64| {
        json!({"step": step, "phase": phase, "loss": loss, "lr": 1e-4, "grad_norm": 1.0,
               "context": 448, "rope_theta": 4_900_000.0})
    };
    let count = json!({"name": "math", "available": 1, "dropped": {"contaminated": 0},
        "heldout": 0, "documents": 4, "tokens": 100, "share_asked": 1.0, "share_reached": 1.0});
    Training {
        mix: json!({"directory": "mixes/demo", "manifest": {"counts": [count], "digest": "d1"}}),
        metrics: vec![step(1, "short", 2.0), step(2, "long", 1.5)],
        checkpoint: PathBuf::from("run/checkpoints/final"),
        seconds: 1.0,
        heldout,
    }
}

/// Whatever the model yields there is a report, and it says what there is not.
#[test]
fn a_report_for_every_yield() -> Result<()> {
    let page = Path::new("report.html");
    let heldout = || {
        let loss = |loss: f64| json!({"loss": loss, "tokens": 9, "documents": 1, "context": 448});
        Heldout { before: loss(2.5), after: loss(1.25) }
    };
    let none = findings(vec![sample("rejected", Some("wrong"))], None);
    let one = findings(vec![sample("accepted", None)], Some(training(None)));
    let all = findings(vec![sample("accepted", None)], Some(training(Some(heldout()))));
    for (findings, there, absent) in [
        (
            &none,
            &[NOTHING_TO_MIX, "gave no sample that passed"][..],
            &["Learning rate", "held out,", "the accepted reply", "No model call"][..],
        ),
        (&one, &[NOTHING_HELD_OUT, "<svg", "the accepted reply"], &[NOTHING_TO_MIX]),
        (
            &all,
            &["2.5000 before", "1.2500 after", "<svg", "math: 1 of 1 items accepted"],
            &[NOTHING_HELD_OUT, NOTHING_TO_MIX],
        ),
    ] {
        let html = render(findings)?;
        for part in there {
            assert!(html.contains(part), "{part} is not in {html}");
        }
        for part in absent {
            assert!(!html.contains(part), "{part} is in {html}");
        }
        let said = summary(findings, page);
        assert!(said.ends_with("report      report.html"), "{said}");
        for sentence in [NOTHING_TO_MIX, NOTHING_HELD_OUT] {
            assert_eq!(said.contains(sentence), html.contains(sentence), "{said}");
        }
        assert_eq!(result(findings, page)["report"], "report.html");
    }
    Ok(())
}

#[test]
fn a_card_shows_the_evidence() -> Result<()> {
    let html = render(&findings(
        vec![sample("accepted", None), sample("rejected", Some("unparseable"))],
        None,
    ))?;
    for part in [
        "1 + &lt;1&gt;?",
        "clean: nearest item b&#x2f;i-1, of which 12% is found here",
        "0123abcd",
        "<dd>25%</dd>",
        "as it was given: empty",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    Ok(())
}

#[test]
fn planted_leaks_have_a_part_of_their_own() {
    let funnel = json!({"planned": 8, "accepted": 2, "rejected": {"contaminated": 4, "wrong": 1},
                        "failed": {}, "pending": 1});
    let counts = |leaks: u64| -> Vec<(String, u64)> {
        let part = |part: &Value| {
            let name = part["name"].as_str().unwrap_or_default().to_owned();
            (name, part["count"].as_u64().unwrap_or_default())
        };
        bars(&funnel, &json!(leaks)).iter().map(part).collect()
    };
    for leaks in [0, 3, 4] {
        let parts = counts(leaks);
        assert_eq!(parts.iter().map(|part| part.1).sum::<u64>(), 8, "{parts:?}");
        let of = |name: &str| parts.iter().find(|part| part.0 == name).map_or(0, |part| part.1);
        assert_eq!(of("contaminated"), 4 - leaks);
        assert_eq!(of("planted leaks, caught"), leaks);
    }
}
