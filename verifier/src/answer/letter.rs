//! What a clause says of the options of a question: `(B)`, `B) 12 m`, `B because it fits`, `12 m`.

use std::cell::LazyCell;

use super::dress::{undress, undress_prose};
use super::label::Label;
use super::phrase::sentences;
use super::readable::same_value;
use super::word::{is_denial, is_plain, words};
use super::{clip, read};

/// The letters of a question without listed options: `A` to `J`.
const UNLISTED: usize = 10;

/// How much of an option or a clause is compared, in bytes.
const MAX_TEXT: usize = 600;

/// How much of a clause is read, in bytes.
const MAX_SAID: usize = 4000;

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
    let clause = clause.trim();
    let clause = clause.get(..clause.floor_char_boundary(MAX_SAID)).unwrap_or(clause);
    let plain = undress_prose(clause.strip_prefix("####").unwrap_or(clause));
    let plain = without_quotes(without_lead(&plain));
    if let [letter] = stating(plain, options).as_slice() {
        // The option `C` of blood types is also a letter of the list.
        let own = plain.chars().count() == 1 && !plain.eq_ignore_ascii_case(&letter.to_string());
        return if own { Said::Several } else { Said::Letter(*letter) };
    }
    match Label::read(plain) {
        Some(label) => label.settle(options),
        None if text_with_letter(plain, options).is_some() => {
            text_with_letter(plain, options).unwrap_or(Said::Several)
        }
        None if mentions(plain, options) => Said::Several,
        None => Said::Nothing,
    }
}

pub(super) fn is_chinese(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

/// Without words such as `option` before a letter.
fn without_lead(plain: &str) -> &str {
    const LEADS: [&str; 9] =
        ["the", "option", "choice", "letter", "answer", "indeed", "clearly", "therefore", "simply"];
    let mut plain = plain;
    while let Some((word, rest)) = plain.split_once(' ')
        && LEADS.iter().any(|lead| word.trim_end_matches(':').eq_ignore_ascii_case(lead))
    {
        plain = rest;
    }
    ["选项", "选择"].iter().find_map(|lead| plain.strip_prefix(lead)).unwrap_or(plain)
}

fn without_quotes(plain: &str) -> &str {
    let quoted = plain.trim_end_matches('.').strip_prefix(['"', '\'', '“', '`']);
    quoted
        .and_then(|inner| inner.strip_suffix(['"', '\'', '”', '`']))
        .filter(|inner| inner.len() == 1)
        .unwrap_or(plain)
}

/// The text of an option with its letter behind it: `12 m (B)`, `12 m, so B`.
pub(super) fn text_with_letter(plain: &str, options: &[String]) -> Option<Said> {
    const JOINTS: [&str; 10] = [
        ", so the answer is ",
        ", which is option ",
        ", which is choice ",
        ", option ",
        ", choice ",
        ", so ",
        ", i.e. ",
        ", ",
        " (option ",
        " (",
    ];
    let (at, joint) = JOINTS.iter().find_map(|joint| Some((plain.rfind(joint)?, *joint)))?;
    let named = plain.get(at + joint.len()..)?.trim_end_matches(['.', ')', ' ']);
    let letter = label(named)?;
    let said = match stating(plain.get(..at)?, options).as_slice() {
        [only] if *only == letter => Said::Letter(letter),
        _ => Said::Several,
    };
    Some(said)
}

/// Whether the text before a letter, up to its comma, is that of another option: `18 m, so B`.
pub(super) fn states_another(line: &str, letter: char, options: &[String]) -> bool {
    line.rsplit_once(',').is_some_and(|(text, _)| {
        let stated = stating(text.trim(), options);
        !stated.is_empty() && stated != [letter]
    })
}

/// Whether a later sentence turns to another letter: `Or C.`, `But C is better.`
pub(super) fn turns_to_another(after: &str, letter: char, options: &[String]) -> bool {
    const TURNS: [&str; 10] =
        ["or", "but", "however", "hmm", "also", "no", "then", "perhaps", "maybe", "rather"];
    sentences(after).take(4).any(|(_, sentence)| {
        let first = words(sentence).next().unwrap_or("");
        let turned = TURNS.iter().any(|turn| turn.eq_ignore_ascii_case(first))
            || sentence.trim_start().starts_with("I mean")
            || (first == "The"
                && words(sentence).any(|word| word == "correct" || word == "right")
                && !words(sentence).any(is_denial));
        turned && sentence.len() <= MAX_TEXT && mentions(&sentence.replace(letter, " "), options)
    })
}

/// Whether a letter of an option stands alone in a text. `A` before a word is the article.
pub(super) fn mentions(text: &str, options: &[String]) -> bool {
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
    // A tilde may be a sign.
    if text.contains('~') {
        return None;
    }
    let plain = undress_prose(text);
    let plain = without_lead(&plain);
    let bare = without_quotes(plain.trim_matches('*'));
    let bare = bare.trim_matches(|c| "()[]{}.: ".contains(c));
    let mut chars = bare.chars();
    let letter = chars.next().filter(char::is_ascii_alphabetic)?;
    chars.next().is_none().then(|| letter.to_ascii_uppercase())
}

/// Folds the case of words; of symbols (`mW`, `MW`) it carries the meaning.
pub(super) fn fold(text: &str) -> String {
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
