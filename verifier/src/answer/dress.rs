//! Takes off the dress of an answer: LaTeX delimiters, spacing and fonts, emphasis, full-width
//! characters.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// Takes off what changes the look of an answer and not its meaning. Linear in the length.
///
/// Emphasis goes only where it encloses the whole: `**` between numbers is a power.
pub(super) fn undress(text: &str) -> String {
    static SPACE: LazyLock<Regex> = LazyLock::new(|| regex(r"\\[,;: ]|\s"));
    static INVISIBLE: LazyLock<Regex> = LazyLock::new(|| regex(r"\\[!()\[\]]"));
    static DEGREE: LazyLock<Regex> = LazyLock::new(|| regex(r"\^\{?\\circ\b\}?"));
    let mut text: String = text.chars().map(plain_char).collect();
    for (from, to) in [("{,}", ","), ("\\$", "\u{FF04}"), ("\\%", "%")] {
        if text.contains(from) {
            text = text.replace(from, to);
        }
    }
    text = without_fonts(text);
    text = DEGREE.replace_all(&text, "°").into_owned();
    text = plain_commands(&text);
    text = INVISIBLE.replace_all(&text, "").into_owned();
    // What stands between double tildes is struck out.
    if !text.contains("~~") {
        text = text.replace('~', " ");
    }
    text = SPACE.replace_all(&text, " ").into_owned();
    if delimits(&text) {
        text = text.replace('$', " ");
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    inside(&words.join(" ")).to_owned()
}

/// As [`undress`], and takes emphasis off single words: for clauses of prose.
pub(super) fn undress_prose(text: &str) -> String {
    static EMPHASIS: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"(^|[\s(])(?:\*\*|__|`)([^*_`\s](?:[^*_`\n]*[^*_`\s])?)(?:\*\*|__|`)($|[\s.,;:!?)])")
    });
    undress(&EMPHASIS.replace_all(text, "$1$2$3"))
}

/// Whether the dollar signs delimit mathematics: an even number of them, unless each stands before
/// an amount (`2 * $3 = $6`).
fn delimits(text: &str) -> bool {
    let mut amounts = text.split('$').skip(1);
    let signs = text.matches('$').count();
    let currency = amounts.all(|after| after.starts_with(|c: char| c.is_ascii_digit()));
    signs > 0 && signs.is_multiple_of(2) && !currency
}

/// Takes off what changes nothing of commands such as `\text{…}`.
fn without_fonts(mut text: String) -> String {
    static FONT: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"\\(?:text|textbf|textit|textrm|mathrm|mathbf|mathit|mbox|operatorname|boxed|fbox)\s*\{([^{}]*)\}",
        )
    });
    const NESTED: usize = 4;
    for _ in 0..NESTED {
        match FONT.replace_all(&text, " $1") {
            Cow::Borrowed(_) => break,
            Cow::Owned(changed) => text = changed,
        }
    }
    text
}

/// Writes commands with a plain form by it; leaves the others.
fn plain_commands(text: &str) -> String {
    static COMMAND: LazyLock<Regex> = LazyLock::new(|| regex(r"\\[A-Za-z]+"));
    COMMAND
        .replace_all(text, |command: &Captures| match &command[0] {
            "\\dfrac" | "\\tfrac" | "\\cfrac" => "\\frac".to_owned(),
            "\\times" | "\\cdot" => "×".to_owned(),
            "\\div" => "/".to_owned(),
            "\\degree" => "°".to_owned(),
            "\\approx" => "≈".to_owned(),
            "\\pounds" => "£".to_owned(),
            "\\euro" => "€".to_owned(),
            "\\quad" | "\\qquad" => " ".to_owned(),
            "\\left" | "\\right" | "\\displaystyle" | "\\textstyle" | "\\limits" | "\\big"
            | "\\bigl" | "\\bigr" | "\\Big" | "\\Bigl" | "\\Bigr" => String::new(),
            other => other.to_owned(),
        })
        .into_owned()
}

/// Without closing punctuation, enclosing emphasis and one pair of enclosing braces.
fn inside(text: &str) -> &str {
    let mut text = text;
    loop {
        let before = text;
        text = text.trim_end_matches([',', ';', ' ']).trim_start_matches([':', ' ']);
        // Two points are an ellipsis: `0.33..` is not 0.33.
        if let Some(shorter) = text.strip_suffix('.')
            && !shorter.ends_with('.')
        {
            text = shorter;
        }
        for mark in ["**", "__", "`", "*"] {
            if let Some(inner) = text.strip_prefix(mark).and_then(|t| t.strip_suffix(mark))
                && !inner.contains(mark)
            {
                text = inner;
            }
        }
        if text == before {
            break;
        }
    }
    // Braces with a comma may be a set.
    text.strip_prefix('{')
        .and_then(|t| t.strip_suffix('}'))
        .filter(|t| !t.contains(['{', '}', ',']))
        .unwrap_or(text)
        .trim()
}

/// A plain form of characters that only look different.
fn plain_char(c: char) -> char {
    match c {
        '\u{FF10}'..='\u{FF19}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}' => {
            char::from_u32(c as u32 - 0xFEE0).unwrap_or(c)
        }
        '\u{2212}' | '\u{2013}' | '\u{FF0D}' => '-',
        '\u{FF0E}' => '.',
        '\u{FF0C}' => ',',
        '\u{FF05}' => '%',
        '\u{22C5}' | '\u{00B7}' => '×',
        '\u{00F7}' | '\u{2044}' | '\u{2215}' => '/',
        '\u{00A0}' | '\u{2009}' | '\u{202F}' | '\u{3000}' => ' ',
        '\u{2019}' => '\'',
        '\u{03BC}' => 'µ',
        'º' => '°',
        c => c,
    }
}

/// A constant pattern.
pub(crate) fn regex(pattern: &str) -> Regex {
    #[expect(clippy::expect_used, reason = "patterns are constants, compiled by the tests")]
    Regex::new(pattern).expect("a constant pattern compiles")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dress_goes_and_meaning_stays() {
        for (text, plain) in [
            ("**12**", "12"),
            ("**12.**", "12"),
            ("`12`.", "12"),
            ("2**3", "2**3"),
            ("2**3**4", "2**3**4"),
            ("2 * $3 = $6", "2 * $3 = $6"),
            ("5~\\text{cm}", "5 cm"),
            ("~~5~~", "~~5~~"),
            ("5!", "5!"),
            ("0.33...", "0.33..."),
            ("5.", "5"),
            ("{12}", "12"),
            ("{1,2}", "{1,2}"),
            ("$\\frac{3}{4}$", "\\frac{3}{4}"),
            ("\\cdots", "\\cdots"),
            ("2\\cdot3", "2×3"),
            ("90^{\\circ}", "90°"),
            ("\\left(1\\right)", "(1)"),
            ("5\\,\\text{cm}", "5 cm"),
            ("x\ny", "x y"),
        ] {
            assert_eq!(undress(text), plain, "{text}");
        }
        assert_eq!(undress_prose("it is **42** apples"), "it is 42 apples");
        assert_eq!(undress_prose("it is 2**3 or 3**2"), "it is 2**3 or 3**2");
        assert_eq!(undress_prose("2 ** 3 ** 2"), "2 ** 3 ** 2");
    }
}
