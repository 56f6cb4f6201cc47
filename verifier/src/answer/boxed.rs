//! Finds `\boxed{…}`.

use std::num::NonZeroU32;
use std::ops::Range;

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

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(text: &str) -> Vec<&str> {
        boxes(text).closed.iter().map(|b| &text[b.content.clone()]).collect()
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
