//! What stands directly around a box: whether it is a part of something larger.

use std::ops::Range;

use super::denial::is_contrast;
use super::dress::undress;
use super::prose::joins;
use super::word::{is_numeral, is_operation, is_plain, words};
use crate::unit::{self, Kind, Unit};

/// How much is looked at before a box, in bytes.
const MAX_BEFORE: usize = 200;

/// What a box is to the text around it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Around {
    /// It stands for itself, with a unit behind it or none.
    Free(Option<Unit>),
    /// It is a part of something larger: `-\boxed{5}`, `\boxed{5} million`.
    Part,
}

/// Looks at the line in which a box stands.
pub(super) fn around(text: &str, whole: &Range<usize>) -> Around {
    let before =
        &text[text.ceil_char_boundary(whole.start.saturating_sub(MAX_BEFORE))..whole.start];
    let before = before.rsplit('\n').next().unwrap_or("");
    let after = text[whole.end..].split('\n').next().unwrap_or("");
    let after = &after[..after.floor_char_boundary(60)];
    if is_led(before) { Around::Part } else { follows(after) }
}

/// Whether the text before a box goes on into it.
fn is_led(before: &str) -> bool {
    const OPERATORS: [&str; 12] = [
        "\\times", "\\cdot", "\\div", "\\ne", "\\neq", "\\le", "\\leq", "\\ge", "\\geq", "\\pm",
        "\\sqrt", "\\not",
    ];
    let (mut rest, mut delimited) = (before, false);
    loop {
        let outer = ["**", "\\(", "\\[", "\\boxed", "\\fbox", "$", "{", "}", "(", "["]
            .iter()
            .find_map(|mark| rest.strip_suffix(mark).map(|shorter| (*mark, shorter)));
        let Some((mark, shorter)) = outer else { break };
        delimited |= matches!(mark, "\\(" | "\\[" | "$" | "**");
        rest = shorter;
    }
    // What so many marks enclose is anyone's guess.
    if rest.is_empty() && before.len() > MAX_BEFORE / 2 {
        return true;
    }
    let glued = !delimited && rest.ends_with(|c: char| c.is_alphanumeric() || "_|".contains(c));
    let decimal = rest.strip_suffix('.').is_some_and(|n| n.ends_with(|c: char| c.is_ascii_digit()));
    let power = before.matches("**").count() % 2 == 1
        && before.rsplit("**").nth(1).is_some_and(|b| b.ends_with(char::is_alphanumeric))
        && before.ends_with("**");
    if decimal || power {
        return true;
    }
    // The end of an emphasis: `**Answer:** `.
    let rest = rest.trim_end().trim_end_matches("**").trim_end();
    let near = &rest[rest.ceil_char_boundary(rest.len().saturating_sub(60))..];
    glued
        || near.ends_with(|c: char| c.is_numeric() || "+-*/^_<>≠≤≥×÷±√−–!".contains(c))
        || OPERATORS.iter().any(|operator| near.ends_with(operator))
        || applies(near)
        // A colon ends what the words say: `a million millions: 10^12`.
        || (!near.ends_with([':', '：']) && joins(near))
}

/// Whether a text ends with a command that takes what follows: `\log`, `\frac`.
fn applies(text: &str) -> bool {
    const NEUTRAL: [&str; 30] = [
        "text",
        "quad",
        "qquad",
        "implies",
        "Rightarrow",
        "rightarrow",
        "longrightarrow",
        "Longrightarrow",
        "to",
        "iff",
        "therefore",
        "displaystyle",
        "mathbf",
        "mathrm",
        "textbf",
        "boldsymbol",
        "bm",
        "bf",
        "large",
        "Large",
        "LARGE",
        "huge",
        "Huge",
        "underline",
        "left",
        "approx",
        "equiv",
        "hfill",
        "centering",
        "leadsto",
    ];
    let name = text.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
    let command = text.len() > name.len()
        && text.get(..text.len() - name.len()).is_some_and(|before| before.ends_with('\\'));
    command && !name.is_empty() && !NEUTRAL.contains(&name)
}

/// What the text after a box makes of it.
fn follows(after: &str) -> Around {
    let mut rest = after;
    while let Some(shorter) = ["**", "\\)", "\\]", "$", "}", "\\!", "\\,", ")"]
        .iter()
        .find_map(|mark| rest.strip_prefix(mark))
    {
        rest = shorter;
    }
    let glued = rest.starts_with(|c: char| c.is_alphanumeric());
    let rest = rest.trim_start();
    // The sentence is over.
    if let Some(next) = rest.strip_prefix(['.', '!', ';'])
        && next.starts_with(' ')
        && next.trim_start().starts_with(char::is_alphabetic)
    {
        return Around::Free(None);
    }
    if ["(since ", "(because "].iter().any(|lead| rest.starts_with(lead))
        || (rest.starts_with("(not ") && is_contrast(rest))
    {
        return Around::Free(None);
    }
    // `5 more apples`, and not `5 more than x`.
    if let Some(next) = ["more ", "fewer ", "less "].iter().find_map(|w| rest.strip_prefix(w))
        && next.starts_with(char::is_alphabetic)
        && words(next).all(|word| is_plain(word) && !word.eq_ignore_ascii_case("than"))
    {
        return Around::Free(None);
    }
    let command = rest.starts_with('\\')
        && !["\\\\", "\\quad", "\\qquad", "\\text", "\\mathrm", "\\ ", "\\)", "\\]", "\\[", "\\("]
            .iter()
            .any(|c| rest.starts_with(c));
    let number = rest.trim_start_matches([',', '.', ':']).starts_with(|c: char| c.is_numeric());
    if glued
        || command
        || number
        || rest.starts_with(|c: char| "+-*/^_!%<>=≠≤≥×÷({−–'°".contains(c))
    {
        return Around::Part;
    }
    let plain = undress(rest.split('$').next().unwrap_or(rest));
    if words(&plain).next().is_some_and(|word| is_operation(word) || is_numeral(word)) {
        return Around::Part;
    }
    let unit = unit::take(&plain, true).map(|(unit, _)| unit);
    Around::Free(unit.filter(|unit| unit.kind != Kind::Noun))
}

#[cfg(test)]
mod tests {
    use super::super::boxed::boxes;
    use super::*;

    fn around_last(text: &str) -> Option<Around> {
        boxes(text).closed.last().map(|found| around(text, &found.whole))
    }

    #[test]
    fn a_box_in_something_larger_is_a_part() {
        for text in [
            "-\\boxed{5}",
            "$-\\boxed{5}$",
            "-$\\boxed{5}$",
            "2\\boxed{5}",
            "x\\boxed{5}",
            "x > \\boxed{5}",
            "x \\neq \\boxed{5}",
            "3 + \\boxed{5}",
            "half of \\boxed{5}",
            "less than \\boxed{5}",
            "negative \\boxed{5}",
            "\\boxed{5}x",
            "\\boxed{5} + x",
            "\\boxed{5}^2",
            "\\boxed{5}!",
            "\\boxed{5}\\%",
            "\\boxed{5}\\sqrt{2}",
            "\\boxed{3}:4",
            "\\boxed{3},5",
            "\\boxed{5} million",
            "$\\boxed{5}$ squared",
            "\\boxed{5} if n is even",
            "\\frac{\\boxed{5}}{2}",
            "\\sqrt{\\boxed{5}}",
            "\\boxed{\\boxed{5} + x}",
            "f(\\boxed{5})",
        ] {
            assert_eq!(around_last(text), Some(Around::Part), "{text}");
        }
        for (text, unit) in [
            ("x = \\boxed{5}", None),
            ("**\\boxed{5}**", None),
            ("The answer is $\\boxed{5}$.", None),
            ("Thus, \\[\\boxed{5}\\]", None),
            ("$\\boxed{5}$ apples", None),
            ("$\\boxed{5}$ cm", Some("cm")),
            ("\\boxed{5}\\text{ cm}.", Some("cm")),
            ("\\boxed{\\boxed{5}}", None),
            ("a total of \\boxed{5}, as asked", None),
        ] {
            let Some(Around::Free(found)) = around_last(text) else { panic!("{text}") };
            assert_eq!(found.map(|unit| unit.name).as_deref(), unit, "{text}");
        }
    }
}
