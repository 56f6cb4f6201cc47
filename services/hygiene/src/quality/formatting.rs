//! Delimiters that do not match, and texts that break off.

use super::segments::{Part, Segments};
use super::{QualityCriteria, Reason, Rule, TextKind};

/// Bytes from which running text is expected to end in a full stop.
const ENOUGH_PROSE: usize = 300;

pub(super) fn check(
    text: &str,
    segments: &Segments,
    criteria: &QualityCriteria,
    reasons: &mut Vec<Reason>,
) {
    let mut fault = |rule, count: usize, detail: String| {
        reasons.push(Reason::new(rule, count as f64, 0.0, 0.0, detail));
    };
    if let Some(at) = segments.open_fence {
        fault(Rule::OpenBlock, 1, format!("the fence in line {} is not closed", line_of(text, at)));
    }
    let (opened, closed) = (text.matches("<think>").count(), text.matches("</think>").count());
    if opened != closed {
        let detail = format!("{opened} `<think>` and {closed} `</think>`");
        fault(Rule::OpenBlock, opened.abs_diff(closed), detail);
    }
    if let Some(detail) = open_formula(text, segments) {
        fault(Rule::OpenFormula, 1, detail);
    }
    // Code in a line of prose may be a part of anything.
    let blocks = segments.only(text, Part::Code).filter(|code| code.trim().contains('\n'));
    if let Some(detail) = blocks.filter_map(open_bracket).next() {
        fault(Rule::OpenBracket, 1, detail);
    }
    if let Some(detail) = truncated(text, segments, criteria.kind) {
        fault(Rule::Truncated, 1, detail);
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

fn open_formula(text: &str, segments: &Segments) -> Option<String> {
    if let Some(at) = segments.open_formula {
        return Some(format!("the formula in line {} is not closed", line_of(text, at)));
    }
    let (mut begun, mut ended) = (0, 0);
    for (part, range) in segments.parts.iter().filter(|(part, _)| *part != Part::Code) {
        let piece = &text[range.clone()];
        begun += piece.matches("\\begin{").count();
        ended += piece.matches("\\end{").count();
        if *part == Part::Formula && braces(piece) != 0 {
            let line = line_of(text, range.start);
            return Some(format!("the braces of the formula in line {line} do not match"));
        }
    }
    (begun != ended).then(|| format!("{begun} `\\begin` and {ended} `\\end`"))
}

/// Braces opened less those closed; escaped ones do not count.
fn braces(formula: &str) -> i64 {
    let (mut depth, mut escaped) = (0, false);
    for byte in formula.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    depth
}

/// Brackets outside of strings and `#` comments, whatever the language: roughly read, so a small fault.
fn open_bracket(code: &str) -> Option<String> {
    let bytes = code.as_bytes();
    let mut depth = [0i64; 3];
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        at += match rest[0] {
            b'"' if rest.starts_with(b"\"\"\"") => within(rest, b"\"\"\""),
            b'\'' if rest.starts_with(b"'''") => within(rest, b"'''"),
            quote @ (b'"' | b'\'') => string(rest, quote),
            b'#' => rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()),
            sign => {
                if let Some(kind) = b"([{".iter().position(|open| *open == sign) {
                    depth[kind] += 1;
                } else if let Some(kind) = b")]}".iter().position(|close| *close == sign) {
                    depth[kind] -= 1;
                }
                1
            }
        };
    }
    let wrong = depth.iter().position(|depth| *depth != 0)?;
    let (signs, more) = (["()", "[]", "{}"][wrong], depth[wrong]);
    let word = if more > 0 { "not closed" } else { "not opened" };
    Some(format!("{} of the `{signs}` of the code are {word}", more.abs()))
}

/// The bytes of a string in triple quotes, quotes included; to the end when it is not closed.
fn within(rest: &[u8], quotes: &[u8]) -> usize {
    let inside = &rest[quotes.len()..];
    let end = inside.windows(quotes.len()).position(|window| window == quotes);
    end.map_or(rest.len(), |end| end + 2 * quotes.len())
}

/// The bytes of a string on one line; 1 for a quote that opens none, such as an apostrophe.
fn string(rest: &[u8], quote: u8) -> usize {
    let mut escaped = false;
    for (at, byte) in rest.iter().enumerate().skip(1) {
        match *byte {
            b'\n' => return 1,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            byte if byte == quote => return at + 1,
            _ => {}
        }
    }
    1
}

/// How a text breaks off, if it does. A missing full stop is a fault of running text only.
fn truncated(text: &str, segments: &Segments, kind: TextKind) -> Option<String> {
    let end = text.trim_end();
    let last = end.chars().next_back()?;
    let (part, range) = segments.parts.last()?;
    match part {
        // Cut off inside of a fence or a formula, or ended with one: reported elsewhere, or whole.
        Part::Code if kind != TextKind::Code || range.end < end.len() => return None,
        Part::Formula => return None,
        Part::Code => {
            let line = end.rsplit('\n').next().unwrap_or_default().trim_start();
            if line.starts_with('#') || line.starts_with("//") {
                return None;
            }
            return matches!(last, ',' | '(' | '[' | '{' | '=' | '+' | '\\' | ':' | '&' | '|')
                .then(|| format!("the code ends in `{last}`"));
        }
        Part::Prose => {}
    }
    let open = |ch| {
        matches!(ch, ',' | ';' | '(' | '=' | '+' | '\\' | '&' | '<' | '、' | '，' | '；' | '（')
    };
    if open(last) {
        return Some(format!("it ends in `{last}`"));
    }
    const GOES_ON: [&str; 14] = [
        "the", "of", "and", "to", "is", "that", "with", "for", "or", "an", "are", "from", "by",
        "because",
    ];
    let word = end.rsplit(|ch: char| !ch.is_alphanumeric()).next().unwrap_or_default();
    if GOES_ON.contains(&word) {
        return Some(format!("it ends in the word `{word}`"));
    }
    let running = kind == TextKind::Prose && end.len() >= ENOUGH_PROSE && last.is_alphanumeric();
    running.then(|| format!("it ends without a full stop, in `{word}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_of_code() {
        for (code, fine) in [
            ("f(x)[1]{2}", true),
            ("print(':(')  # :(", true),
            ("\"\"\"a) b\"\"\"\nf()", true),
            ("let a: &'static str = f('(');", true),
            ("// don't\nf(')')", true),
            ("f((x)", false),
            ("x = [1, 2", false),
            ("'''(", true),
            ("", true),
        ] {
            assert_eq!(open_bracket(code).is_none(), fine, "{code}");
        }
    }
}
