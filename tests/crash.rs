//! After `kill -9` in the middle of a request and a restart, the request ends as if nothing had
//! happened, and no reply that was given is asked for again.

use std::time::Duration;

use anyhow::{Context, Result};
use lehr_tests::{Adder, Service};
use serde_json::{Value, json};
use tempfile::TempDir;

const CONFIG: &str = "parallel = 4\n";

/// Sums, of which some are given twice: their samples are duplicates.
fn request() -> Value {
    let problem = |n: u64| {
        json!({
            "source": format!("crash test {n}"),
            "statement": format!("What is {} plus {}?", n + 11, 3 * n + 2),
            "expected": {"type": "answer", "answer": (4 * n + 13).to_string()},
        })
    };
    let once: Vec<Value> = (0..48).map(problem).collect();
    let again: Vec<Value> = (20..32).map(problem).collect();
    json!({
        "seed": 3,
        "jobs": [
            {"recipe": "math.word", "attempts": 2, "problems": once},
            {"recipe": "math.word", "attempts": 2, "problems": again},
        ],
    })
}

/// What a run ended with, apart from the names that differ between requests.
async fn outcome(service: &Service, id: &str) -> Result<(Value, Vec<Value>)> {
    let progress = service.get(&format!("/v1/requests/{id}")).await?;
    let page = service.get(&format!("/v1/requests/{id}/samples?limit=500")).await?;
    let mut samples = page["data"].as_array().context("no samples")?.clone();
    for sample in &mut samples {
        sample["id"] = Value::Null;
        sample["request"] = Value::Null;
        // A duplicate names the sample it repeats.
        sample["verdict"]["evidence"]["duplicate_of"] = Value::Null;
        if sample["settled"]["reason"] == "duplicate" {
            sample["verdict"]["reason"] = Value::Null;
        }
    }
    Ok((
        json!([progress["state"], progress["funnel"], progress["jobs"], progress["usage"]]),
        samples,
    ))
}

fn settled(progress: &Value) -> u64 {
    let count = |name: &str| progress["funnel"][name].as_u64().unwrap_or_default();
    count("planned") - count("pending")
}

fn adds_up(progress: &Value) -> bool {
    let funnel = &progress["funnel"];
    let all = |name: &str| -> u64 {
        funnel[name].as_object().into_iter().flatten().filter_map(|(_, n)| n.as_u64()).sum()
    };
    let count = |name: &str| funnel[name].as_u64().unwrap_or_default();
    count("planned") == count("accepted") + all("rejected") + all("failed") + count("pending")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_service_goes_on_where_it_was() -> Result<()> {
    let model = Adder::start(Duration::from_millis(40)).await?;

    let undisturbed = TempDir::new()?;
    let service = Service::start(undisturbed.path(), &model.model(), CONFIG)?;
    let id =
        service.post("/v1/requests", &request()).await?["id"].as_str().context("id")?.to_owned();
    service.wait(&id, |_| false).await?;
    let expected = outcome(&service, &id).await?;
    drop(service);
    let distinct = model.calls().len();
    assert_eq!(expected.0[0], "completed");
    for reason in ["wrong", "unparseable", "duplicate"] {
        assert_ne!(expected.0[1]["rejected"][reason], Value::Null, "{}", expected.0);
    }
    model.forget();

    let data = TempDir::new()?;
    let mut service = Service::start(data.path(), &model.model(), CONFIG)?;
    let id =
        service.post("/v1/requests", &request()).await?["id"].as_str().context("id")?.to_owned();
    let mut kills = 0;
    for more in [4, 9, 14] {
        let reached = service.wait(&id, |p| settled(p) >= more * 2).await?;
        assert!(adds_up(&reached), "{reached}");
        if reached["state"] == "running" {
            service.kill()?;
            kills += 1;
            service = Service::start(data.path(), &model.model(), CONFIG)?;
            let after = service.get(&format!("/v1/requests/{id}")).await?;
            assert!(adds_up(&after), "{after}");
            assert!(settled(&after) >= settled(&reached), "a settled item was lost: {after}");
        }
    }
    assert!(kills >= 2, "the request ended before it could be killed");
    service.wait(&id, |_| false).await?;
    let (progress, samples) = outcome(&service, &id).await?;
    assert_eq!(progress, expected.0);
    for (sample, expected) in samples.iter().zip(&expected.1) {
        assert_eq!(sample, expected);
    }
    assert_eq!(samples.len(), expected.1.len());

    // Only a call that was in flight at a kill may be answered twice.
    let calls = model.calls();
    let answered: u32 = calls.values().sum();
    assert_eq!(calls.len(), distinct);
    let in_flight = 4 * kills;
    assert!(answered as usize <= distinct + in_flight, "{answered} answers to {distinct} calls");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_request_stays_cancelled() -> Result<()> {
    let model = Adder::start(Duration::from_millis(40)).await?;
    let data = TempDir::new()?;
    let service = Service::start(data.path(), &model.model(), CONFIG)?;
    let id =
        service.post("/v1/requests", &request()).await?["id"].as_str().context("id")?.to_owned();
    service.wait(&id, |p| settled(p) >= 5).await?;
    let cancelled = service.post(&format!("/v1/requests/{id}/cancel"), &json!({})).await?;
    assert_eq!(cancelled["state"], "cancelled");
    service.kill()?;

    let service = Service::start(data.path(), &model.model(), CONFIG)?;
    let after = service.get(&format!("/v1/requests/{id}")).await?;
    assert_eq!(after["state"], "cancelled");
    assert!(adds_up(&after) && after["funnel"]["pending"] != 0, "{after}");
    model.forget();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(model.calls().is_empty(), "a cancelled request still calls the model");
    Ok(())
}
