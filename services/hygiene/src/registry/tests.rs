#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

const ONE: &str = r#"{"id":"a","question":"A heron stood for twelve minutes in the shallow lagoon"}
{"id":"b","question":"Seven carpenters repaired the wooden bridge before winter came"}
"#;
const TWO: &str =
    r#"{"id":"c","question":"Violet lanterns floated above the harbour until the storm began"}"#;

struct Bench {
    dir: TempDir,
}

impl Bench {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    fn open(&self) -> BenchmarkRegistry {
        BenchmarkRegistry::open(self.dir.path().join("registry")).unwrap()
    }

    fn file(&self, content: &str) -> PathBuf {
        let path = self.dir.path().join("file.jsonl");
        fs::write(&path, content).unwrap();
        path
    }

    fn add(&self, name: &str, content: &str) -> Result<BenchmarkInfo, HygieneError> {
        self.open().add(name, self.file(content), &replacing()).map(Added::into_info)
    }
}

fn replacing() -> AddOptions {
    AddOptions { replace: true, ..AddOptions::default() }
}

fn names(registry: &BenchmarkRegistry) -> Vec<(String, u64)> {
    registry.list().unwrap().into_iter().map(|info| (info.name, info.items)).collect()
}

fn flags(registry: &BenchmarkRegistry, content: &str) -> Vec<bool> {
    let question = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        value["question"].as_str().unwrap().to_owned()
    };
    content.lines().map(|line| registry.check(&question(line)).unwrap().contaminated).collect()
}

#[test]
fn benchmarks_are_added_replaced_and_removed() {
    let bench = Bench::new();
    let registry = bench.open();
    let empty = registry.version().unwrap();
    assert_eq!(flags(&registry, ONE), [false, false]);

    let info = registry.add("one", bench.file(ONE), &replacing()).unwrap().into_info();
    assert_eq!((info.items, info.sha256.clone()), (2, Digest::of_bytes(ONE.as_bytes())));
    registry.add("two", bench.file(TWO), &replacing()).unwrap();
    assert_eq!(names(&registry), [("one".into(), 2), ("two".into(), 1)]);
    assert_eq!((flags(&registry, ONE), flags(&registry, TWO)), (vec![true, true], vec![true]));
    let both = registry.version().unwrap();

    registry.add("one", bench.file(TWO), &replacing()).unwrap();
    assert_eq!(names(&registry), [("one".into(), 1), ("two".into(), 1)]);
    assert_eq!((flags(&registry, ONE), flags(&registry, TWO)), (vec![false, false], vec![true]));
    assert_ne!(registry.version().unwrap(), both);

    registry.add("one", bench.file(ONE), &replacing()).unwrap();
    assert_eq!(registry.version().unwrap(), both);
    assert_eq!(registry.remove("one").unwrap(), info);
    assert_eq!(registry.remove("two").unwrap().items, 1);
    assert_eq!(registry.version().unwrap(), empty);
    assert_eq!((flags(&registry, ONE), flags(&registry, TWO)), (vec![false, false], vec![false]));
    assert!(matches!(registry.remove("one"), Err(HygieneError::UnknownBenchmark { .. })));
}

#[test]
fn the_registry_outlives_the_process() {
    let bench = Bench::new();
    bench.add("one", ONE).unwrap();
    let version = bench.open().version().unwrap();
    bench.add("two", TWO).unwrap();
    let registry = bench.open();
    assert_eq!(names(&registry), [("one".into(), 2), ("two".into(), 1)]);
    assert_ne!(registry.version().unwrap(), version);
    assert_eq!((flags(&registry, ONE), flags(&registry, TWO)), (vec![true, true], vec![true]));
}

#[test]
fn a_change_by_another_is_seen_at_the_next_check() {
    let bench = Bench::new();
    let (reader, writer) = (bench.open(), bench.open());
    assert_eq!(flags(&reader, TWO), [false]);
    writer.add("two", bench.file(TWO), &replacing()).unwrap();
    assert_eq!(flags(&reader, TWO), [true]);
    assert_eq!(reader.version().unwrap(), writer.version().unwrap());
    writer.remove("two").unwrap();
    assert_eq!(flags(&reader, TWO), [false]);
}

#[test]
fn a_view_stays_as_it_is() {
    let bench = Bench::new();
    let registry = bench.open();
    let view = registry.view().unwrap();
    registry.add("two", bench.file(TWO), &replacing()).unwrap();
    let text = "Violet lanterns floated above the harbour until the storm began";
    assert!(!view.check(text).unwrap().contaminated);
    assert_ne!(*view.version(), registry.version().unwrap());
    assert!(registry.view().unwrap().check(text).unwrap().contaminated);
}

#[test]
fn one_writes_while_all_may_read() {
    let bench = Bench::new();
    let (first, second) = (bench.open(), bench.open());
    first.add("one", bench.file(ONE), &replacing()).unwrap();
    let lock: IndexWriter = first.index.writer_with_num_threads(1, WRITER_BYTES).unwrap();
    let error = second.add("two", bench.file(TWO), &replacing()).unwrap_err();
    assert!(matches!(&error, HygieneError::Busy { .. }), "{error}");
    assert_eq!(flags(&second, ONE), [true, true]);
    drop(lock);
    second.add("two", bench.file(TWO), &replacing()).unwrap();
    assert_eq!(flags(&first, TWO), [true]);
}

#[test]
fn a_failed_change_leaves_all_as_it_was() {
    let bench = Bench::new();
    let registry = bench.open();
    registry.add("one", bench.file(ONE), &replacing()).unwrap();
    let before = (registry.version().unwrap(), names(&registry));
    for content in ["", "{}", "not json", &format!("{TWO}\n{{\"question\":"), &format!("{TWO}\n[]")]
    {
        assert!(registry.add("one", bench.file(content), &replacing()).is_err(), "{content:?}");
    }
    assert!(registry.add("one", bench.dir.path().join("absent"), &replacing()).is_err());
    for name in ["", "a/b", "..", "-a", "ü", &"x".repeat(65)] {
        let error = registry.add(name, bench.file(TWO), &replacing()).unwrap_err();
        assert!(matches!(error, HygieneError::Name { .. }), "{name:?}");
    }
    let killed = registry.change(|writer| {
        writer.delete_all_documents().unwrap();
        Err::<(Commit, ()), _>(registry.failed("change", TantivyError::Poisoned))
    });
    assert!(killed.is_err());
    for registry in [&registry, &bench.open()] {
        assert_eq!((registry.version().unwrap(), names(registry)), before);
        assert_eq!((flags(registry, ONE), flags(registry, TWO)), (vec![true, true], vec![false]));
    }
}

#[test]
fn a_registry_of_another_layout_is_refused() {
    let bench = Bench::new();
    let dir = bench.dir.path().join("registry");
    fs::create_dir(&dir).unwrap();
    let mut schema = tantivy::schema::Schema::builder();
    schema.add_text_field("other", tantivy::schema::STORED);
    Index::create_in_dir(&dir, schema.build()).unwrap();
    let error = BenchmarkRegistry::open(&dir).unwrap_err();
    assert!(matches!(&error, HygieneError::Incompatible { .. }), "{error}");
    fs::write(dir.join("meta.json"), "torn").unwrap();
    assert!(BenchmarkRegistry::open(&dir).is_err());
}

#[test]
fn a_lost_index_is_an_error_and_not_a_clean_text() {
    let bench = Bench::new();
    let registry = bench.open();
    registry.add("one", bench.file(ONE), &replacing()).unwrap();
    fs::remove_dir_all(bench.dir.path().join("registry")).unwrap();
    assert!(registry.check("any text at all").is_err());
}

#[test]
fn threads_share_a_registry() {
    let bench = Bench::new();
    let registry = bench.open();
    registry.add("one", bench.file(ONE), &replacing()).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(flags(&registry, ONE), [true, true]));
        }
        registry.add("two", bench.file(TWO), &replacing()).unwrap();
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// Neither the order of benchmarks, nor of items, nor what was there before matters; any other
    /// difference does.
    #[test]
    fn the_version_is_that_of_the_content(
        contents in prop::collection::vec("[a-c]{1,3}", 1..4),
        turn in 0usize..4,
        with_history in any::<bool>(),
    ) {
        let lines: Vec<_> = contents.iter().enumerate()
            .map(|(at, text)| format!(r#"{{"id":{at},"text":"{text}"}}"#)).collect();
        let mut turned = lines.clone();
        turned.rotate_left(turn % lines.len());
        let (left, right) = (Bench::new(), Bench::new());
        left.add("x", &lines.join("\n")).unwrap();
        left.add("y", TWO).unwrap();
        if with_history {
            right.add("x", ONE).unwrap();
            right.add("z", TWO).unwrap();
            right.open().remove("z").unwrap();
        }
        right.add("y", TWO).unwrap();
        right.add("x", &turned.join("\n\n")).unwrap();
        let version = left.open().version().unwrap();
        prop_assert_eq!(&version, &right.open().version().unwrap());
        right.add("x", &format!("{}\n{{\"text\":\"more\"}}", lines.join("\n"))).unwrap();
        prop_assert_ne!(version, right.open().version().unwrap());
    }
}
