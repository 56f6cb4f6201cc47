//! Whether a stretch of a text is a sentence of its own.
//!
//! A few words in a row recur inside other sentences by chance; as a whole question they do not.

/// What stands around a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Borders {
    /// Whether it begins where a sentence, line or quotation does.
    pub begins: bool,
    /// Whether it ends where one does.
    pub ends: bool,
    /// Whether it is its line by itself, or the whole text.
    pub line: bool,
}

impl Borders {
    /// Looks at the text around `start..end`, which are character borders.
    pub fn of(text: &str, start: usize, end: usize) -> Self {
        // Closing marks at the end of the stretch are its own.
        let before = text[..start].trim_end_matches(is_mark);
        let inside = &text[before.len()..start];
        let tail = &text[end..];
        let after = tail.trim_start_matches(is_mark);
        let outside = &tail[..tail.len() - after.len()];
        let newline = |marks: &str| marks.contains('\n');
        let labelled = ends_label(before) && inside.contains(SENTENCE);
        let begins = before.is_empty() || inside.contains(SENTENCE);
        let ends = after.is_empty() || outside.contains(SENTENCE);
        let line = (before.is_empty() || newline(inside) || labelled)
            && (after.is_empty() || newline(outside));
        Self { begins, ends, line }
    }

    /// Whether it is a sentence of its own.
    pub fn whole(self) -> bool {
        self.begins && self.ends
    }
}

/// Signs after which a sentence may begin.
const SENTENCE: &[char] = &[
    '.', '?', '!', ':', ';', '\n', '"', '\'', '`', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}',
    '\u{ab}', '\u{bb}', '\u{3002}', '\u{ff1f}', '\u{ff01}', '\u{ff1a}', '\u{300c}', '\u{300d}',
    '(', ')', '[', ']', '>', '<', '|', '*', '#', '\u{2014}', '\u{2013}',
];

fn is_mark(ch: char) -> bool {
    !ch.is_alphanumeric()
}

/// `1` of `1. Which`, `Q` of `Q: Which`: a label that belongs to no sentence.
fn ends_label(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or(before).trim_start_matches(is_mark);
    line.chars().count() <= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_lines_and_quotations_are_whole() {
        for (text, whole, line) in [
            ("Which river", true, true),
            ("Tell me. Which river? I forgot.", true, false),
            ("I know which river it is", false, false),
            ("a\nWhich river\nb", true, true),
            ("3) Which river?\n", true, true),
            ("He asked \u{201c}which river\u{201d} at once", true, false),
            ("so which river? Yes", false, false),
        ] {
            let start = text.to_lowercase().find("which river").unwrap_or(0);
            let borders = Borders::of(text, start, start + "which river".len());
            assert_eq!((borders.whole(), borders.line), (whole, line), "{text}");
        }
    }
}
