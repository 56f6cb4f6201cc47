//! The tokens of a program in Python or a language that looks like C, JavaScript, Java, Go or Rust.
//!
//! What changes nothing about what a program does is left out: comments, documentation strings, line
//! breaks, imports. Names are kept apart from the words of the language and its libraries, which
//! cannot be renamed.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use crate::shingle::mix;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A keyword, operator, bracket, library name or member.
    Fixed,
    /// A name that its author chose.
    Name,
    /// A number.
    Number,
    /// A string or character.
    Text,
}

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeToken {
    /// What it is.
    pub kind: TokenKind,
    /// The hash of how it is written.
    pub hash: u64,
    /// Its first byte in the text.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
}

impl CodeToken {
    /// Its hash once names and literals are all alike.
    pub fn normal(&self) -> u64 {
        match self.kind {
            TokenKind::Fixed => self.hash,
            TokenKind::Name => 1,
            TokenKind::Number => 2,
            TokenKind::Text => 3,
        }
    }
}

const FIXED: &str = "
    and as assert async await break case catch class const continue def default del do elif else enum
    except false False finally fn for foreach from func function global if impl import in interface is
    lambda let loop match mod mut new None nil nonlocal not null or package pass private protected pub
    public raise return self static struct super switch this throw throws trait True true try type
    typeof use using var void where while with yield int float double bool boolean char string String
    str list dict set tuple bytes object List Dict Set Tuple Optional Any Union Iterable Vec Option
    Result Some Ok Err Box usize u8 u32 u64 i32 i64 f64 long short unsigned vector map std len range
    print sum min max abs sorted reversed enumerate zip filter any all round pow divmod ord chr isinstance
    iter next input open hash id repr bin hex int64 println printf console Math math re collections
    itertools functools append make cout endl size_t Integer ArrayList HashMap Array Object Number
";

static WORDS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| FIXED.split_whitespace().collect());

/// The tokens of the program at `range`, a range of lines.
pub fn lex(text: &str, range: Range<usize>) -> Vec<CodeToken> {
    Lexer {
        text,
        bytes: text.as_bytes(),
        at: range.start,
        end: range.end,
        tokens: Vec::new(),
        depth: 0,
    }
    .run()
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    end: usize,
    tokens: Vec<CodeToken>,
    /// How many round and square brackets are open.
    depth: usize,
}

impl Lexer<'_> {
    fn run(mut self) -> Vec<CodeToken> {
        let mut line_start = true;
        while self.at < self.end {
            let byte = self.bytes[self.at];
            let start = self.at;
            match byte {
                b'\n' => {
                    line_start = true;
                    self.at += 1;
                    continue;
                }
                _ if byte.is_ascii_whitespace() => {
                    self.at += 1;
                    continue;
                }
                b'#' => self.skip_line(),
                b'/' if self.next_is(b"//") => self.skip_line(),
                b'/' if self.next_is(b"/*") => self.skip_past(b"*/", 2),
                b'"' | b'\'' | b'`' => self.string(byte, line_start),
                b'0'..=b'9' => self.number(),
                _ if byte.is_ascii_alphabetic() || byte == b'_' || !byte.is_ascii() => {
                    self.word(line_start);
                }
                _ => self.operator(),
            }
            // A comment leaves the line as it was.
            line_start &= byte == b'#' || self.bytes[start..].starts_with(b"/*");
        }
        self.tokens
    }

    fn next_is(&self, what: &[u8]) -> bool {
        self.bytes[self.at..self.end].starts_with(what)
    }

    fn skip_line(&mut self) {
        let rest = &self.bytes[self.at..self.end];
        self.at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    }

    fn skip_past(&mut self, what: &[u8], from: usize) {
        let begin = (self.at + from).min(self.end);
        let rest = &self.bytes[begin..self.end];
        let found = rest.windows(what.len()).position(|window| window == what);
        self.at = found.map_or(self.end, |at| begin + at + what.len());
    }

    fn push(&mut self, kind: TokenKind, start: usize) {
        let hash = hash(&self.bytes[start..self.at]);
        self.tokens.push(CodeToken { kind, hash, start, end: self.at });
    }

    fn string(&mut self, quote: u8, line_start: bool) {
        let start = self.at;
        let before = start.checked_sub(1).map(|at| self.bytes[at]);
        if quote == b'\'' && matches!(before, Some(b'<' | b'&')) {
            // A lifetime.
            let rest = &self.bytes[start + 1..self.end];
            self.at += 1 + rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            return;
        }
        let triple = [quote; 3];
        if quote != b'`' && self.next_is(&triple) {
            self.skip_past(&triple, 3);
        } else {
            let mut at = start + 1;
            while at < self.end && self.bytes[at] != quote {
                if self.bytes[at] == b'\n' && quote != b'`' {
                    // No string: a lifetime, an apostrophe.
                    self.at = start + 1;
                    return;
                }
                at += if self.bytes[at] == b'\\' { 2 } else { 1 };
            }
            self.at = (at + 1).min(self.end);
        }
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
        // A string that is a statement documents.
        if !line_start || self.depth > 0 {
            self.push(TokenKind::Text, start);
            if let Some(token) = self.tokens.last_mut() {
                let inside = &self.bytes[start + 1..(self.at - 1).max(start + 1)];
                token.hash = hash(inside);
            }
        }
    }

    fn number(&mut self) {
        let start = self.at;
        let inside = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_');
        self.at += self.bytes[start..self.end].iter().take_while(|b| inside(b)).count();
        self.push(TokenKind::Number, start);
    }

    fn word(&mut self, line_start: bool) {
        let start = self.at;
        let inside = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii();
        self.at += self.bytes[start..self.end].iter().take_while(|b| inside(b)).count();
        let word = &self.text[start..self.at];
        if line_start && self.is_import(word) {
            self.skip_line();
            return;
        }
        // `f"..."` and the like: the prefix belongs to the string.
        if word.len() <= 2
            && self.at < self.end
            && matches!(self.bytes[self.at], b'"' | b'\'')
            && word.bytes().all(|b| b"rRbBfFuU".contains(&b))
        {
            return;
        }
        let member = self
            .tokens
            .last()
            .is_some_and(|last| last.end == start && self.bytes[last.start] == b'.');
        let kind = if member || WORDS.contains(word) { TokenKind::Fixed } else { TokenKind::Name };
        self.push(kind, start);
    }

    fn is_import(&self, word: &str) -> bool {
        let rest = &self.bytes[self.at..self.end];
        let line = &rest[..rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())];
        match word {
            "import" | "package" => true,
            "using" | "use" => line.ends_with(b";"),
            "from" => line.windows(8).any(|window| window == b" import "),
            _ => false,
        }
    }

    fn operator(&mut self) {
        const LONG: &[&[u8]] = &[
            b"===", b"!==", b"**=", b"//=", b"<<=", b">>=", b"...", b"==", b"!=", b"<=", b">=",
            b"->", b"=>", b"+=", b"-=", b"*=", b"/=", b"%=", b"&&", b"||", b"::", b"**", b"<<",
            b">>", b"++", b"--", b":=",
        ];
        let start = self.at;
        match self.bytes[start] {
            b'(' | b'[' => self.depth += 1,
            b')' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.at += LONG.iter().find(|sign| self.next_is(sign)).map_or(1, |sign| sign.len());
        // Ends of statements are where the line says so, or not.
        if self.bytes[start] != b';' {
            self.push(TokenKind::Fixed, start);
        }
    }
}

/// The hash of a way of writing.
pub fn hash(bytes: &[u8]) -> u64 {
    let fnv = bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    mix(fnv) | 4
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> String {
        let show = |token: CodeToken| match token.kind {
            TokenKind::Fixed => text[token.start..token.end].to_owned(),
            TokenKind::Name => "N".to_owned(),
            TokenKind::Number => "0".to_owned(),
            TokenKind::Text => "S".to_owned(),
        };
        lex(text, 0..text.len()).into_iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_does_nothing_is_left_out_and_names_are_alike() {
        for (text, expected) in [
            (
                "def f(a):\n    \"\"\" Doc.\n    >>> x\n    \"\"\"\n    # why\n    return a + 1",
                "def N ( N ) : return N + 0",
            ),
            ("from typing import List\nimport os\nx = os.path", "N = N . path"),
            ("x = 'it' + f\"{a}\"", "N = S + S"),
            ("int f(int a) { /* no */ return a; } // end", "int N ( int N ) { return N }"),
            ("fn f<'a>(x: &'a str) -> u8 { 1 }", "fn N < > ( N : & str ) -> u8 { 0 }"),
            ("xs.append(len(ys))", "N . append ( len ( N ) )"),
        ] {
            assert_eq!(shown(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "[a-z'\"#/*`\\\\é \n0-9=;.]{0,60}") {
            for token in lex(&text, 0..text.len()) {
                prop_assert!(text.get(token.start..token.end).is_some());
            }
        }
    }
}
