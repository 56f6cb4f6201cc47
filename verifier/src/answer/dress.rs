//! Takes off the dress of an answer: LaTeX delimiters, spacing and fonts, emphasis, full-width
//! characters.

use regex::Regex;

use super::character::plain_char;
use super::emphasis::without_emphasis;

/// Takes off what changes the look of an answer and not its meaning, in one pass.
///
/// Emphasis goes only where it encloses the whole: `**` between numbers is a power.
pub(super) fn undress(text: &str) -> String {
    let mut plain = Plain::of(text);
    if !plain.write(text) {
        plain.out.clear();
        plain.fonts = false;
        plain.write(text);
    }
    let mut out = plain.out;
    let inner = inside(&out);
    if inner.len() < out.len() {
        out = inner.to_owned();
    }
    out
}

/// As [`undress`], and takes emphasis off single words: for clauses of prose.
pub(super) fn undress_prose(text: &str) -> String {
    match text.contains("**") || text.contains("__") || text.contains('`') {
        true => undress(&without_emphasis(text)),
        false => undress(text),
    }
}

/// Commands that only set a font or draw a frame around their argument.
const FONTS: [&str; 11] = [
    "text",
    "textbf",
    "textit",
    "textrm",
    "mathrm",
    "mathbf",
    "mathit",
    "mbox",
    "operatorname",
    "boxed",
    "fbox",
];

/// The plain form of a text while it is written.
struct Plain {
    out: String,
    /// Whether dollar signs delimit mathematics.
    delimits: bool,
    /// Whether tildes are spaces: what stands between double ones is struck out.
    tildes: bool,
    /// Whether commands for fonts go; not when a brace is left open or closed too often.
    fonts: bool,
}

impl Plain {
    fn of(text: &str) -> Self {
        Self {
            out: String::with_capacity(text.len()),
            delimits: delimits(text),
            tildes: !text.contains("~~"),
            fonts: true,
        }
    }

    /// Writes the text; says whether the braces of its fonts are balanced.
    fn write(&mut self, text: &str) -> bool {
        // For each open brace whether it holds the argument of a font.
        let mut open: Vec<bool> = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let mut taken = first.len_utf8();
            match first {
                '\\' => taken = self.command(rest, &mut open),
                '{' if rest.starts_with("{,}") => {
                    self.out.push(',');
                    taken = 3;
                }
                '{' => {
                    open.push(false);
                    self.out.push('{');
                }
                '}' => {
                    if open.pop() != Some(true) {
                        self.out.push('}');
                    }
                }
                '^' => match degree(rest) {
                    Some(length) => {
                        self.out.push('°');
                        taken = length;
                    }
                    None => self.out.push('^'),
                },
                '~' if self.tildes => self.space(),
                '$' if self.delimits => self.space(),
                c if c.is_ascii_alphanumeric() => self.out.push(c),
                c => match plain_char(c) {
                    c if c.is_whitespace() => self.space(),
                    c => self.out.push(c),
                },
            }
            rest = rest.get(taken..).unwrap_or("");
        }
        self.out.truncate(self.out.trim_end_matches(' ').len());
        !open.contains(&true)
    }

    /// Spaces are single, and none begins the text.
    fn space(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with(' ') {
            self.out.push(' ');
        }
    }

    /// Writes the command at the head of a text; gives its length.
    fn command(&mut self, rest: &str, open: &mut Vec<bool>) -> usize {
        let after = rest.get(1..).unwrap_or("");
        let length = after.bytes().take_while(u8::is_ascii_alphabetic).count();
        let name = after.get(..length).unwrap_or("");
        let taken = 1 + length;
        if name.is_empty() {
            let Some(mark) = after.chars().next() else {
                self.out.push('\\');
                return 1;
            };
            match mark {
                ',' | ';' | ':' => self.space(),
                '!' | '(' | ')' | '[' | ']' => {}
                '$' => self.out.push('\u{FF04}'),
                '%' => self.out.push('%'),
                c if c.is_whitespace() => self.space(),
                c => {
                    self.out.push('\\');
                    self.out.push(plain_char(c));
                }
            }
            return 1 + mark.len_utf8();
        }
        if self.fonts && FONTS.contains(&name) {
            let behind = after.get(length..).unwrap_or("");
            let argument = behind.trim_start();
            if argument.starts_with('{') {
                open.push(true);
                self.space();
                return taken + (behind.len() - argument.len()) + 1;
            }
        }
        match name {
            "dfrac" | "tfrac" | "cfrac" => self.out.push_str("\\frac"),
            "times" | "cdot" => self.out.push('×'),
            "div" => self.out.push('/'),
            "degree" => self.out.push('°'),
            "approx" => self.out.push('≈'),
            "pounds" => self.out.push('£'),
            "euro" => self.out.push('€'),
            "quad" | "qquad" => self.space(),
            "left" | "right" | "displaystyle" | "textstyle" | "limits" | "big" | "bigl"
            | "bigr" | "Big" | "Bigl" | "Bigr" => {}
            name => {
                self.out.push('\\');
                self.out.push_str(name);
            }
        }
        taken
    }
}

/// The length of `^\circ` or `^{\circ}` at the head of a text.
fn degree(rest: &str) -> Option<usize> {
    let bare = rest
        .strip_prefix("^\\circ")
        .filter(|after| !after.starts_with(|c: char| c.is_alphanumeric() || c == '_'));
    let after = rest.strip_prefix("^{\\circ}").or(bare)?;
    Some(rest.len() - after.len())
}

/// Whether the dollar signs delimit mathematics: an even number of them, unless each stands before
/// an amount (`2 * $3 = $6`).
fn delimits(text: &str) -> bool {
    if !text.contains('$') {
        return false;
    }
    let (mut signs, mut currency, mut escaped) = (0usize, true, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '$' && !escaped {
            signs += 1;
            currency &= chars.peek().is_some_and(|&next| plain_char(next).is_ascii_digit());
        }
        escaped = c == '\\' && !escaped;
    }
    signs > 0 && signs.is_multiple_of(2) && !currency
}

/// Without closing punctuation, enclosing emphasis and one pair of enclosing braces.
fn inside(text: &str) -> &str {
    let mut text = text;
    loop {
        let before = text;
        text = text.trim_end_matches([',', ';', ' ', '。', '；']).trim_start_matches([':', ' ']);
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
            ("\\text{a \\textbf{b {c}}} d", "a b {c} d"),
            ("\\text{12", "\\text{12"),
            ("\\text{a}\\text{b", "\\text{a}\\text{b"),
            ("\\text  {a}", "a"),
            ("（1，2）。", "(1,2)"),
            ("\\{1\\}", "\\{1\\}"),
            ("\\\\", "\\\\"),
            ("\\", "\\"),
        ] {
            assert_eq!(undress(text), plain, "{text}");
        }
        assert_eq!(undress_prose("it is **42** apples"), "it is 42 apples");
        assert_eq!(undress_prose("**a** __b__ (`c`)"), "a b (c)");
        assert_eq!(undress_prose("it is 2**3 or 3**2"), "it is 2**3 or 3**2");
        assert_eq!(undress_prose("2 ** 3 ** 2"), "2 ** 3 ** 2");
    }
}
