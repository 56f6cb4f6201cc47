//! Every bad command line, configuration or file gets one clear error and the right exit status,
//! and leaves everything as it was.

use std::process::Output;

use anyhow::Result;
use lehr_tests::{NOBODY, Service, Tree, error_of, lehr};
use serde_json::{Value, json};
use tempfile::TempDir;

#[test]
fn bad_input_is_named_and_leaves_everything_as_it_was() -> Result<()> {
    let home = TempDir::new()?;
    let path = |name: &str| home.path().join(name);
    std::fs::write(path("config.toml"), "colour = 1\n")?;
    std::fs::write(path("damaged.gguf"), b"GGUF and then nothing that makes sense")?;
    std::fs::write(path("request.toml"), "colour = 1\n")?;
    std::fs::write(path("two.toml"), "[[jobs]]\nrecipe = \"a\"\n[[jobs]]\nrecipe = \"b\"\n")?;
    std::fs::write(path("mix.json"), "{\"name\": \"m\"}")?;
    std::fs::write(path("bad.jsonl"), "{\"question\": \"a\"}\n{\n")?;
    std::fs::create_dir(path("there"))?;
    // The first start makes the data directory.
    lehr(home.path(), &["benchmark", "list"])?;
    lehr(home.path(), &["serve", "--listen", "127.0.0.1:0", "--model", "replay:none.jsonl"])?;
    let before = Tree::of(home.path())?;

    let run = |arguments: &[&str]| lehr(home.path(), arguments);
    let serve = |more: &[&str]| run(&[&["serve", "--listen", "127.0.0.1:0"], more].concat());
    let add = |more: &[&str]| run(&[&["benchmark", "add", "b"], more].concat());
    let nobody = "http://127.0.0.1:9";
    let cases: Vec<(&str, Output, i32, &[&str])> = vec![
        ("unknown command", run(&["anneal"])?, 2, &["anneal"]),
        ("unknown key", serve(&["--config", "config.toml"])?, 2, &["config.toml", "colour"]),
        ("no config", serve(&["--config", "none.toml"])?, 2, &["none.toml"]),
        ("no such model", serve(&["--model", "gpt"])?, 2, &["gpt", "default"]),
        ("model not pulled", serve(&["--model", "default"])?, 1, &["lehr model pull"]),
        ("model file missing", serve(&["--model", "missing.gguf"])?, 1, &["missing.gguf"]),
        ("model file damaged", serve(&["--model", "damaged.gguf"])?, 1, &["damaged.gguf"]),
        ("recording missing", serve(&["--model", "replay:none.jsonl"])?, 1, &["none.jsonl"]),
        (
            "bad request file",
            run(&["request", "create", "-f", "request.toml"])?,
            2,
            &["request.toml", "colour"],
        ),
        (
            "problems for two jobs",
            run(&["request", "create", "-f", "two.toml", "--problems", "bad.jsonl"])?,
            2,
            &["two.toml", "one job"],
        ),
        ("bad mix file", run(&["mix", "create", "-f", "mix.json"])?, 2, &["mix.json", "dataset"]),
        (
            "no service",
            run(&["--server", nobody, "request", "list"])?,
            1,
            &["127.0.0.1:9", "lehr serve"],
        ),
        // A service that is named is meant: no other registry is taken in its place.
        ("no service", run(&["--server", nobody, "benchmark", "list"])?, 1, &["127.0.0.1:9"]),
        (
            "two registries",
            run(&["--server", nobody, "--data-dir", "data", "benchmark", "list"])?,
            2,
            &["--server", "--data-dir"],
        ),
        ("bad benchmark", add(&["bad.jsonl"])?, 2, &["bad.jsonl:2"]),
        ("no benchmark file", add(&["none.jsonl"])?, 2, &["none.jsonl"]),
        ("demo directory", run(&["demo", "--out", "there"])?, 2, &["there exists", "--out"]),
        ("demo data", run(&["demo", "--data-dir", "data"])?, 2, &["--data-dir", "--out"]),
        ("demo service", run(&["demo", "--server", nobody])?, 2, &["--server"]),
    ];
    for (name, output, status, parts) in cases {
        let error = error_of(&output)?;
        assert_eq!(output.status.code(), Some(status), "{name}: {error}");
        for part in parts {
            assert!(error.contains(part), "{name}: {part:?} is not in: {error}");
        }
    }
    assert_eq!(before.changes(&Tree::of(home.path())?), Vec::<String>::new());
    Ok(())
}

/// What only the service can see has the status of what can be seen before.
#[tokio::test(flavor = "multi_thread")]
async fn the_service_refuses_through_the_command_line() -> Result<()> {
    let home = TempDir::new()?;
    let path = |name: &str| home.path().join(name);
    std::fs::write(path("request.toml"), "[[jobs]]\nrecipe = \"math.nothing\"\ncount = 1\n")?;
    std::fs::write(path("bad.jsonl"), "{\"question\": \"a\"}\n{\n")?;
    std::fs::write(path("good.jsonl"), "{\"question\": \"How many legs has a spider?\"}\n")?;
    let service = Service::start(&path("served"), NOBODY, "")?;
    let run = |arguments: &[&str]| {
        lehr(home.path(), &[&["--server", service.address()], arguments].concat())
    };
    for (arguments, status, parts) in [
        (
            &["request", "create", "-f", "request.toml"][..],
            2,
            &["jobs[0].recipe", "math.nothing"][..],
        ),
        // The user's file, and not the one that holds the body over there.
        (&["benchmark", "add", "b", "bad.jsonl"], 2, &["register bad.jsonl", "the body, line 2"]),
        (&["request", "watch", "req-none"], 1, &["req-none"]),
    ] {
        let output = run(arguments)?;
        let error = error_of(&output)?;
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {error}");
        for part in parts {
            assert!(error.contains(part), "{arguments:?}: {part:?} is not in: {error}");
        }
        assert!(!error.contains("/tmp"), "{error}");
    }

    // With a service named, the benchmark goes there; else to the data directory.
    let added = run(&["benchmark", "add", "b", "good.jsonl"])?;
    assert!(added.status.success(), "{}", error_of(&added)?);
    assert!(error_of(&added)?.contains(service.address()));
    assert_eq!(service.get("/v1/benchmarks").await?["data"][0]["name"], "b");
    let here = lehr(home.path(), &["benchmark", "list", "--json"])?;
    assert!(error_of(&here)?.contains(&path("data").display().to_string()));
    assert_eq!(serde_json::from_slice::<Value>(&here.stdout)?, json!([]));
    Ok(())
}

#[test]
fn a_data_directory_serves_one_process() -> Result<()> {
    let home = TempDir::new()?;
    let data = home.path().join("data");
    let _service = Service::start(&data, NOBODY, "")?;
    let output = lehr(home.path(), &["serve", "--listen", "127.0.0.1:0", "--model", NOBODY])?;
    let error = error_of(&output)?;
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains("in use") && error.contains("--data-dir"), "{error}");
    Ok(())
}

/// The report of a check is as readable as any file of the user's.
#[test]
fn a_hygiene_report_can_be_read_by_others() -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let home = TempDir::new()?;
    std::fs::write(home.path().join("documents.jsonl"), "{\"id\": \"1\", \"text\": \"a b\"}\n")?;
    let check = ["hygiene", "check", "documents.jsonl", "--out", "report.jsonl"];
    let output = lehr(home.path(), &check)?;
    assert!(output.status.success(), "{}", error_of(&output)?);
    let mode =
        |name: &str| -> Result<u32> { Ok(home.path().join(name).metadata()?.permissions().mode()) };
    assert_eq!(mode("report.jsonl")?, mode("documents.jsonl")?);
    Ok(())
}
