//! Takes off the dress of an answer: LaTeX delimiters, spacing and fonts, full-width characters.

use std::sync::LazyLock;

use regex::Regex;

/// Takes off what changes the look of an answer and not its meaning. Linear in the length.
pub(super) fn undress(text: &str) -> String {
    static FONT: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"\\(?:text|textbf|textit|textrm|mathrm|mathbf|mathit|mbox|operatorname|boxed|fbox)\s*\{([^{}]*)\}",
        )
    });
    static NOISE: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"\\(?:left|right|displaystyle|textstyle|limits|bigl?|bigr|Bigl?|Bigr)\b|\\[!()\[\]]|\*\*|`",
        )
    });
    let mut text: String = text.chars().map(plain_char).collect();
    for (from, to) in [
        ("{,}", ","),
        ("\\$", "\u{FF04}"),
        ("\\%", "%"),
        ("\\dfrac", "\\frac"),
        ("\\tfrac", "\\frac"),
        ("\\cfrac", "\\frac"),
        ("\\times", "×"),
        ("\\cdot", "×"),
        ("\\div", "/"),
        ("^{\\circ}", "°"),
        ("^\\circ", "°"),
        ("\\degree", "°"),
        ("\\approx", "≈"),
        ("\\,", " "),
        ("\\;", " "),
        ("\\:", " "),
        ("\\ ", " "),
        ("\\quad", " "),
        ("~", " "),
        ("\\pounds", "£"),
        ("\\euro", "€"),
    ] {
        if text.contains(from) {
            text = text.replace(from, to);
        }
    }
    for _ in 0..4 {
        match FONT.replace_all(&text, " $1") {
            std::borrow::Cow::Borrowed(_) => break,
            std::borrow::Cow::Owned(changed) => text = changed,
        }
    }
    text = NOISE.replace_all(&text, "").into_owned();
    // An even number of dollar signs delimits mathematics; an odd one leaves a currency sign.
    let dollars = text.matches('$').count();
    if dollars > 0 && dollars.is_multiple_of(2) {
        text = text.replace('$', " ");
    }
    let mut plain = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.push_str(word);
    }
    let trimmed = plain.trim_end_matches(['.', ',', ';', '!', ' ']).trim_start_matches([':', ' ']);
    let unwrapped = trimmed
        .strip_prefix('{')
        .and_then(|t| t.strip_suffix('}'))
        .filter(|t| !t.contains(['{', '}']))
        .unwrap_or(trimmed);
    unwrapped.trim().to_owned()
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
        'º' => '°',
        c => c,
    }
}

/// A constant pattern.
pub(crate) fn regex(pattern: &str) -> Regex {
    #[expect(clippy::expect_used, reason = "patterns are constants, compiled by the tests")]
    Regex::new(pattern).expect("a constant pattern compiles")
}
