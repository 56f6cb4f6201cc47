//! Words, dates and times; the names of kinds.

use super::Finding;
use crate::value::Value;

/// Two texts, already folded.
pub(super) fn texts(gold: &str, answer: &str) -> Finding {
    if gold == answer {
        return Finding::correct("letters", "the answer is the known one, letter by letter");
    }
    let spelled = |text: &str| text.chars().all(|c| c.is_alphanumeric() || " -'.,".contains(c));
    if !(spelled(gold) && spelled(answer)) {
        return Finding::unsupported(
            "letters",
            "an expression of this kind is compared by letters only",
        );
    }
    let loose = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    if loose(gold) == loose(answer) && gold.chars().any(char::is_lowercase) && gold.len() > 3 {
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
