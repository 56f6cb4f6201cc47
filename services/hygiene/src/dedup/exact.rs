//! Exact duplicates.
//!
//! Two texts are duplicates when they differ in nothing but case, width, white space and plain
//! punctuation. Digits, decimal points, operators, brackets and signs count: `3+4` is not `3-4`.
//! In program text everything counts except blanks at line ends, since `a[I]` and `a[i]`, or one
//! statement inside a loop and after it, are different programs. What looks like code is taken for
//! code: to miss a duplicate costs little, to merge two different samples loses one.

use lehr_record::{Digest, Hasher};

use crate::token::Tokens;

/// The fingerprint of a text: equal for texts that are duplicates of each other.
///
/// It is the SHA-256 of the text's tokens and lines of code, each with its kind and length. Texts
/// without any words or signs have the fingerprint of the empty text.
pub fn fingerprint(text: &str) -> Digest {
    let mut hasher = Hasher::default();
    let mut prose = String::new();
    let mut code = CodeLines::default();
    for line in text.lines() {
        if code.contains(line) {
            flush(&mut prose, &mut hasher);
            feed(&mut hasher, b'c', line.trim_end());
        } else {
            prose.push_str(line);
            prose.push('\n');
        }
    }
    flush(&mut prose, &mut hasher);
    hasher.finish()
}

/// Hashes the tokens of the prose so far. Prose is gathered over lines so that where they break does
/// not matter.
fn flush(prose: &mut String, hasher: &mut Hasher) {
    let mut tokens = Tokens::new(prose);
    while let Some(token) = tokens.advance() {
        feed(hasher, b't', &token.text);
    }
    prose.clear();
}

fn feed(hasher: &mut Hasher, kind: u8, text: &str) {
    hasher.update(&[kind]);
    hasher.update(&(text.len() as u64).to_le_bytes());
    hasher.update(text.as_bytes());
}

/// Tells lines of code from prose, going through a text from its first line.
#[derive(Debug, Default)]
struct CodeLines {
    /// The fence that is open, as its character and length.
    fence: Option<(u8, usize)>,
    /// Whether the line before was code outside a fence.
    after_code: bool,
}

impl CodeLines {
    fn contains(&mut self, line: &str) -> bool {
        if let Some((mark, length)) = fence(line) {
            match self.fence {
                Some((open, opened)) if open == mark && length >= opened => self.fence = None,
                Some(_) => return true,
                None => self.fence = Some((mark, length)),
            }
            self.after_code = false;
            return false;
        }
        if self.fence.is_some() {
            return !line.trim().is_empty();
        }
        let blank = line.trim().is_empty();
        let indented = line.starts_with([' ', '\t']);
        let code = !blank && (looks_like_code(line) || (self.after_code && indented));
        // A blank line inside code does not end it.
        self.after_code = code || (blank && self.after_code);
        code
    }
}

/// The fence that a line of Markdown opens or closes (CommonMark 0.31, section 4.5).
fn fence(line: &str) -> Option<(u8, usize)> {
    let line = line.trim_start();
    let mark = *line.as_bytes().first().filter(|mark| matches!(mark, b'`' | b'~'))?;
    let length = line.bytes().take_while(|byte| *byte == mark).count();
    (length >= 3).then_some((mark, length))
}

/// Whether a line reads like a statement of a common programming language.
fn looks_like_code(line: &str) -> bool {
    const STARTS: &[&str] = &[
        "def ",
        "class ",
        "import ",
        "return ",
        "async ",
        "await ",
        "fn ",
        "let mut ",
        "const ",
        "static ",
        "pub ",
        "impl ",
        "struct ",
        "enum ",
        "var ",
        "public ",
        "private ",
        "function ",
        "func ",
        "package ",
        "#include",
        "#define",
        "using namespace",
        "template<",
        "@",
        ">>> ",
        "else:",
        "try:",
        "finally:",
        "except ",
        "elif ",
        "raise ",
        "yield ",
        "lambda ",
        "} else",
    ];
    const INSIDE: &[&str] = &["==", "!=", "+=", "-=", "*=", "=>", "->", "::", "();", "&&", "||"];
    let line = line.trim();
    let block_head = line.ends_with(':')
        && ["if ", "for ", "while ", "with ", "else", "match ", "case "]
            .iter()
            .any(|word| line.starts_with(word));
    let from_import = line.starts_with("from ") && line.contains(" import ");
    block_head
        || from_import
        || line.ends_with(['{', '}', ';'])
        || STARTS.iter().any(|start| line.starts_with(start))
        || INSIDE.iter().any(|inside| line.contains(inside))
        || is_assignment(line)
        || is_call(line)
}

/// `name.field[0] = ...`: one name, then a single equals sign.
fn is_assignment(line: &str) -> bool {
    let Some((left, right)) = line.split_once('=') else { return false };
    let left = left.trim_end_matches(['+', '-', '*', '/', '%', '|', '&']).trim();
    !right.trim().is_empty() && is_path(left)
}

/// `name.method(...)` alone on its line.
fn is_call(line: &str) -> bool {
    let Some((name, rest)) = line.split_once('(') else { return false };
    rest.ends_with(')') && is_path(name)
}

fn is_path(text: &str) -> bool {
    !text.is_empty()
        && text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.[]'\"".contains(&b))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn duplicates_differ_only_in_form() {
        for (a, b) in [
            ("What is 3+4?", "what is   3 + 4"),
            ("Hello, world!", "HELLO\nworld"),
            ("Ｆｕｌｌ　width １２", "full width 12"),
            ("well-known “facts”", "Well known facts."),
            ("Janet’s ducks", "janet's DUCKS"),
            ("zero\u{200b}width", "zerowidth"),
            ("你好，世界。", "你好世界"),
            ("Run this:\n```python\nx = 1\n```", "run this\n\n```python\nx = 1   \n```\n"),
            ("", " \n?!"),
        ] {
            assert_eq!(fingerprint(a), fingerprint(b), "{a:?} {b:?}");
        }
    }

    #[test]
    fn what_carries_meaning_counts() {
        for (a, b) in [
            ("What is 3+4?", "What is 3-4?"),
            ("What is 3-4?", "What is 3 4?"),
            ("x<y", "x>y"),
            ("x <= y", "x < y"),
            ("2.5", "25"),
            ("10²", "102"),
            ("n!", "n"),
            ("f'(x)", "f(x)"),
            ("2(x+1)", "2x+1"),
            ("$5", "5%"),
            ("x - y", "x + y"),
            ("a b", "ab"),
            ("```\na[I]\n```", "```\na[i]\n```"),
            ("if x:\n    a()\n    b()", "if x:\n    a()\nb()"),
            ("x = Foo(1)", "x = foo(1)"),
            ("def f(a, b):\n    return a", "def f(a, b):\n\treturn a"),
            ("print('a.b')", "print('a b')"),
        ] {
            assert_ne!(fingerprint(a), fingerprint(b), "{a:?} {b:?}");
        }
    }

    proptest! {
        #[test]
        fn form_never_matters_in_prose(
            words in prop::collection::vec("z[a-z]{1,8}|[0-9]{1,4}", 1..20),
            marks in prop::collection::vec("[ \n]{1,3}|, | \u{2014} |\\? |  \"|\u{3000}", 20),
        ) {
            let plain = words.join(" ");
            let dressed: String = words.iter().zip(&marks)
                .map(|(word, mark)| format!("{}{mark}", word.to_uppercase())).collect();
            prop_assert_eq!(fingerprint(&plain), fingerprint(&dressed));
        }

        #[test]
        fn every_digit_matters(text in "[a-z ]{0,10}[0-9]{1,6}[a-z +]{0,10}", at in 0usize..30) {
            let digits: Vec<_> = text.char_indices().filter(|(_, c)| c.is_ascii_digit()).collect();
            let (place, digit) = digits[at % digits.len()];
            let other = if digit == '9' { '0' } else { '9' };
            let mut changed = text.clone();
            changed.replace_range(place..=place, &other.to_string());
            prop_assert_ne!(fingerprint(&text), fingerprint(&changed));
        }
    }
}
