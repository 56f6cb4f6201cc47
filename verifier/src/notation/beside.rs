//! What stands beside a number: where it begins, and its text.

use super::source::{Part, Source};
use super::token::{Kind, Mark};
use super::{function, number_word, numeral, plain};

impl Source<'_> {
    /// The first token outside of brackets that may begin a unit or a noun, behind a numeral.
    pub(super) fn beside(&self, part: &Part) -> Option<usize> {
        let mut at = part.start;
        let (mut counted, mut applied) = (false, false);
        while at < part.end {
            match self.tokens[at].kind {
                Kind::Word("min" | "sec") if counted && self.is_time(at, part.end) => {
                    return Some(at);
                }
                // `5.0 (m/s)`
                Kind::Mark(Mark::OpenRound | Mark::OpenSquare)
                    if counted
                        && self.tokens[at].spaced
                        && self.partners[at] + 1 == part.end
                        && at + 2 < part.end =>
                {
                    return Some(at);
                }
                // In `\sin 60^\circ` the degrees belong to the argument.
                Kind::Command(name) if function::named(name).is_some() => applied = true,
                Kind::Word(word) if function::plain_name(word).is_some() => applied = true,
                Kind::Mark(Mark::Degree | Mark::Caret) if applied => {}
                Kind::Numeral(_) | Kind::Mark(Mark::Fraction(..)) => counted = true,
                Kind::Command("frac" | "dfrac" | "tfrac") if counted && self.is_upright(at) => {
                    return Some(at);
                }
                Kind::Command("frac" | "dfrac" | "tfrac") if counted && self.is_slanted(at) => {
                    return Some(at);
                }
                // `9.8{\text{ m/s}^2}`
                Kind::Mark(Mark::OpenBrace)
                    if counted
                        && self.partners[at] + 1 == part.end
                        && matches!(self.tokens[at + 1].kind, Kind::Text(_)) =>
                {
                    return Some(at);
                }
                Kind::Command("frac" | "dfrac" | "tfrac" | "sqrt" | "pi") => counted = true,
                Kind::Word(word) if counted && function::plain_name(word).is_none() => {
                    return Some(at);
                }
                Kind::Word(word) if !counted && number_word::starts_number(word) => return None,
                Kind::Command("ell") if counted && self.tokens[at].spaced => return Some(at),
                Kind::Text(_)
                | Kind::Mark(Mark::Degree | Mark::Currency(_))
                | Kind::Command("Omega" | "mu" | "AA" | "mathring" | "circ")
                    if counted =>
                {
                    return Some(at);
                }
                Kind::Mark(Mark::Caret) if counted && self.is_circle(at + 1) => return Some(at),
                _ => {}
            }
            at = self.partners[at].max(at) + 1;
        }
        None
    }

    /// `\circ` or `{\circ}`
    fn is_circle(&self, at: usize) -> bool {
        let is = |at: usize| self.tokens.get(at).is_some_and(|t| t.kind == Kind::Command("circ"));
        is(at) || (self.mark(at) == Some(Mark::OpenBrace) && is(at + 1))
    }

    /// Whether the fraction is made of upright letters: `\frac{\text{m}}{\text{s}}`,
    /// `\frac{1}{\text{s}}`.
    pub(super) fn is_upright(&self, at: usize) -> bool {
        let is_text =
            |at: usize| self.tokens.get(at).is_some_and(|t| matches!(t.kind, Kind::Text(_)));
        let one = self.tokens.get(at + 2).is_some_and(|t| t.kind == Kind::Numeral("1"));
        is_text(at + 2) || one && self.tokens[at].spaced && is_text(at + 5)
    }

    /// Whether the fraction has letters above that may be a unit: `9.8\,\frac{m}{s^2}`.
    fn is_slanted(&self, at: usize) -> bool {
        let after_number = at > 0 && matches!(self.tokens[at - 1].kind, Kind::Numeral(_));
        after_number
            && self.tokens[at].spaced
            && self.tokens.get(at + 2).is_some_and(|t| matches!(t.kind, Kind::Word(_)))
    }

    /// Whether `min` and `sec` are times and no functions: nothing that they apply to follows.
    fn is_time(&self, at: usize, end: usize) -> bool {
        at + 1 == end
            || match self.tokens[at + 1].kind {
                Kind::Mark(mark) => {
                    matches!(mark, Mark::Divide | Mark::Times | Mark::CloseRound)
                }
                Kind::Numeral(_) => self.tokens[at + 1].spaced,
                Kind::Text(_) => true,
                _ => false,
            }
    }

    /// Whether there is a plus or a minus behind the first term.
    pub(super) fn is_sum(&self, part: &Part) -> bool {
        let signs = self.places(part.clone(), |kind| {
            matches!(kind, Kind::Mark(Mark::Plus | Mark::Minus | Mark::PlusMinus | Mark::MinusPlus))
        });
        // A sign behind `×` or `^` is that of a factor or an exponent.
        signs.iter().any(|&at| {
            at > part.start
                && !matches!(
                    self.mark(at - 1),
                    Some(Mark::Times | Mark::Divide | Mark::Caret | Mark::Plus | Mark::Minus)
                )
        })
    }

    /// Whether two growing numerals with a dash between them stand before a unit.
    pub(super) fn is_range(&self, part: Part) -> bool {
        let [low, dash, high] = &self.tokens[part] else { return false };
        let (Kind::Numeral(low), Kind::Numeral(high)) = (low.kind, high.kind) else { return false };
        let value = |text| numeral::read(text).map(|(value, _)| value);
        dash.kind == Kind::Mark(Mark::Minus)
            && matches!((value(low), value(high)), (Ok(low), Ok(high)) if low < high)
    }

    /// The part of a group in braces that begins at a place.
    fn group(&self, at: usize) -> Option<Part> {
        (self.mark(at) == Some(Mark::OpenBrace)).then(|| at..self.partners[at] + 1)
    }

    /// The text of a unit without its dress: `m/s^2`, `°C`.
    pub(super) fn unit_text(&self, part: Part) -> Option<String> {
        let mut text = String::new();
        let mut at = part.start;
        while at < part.end {
            let token = &self.tokens[at];
            // The space behind `\mu` ends the command.
            if token.spaced && !text.is_empty() && !text.ends_with('µ') {
                text.push(' ');
            }
            match token.kind {
                Kind::Word(word) => {
                    // `{m}{s}`
                    if text.ends_with(|c: char| c.is_ascii_alphabetic()) {
                        text.push(' ');
                    }
                    text.push_str(word);
                }
                Kind::Numeral(word) => text.push_str(word),
                Kind::Text(inner) => {
                    let inner =
                        plain::undressed(inner).replace("\\cdot ", "·").replace("\\cdot", "·");
                    // `\text{J mol}^{-1}\text{K}`
                    let apart = text.ends_with(|c: char| c.is_alphanumeric() && c != 'µ');
                    if apart && inner.starts_with(char::is_alphabetic) {
                        text.push(' ');
                    }
                    text.push_str(&inner);
                }
                Kind::Command("frac" | "dfrac" | "tfrac") => {
                    let above = self.group(at + 1)?;
                    let below = self.group(above.end).filter(|group| group.end <= part.end)?;
                    let above = self.unit_text(above)?;
                    let end = below.end;
                    let below = self.unit_text(below)?;
                    let (above, below) = (above.trim(), below.trim());
                    if above == "1" && below.chars().all(char::is_alphabetic) {
                        text.push_str(&format!("{below}^-1"));
                    } else {
                        text.push_str(&format!("{above}/({below})"));
                    }
                    at = end;
                    continue;
                }
                Kind::Command("Omega") => text.push('Ω'),
                Kind::Command("mu") => text.push('µ'),
                Kind::Command("AA") => text.push('Å'),
                Kind::Command("ell") => text.push('l'),
                Kind::Command("circ") => text.push('°'),
                Kind::Mark(mark) => match mark {
                    Mark::Degree => text.push('°'),
                    Mark::Caret if self.is_circle(at + 1) => {}
                    Mark::Caret => text.push('^'),
                    Mark::Divide => text.push('/'),
                    Mark::Times => text.push('·'),
                    Mark::Minus => text.push('-'),
                    Mark::OpenRound => text.push('('),
                    Mark::CloseRound => text.push(')'),
                    Mark::OpenBrace | Mark::CloseBrace => {}
                    Mark::Currency(sign) => text.push(sign),
                    Mark::Prime => text.push('\''),
                    Mark::Superscript(_) => text.push_str(&self.text[token.start..token.end]),
                    _ => return None,
                },
                _ => return None,
            }
            at += 1;
        }
        Some(text)
    }
}
