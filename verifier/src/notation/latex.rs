//! Commands of LaTeX as tokens: what only changes the look goes.

use super::function;
use super::lexer::{Lexer, Refused};
use super::symbol::command_mark;
use super::token::{Kind, Mark};

impl<'a> Lexer<'a> {
    pub(super) fn command(&mut self, rest: &'a str) -> Result<(), Refused> {
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
        if matches!(name, "color" | "textcolor")
            && let Some((_, length)) = argument(&rest[name_end..])
        {
            self.space(name_end + length);
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
const FONTS: [&str; 8] =
    ["mathbf", "mathit", "boldsymbol", "bm", "mathsf", "ensuremath", "pmb", "underline"];

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
