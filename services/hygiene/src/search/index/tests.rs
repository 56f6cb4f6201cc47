use lehr_record::{
    Contamination, Digest, Domain, Expected, Message, Outcome, Overlap, OverlapKind, Problem,
    RequestId, Role, Sample, SampleId, Seed, Settled, Verdict,
};
use tempfile::TempDir;

use super::*;
use crate::search::FacetCount;

fn request() -> RequestId {
    RequestId::parse("req-1").unwrap()
}

fn sample(item: u32, problem: &str, reply: &str, settled: Settled, nearest: f64) -> SettledSample {
    let seed = Seed { source: "test".into(), vars: serde_json::Map::new(), problem: None };
    let overlap = Overlap {
        benchmark: "b".into(),
        item: "1".into(),
        kind: OverlapKind::Words,
        condemns: false,
        reason: String::new(),
        score: nearest,
        spans: vec![],
        excerpt: String::new(),
        item_spans: vec![],
        benchmark_excerpt: String::new(),
    };
    let digest = Digest::of_bytes(b"x");
    let outcome = if settled == Settled::Accepted { Outcome::Correct } else { Outcome::Wrong };
    SettledSample {
        created_ms: 1000,
        sample: Sample {
            id: SampleId::of_item(&request(), item),
            request: request(),
            item,
            domain: if item.is_multiple_of(2) { Domain::Math } else { Domain::Code },
            kind: "cot".into(),
            recipe: "math.word".into(),
            recipe_digest: digest.clone(),
            model: "m".into(),
            seed_digest: seed.digest(),
            seed,
            problem: Some(Problem {
                statement: problem.into(),
                options: vec![],
                expected: Expected::Answer { answer: "1".into() },
            }),
            messages: vec![Message::new(Role::Assistant, reply)],
            attempts: vec![],
            verdict: Verdict::new(outcome, "it is"),
            pass_rate: None,
            contamination: (nearest >= 0.0).then(|| Contamination {
                contaminated: false,
                overlaps: if nearest > 0.0 { vec![overlap] } else { vec![] },
                index_version: digest.clone(),
                rules: digest,
            }),
            settled,
        },
    }
}

fn samples() -> Vec<SettledSample> {
    let wrong = || Settled::Rejected("wrong".into());
    vec![
        sample(0, "How many primes are below ten?", "There are four.", Settled::Accepted, 0.0),
        sample(1, "Write find_max.", "def findMax(xs): return max(xs)", Settled::Accepted, 0.25),
        sample(2, "求最小的素数。", "最小的素数是 2。", wrong(), 0.9),
        sample(3, "Is nine a prime number?", "No: nine is three times three.", wrong(), -1.0),
    ]
}

fn filled(dir: &Path) -> SampleIndex {
    let index = SampleIndex::open(dir).unwrap();
    add(&index, &samples(), "n1");
    index
}

fn add(index: &SampleIndex, samples: &[SettledSample], note: &str) {
    index
        .change(|change| {
            samples.iter().try_for_each(|sample| change.add(sample))?;
            Ok::<_, SearchError>(note.to_owned())
        })
        .unwrap();
}

fn query(text: &str) -> SampleQuery {
    SampleQuery { text: text.into(), limit: 10, ..SampleQuery::default() }
}

/// The items that a query finds, in the order of their numbers.
fn items(index: &SampleIndex, query: &SampleQuery) -> Vec<u32> {
    let found = index.search(query).unwrap();
    let name = |item| SampleId::of_item(&request(), item).to_string();
    let mut items: Vec<u32> =
        found.data.iter().map(|hit| (0..10).find(|item| name(*item) == hit.id).unwrap()).collect();
    items.sort_unstable();
    assert_eq!(found.total, items.len() as u64);
    items
}

#[test]
fn words_phrases_and_fields_find_samples() {
    let dir = TempDir::new().unwrap();
    let index = filled(dir.path());
    for (text, expected) in [
        ("", &[0, 1, 2, 3][..]),
        ("prime", &[0, 3]),
        ("PRIMES numbers", &[3]),
        ("\"prime number\"", &[3]),
        ("\"number prime\"", &[]),
        ("prime -nine", &[0]),
        ("-prime", &[1, 2]),
        ("findMax", &[1]),
        ("find_max", &[1]),
        ("find", &[1]),
        ("findmax", &[1]),
        ("素数", &[2]),
        ("数素", &[]),
        ("problem:four", &[]),
        ("reply:four", &[0]),
        ("domain:math", &[0, 2]),
        ("-domain:math", &[1, 3]),
        ("state:rejected prime", &[3]),
        ("state:rejected:wrong", &[2, 3]),
        ("state:rejected:duplicate", &[]),
        ("verdict:correct kind:cot recipe:math.word request:req-1", &[0, 1]),
        ("absent", &[]),
    ] {
        assert_eq!(items(&index, &query(text)), expected, "{text:?}");
    }
}

#[test]
fn filters_narrow_what_is_found() {
    let dir = TempDir::new().unwrap();
    let index = filled(dir.path());
    let all = || query("");
    for (query, expected) in [
        (SampleQuery { domain: Some(Domain::Code), ..all() }, &[1, 3][..]),
        (SampleQuery { kind: Some("other".into()), ..all() }, &[]),
        (SampleQuery { verdict: Some(Outcome::Wrong), ..all() }, &[2, 3]),
        (SampleQuery { state: Some("accepted".into()), ..all() }, &[0, 1]),
        (SampleQuery { request: RequestId::parse("req-2"), ..all() }, &[]),
        (SampleQuery { min_distance: Some(0.5), ..all() }, &[0, 1]),
        (SampleQuery { max_distance: Some(0.75), ..all() }, &[1, 2]),
        (SampleQuery { min_distance: Some(1.0), max_distance: Some(1.0), ..all() }, &[0]),
    ] {
        assert_eq!(items(&index, &query), expected, "{query:?}");
    }
}

#[test]
fn hits_show_why_and_facets_count() {
    let dir = TempDir::new().unwrap();
    let index = filled(dir.path());
    let found = index.search(&query("findMax")).unwrap();
    let hit = &found.data[0];
    assert!(hit.score > 0.0);
    let shown: Vec<_> = hit
        .snippets
        .iter()
        .flat_map(|s| s.spans.iter().map(|span| (s.field, &s.text[span.start..span.end])))
        .collect();
    assert_eq!(
        shown,
        [("problem", "find"), ("problem", "max"), ("reply", "findMax"), ("reply", "max")]
    );
    assert_eq!((hit.state.as_str(), hit.distance, hit.created_ms), ("accepted", Some(0.75), 1000));

    let facets = index.search(&query("")).unwrap().facets;
    let counts = |facet: &[FacetCount]| {
        facet.iter().map(|c| format!("{} {}", c.value, c.count)).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(counts(&facets.domain), "code 2, math 2");
    assert_eq!(counts(&facets.state), "accepted 2, rejected:wrong 2");
    assert_eq!(counts(&facets.verdict), "correct 2, wrong 2");
    assert_eq!(counts(&facets.distance), "0.0-0.2 1, 0.6-0.8 1, 0.8-1.0 1, unchecked 1");
    assert_eq!(counts(&facets.kind), "cot 4");
}

#[test]
fn pages_are_without_gap_or_repetition() {
    let dir = TempDir::new().unwrap();
    let index = filled(dir.path());
    let whole: Vec<String> =
        index.search(&query("")).unwrap().data.into_iter().map(|hit| hit.id).collect();
    let first: Vec<String> =
        (0..4).map(|item| SampleId::of_item(&request(), item).to_string()).collect();
    assert_eq!(whole, first, "without words, in the order of the plan");
    for limit in 1..5 {
        let (mut seen, mut cursor) = (Vec::new(), 0);
        loop {
            let page = index.search(&SampleQuery { limit, cursor, ..query("") }).unwrap();
            seen.extend(page.data.into_iter().map(|hit| hit.id));
            match page.next {
                Some(next) => cursor = next,
                None => break,
            }
        }
        assert_eq!(seen, whole, "in pages of {limit}");
    }
}

#[test]
fn samples_added_again_are_there_once_and_the_note_goes_with_them() {
    let dir = TempDir::new().unwrap();
    let index = SampleIndex::open(dir.path()).unwrap();
    assert_eq!(index.note().unwrap(), None);
    add(&index, &samples()[..2], "a");
    add(&index, &samples(), "b");
    assert_eq!((index.samples(), index.note().unwrap().as_deref()), (4, Some("b")));
    let left = index.change(|change| {
        change.clear()?;
        Err::<String, _>(SearchError::query("q", "left halfway"))
    });
    assert!(left.is_err());
    add(&index, &samples()[..1], "c");
    assert_eq!((index.samples(), index.note().unwrap().as_deref()), (4, Some("c")));
    drop(index);
    let index = SampleIndex::open(dir.path()).unwrap();
    assert_eq!((index.samples(), index.note().unwrap().as_deref()), (4, Some("c")));
    index
        .change(|change| {
            change.clear()?;
            change.add(&samples()[3])?;
            Ok::<_, SearchError>("d".into())
        })
        .unwrap();
    assert_eq!(items(&index, &query("")), [3]);
}

#[test]
fn an_index_that_cannot_be_read_is_made_anew() {
    let dir = TempDir::new().unwrap();
    drop(filled(dir.path()));
    fs::write(dir.path().join("meta.json"), "{").unwrap();
    let index = SampleIndex::open(dir.path()).unwrap();
    assert_eq!((index.samples(), index.note().unwrap()), (0, None));
    add(&index, &samples(), "n");
    drop(index);
    for entry in fs::read_dir(dir.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "idx") {
            fs::remove_file(path).unwrap();
        }
    }
    assert_eq!(SampleIndex::open(dir.path()).unwrap().samples(), 0);
}
