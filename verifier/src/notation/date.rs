//! Dates and times of day.

use super::plain::undressed;
use crate::value::{MONTHS, Value};

/// The longest text that is read as a date or a time, in bytes.
const MAX_LENGTH: usize = 60;

/// The date or time that a text says, and nothing else.
pub(super) fn read(text: &str) -> Option<Value> {
    if text.len() > MAX_LENGTH || !text.contains(|c: char| c.is_ascii_digit()) {
        return match text.to_ascii_lowercase().as_str() {
            "noon" | "midday" | "12 noon" => time(12, 0, 0, true),
            "midnight" | "12 midnight" => time(0, 0, 0, true),
            _ => None,
        };
    }
    // What has neither a colon nor letters nor two marks between digits is a number.
    let likely = text.contains(':')
        || text.contains(|c: char| c.is_ascii_alphabetic())
        || text.matches(['-', '/', '.']).count() == 2;
    if !likely || text.contains(['^', '=', '{', '(']) && !text.contains("\\text") {
        return None;
    }
    let plain = undressed(text).to_lowercase();
    clock(&plain).or_else(|| date(&plain))
}

/// `3:05 pm`, `15:05`, `3 p.m.`
fn clock(text: &str) -> Option<Value> {
    let squeezed: String = text.chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
    let (digits, half) = if let Some(digits) = squeezed.strip_suffix("am") {
        (digits, Some(false))
    } else if let Some(digits) = squeezed.strip_suffix("pm") {
        (digits, Some(true))
    } else if let Some(digits) = squeezed.strip_suffix("noon") {
        (digits, Some(true))
    } else {
        (squeezed.as_str(), None)
    };
    let parts: Vec<&str> = digits.split(':').collect();
    if parts.len() > 3 || (parts.len() == 1 && half.is_none()) {
        return None;
    }
    let number = |text: &str, places: std::ops::RangeInclusive<usize>| {
        let digits = places.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse::<u32>().ok()).flatten()
    };
    let mut hour = number(parts[0], 1..=2)?;
    let minute = parts.get(1).map_or(Some(0), |text| number(text, 2..=2))?;
    let second = parts.get(2).map_or(Some(0), |text| number(text, 2..=2))?;
    if hour > 23 || minute > 59 || second > 59 || (half.is_some() && !(1..=12).contains(&hour)) {
        return None;
    }
    if let Some(afternoon) = half {
        hour = hour % 12 + if afternoon { 12 } else { 0 };
    }
    let certain = half.is_some() || hour > 12 || hour == 0 || parts[0].starts_with('0');
    time(hour, minute, second, certain)
}

fn time(hour: u32, minute: u32, second: u32, certain: bool) -> Option<Value> {
    Some(Value::Time { seconds: (hour * 60 + minute) * 60 + second, certain })
}

/// `May 5`, `5 May 2024`, `May 5th, 2024`, `2024-05-05`.
fn date(text: &str) -> Option<Value> {
    let iso: Vec<&str> = text.trim().split('-').collect();
    if let [year, month, day] = iso.as_slice()
        && (year.len(), month.len(), day.len()) == (4, 2, 2)
    {
        return checked(Some(year.parse().ok()?), month.parse().ok()?, day.parse().ok()?);
    }
    if let Some(date) = numeric(text) {
        return Some(date);
    }
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|w| !w.is_empty() && !["the", "of"].contains(w))
        .collect();
    let (mut year, mut month, mut day) = (None, None, None);
    if !(2..=4).contains(&words.len()) {
        return None;
    }
    for word in words {
        if let Some(number) = month_number(word) {
            if month.replace(number).is_some() {
                return None;
            }
        } else if let Some(number) = ordinal(word) {
            if word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()) {
                if year.replace(i32::try_from(number).ok()?).is_some() {
                    return None;
                }
            } else if day.replace(u8::try_from(number).ok()?).is_some() {
                return None;
            }
        } else if !is_weekday(word) {
            return None;
        }
    }
    checked(year, month?, day?)
}

/// `3/14/2015`, `14.03.2015`, when only one of the two numbers can be the month.
fn numeric(text: &str) -> Option<Value> {
    let parts: Vec<&str> = text.trim().split(['/', '.']).collect();
    let [first, second, year] = parts.as_slice() else { return None };
    let digits = |t: &str, most: usize| t.len() <= most && t.bytes().all(|b| b.is_ascii_digit());
    if year.len() != 4 || !(digits(year, 4) && digits(first, 2) && digits(second, 2)) {
        return None;
    }
    let (first, second): (u8, u8) = (first.parse().ok()?, second.parse().ok()?);
    let year = Some(year.parse().ok()?);
    match (first > 12, second > 12) {
        (true, false) => checked(year, second, first),
        (false, true) => checked(year, first, second),
        (false, false) if first == second => checked(year, first, second),
        _ => None,
    }
}

fn checked(year: Option<i32>, month: u8, day: u8) -> Option<Value> {
    let days = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=days).contains(&day).then_some(Value::Date { year, month, day })
}

fn month_number(word: &str) -> Option<u8> {
    let word = word.trim_end_matches('.');
    let full = MONTHS.iter().position(|m| m.eq_ignore_ascii_case(word));
    let short = || {
        (word.len() == 3 || word == "sept")
            .then(|| MONTHS.iter().position(|m| m.to_ascii_lowercase().starts_with(word)))
            .flatten()
    };
    full.or_else(short).and_then(|at| u8::try_from(at + 1).ok())
}

/// `5` and `5th`
fn ordinal(word: &str) -> Option<u32> {
    let digits =
        ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    let short = digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit());
    short.then(|| digits.parse().ok()).flatten()
}

fn is_weekday(word: &str) -> bool {
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"].contains(&word)
}
