//! Cuts a text into tokens in one pass: delimiters, spacing and sizes of LaTeX go, and what only
//! looks different becomes the same token.

use super::function;
use super::symbol::{command_mark, named_letter, symbol};
use super::token::{Kind, Mark, Token};
use crate::budget::OverBudget;

/// How many tokens an answer may have.
const MAX_TOKENS: usize = 40_000;

/// Why a text cannot be cut into tokens.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// A character or a construction that is no mathematics.
    Unknown,
    OverBudget(OverBudget),
}

/// The tokens at the head of a text, up to what cannot be one.
pub(super) fn prefix(text: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer::new(text);
    while lexer.at < text.len() && lexer.tokens.len() < MAX_TOKENS && lexer.step().is_ok() {}
    let mut tokens = lexer.tokens;
    crosses(&mut tokens);
    tokens
}

/// The tokens of a text.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, Refused> {
    let mut lexer = Lexer::new(text);
    while lexer.at < text.len() {
        lexer.step()?;
        if lexer.tokens.len() > MAX_TOKENS {
            return Err(Refused::OverBudget(OverBudget::new(
                "tokens",
                format!("the answer has more than {MAX_TOKENS} tokens"),
            )));
        }
    }
    let mut tokens = lexer.tokens;
    crosses(&mut tokens);
    Ok(tokens)
}

/// `7.25 x 10^4`: an x between two numerals is a cross.
fn crosses(tokens: &mut [Token]) {
    for at in 1..tokens.len().saturating_sub(1) {
        let numeral = |at: usize| matches!(tokens[at].kind, Kind::Numeral(_));
        if matches!(tokens[at].kind, Kind::Word("x" | "X")) && numeral(at - 1) && numeral(at + 1) {
            tokens[at].kind = Kind::Mark(Mark::Times);
        }
    }
}

/// Whether the dollar signs delimit mathematics: an even number of them, unless each stands before
/// an amount (`2 * $3 = $6`).
fn dollars_delimit(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut signs, mut amounts) = (0usize, 0usize);
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b'$' && !(at > 0 && bytes[at - 1] == b'\\') {
            signs += 1;
            amounts += usize::from(bytes.get(at + 1).is_some_and(u8::is_ascii_digit));
        }
    }
    // `$5$` has one sign before a digit, `$3, $6` two.
    signs > 0 && signs.is_multiple_of(2) && amounts < signs
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token<'a>>,
    spaced: bool,
    /// How many brackets are open in which a comma separates elements.
    depth: usize,
    dollars_delimit: bool,
}

impl<'a> Lexer<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            tokens: Vec::with_capacity(text.len().min(64)),
            spaced: false,
            depth: 0,
            dollars_delimit: dollars_delimit(text),
        }
    }

    fn push(&mut self, kind: Kind<'a>, length: usize) {
        let (start, end) = (self.at, self.at + length);
        self.tokens.push(Token { kind, start, end, spaced: self.spaced });
        self.spaced = false;
        self.at = end;
    }

    fn mark(&mut self, mark: Mark, length: usize) {
        match mark {
            Mark::OpenRound | Mark::OpenSquare | Mark::OpenSet | Mark::OpenAngle => self.depth += 1,
            Mark::OpenBrace if !self.after_command() => self.depth += 1,
            Mark::CloseRound | Mark::CloseSquare | Mark::CloseSet | Mark::CloseAngle => {
                self.depth = self.depth.saturating_sub(1);
            }
            _ => {}
        }
        self.push(Kind::Mark(mark), length);
    }

    /// Whether a brace that opens here holds an argument rather than a set.
    fn after_command(&self) -> bool {
        self.tokens.last().is_some_and(|last| {
            matches!(
                last.kind,
                Kind::Command(_) | Kind::Mark(Mark::Caret | Mark::Underscore | Mark::CloseBrace)
            )
        })
    }

    fn skip(&mut self, length: usize) {
        self.at += length;
    }

    fn space(&mut self, length: usize) {
        self.spaced = true;
        self.at += length;
    }

    fn step(&mut self) -> Result<(), Refused> {
        let rest = &self.text[self.at..];
        let Some(first) = rest.chars().next() else { return Ok(()) };
        match first {
            c if c.is_ascii_digit() => self.numeral(rest),
            '.' if rest[1..].starts_with(|c: char| c.is_ascii_digit()) => self.numeral(rest),
            c if c.is_ascii_alphabetic() => {
                let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
                self.push(Kind::Word(&rest[..end]), end);
            }
            '\\' => return self.command(rest),
            // What stands between double tildes is struck out.
            '~' if rest.starts_with("~~") => return Err(Refused::Unknown),
            ' ' | '\t' | '\n' | '\r' | '~' => self.space(1),
            '$' if self.dollars_delimit => self.space(1),
            '$' => self.mark(Mark::Currency('$'), 1),
            '`' => self.skip(1),
            _ => match symbol(rest) {
                Some((mark, length)) => self.mark(mark, length),
                None => return self.letter(first),
            },
        }
        Ok(())
    }

    /// A letter or mark outside of ASCII.
    fn letter(&mut self, first: char) -> Result<(), Refused> {
        let length = first.len_utf8();
        if let Some(name) = named_letter(first) {
            self.push(Kind::Command(name), length);
        } else if first.is_whitespace()
            || "\u{200B}\u{2060}\u{FEFF}\u{2061}\u{2062}".contains(first)
        {
            self.space(length);
        } else if first.is_alphabetic() {
            let rest = &self.text[self.at..];
            let end = rest
                .find(|c: char| !c.is_alphabetic() || c.is_ascii() || named_letter(c).is_some())
                .unwrap_or(rest.len());
            self.push(Kind::Word(&rest[..end]), end);
        } else {
            return Err(Refused::Unknown);
        }
        Ok(())
    }

    fn numeral(&mut self, rest: &'a str) {
        let bytes = rest.as_bytes();
        let mut end = digits(bytes, 0);
        // Separators only when every group after the first has exactly three digits, and never in
        // brackets: `(0,100)` is a pair.
        if self.depth == 0 && (1..=3).contains(&end) && bytes[0] != b'0' {
            end = grouped(bytes, end);
        }
        if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
            end = digits(bytes, end + 1);
        } else if bytes.get(end) == Some(&b'.')
            && !matches!(bytes.get(end + 1), Some(b'.'))
            && rest[end + 1..].starts_with(['\\', '(', '\u{304}'])
            && is_recurring(&rest[end + 1..])
        {
            // `0.\overline{3}`
            end += 1;
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'-' | b'+')));
            let power = digits(bytes, end + 1 + sign);
            let glued = bytes.get(power).is_some_and(u8::is_ascii_alphanumeric);
            if power > end + 1 + sign && !glued {
                end = power;
            }
        }
        self.push(Kind::Numeral(&rest[..end]), end);
    }

    fn command(&mut self, rest: &'a str) -> Result<(), Refused> {
        let name_end =
            1 + rest[1..].find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len() - 1);
        let name = &rest[1..name_end];
        if name.is_empty() {
            let next = rest[1..].chars().next().ok_or(Refused::Unknown)?;
            match next {
                ',' | ';' | ':' | ' ' | '\n' | '>' | '/' => self.space(2),
                '!' | '(' | ')' | '[' | ']' => self.space(2),
                '{' => self.mark(Mark::OpenSet, 2),
                '}' => self.mark(Mark::CloseSet, 2),
                '$' => self.mark(Mark::Currency('$'), 2),
                '%' => self.mark(Mark::Percent, 2),
                '|' => self.mark(Mark::DoubleBar, 2),
                '\\' => {
                    // `\\[4pt]`
                    let gap = rest[2..].strip_prefix('[').and_then(|t| t.find(']'));
                    let gap = gap.filter(|n| {
                        *n < 8 && rest[3..3 + n].ends_with(|c: char| c.is_ascii_alphabetic())
                    });
                    self.mark(Mark::Row, 2 + gap.map_or(0, |n| n + 2));
                }
                '_' | '&' | '#' => self.space(2),
                _ => return Err(Refused::Unknown),
            }
            return Ok(());
        }
        if IGNORED.contains(&name) {
            self.space(name_end);
            // `\left.` has no bracket.
            if matches!(name, "left" | "right") && rest[name_end..].starts_with('.') {
                self.skip(1);
            }
            return Ok(());
        }
        if let Some(mark) = command_mark(name) {
            self.mark(mark, name_end);
            return Ok(());
        }
        if UPRIGHT.contains(&name)
            && let Some((content, length)) = argument(&rest[name_end..])
        {
            if let Some(kind) = upright(name, content) {
                self.push(kind, name_end + length);
            } else if has_mathematics(content) {
                // `\mathrm{\frac{1}{2}}`: only the font goes.
                self.space(name_end);
            } else {
                self.push(Kind::Text(content), name_end + length);
            }
            return Ok(());
        }
        if FONTS.contains(&name) {
            self.space(name_end);
            return Ok(());
        }
        if matches!(name, "begin" | "end")
            && let Some((content, length)) = argument(&rest[name_end..])
        {
            if matches!(
                content,
                "aligned" | "align*" | "align" | "equation" | "equation*" | "gathered" | "split"
            ) {
                self.space(name_end + length);
            } else if name == "begin" {
                self.depth += 1;
                self.push(Kind::Begin(content), name_end + length);
            } else {
                self.depth = self.depth.saturating_sub(1);
                self.push(Kind::End(content), name_end + length);
            }
            return Ok(());
        }
        self.push(Kind::Command(name), name_end);
        Ok(())
    }
}

/// Commands that change only the look.
const IGNORED: [&str; 27] = [
    "left",
    "right",
    "displaystyle",
    "textstyle",
    "scriptstyle",
    "limits",
    "nolimits",
    "big",
    "bigl",
    "bigr",
    "Big",
    "Bigl",
    "Bigr",
    "bigg",
    "biggl",
    "biggr",
    "Bigg",
    "quad",
    "qquad",
    "nonumber",
    "middle",
    "thinspace",
    "enspace",
    "hfill",
    "boxed",
    "fbox",
    "mathstrut",
];

/// Commands whose argument is set upright, as words and units are.
const UPRIGHT: [&str; 11] = [
    "text",
    "textrm",
    "mathrm",
    "mbox",
    "textbf",
    "textit",
    "operatorname",
    "textnormal",
    "rm",
    "unit",
    "textsf",
];

/// Commands that change only the font of a mathematical argument.
const FONTS: [&str; 7] = ["mathbf", "mathit", "boldsymbol", "bm", "mathsf", "ensuremath", "pmb"];

/// The argument in braces at the head of a text, and its length with them.
fn argument(text: &str) -> Option<(&str, usize)> {
    let open = text.len() - text.trim_start().len();
    let inner = text[open..].strip_prefix('{')?;
    let mut depth = 0usize;
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some((&inner[..at], open + at + 2)),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// What upright letters are other than text: functions, `e` and `i`.
fn upright<'a>(font: &str, content: &'a str) -> Option<Kind<'a>> {
    let name = content.trim();
    // `5\text{min}` are minutes.
    let function = function::named(name).is_some()
        && (font == "operatorname" || !matches!(name, "min" | "sec" | "arg" | "lg"));
    if function {
        Some(Kind::Command(name))
    } else {
        (font == "mathrm" && matches!(name, "e" | "i")).then_some(Kind::Word(name))
    }
}

fn has_mathematics(text: &str) -> bool {
    text.contains("\\frac") || text.contains("\\sqrt") || text.contains("\\begin")
}

fn digits(bytes: &[u8], from: usize) -> usize {
    from + bytes[from.min(bytes.len())..].iter().take_while(|b| b.is_ascii_digit()).count()
}

/// The end of a numeral with groups of three digits after commas, `{,}`, thin spaces or spaces.
fn grouped(bytes: &[u8], first: usize) -> usize {
    for separator in [
        &b","[..],
        b"{,}",
        b"\\,",
        b"\\!",
        b"\\ ",
        b" ",
        b",\\!",
        b"\xE2\x80\xAF",
        b"\xC2\xA0",
        b"\xE2\x80\x89",
        b"'",
    ] {
        let mut end = first;
        while bytes[end..].starts_with(separator) {
            let from = end + separator.len();
            let to = digits(bytes, from);
            if to - from != 3 {
                break;
            }
            end = to;
        }
        let next = bytes.get(end);
        // `1,234,5` and `1 234 5` are no numerals with groups.
        let broken = bytes[end..].starts_with(separator)
            && bytes.get(end + separator.len()).is_some_and(u8::is_ascii_digit);
        if end > first && !broken && !next.is_some_and(u8::is_ascii_digit) {
            return end;
        }
    }
    first
}

fn is_recurring(after_point: &str) -> bool {
    ["\\overline{", "\\bar{", "\\dot{", "("].iter().any(|open| {
        after_point
            .strip_prefix(open)
            .is_some_and(|inner| inner.starts_with(|c: char| c.is_ascii_digit()))
    })
}
