#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::LazyLock;

use proptest::prelude::*;
use tempfile::TempDir;

use super::words::HALF_STRETCH;
use crate::{BenchmarkRegistry, HygieneError, MAX_TEXT_BYTES};

const LIBRARY: &str = "The harbour library lends 48 atlases each Tuesday and half as many on Friday. \
    On Sunday a storm ruins 5 of the atlases that were returned. How many atlases can still be lent?";
const TAX: &str = "Orla earns 3200 crowns a month. She pays a tax of 15 percent and sends 400 crowns \
    to her sister in Ghent. How many crowns does she have left for herself?";
const CODE: &str = "def rotate_left(items: list, count: int) -> list:\n    \"\"\" Return the items \
    moved to the left by count places, those that fall off coming back at the right end.\n    \
    >>> rotate_left([1, 2, 3], 1)\n    [2, 3, 1]\n    \"\"\"";
const SHORT: &str = "Which river flows through Ljubljana?";
const EVERYDAY: &str = "How much does it cost in total?";
const ARITHMETIC: &str = "What is 417 + 86?";
const CHOICE: &str = "Which of the following is correct?";
const OPTIONS: [&str; 4] = [
    "Basalt cools faster than granite does",
    "Granite holds no quartz crystals",
    "Obsidian grows in calm lakes",
    "Pumice sinks in sea water",
];
const FRACTION: &str =
    "Bryce and Ola ate ¾ of the 12 plum pies that stood on the windowsill by Tuesday noon.";
const CHINESE: &str =
    "小明有十二个苹果，他给了姐姐五个，又从市场买了八个，请问小明现在一共有多少个苹果？";
const RHYME: &str = "Hush the baby, hush the baby, hush the baby, hush the baby, hush the baby, hush \
    the baby, hush the baby, hush the baby, hush the baby, hush the baby, hush the baby.";
const ANSWER: &str = "First count the lanterns on the eastern pier, which are fourteen, and then those \
    on the western pier, of which there are nine more. Together that makes thirty-seven lanterns. \
    Each burns two litres of oil a night, so that seventy-four litres are needed every night, and \
    five hundred and eighteen litres in a week.";

fn registry() -> &'static BenchmarkRegistry {
    static REGISTRY: LazyLock<(TempDir, BenchmarkRegistry)> = LazyLock::new(|| {
        let dir = tempfile::tempdir().unwrap();
        let registry = BenchmarkRegistry::open(dir.path().join("registry")).unwrap();
        let path = dir.path().join("items.jsonl");
        let lines = [
            serde_json::json!({"id": "library", "question": LIBRARY, "answer": "67"}),
            serde_json::json!({"id": "tax", "question": TAX, "answer": "2320"}),
            serde_json::json!({"id": "code", "prompt": CODE}),
            serde_json::json!({"id": "short", "question": SHORT}),
            serde_json::json!({"id": "everyday", "question": EVERYDAY}),
            serde_json::json!({"id": "arithmetic", "question": ARITHMETIC}),
            serde_json::json!({"id": "choice", "question": CHOICE, "choices": OPTIONS}),
            serde_json::json!({"id": "chinese", "question": CHINESE}),
            serde_json::json!({"id": "rhyme", "text": RHYME}),
            serde_json::json!({"id": "fraction", "text": FRACTION}),
            serde_json::json!({"id": "answer", "question": "How much oil?", "solution": ANSWER}),
        ];
        std::fs::write(&path, lines.map(|line| line.to_string()).join("\n")).unwrap();
        registry.add("bench", &path, &Default::default()).unwrap();
        (dir, registry)
    });
    &REGISTRY.1
}

/// The item that a text is flagged for.
fn flagged(text: &str) -> Option<String> {
    let found = registry().check(text).unwrap();
    found.contaminated.then(|| found.overlaps[0].item.clone())
}

#[test]
fn quotes_are_found_and_common_phrases_are_not() {
    let long = "The quick summary of the meeting follows in the next section. ".repeat(3000);
    let hidden = TAX.replace("crowns", "cro\u{200b}wns").replace("tax", "ｔａｘ").to_uppercase();
    let edited = TAX
        .replace("Orla", "Maeve")
        .replace("earns", "makes")
        .replace("15", "12")
        .replace("Ghent", "Lyon");
    let other = TAX
        .replace("Orla", "Maeve")
        .replace("3200", "2900")
        .replace("15", "12")
        .replace("400", "350")
        .replace("Ghent", "Lyon");
    for (name, text, expected) in [
        ("verbatim", LIBRARY.to_owned(), Some("library")),
        ("embedded", format!("Sure, here is one. {TAX} Let us see."), Some("tax")),
        ("deep inside", format!("{long}{LIBRARY}{long}"), Some("library")),
        ("across stretches", across_stretches(LIBRARY), Some("library")),
        ("repeated words", RHYME.to_owned(), Some("rhyme")),
        ("disguised", hidden, Some("tax")),
        ("edited", edited, Some("tax")),
        ("from the same template", other, None),
        ("wrapped", LIBRARY.replace(". ", ".\n\n> "), Some("library")),
        ("code", format!("```python\n{CODE}\n```"), Some("code")),
        ("code in other layout", CODE.replace("    ", "\t").replace('_', " "), Some("code")),
        ("no spaces", format!("请看下面这道题：{CHINESE}谢谢"), Some("chinese")),
        ("full width digits", LIBRARY.replace("48", "４８"), Some("library")),
        ("short", format!("Tell me. {SHORT} I forgot."), Some("short")),
        ("short, changed", "Which river flows through Zagreb?".to_owned(), None),
        ("short, other operator", "What is 417 - 86?".to_owned(), None),
        ("short, same operator", "So: what is 417+86".to_owned(), Some("arithmetic")),
        ("everyday phrase", EVERYDAY.to_owned(), None),
        ("everyday choice", format!("{CHOICE} (A) It rains. (B) It snows."), None),
        ("choice with options", format!("{CHOICE}\nA. {}", OPTIONS.join("\nB. ")), Some("choice")),
        (
            "shared ending",
            "A baker sold 90 rolls and kept the rest. How many rolls does he have left \
            for himself? How many crowns does she have left?"
                .to_owned(),
            None,
        ),
        ("long answer", format!("Solution. {ANSWER}"), Some("answer")),
        ("short answer", "The result is 2320.".to_owned(), None),
        ("half of it", LIBRARY[..LIBRARY.len() * 3 / 5].to_owned(), Some("library")),
        ("scattered", scattered(LIBRARY), None),
        (
            "other",
            "Violets grow near the old mill where two brothers once fished.".to_owned(),
            None,
        ),
        ("nothing", String::new(), None),
        ("only signs", "?!... \u{200b}".to_owned(), None),
    ] {
        let found = registry().check(&text).unwrap();
        assert_eq!(flagged(&text).as_deref(), expected, "{name}: {:?}", found.overlaps);
    }
}

/// The item at the places where stretches begin and end.
fn across_stretches(item: &str) -> String {
    let half = item.split_whitespace().count() / 2;
    let filler = "filler ".repeat(2 * HALF_STRETCH - half);
    format!("{filler}{item} {filler}{filler}")
}

/// The item's shingles, each in another place of a long text.
fn scattered(item: &str) -> String {
    let words: Vec<_> = item.split_whitespace().collect();
    let filler = " unrelated sentences about gardening tools".repeat(60);
    words.chunks(6).map(|chunk| chunk.join(" ") + &filler).collect()
}

#[test]
fn evidence_is_quoted_from_both_texts() {
    let text = format!("Préface… {}", LIBRARY.replace("Tuesday", "Monday").to_uppercase());
    let found = registry().check(&text).unwrap();
    let best = &found.overlaps[0];
    assert_eq!((best.benchmark.as_str(), best.item.as_str()), ("bench", "library"));
    assert!(best.score > 0.7 && best.score < 1.0, "{}", best.score);
    assert_eq!(best.spans.len(), 2);
    let quoted: Vec<_> = best.spans.iter().map(|span| &text[span.start..span.end]).collect();
    assert_eq!(quoted[0], "THE HARBOUR LIBRARY LENDS 48 ATLASES EACH");
    assert!(quoted[1].starts_with("AND HALF") && quoted[1].ends_with("BE LENT"), "{quoted:?}");
    assert_eq!(best.excerpt, quoted[0]);
    assert!(LIBRARY.starts_with(&best.benchmark_excerpt));
    let of_item: Vec<_> =
        best.item_spans.iter().map(|span| &LIBRARY[span.start..span.end]).collect();
    assert_eq!(of_item[0], "The harbour library lends 48 atlases each");
    assert_eq!(found.index_version, registry().version().unwrap());
}

#[test]
fn a_verbatim_quote_scores_one() {
    for item in [LIBRARY, TAX, CODE, SHORT, CHINESE, FRACTION] {
        let found = registry().check(&format!("Before. {item} After.")).unwrap();
        assert!((found.overlaps[0].score - 1.0).abs() < 1e-12, "{item}");
    }
}

/// Answers of a word or two stand in every text: they are no evidence, and must not keep a question
/// that is from being looked at.
#[test]
fn short_answers_do_not_crowd_out_a_question() {
    let dir = tempfile::tempdir().unwrap();
    let registry = BenchmarkRegistry::open(dir.path().join("registry")).unwrap();
    let path = dir.path().join("items.jsonl");
    let mut lines: Vec<_> = (0..200)
        .map(|n| serde_json::json!({"question": format!("Item {n} asks for one"), "answer": n}))
        .collect();
    lines.push(serde_json::json!({"id": "tax", "question": TAX, "answer": "2320"}));
    let lines: Vec<_> = lines.iter().map(serde_json::Value::to_string).collect();
    std::fs::write(&path, lines.join("\n")).unwrap();
    registry.add("bench", &path, &Default::default()).unwrap();

    let numbers: Vec<_> = (0..200).map(|n| n.to_string()).collect();
    let numbers = numbers.join(", ");
    let edited = TAX.replace("Orla", "Maeve").replace("tax", "fee").replace("Ghent", "Lyon");
    let found = registry.check(&format!("{numbers}. {edited} {numbers}.")).unwrap();
    assert!(found.contaminated);
    assert_eq!(found.overlaps[0].item, "tax");
    assert_eq!(registry.check(&numbers).unwrap().overlaps, []);
}

#[test]
fn a_text_over_the_bound_is_an_error() {
    let text = "word ".repeat(MAX_TEXT_BYTES / 5 + 1);
    let error = registry().check(&text).unwrap_err();
    assert!(matches!(error, HygieneError::TextTooLong { .. }), "{error}");
    assert!(!registry().check(&text[..MAX_TEXT_BYTES]).unwrap().contaminated);
    let view = registry().view().unwrap();
    assert!(view.check(&format!("{text}{TAX}")).unwrap().contaminated, "a view takes any length");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// An item of eight or more distinct words is found wherever it is quoted verbatim.
    #[test]
    fn a_quote_is_always_found(
        words in prop::collection::btree_set("[a-z]{4,9}", 8..40),
        before in "[A-Za-z ,.]{0,200}",
        after in "\\PC{0,100}",
    ) {
        let item = words.into_iter().collect::<Vec<_>>().join(" ");
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("items.jsonl");
        std::fs::write(&path, serde_json::json!({"text": item}).to_string()).unwrap();
        let registry = BenchmarkRegistry::open(dir.path().join("registry")).unwrap();
        registry.add("b", &path, &Default::default()).unwrap();
        let found = registry.check(&format!("{before} {item} {after}")).unwrap();
        prop_assert!(found.contaminated);
    }

    #[test]
    fn any_text_is_checked_and_its_evidence_stands_in_it(text in "\\PC{0,80}", at in 0usize..80) {
        let at = text.char_indices().nth(at).map_or(text.len(), |(at, _)| at);
        let text = format!("{} {TAX}{}", &text[..at], &text[at..]);
        for overlap in registry().check(&text).unwrap().overlaps {
            prop_assert!(overlap.score > 0.0 && overlap.score <= 1.0);
            prop_assert!(overlap.spans.windows(2).all(|pair| pair[0].end <= pair[1].start));
            prop_assert!(overlap.spans.iter().all(|s| text.get(s.start..s.end).is_some()));
            let first = overlap.spans[0];
            prop_assert_eq!(&overlap.excerpt, &text[first.start..first.end]);
        }
    }
}
