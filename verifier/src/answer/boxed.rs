//! Finds `\boxed{…}`, and looks at what stands directly around it.

use std::num::NonZeroU32;
use std::ops::Range;

use super::dress::undress;
use super::prose::joins;
use super::word::{is_numeral, is_operation, words};
use crate::unit::{self, Kind, Unit};

/// One box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Boxed {
    /// Where the command starts and where the box ends.
    pub whole: Range<usize>,
    /// What is in it.
    pub content: Range<usize>,
}

/// The boxes of a text in their order.
#[derive(Debug, Default)]
pub(super) struct Boxes {
    /// Of nested boxes only the inner ones, so that together they are no longer than the text.
    pub closed: Vec<Boxed>,
    /// Where the last box starts, if the text ends inside it.
    pub open: Option<usize>,
    /// How many bytes were looked at.
    #[cfg(test)]
    steps: usize,
}

const COMMANDS: [&str; 2] = ["\\boxed", "\\fbox"];
/// The longest content of a box without braces, in bytes.
const MAX_BARE: usize = 40;

/// Finds all boxes in one pass with a stack of open braces: linear, however deep they nest.
pub(super) fn boxes(text: &str) -> Boxes {
    let bytes = text.as_bytes();
    let mut boxes = Boxes::default();
    // For each open brace the start of its box, if it is one; small, for a text of braces.
    let mut open: Vec<Option<NonZeroU32>> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        #[cfg(test)]
        {
            boxes.steps += 1;
        }
        match bytes[at] {
            b'\\' => {
                let Some(command) = COMMANDS.iter().find(|c| text[at..].starts_with(**c)) else {
                    // An escaped brace is text.
                    at += 2;
                    continue;
                };
                let mut after = at + command.len();
                while bytes.get(after) == Some(&b' ') {
                    after += 1;
                }
                if bytes.get(after) == Some(&b'{') {
                    open.push(u32::try_from(at + 1).ok().and_then(NonZeroU32::new));
                    after += 1;
                } else if after > at + command.len() {
                    let near = &text[after..text.floor_char_boundary(after + MAX_BARE)];
                    let end = near.find(|c: char| c.is_whitespace() || c == '$');
                    let end = end.or((after + near.len() == text.len()).then_some(near.len()));
                    if let Some(length @ 1..) = end {
                        let content = after..after + length;
                        boxes.closed.push(Boxed { whole: at..content.end, content });
                    }
                }
                at = after;
                continue;
            }
            b'{' => open.push(None),
            b'}' => {
                if let Some(Some(start)) = open.pop()
                    && let start = start.get() as usize - 1
                    && let Some(brace) = text.get(start..).and_then(|whole| whole.find('{'))
                    && let from = start + brace + 1
                    && boxes.closed.last().is_none_or(|inner| inner.whole.start < start)
                {
                    boxes.closed.push(Boxed { whole: start..at + 1, content: from..at });
                }
            }
            _ => {}
        }
        at += 1;
    }
    boxes.open = open.into_iter().flatten().next_back().map(|start| start.get() as usize - 1);
    boxes
}

/// How much is looked at before a box, in bytes.
const MAX_BEFORE: usize = 200;

/// What a box is to the text around it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Around {
    /// It stands for itself, with a unit behind it or none.
    Free(Option<Unit>),
    /// It is a part of something larger: `-\boxed{5}`, `\boxed{5} million`.
    Part,
}

/// Looks at the line in which a box stands.
pub(super) fn around(text: &str, whole: &Range<usize>) -> Around {
    let before =
        &text[text.ceil_char_boundary(whole.start.saturating_sub(MAX_BEFORE))..whole.start];
    let before = before.rsplit('\n').next().unwrap_or("");
    let after = text[whole.end..].split('\n').next().unwrap_or("");
    let after = &after[..after.floor_char_boundary(60)];
    if is_led(before) { Around::Part } else { follows(after) }
}

/// Whether the text before a box goes on into it.
fn is_led(before: &str) -> bool {
    const OPERATORS: [&str; 12] = [
        "\\times", "\\cdot", "\\div", "\\ne", "\\neq", "\\le", "\\leq", "\\ge", "\\geq", "\\pm",
        "\\sqrt", "\\not",
    ];
    let (mut rest, mut delimited) = (before, false);
    loop {
        let outer = ["**", "\\(", "\\[", "\\boxed", "\\fbox", "$", "{", "}", "(", "["]
            .iter()
            .find_map(|mark| rest.strip_suffix(mark).map(|shorter| (*mark, shorter)));
        let Some((mark, shorter)) = outer else { break };
        delimited |= matches!(mark, "\\(" | "\\[" | "$" | "**");
        rest = shorter;
    }
    // What so many marks enclose is anyone's guess.
    if rest.is_empty() && before.len() > MAX_BEFORE / 2 {
        return true;
    }
    let glued = !delimited && rest.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let rest = rest.trim_end();
    let near = &rest[rest.ceil_char_boundary(rest.len().saturating_sub(60))..];
    glued
        || near.ends_with(|c: char| c.is_numeric() || "+-*/^_<>≠≤≥×÷±√−–!".contains(c))
        || OPERATORS.iter().any(|operator| near.ends_with(operator))
        || near.ends_with("frac")
        // A colon ends what the words say: `a million millions: 10^12`.
        || (!near.ends_with([':', '：']) && joins(near))
}

/// What the text after a box makes of it.
fn follows(after: &str) -> Around {
    let mut rest = after;
    while let Some(shorter) = ["**", "\\)", "\\]", "$", "}", "\\!", "\\,", ")"]
        .iter()
        .find_map(|mark| rest.strip_prefix(mark))
    {
        rest = shorter;
    }
    let glued = rest.starts_with(|c: char| c.is_alphanumeric());
    let rest = rest.trim_start();
    let command = rest.starts_with('\\')
        && !["\\\\", "\\quad", "\\qquad", "\\text", "\\mathrm", "\\)", "\\]", "\\[", "\\("]
            .iter()
            .any(|c| rest.starts_with(c));
    let number = rest.trim_start_matches([',', '.', ':']).starts_with(|c: char| c.is_numeric());
    if glued
        || command
        || number
        || rest.starts_with(|c: char| "+-*/^_!%<>=≠≤≥×÷({−–'°".contains(c))
    {
        return Around::Part;
    }
    let plain = undress(rest);
    if words(&plain).next().is_some_and(|word| is_operation(word) || is_numeral(word)) {
        return Around::Part;
    }
    let unit = unit::take(&plain, true).map(|(unit, _)| unit);
    Around::Free(unit.filter(|unit| unit.kind != Kind::Noun))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(text: &str) -> Vec<&str> {
        boxes(text).closed.iter().map(|b| &text[b.content.clone()]).collect()
    }

    fn around_last(text: &str) -> Option<Around> {
        boxes(text).closed.last().map(|found| around(text, &found.whole))
    }

    #[test]
    fn boxes_are_found() {
        for (text, expect) in [
            ("so \\boxed{42}.", &["42"][..]),
            ("\\boxed{\\frac{1}{2}}", &["\\frac{1}{2}"]),
            ("\\boxed{\\boxed{7}}", &["7"]),
            ("\\boxed{x = \\boxed{7}}", &["7"]),
            ("\\boxed{3} or \\boxed{4}", &["3", "4"]),
            ("\\boxed{\\boxed{3}, \\boxed{4}}", &["3", "4"]),
            ("\\boxed 7 and so on", &["7"]),
            ("\\boxed 7", &["7"]),
            ("\\boxed7", &[]),
            ("{ unbalanced \\boxed{5}", &["5"]),
            ("} unbalanced \\boxed{5}", &["5"]),
            ("\\{ \\boxed{5}", &["5"]),
            ("\\boxed{6", &[]),
        ] {
            assert_eq!(contents(text), expect, "{text}");
        }
        assert_eq!(boxes("\\boxed{1} \\boxed{6").open, Some(10));
        assert_eq!(boxes("{ \\boxed{1}").open, None);
    }

    #[test]
    fn a_box_in_something_larger_is_a_part() {
        for text in [
            "-\\boxed{5}",
            "$-\\boxed{5}$",
            "-$\\boxed{5}$",
            "2\\boxed{5}",
            "x\\boxed{5}",
            "x > \\boxed{5}",
            "x \\neq \\boxed{5}",
            "3 + \\boxed{5}",
            "half of \\boxed{5}",
            "less than \\boxed{5}",
            "negative \\boxed{5}",
            "\\boxed{5}x",
            "\\boxed{5} + x",
            "\\boxed{5}^2",
            "\\boxed{5}!",
            "\\boxed{5}\\%",
            "\\boxed{5}\\sqrt{2}",
            "\\boxed{3}:4",
            "\\boxed{3},5",
            "\\boxed{5} million",
            "$\\boxed{5}$ squared",
            "\\boxed{5} if n is even",
            "\\frac{\\boxed{5}}{2}",
            "\\sqrt{\\boxed{5}}",
            "\\boxed{\\boxed{5} + x}",
            "f(\\boxed{5})",
        ] {
            assert_eq!(around_last(text), Some(Around::Part), "{text}");
        }
        for (text, unit) in [
            ("x = \\boxed{5}", None),
            ("**\\boxed{5}**", None),
            ("The answer is $\\boxed{5}$.", None),
            ("Thus, \\[\\boxed{5}\\]", None),
            ("$\\boxed{5}$ apples", None),
            ("$\\boxed{5}$ cm", Some("cm")),
            ("\\boxed{5}\\text{ cm}.", Some("cm")),
            ("\\boxed{\\boxed{5}}", None),
            ("a total of \\boxed{5}, as asked", None),
        ] {
            let Some(Around::Free(found)) = around_last(text) else { panic!("{text}") };
            assert_eq!(found.map(|unit| unit.name).as_deref(), unit, "{text}");
        }
    }

    #[test]
    fn a_hostile_text_is_searched_in_one_pass_and_little_space() {
        for text in [
            "\\boxed".repeat(170_000),
            "\\boxed ".repeat(140_000),
            "\\boxed{".repeat(140_000),
            "\\boxed{a".repeat(116_000) + &"}".repeat(116_000),
            "\\boxed{1}".repeat(110_000),
            "{".repeat(1 << 20),
            "\\".repeat(1 << 20),
        ] {
            let found = boxes(&text);
            assert!(found.steps <= text.len());
            let kept: usize = found.closed.iter().map(|b| b.content.len()).sum();
            assert!(kept <= text.len());
        }
    }
}
