//! A letter at the head of a clause, and whether it is meant: `B) 12 m`, `B because it fits`.

use super::denial::withdrawn;
use super::letter::{
    Said, fold, is_chinese, label, letter_index, mentions, stating, turns_to_another,
};
use super::phrase::first_sentence;
use super::word::{is_denial, words};

/// A letter at the head of a clause.
pub(super) struct Label<'a> {
    letter: char,
    /// Whether brackets or a mark set it apart: `(b)`, `B)`, `B:`.
    marked: bool,
    /// Whether the mark is a full stop, which may as well end the sentence.
    stopped: bool,
    rest: &'a str,
}

impl<'a> Label<'a> {
    pub(super) fn read(plain: &'a str) -> Option<Self> {
        if let Some(inner) = plain.strip_prefix(['(', '[']) {
            let inner = inner.trim_start();
            let letter = inner.chars().next().filter(char::is_ascii_alphabetic)?;
            let rest = inner[1..].trim_start().strip_prefix([')', ']'])?;
            return Some(Self { letter, marked: true, stopped: false, rest });
        }
        let letter = plain.chars().next().filter(char::is_ascii_alphabetic)?;
        let rest = &plain[1..];
        let next = rest.chars().next();
        if next.is_some_and(|c| (c.is_alphanumeric() && !is_chinese(c)) || "_'^-".contains(c)) {
            return None;
        }
        let stopped = rest.starts_with(". ") || rest.starts_with(['。', '！', '；']);
        let marked = stopped || matches!(next, Some(')' | ']' | ':' | '、'));
        let mark = if marked { next.map_or(0, char::len_utf8) } else { 0 };
        let rest = rest.get(mark..).unwrap_or("");
        // A small letter with more words behind it is the article, or a variable.
        let small = letter.is_ascii_lowercase() && !marked;
        let ended = rest.trim_start().is_empty() || rest.starts_with([',', ';']);
        (!small || ended).then_some(Self { letter, marked, stopped, rest })
    }

    /// Whether the letter is meant, seen from what follows it.
    pub(super) fn settle(&self, options: &[String]) -> Said {
        let letter = self.letter.to_ascii_uppercase();
        let separated = self.rest.trim_start().starts_with([',', ';', '-', '—', '(']);
        let rest = self.rest.trim_start_matches([' ', ',', ';', '-', '—']);
        let text = first_sentence(rest).trim();
        let text = [", since ", ", because ", " because ", " since "]
            .iter()
            .filter_map(|reason| text.split_once(reason))
            .map(|(text, _)| text)
            .min_by_key(|text| text.len())
            .unwrap_or(text);
        let text = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')).unwrap_or(text);
        let meant = match stating(text, options).as_slice() {
            [] => None,
            letters => Some(letters == [letter]),
        };
        let first = words(text).next().unwrap_or("").to_lowercase();
        let reason = ["because", "since", "as", "due", "given"].contains(&first.as_str())
            || ["因为", "由于", "理由"].iter().any(|word| first.starts_with(word));
        let named = ["选项", "项", "正确", "是正确", "是正确的", "选项正确", "项正确", "对"]
            .contains(&text);
        let next = label(rest).is_some_and(|other| self.stopped && other != letter);
        if next || offers_another(rest, letter, options) {
            return Said::Several;
        }
        if text.is_empty() || reason || named || meant == Some(true) {
            return Said::Letter(letter);
        }
        if meant == Some(false) {
            return Said::Several;
        }
        // After the end of the sentence comes an explanation.
        let after = rest.get(first_sentence(rest).len()..).unwrap_or("");
        if turns_to_another(if self.stopped { rest } else { after }, letter, options) {
            return Said::Several;
        }
        if self.is_judged(text, options) {
            return Said::Several;
        }
        if self.stopped && withdrawn(rest) {
            return Said::Several;
        }
        if self.stopped || is_only_rejection(text) {
            return Said::Letter(letter);
        }
        let others = words(text).any(|word| ["others", "rest"].contains(&word));
        if others && separated && !mentions(text, options) {
            return Said::Letter(letter);
        }
        let mixed = mentions(text, options) || holds_another(text, letter, options);
        if mixed || words(text).any(is_denial) {
            return Said::Several;
        }
        if self.marked || separated { Said::Letter(letter) } else { Said::Nothing }
    }
}

impl Label<'_> {
    /// Whether the option is only spoken of: `B) 12 m is too short`.
    fn is_judged(&self, text: &str, options: &[String]) -> bool {
        const VERBS: [&str; 9] =
            ["is", "was", "would", "seems", "looks", "may", "says", "states", "are"];
        const PRAISE: [&str; 4] = ["correct", "right", "the", "best"];
        let own = letter_index(self.letter.to_ascii_uppercase(), options)
            .and_then(|at| options.get(at))
            .map(|own| fold(own));
        let folded = fold(text);
        let rest = own.and_then(|own| folded.strip_prefix(&own).map(str::to_owned));
        let rest = rest.unwrap_or_else(|| if self.marked { folded } else { String::new() });
        let mut said = words(&rest);
        let (verb, judgement) = (said.next().unwrap_or(""), said.next().unwrap_or(""));
        !self.stopped_apart(text) && VERBS.contains(&verb) && !PRAISE.contains(&judgement)
    }

    /// Whether the full stop behind the letter ends a sentence of its own.
    fn stopped_apart(&self, text: &str) -> bool {
        self.stopped
            && text.starts_with(|c: char| c.is_uppercase())
            && self.rest.starts_with(' ')
            && words(text).nth(2).is_some()
            && !text.starts_with(|c: char| c.is_ascii_digit())
    }
}

/// Whether a clause ends with another letter after "or": `… it fits, or maybe C`.
fn offers_another(text: &str, letter: char, options: &[String]) -> bool {
    const HEDGES: [&str; 6] = ["maybe", "perhaps", "possibly", "even", "else", "option"];
    let mut said = words(text).skip_while(|word| !word.eq_ignore_ascii_case("or")).skip(1);
    let next = said.find(|word| !HEDGES.iter().any(|hedge| hedge.eq_ignore_ascii_case(word)));
    let mut chars = next.unwrap_or("").chars();
    match (chars.next(), chars.next()) {
        (Some(other), None) => {
            other.is_ascii_uppercase() && other != letter && letter_index(other, options).is_some()
        }
        _ => false,
    }
}

/// `not C`, `rather than (C)`: what is rejected makes the chosen letter no less clear.
fn is_only_rejection(text: &str) -> bool {
    let mut rest = words(text).map(str::to_lowercase);
    let mut first = rest.next().unwrap_or_default();
    if first == "and" {
        first = rest.next().unwrap_or_default();
    }
    let negation = match first.as_str() {
        "not" => true,
        "rather" => rest.next().as_deref() == Some("than"),
        "instead" => rest.next().as_deref() == Some("of"),
        _ => false,
    };
    let named: Vec<String> = rest.filter(|w| w != "option" && w != "choice").collect();
    negation && named.len() == 1 && named[0].len() == 1
}

/// Whether the text of an option stands in a text, and it is not that of the letter.
fn holds_another(text: &str, letter: char, options: &[String]) -> bool {
    let text = fold(text);
    let held = |option: &String| !option.is_empty() && text.contains(&fold(option));
    let own = letter_index(letter, options).and_then(|at| options.get(at));
    options.iter().any(held) && !own.is_some_and(held)
}
