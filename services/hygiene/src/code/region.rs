//! Where a text holds programs.
//!
//! Programs stand in fences, or bare between paragraphs. A run of lines is taken for one when it
//! begins with a line that reads like a statement and every further line is blank, indented or such a
//! line too. Prose that is taken for a program costs time and matches none.

use std::ops::Range;

/// The byte ranges of the lines that make up programs, in order.
pub fn regions(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open: Option<Range<usize>> = None;
    let mut statements = 0;
    let mut fenced = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let span = at..at + line.len();
        at = span.end;
        let trimmed = line.trim();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            close(&mut open, &mut statements, fenced, &mut found);
            fenced = !fenced;
            continue;
        }
        let statement = fenced || is_statement(trimmed);
        let more = trimmed.is_empty() || line.starts_with([' ', '\t']);
        match &mut open {
            Some(range) if statement || more => range.end = span.end,
            None if statement => open = Some(span),
            _ => close(&mut open, &mut statements, fenced, &mut found),
        }
        statements += usize::from(statement && !trimmed.is_empty());
    }
    close(&mut open, &mut statements, fenced, &mut found);
    found
}

fn close(
    open: &mut Option<Range<usize>>,
    statements: &mut usize,
    fenced: bool,
    found: &mut Vec<Range<usize>>,
) {
    if let Some(range) = open.take()
        && (fenced || *statements >= 2)
    {
        found.push(range);
    }
    *statements = 0;
}

/// Whether a line reads like a statement of a common language.
fn is_statement(line: &str) -> bool {
    let Some(last) = line.as_bytes().last() else { return false };
    if matches!(last, b'{' | b'}' | b';') {
        return true;
    }
    let word = line.split(|ch: char| !ch.is_ascii_alphanumeric() && ch != '_').next().unwrap_or("");
    let rest = &line[word.len()..];
    match word {
        "def" | "class" | "fn" | "func" | "function" | "async" | "pub" | "public" | "private"
        | "static" => rest.contains(['(', ':', '{']),
        "for" | "while" | "if" | "elif" | "else" | "try" | "except" | "finally" | "with" => {
            matches!(last, b':' | b'{' | b')')
        }
        "return" | "raise" | "yield" | "assert" | "del" => {
            rest.len() < 2
                || rest.contains(['(', '[', '.', '=', '+', '_', '<', '>'])
                || !rest.trim().contains(' ')
        }
        "import" => !rest.contains([',', '?']) || rest.contains(" as "),
        "from" => rest.contains(" import "),
        "" => line.starts_with('@') && !line.contains(' '),
        _ => is_assignment(line) || (*last == b')' && rest.starts_with(['(', '.'])),
    }
}

/// `name.field[0] += ...`: one name, then a single equals sign.
fn is_assignment(line: &str) -> bool {
    let Some((left, right)) = line.split_once('=') else { return false };
    let left = left.trim_end_matches(['+', '-', '*', '/', '%', '|', '&', ':']).trim();
    let name = left.strip_prefix("let ").or(left.strip_prefix("const ")).unwrap_or(left);
    !right.trim().is_empty()
        && name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.[]'\", :".contains(&b))
        && name.bytes().filter(|b| *b == b' ').count() <= 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_and_prose_is_not() {
        for (text, expected) in [
            ("Look:\n```python\nx\n```\nDone.", vec!["x\n"]),
            (
                "Look:\n\ndef f(a):\n    b = a\n\n    return b\nDone.",
                vec!["def f(a):\n    b = a\n\n    return b\n"],
            ),
            ("int f(int a) {\n  return a;\n}\nDone.", vec!["int f(int a) {\n  return a;\n}\n"]),
            ("Return to the house.\nFor all of us it was late.\nIf so, go.", vec![]),
            ("a = 3\n", vec![]),
            ("", vec![]),
        ] {
            let shown: Vec<_> = regions(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(shown, expected, "{text:?}");
        }
    }
}
