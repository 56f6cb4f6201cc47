//! What a clause says of the options of a question: `(B)`, `B) 12 m`, `B because it fits`, `12 m`.

use std::cell::LazyCell;

use super::denial::withdrawn;
use super::dress::{undress, undress_prose};
use super::phrase::first_sentence;
use super::readable::same_value;
use super::word::{is_denial, is_plain, words};
use super::{clip, read};

/// The letters of a question without listed options: `A` to `J`.
const UNLISTED: usize = 10;

/// How much of an option or a clause is compared, in bytes.
const MAX_TEXT: usize = 600;

/// What a clause settles on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// One letter, in upper case; maybe of no option.
    Letter(char),
    /// More than one, or one of which it is unclear whether it is meant.
    Several,
    /// No letter and no option.
    Nothing,
}

/// The place of a letter among the options.
pub(super) fn letter_index(letter: char, options: &[String]) -> Option<usize> {
    let count = if options.is_empty() { UNLISTED } else { options.len().min(26) };
    let index = (letter as u32).checked_sub('A' as u32)? as usize;
    (index < count).then_some(index)
}

/// Reads what stands in a box, after "the answer is", or in a line of its own.
pub(super) fn said(clause: &str, options: &[String]) -> Said {
    let plain = undress_prose(clause);
    let plain = without_lead(&plain);
    if let [letter] = stating(plain, options).as_slice() {
        // The option `C` of blood types is also a letter of the list.
        let own = plain.chars().count() == 1 && !plain.eq_ignore_ascii_case(&letter.to_string());
        return if own { Said::Several } else { Said::Letter(*letter) };
    }
    match Label::read(plain) {
        Some(label) => label.settle(options),
        None if mentions(plain, options) => Said::Several,
        None => Said::Nothing,
    }
}

fn is_chinese(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

/// Without words such as `option` before a letter.
fn without_lead(plain: &str) -> &str {
    const LEADS: [&str; 9] =
        ["the", "option", "choice", "letter", "answer", "indeed", "clearly", "therefore", "simply"];
    let mut plain = plain;
    while let Some((word, rest)) = plain.split_once(' ')
        && LEADS.iter().any(|lead| word.eq_ignore_ascii_case(lead))
    {
        plain = rest;
    }
    plain
}

/// A letter at the head of a clause.
struct Label<'a> {
    letter: char,
    /// Whether brackets or a mark set it apart: `(b)`, `B)`, `B:`.
    marked: bool,
    /// Whether the mark is a full stop, which may as well end the sentence.
    stopped: bool,
    rest: &'a str,
}

impl<'a> Label<'a> {
    fn read(plain: &'a str) -> Option<Self> {
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
    fn settle(&self, options: &[String]) -> Said {
        let letter = self.letter.to_ascii_uppercase();
        let separated = self.rest.trim_start().starts_with([',', ';', '-', '—', '(']);
        let rest = self.rest.trim_start_matches([' ', ',', ';', '-', '—']);
        let text = first_sentence(rest).trim();
        let text = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')).unwrap_or(text);
        let meant = match stating(text, options).as_slice() {
            [] => None,
            letters => Some(letters == [letter]),
        };
        let first = words(text).next().unwrap_or("").to_lowercase();
        let reason = ["because", "since", "as", "due", "given"].contains(&first.as_str())
            || ["因为", "由于", "理由"].iter().any(|word| first.starts_with(word));
        let named = ["选项", "项", "正确", "是正确", "对"].contains(&text);
        if text.is_empty() || reason || named || meant == Some(true) {
            return Said::Letter(letter);
        }
        if meant == Some(false) {
            return Said::Several;
        }
        // After the end of the sentence comes an explanation.
        if self.stopped && withdrawn(rest) {
            return Said::Several;
        }
        if self.stopped || is_only_rejection(text) {
            return Said::Letter(letter);
        }
        let mixed = mentions(text, options) || holds_another(text, letter, options);
        if mixed || words(text).any(is_denial) {
            return Said::Several;
        }
        if self.marked || separated { Said::Letter(letter) } else { Said::Nothing }
    }
}

/// `not C`, `rather than (C)`: what is rejected makes the chosen letter no less clear.
fn is_only_rejection(text: &str) -> bool {
    let mut rest = words(text).map(str::to_lowercase);
    let first = rest.next().unwrap_or_default();
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

/// Whether a letter of an option stands alone in a text. `A` before a word is the article.
fn mentions(text: &str, options: &[String]) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let apart = |c: Option<&char>| {
        c.is_none_or(|c| is_chinese(*c) || !(c.is_alphanumeric() || "_'".contains(*c)))
    };
    chars.iter().enumerate().any(|(at, &c)| {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let (after, next) = (chars.get(at + 1), chars.get(at + 2));
        let article =
            (c == 'A' || c == 'I') && after == Some(&' ') && next.is_some_and(|c| c.is_lowercase());
        let bracketed = before == Some(&'(') && after == Some(&')');
        let letter = if bracketed { c.to_ascii_uppercase() } else { c };
        apart(before) && apart(after) && !article && letter_index(letter, options).is_some()
    })
}

/// The letters of the options whose text this is.
pub(super) fn stating(text: &str, options: &[String]) -> Vec<char> {
    if text.is_empty() || options.is_empty() {
        return Vec::new();
    }
    let text = clip(text, MAX_TEXT);
    let folded = fold(&text);
    let value = LazyCell::new(|| read(&text));
    // Without a digit on both sides only the same words say the same.
    let numeric = text.contains(char::is_numeric);
    let same = |option: &String| {
        let option = clip(option, MAX_TEXT);
        fold(&option) == folded
            || (numeric && option.contains(char::is_numeric) && same_value(&read(&option), &value))
    };
    (b'A'..=b'Z')
        .zip(options)
        .filter(|(_, option)| same(option))
        .map(|(letter, _)| char::from(letter))
        .collect()
}

/// The letter that is all a text says, in any dress: `(b)`, `**B**`, `\boxed{B}`, `B.`
pub(super) fn label(text: &str) -> Option<char> {
    let plain = undress_prose(text);
    let plain = without_lead(&plain);
    let bare = plain.trim_matches(|c| "()[].: ".contains(c));
    let mut chars = bare.chars();
    let letter = chars.next().filter(char::is_ascii_alphabetic)?;
    chars.next().is_none().then(|| letter.to_ascii_uppercase())
}

/// Folds the case of words; of symbols (`mW`, `MW`) it carries the meaning.
fn fold(text: &str) -> String {
    let plain = undress(text);
    let folded = plain.split(' ').map(|word| {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        let capitals = word.chars().skip(1).any(char::is_uppercase);
        if (letters > 3 || is_plain(word)) && !capitals {
            word.to_lowercase()
        } else {
            word.to_owned()
        }
    });
    folded.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_read() {
        use Said::{Letter, Nothing, Several};
        let options = ["A chemical change", "12 m", "E. coli", "5 mW"].map(str::to_owned);
        for (clause, expect) in [
            ("B", Letter('B')),
            ("b.", Letter('B')),
            ("(b)", Letter('B')),
            ("**B) 12 m**.", Letter('B')),
            ("B. 12 m", Letter('B')),
            ("B: 12 metres", Letter('B')),
            ("12 m", Letter('B')),
            ("12.0 m", Letter('B')),
            ("B because C is too large", Letter('B')),
            ("B, as it fits", Letter('B')),
            ("B. Option C is too large", Letter('B')),
            ("B, not C", Letter('B')),
            ("(B) rather than option C", Letter('B')),
            ("option b", Letter('B')),
            ("$\\text{B}$", Letter('B')),
            ("A chemical change", Letter('A')),
            ("a", Letter('A')),
            ("E. coli", Letter('C')),
            ("F", Letter('F')),
            ("A physical change", Nothing),
            ("a matter of taste", Nothing),
            ("I think", Nothing),
            ("B-cells", Several),
            ("B cells", Nothing),
            ("5 MW", Nothing),
            ("A or B", Several),
            ("A, B", Several),
            ("A/B", Several),
            ("(A), (C)", Several),
            ("A\\text{ or }B", Several),
            ("both A and B", Several),
            ("not B", Several),
            ("B. E. coli", Several),
            ("B) 5 mW", Several),
            ("B (5 mW)", Several),
            ("B) It is 5 mW", Several),
            ("B (12 m)", Letter('B')),
            ("(B) is not right", Several),
            ("vitamin C", Several),
        ] {
            assert_eq!(said(clause, &options), expect, "{clause}");
        }
        let types = ["O", "A", "B", "AB"].map(str::to_owned);
        assert_eq!(said("B", &types), Several);
        assert_eq!(said("C) B", &types), Letter('C'));
        assert_eq!(said("B) B", &types), Several);
    }
}
