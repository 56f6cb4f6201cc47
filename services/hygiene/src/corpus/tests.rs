use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;

struct Bench {
    home: TempDir,
    corpora: Corpora,
}

impl Bench {
    fn new() -> Self {
        let home = TempDir::new().unwrap();
        let corpora = Corpora::open(home.path().join("corpora")).unwrap();
        Self { home, corpora }
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.home.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }

    fn texts(&self, name: &str, texts: &[&str]) -> PathBuf {
        let lines: Vec<String> =
            texts.iter().map(|text| json!({"text": text}).to_string()).collect();
        self.file(name, lines.join("\n"))
    }

    fn found(&self, topic: &[&str], limits: &RecallLimits) -> Vec<Value> {
        let mut all = Vec::new();
        let corpus = self.corpora.get("c").unwrap();
        let summary = corpus
            .find(&Topic::new(topic).unwrap(), limits, |document| {
                all.push(document.into_json("c"));
                Ok::<_, CorpusError>(())
            })
            .unwrap();
        assert_eq!(summary.documents, all.len() as u64);
        all
    }
}

fn texts(found: &[Value]) -> Vec<&str> {
    found.iter().map(|document| document["text"].as_str().unwrap()).collect()
}

const TEXTS: [&str; 5] = [
    "The theory of prime numbers is old.",
    "A number is prime when nothing divides it; primes thin out.",
    "The weather in the old town is fine.",
    "Numbers of visitors: a prime minister came.",
    "素数的分布是数论的问题。",
];

#[test]
fn a_topic_finds_what_is_about_it_with_the_reason() {
    let bench = Bench::new();
    let file = bench.texts("a.jsonl", &TEXTS);
    let imported = bench.corpora.import("c", &[&file]).unwrap();
    assert_eq!((imported.documents, imported.files), (5, 1));
    let best = RecallLimits { limit: Some(10), ..RecallLimits::default() };
    let found = bench.found(&["prime numbers"], &best);
    assert_eq!(texts(&found), [TEXTS[0], TEXTS[1], TEXTS[3]]);
    let meta = &found[0]["meta"];
    assert_eq!(meta["terms"], json!(["prime", "numbers"]));
    assert_eq!(meta["phrases"], json!(["prime numbers"]));
    assert_eq!((&meta["share"], &meta["corpus"]), (&json!(1.0), &json!("c")));
    assert_eq!(found[0]["id"], format!("{}:1", file.display()));
    assert_eq!(meta["place"], found[0]["id"]);
    // Without a limit in the order of the corpus.
    let all = bench.found(&["old", "primes"], &RecallLimits { min_share: 0.3, ..best_of(None) });
    assert_eq!(texts(&all), [TEXTS[0], TEXTS[1], TEXTS[2], TEXTS[3]]);
    assert_eq!(texts(&bench.found(&["素数"], &best)), [TEXTS[4]]);
    assert_eq!(
        bench.found(&["weather", "primes"], &RecallLimits { min_share: 1.0, ..best }).len(),
        0
    );
    let score = found[0]["meta"]["score"].as_f64().unwrap() as f32;
    let high = RecallLimits { min_score: score, ..best };
    assert_eq!(texts(&bench.found(&["prime numbers"], &high)), [TEXTS[0]]);
    let corpus = bench.corpora.get("c").unwrap();
    let topic = Topic::new(&["prime unicorns"]).unwrap();
    let summary = corpus.find(&topic, &best, |_| Ok::<_, CorpusError>(())).unwrap();
    assert_eq!((summary.unknown, summary.documents), (vec!["unicorns".to_owned()], 3));
}

#[test]
fn an_excerpt_shows_the_topic() {
    let bench = Bench::new();
    let long =
        format!("{} Then come primes, at last. {}", "Nothing here. ".repeat(50), "x ".repeat(500));
    bench.corpora.import("c", &[bench.texts("a.jsonl", &[&long])]).unwrap();
    let topic = Topic::new(&["prime"]).unwrap();
    let excerpter = Excerpter::new(&topic);
    let mut shown = Vec::new();
    let corpus = bench.corpora.get("c").unwrap();
    corpus
        .find(&topic, &best_of(None), |document| {
            shown.push(excerpter.excerpt(&document).unwrap());
            Ok::<_, CorpusError>(())
        })
        .unwrap();
    let span = shown[0].spans[0];
    assert_eq!(&shown[0].text[span.start..span.end], "primes");
    assert!(shown[0].text.len() < 300);
}

fn best_of(limit: Option<usize>) -> RecallLimits {
    RecallLimits { limit, ..RecallLimits::default() }
}

#[test]
fn imports_add_up_and_the_same_file_is_read_once() {
    let bench = Bench::new();
    let one = bench.texts("one.jsonl", &TEXTS[..2]);
    let same = bench.texts("same.jsonl", &TEXTS[..2]);
    let two = bench.texts("two.jsonl", &TEXTS[2..]);
    bench.corpora.import("c", &[&one]).unwrap();
    let again = bench.corpora.import("c", &[&one, &two, &same]).unwrap();
    assert_eq!((again.documents, again.files, again.known), (3, 1, 2));
    let nothing = bench.corpora.import("c", &[&one]).unwrap();
    assert_eq!((nothing.documents, nothing.known), (0, 1));
    let list = bench.corpora.list().unwrap();
    assert_eq!((list.len(), list[0].documents, list[0].files.len()), (1, 5, 2));
    assert_eq!(list[0].bytes, TEXTS.iter().map(|text| text.len() as u64).sum::<u64>());
    assert_eq!(bench.found(&["prime"], &best_of(None)).len(), 3);

    bench.corpora.remove("c").unwrap();
    assert!(bench.corpora.list().unwrap().is_empty());
    assert!(matches!(bench.corpora.get("c"), Err(CorpusError::Unknown { .. })));
    assert!(matches!(bench.corpora.remove("c"), Err(CorpusError::Unknown { .. })));
    bench.corpora.import("c", &[&two]).unwrap();
    assert_eq!(bench.corpora.list().unwrap()[0].documents, 3);
}

#[test]
fn messages_are_searched_and_come_back_as_they_were() {
    let bench = Bench::new();
    let row = json!({
        "id": "m", "domain": "math", "kind": "cot", "colour": "red",
        "messages": [{"role": "user", "content": "Is 9 prime?"},
                     {"role": "assistant", "content": "No."}],
    });
    let file = bench.file("m.jsonl", row.to_string());
    bench.corpora.import("c", &[file]).unwrap();
    let found = bench.found(&["primes"], &best_of(None));
    for field in ["id", "domain", "kind", "messages"] {
        assert_eq!(found[0][field], row[field], "{field}");
    }
    assert_eq!(found[0].get("colour"), None);
}

/// Every file but the last is at fault: nothing of the import stays, and what was there does.
#[test]
fn what_is_at_fault_is_named_and_leaves_the_corpus_as_it_was() {
    let bench = Bench::new();
    let good = bench.texts("good.jsonl", &TEXTS[..1]);
    let more = bench.texts("more.jsonl", &TEXTS[1..]);
    let cases: [(&str, &[u8], &str); 9] = [
        ("empty.jsonl", b"", "no documents"),
        ("blank.jsonl", b"\n\n", "no documents"),
        ("words.jsonl", b"{\"text\":\"...\"}", "no documents"),
        ("json.jsonl", b"{\"text\":\"a\"}\n{", "json.jsonl:2"),
        ("column.jsonl", b"{\"body\":\"a\"}", "column.jsonl:1: has neither"),
        ("both.jsonl", b"{\"text\":\"a\",\"messages\":[]}", "both.jsonl:1: needs exactly one"),
        ("type.jsonl", b"{\"text\":1}", "type.jsonl:1: needs exactly one"),
        ("utf8.jsonl", b"{\"text\":\"a\xff\"}", "utf8.jsonl:1"),
        ("no.parquet", b"not parquet", "no.parquet"),
    ];
    for before in [false, true] {
        if before {
            bench.corpora.import("c", &[&good]).unwrap();
        }
        for (name, content, part) in &cases {
            let bad = bench.file(name, content);
            let error = bench.corpora.import("c", &[&more, &bad]).unwrap_err().to_string();
            assert!(error.contains(part), "{name}: {error}");
            let list = bench.corpora.list().unwrap();
            let documents: Vec<u64> = list.iter().map(|info| info.documents).collect();
            assert_eq!(documents, if before { vec![1] } else { vec![] }, "{name}");
        }
        let missing = bench.home.path().join("none.jsonl");
        let error = bench.corpora.import("c", &[missing]).unwrap_err().to_string();
        assert!(error.contains("none.jsonl"), "{error}");
    }
    for name in ["", "../x", ".hidden", "a/b", "a b"] {
        let error = bench.corpora.import(name, &[&good]).unwrap_err();
        assert!(matches!(error, CorpusError::Name { .. }), "{name:?}: {error}");
        assert!(matches!(bench.corpora.get(name), Err(CorpusError::Unknown { .. })));
    }
    bench.corpora.import("c", &[&more]).unwrap();
    assert_eq!(bench.corpora.list().unwrap()[0].documents, 5);
}

/// What a process that was killed leaves behind is no corpus, and is in nobody's way.
#[test]
fn an_import_that_was_cut_off_is_not_there() {
    let bench = Bench::new();
    let file = bench.texts("a.jsonl", &TEXTS);
    // Killed before the first commit: an index without a manifest, with pieces of segments.
    let dir = bench.home.path().join("corpora/c");
    fs::create_dir_all(&dir).unwrap();
    drop(Corpus::open("c", &dir).unwrap());
    fs::write(dir.join("0123456789abcdef0123456789abcdef.store"), "piece").unwrap();
    assert!(bench.corpora.list().unwrap().is_empty());
    assert!(matches!(bench.corpora.get("c"), Err(CorpusError::Unknown { .. })));
    bench.corpora.import("c", &[&file]).unwrap();
    assert_eq!(bench.corpora.list().unwrap()[0].documents, 5);
    // Killed while it was removed.
    let left = bench.home.path().join("corpora").join(format!("{REMOVED}x-1"));
    fs::create_dir_all(&left).unwrap();
    let again = Corpora::open(bench.home.path().join("corpora")).unwrap();
    assert!(!left.exists());
    assert_eq!(again.list().unwrap().len(), 1);
}

#[test]
fn a_corpus_that_is_being_changed_is_busy() {
    let bench = Bench::new();
    let file = bench.texts("a.jsonl", &TEXTS);
    bench.corpora.import("c", &[&file]).unwrap();
    let corpus = bench.corpora.get("c").unwrap();
    let writer: tantivy::IndexWriter = corpus.index.writer_with_num_threads(1, 15 << 20).unwrap();
    let error = bench.corpora.import("c", &[&file]).unwrap_err();
    assert!(matches!(error, CorpusError::Busy { .. }), "{error}");
    drop(writer);
    bench.corpora.import("c", &[&file]).unwrap();
}

#[test]
fn topics_have_bounds() {
    let many: Vec<String> = (0..=MAX_TOPIC_TERMS).map(|n| format!("word{n}")).collect();
    for (topic, part) in
        [(vec![], "no word"), (vec!["...".to_owned()], "no word"), (many, "64 different words")]
    {
        let error = Topic::new(&topic).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
    let bench = Bench::new();
    bench.corpora.import("c", &[bench.texts("a.jsonl", &TEXTS)]).unwrap();
    let corpus = bench.corpora.get("c").unwrap();
    let topic = Topic::new(&["prime"]).unwrap();
    for limits in [
        RecallLimits { limit: Some(0), ..RecallLimits::default() },
        RecallLimits { limit: Some(usize::MAX), ..RecallLimits::default() },
        RecallLimits { min_share: 1.1, ..RecallLimits::default() },
        RecallLimits { min_share: f64::NAN, ..RecallLimits::default() },
        RecallLimits { min_score: f32::NAN, ..RecallLimits::default() },
    ] {
        let found = corpus.find(&topic, &limits, |_| Ok::<_, CorpusError>(()));
        assert!(matches!(found, Err(CorpusError::Topic { .. })), "{limits:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// One import or many, the same documents are found, with the same scores; all of them, and the
    /// best of them.
    #[test]
    fn how_a_corpus_was_imported_does_not_matter(
        words in prop::collection::vec(prop::collection::vec("[a-e]", 1..8), 2..20),
        cut in 1usize..19,
    ) {
        let lines: Vec<String> = words.iter().map(|words| words.join(" ")).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let cut = cut.min(lines.len() - 1);
        let (whole, parts) = (Bench::new(), Bench::new());
        whole.corpora.import("c", &[whole.texts("a.jsonl", &lines)]).unwrap();
        parts.corpora.import("c", &[parts.texts("a.jsonl", &lines[..cut])]).unwrap();
        // Files of the same bytes are one file.
        let rest = parts.texts("b.jsonl", &lines[cut..]);
        let content = fs::read_to_string(&rest).unwrap() + "\n\n";
        fs::write(&rest, content).unwrap();
        parts.corpora.import("c", &[rest]).unwrap();
        let shown = |bench: &Bench, limits: &RecallLimits| -> Vec<(String, String)> {
            let found = bench.found(&["a b", "c"], limits);
            found.iter().map(|d| (d["text"].to_string(), d["meta"]["score"].to_string())).collect()
        };
        let any = RecallLimits { min_share: 0.0, ..RecallLimits::default() };
        let all = shown(&whole, &any);
        prop_assert_eq!(&all, &shown(&parts, &any));
        let wanted: BTreeSet<&str> = ["a", "b", "c"].into();
        let with = words.iter().filter(|w| w.iter().any(|w| wanted.contains(w.as_str()))).count();
        prop_assert_eq!(all.len(), with);
        let best = RecallLimits { limit: Some(3), ..any };
        let top = shown(&whole, &best);
        prop_assert_eq!(&top, &shown(&parts, &best));
        prop_assert_eq!(top.len(), with.min(3));
        for pair in top.windows(2) {
            prop_assert!(pair[0].1.parse::<f64>().unwrap() >= pair[1].1.parse::<f64>().unwrap());
        }
    }
}
