//! What is in the index, read back term by term.

use std::collections::BTreeMap;

use lehr_record::Span;
use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED};

use super::*;
use crate::benchmark_file::Part;
use crate::shingle::{Word, Words, item_shingles, width_of};

const CHINESE: &str = r#"{"id":"zh","question":"小明有十二个苹果，他给了姐姐五个，又从市场买了八个，请问小明现在一共有多少个苹果？","answer":"15"}
{"id":"river","Question":"下列哪条河流经过三峡大坝并最终在上海附近注入东海？","A":"黄河","B":"长江","C":"珠江","D":"淮河","Answer":"B"}
"#;

const PROGRAM: &str = r#"{"task_id":"code/0","prompt":"def spread(values: list[int]) -> int:\n    \"\"\"The distance between the largest and the smallest value.\"\"\"\n","canonical_solution":"    if not values:\n        return 0\n    low, high = min(values), max(values)\n    return high - low\n"}
{"task_id":"code/1","text":"Write a function that turns a matrix by a quarter.","code":"def turn(matrix):\n    return [list(row) for row in zip(*matrix[::-1])]\n","answer":null}
"#;

/// Every position of every shingle of every document, read from the postings.
fn positions(registry: &BenchmarkRegistry) -> BTreeMap<String, Vec<(u32, String)>> {
    let snapshot = registry.snapshot().unwrap();
    let searcher = registry.reader.searcher();
    let mut found: BTreeMap<String, Vec<(u32, String)>> = BTreeMap::new();
    for (ordinal, segment) in (0u32..).zip(searcher.segment_readers()) {
        let index = segment.inverted_index(registry.layout.shingles).unwrap();
        let mut terms = index.terms().stream().unwrap();
        while terms.advance() {
            let term = String::from_utf8(terms.key().to_vec()).unwrap();
            let mut postings = index
                .read_postings_from_terminfo(
                    terms.value(),
                    IndexRecordOption::WithFreqsAndPositions,
                )
                .unwrap();
            while postings.doc() != TERMINATED {
                let address = tantivy::DocAddress::new(ordinal, postings.doc());
                let stored = snapshot.text_of(address).unwrap();
                let key = format!("{}/{}", stored.item, stored.part.as_str());
                let mut places = Vec::new();
                postings.positions(&mut places);
                assert_eq!(places.len() as u32, postings.term_freq());
                let entry = found.entry(key).or_default();
                entry.extend(places.into_iter().map(|place| (place, term.clone())));
                postings.advance();
            }
        }
    }
    found.values_mut().for_each(|places| places.sort());
    found
}

/// Every shingle of every text is in the index at the place of its first word, and a place leads to
/// the bytes of the text that the shingle was made of.
#[test]
fn postings_have_true_positions_and_lead_to_true_offsets() {
    let bench = Bench::new();
    let registry = bench.open();
    let full_width = r#"{"id":"wide","question":"Ｈｏｗ many  “blue”\u200b lanterns — if 3 × 4 burn — are left, left, left?"}"#;
    let short = r#"{"id":"short","question":"Name Ljubljana's river"}"#;
    let content = [CHINESE, PROGRAM, ONE, full_width, "\n", short].concat();
    registry.add("all", bench.file(&content), &AddOptions::default()).unwrap();
    let found = positions(&registry);
    let mut texts = Vec::new();
    BenchmarkFile::read(&bench.file(&content), &BenchmarkColumns::default(), |text| {
        texts.push(text);
        Ok::<_, HygieneError>(())
    })
    .unwrap();
    assert_eq!(found.len(), texts.len());
    for text in &texts {
        let places = &found[&format!("{}/{}", text.item, text.part.as_str())];
        let words: Vec<_> = Words::new(&text.text).collect();
        let expected: Vec<_> = (0u32..)
            .zip(item_shingles(&words))
            .map(|(at, id)| (at, String::from_utf8(id.to_term().to_vec()).unwrap()))
            .collect();
        assert_eq!(places, &expected, "{text:?}");
        for (place, _) in places {
            let first = *place as usize;
            let last = first + width_of(words.len()) - 1;
            let span = Span { start: words[first].start, end: words[last].end };
            // The bytes by themselves give the same words; signs at the edges may read otherwise
            // without their neighbours.
            let within = |word: Word| words[first..=last].iter().any(|w| w.hash == word.hash);
            let bytes = &text.text[span.start..span.end];
            assert!(Words::new(bytes).all(within), "{bytes:?} of {text:?}");
            assert_eq!(bytes.trim(), bytes, "{text:?}");
        }
    }
}

#[test]
fn items_of_every_kind_are_stored_with_their_answers() {
    let bench = Bench::new();
    let registry = bench.open();
    registry.add("all", bench.file(&[CHINESE, PROGRAM].concat()), &AddOptions::default()).unwrap();
    let snapshot = registry.snapshot().unwrap();
    let searcher = registry.reader.searcher();
    let mut stored = Vec::new();
    for (ordinal, segment) in (0u32..).zip(searcher.segment_readers()) {
        for document in segment.doc_ids_alive() {
            // The manifest is no text.
            stored.extend(snapshot.text_of(tantivy::DocAddress::new(ordinal, document)).ok());
        }
    }
    let mut shown: Vec<_> =
        stored.iter().map(|text| (text.item.as_str(), text.part, text.answer.as_deref())).collect();
    shown.sort();
    assert_eq!(
        shown,
        [
            ("code/0", Part::Question, None),
            ("code/0", Part::Code, None),
            ("code/1", Part::Question, None),
            ("code/1", Part::Code, None),
            ("river", Part::Question, Some("长江")),
            ("river", Part::Options, Some("长江")),
            ("zh", Part::Question, Some("15")),
        ]
    );
    let program = stored.iter().find(|t| t.item == "code/0" && t.part == Part::Code).unwrap();
    assert!(program.text.starts_with("def spread") && program.text.ends_with("high - low\n"));
}

#[test]
fn chinese_items_are_found_and_told_apart() {
    let bench = Bench::new();
    let registry = bench.open();
    registry.add("zh", bench.file(CHINESE), &AddOptions::default()).unwrap();
    for (text, expected) in [
        ("题目如下。下列哪条河流经过三峡大坝并最终在上海附近注入东海？请选择。", Some("river")),
        (
            "小明有十二个苹果,他给了姐姐五个,又从市场买了八个,请问小明现在一共有多少个苹果?",
            Some("zh"),
        ),
        ("小红有三只小猫，她又收养了两只，请问她现在一共有多少只小猫？", None),
        ("下列哪位诗人写了静夜思？", None),
    ] {
        let found = registry.check(text).unwrap();
        let item = found.contaminated.then(|| found.overlaps[0].item.as_str());
        assert_eq!(item, expected, "{text}: {found:?}");
    }
}
