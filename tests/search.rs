//! Finding samples, and texts about a topic.

use anyhow::{Context, Result};
use lehr_tests::{Adder, NOBODY, Service, error_of, lehr, sums};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Every hit of a search, page by page, with the total that the pages agree on.
async fn ids(service: &Service, query: &str) -> Result<Vec<String>> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = service.get(&format!("/v1/samples/search?limit=7{cursor}{query}")).await?;
        let hits = page["data"].as_array().context("no data")?;
        all.extend(hits.iter().filter_map(|hit| hit["id"].as_str()).map(str::to_owned));
        match page["next"].as_u64() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => {
                assert_eq!(page["total"], all.len(), "{page}");
                assert_eq!(page["behind"], 0, "{page}");
                return Ok(all);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn samples_are_found_by_what_they_say_and_are() -> Result<()> {
    let data = TempDir::new()?;
    let model = Adder::start().await?;
    model.answer_all();
    let service = Service::start(data.path(), &model.model(), "")?;
    let id = service.request(&json!({"jobs": [sums(0..30, 1)]})).await?;
    service.wait(&id, |_| false).await?;
    let funnel = service.get(&format!("/v1/requests/{id}/funnel")).await?;

    // Every sample is found once, and the counts are those of the funnel.
    let all = ids(&service, "").await?;
    assert_eq!(all.len(), 30);
    let page = service.get("/v1/samples/search?q=plus&limit=1").await?;
    assert_eq!(page["total"], 30);
    let count = |facet: &str, value: &str| -> u64 {
        let counts = page["facets"][facet].as_array().into_iter().flatten();
        let count = counts.filter(|count| count["value"] == value);
        count.filter_map(|count| count["count"].as_u64()).sum()
    };
    assert_eq!(funnel["accepted"], count("state", "accepted"));
    for state in ["rejected", "failed"] {
        for (reason, number) in funnel[state].as_object().into_iter().flatten() {
            assert_eq!(*number, count("state", &format!("{state}:{reason}")), "{reason}");
        }
    }
    assert_eq!(count("domain", "math"), 30);

    // Filters give what the listing of the request gives.
    let listed =
        service.get(&format!("/v1/requests/{id}/samples?state=accepted&limit=500")).await?;
    let mut listed: Vec<&str> =
        listed["data"].as_array().into_iter().flatten().filter_map(|s| s["id"].as_str()).collect();
    listed.sort_unstable();
    let mut found = ids(&service, &format!("&state=accepted&request={id}&domain=math")).await?;
    found.sort_unstable();
    assert_eq!(found, listed);

    // A phrase finds its sample and shows where it stands.
    let page = service.get("/v1/samples/search?q=%22what%20is%2015%20plus%2014%22").await?;
    assert_eq!(page["total"], 1, "{page}");
    let hit = &page["data"][0];
    let snippet = &hit["snippets"][0];
    assert_eq!(snippet["field"], "problem");
    let text = snippet["text"].as_str().context("no text")?;
    let at = |bound: &str| snippet["spans"][0][bound].as_u64().unwrap_or_default() as usize;
    assert_eq!(&text[at("start")..at("end")], "What");
    let sample = service.get(&format!("/v1/samples/{}", hit["id"].as_str().unwrap_or("?"))).await?;
    assert_eq!(sample["problem"]["statement"], "What is 15 plus 14?");
    assert!(hit["distance"].is_null() == sample["contamination"].is_null(), "{hit}");

    // Queries at fault are named as such.
    for (query, field) in [
        ("q=%22open", "q"),
        ("q=domian:math", "q"),
        ("q=***", "q"),
        ("state=done", "state"),
        ("min_distance=2", "min_distance"),
        ("limit=0", "limit"),
        ("cursor=10001", "cursor"),
        ("colour=red", "query"),
        ("verdict=right", "query"),
    ] {
        let path = format!("/v1/samples/search?{query}");
        let (status, problem) = service.call(Method::GET, &path, &[], "").await?;
        assert_eq!(
            (status.as_u16(), &problem["field"]),
            (422, &json!(field)),
            "{query}: {problem}"
        );
    }
    let long = format!("/v1/samples/search?q={}", "(*a".repeat(1500));
    let (status, problem) = service.call(Method::GET, &long, &[], "").await?;
    assert_eq!(status.as_u16(), 422, "{problem}");

    // The same from the command line.
    let search = |words: &[&str]| {
        lehr(data.path(), &[&["--server", service.address(), "sample", "search"], words].concat())
    };
    let output = search(&["plus", "--state", "accepted", "--limit", "1", "--json"])?;
    let found: Value = serde_json::from_slice(&output.stdout)?;
    assert_eq!(found["total"], funnel["accepted"]);
    let output = search(&["-plus"])?;
    assert!(output.status.success(), "{}", error_of(&output)?);
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("0 samples found"));
    let output = search(&["\"open"])?;
    assert_eq!(output.status.code(), Some(2));
    assert!(error_of(&output)?.contains("not closed"), "{}", error_of(&output)?);

    // Killed, the index goes on; taken away, it is made anew.
    service.kill()?;
    let service = Service::start(data.path(), NOBODY, "")?;
    assert_eq!(ids(&service, "").await?, all);
    service.kill()?;
    std::fs::remove_dir_all(data.path().join("search"))?;
    let service = Service::start(data.path(), NOBODY, "")?;
    assert_eq!(ids(&service, "").await?, all);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corpus_gives_what_is_about_a_topic() -> Result<()> {
    let home = TempDir::new()?;
    let path = |name: &str| home.path().join(name);
    let line = |id: &str, text: &str| json!({"id": id, "text": text}).to_string() + "\n";
    let good = line("p", "Prime numbers thin out.") + &line("w", "The weather is fine.");
    std::fs::write(path("good.jsonl"), good)?;
    std::fs::write(path("bad.jsonl"), line("x", "Prime numbers, again.") + "{\"id\": 1}\n")?;
    let run = |arguments: &[&str]| lehr(home.path(), &[&["corpus"], arguments].concat());
    for (arguments, status, parts) in [
        (&["import", "c", "good.jsonl", "bad.jsonl"][..], 2, &["bad.jsonl:2", "neither"][..]),
        (&["import", "c", "none.jsonl"], 2, &["none.jsonl"]),
        (&["import", "../c", "good.jsonl"], 2, &["../c", "letters"]),
        (&["find", "c", "primes", "--out", "o.jsonl"], 2, &["no corpus `c`"]),
        (&["remove", "c"], 2, &["no corpus `c`"]),
    ] {
        let output = run(arguments)?;
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {}", error_of(&output)?);
        for part in parts {
            assert!(error_of(&output)?.contains(part), "{arguments:?}: {}", error_of(&output)?);
        }
    }
    assert!(!path("o.jsonl").exists());
    let output = run(&["import", "c", "good.jsonl"])?;
    assert!(output.status.success(), "{}", error_of(&output)?);
    let output = run(&["find", "c", "prime number", "--out", "o.jsonl", "--json"])?;
    let summary: Value = serde_json::from_slice(&output.stdout)?;
    assert_eq!((&summary["documents"], &summary["searched"]), (&json!(1), &json!(2)));
    let found: Value = serde_json::from_str(&std::fs::read_to_string(path("o.jsonl"))?)?;
    assert_eq!((&found["id"], &found["text"]), (&json!("p"), &json!("Prime numbers thin out.")));
    assert_eq!(found["meta"]["terms"], json!(["prime", "number"]));

    // A service in the same data directory sees it too.
    let data = home.path().join("data");
    let service = Service::start(&data, NOBODY, "")?;
    assert_eq!(service.get("/v1/corpora").await?["data"][0]["documents"], 2);
    let found = service.get("/v1/corpora/c/find?topic=primes").await?;
    assert_eq!(found["data"][0]["id"], "p");
    assert_eq!(found["data"][0]["excerpt"]["text"], "Prime numbers thin out.");
    for (path, status) in [("x/find?topic=a", 404), ("c/find?topic=.", 422), ("c/find", 422)] {
        let path = format!("/v1/corpora/{path}");
        let (found, problem) = service.call(Method::GET, &path, &[], "").await?;
        assert_eq!(found.as_u16(), status, "{path}: {problem}");
    }
    let output = run(&["remove", "c"])?;
    assert!(output.status.success(), "{}", error_of(&output)?);
    assert_eq!(service.get("/v1/corpora").await?["data"], json!([]));
    Ok(())
}
