//! Every bad input gets one clear error that names the thing and the remedy, and changes nothing.

use std::path::Path;
use std::process::{Command, Output};

use anyhow::{Context, Result};
use lehr_tests::{Service, program};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A model that is never reached: these requests are turned away before.
const NOBODY: &str = "openai:http://127.0.0.1:9/v1#nobody";

const JSON: (&str, &str) = ("Content-Type", "application/json");

#[tokio::test(flavor = "multi_thread")]
async fn over_http() -> Result<()> {
    let data = TempDir::new()?;
    let service = Service::start(data.path(), NOBODY, "body_limit = 4096\n")?;
    let long = json!({"name": "x".repeat(5000), "jobs": []}).to_string();
    let nested = "[".repeat(4000);
    let mix =
        |body: &str| format!(r#"{{"name":"m","dataset":[{{"name":"a","weight":1,{body}}}]}}"#);
    let (nowhere, outside) = (mix(r#""request":"req-none""#), mix(r#""path":"/etc/passwd""#));
    let post = Method::POST;
    #[rustfmt::skip]
    let cases: &[(Method, &str, &[(&str, &str)], &str, u16, &str, &str)] = &[
        // method, path, headers, body, status, field, part of the detail
        (post.clone(), "/v1/requests", &[JSON], r#"{"jobs":[],"colour":1}"#, 422, "colour", "unknown field"),
        (post.clone(), "/v1/requests", &[JSON], r#"{"jobs":[{"recipe":"math.word","count":1,"size":2}]}"#, 422, "jobs[0].size", "unknown field"),
        (post.clone(), "/v1/requests", &[JSON], r#"{"jobs":[{"recipe":"math.nothing","count":1}]}"#, 422, "jobs[0].recipe", "math.word"),
        (post.clone(), "/v1/requests", &[JSON], r#"{"jobs":[{"recipe":"math.word","count":0}]}"#, 422, "jobs[0].count", "1 or more"),
        (post.clone(), "/v1/requests", &[JSON], r#"{"jobs":[{"recipe":"math.word","count":1,"families":["none"]}]}"#, 422, "jobs[0].families", "none"),
        (post.clone(), "/v1/requests", &[JSON], r#"{"jobs":[{"recipe":"math.word","problems":[{"source":"s","statement":"1+1?","expected":{"type":"choice","letter":"A"}}]}]}"#, 422, "jobs[0].problems[0].expected", ""),
        (post.clone(), "/v1/requests", &[JSON], r#"{"jobs":"#, 400, "", "line 1"),
        (post.clone(), "/v1/requests", &[JSON], nested.as_str(), 422, "[0]", "invalid type"),
        (post.clone(), "/v1/requests", &[JSON], "\u{fffd}", 400, "", "not JSON"),
        (post.clone(), "/v1/requests", &[JSON], long.as_str(), 413, "", ""),
        (post.clone(), "/v1/requests", &[], "{}", 415, "", "JSON"),
        (post.clone(), "/v1/requests", &[JSON, ("Idempotency-Key", "")], r#"{"jobs":[{"recipe":"math.word","count":1}]}"#, 400, "Idempotency-Key", ""),
        (Method::GET, "/v1/requests/req-none", &[], "", 404, "", "req-none"),
        (Method::GET, "/v1/requests/..%2f..", &[], "", 404, "", ""),
        (post.clone(), "/v1/requests/req-none/cancel", &[], "", 404, "", "req-none"),
        (Method::GET, "/v1/requests/req-none/events", &[], "", 404, "", "req-none"),
        (Method::GET, "/v1/requests?limit=0", &[], "", 422, "limit", "0"),
        (Method::GET, "/v1/requests?colour=1", &[], "", 422, "query", "colour"),
        (Method::GET, "/v1/samples/smp-1", &[], "", 404, "", "smp-1"),
        (post.clone(), "/v1/benchmarks/b", &[], "{\"question\":\"a\"}\nnonsense\n", 422, "", "2"),
        (post.clone(), "/v1/benchmarks/b", &[], "{\"colour\":\"a\"}\n", 422, "", "colour"),
        (post.clone(), "/v1/benchmarks/..", &[], "{\"question\":\"a\"}\n", 404, "", ""),
        (Method::DELETE, "/v1/benchmarks/b", &[], "", 404, "", "b"),
        (post.clone(), "/v1/mixes", &[JSON], nowhere.as_str(), 404, "", "req-none"),
        (post.clone(), "/v1/mixes", &[JSON], outside.as_str(), 422, "dataset[0].path", "/etc/passwd"),
        (post.clone(), "/v1/mixes", &[JSON], r#"{"name":"../m","dataset":[{"name":"a","weight":1,"path":"x"}]}"#, 422, "name", ""),
        (Method::GET, "/v1/nothing", &[], "", 404, "", "/v1/nothing"),
        (Method::PUT, "/v1/requests", &[], "", 405, "", "PUT"),
    ];
    for (method, path, headers, body, status, field, detail) in cases {
        let shown = format!("{method} {path} {}", &body[..body.len().min(80)]);
        let answer = service.call(method.clone(), path, headers, (*body).to_owned()).await;
        let (got, problem) = answer.with_context(|| shown.clone())?;
        assert_eq!(got.as_u16(), *status, "{shown}: {problem}");
        assert_eq!(problem["status"], *status, "{shown}: {problem}");
        assert_eq!(problem["field"].as_str().unwrap_or_default(), *field, "{shown}: {problem}");
        let text = problem["detail"].as_str().unwrap_or_default();
        assert!(text.contains(detail) && !text.is_empty(), "{shown}: {problem}");
    }
    assert_eq!(service.get("/v1/requests").await?["data"], json!([]));
    assert_eq!(service.get("/v1/benchmarks").await?["data"], json!([]));
    assert_eq!(service.get("/v1/mixes").await?["data"], json!([]));
    assert_eq!(service.get("/healthz").await?["status"], "ok");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_makes_one_request() -> Result<()> {
    let data = TempDir::new()?;
    let service = Service::start(data.path(), NOBODY, "")?;
    let send = |body: &str| {
        let body = body.to_owned();
        service.call(Method::POST, "/v1/requests", &[JSON, ("Idempotency-Key", "k1")], body)
    };
    let body = r#"{"jobs":[{"recipe":"math.word","count":1}]}"#;
    let (first, made) = send(body).await?;
    let (second, again) = send(body).await?;
    let (third, conflict) = send(r#"{"jobs":[{"recipe":"math.word","count":2}]}"#).await?;
    assert_eq!((first.as_u16(), second.as_u16(), third.as_u16()), (201, 200, 409), "{conflict}");
    assert_eq!(made["id"], again["id"]);
    assert_eq!(service.get("/v1/requests").await?["data"].as_array().map(Vec::len), Some(1));
    Ok(())
}

fn lehr(home: &Path, arguments: &[&str]) -> Result<Output> {
    let mut command = Command::new(program("lehr")?);
    command.args(arguments).env("LEHR_CACHE_DIR", home.join("cache"));
    command.env("LEHR_DATA_DIR", home.join("data")).current_dir(home);
    Ok(command.output()?)
}

#[test]
fn on_the_command_line() -> Result<()> {
    let home = TempDir::new()?;
    let path = |name: &str| home.path().join(name);
    std::fs::write(path("config.toml"), "colour = 1\n")?;
    std::fs::write(path("damaged.gguf"), b"GGUF and then nothing that makes sense")?;
    std::fs::write(path("request.toml"), "colour = 1\n")?;
    std::fs::write(path("bad.jsonl"), "{\"question\": \"a\"}\n{\n")?;
    let free = ["--listen", "127.0.0.1:0"];
    let serve = |more: &[&str]| -> Result<Output> {
        lehr(home.path(), &[&["serve"], free.as_slice(), more].concat())
    };
    let cases: Vec<(&str, Output, i32, &[&str])> = vec![
        ("unknown command", lehr(home.path(), &["anneal"])?, 2, &["anneal"]),
        ("unknown key", serve(&["--config", "config.toml"])?, 2, &["config.toml", "colour"]),
        ("no config", serve(&["--config", "none.toml"])?, 2, &["none.toml"]),
        ("no such model", serve(&["--model", "gpt"])?, 2, &["gpt", "default"]),
        ("model not pulled", serve(&["--model", "default"])?, 1, &["lehr model pull"]),
        ("model file missing", serve(&["--model", "missing.gguf"])?, 1, &["missing.gguf"]),
        ("model file damaged", serve(&["--model", "damaged.gguf"])?, 1, &["damaged.gguf"]),
        ("recording missing", serve(&["--model", "replay:none.jsonl"])?, 1, &["none.jsonl"]),
        (
            "bad request file",
            lehr(home.path(), &["request", "create", "-f", "request.toml"])?,
            2,
            &["request.toml", "colour"],
        ),
        (
            "no service",
            lehr(home.path(), &["--server", "http://127.0.0.1:9", "request", "list"])?,
            1,
            &["127.0.0.1:9", "lehr serve"],
        ),
        (
            "bad benchmark",
            lehr(home.path(), &["--data-dir", "data", "benchmark", "add", "b", "bad.jsonl"])?,
            1,
            &["bad.jsonl", "2"],
        ),
        (
            "no benchmark file",
            lehr(home.path(), &["--data-dir", "data", "benchmark", "add", "b", "none.jsonl"])?,
            1,
            &["none.jsonl"],
        ),
    ];
    for (name, output, status, parts) in cases {
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{name}: {error}");
        assert!(!error.contains("panicked"), "{name}: {error}");
        for part in parts {
            assert!(error.contains(part), "{name}: {part:?} is not in: {error}");
        }
    }
    let listed = lehr(home.path(), &["--data-dir", "data", "benchmark", "list", "--json"])?;
    assert_eq!(serde_json::from_slice::<Value>(&listed.stdout)?, json!([]));
    Ok(())
}

#[test]
fn a_data_directory_serves_one_process() -> Result<()> {
    let home = TempDir::new()?;
    let data = home.path().join("data");
    let _service = Service::start(&data, NOBODY, "")?;
    let output = lehr(home.path(), &["serve", "--listen", "127.0.0.1:0", "--model", NOBODY])?;
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains("in use") && error.contains("--data-dir"), "{error}");
    Ok(())
}
