//! Reads units from undressed text.

use super::compound::{Piece, compound};
use super::term::{Setting, Term, term};
use super::{Kind, Unit};

/// The unit at the head of a text, and what follows it.
///
/// `apart` says whether a space stands between the number and the text.
pub(crate) fn take(text: &str, apart: bool) -> Option<(Unit, &str)> {
    read(text, if apart { Setting::Apart } else { Setting::Glued })
}

/// As [`take`], of a text that is set in upright type: symbols are units and no variables.
pub fn take_upright(text: &str) -> Option<(Unit, &str)> {
    read(text, Setting::Upright)
}

/// A whole text as one unit. `apart` says whether a space stands before it.
pub fn parse(text: &str, apart: bool) -> Option<Unit> {
    take(text, apart).and_then(|(unit, rest)| rest.is_empty().then_some(unit))
}

/// No unit is a product of more.
const MAX_PIECES: usize = 12;

/// What joins two units.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    Over,
    Per,
    Times,
    Beside,
    Hyphen,
}

fn read(text: &str, setting: Setting) -> Option<(Unit, &str)> {
    let (first, mut rest) = term(text, setting, false)?;
    let mut pieces = vec![Piece { term: first, over: false }];
    let mut per = false;
    let inner = if setting == Setting::Upright { setting } else { Setting::Apart };
    while let Some((joint, next)) = joint(rest) {
        let last = pieces.last().map(|piece| &piece.term)?;
        rest = match joint {
            Joint::Over | Joint::Per => {
                per |= joint == Joint::Per;
                match next.strip_prefix('(') {
                    Some(group) => divide_by_all(group, inner, &mut pieces)?,
                    None => {
                        let (term, after) = term(next, inner, true)?;
                        push(&mut pieces, Piece { term, over: true })?;
                        after
                    }
                }
            }
            Joint::Times => {
                let (term, after) = term(next, inner, false)?;
                push(&mut pieces, Piece { term, over: false })?;
                after
            }
            // Two symbols side by side are a product; of anything with a word the rest is prose.
            Joint::Beside => match term(next, inner, false) {
                Some((term, after)) if !is_word(last) && !is_word(&term) => {
                    push(&mut pieces, Piece { term, over: false })?;
                    after
                }
                _ => break,
            },
            Joint::Hyphen => match term(next, inner, false) {
                Some((term, after)) if hyphenates(last) && hyphenates(&term) => {
                    push(&mut pieces, Piece { term, over: false })?;
                    after
                }
                _ => break,
            },
        };
    }
    let mut unit = compound(&pieces)?;
    // `5 in the box`
    if unit.name == "in" && !rest.is_empty() {
        return None;
    }
    if unit.kind == Kind::Doubtful && setting == Setting::Apart {
        let certain = pieces.iter().any(|piece| piece.term.kind == Kind::Certain);
        if certain || per || ["m/s", "m/s^2"].contains(&unit.name.as_str()) {
            unit.kind = Kind::Certain;
        }
    }
    ends(rest).map(|rest| (unit, rest))
}

/// Adds a unit to the product; `None` when that gets too long.
fn push(pieces: &mut Vec<Piece>, piece: Piece) -> Option<()> {
    if pieces.len() == MAX_PIECES {
        return None;
    }
    pieces.push(piece);
    Some(())
}

/// The units in brackets after a slash, whose opening bracket is taken off; gives what follows.
fn divide_by_all<'a>(group: &'a str, inner: Setting, pieces: &mut Vec<Piece>) -> Option<&'a str> {
    let (first, mut rest) = term(group, inner, true)?;
    push(pieces, Piece { term: first, over: true })?;
    loop {
        if let Some(after) = rest.strip_prefix(')') {
            return Some(after);
        }
        let (joint, next) = joint(rest)?;
        if matches!(joint, Joint::Over | Joint::Per) {
            return None;
        }
        let (term, after) = term(next, inner, true)?;
        push(pieces, Piece { term, over: true })?;
        rest = after;
    }
}

/// Whether a unit is a word rather than a symbol; `in` is more often the preposition, and a bar an
/// object.
fn is_word(term: &Term) -> bool {
    term.word || term.name == "in" || term.name == "bar"
}

/// Whether a hyphen beside a unit joins: in `newton-meter` and `ft-lb`, and not in `week-long`.
fn hyphenates(term: &Term) -> bool {
    let symbol = matches!(term.name.as_ref(), "ft" | "lb" | "lbf");
    symbol || term.word && term.kind == Kind::Certain
}

/// What joins two units, and the text after it.
fn joint(text: &str) -> Option<(Joint, &str)> {
    const JOINTS: [(&str, Joint); 11] = [
        (" per ", Joint::Per),
        (" / ", Joint::Over),
        ("/", Joint::Over),
        (" × ", Joint::Times),
        ("×", Joint::Times),
        (" · ", Joint::Times),
        ("·", Joint::Times),
        ("⋅", Joint::Times),
        ("*", Joint::Times),
        (" ", Joint::Beside),
        ("-", Joint::Hyphen),
    ];
    // `J/g°C`
    if text.starts_with('°') {
        return Some((Joint::Beside, text));
    }
    JOINTS
        .into_iter()
        .find_map(|(written, joint)| text.strip_prefix(written).map(|rest| (joint, rest)))
}

/// The text after a unit, if a unit can end before it.
fn ends(rest: &str) -> Option<&str> {
    let glued = rest.trim_start_matches([',', '.', ';', ':', ')', '!', '?', '"']);
    (glued.is_empty() || glued.starts_with(' ')).then_some(rest)
}
