//! Cuts a text into tokens in one pass: delimiters, spacing and sizes of LaTeX go, and what only
//! looks different becomes the same token.

use super::grouping::{digits, grouped, is_recurring, is_sum_with_e};
use super::symbol::{named_letter, symbol};
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
        // `(-oo, 2) U (3, oo)`
        let closes = matches!(
            tokens[at - 1].kind,
            Kind::Mark(Mark::CloseRound | Mark::CloseSquare | Mark::CloseSet)
        );
        let opens = matches!(
            tokens[at + 1].kind,
            Kind::Mark(Mark::OpenRound | Mark::OpenSquare | Mark::OpenSet)
        );
        if tokens[at].kind == Kind::Word("U") && closes && opens {
            tokens[at].kind = Kind::Mark(Mark::Union);
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

pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token<'a>>,
    spaced: bool,
    /// How many brackets are open in which a comma separates elements.
    pub(super) depth: usize,
    dollars_delimit: bool,
}

impl<'a> Lexer<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            tokens: Vec::with_capacity(text.len().min(16)),
            spaced: false,
            depth: 0,
            dollars_delimit: dollars_delimit(text),
        }
    }

    pub(super) fn push(&mut self, kind: Kind<'a>, length: usize) {
        let (start, end) = (self.at, self.at + length);
        self.tokens.push(Token { kind, start, end, spaced: self.spaced });
        self.spaced = false;
        self.at = end;
    }

    pub(super) fn mark(&mut self, mark: Mark, length: usize) {
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

    pub(super) fn skip(&mut self, length: usize) {
        self.at += length;
    }

    pub(super) fn space(&mut self, length: usize) {
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
        let index = self.tokens.last().is_some_and(|t| t.kind == Kind::Mark(Mark::Underscore));
        if self.depth == 0 && (1..=3).contains(&end) && bytes[0] != b'0' && !index {
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
            let sum = is_sum_with_e(&rest[..end], &rest[end..power]);
            if power > end + 1 + sign && !glued && !sum {
                end = power;
            }
        }
        self.push(Kind::Numeral(&rest[..end]), end);
    }
}
