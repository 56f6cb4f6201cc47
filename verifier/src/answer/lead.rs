//! What the words right before a number make of it: a value, a part of something larger, a label.

use super::word::{is_numeral, is_operation, words};
use crate::value::MONTHS;

/// Words that make a number behind them a name or a border: `step 5`, `after 5`.
const LABELS: [&str; 52] = [
    "theorem",
    "lemma",
    "formula",
    "corollary",
    "every",
    "from",
    "at",
    "by",
    "under",
    "above",
    "over",
    "below",
    "past",
    "after",
    "before",
    "beyond",
    "step",
    "question",
    "problem",
    "equation",
    "eq",
    "example",
    "exercise",
    "case",
    "part",
    "chapter",
    "section",
    "page",
    "line",
    "figure",
    "table",
    "option",
    "choice",
    "item",
    "note",
    "number",
    "no",
    "row",
    "column",
    "place",
    "position",
    "rank",
    "day",
    "week",
    "month",
    "year",
    "level",
    "grade",
    "type",
    "class",
    "room",
    "round",
];
/// Words whose number is the value itself: `a total of 5`, and not `half of 5`.
const VALUES: [&str; 7] = ["total", "value", "answer", "result", "cost", "price", "amount"];
pub(super) fn listed(list: &[&str], word: &str) -> bool {
    list.iter().any(|entry| entry.eq_ignore_ascii_case(word))
}

/// Without the name of what is measured at the end: `sum is` of `The sum is`. Elsewhere these words
/// compute.
pub(super) fn without_measure(before: &str) -> &str {
    const MEASURES: [&str; 16] = [
        "sum",
        "root",
        "remainder",
        "product",
        "difference",
        "quotient",
        "increase",
        "decrease",
        "multiple",
        "least common multiple",
        "LCM",
        "GCD",
        "HCF",
        "GCF",
        "sum of the digits",
        "sum of the roots",
    ];
    let Some(named) =
        [" is", " was", " equals"].iter().find_map(|verb| before.trim_end().strip_suffix(verb))
    else {
        return before;
    };
    let lead = MEASURES.iter().rev().find_map(|measure| {
        let lead = named.strip_suffix(measure)?;
        (lead.is_empty() || lead.ends_with(' ')).then_some(lead)
    });
    lead.unwrap_or(before)
}

/// Whether a number behind this text is a part of something larger, or a mere label.
pub(super) fn joins(before: &str) -> bool {
    let mut backwards = words(before).rev();
    let Some(last) = backwards.next() else { return false };
    match backwards.next() {
        Some(value) if last.eq_ignore_ascii_case("of") => !listed(&VALUES, value),
        Some(up) if up.eq_ignore_ascii_case("up") && last == "to" => true,
        _ => {
            last.eq_ignore_ascii_case("of")
                || listed(&LABELS, last)
                || listed(&MONTHS, last)
                || is_operation(last)
                || is_numeral(last)
        }
    }
}
