//! The interface from a request to a mix: every answer that a client builds on.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use lehr_tests::{Adder, JSON, NOBODY, Service, adds_up, sums};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Events that were read of a stream so far: each its name and data.
fn events(text: &str) -> Result<Vec<(String, Value)>> {
    let mut events = Vec::new();
    for block in text.split("\n\n").filter(|block| block.contains("data:")) {
        let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name));
        let name = field("event:").context("an event without a name")?.trim().to_owned();
        events.push((name, serde_json::from_str(field("data:").unwrap_or_default())?));
    }
    Ok(events)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_from_its_creation_to_a_mix() -> Result<()> {
    let data = TempDir::new()?;
    let model = Adder::start().await?;
    let service = Service::start(data.path(), &model.model(), "")?;
    let id = service.request(&json!({"name": "sums", "jobs": [sums(0..30, 1)]})).await?;

    // Events: `progress` at once, while the model holds; `end` once it may answer.
    let mut stream = service.events(&id).await?;
    let mut text = String::new();
    while events(&text)?.is_empty() {
        let piece = stream.chunk().await?.context("the stream ended before the request")?;
        text.push_str(&String::from_utf8_lossy(&piece));
    }
    let (name, first) = events(&text)?.remove(0);
    assert_eq!(name, "progress");
    assert!(["queued", "running"].contains(&first["state"].as_str().unwrap_or_default()));
    model.answer_all();
    while let Some(piece) = stream.chunk().await? {
        text.push_str(&String::from_utf8_lossy(&piece));
    }
    let mut seen = events(&text)?;
    let (name, end) = seen.pop().context("no end")?;
    assert_eq!((name.as_str(), &end["state"]), ("end", &json!("completed")));
    assert!(seen.iter().all(|(name, _)| name == "progress"), "{text}");
    assert!(seen.iter().all(|(_, progress)| adds_up(&progress["funnel"])), "{text}");

    // The same everywhere: the end's progress, the request, its funnel, its samples.
    let request = service.get(&format!("/v1/requests/{id}")).await?;
    let funnel = service.get(&format!("/v1/requests/{id}/funnel")).await?;
    assert_eq!(request["funnel"], funnel);
    assert_eq!(end["funnel"], funnel);
    assert_eq!(funnel["planned"], 30);
    assert!(adds_up(&funnel), "{funnel}");
    assert_eq!(request["spec"]["name"], "sums");
    let of = |state: &str| format!("/v1/requests/{id}/samples?limit=500&state={state}");
    let accepted = service.get(&of("accepted")).await?;
    let accepted = accepted["data"].as_array().context("no samples")?;
    assert_eq!(funnel["accepted"], accepted.len());
    assert!(!accepted.is_empty());
    let sample = accepted.first().context("nothing was accepted")?;
    let name = sample["id"].as_str().context("a sample without a name")?;
    assert_eq!(&service.get(&format!("/v1/samples/{name}")).await?, sample);

    // Its samples make a mix, once; the same again is no second one; another needs another name.
    let mix = |seed: u64| {
        json!({"name": "m", "seed": seed, "heldout": 0.2,
               "dataset": [{"name": "sums", "request": id, "weight": 1}]})
        .to_string()
    };
    let send = |seed| service.call(Method::POST, "/v1/mixes", &[JSON], mix(seed));
    let ((first, made), (second, again)) = (send(1).await?, send(1).await?);
    assert_eq!((first.as_u16(), second.as_u16()), (201, 200), "{again}");
    assert_eq!(made, again);
    let (status, problem) = send(2).await?;
    assert_eq!(status.as_u16(), 409, "{problem}");
    assert_eq!(problem["field"], "name");
    assert!(problem["remedy"].is_string(), "{problem}");
    assert_eq!(service.get("/v1/mixes/m").await?, made);
    Ok(())
}

/// Following `next` gives every entry once, in order, whatever the size of a page.
#[tokio::test(flavor = "multi_thread")]
async fn pages_are_without_gap_or_repetition() -> Result<()> {
    let data = TempDir::new()?;
    let model = Adder::start().await?;
    model.answer_all();
    let service = Service::start(data.path(), &model.model(), "")?;
    let mut ids = Vec::new();
    for n in 0..7 {
        ids.push(service.request(&json!({"jobs": [sums(n..n + 1, 1)]})).await?);
    }
    ids.reverse();
    let id = service.request(&json!({"jobs": [sums(0..13, 1)]})).await?;
    service.wait(&id, |_| false).await?;
    ids.insert(0, id.clone());
    let items: Vec<String> = (0..13).map(|item| item.to_string()).collect();
    for (path, field, expected) in [
        ("/v1/requests?".to_owned(), "id", &ids),
        (format!("/v1/requests/{id}/samples?"), "item", &items),
    ] {
        for limit in [1, 3, 4, 13, 500] {
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = service.get(&format!("{path}limit={limit}{cursor}")).await?;
                let entries = page["data"].as_array().context("a page without data")?;
                assert!(entries.len() <= limit, "{page}");
                let name = |entry: &Value| match &entry[field] {
                    Value::String(name) => name.clone(),
                    number => number.to_string(),
                };
                seen.extend(entries.iter().map(name));
                match page["next"].as_u64() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
            assert_eq!(&seen, expected, "{path} in pages of {limit}");
        }
    }
    Ok(())
}

/// Benchmarks are registered once, replaced on request and taken out, in columns that are named.
#[tokio::test(flavor = "multi_thread")]
async fn a_benchmark_from_its_registration_to_its_end() -> Result<()> {
    let data = TempDir::new()?;
    let service = Service::start(data.path(), NOBODY, "")?;
    let path = "/v1/benchmarks/rivers";
    let first = r#"{"key":"a","stem":"Which river flows through Ljubljana?","gold":"Sava"}"#;
    let other = r#"{"key":"b","stem":"Which river flows through Graz?","gold":"Mur"}"#;
    let columns = "?id=key&question=stem&answer=gold";
    let empty = service.get("/v1/benchmarks").await?;
    assert_eq!(empty["data"], json!([]));
    for (method, query, body, status) in [
        // None of the columns has a usual name.
        (Method::POST, "", first, 422),
        (Method::POST, columns, first, 201),
        (Method::POST, columns, first, 200),
        // Another file, or the same file read otherwise.
        (Method::POST, columns, other, 409),
        (Method::POST, "?question=stem&answer=gold", first, 409),
        (Method::PUT, columns, other, 200),
        (Method::PUT, columns, first, 200),
    ] {
        let (answered, answer) = service.call(method, &format!("{path}{query}"), &[], body).await?;
        assert_eq!(answered, status, "{query} {body}: {answer}");
        if status == 409 {
            assert_eq!(answer["field"], "name", "{answer}");
            assert!(answer["remedy"].as_str().context("no remedy")?.contains("PUT"), "{answer}");
        }
    }
    let one = service.get(path).await?;
    assert_eq!((&one["name"], &one["items"]), (&json!("rivers"), &json!(1)));
    let named = json!({"id": ["key"], "question": ["stem"], "answer": ["gold"]});
    assert_eq!(one["columns"], named);
    let full = service.get("/v1/benchmarks").await?;
    assert_eq!(full["data"], json!([one]));
    assert_ne!(full["version"], empty["version"]);
    let document = service.get("/openapi.json").await?;
    let schema = document.pointer("/components/schemas/Benchmark").context("no schema")?;
    holds(&document, schema, &one)?;
    let (status, _) = service.call(Method::DELETE, path, &[], "").await?;
    assert_eq!(status, 200);
    assert_eq!(service.get("/v1/benchmarks").await?, empty);
    Ok(())
}

/// The answers that say what the service is have what the OpenAPI document promises.
#[tokio::test(flavor = "multi_thread")]
async fn the_service_describes_itself() -> Result<()> {
    let data = TempDir::new()?;
    let service = Service::start(data.path(), NOBODY, "parallel = 3\n")?;
    assert_eq!(service.get("/healthz").await?["status"], "ok");
    assert_eq!(service.get("/readyz").await?, json!({"status": "ready"}));
    let document = service.get("/openapi.json").await?;
    assert_eq!(document["openapi"], "3.1.0");
    for path in ["/healthz", "/readyz", "/v1/models", "/v1/recipes", "/v1/benchmarks"] {
        let answer = service.get(path).await?;
        let pointer = format!("/paths/{}/get/responses/200/content", path.replace('/', "~1"));
        let schema = document.pointer(&pointer).with_context(|| format!("{path} has no schema"))?;
        let schema = &schema["application/json"]["schema"];
        holds(&document, schema, &answer).with_context(|| path.to_owned())?;
    }
    let models = service.get("/v1/models").await?;
    assert_eq!(models["data"][0]["name"], NOBODY);
    assert_eq!(models["data"][0]["parallel"], 3);
    let recipes = service.get("/v1/recipes").await?;
    let recipes = recipes["data"].as_array().context("recipes")?;
    let names: BTreeSet<&str> = recipes.iter().filter_map(|r| r["name"].as_str()).collect();
    assert!(names.is_superset(&["code.function", "math.word", "science.choice"].into()));
    Ok(())
}

/// Whether a value has the fields and types that a schema asks for, and no field it does not know.
fn holds(document: &Value, schema: &Value, value: &Value) -> Result<()> {
    if let Some(name) = schema["$ref"].as_str() {
        let pointer = name.trim_start_matches('#');
        return holds(document, document.pointer(pointer).context("a dangling $ref")?, value);
    }
    let fits = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_u64(),
        other => anyhow::bail!("a schema of type {other:?}"),
    };
    anyhow::ensure!(fits, "{value} is no {}", schema["type"]);
    for name in schema["required"].as_array().into_iter().flatten() {
        let name = name.as_str().unwrap_or_default();
        anyhow::ensure!(value.get(name).is_some(), "{name} is missing in {value}");
    }
    for (name, field) in value.as_object().into_iter().flatten() {
        let known = schema["properties"].get(name);
        holds(document, known.with_context(|| format!("{name} is not in the schema"))?, field)?;
    }
    for item in value.as_array().into_iter().flatten() {
        holds(document, &schema["items"], item)?;
    }
    Ok(())
}
