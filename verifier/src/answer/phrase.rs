//! Finds the clauses that follow "the answer is" and the like, in English and Chinese.

use std::ops::Range;

use super::anchor::{Anchor, anchors};

/// How much of a line after "the answer is" is read, in bytes.
const MAX_CLAUSE: usize = 300;

/// One statement "the answer is …".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    /// Where the phrase starts.
    pub start: usize,
    /// What it says the answer is: to the end of the line, or to the next phrase.
    pub clause: Range<usize>,
    /// Whether the clause begins in another line: the phrase may be a heading.
    pub heading: bool,
    /// Whether it may as well state a step on the way: "the result is …". It counts at the end.
    pub weak: bool,
    /// Whether the next phrase begins in the same line.
    pub followed: bool,
}

/// The phrases of a text in their order.
pub(super) fn phrases(text: &str) -> Vec<Phrase> {
    let found = anchors(text);
    let next = found.iter().skip(1).map(|a| a.place.start).chain([text.len()]);
    let phrase = |(Anchor { place, weak }, next): (&Anchor, usize)| {
        let near = text.get(place.end..text.floor_char_boundary(place.end + MAX_CLAUSE))?;
        let line = place.end + near.find('\n').unwrap_or(near.len());
        Some(Phrase {
            start: place.start,
            clause: without_half_emphasis(text, emphasis_start(text, place)..line.min(next)),
            heading: text.get(place.clone())?.contains('\n'),
            weak: *weak,
            followed: next < line,
        })
    };
    found.iter().zip(next).filter_map(phrase).collect()
}

/// The phrase eats opening emphasis; it belongs to the clause when its end does.
fn emphasis_start(text: &str, phrase: &Range<usize>) -> usize {
    let eaten = &text[phrase.clone()];
    let mark = eaten.len() - eaten.trim_end_matches(['*', '_']).len();
    phrase.end - mark
}

/// Without the end of an emphasis that began before the clause: `**Answer: 5**`.
fn without_half_emphasis(text: &str, clause: Range<usize>) -> Range<usize> {
    let said = text[clause.clone()].trim_end();
    match said.strip_suffix("**") {
        Some(shorter) if !shorter.contains("**") => clause.start..clause.start + shorter.len(),
        _ => clause,
    }
}

/// Up to the end of the sentence.
pub(super) fn first_sentence(clause: &str) -> &str {
    sentences(clause).next().map_or("", |(_, sentence)| sentence)
}

/// The sentences of a text with their offsets. A point ends one only before a capital letter, so
/// that `approx. 5` stays whole; a full-width comma only before a reason.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let end = rest
            .char_indices()
            .find(|&(place, mark)| ends_sentence(mark, &rest[place + mark.len_utf8()..]))
            .map_or(rest.len(), |(place, mark)| place + mark.len_utf8());
        let start = at;
        at += end;
        Some((start, &rest[..end]))
    })
}

/// Whether a mark ends a sentence before what follows it.
fn ends_sentence(mark: char, next: &str) -> bool {
    match mark {
        '\n' | '。' | '！' | '？' | '；' => true,
        '.' | '!' | '?' => {
            next.starts_with(' ') && next.trim_start().starts_with(char::is_uppercase)
        }
        // Behind the comma may stand `再加6`, and only of reasons is it sure that they change nothing.
        '，' => ["因为", "由于", "理由", "希望"].iter().any(|word| next.starts_with(word)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_found() {
        for (text, expect) in [
            ("The answer is 5.", &["5."][..]),
            ("**Answer:** 5", &["5"]),
            ("**Answer: 5**", &["5"]),
            ("The answer is **5**", &["**5**"]),
            ("Answer:\n\n5\nbye", &["5"]),
            ("**Final Answer**\n\n42", &["42"]),
            ("The answer to the question is 5", &["5"]),
            ("the answer is: The answer is 5", &["The ", "5"]),
            ("The correct option is B", &["B"]),
            ("The answer isn't 5", &[]),
            ("The answers are 2 and 3", &["2 and 3"]),
            ("## Answer\n5", &["5"]),
            ("The answer\n5", &[]),
            ("Answer = 5", &["5"]),
            ("Ans: 5", &["5"]),
            ("the final result is 5", &["5"]),
            ("The solution is x = 5", &["x = 5"]),
            ("The value of $x + y$ is 5", &["5"]),
            ("unanswered: 5", &[]),
            ("最终答案是 5。", &["5。"]),
            ("答案：5", &["5"]),
            ("答案应为5", &["5"]),
            ("**答案**：5", &["5"]),
            ("因此答案是：$5$", &["$5$"]),
            ("故选B。", &["B。"]),
            ("应选 (B)", &["(B)"]),
            ("选择B", &["B"]),
            ("所以选 $\\text{B}$。", &["$\\text{B}$。"]),
            ("选择两个数", &[]),
            ("不选B", &[]),
            ("答案很明显", &[]),
        ] {
            let found: Vec<&str> = phrases(text).iter().map(|p| &text[p.clause.clone()]).collect();
            assert_eq!(found, expect, "{text}");
        }
    }

    #[test]
    fn sentences_end_before_capitals() {
        let of = |text| sentences(text).map(|(_, s)| s.trim()).collect::<Vec<_>>();
        assert_eq!(of("It is 5. So be it!\nYes"), ["It is 5.", "So be it!", "Yes"]);
        assert_eq!(of("approx. 5 or 1.5"), ["approx. 5 or 1.5"]);
        assert_eq!(of("是5。对；好，因为是2，3"), ["是5。", "对；", "好，", "因为是2，3"]);
    }
}
