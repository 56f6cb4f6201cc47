//! Every bad request to the service gets one clear answer that names the thing and the remedy, and
//! changes nothing.

use anyhow::{Context, Result};
use lehr_tests::{JSON, NOBODY, Service, Tree};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Method, path, headers and body of a request; status, field and a part of the detail that answer.
type Case<'a> = (Method, &'a str, &'a [(&'a str, &'a str)], &'a str, u16, &'a str, &'a str);

/// A good request.
const GOOD: &str = r#"{"jobs":[{"recipe":"math.word","count":1}]}"#;

#[tokio::test(flavor = "multi_thread")]
async fn over_http() -> Result<()> {
    let data = TempDir::new()?;
    let service = Service::start(data.path(), NOBODY, "body_limit = 4096\n")?;
    let long = json!({"name": "x".repeat(5000), "jobs": []}).to_string();
    let nested = "[".repeat(4000);
    let mix =
        |body: &str| format!(r#"{{"name":"m","dataset":[{{"name":"a","weight":1,{body}}}]}}"#);
    let (nowhere, outside) = (mix(r#""request":"req-none""#), mix(r#""path":"/etc/passwd""#));
    let (neither, weight) = (mix(r#""domain":"math""#), nowhere.replace("1,", "0,"));
    let empty_key = [JSON, ("Idempotency-Key", "")];
    let post = Method::POST;
    #[rustfmt::skip]
    let cases: &[Case<'_>] = &[
        (post.clone(), "/v1/requests", &[JSON], r#"{"jobs":[],"colour":1}"#, 422, "colour", "unknown field"),
        (post.clone(), "/v1/requests", &[JSON], r#"{"jobs":[{"recipe":"math.word","count":1,"size":2}]}"#, 422, "jobs[0].size", "unknown field"),
        (post.clone(), "/v1/requests", &[JSON], r#"{"jobs":[{"recipe":"math.nothing","count":1}]}"#, 422, "jobs[0].recipe", "math.word"),
        (post.clone(), "/v1/requests", &[JSON], r#"{"jobs":[{"recipe":"math.word","count":0}]}"#, 422, "jobs[0].count", "1 or more"),
        (post.clone(), "/v1/requests", &[JSON], r#"{"jobs":[{"recipe":"math.word","count":1,"families":["none"]}]}"#, 422, "jobs[0].families", "none"),
        (post.clone(), "/v1/requests", &[JSON], r#"{"jobs":[{"recipe":"math.word","problems":[{"source":"s","statement":"1+1?","expected":{"type":"choice","letter":"A"}}]}]}"#, 422, "jobs[0].problems[0].expected", ""),
        (post.clone(), "/v1/requests", &[JSON], r#"{"jobs":"#, 400, "", "line 1"),
        (post.clone(), "/v1/requests", &[JSON], nested.as_str(), 422, "[0]", "invalid type"),
        (post.clone(), "/v1/requests", &[JSON], "\u{fffd}", 400, "", "not JSON"),
        (post.clone(), "/v1/requests", &[JSON], long.as_str(), 413, "", "the limit of 4096 bytes"),
        (post.clone(), "/v1/requests", &[], "{}", 415, "", "JSON"),
        (post.clone(), "/v1/requests", &empty_key, GOOD, 400, "Idempotency-Key", ""),
        (Method::GET, "/v1/requests/req-none", &[], "", 404, "", "req-none"),
        (Method::GET, "/v1/requests/%2e%2e%2fx", &[], "", 404, "", "../x"),
        (Method::GET, "/v1/requests/%ff", &[], "", 400, "", "UTF-8"),
        (post.clone(), "/v1/requests/req-none/cancel", &[], "", 404, "", "req-none"),
        (Method::GET, "/v1/requests/req-none/events", &[], "", 404, "", "req-none"),
        (Method::GET, "/v1/requests?limit=0", &[], "", 422, "limit", "0"),
        (Method::GET, "/v1/requests?limit=501", &[], "", 422, "limit", "501"),
        (Method::GET, "/v1/requests?colour=1", &[], "", 422, "query", "colour"),
        (Method::GET, "/v1/samples/smp-1", &[], "", 404, "", "smp-1"),
        (Method::GET, "/v1/samples/%ff", &[], "", 400, "", "UTF-8"),
        (post.clone(), "/v1/benchmarks/b", &[], "{\"question\":\"a\"}\nnonsense\n", 422, "body", "the body, line 2"),
        (post.clone(), "/v1/benchmarks/b", &[], "{\"colour\":\"a\"}\n", 422, "body", "the body, line 1"),
        (post.clone(), "/v1/benchmarks/b", &[], "\n", 422, "body", "the body has no items"),
        (post.clone(), "/v1/benchmarks/b", &[], long.as_str(), 413, "", "the limit of 4096 bytes"),
        (post.clone(), "/v1/benchmarks/.x", &[], "{\"question\":\"a\"}\n", 422, "name", ".x"),
        (post.clone(), "/v1/benchmarks/%2e%2e%2fx", &[], "{\"question\":\"a\"}\n", 422, "name", "../x"),
        (post.clone(), "/v1/benchmarks/b?question=stem", &[], "{\"question\":\"a\"}\n", 422, "query", "the body, line 1: there is no column `stem`; there are question"),
        (post.clone(), "/v1/benchmarks/b?colour=stem", &[], "{\"question\":\"a\"}\n", 422, "query", "colour"),
        (post.clone(), "/v1/benchmarks/b", &[], "[{\"question\":\"a\"}]", 422, "body", "JSON array"),
        (post.clone(), "/v1/benchmarks/b", &[("Content-Type", "application/vnd.apache.parquet")], "PAR1 and no more", 422, "body", "the body: the Parquet file is cut off"),
        (Method::PUT, "/v1/benchmarks/b", &[], "{", 422, "body", "the body, line 1"),
        (Method::GET, "/v1/benchmarks/b", &[], "", 404, "", "b"),
        (Method::DELETE, "/v1/benchmarks/b", &[], "", 404, "", "b"),
        (post.clone(), "/v1/mixes", &[JSON], nowhere.as_str(), 422, "dataset[0].request", "req-none"),
        (Method::GET, "/v1/mixes/%ff", &[], "", 400, "", "UTF-8"),
        (post.clone(), "/v1/mixes", &[JSON], outside.as_str(), 422, "dataset[0].path", "/etc/passwd"),
        (post.clone(), "/v1/mixes", &[JSON], neither.as_str(), 422, "dataset[0]", "either a request or a path"),
        (post.clone(), "/v1/mixes", &[JSON], weight.as_str(), 422, "dataset[0].weight", "above 0"),
        (post.clone(), "/v1/mixes", &[JSON], r#"{"name":"../m","dataset":[{"name":"a","weight":1,"path":"x"}]}"#, 422, "name", ""),
        (Method::GET, "/v1/mixes/none", &[], "", 404, "", "none"),
        (post.clone(), "/v1/verify", &[JSON], r#"{"gold":"1","pred":"1"}"#, 422, "kind", "missing field"),
        (post.clone(), "/v1/verify", &[JSON], r#"{"kind":"poem","gold":"1","pred":"1"}"#, 422, "kind", "science"),
        (post.clone(), "/v1/verify", &[JSON], r#"{"kind":"math","gold":1,"pred":"1"}"#, 422, "gold", "string"),
        (post.clone(), "/v1/verify", &[JSON], r#"{"kind":"math","gold":"1","pred":"1","policy":{"tolerance":{"relative":-1}}}"#, 422, "policy.tolerance.relative", "not negative"),
        (post.clone(), "/v1/verify", &[JSON], r#"{"tasks":[{"kind":"choice","gold":"A","pred":"A"},{"kind":"choice","gold":"A","pred":"A","policy":{}}]}"#, 422, "tasks[1].policy", "unknown field"),
        (post.clone(), "/v1/verify", &[JSON], r#"{"tasks":[{"kind":"choice","gold":"A","pred":"A"},{"kind":"math","gold":"A"}]}"#, 422, "tasks[1].pred", "missing field"),
        (post.clone(), "/v1/verify", &[JSON], r#"{"tasks":[{"kind":"code","language":"python","solution":"","tests":{"function":"f","cases":[{"args":1}]}}]}"#, 422, "tasks[0].tests.cases[0].args", "sequence"),
        (post.clone(), "/v1/verify", &[JSON], r#"{"tasks":[],"kind":"math"}"#, 422, "kind", "unknown field"),
        (post.clone(), "/v1/verify", &[JSON], r#"{"tasks":{}}"#, 422, "tasks", "sequence"),
        (post.clone(), "/v1/verify", &[JSON], r#"{"kind":"math","gold":"1","pred":"#, 400, "", "line 1"),
        (post.clone(), "/v1/verify", &[JSON], long.as_str(), 413, "", "the limit of 4096 bytes"),
        (post.clone(), "/v1/verify", &[], "{}", 415, "", "JSON"),
        (post.clone(), "/v1/verify", &empty_key, r#"{"kind":"math","gold":"1","pred":"1"}"#, 400, "Idempotency-Key", ""),
        (Method::GET, "/v1/nothing", &[], "", 404, "", "/v1/nothing"),
        (Method::PUT, "/v1/requests", &[], "", 405, "", "PUT"),
    ];
    let before = Tree::of(data.path())?;
    for (method, path, headers, body, status, field, detail) in cases {
        let shown = format!("{method} {path} {}", &body[..body.len().min(80)]);
        let answer = service.call(method.clone(), path, headers, (*body).to_owned()).await;
        let (got, problem) = answer.with_context(|| shown.clone())?;
        assert_eq!(got.as_u16(), *status, "{shown}: {problem}");
        assert_eq!(problem["status"], *status, "{shown}: {problem}");
        assert_eq!(problem["field"].as_str().unwrap_or_default(), *field, "{shown}: {problem}");
        let text = problem["detail"].as_str().unwrap_or_default();
        assert!(text.contains(detail) && !text.is_empty(), "{shown}: {problem}");
        // A field that is out of its bounds says the bounds in its detail.
        let remedy = problem["remedy"].as_str().unwrap_or_default();
        assert!(*status == 422 || !remedy.is_empty(), "{shown}: {problem}");
    }
    assert_eq!(before.changes(&Tree::of(data.path())?), Vec::<String>::new());
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
    let (first, made) = send(GOOD).await?;
    let (second, again) = send(GOOD).await?;
    let (third, conflict) = send(r#"{"jobs":[{"recipe":"math.word","count":2}]}"#).await?;
    assert_eq!((first.as_u16(), second.as_u16(), third.as_u16()), (201, 200, 409), "{conflict}");
    assert_eq!(made["id"], again["id"]);
    assert_eq!(service.get("/v1/requests").await?["data"].as_array().map(Vec::len), Some(1));
    Ok(())
}

/// Any JSON that is not a request is refused in words, whatever it is.
#[tokio::test(flavor = "multi_thread")]
async fn other_json_is_refused() -> Result<()> {
    let data = TempDir::new()?;
    let service = Service::start(data.path(), NOBODY, "")?;
    let bodies = [json!(null), json!(1), json!("x"), json!([]), json!({}), json!({"jobs": {}})];
    for (path, body) in ["/v1/requests", "/v1/mixes", "/v1/verify"]
        .iter()
        .flat_map(|path| bodies.iter().map(move |b| (path, b)))
    {
        let answer = service.call(Method::POST, path, &[JSON], body.to_string()).await?;
        let (status, problem): (_, Value) = answer;
        assert_eq!(status.as_u16(), 422, "{path} {body}: {problem}");
        assert!(problem["detail"].is_string() && problem["remedy"].is_string(), "{problem}");
    }
    Ok(())
}
