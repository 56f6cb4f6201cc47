//! One unit of a product with its power.

use std::borrow::Cow;
use std::sync::Arc;

use super::Kind;
use super::dimension::Dimension;
use super::factor::Factor;
use super::noun::singular;
use super::prefix::Prefix;
use super::table::{Found, Meaning, Standing, look_up, two_words};
use crate::answer::word::is_noun;

/// How a text stands beside its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setting {
    /// Without a space: `5m`.
    Glued,
    /// Behind a space: `5 m`.
    Apart,
    /// In upright type, which says that letters are no variables: `5\text{m}`.
    Upright,
}

/// A unit and its power.
#[derive(Clone, Debug)]
pub(super) struct Term {
    pub(super) name: Cow<'static, str>,
    pub(super) kind: Kind,
    /// Whether it is spelled out.
    pub(super) word: bool,
    pub(super) prefix: Option<&'static Prefix>,
    pub(super) meaning: Arc<Meaning>,
    /// Never zero.
    pub(super) power: i8,
}

/// Nothing is raised to more than this.
const MAX_POWER: i8 = 12;
/// The longest word that is looked up, in characters.
const MAX_WORD: usize = 40;

/// A symbol or word with its power, at the head of a text. `behind` says that it divides.
pub(super) fn term(text: &str, setting: Setting, behind: bool) -> Option<(Term, &str)> {
    if let Some((power, rest)) = worded_power(text)
        && let Some((term, rest)) = simple(rest, Setting::Apart.max(setting), behind)
    {
        return (term.power == 1).then_some((Term { power, ..term }, rest));
    }
    simple(text, setting, behind)
}

impl Setting {
    /// The setting that says more.
    fn max(self, other: Self) -> Self {
        if other == Self::Upright { other } else { self }
    }
}

/// `square `, `sq. `: the power, and the text of what is raised to it.
fn worded_power(text: &str) -> Option<(i8, &str)> {
    let (at, _) = text.char_indices().take(8).find(|&(_, c)| c == ' ')?;
    let (word, rest) = (text.get(..at)?, text.get(at + 1..)?);
    let power = match word.to_ascii_lowercase().as_str() {
        "square" | "sq" | "sq." => 2,
        "cubic" | "cu" | "cu." => 3,
        _ => return None,
    };
    Some((power, rest))
}

/// A term without `square` before it.
fn simple(text: &str, setting: Setting, behind: bool) -> Option<(Term, &str)> {
    if let Some(sign) = leading_sign(text) {
        return Some(sign);
    }
    let (word, after) = head(text)?;
    let both = second(after).and_then(|(next, rest)| Some((two_words(word, next)?, rest)));
    let one = || {
        let found = look_up(word)?;
        (found.standing != Standing::Upright || setting == Setting::Upright)
            .then_some((found, after))
    };
    let Some((found, rest)) = both.or_else(one) else {
        let noun = noun(word, setting)?;
        let (power, rest) = power(after)?;
        return Some((Term { power, ..noun }, rest));
    };
    let Found { name, standing, prefix, meaning } = found;
    let kind = match standing {
        Standing::Certain | Standing::Word => Kind::Certain,
        Standing::Apart if setting != Setting::Glued => Kind::Certain,
        // A time of day: `5 pm`.
        _ if setting == Setting::Upright && word != "pm" => Kind::Certain,
        _ => Kind::Doubtful,
    };
    let word = standing == Standing::Word;
    let digits = !word
        && (setting != Setting::Glued || kind == Kind::Certain)
        && (meaning.dimension.is_length() || (behind && name == "s"));
    let (power, rest) = match glued_power(rest).filter(|_| digits) {
        Some(found) => found,
        None => power(rest)?,
    };
    let (power, rest) = match spoken_power(rest) {
        Some(spoken) if word && power == 1 => spoken,
        _ => (power, rest),
    };
    Some((Term { name, kind, word, prefix, meaning, power }, rest))
}

/// ` squared` and ` cubed`.
fn spoken_power(text: &str) -> Option<(i8, &str)> {
    let squared = text.strip_prefix(" squared").map(|rest| (2, rest));
    squared
        .or_else(|| text.strip_prefix(" cubed").map(|rest| (3, rest)))
        .filter(|(_, rest)| ends_word(rest))
}

/// A sign of a currency.
fn leading_sign(text: &str) -> Option<(Term, &str)> {
    let sign = text.chars().next()?;
    let found = super::currency_name(sign).and_then(|name| match name.split_once(' ') {
        Some((first, second)) => two_words(first, second),
        None => look_up(name),
    })?;
    let term = Term {
        name: found.name,
        kind: Kind::Certain,
        word: true,
        prefix: None,
        meaning: found.meaning,
        power: 1,
    };
    Some((term, text.get(sign.len_utf8()..)?))
}

/// The word at the head of a text, unless it is too long for a unit.
fn head(text: &str) -> Option<(&str, &str)> {
    let end = text
        .char_indices()
        .take(MAX_WORD + 1)
        .find(|&(at, c)| !(c.is_alphabetic() || c == '°' && at == 0))
        .map(|(at, _)| at);
    let end = match end {
        Some(end) => end,
        None if text.chars().nth(MAX_WORD).is_none() => text.len(),
        None => return None,
    };
    (end > 0).then(|| text.split_at(end))
}

/// The word behind a space or a hyphen.
fn second(rest: &str) -> Option<(&str, &str)> {
    head(rest.strip_prefix([' ', '-'])?).filter(|(_, rest)| ends_word(rest))
}

fn ends_word(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_alphanumeric() && superscript(c).is_none())
}

/// What is counted.
fn noun(word: &str, setting: Setting) -> Option<Term> {
    if setting == Setting::Glued || !is_noun(word) {
        return None;
    }
    let name = singular(word);
    let dimension = Dimension::named(name.clone(), 1);
    Some(Term {
        name: Cow::Owned(name),
        kind: Kind::Noun,
        word: true,
        prefix: None,
        meaning: Arc::new(Meaning { factor: Factor::one(), offset: None, dimension }),
        power: 1,
    })
}

/// `2` in `cm2`.
fn glued_power(rest: &str) -> Option<(i8, &str)> {
    let power = match rest.as_bytes().first() {
        Some(b'2') => 2,
        Some(b'3') => 3,
        _ => return None,
    };
    let rest = rest.get(1..)?;
    (ends_word(rest) && !rest.starts_with(['^', '_'])).then_some((power, rest))
}

/// The power after a symbol as `^n`, `^{n}` or in superscripts, or 1; `None` when it is not a small
/// whole number.
fn power(text: &str) -> Option<(i8, &str)> {
    if let Some(written) = text.strip_prefix('^') {
        let (inner, close) = match written.chars().next()? {
            '{' => (written.get(1..)?, "}"),
            '(' => (written.get(1..)?, ")"),
            _ => (written, ""),
        };
        let end = digits_end(inner, |at, c| c.is_ascii_digit() || (at == 0 && c == '-'))?;
        let (number, rest) = inner.split_at(end);
        return Some((bounded(number)?, rest.strip_prefix(close)?));
    }
    let end =
        digits_end(text, |at, c| superscript(c).is_some_and(|plain| plain != '-' || at == 0))?;
    let (raised, rest) = text.split_at(end);
    if raised.is_empty() {
        return Some((1, text));
    }
    let number: String = raised.chars().filter_map(superscript).collect();
    Some((bounded(&number)?, rest))
}

/// Where the digits at the head of a text end, unless there are more than a power can have.
fn digits_end(text: &str, is_digit: impl Fn(usize, char) -> bool) -> Option<usize> {
    const MAX_DIGITS: usize = 4;
    for (count, (at, c)) in text.char_indices().enumerate() {
        if !is_digit(at, c) {
            return Some(at);
        }
        if count == MAX_DIGITS {
            return None;
        }
    }
    Some(text.len())
}

fn superscript(c: char) -> Option<char> {
    Some(match c {
        '⁻' => '-',
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴' => '4',
        '⁵' => '5',
        '⁶' => '6',
        '⁷' => '7',
        '⁸' => '8',
        '⁹' => '9',
        _ => return None,
    })
}

fn bounded(number: &str) -> Option<i8> {
    let number: i8 = number.parse().ok()?;
    (number != 0 && number.abs() <= MAX_POWER).then_some(number)
}
