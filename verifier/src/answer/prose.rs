//! The number that a clause of prose states: `indeed 5`, `42 apples, since 6 * 7 = 42`,
//! `Omar picked 8 + 5 = 13 pears`.
//!
//! A clause is read only when it has one number and every other word leaves that number as it is.
//! `not 5`, `half of 5`, `5 or so`, `x - 5` are not read.

use super::definition::defines;
use super::dress::undress_prose;
pub(super) use super::lead::joins;
use super::lead::{listed, without_measure};
use super::word::{is_denial, is_numeral, is_plain, words};
use crate::notation::{Stop, head};
use crate::value::Quantity;

/// What may stand before the number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    /// After "the answer is": a few words that add nothing.
    Filler,
    /// In a free sentence: any words that leave a number as it is.
    Prose,
}

/// Words between "the answer is" and the answer.
const FILLERS: [&str; 37] = [
    "indeed",
    "simply",
    "exactly",
    "just",
    "only",
    "therefore",
    "thus",
    "then",
    "so",
    "hence",
    "clearly",
    "finally",
    "equal",
    "equals",
    "to",
    "the",
    "value",
    "number",
    "total",
    "of",
    "cost",
    "price",
    "be",
    "is",
    "a",
    "an",
    "in",
    "all",
    "it",
    "approximately",
    "about",
    "roughly",
    "still",
    "now",
    "result",
    "answer",
    "final",
];
/// Where the reasons begin.
const REASONS: [&str; 2] = [" because ", " since "];

/// Whether a clause has only words that add nothing.
pub(super) fn is_filler(clause: &str) -> bool {
    words(clause).all(|word| listed(&FILLERS, word))
}

/// The number that a clause states.
pub(super) fn stated(clause: &str, lead: Lead) -> Result<Quantity, Stop> {
    let mut plain = undress_prose(clause);
    if plain.contains('?') {
        return Err(Stop::NotMathematics);
    }
    // The mark after a word is no factorial.
    if plain.ends_with('!') && plain.trim_end_matches('!').ends_with(char::is_alphabetic) {
        plain.truncate(plain.trim_end_matches('!').len());
    }
    let end = REASONS.iter().filter_map(|reason| plain.find(reason)).min();
    let plain = &plain[..end.unwrap_or(plain.len())];
    let Some((left, right)) = plain.rsplit_once(['=', '≈']) else { return sole(plain, lead) };
    let (number, rest) = head(right.trim_start())?;
    if leaves(rest) && defines(left, &number) { Ok(number) } else { Err(Stop::NotMathematics) }
}

/// The only number of a clause without an equation.
pub(super) fn sole(plain: &str, lead: Lead) -> Result<Quantity, Stop> {
    let numeric = |word: &str| word.contains(char::is_numeric) || word.starts_with("\\frac");
    let mut start = 0;
    for word in plain.split(' ') {
        if numeric(word) {
            break;
        }
        start += word.len() + 1;
    }
    // A sign with a space behind it; after a word it may be a dash.
    for sign in ["- ", "+ ", "$ ", "\u{FF04} "] {
        if start == sign.len() && plain.starts_with(sign) {
            start = 0;
        }
    }
    let before = plain.get(..start).ok_or(Stop::NotMathematics)?;
    let (number, rest) = head(&plain[start..])?;
    let led = match lead {
        Lead::Filler => is_filler(before),
        // `as in (5)` refers to an equation.
        Lead::Prose => {
            words_leave(without_measure(before))
                && !joins(before)
                && !plain[start..].starts_with(['(', '['])
        }
    };
    if led && leaves(rest) { Ok(number) } else { Err(Stop::NotMathematics) }
}

/// Whether the text after a number leaves it as it is.
pub(super) fn leaves(rest: &str) -> bool {
    let glued = rest.trim_start_matches([',', '.', ';', ':', ')', '"', '”']);
    let apart = glued.is_empty() || glued.starts_with([' ', '—']);
    let mut following = words(rest);
    let first = following.next().unwrap_or("");
    // `5 and a half`, `5 to 6`, and the letters of `5 a`, `5 I`.
    let purpose = first == "to"
        && following
            .next()
            .is_some_and(|verb| is_plain(verb) && !listed(&["the", "a", "an"], verb));
    let joined = !purpose && ["and", "to", "I"].iter().any(|word| first.eq_ignore_ascii_case(word));
    let last = words(rest).next_back().unwrap_or("");
    apart && !joined && !last.eq_ignore_ascii_case("a") && words_leave(rest)
}

/// Whether a text has only words, and only such as leave a number as it is.
pub(super) fn words_leave(text: &str) -> bool {
    let written = |c: char| c.is_alphabetic() || c.is_whitespace() || ",.;:'’\"“”()-—".contains(c);
    text.chars().all(written)
        && words(text).all(|word| {
            is_plain(word) && (word.chars().count() > 1 || ["a", "A", "I"].contains(&word))
        })
}

/// Whether a text mentions another number in words, or takes back what came before it.
pub(super) fn unsettles(text: &str) -> bool {
    words(text).any(|word| is_numeral(word) || is_denial(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(clause: &str, lead: Lead) -> Option<String> {
        let number = stated(clause, lead).ok()?;
        let mut text = number.value.as_number()?.to_string();
        if number.percent {
            text.push('%');
        }
        Some(number.unit.map_or(text.clone(), |unit| format!("{text} {}", unit.name)))
    }

    #[test]
    fn a_number_that_is_left_as_it_is_is_read() {
        for (clause, expect) in [
            ("5", "5"),
            ("5.", "5"),
            ("- 7", "-7"),
            ("indeed 5", "5"),
            ("**42** apples", "42 apple"),
            ("in total 5 apples", "5 apple"),
            ("42 apples, since 6 * 7 = 42", "42 apple"),
            ("42 because x = 6", "42"),
            ("$18 every day at the market", "18 dollar"),
            ("3 1/2 cups of flour", "7/2 cup"),
            ("a total of 12", "12"),
            ("6 * 7 = 42 apples", "42 apple"),
            ("5km in a day", "5 km"),
            ("42 apples!", "42 apple"),
            ("60 miles per hour", "60 mile/hour"),
            ("12% of the total", "12%"),
        ] {
            assert_eq!(number(clause, Lead::Filler).as_deref(), Some(expect), "{clause}");
        }
        for (clause, expect) in [
            ("So 12 it is", "12"),
            ("It falls to -7 degrees", "-7 degree"),
            ("Omar picked 8 + 5 = 13 pears", "13 pear"),
            ("She makes 9 * $2 = $18 every day", "18 dollar"),
            ("So the total cost = $5", "5 dollar"),
            ("Hence x = 5", "5"),
            ("It costs $1,234.50, in all", "2469/2 dollar"),
            ("Natalia sold 48+24 = 72 clips altogether in April and May", "72 clip"),
        ] {
            assert_eq!(number(clause, Lead::Prose).as_deref(), Some(expect), "{clause}");
        }
    }

    #[test]
    fn a_number_that_is_changed_is_not_read() {
        for clause in [
            "not 5",
            "negative 7",
            "minus 7",
            "square root of 2",
            "half of 5",
            "less than 5",
            "at most 5",
            "2 pi",
            "5 squared",
            "x - 5",
            "5 or 6",
            "5 - x",
            "5 x",
            "3x",
            "5!",
            "12:30",
            "3-4",
            "3 to 4",
            "5 and a half",
            "5, plus x",
            "5, or six",
            "5, if n is even",
            "5 (mod 7)",
            "5 (mod seven)",
            "5 less than x",
            "5 times as many",
            "5 to the power of two",
            "5 a",
            "5 a b",
            "5 xy",
            "5 feet 6 inches",
            "5?",
            "2x = 10",
            "5 - x = 3",
            "2 + 2 = 5",
            "ab = 5",
            "x > 5",
            "5, which is not right",
            "5 but no",
            "16% of x",
            "the third of 5",
            "one of 5",
            "5**2",
            "5 * x",
            "x = 5 or x = 6",
        ] {
            for lead in [Lead::Filler, Lead::Prose] {
                assert_eq!(number(clause, lead), None, "{clause}");
            }
        }
        for clause in [
            "Step 5",
            "It is after 5",
            "Question 5",
            "It is divided by 5",
            "So a x = 5",
            "as in (5)",
        ] {
            assert_eq!(number(clause, Lead::Prose), None, "{clause}");
        }
    }
}
