//! Changes that end with the process.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::*;

/// Names the directory to the process that is killed.
const VICTIM: &str = "LEHR_HYGIENE_TEST_VICTIM";

/// A benchmark of `items` items.
fn many(word: &str, items: usize) -> String {
    let line = |at: usize| {
        format!(
            r#"{{"id":{at},"question":"Crate {at} of {word} holds {} lanterns and a map"}}"#,
            at * 7
        )
    };
    (0..items).map(line).collect::<Vec<_>>().join("\n")
}

/// The process that is killed: adds now one, now the other benchmark for ever. Does nothing in a
/// plain run of the tests.
#[test]
fn victim() {
    let Some(dir) = std::env::var_os(VICTIM).map(PathBuf::from) else { return };
    let registry = BenchmarkRegistry::open(dir.join("registry")).unwrap();
    for round in 0..10_000 {
        let file = dir.join(["a.jsonl", "b.jsonl"][round % 2]);
        registry.add("big", file, &replacing()).unwrap();
        fs::write(dir.join("started"), "").unwrap();
    }
}

#[test]
fn a_killed_change_is_whole_or_has_not_been() {
    let bench = Bench::new();
    let dir = bench.dir.path();
    let (a, b) = (many("apples", 3000), many("brushes", 2000));
    fs::write(dir.join("a.jsonl"), &a).unwrap();
    fs::write(dir.join("b.jsonl"), &b).unwrap();
    bench.add("one", ONE).unwrap();
    let version_with = |content: &str| {
        bench.add("big", content).unwrap();
        bench.open().version().unwrap()
    };
    let versions = [version_with(&a), version_with(&b)];
    for round in 0..6 {
        let started = dir.join("started");
        fs::remove_file(&started).ok();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "registry::tests::killed::victim"])
            .env(VICTIM, dir)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let patience = Instant::now();
        while !started.exists() && patience.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(5));
        }
        // Somewhere in the next change, or between two.
        std::thread::sleep(Duration::from_millis(17 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(started.exists(), "the process made no change");

        let registry = bench.open();
        let version = registry.version().unwrap();
        let state = versions.iter().position(|known| *known == version);
        let state = state.unwrap_or_else(|| panic!("a state in between: {:?}", names(&registry)));
        let items = [3000, 2000][state];
        assert_eq!(names(&registry), [("big".into(), items), ("one".into(), 2)]);
        let last = format!(
            "Crate {} of {} holds {} lanterns and a map",
            items - 1,
            ["apples", "brushes"][state],
            (items - 1) * 7
        );
        assert!(registry.check(&last).unwrap().contaminated, "{last}");
        assert_eq!(flags(&registry, ONE), [true, true]);
        // The lock has gone with the process, and what it wrote in vain goes with the next change.
        registry.add("two", bench.file(TWO), &replacing()).unwrap();
        assert_eq!(flags(&registry, TWO), [true]);
        registry.remove("two").unwrap();
        assert_eq!(registry.version().unwrap(), version);
    }
    let left = fs::read_dir(dir.join("registry")).unwrap().count();
    let fresh = Bench::new();
    fresh.add("one", ONE).unwrap();
    let usual = fs::read_dir(fresh.dir.path().join("registry")).unwrap().count();
    assert!(left <= 3 * usual, "{left} files, {usual} in a registry that nobody killed");
}
