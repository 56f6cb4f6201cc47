//! Words, dates and times; the names of kinds.

use super::Finding;
use crate::notation::has_inner_capital;
use crate::value::{Expr, Value};

/// Two texts, already folded.
pub(super) fn texts(gold: &str, answer: &str) -> Finding {
    if gold == answer {
        return Finding::correct("letters", "the answer is the known one, letter by letter");
    }
    // A known answer in small letters is a word; of symbols (`NO`) the case would carry the meaning.
    let small = gold.bytes().all(|b| b.is_ascii_lowercase());
    if small && answer.eq_ignore_ascii_case(gold) && answer.bytes().all(|b| b.is_ascii_uppercase())
    {
        return Finding::correct("letters", "the answer is the known one in capitals");
    }
    let spelled = |text: &str| text.chars().all(|c| c.is_alphanumeric() || " -'.,".contains(c));
    if !(spelled(gold) && spelled(answer)) {
        return Finding::unsupported(
            "letters",
            "an expression of this kind is compared by letters only",
        );
    }
    // Of symbols (`MnO4-`) every mark counts.
    let symbols = |text: &str| has_inner_capital(text) || text.ends_with('-');
    if unmarked(gold) == unmarked(answer)
        && negations(gold).eq(negations(answer))
        && !(symbols(gold) || symbols(answer))
        && gold.len() > 3
    {
        return Finding::correct(
            "letters",
            "the answer is the known one but for marks between words",
        );
    }
    let holds = |long: &str, short: &str| {
        let mut words = long.split(' ');
        let first = short.split(' ').next();
        words.any(|w| Some(w) == first) && long.contains(short)
    };
    if holds(gold, answer) || holds(answer, gold) {
        return Finding::ambiguous("part", "one of the two texts is a part of the other");
    }
    Finding::wrong("letters", "the words are others")
}

/// Without the marks and spaces between words. Those between digits stay (`2,3-dimethylbutane`), so do
/// signs and points before numbers, and so does the case, which was folded where it carries no
/// meaning.
fn unmarked(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut marks = String::new();
    for c in text.chars() {
        if !c.is_alphanumeric() {
            marks.push(c);
            continue;
        }
        let after_digit = plain.ends_with(|last: char| last.is_ascii_digit());
        let sign = marks.trim_start();
        if c.is_ascii_digit() && after_digit && !marks.is_empty() {
            plain.push_str(if sign.is_empty() { " " } else { sign });
        } else if c.is_ascii_digit() && (plain.is_empty() || sign.len() < marks.len()) {
            plain.push_str(sign);
        }
        marks.clear();
        plain.push(c);
    }
    plain
}

/// Words that are prefixes too, and turn the meaning round: `in active`, `inactive`.
fn negations(text: &str) -> impl Iterator<Item = &str> {
    const NEGATIONS: [&str; 13] =
        ["a", "an", "anti", "de", "dis", "il", "im", "in", "ir", "no", "non", "not", "un"];
    // A hyphen joins: `non-ionic` is `nonionic`.
    text.split(' ').filter(|word| NEGATIONS.contains(word))
}

/// Two dates; a year that the known answer does not say may be said.
pub(super) fn dates(gold: &Value, answer: &Value) -> Finding {
    let (
        Value::Date { year, month, day },
        Value::Date { year: other_year, month: other_month, day: other_day },
    ) = (gold, answer)
    else {
        return Finding::unsupported("kinds", "not two dates");
    };
    if (month, day) != (other_month, other_day) {
        return Finding::wrong("different", "the days differ");
    }
    match (year, other_year) {
        (Some(a), Some(b)) if a != b => Finding::wrong("different", "the years differ"),
        (Some(_), None) => Finding::ambiguous("year", "the answer does not say the year"),
        _ => Finding::correct("equal", "both are the same day"),
    }
}

/// Two times of day; where the half of the day is not said, the known answer decides.
pub(super) fn times(gold: &Value, answer: &Value) -> Finding {
    const HALF: u32 = 12 * 3600;
    let (Value::Time { seconds, certain }, Value::Time { seconds: other, certain: other_certain }) =
        (gold, answer)
    else {
        return Finding::unsupported("kinds", "not two times");
    };
    if seconds % HALF != other % HALF {
        return Finding::wrong("different", "the times differ");
    }
    match (certain, other_certain) {
        (true, false) => {
            Finding::ambiguous("half_day", "the answer does not say whether it is am or pm")
        }
        (true, true) if seconds != other => Finding::wrong("different", "one is am, the other pm"),
        _ => Finding::correct("equal", "both are the same time"),
    }
}

/// What `3:15` says as a ratio; `3:05` is none.
pub(super) fn ratio(time: &Value) -> Option<Vec<Expr>> {
    let Value::Time { seconds, .. } = time else { return None };
    let (hour, minute) = (seconds / 3600, seconds / 60 % 60);
    let written = seconds % 60 == 0 && minute >= 10;
    written.then(|| vec![Expr::integer(hour), Expr::integer(minute)])
}

/// What a value is, for people.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Quantity(q) if super::number::is_number(&q.value) => "a number",
        Value::Quantity(_) => "an expression",
        Value::List(_) => "several answers",
        Value::Tuple(_) => "a tuple",
        Value::Set(_) => "a set",
        Value::Interval(_) => "an interval",
        Value::Union(_) | Value::Intersection(_) | Value::Difference(..) => "a set made of others",
        Value::Named(_) => "a set with a name",
        Value::Builder { .. } => "a set with a condition",
        Value::Matrix(_) => "a matrix",
        Value::Relation(_) => "a relation",
        Value::Member { .. } => "a statement about a set",
        Value::Ratio(_) => "a ratio",
        Value::Based { .. } => "a numeral with a base",
        Value::Date { .. } => "a date",
        Value::Time { .. } => "a time",
        Value::Text(_) => "words",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_between_words_are_left_out_and_nothing_else_is() {
        for (gold, answer, same) in [
            ("newton's third law", "newtons third law", true),
            ("non-ionic bond", "nonionic bond", true),
            ("2-methyl propane", "2-methylpropane", true),
            ("1,2-dichloroethane", "12-dichloroethane", false),
            ("2,3-dimethylbutane", "2.3-dimethylbutane", false),
            ("type 15", "type 1.5", false),
            ("type 1 5", "type 15", false),
            ("inactive", "in active", false),
            ("notable", "not able", false),
            ("unionized gas", "un ionized gas", false),
            ("CaCO3 rock", "CaCo3 rock", false),
            ("MnO4-", "MnO4", false),
            ("20 N upward", "-20 N upward", false),
            ("charge of 2 units", "charge of -2 units", false),
            ("5 N upward", ".5 N upward", false),
            ("carbon-14 dating", "carbon 14 dating", true),
            ("Zn++--", "Zn", false),
        ] {
            let found = texts(gold, answer);
            assert_eq!(found.is_correct(), same, "{gold}, {answer}");
        }
    }
}
