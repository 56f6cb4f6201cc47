//! The result that a sentence of prose works out, whatever other numbers it mentions:
//! `He has 15, so he pays 5 * 15 = 75 dollars`, `48 plus 24 is 72`, `Dividing by 2, x = 3`.
//!
//! The sentence is believed when its arithmetic is right, or when its last clause concludes.

use super::definition::{defines, says};
use super::dress::undress_prose;
use super::prose::{Lead, joins, leaves, sole, words_leave};
use super::word::{is_denial, is_noun, words};
use crate::notation::head;
use crate::value::Quantity;

/// The longest sentence that is read, in bytes.
const MAX_SENTENCE: usize = 300;

fn is(word: &str, list: &[&str]) -> bool {
    list.iter().any(|entry| entry.eq_ignore_ascii_case(word))
}

/// Whether a sentence supposes, asks or doubts, so that nothing in it is a result.
pub(super) fn is_supposing(sentence: &str) -> bool {
    const SUPPOSING: [&str; 30] = [
        "determine",
        "prove",
        "show",
        "wish",
        "goal",
        "estimate",
        "estimated",
        "bound",
        "let",
        "suppose",
        "assume",
        "assuming",
        "try",
        "substituting",
        "substitute",
        "consider",
        "plug",
        "plugging",
        "unless",
        "except",
        "rejecting",
        "reject",
        "discard",
        "exclude",
        "told",
        "initially",
        "originally",
        "yesterday",
        "starts",
        "start",
    ];
    const FRAMING: [&str; 11] =
        ["given", "when", "for", "at", "where", "with", "since", "because", "as", "note", "note:"];
    let first = words(sentence).next().unwrap_or("");
    let fragment =
        !sentence.contains(',') && (is(first, &["given"]) || words(sentence).nth(5).is_none());
    (is(first, &FRAMING) && fragment)
        || is(first, &["case", "check"])
        || words(sentence).any(|word| word == "may" || is(word, &SUPPOSING))
        || [
            "o far",
            "ubtotal",
            "unning total",
            "used to ",
            "at first",
            "At first",
            "the beginning",
            " when $",
            " when x",
        ]
        .iter()
        .any(|frame| sentence.contains(frame))
}

/// The result of the last equation or clause of a sentence.
pub(super) fn worked_out(sentence: &str) -> Option<Quantity> {
    let plain = undress_prose(sentence);
    let refused = plain.len() > MAX_SENTENCE
        || plain.contains(['?', '<', '>', '≠', '≤', '≥', '≈', '\\', '|'])
        || words(&plain).any(|word| is_denial(word) || is(word, &["or", "either", "while"]));
    if refused {
        return None;
    }
    let plain = plain.split(" because ").next().unwrap_or("");
    let Some((left, right)) = plain.rsplit_once('=') else {
        return spelled_sum(plain)
            .or_else(|| named_value(plain))
            .or_else(|| concluding_clause(plain));
    };
    let (number, rest) = head(right.trim_start()).ok()?;
    if !leaves(rest) {
        return None;
    }
    let left = left.trim_end();
    let clause = left.rsplit(", ").next().unwrap_or(left);
    if clause.contains('=') {
        return None;
    }
    let named = || is_assigned(left);
    let summed = || {
        let (before, sum) = trailing_sum(clause)?;
        let joined = !before.is_empty() && joins(before);
        (!joined && says(&sum, &number)).then_some(())
    };
    (named()
        || summed().is_some()
        || (clause.len() < left.len() && clause.trim().len() > 1 && defines(clause, &number)))
    .then_some(number)
}

/// Whether a text ends by naming an unknown that is given a value for the first time: `we get x`.
fn is_assigned(left: &str) -> bool {
    const VERBS: [&str; 18] = [
        "get",
        "gives",
        "give",
        "so",
        "that",
        "find",
        "have",
        "produces",
        "yields",
        "then",
        "thus",
        "therefore",
        "hence",
        "means",
        "implies",
        "obtain",
        "solution",
        "root",
    ];
    let mut backwards = left.split_whitespace().rev();
    let (name, verb) = (backwards.next().unwrap_or(""), backwards.next().unwrap_or(""));
    let variable = name.len() == 1 && name.starts_with(|c: char| c.is_ascii_alphabetic());
    let led = verb.ends_with(',') || is(verb, &VERBS);
    let known = [format!("{name}="), format!("{name} =")].iter().any(|said| {
        left.match_indices(said.as_str()).any(|(at, _)| {
            left.get(..at).is_some_and(|b| !b.ends_with(|c: char| c.is_alphanumeric()))
        })
    });
    variable && led && !known
}

/// The arithmetic at the end of a text, without what is counted, and the text before it.
fn trailing_sum(text: &str) -> Option<(&str, String)> {
    const MARKS: &str = "+-*/×÷^()%$£€\u{FF04}.,";
    let numeric = |token: &str| token.contains(|c: char| c.is_ascii_digit());
    let arithmetic = |token: &str| {
        token == "x" || token.chars().all(|c| c.is_ascii_digit() || MARKS.contains(c))
    };
    let mut kept: Vec<&str> = Vec::new();
    let mut rest = text.trim_end();
    loop {
        let start = rest.rfind(' ').map_or(0, |at| at + 1);
        let token = rest.get(start..)?;
        let before = rest.get(..start)?.trim_end();
        let previous = before.rsplit(' ').next().unwrap_or("");
        if arithmetic(token) && !token.ends_with(',') {
            kept.push(if token == "x" { "*" } else { token });
        } else if !(is_noun(token) && numeric(previous) && arithmetic(previous)) {
            break;
        }
        rest = before;
        if rest.is_empty() {
            break;
        }
    }
    kept.reverse();
    let sum = kept.join(" ");
    let inner = sum.get(1..).unwrap_or("");
    let operated = inner.contains(['+', '-', '*', '/', '×', '÷']);
    let begun = sum.starts_with(|c: char| c.is_ascii_digit() || "($£€-\u{FF04}.".contains(c));
    let bound = rest.ends_with(|c: char| "+-*/×÷^=".contains(c))
        || rest.rsplit(' ').next().is_some_and(|word| word.len() == 1 && !is(word, &["a", "i"]));
    let plain = sum.replace(['$', '£', '€', '\u{FF04}'], "");
    (operated && begun && !bound).then_some((rest, plain))
}

/// `48 plus 24 is 72`, `the sum of 48 and 24 is 72`: arithmetic in words, if it is right.
fn spelled_sum(plain: &str) -> Option<Quantity> {
    const COPULAS: [&str; 8] =
        [" is ", " equals ", " gives ", " makes ", " make ", " are ", " we get ", " we have "];
    let (at, copula) =
        COPULAS.iter().filter_map(|copula| Some((plain.rfind(copula)?, *copula))).max()?;
    let number = sole(plain.get(at + copula.len()..)?, Lead::Filler).ok()?;
    let left = plain.get(..at)?.trim_end_matches(',');
    let mut sum = format!("{left} ");
    for (word, mark) in [
        (" plus ", " + "),
        (" minus ", " - "),
        (" times ", " * "),
        (" multiplied by ", " * "),
        (" divided by ", " / "),
    ] {
        sum = sum.replace(word, mark);
    }
    if let Some(rest) = ["Multiplying ", "multiplying ", "Dividing ", "dividing "]
        .iter()
        .find_map(|word| Some(left.rsplit_once(*word)?.1))
    {
        let mark = if left.contains("ultiplying") { " * " } else { " / " };
        sum = format!("{rest} ").replace(" by ", mark);
    }
    let added = ["sum of", "Adding", "adding", "total of"].iter().any(|word| left.contains(word))
        || copula.contains("make");
    if added {
        sum = sum.replace(" and ", " + ");
    }
    let (_, sum) = trailing_sum(&sum)?;
    says(&sum, &number).then_some(number)
}

/// `So x is 5`, `x must be 3`.
fn named_value(plain: &str) -> Option<Quantity> {
    const COPULAS: [&str; 5] = [" is ", " equals ", " must be ", " has to be ", " must equal "];
    let (at, copula) =
        COPULAS.iter().filter_map(|copula| Some((plain.find(copula)?, *copula))).min()?;
    let (lead, name) = match plain.get(..at)?.rsplit_once(' ') {
        Some(split) => split,
        None => ("", plain.get(..at)?),
    };
    let variable = name.len() == 1
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && !is(name, &["a", "i"]);
    let number = sole(plain.get(at + copula.len()..)?, Lead::Filler).ok()?;
    (variable && words_leave(lead)).then_some(number)
}

/// `…, so together there are 72 jars`.
fn concluding_clause(plain: &str) -> Option<Quantity> {
    const LEADS: [&str; 6] =
        [", so ", ", thus ", ", therefore ", ", hence ", " so that ", ", and so "];
    const FRAMES: [&str; 4] = ["if", "when", "whether", "case"];
    // `Since 4 divides 2024, the last digit is 1.`
    let reasoned = is(words(plain).next().unwrap_or(""), &["since", "as", "because"]);
    let (at, lead) = match LEADS.iter().filter_map(|lead| Some((plain.rfind(lead)?, *lead))).max() {
        Some(found) => found,
        // `Multiplying, we get 42.`
        None if reasoned || words(plain).next().is_some_and(|word| word.ends_with("ing")) => {
            (plain.rfind(", ")?, ", ")
        }
        None => return None,
    };
    let (reason, clause) = (plain.get(..at)?, plain.get(at + lead.len()..)?);
    if words(reason).any(|word| is(word, &FRAMES)) {
        return None;
    }
    sole(clause, Lead::Prose).ok()
}

#[cfg(test)]
mod tests {
    use super::super::Reading;
    use super::super::read;
    use super::super::readable::agree;
    use super::*;
    use crate::value::Value;

    #[test]
    fn results_are_found_among_other_numbers() {
        for (sentence, expect) in [
            ("He needs 15 4-packs so he will spend $5*15 = $75.00 on yogurt", Some("75")),
            ("Together they have 20 sheep + 160 sheep + 80 sheep = 260 sheep", Some("260")),
            ("If he is 99, in 10 years he will be 99+10 = 109 years old", Some("109")),
            ("8*6=48, 48/2=24, 48+24=72.", Some("72")),
            ("48 plus 24 equals 72.", Some("72")),
            ("Adding 48 and 24 gives 72.", Some("72")),
            ("The sum of 48 and 24 is 72.", Some("72")),
            ("The shelves hold 48 and the floor 24, so together there are 72 jars.", Some("72")),
            ("Dividing both sides by 2, x = 3.", Some("3")),
            ("Dividing both sides by 2, we get x = 3.", Some("3")),
            ("He needs 15 packs and spends 5*15 = 70", None),
            ("48 plus 24 equals 73.", None),
            ("So 2x = 2 + 4 = 6", None),
            ("So y + 5*15 = 75", None),
            ("So x = 4, x = 3", None),
            ("It is not 5*15 = 75", None),
            ("So 5*15 = 75 or so", None),
            ("x plus 5 is 12", None),
            ("2 times the number is 12", None),
            ("There are 48 on the shelf and there are 24", None),
        ] {
            let found = worked_out(sentence).map(Value::Quantity);
            let Some(expect) = expect else {
                assert_eq!(found, None, "{sentence}");
                continue;
            };
            let (Some(found), Reading::Value(expect)) = (found, read(expect)) else {
                panic!("{sentence}");
            };
            assert!(agree(&expect, &found), "{sentence}");
        }
    }
}
