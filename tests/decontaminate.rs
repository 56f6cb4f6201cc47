//! Checks against benchmarks inside the service: a client's documents, and the samples of requests
//! with planted leaks, also when the service is killed in the middle.

use anyhow::{Context, Result};
use lehr_tests::{Adder, JSON, NOBODY, Service, adds_up, settled, sum_of, sums};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

/// An item of a benchmark. It has no digits, so that the adder gives sums behind it.
const STORY: &str = "The ferry to the outer islands carries lighthouse keepers on its upper deck and \
    crates of oranges below, and whenever a gale keeps it in the harbour overnight the keepers and \
    the captain share whatever oranges have come loose.";

async fn register(service: &Service, name: &str, items: &str) -> Result<()> {
    let path = format!("/v1/benchmarks/{name}");
    let (status, added) = service.call(Method::POST, &path, &[], items.to_owned()).await?;
    anyhow::ensure!(status.as_u16() == 201, "{status} {added}");
    Ok(())
}

fn story() -> String {
    json!({"id": "ferry", "question": STORY, "answer": "42"}).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_are_checked_in_their_order() -> Result<()> {
    let data = TempDir::new()?;
    let service = Service::start(data.path(), NOBODY, "[hygiene]\nmode = \"report\"\n")?;
    register(&service, "islands", &story()).await?;
    let shouted = STORY.to_uppercase();
    let documents = json!([
        {"id": "clean", "text": "What is 2 + 2?"},
        {"id": 7, "text": format!("é {STORY} The answer is 42."), "answer": "42"},
        {"id": "chat", "messages": [{"role": "user", "content": shouted},
                                    {"role": "assistant", "content": "42"}]},
        {"id": "empty", "text": ""},
        {"id": "own words", "text": format!("{STORY} What is 2 + 2?"), "template": STORY},
    ]);
    let ask = async |extra: Value| {
        let mut body = json!({ "documents": documents });
        if let Some(extra) = extra.as_object() {
            body.as_object_mut().context("an object")?.extend(extra.clone());
        }
        service.post("/v1/decontaminate", &body).await
    };
    let reported = ask(json!({})).await?;
    assert_eq!(reported["mode"], "report", "as configured");
    assert_eq!(reported["keep"], Value::Null);
    let dropped = ask(json!({"mode": "drop"})).await?;
    let contaminated: Vec<_> = ids(&dropped["documents"], |found| found["contaminated"] == true);
    assert_eq!(contaminated[..2], [json!(7), json!("chat")], "{dropped}");
    assert_eq!(dropped["summary"]["documents"], 5);
    assert_eq!(dropped["summary"]["contaminated"], contaminated.len());
    assert_eq!(dropped["documents"], reported["documents"]);
    let clean = ids(&dropped["documents"], |found| found["contaminated"] == false);
    assert_eq!(dropped["keep"], json!(clean));
    assert!(clean.contains(&json!("clean")) && clean.contains(&json!("empty")), "{dropped}");

    let found = &dropped["documents"][1];
    let nearest = &found["overlaps"][0];
    assert_eq!((&nearest["benchmark"], &nearest["item"]), (&json!("islands"), &json!("ferry")));
    assert_eq!((&nearest["condemns"], &nearest["kind"]), (&json!(true), &json!("words")));
    assert!(nearest["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{nearest}");
    // `é` is two bytes.
    assert_eq!(nearest["spans"][0]["start"], 3, "{nearest}");
    let registry = service.get("/v1/benchmarks").await?;
    assert_eq!(dropped["index_version"], registry["version"]);
    assert!(dropped["documents"].as_array().is_some_and(|all| all.iter().all(|found| {
        found["index_version"] == registry["version"] && found["rules"] == dropped["rules"]
    })));

    let many: Vec<Value> = (0..1001).map(|n| json!({"id": n, "text": ""})).collect();
    let body = json!({ "documents": many }).to_string();
    let (status, problem) = service.call(Method::POST, "/v1/decontaminate", &[JSON], body).await?;
    assert_eq!((status.as_u16(), &problem["field"]), (422, &json!("documents")), "{problem}");
    let long = json!({"documents": [{"id": 1, "text": "a".repeat((4 << 20) + 1)}]}).to_string();
    let (status, problem) = service.call(Method::POST, "/v1/decontaminate", &[JSON], long).await?;
    let field = &problem["field"];
    assert_eq!((status.as_u16(), field), (422, &json!("documents[0].text")), "{problem}");
    Ok(())
}

/// The identifiers of the findings that fit.
fn ids(findings: &Value, fits: impl Fn(&Value) -> bool) -> Vec<Value> {
    let all = findings.as_array().into_iter().flatten();
    all.filter(|found| fits(found)).map(|found| found["id"].clone()).collect()
}

/// A benchmark that takes a while to register.
fn large() -> String {
    let line = |n: u64| {
        let question = format!(
            "Warehouse {n} ships {} parcels a day to depot {}, and depot {} returns {} of them; how \
             many parcels stay with their receivers in a month of {} days?",
            n * 17 + 3,
            n % 91,
            n % 91,
            n % 13,
            28 + n % 4
        );
        json!({"id": n, "question": question}).to_string() + "\n"
    };
    (0..6000).map(line).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_benchmark_is_registered_whole_or_not_at_all() -> Result<()> {
    let version = async |service: &Service| {
        anyhow::Ok(service.get("/v1/benchmarks").await?["version"].clone())
    };
    let data = TempDir::new()?;
    let service = Service::start(data.path(), NOBODY, "")?;
    register(&service, "islands", &story()).await?;
    let before = version(&service).await?;
    let mut service = service;
    let mut seen = Vec::new();
    for pause in [0, 30, 100, 300] {
        let post = reqwest::Client::builder().no_proxy().build()?;
        let adding = post.post(format!("{}/v1/benchmarks/large", service.address())).body(large());
        let adding = tokio::spawn(adding.send());
        tokio::time::sleep(std::time::Duration::from_millis(pause)).await;
        service.kill()?;
        // It may have been answered before the kill.
        let _ = adding.await?;

        service = Service::start(data.path(), NOBODY, "")?;
        let registry = service.get("/v1/benchmarks").await?;
        let names = registry["data"].as_array().context("no list")?.len();
        assert_eq!(registry["version"] == before, names == 1, "{registry}");
        seen.push(registry["version"].clone());
        let documents = json!({"documents": [{"id": 1, "text": STORY}]});
        let found = service.post("/v1/decontaminate", &documents).await?;
        assert_eq!(found["summary"]["contaminated"], 1, "{found}");
    }
    // The last one may have been registered before the kill.
    if version(&service).await? == before {
        register(&service, "large", &large()).await?;
    }
    let after = version(&service).await?;
    assert_ne!(after, before);
    assert!(seen.iter().all(|version| [&before, &after].contains(&version)), "{seen:?}");
    let line = large().lines().nth(4321).map(str::to_owned).context("the benchmark is short")?;
    let item: Value = serde_json::from_str(&line)?;
    let documents = json!({"documents": [{"id": 1, "text": item["question"]}]});
    let found = service.post("/v1/decontaminate", &documents).await?;
    assert_eq!(found["documents"][0]["overlaps"][0]["item"], "4321", "{found}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn leaks_are_kept_out_whenever_the_service_is_killed() -> Result<()> {
    const ITEMS: u64 = 40;
    let mut job = sums(0..ITEMS, 1);
    let problems = job["problems"].as_array_mut().context("no problems")?;
    for problem in problems.iter_mut().step_by(5) {
        let statement = problem["statement"].as_str().unwrap_or_default();
        problem["statement"] = json!(format!("{STORY} {statement}"));
    }
    let request = json!({ "jobs": [job] });
    let model = Adder::start().await?;
    let outcome = async |service: &Service, id: &str| {
        let progress = service.get(&format!("/v1/requests/{id}")).await?;
        let path = format!("/v1/requests/{id}/samples?limit=500&state=rejected");
        let rejected = service.get(&path).await?["data"].take();
        anyhow::Ok((progress["funnel"].clone(), rejected))
    };

    let undisturbed = TempDir::new()?;
    let service = Service::start(undisturbed.path(), &model.model(), "parallel = 100\n")?;
    register(&service, "islands", &story()).await?;
    model.answer_all();
    let id = service.request(&request).await?;
    service.wait(&id, |_| false).await?;
    let (expected, _) = outcome(&service, &id).await?;
    assert_eq!(expected["rejected"]["contaminated"], ITEMS / 5, "{expected}");
    assert!(adds_up(&expected), "{expected}");
    assert_eq!(model.calls() as u64, ITEMS - ITEMS / 5, "no call is made for a leak");
    drop(service);

    model.answer_below(0);
    model.forget();
    let data = TempDir::new()?;
    let mut service = Service::start(data.path(), &model.model(), "parallel = 100\n")?;
    register(&service, "islands", &story()).await?;
    let id = service.request(&request).await?;
    for end in [7, 21, 33] {
        model.answer_below(sum_of(end));
        let reached = service.wait(&id, |progress| settled(progress) == end).await?;
        assert!(adds_up(&reached["funnel"]), "{reached}");
        service.kill()?;
        model.holds(0).await?;
        service = Service::start(data.path(), &model.model(), "parallel = 100\n")?;
    }
    model.answer_all();
    service.wait(&id, |_| false).await?;
    let (funnel, rejected) = outcome(&service, &id).await?;
    assert_eq!(funnel, expected);
    let registry = service.get("/v1/benchmarks").await?;
    let leaks = rejected.as_array().context("no samples")?.iter();
    for leak in leaks.filter(|sample| sample["settled"]["reason"] == "contaminated") {
        assert_eq!(leak["contamination"]["index_version"], registry["version"]);
        assert_eq!(leak["contamination"]["overlaps"][0]["item"], "ferry");
        assert_eq!(leak["attempts"], json!([]));
        assert_eq!(leak["messages"], json!([]));
    }
    Ok(())
}
