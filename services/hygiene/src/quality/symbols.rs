//! Signs in the place of words, and lines that are no sentences (Gopher, appendix A.1.1).

use super::segments::{Part, Segments};
use super::words::Words;
use super::{Limits, Reason, Rule};

/// Words and lines below which a share says nothing.
const LEAST_WORDS: usize = 10;
const LEAST_LINES: usize = 5;

pub(super) fn check(
    text: &str,
    segments: &Segments,
    words: &Words,
    limits: &Limits,
    reasons: &mut Vec<Reason>,
) {
    if words.prose >= LEAST_WORDS {
        let signs: usize = segments.only(text, Part::Prose).map(signs).sum();
        let share = signs as f64 / words.prose as f64;
        if share > limits.symbols && limits.symbols < 1.0 {
            let (measured, limit) = (share * 100.0, limits.symbols * 100.0);
            let detail = format!(
                "{measured:.0} hash signs and ellipses a hundred words; at most {limit:.0}"
            );
            reasons.push(Reason::new(Rule::Symbols, share, limits.symbols, share, detail));
        }
        let share = words.noise as f64 / words.prose as f64;
        if share > limits.not_words {
            let what = "of the words have neither a letter nor a digit nor an operator";
            reasons.push(Reason::share(Rule::NotWords, share, limits.not_words, what));
        }
    }
    let (mut lines, mut ellipses, mut bullets) = (0usize, 0usize, 0usize);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        lines += 1;
        ellipses += usize::from(line.ends_with("...") || line.ends_with('…'));
        bullets += usize::from(line.starts_with(['•', '‣', '◦', '●', '▪']) || dash(line));
    }
    if lines < LEAST_LINES {
        return;
    }
    for (rule, count, limit, what) in [
        (Rule::EllipsisLines, ellipses, limits.ellipsis_lines, "of the lines end in an ellipsis"),
        (Rule::BulletLines, bullets, limits.bullet_lines, "of the lines are items of a list"),
    ] {
        let share = count as f64 / lines as f64;
        if share > limit {
            reasons.push(Reason::share(rule, share, limit, what));
        }
    }
}

fn dash(line: &str) -> bool {
    matches!(line.as_bytes(), [b'-' | b'*' | b'+', b' ', ..])
}

/// Hash signs and ellipses, but those that mark headings or stand before a number.
fn signs(prose: &str) -> usize {
    let bytes = prose.as_bytes();
    let (mut count, mut at) = (0, 0);
    while at < bytes.len() {
        let same = bytes[at..].iter().take_while(|byte| **byte == bytes[at]).count();
        let line_start = at == 0 || bytes[at - 1] == b'\n';
        let number = bytes.get(at + same).is_some_and(u8::is_ascii_digit);
        match bytes[at] {
            b'#' if !line_start && !number => count += same,
            b'.' if same >= 3 => count += 1,
            _ => {}
        }
        at += same;
    }
    count + prose.matches('…').count()
}
