//! Finds formulas by their delimiters: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`.

use std::ops::Range;

/// A formula of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Formula {
    /// With the delimiters.
    pub whole: Range<usize>,
    /// Without them.
    pub content: Range<usize>,
}

/// The formulas of a text in their order. A dollar sign before an amount opens none: its partner
/// would stand after a space or before a digit.
pub(super) fn formulas(text: &str) -> Vec<Formula> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    // Delimiters that are not closed any more.
    let mut unclosed: [bool; 3] = [false; 3];
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let (open, close, kind) = match (byte, bytes.get(at + 1)) {
            (b'\\', Some(b'(')) => (2, "\\)", 0),
            (b'\\', Some(b'[')) => (2, "\\]", 1),
            (b'\\', _) => {
                at += 2;
                continue;
            }
            (b'$', Some(b'$')) => (2, "$$", 2),
            (b'$', _) => {
                at = match inline(text, at) {
                    Some(formula) => {
                        let end = formula.whole.end;
                        found.push(formula);
                        end
                    }
                    None => at + 1,
                };
                continue;
            }
            _ => {
                at += 1;
                continue;
            }
        };
        let length = match unclosed.get(kind) {
            Some(false) => text.get(at + open..).and_then(|rest| rest.find(close)),
            _ => None,
        };
        match length {
            Some(length) => {
                let content = at + open..at + open + length;
                let whole = at..content.end + close.len();
                at = whole.end;
                found.push(Formula { whole, content });
            }
            None => {
                if let Some(unclosed) = unclosed.get_mut(kind) {
                    *unclosed = true;
                }
                at += open;
            }
        }
    }
    found
}

/// `$…$` at a place, in one paragraph.
fn inline(text: &str, at: usize) -> Option<Formula> {
    let rest = text.get(at + 1..)?;
    if rest.starts_with(char::is_whitespace) {
        return None;
    }
    let mut escaped = false;
    let length = rest.find(|c: char| {
        let closes = c == '$' && !escaped;
        escaped = c == '\\' && !escaped;
        closes
    })?;
    let content = rest.get(..length)?;
    let closed = !content.ends_with(char::is_whitespace)
        && !content.contains("\n\n")
        && !rest.get(length + 1..)?.starts_with(|c: char| c.is_ascii_digit());
    let content = at + 1..at + 1 + length;
    closed.then(|| Formula { whole: at..content.end + 1, content })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollar_signs_pair_up_once() {
        for (text, count) in [
            ("$a$ and $b$", 2),
            ("$5 and $6", 0),
            ("$$a$$ $b$", 2),
            ("\\(a\\) \\[b\\] \\(c", 2),
            ("\\$5 $x$", 1),
        ] {
            assert_eq!(formulas(text).len(), count, "{text}");
        }
    }
}
