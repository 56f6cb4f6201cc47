//! Boxes that are one answer together: `x = \boxed{2} or x = \boxed{3}`, `\boxed{2}, \boxed{3}`.

use std::ops::Range;

use super::boxed::Boxed;
use super::read;
use super::readable::contradicts;

/// The longest text between two boxes of a list, in bytes.
const MAX_GAP: usize = 60;
/// How many boxes are looked at, from the last one back.
pub(super) const MAX_NEAR: usize = 64;
/// How many boxes a list may have.
const MAX_BOXES: usize = 16;

/// A box, or several that are one list.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// From the start of the first box to the end of the last.
    pub whole: Range<usize>,
    /// The contents in their order, each with the name before it: `x` of `x = \boxed{2}`.
    parts: Vec<(Option<String>, Range<usize>)>,
}

impl Group {
    fn of(found: &Boxed, name: Option<String>) -> Self {
        Self { whole: found.whole.clone(), parts: vec![(name, found.content.clone())] }
    }

    /// Where the first content starts.
    pub(super) fn at(&self, body: &str) -> usize {
        self.parts.first().map_or(self.whole.start, |(_, content)| {
            let text = body.get(content.clone()).unwrap_or("");
            content.start + (text.len() - text.trim_start().len())
        })
    }

    /// The content, or the list of contents. Where each belongs to a name of its own, the names go
    /// with them.
    pub(super) fn text(&self, body: &str) -> String {
        let content = |range: &Range<usize>| body.get(range.clone()).unwrap_or("").trim();
        match self.parts.as_slice() {
            [(_, only)] => content(only).to_owned(),
            parts => {
                let named = self.names_differ();
                let texts = parts.iter().map(|(name, range)| match name {
                    Some(name) if named => format!("{name} = {}", content(range)),
                    _ => content(range).to_owned(),
                });
                texts.collect::<Vec<_>>().join(", ")
            }
        }
    }

    fn names_differ(&self) -> bool {
        self.names().len() > 1
    }

    fn names(&self) -> Vec<&String> {
        let mut names: Vec<&String> =
            self.parts.iter().filter_map(|(name, _)| name.as_ref()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// Whether the boxes are one list: of values of one quantity, or of one value each of several;
    /// and whether they differ at all.
    fn is_list(&self, body: &str) -> bool {
        let names = self.names().len();
        if names > 1 {
            return names == self.parts.len();
        }
        let mut readings =
            self.parts.iter().map(|(_, content)| read(body.get(content.clone()).unwrap_or("")));
        let first = readings.next();
        first.is_some_and(|first| readings.any(|other| contradicts(&first, &other)))
    }
}

/// Puts the boxes that are one list together; of the last [`MAX_NEAR`].
pub(super) fn groups(body: &str, boxes: &[Boxed]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::with_capacity(boxes.len());
    let mut run: Option<Group> = None;
    let mut members: Vec<&Boxed> = Vec::new();
    for found in boxes.get(boxes.len().saturating_sub(MAX_NEAR)..).unwrap_or(boxes) {
        let joined = run
            .as_ref()
            .filter(|group| group.parts.len() < MAX_BOXES)
            .and_then(|group| joining(body.get(group.whole.end..found.whole.start)?));
        match (&mut run, joined) {
            (Some(group), Some(name)) => {
                group.whole.end = found.whole.end;
                group.parts.push((name, found.content.clone()));
                members.push(found);
            }
            _ => {
                close(body, run.take(), &members, &mut groups);
                run = Some(Group::of(found, name_before(body, found.whole.start)));
                members = vec![found];
            }
        }
    }
    close(body, run, &members, &mut groups);
    groups
}

/// Takes a run of boxes as one list, or each of them for itself.
fn close(body: &str, run: Option<Group>, members: &[&Boxed], groups: &mut Vec<Group>) {
    match run {
        Some(group) if members.len() > 1 && !group.is_list(body) => {
            groups.extend(members.iter().map(|found| Group::of(found, None)));
        }
        run => groups.extend(run),
    }
}

/// The name of the quantity that the next box gives, if the text between two boxes joins them.
#[expect(clippy::option_option, reason = "a joining text may name no quantity")]
fn joining(gap: &str) -> Option<Option<String>> {
    const DRESS: [&str; 14] = [
        "$", "\\(", "\\)", "\\[", "\\]", "**", "\\quad", "\\qquad", "\\,", "\\;", "\\ ", "\\text{",
        "}", "{",
    ];
    const MARKS: [&str; 5] = [",", ";", "，", "、", "；"];
    const WORDS: [&str; 9] = ["and", "or", "或者", "或", "以及", "和", "与", "及", "\\text{and}"];
    if gap.len() > MAX_GAP {
        return None;
    }
    let (mut rest, mut joined, mut word) = (gap, false, false);
    loop {
        rest = rest.trim_start();
        if let Some(after) = DRESS.iter().find_map(|mark| rest.strip_prefix(mark)) {
            rest = after;
        } else if let Some(after) = MARKS.iter().find_map(|mark| rest.strip_prefix(mark)) {
            (rest, joined) = (after, true);
        } else if let Some(after) = WORDS.iter().find_map(|word| rest.strip_prefix(word))
            && !after.starts_with(|c: char| c.is_ascii_alphanumeric())
        {
            (rest, joined, word) = (after, true, true);
        } else {
            break;
        }
    }
    if !joined || (gap.contains('\n') && (!word || gap.contains("\n\n"))) {
        return None;
    }
    if rest.is_empty() {
        return Some(None);
    }
    let name = name_before(rest, rest.len())?;
    // Nothing but the name may stand there.
    let only = rest.trim_end_matches(['$', ' ', '(', '[', '\\', '=']).trim() == name;
    only.then_some(Some(name))
}

/// The name of `… x = ` before a box.
fn name_before(body: &str, start: usize) -> Option<String> {
    const LONGEST: usize = 24;
    let near = body.get(body.ceil_char_boundary(start.saturating_sub(LONGEST))..start)?;
    let near = near.trim_end_matches(['$', ' ', '(', '[', '\\', '{']).strip_suffix('=')?.trim_end();
    let from = near.rfind(|c: char| !(c.is_ascii_alphanumeric() || "_{}\\".contains(c)));
    let name = from.map_or(Some(near), |at| {
        near.get(at..)
            .map(|rest| rest.get(rest.chars().next().map_or(0, char::len_utf8)..).unwrap_or(""))
    })?;
    (name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '\\')).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::boxed::boxes;
    use super::*;

    #[test]
    fn joined_boxes_are_one_list() {
        for (text, expect) in [
            ("x = \\boxed{2} or x = \\boxed{3}", &["2, 3"][..]),
            ("$x = \\boxed{2}$ or $x = \\boxed{3}$", &["2, 3"]),
            ("x = \\boxed{2} or \\boxed{3}", &["2, 3"]),
            ("\\boxed{2}, \\boxed{3}", &["2, 3"]),
            ("$\\boxed{2}$ and $\\boxed{3}$", &["2, 3"]),
            ("\\boxed{2}, \\boxed{3}, and \\boxed{4}", &["2, 3, 4"]),
            ("\\boxed{2} \\text{ and } \\boxed{3}", &["2, 3"]),
            ("\\boxed{2}和\\boxed{3}", &["2, 3"]),
            ("\\boxed{2}、\\boxed{3}", &["2, 3"]),
            ("x = \\boxed{2}, y = \\boxed{3}", &["x = 2, y = 3"]),
            ("x = \\boxed{2} and y = \\boxed{2}", &["x = 2, y = 2"]),
            ("\\[\\boxed{2}\\]\nor\n\\[\\boxed{3}\\]", &["2, 3"]),
            ("\\boxed{2} \\boxed{3}", &["2", "3"]),
            ("\\boxed{2}\n\\boxed{3}", &["2", "3"]),
            ("\\boxed{2},\n\\boxed{3}", &["2", "3"]),
            ("\\boxed{2} = \\boxed{3}", &["2", "3"]),
            ("\\boxed{2} or rather \\boxed{3}", &["2", "3"]),
            ("\\boxed{2}, no, \\boxed{3}", &["2", "3"]),
            ("\\boxed{2} or \\boxed{2}", &["2", "2"]),
            ("\\boxed{2}, 2x = \\boxed{3}", &["2", "3"]),
            ("x = \\boxed{2} or y = \\boxed{3} or x = \\boxed{4}", &["2", "3", "4"]),
            ("\\boxed{2} or not \\boxed{3}", &["2", "3"]),
            ("\\boxed{2}, -\\boxed{3}", &["2", "3"]),
        ] {
            let found: Vec<String> =
                groups(text, &boxes(text).closed).iter().map(|group| group.text(text)).collect();
            assert_eq!(found, expect, "{text}");
        }
    }
}
