//! Verdicts over HTTP: the same as those of `verifier check`, one or many at a time.

use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use lehr_tests::{JSON, NOBODY, Service, program};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

/// One task of every kind and outcome that needs no second thought, with its verdict.
fn tasks() -> Vec<(Value, &'static str)> {
    let code = |body: &str| {
        json!({"id": {"n": 5}, "kind": "code", "language": "python",
               "solution": format!("def f(x): return {body}"),
               "tests": {"function": "f", "cases": [{"args": [1], "expect": 2}]}})
    };
    vec![
        (json!({"id": 1, "kind": "math", "gold": "1/2", "pred": "\\boxed{0.5}"}), "correct"),
        (json!({"id": "b", "kind": "math", "gold": "1/2", "pred": "\\boxed{0.6}"}), "wrong"),
        (
            json!({"kind": "science", "gold": "12 m", "pred": "The answer is 12 m.",
                "policy": {"tolerance": "exact", "missing_unit": "required"}}),
            "correct",
        ),
        (
            json!({"id": null, "kind": "choice", "gold": "B", "options": ["x", "y"],
                "pred": "The answer is (A)."}),
            "wrong",
        ),
        (json!({"id": [2], "kind": "math", "gold": "3", "pred": ""}), "unparseable"),
        (code("x + 1"), "correct"),
        (code("x"), "wrong"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn verdicts_are_those_of_the_command_line_one_by_one_and_together() -> Result<()> {
    let data = TempDir::new()?;
    let service = Service::start(data.path(), NOBODY, "")?;
    let (tasks, expected): (Vec<Value>, Vec<&str>) = tasks().into_iter().unzip();
    let batch = service.post("/v1/verify", &json!({"tasks": tasks})).await?;
    let verdicts = batch["verdicts"].as_array().context("no verdicts")?;
    let found: Vec<&str> = verdicts.iter().filter_map(|v| v["verdict"].as_str()).collect();
    assert_eq!(found, expected);
    for (task, verdict) in tasks.iter().zip(verdicts) {
        assert_eq!(verdict["id"], task["id"], "{verdict}");
        assert_eq!(steady(&service.post("/v1/verify", task).await?), steady(verdict));
    }
    let lines: String = tasks.iter().map(|task| format!("{task}\n")).collect();
    let file = data.path().join("tasks.jsonl");
    std::fs::write(&file, lines)?;
    let mut check = Command::new(program("verifier")?);
    let output = check.arg("check").arg(&file).stdin(Stdio::null()).output()?;
    assert!(output.status.success(), "{output:?}");
    let printed: Vec<Value> = String::from_utf8(output.stdout)?
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    assert_eq!(
        printed.iter().map(steady).collect::<Vec<_>>(),
        verdicts.iter().map(steady).collect::<Vec<_>>()
    );
    Ok(())
}

/// A verdict without what a run measured.
fn steady(verdict: &Value) -> Value {
    let mut verdict = verdict.clone();
    if let Some(fields) = verdict.as_object_mut() {
        fields.retain(|name, _| !name.ends_with("_seconds") && name != "peak_memory_bytes");
    }
    verdict
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_has_a_bound_and_a_key_makes_no_difference() -> Result<()> {
    let data = TempDir::new()?;
    let service = Service::start(data.path(), NOBODY, "")?;
    let task = |n: usize| json!({"id": n, "kind": "math", "gold": "7", "pred": n.to_string()});
    let send = |count: usize| {
        let body = json!({"tasks": (0..count).map(task).collect::<Vec<_>>()}).to_string();
        service.call(Method::POST, "/v1/verify", &[JSON, ("Idempotency-Key", "k1")], body)
    };
    let (status, most) = send(1000).await?;
    assert_eq!(status.as_u16(), 200);
    for (n, verdict) in most["verdicts"].as_array().context("no verdicts")?.iter().enumerate() {
        assert_eq!(verdict["id"], n);
        assert_eq!(verdict["verdict"], if n == 7 { "correct" } else { "wrong" }, "{verdict}");
    }
    let (status, none) = send(0).await?;
    assert_eq!((status.as_u16(), none), (200, json!({"verdicts": []})));
    let (status, problem) = send(1001).await?;
    assert_eq!((status.as_u16(), &problem["field"]), (422, &json!("tasks")), "{problem}");
    assert!(problem["detail"].as_str().is_some_and(|d| d.contains("1000")), "{problem}");
    assert!(problem["remedy"].is_string(), "{problem}");
    Ok(())
}
