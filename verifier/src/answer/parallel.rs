//! Statements side by side, each with a label of its own: answers to several questions, and not a
//! correction of the earlier by the later.

use super::word::words;

/// The longest text before a statement that is looked at, in bytes.
const MAX_HEAD: usize = 80;

/// Words of a statement that is no correction of the one before it.
const FOREIGN: [&str; 7] =
    ["previous", "alternative", "alternatively", "other", "possibility", "wrong", "yours"];
/// Words of a statement that sums up.
const FINAL: [&str; 9] =
    ["answer", "final", "total", "result", "sum", "so", "therefore", "thus", "hence"];

fn is(word: &str, list: &[&str]) -> bool {
    list.iter().any(|entry| entry.eq_ignore_ascii_case(word))
}

/// Whether the statement that starts at `later` stands beside the one at `earlier`, which ends at
/// `end`: `x = \boxed{1}` over `y = \boxed{2}`, `(a) … ` over `(b) …`.
pub(super) fn side_by_side(body: &str, earlier: usize, end: usize, later: usize) -> bool {
    let (Some(one), Some(other)) = (head(body, earlier), head(body, later)) else { return false };
    let between = body.get(end..later).unwrap_or("");
    let joint = if between.len() <= MAX_HEAD { plain(between) } else { "…and so on".to_owned() };
    let adjacent = words(&joint).all(|word| is(word, &["or", "and"]));
    let rows = one.starts_with('|') && other.starts_with('|');
    let foreign = words(&other).any(|word| is(word, &FOREIGN));
    if adjacent || rows || foreign || alike(&one, &other) {
        return true;
    }
    if let (Some(one), Some(other)) = (item(&one), item(&other)) {
        return one != other;
    }
    match (label(&one), label(&other)) {
        (Some(one), Some(other)) => one != other,
        _ => false,
    }
}

/// Whether two statements say the same of different things: `The length is` over `The width is`,
/// `The answer to (a) is` over `The answer to (b) is`.
fn alike(one: &str, other: &str) -> bool {
    let (one, other): (Vec<&str>, Vec<&str>) =
        (one.split_whitespace().collect(), other.split_whitespace().collect());
    let ends = one.first() == other.first() && one.last() == other.last();
    if !ends || one.len() != other.len() || one.len() < 3 {
        return false;
    }
    let apart: Vec<&str> =
        one.iter().zip(&other).filter(|(a, b)| a != b).map(|(_, b)| *b).collect();
    let marked = apart.iter().all(|word| word.starts_with('('));
    let sums_up = other.iter().any(|word| is(word, &FINAL));
    matches!(apart.len(), 1 | 2) && (marked || !sums_up)
}

/// The text before a statement in its line, without its dress.
fn head(body: &str, at: usize) -> Option<String> {
    let before = body.get(..at)?;
    let line = before.rfind('\n').map_or(before, |n| before.get(n + 1..).unwrap_or(""));
    (line.len() <= MAX_HEAD).then(|| plain(line))
}

fn plain(text: &str) -> String {
    let mut text = text.to_owned();
    for mark in ["\\boxed", "\\fbox", "\\text", "\\(", "\\[", "\\)", "\\]", "**", "$", "{", "}"] {
        text = text.replace(mark, "");
    }
    let start = text.trim_start_matches([' ', '\t', '-', '*', '#', '>', '•', '\n', '\r']);
    start.trim_end_matches([' ', '\t', '*', '\\']).to_owned()
}

/// The mark of an item of a list, or of a case: `2.`, `(b)`, `Case 2`, `For n = 2`.
fn item(head: &str) -> Option<String> {
    const CASES: [&str; 11] = [
        "case", "part", "option", "method", "question", "problem", "for", "if", "when", "from", "q",
    ];
    let first = head.split_whitespace().next()?;
    let inner = first.trim_matches(['(', ')', '.', ':']);
    let marked = inner.len() < first.len() && first.ends_with([')', '.', ':']);
    let short = inner.len() <= 2 && inner.chars().all(char::is_alphanumeric) && !inner.is_empty();
    if marked && short {
        return Some(inner.to_lowercase());
    }
    let word = first.trim_end_matches(|c: char| c.is_ascii_digit() || c == ':');
    is(word, &CASES).then(|| head.to_lowercase())
}

/// The name of a quantity or of a speaker right before the statement: `x =`, `Max:`.
fn label(head: &str) -> Option<String> {
    let name = match head.strip_suffix('=') {
        Some(name) => name,
        None => head.split_once(':').map(|(name, _)| name)?,
    };
    let brief = words(name).nth(2).is_none() && name.contains(char::is_alphabetic);
    let last = words(name).any(|word| is(word, &FINAL));
    (brief && !last).then(|| name.trim().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_side_by_side_are_told_from_corrections() {
        for (text, expect) in [
            ("x = \\boxed{1}\ny = \\boxed{2}", true),
            ("1. \\boxed{1}\n2. \\boxed{2}", true),
            ("Min: \\boxed{1}\nMax: \\boxed{2}", true),
            ("Case 1: \\boxed{1}.\nCase 2: \\boxed{2}.", true),
            ("\\boxed{1}\n\n\\boxed{2}", true),
            ("(a) $\\boxed{1}$\n(b) $\\boxed{2}$", true),
            ("\\boxed{1}\nbut no:\n\\boxed{2}", false),
            ("The length is \\boxed{1}.\nThe width is \\boxed{2}.", true),
            ("\\boxed{1}\n\nor\n\n\\boxed{2}", true),
            ("The area is \\boxed{1}.\nThe area is \\boxed{2}.", false),
            ("We get \\boxed{1}.\nSo it is \\boxed{2}", false),
            ("x = \\boxed{1}\nTotal: \\boxed{2}", false),
            ("x = \\boxed{1}\nWait.\nx = \\boxed{2}", false),
        ] {
            let earlier = text.find("boxed{1").unwrap_or_default() + 6;
            let later = text.rfind("boxed{2").unwrap_or_default() + 6;
            assert_eq!(side_by_side(text, earlier, earlier + 2, later), expect, "{text}");
        }
    }
}
