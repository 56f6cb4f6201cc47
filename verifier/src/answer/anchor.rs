//! Finds the words that announce an answer: "the answer is", "Final answer:", `答案是`, `故选`.
//!
//! One pass over the words of the text; after each of a few words a bounded piece is looked at.

use std::ops::Range;

use super::chinese::chinese;

/// Words that announce an answer, from the first of them to where the answer begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Anchor {
    /// In the text.
    pub place: Range<usize>,
    /// Whether they may as well announce a step on the way.
    pub weak: bool,
}

/// How far "is" may stand from "the answer to", in bytes.
const MAX_OBJECT: usize = 80;

/// What the searches behind objects know of the text, so that none looks twice at a place.
#[derive(Debug, Default)]
struct Search {
    /// Where the last one that failed ended: no answer is announced before it.
    barren: usize,
    /// How many bytes were looked at.
    #[cfg(test)]
    steps: usize,
}

/// The anchors of a text in their order; none reaches into another.
pub(super) fn anchors(text: &str) -> Vec<Anchor> {
    found_in(text, &mut Search::default())
}

fn found_in(text: &str, search: &mut Search) -> Vec<Anchor> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    let mut previous = "";
    while let Some(&byte) = bytes.get(at) {
        let anchor = if is_letter(byte) {
            let end = at + bytes[at..].iter().take_while(|b| is_letter(**b)).count();
            let word = text.get(at..end).unwrap_or("");
            let anchor = english(text, at..end, word, previous, search);
            previous = word;
            anchor.ok_or(end)
        } else if byte >= 0x80 {
            let rest = text.get(at..).unwrap_or("");
            let length = rest.chars().next().map_or(1, char::len_utf8);
            match byte {
                0xE5 | 0xE6 | 0xE7 | 0xE9 => chinese(text, at, rest).ok_or(at + length),
                _ => Err(at + length),
            }
        } else {
            Err(at + 1)
        };
        at = match anchor {
            Ok(anchor) => {
                let end = anchor.place.end;
                found.push(anchor);
                end
            }
            Err(next) => next,
        };
    }
    found
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is(word: &str, list: &[&str]) -> bool {
    list.iter().any(|entry| entry.eq_ignore_ascii_case(word))
}

fn english(
    text: &str,
    place: Range<usize>,
    word: &str,
    previous: &str,
    search: &mut Search,
) -> Option<Anchor> {
    let first = word.as_bytes().first()?.to_ascii_lowercase();
    if !matches!(first, b'a' | b'b' | b'c' | b'r' | b's' | b'v') || !(3..=9).contains(&word.len()) {
        return None;
    }
    let anchor = |end, weak| Some(Anchor { place: place.start..end, weak });
    if is(word, &["answer", "answers"]) {
        let named = after_word(text, place.end, &["choice", "option"]).unwrap_or(place.end);
        let stated = connector(text, named).or_else(|| behind_object(text, named, search));
        return match stated.or_else(|| heading(text, &place, previous)) {
            Some(end) => anchor(end, false),
            None => None,
        };
    }
    if is(word, &["ans"]) {
        return anchor(connector(text, place.end)?, false);
    }
    if is(word, &["correct", "right", "best"]) {
        let named = after_word(text, place.end, &["option", "choice"])?;
        return anchor(
            connector(text, named).or_else(|| behind_object(text, named, search))?,
            false,
        );
    }
    let result = is(word, &["result", "solution", "solutions"]);
    let value = is(word, &["value"]);
    if !(result || value) {
        return None;
    }
    let direct = if value { None } else { connector(text, place.end) };
    let end = direct.or_else(|| behind_object(text, place.end, search))?;
    anchor(end, !is(previous, &["final"]))
}

/// The end of one of some words after spaces at a place.
fn after_word(text: &str, at: usize, list: &[&str]) -> Option<usize> {
    let rest = text.get(at..)?;
    let word = rest.trim_start();
    let gap = rest.len() - word.len();
    let length = word.bytes().take_while(|b| is_letter(*b)).count();
    (gap > 0 && is(word.get(..length)?, list)).then_some(at + gap + length)
}

/// Where an answer begins after "is", "=" or ":" at a place.
fn connector(text: &str, at: usize) -> Option<usize> {
    const WORDS: [&str; 4] = ["is", "are", "equals", "be"];
    let rest = text.get(at..)?;
    let mut said = rest.trim_start_matches(dress);
    let length = said.bytes().take_while(|b| is_letter(*b)).count();
    let word = said.get(..length)?;
    if word.is_empty() {
        said = said.strip_prefix(['=', ':', '：', '＝'])?;
    } else {
        // A word begins only after a space.
        if said.len() == rest.len() {
            return None;
        }
        said = said.get(length..)?;
        if is(word, &["would", "must", "should"]) {
            let be = said.trim_start();
            let length = be.bytes().take_while(|b| is_letter(*b)).count();
            if be.len() == said.len() || !is(be.get(..length)?, &["be"]) {
                return None;
            }
            said = be.get(length..)?;
        } else if !is(word, &WORDS) {
            return None;
        }
        if said
            .starts_with(|c: char| c.is_alphanumeric() && !('\u{4E00}'..='\u{9FFF}').contains(&c))
        {
            return None;
        }
    }
    let colon = said.trim_start_matches(dress);
    if let Some(after) = colon.strip_prefix([':', '：']) {
        return Some(text.len() - after.trim_start_matches([' ', '\t', '*', '_']).len());
    }
    Some(text.len() - colon.len())
}

/// What may stand between an anchor and what it announces.
fn dress(c: char) -> bool {
    c.is_whitespace() || c == '*' || c == '_'
}

/// Where an answer begins after "to the question is": the first connector of the same sentence.
fn behind_object(text: &str, at: usize, search: &mut Search) -> Option<usize> {
    let from = after_word(text, at, &["to", "for", "of"])?;
    let end = text.floor_char_boundary(from + MAX_OBJECT);
    let near = text.as_bytes().get(from..end)?;
    if !near.first().is_some_and(u8::is_ascii_whitespace) {
        return None;
    }
    let skipped = search.barren.saturating_sub(from).max(1);
    for (place, &byte) in near.iter().enumerate().skip(skipped) {
        #[cfg(test)]
        {
            search.steps += 1;
        }
        let ends = matches!(byte, b'.' | b'\n' | b':');
        let next = near.get(place + 1).map(u8::to_ascii_lowercase);
        // A full-width mark begins with 0xEF.
        let begins = match byte {
            b':' | b'=' => true,
            b' ' | b'\t' => next.is_some_and(|b| b"iaewms*_:=\xEF".contains(&b)),
            _ => false,
        };
        if begins && let Some(end) = connector(text, from + place) {
            return Some(end);
        }
        if ends {
            search.barren = search.barren.max(from + place);
            return None;
        }
    }
    search.barren = search.barren.max(end);
    None
}

/// Where an answer begins in the lines under "Final answer", or under "Answer" alone in its line.
fn heading(text: &str, place: &Range<usize>, previous: &str) -> Option<usize> {
    let rest = text.get(place.end..)?;
    let line = rest.trim_start_matches(['*', '_', '#', ' ', '\t', '\r']);
    let below = line.strip_prefix('\n')?;
    let before = text.get(text.ceil_char_boundary(place.start.saturating_sub(40))..place.start)?;
    let before = before.rsplit('\n').next()?;
    let marks = |c: char| matches!(c, '*' | '_' | '#' | ' ' | '\t');
    let alone = before.trim_matches(marks).is_empty() && before.contains(['#', '*']);
    if !(alone || is(previous, &["final"])) {
        return None;
    }
    let below = below.trim_start_matches(['\n', '\r', ' ']);
    Some(text.len() - below.trim_start_matches(['*', '_', ' ', '\t']).len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_text_is_searched_once() {
        for unit in
            ["the answer to ", "result of ", "value of value of ", "answer for: ", "答案", "选"]
        {
            let text = unit.repeat((1 << 20) / unit.len());
            let mut search = Search::default();
            let found = found_in(&text, &mut search);
            assert!(search.steps <= 2 * text.len(), "{unit}: {} steps", search.steps);
            assert!(found.iter().is_sorted_by(|a, b| a.place.end <= b.place.start), "{unit}");
        }
    }
}
