//! After `kill -9` in the middle of a request and a restart, the request ends as if nothing had
//! happened, and no reply that was given is asked for again.

use anyhow::{Context, Result};
use lehr_tests::{Adder, Service, adds_up, settled, sum_of, sums};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Every call of a request at once: what the model holds keeps nothing else from being answered.
const CONFIG: &str = "parallel = 100\n";

/// The sums of the request, in the order of its plan. Some are given twice: their samples are
/// duplicates. The least come last: they are answered first, and settled after all others.
fn numbers() -> impl Iterator<Item = u64> {
    (FIRST..48).chain(20..32).chain(0..FIRST)
}

/// The first sum of the plan.
const FIRST: u64 = 8;

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

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_service_goes_on_where_it_was() -> Result<()> {
    let request = json!({"seed": 3, "jobs": [sums(numbers(), 2)]});

    let undisturbed = TempDir::new()?;
    let model = Adder::start().await?;
    model.answer_all();
    let service = Service::start(undisturbed.path(), &model.model(), CONFIG)?;
    let id = service.request(&request).await?;
    service.wait(&id, |_| false).await?;
    let expected = outcome(&service, &id).await?;
    drop(service);
    let distinct = model.calls();
    assert_eq!(expected.0[0], "completed");
    for reason in ["wrong", "unparseable", "duplicate"] {
        assert_ne!(expected.0[1]["rejected"][reason], Value::Null, "{}", expected.0);
    }

    model.answer_below(0);
    model.forget();
    let data = TempDir::new()?;
    let mut service = Service::start(data.path(), &model.model(), CONFIG)?;
    let id = service.request(&request).await?;
    for end in [15, 34, 47] {
        model.answer_below(sum_of(end));
        // The item after them is held, and every item behind it waits.
        let reached = service.wait(&id, |progress| settled(progress) == end - FIRST).await?;
        assert_eq!(reached["state"], "running", "{reached}");
        assert!(adds_up(&reached["funnel"]), "{reached}");
        service.kill()?;
        model.holds(0).await?;

        service = Service::start(data.path(), &model.model(), CONFIG)?;
        let after = service.get(&format!("/v1/requests/{id}")).await?;
        assert!(adds_up(&after["funnel"]), "{after}");
        assert_eq!(after["funnel"], reached["funnel"]);
    }
    model.answer_all();
    service.wait(&id, |_| false).await?;
    let (progress, samples) = outcome(&service, &id).await?;
    assert_eq!(progress, expected.0);
    for (sample, expected) in samples.iter().zip(&expected.1) {
        assert_eq!(sample, expected);
    }
    assert_eq!(samples.len(), expected.1.len());

    // A reply that was journaled was asked for once. Those of the last items may have been on their
    // way at a kill; all others were settled before it, or held.
    assert_eq!(model.calls(), distinct);
    let repeated = model.repeated();
    assert!(repeated.iter().all(|sum| *sum < sum_of(FIRST)), "{repeated:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_request_stays_cancelled() -> Result<()> {
    const SETTLED: u64 = 7;
    let data = TempDir::new()?;
    let model = Adder::start().await?;
    let service = Service::start(data.path(), &model.model(), CONFIG)?;
    let id = service.request(&json!({"jobs": [sums(0..24, 1)]})).await?;
    model.answer_below(sum_of(SETTLED));
    service.wait(&id, |progress| settled(progress) == SETTLED).await?;
    let cancelled = service.post(&format!("/v1/requests/{id}/cancel"), &json!({})).await?;
    assert_eq!(cancelled["state"], "cancelled");
    assert_eq!(cancelled["funnel"]["pending"], 24 - SETTLED, "{cancelled}");
    assert!(adds_up(&cancelled["funnel"]), "{cancelled}");
    model.holds(0).await?;
    service.kill()?;

    model.answer_all();
    model.forget();
    let service = Service::start(data.path(), &model.model(), CONFIG)?;
    // Were the cancelled request gone on with, its calls would come before those of this one.
    let other = service.request(&json!({"jobs": [sums(100..101, 1)]})).await?;
    service.wait(&other, |_| false).await?;
    assert_eq!(model.calls(), 1, "a cancelled request still calls the model");
    let after = service.get(&format!("/v1/requests/{id}")).await?;
    for part in ["state", "funnel", "jobs", "usage"] {
        assert_eq!(after[part], cancelled[part], "{part}");
    }
    Ok(())
}
