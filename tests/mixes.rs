//! Mixes over the whole product: after `kill -9` in the middle of one there is none of it, and the
//! same command makes it whole; and what people and programs can ask of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use lehr_tests::{NOBODY, Service, error_of, lehr};
use reqwest::Method;
use serde_json::json;
use tempfile::TempDir;

/// Enough documents for some seconds of work.
const DOCUMENTS: usize = 40_000;

/// Writes documents of different words, and a recipe that mixes them.
fn source(home: &Path) -> Result<()> {
    let data = home.join("data-in");
    std::fs::create_dir(&data)?;
    let mut state = 1u64;
    for part in 0..4 {
        let mut lines = String::new();
        for _ in 0..DOCUMENTS / 4 {
            let mut text = String::new();
            for _ in 0..60 {
                // Knuth's linear congruential generator of 64 bits.
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                write!(text, "w{} ", state >> 48)?;
            }
            writeln!(lines, "{}", json!({ "text": text }))?;
        }
        std::fs::write(data.join(format!("{part}.jsonl")), lines)?;
    }
    let recipe = format!(
        "name = \"big\"\nseed = 3\nheldout = 0.01\n[[dataset]]\nname = \"all\"\nweight = 1\npath = {:?}\n",
        data.display().to_string()
    );
    Ok(std::fs::write(home.join("big.toml"), recipe)?)
}

/// The names of a directory's entries; none when it is not there.
fn names(directory: &Path) -> Vec<String> {
    let entries = directory.read_dir().into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn bytes(directory: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let read = |name: String| Ok((name.clone(), std::fs::read(directory.join(name))?));
    names(directory).into_iter().map(read).collect()
}

fn start(home: &Path, data: &str) -> Result<Service> {
    let config = format!("import_dirs = [{:?}]\n", home.display().to_string());
    Service::start(&home.join(data), NOBODY, &config)
}

/// `lehr mix create -f big.toml`, with what it says on failure.
fn create(home: &Path, service: &Service) -> Result<()> {
    let made = lehr(home, &["--server", service.address(), "mix", "create", "-f", "big.toml"])?;
    ensure!(made.status.success(), "{}", error_of(&made)?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mix_that_was_killed_is_made_whole() -> Result<()> {
    let home = TempDir::new()?;
    source(home.path())?;
    let undisturbed = start(home.path(), "calm")?;
    let began = Instant::now();
    create(home.path(), &undisturbed)?;
    let whole = began.elapsed();
    let expected = bytes(&home.path().join("calm/mixes/big"))?;
    ensure!(expected.contains_key("card.html"), "{:?}", expected.keys());
    drop(undisturbed);

    // While documents are read, while they are written, and wherever between.
    let mixes = home.path().join("data/mixes");
    for part in [0.15, 0.5, 0.8] {
        let service = start(home.path(), "data")?;
        let address = service.address().to_owned();
        let place = home.path().to_owned();
        let client = std::thread::spawn(move || {
            lehr(&place, &["--server", &address, "mix", "create", "-f", "big.toml"])
        });
        tokio::time::sleep(whole.mul_f64(part).max(Duration::from_millis(50))).await;
        service.kill()?;
        let ended = client.join().ok().context("the client panicked")??;
        if !ended.status.success() {
            error_of(&ended)?;
            ensure!(!mixes.join("big").exists(), "a mix that was not finished has its name");
        } else {
            // This machine was faster than before; the mix is whole, and must go for the next turn.
            assert_eq!(bytes(&mixes.join("big"))?, expected);
            std::fs::remove_dir_all(mixes.join("big"))?;
        }
    }
    let service = start(home.path(), "data")?;
    create(home.path(), &service)?;
    assert_eq!(names(&mixes), ["big"], "something is left over");
    assert_eq!(bytes(&mixes.join("big"))?, expected);
    // The same again is no second one.
    create(home.path(), &service)?;
    assert_eq!(service.get("/v1/mixes").await?["data"].as_array().map(Vec::len), Some(1));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mix_is_sent_as_toml_shown_and_has_a_card() -> Result<()> {
    let home = TempDir::new()?;
    let data = home.path().join("a.jsonl");
    std::fs::write(&data, "{\"text\":\"one two three\"}\n{\"text\":\"four five six\"}\n")?;
    let service = start(home.path(), "data")?;
    let path = data.display().to_string();
    let toml = format!("name = \"m\"\n[[dataset]]\nname = \"a\"\nweight = 1\npath = {path:?}\n");
    let kind = [("Content-Type", "application/toml")];
    let send = |body: String| service.call(Method::POST, "/v1/mixes", &kind, body);
    for (body, status, field) in [
        (toml.clone(), 201, None),
        (toml.clone(), 200, None),
        ("name = ".to_owned(), 400, None),
        (toml.replace("[[dataset]]", "sed = 1\n[[dataset]]"), 422, Some("sed")),
        (toml.replace("\"m\"", "\"n\"").replace("weight", "tokens"), 201, None),
        (
            toml.replace("\"m\"", "\"o\"").replace("weight = 1", "tokens = 99"),
            422,
            Some("target_tokens"),
        ),
        (
            toml.replace("\"m\"", "\"o\"").replace(&format!("path = {path:?}"), "mix = \"none\""),
            422,
            Some("dataset.a"),
        ),
        (
            toml.replace("\"m\"", "\"o\"").replace(&format!("path = {path:?}"), "mix = \"o\""),
            422,
            Some("dataset"),
        ),
    ] {
        let (given, answer) = send(body.clone()).await?;
        assert_eq!(given.as_u16(), status, "{body}: {answer}");
        assert_eq!(answer["field"].as_str(), field, "{body}: {answer}");
    }
    let (_, short) =
        send(toml.replace("\"m\"", "\"o\"").replace("weight = 1", "tokens = 99")).await?;
    let detail = short["detail"].as_str().unwrap_or_default();
    assert!(
        detail.contains("should give 99 tokens and has 8") && detail.contains("91 are missing"),
        "{short}"
    );

    let card = reqwest::get(format!("{}/v1/mixes/m/card", service.address())).await?;
    assert_eq!(card.headers()["content-type"], "text/html; charset=utf-8");
    assert!(card.text().await?.contains("<svg"));
    let shown = lehr(home.path(), &["--server", service.address(), "mix", "show", "m"])?;
    let shown = String::from_utf8(shown.stdout)?;
    assert!(shown.contains("card.html") && shown.contains("2 documents"), "{shown}");
    let example = lehr(home.path(), &["mix", "example"])?;
    assert!(String::from_utf8(example.stdout)?.contains("weight = 64.65"));
    std::fs::remove_dir_all(home.path().join("data/mixes/m"))?;
    let (gone, _) = service.call(Method::GET, "/v1/mixes/m/card", &[], "").await?;
    assert_eq!(gone.as_u16(), 410);
    Ok(())
}
