//! Which parts of a text are prose, which are formulas and which are code.

use std::ops::Range;

use super::TextKind;

/// What a part of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Prose,
    /// In delimiters of LaTeX.
    Formula,
    /// In a fence or in backticks, or a whole program.
    Code,
}

/// The parts of a text, in order; what separates them belongs to none.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Segments {
    pub parts: Vec<(Part, Range<usize>)>,
    /// Where a fence stands that is not closed.
    pub open_fence: Option<usize>,
    /// Where a formula starts that is not closed.
    pub open_formula: Option<usize>,
}

/// The longest inline code or formula in single dollars; farther apart, the signs are something else, such
/// as prices.
const INLINE: usize = 2_000;

impl Segments {
    pub(super) fn of(text: &str, kind: TextKind) -> Self {
        let mut all = Self::default();
        let fenced = text.lines().any(|line| fence(line).is_some());
        if kind == TextKind::Code && !fenced {
            all.push(Part::Code, 0..text.len());
            return all;
        }
        if !fenced {
            all.inline(text, 0..text.len());
            return all;
        }
        let (mut start, mut at) = (0, 0);
        let mut open: Option<(u8, usize, usize)> = None;
        for line in text.split_inclusive('\n') {
            let next = at + line.len();
            if let Some((sign, length)) = fence(line) {
                match open {
                    None => {
                        all.inline(text, start..at);
                        (open, start) = (Some((sign, length, at)), next);
                    }
                    // Only a bare fence closes; one with a language inside of another is content.
                    Some((opening, least, _)) if sign == opening && length >= least => {
                        if line.trim().bytes().all(|byte| byte == sign) {
                            all.push(Part::Code, start..at);
                            (open, start) = (None, next);
                        }
                    }
                    Some(_) => {}
                }
            }
            at = next;
        }
        match open {
            Some((.., place)) => {
                all.open_fence = Some(place);
                all.push(Part::Code, start..text.len());
            }
            None => all.inline(text, start..text.len()),
        }
        all
    }

    /// The parts that are `part`.
    pub(super) fn only<'a>(&'a self, text: &'a str, part: Part) -> impl Iterator<Item = &'a str> {
        let of_part = self.parts.iter().filter(move |(kind, _)| *kind == part);
        of_part.map(|(_, range)| &text[range.clone()])
    }

    fn push(&mut self, part: Part, range: Range<usize>) {
        if !range.is_empty() {
            self.parts.push((part, range));
        }
    }

    /// Divides text outside of fences.
    fn inline(&mut self, text: &str, range: Range<usize>) {
        let bytes = &text.as_bytes()[..range.end];
        let (mut prose, mut at) = (range.start, range.start);
        // Delimiters without an end are looked for once, not at each of their starts.
        let mut without_end: Vec<&str> = Vec::new();
        while at < range.end {
            let rest = &bytes[at..];
            let (open, close) = match rest {
                [b'$', b'$', ..] => ("$$", "$$"),
                [b'\\', b'[', ..] => ("\\[", "\\]"),
                [b'\\', b'(', ..] => ("\\(", "\\)"),
                [b'\\', ..] => {
                    // An escaped sign, `\\` and `\$` among them, opens nothing.
                    at += 2;
                    continue;
                }
                [b'`', b'`', ..] => {
                    at += rest.iter().take_while(|byte| **byte == b'`').count();
                    continue;
                }
                [b'$', ..] | [b'`', ..] => {
                    let code = rest[0] == b'`';
                    match single(rest, rest[0]) {
                        Some(length) => {
                            self.push(Part::Prose, prose..at);
                            let part = if code { Part::Code } else { Part::Formula };
                            self.push(part, at + 1..at + length);
                            at += length + 1;
                            prose = at;
                        }
                        None => at += 1,
                    }
                    continue;
                }
                _ => {
                    at += 1;
                    continue;
                }
            };
            let inside = at + open.len();
            let end = match without_end.contains(&open) {
                true => None,
                false => find(bytes, inside, close.as_bytes()),
            };
            match end {
                Some(end) => {
                    self.push(Part::Prose, prose..at);
                    self.push(Part::Formula, inside..end);
                    at = end + close.len();
                    prose = at;
                }
                None => {
                    without_end.push(open);
                    self.open_formula.get_or_insert(at);
                    at = inside;
                }
            }
        }
        self.push(Part::Prose, prose..range.end);
    }
}

fn find(bytes: &[u8], from: usize, what: &[u8]) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.windows(what.len()).position(|window| window == what).map(|place| from + place)
}

/// The length of what stands between single signs on one line, as in Pandoc: no blank just inside, and no
/// digit after a closing dollar, so that prices are not formulas.
fn single(rest: &[u8], sign: u8) -> Option<usize> {
    let first = rest.get(1)?;
    if first.is_ascii_whitespace() && sign == b'$' {
        return None;
    }
    for (at, byte) in rest.iter().enumerate().take(INLINE).skip(1) {
        if *byte == b'\n' {
            return None;
        }
        if *byte != sign || rest[at - 1] == b'\\' || at == 1 {
            continue;
        }
        if sign == b'`' {
            return Some(at);
        }
        let after = rest.get(at + 1).is_some_and(u8::is_ascii_digit);
        return (!rest[at - 1].is_ascii_whitespace() && !after).then_some(at);
    }
    None
}

/// The sign and length of the fence that a line is.
fn fence(line: &str) -> Option<(u8, usize)> {
    let line = line.trim_start_matches([' ', '\t']).as_bytes();
    let sign = *line.first().filter(|sign| matches!(sign, b'`' | b'~'))?;
    let length = line.iter().take_while(|byte| **byte == sign).count();
    // ```code``` on one line is inline.
    let inline = sign == b'`' && line[length..].contains(&b'`');
    (length >= 3 && !inline).then_some((sign, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let all = Segments::of(text, TextKind::Reasoning);
        let show = |(part, range): &(Part, Range<usize>)| {
            let sign = match part {
                Part::Prose => 'p',
                Part::Formula => 'f',
                Part::Code => 'c',
            };
            format!("{sign}[{}]", text[range.clone()].trim())
        };
        let mut parts: Vec<_> = all.parts.iter().map(show).collect();
        parts.extend(all.open_fence.map(|_| "fence".to_owned()));
        parts.extend(all.open_formula.map(|_| "formula".to_owned()));
        parts.join(" ")
    }

    #[test]
    fn parts() {
        for (text, expected) in [
            ("", ""),
            ("only words", "p[only words]"),
            ("so $x^2$ is", "p[so] f[x^2] p[is]"),
            ("costs $5 and $7 more", "p[costs $5 and $7 more]"),
            ("costs \\$5, so $x$", "p[costs \\$5, so] f[x]"),
            ("a $$x$$ b \\[y\\] c \\(z\\)", "p[a] f[x] p[b] f[y] p[c] f[z]"),
            ("a \\[x", "p[a \\[x] formula"),
            ("use `f(x)` now", "p[use] c[f(x)] p[now]"),
            ("a\n```python\nx = 1\n```\nb", "p[a] c[x = 1] p[b]"),
            ("a\n```\nx", "p[a] c[x] fence"),
            ("~~~\n```\n~~~\nb", "c[```] p[b]"),
            ("集合 $A$ 有", "p[集合] f[A] p[有]"),
            ("a \\", "p[a \\]"),
            ("\\é$x$", "p[\\é] f[x]"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
