//! Words, operators and other signs of a text.
//!
//! Punctuation separates words and is dropped, but `3+4` is not `3-4` and `x<y` is not `x>y`: signs
//! that carry meaning are tokens of their own. What a sign means depends on its neighbours: the `-`
//! of `well-known` joins words and the `-` of `3 - 4` subtracts; the `*` of `a * b` multiplies and
//! the `*` of `*not*` is markup. A sign whose meaning is open is kept as [`Kind::Symbol`], which
//! fingerprints count and shingles do not.
//!
//! Scripts written without spaces (Chinese, Japanese, Thai and others) give one token a character.

use std::collections::VecDeque;

use unicode_normalization::char::canonical_combining_class;

use crate::normalise::{Fold, Folded, fold};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Letters and digits, or one character of a script without spaces. Decimal points stay inside
    /// (`3.14`), apostrophes between letters fall away (`dont`).
    Word,
    /// A sign between operands, or before a number.
    Operator,
    /// Any other sign that is not plain punctuation.
    Symbol,
}

/// A token in normal form and where it stands in the original text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The normal form (see [`fold`]). Never empty.
    pub text: String,
    /// What it is.
    pub kind: Kind,
    /// Its first byte in the original, a character border.
    pub start: usize,
    /// One past its last byte in the original, a character border.
    pub end: usize,
}

/// Goes through the tokens of a text without holding more than one of them.
#[derive(Debug)]
pub struct Tokens<'a> {
    chars: Fold<'a>,
    ahead: VecDeque<Folded>,
    /// The character just before, blank or not; `None` at the start.
    previous: Option<char>,
    /// Whether the last thing that was not blank can stand to the left of an operator.
    operand: bool,
    token: Token,
}

impl<'a> Tokens<'a> {
    /// Starts at the beginning of a text.
    pub fn new(text: &'a str) -> Self {
        Self {
            chars: fold(text),
            ahead: VecDeque::with_capacity(4),
            previous: None,
            operand: false,
            token: Token { text: String::new(), kind: Kind::Word, start: 0, end: 0 },
        }
    }

    /// The next token; its buffer is used again by the next call.
    pub fn advance(&mut self) -> Option<&Token> {
        loop {
            if self.ascii_word() {
                return Some(&self.token);
            }
            let first = self.bump()?;
            if is_blank(first.ch) {
                self.previous = Some(' ');
                continue;
            }
            self.token.text.clear();
            self.take(first);
            self.token.start = first.start;
            let kind = if is_unspaced(first.ch) {
                Some(self.character())
            } else if first.ch.is_alphanumeric() {
                Some(self.word())
            } else if is_operator(first.ch) || (first.ch == '!' && self.peek(0) == Some('=')) {
                self.operator()
            } else {
                self.sign(first.ch)
            };
            let before = self.token.text.chars().next_back();
            self.previous = before;
            if let Some(kind) = kind {
                self.operand = match kind {
                    Kind::Word => is_operand(&self.token.text),
                    Kind::Operator => false,
                    Kind::Symbol => matches!(before, Some(')' | ']' | '}' | '!' | '\'')),
                };
                self.token.kind = kind;
                return Some(&self.token);
            }
            self.operand = false;
        }
    }

    /// Reads the blanks and the word ahead when they are plain ASCII, which most of most texts is;
    /// what is not is left to the general way. Gives the same tokens.
    fn ascii_word(&mut self) -> bool {
        if let Some(first) = self.ahead.front() {
            // Characters that were looked at and alone stand for one byte each.
            if !first.ch.is_ascii() || first.end - first.start != 1 {
                return false;
            }
            self.chars.rewind(first.start);
            self.ahead.clear();
        }
        let Some((rest, at)) = self.chars.ascii_ahead() else { return false };
        let blanks = rest.iter().take_while(|byte| is_ascii_blank(**byte)).count();
        let letters = &rest[blanks..];
        let length = letters.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        match letters.get(length) {
            Some(next) if !next.is_ascii() || matches!(next, b'\'' | b'.') => return false,
            _ if length == 0 => return false,
            _ => {}
        }
        self.token.text.clear();
        let Ok(word) = std::str::from_utf8(&letters[..length]) else { return false };
        self.token.text.push_str(word);
        self.token.text.make_ascii_lowercase();
        self.token.kind = Kind::Word;
        self.token.start = at + blanks;
        self.token.end = at + blanks + length;
        self.previous = letters.get(length - 1).map(|byte| char::from(byte.to_ascii_lowercase()));
        self.operand = length == 1 || letters[length - 1].is_ascii_digit();
        self.chars.pass(blanks + length);
        true
    }

    /// The token that [`Tokens::advance`] gave last.
    pub fn current(&self) -> &Token {
        &self.token
    }

    fn bump(&mut self) -> Option<Folded> {
        self.ahead.pop_front().or_else(|| self.chars.next())
    }

    fn peek(&mut self, n: usize) -> Option<char> {
        while self.ahead.len() <= n {
            let next = self.chars.next()?;
            self.ahead.push_back(next);
        }
        self.ahead.get(n).map(|f| f.ch)
    }

    fn take(&mut self, folded: Folded) {
        self.token.text.push(folded.ch);
        self.token.end = folded.end;
    }

    fn take_next(&mut self) {
        if let Some(next) = self.bump() {
            self.take(next);
        }
    }

    /// A character of a script without spaces, with its marks.
    fn character(&mut self) -> Kind {
        while self.peek(0).is_some_and(is_mark) {
            self.take_next();
        }
        Kind::Word
    }

    fn word(&mut self) -> Kind {
        while let Some(next) = self.peek(0) {
            let last = self.token.text.chars().next_back();
            if (next.is_alphanumeric() && !is_unspaced(next)) || is_mark(next) {
                self.take_next();
            } else if next == '\''
                && last.is_some_and(char::is_alphabetic)
                && self.peek(1).is_some_and(char::is_alphabetic)
            {
                self.bump();
            } else if next == '.'
                && last.is_some_and(char::is_numeric)
                && self.peek(1).is_some_and(char::is_numeric)
            {
                self.take_next();
            } else {
                break;
            }
        }
        Kind::Word
    }

    /// A run of operator signs, judged by what stands around it; `None` for a dash or a slash
    /// between words.
    fn operator(&mut self) -> Option<Kind> {
        while self.peek(0).is_some_and(is_operator) {
            self.take_next();
        }
        let blank_before = self.previous.is_none_or(|ch| ch == ' ');
        let next = self.peek(0);
        let blank_after = next.is_none_or(is_blank);
        let text = self.token.text.as_str();
        if matches!(text, "-" | "+") && next.is_some_and(char::is_numeric) {
            return Some(Kind::Operator);
        }
        if text.len() > 1 && text.bytes().all(|b| b == b'-') {
            return None;
        }
        if matches!(text, "-" | "/") && !self.operand && !self.operand_ahead() {
            return None;
        }
        let short = self.token.text.chars().count() <= 2;
        Some(if short && blank_before == blank_after { Kind::Operator } else { Kind::Symbol })
    }

    /// Whether a number, a bracket or a single letter follows, at most one blank away.
    fn operand_ahead(&mut self) -> bool {
        let skip = usize::from(self.peek(0).is_some_and(is_blank));
        match self.peek(skip) {
            Some('(' | '[' | '{' | '\\') => true,
            Some(ch) if ch.is_numeric() => true,
            Some(ch) if ch.is_alphabetic() => {
                !self.peek(skip + 1).is_some_and(|after| after.is_alphanumeric() || after == '\'')
            }
            _ => false,
        }
    }

    /// A sign that is no operator: `None` where it is only punctuation.
    fn sign(&mut self, ch: char) -> Option<Kind> {
        let attached = self.operand && self.previous.is_some_and(|previous| previous != ' ');
        let digit_after = self.peek(0).is_some_and(char::is_numeric);
        let letter_after = self.peek(0).is_some_and(char::is_alphabetic);
        let means = match ch {
            '!' => attached,
            '\'' => attached && !letter_after,
            ':' => attached && digit_after,
            _ => !is_punctuation(ch) && !is_mark(ch),
        };
        means.then_some(Kind::Symbol)
    }
}

/// All tokens of a text, for short texts and tests.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut stream = Tokens::new(text);
    let mut all = Vec::new();
    while let Some(token) = stream.advance() {
        all.push(token.clone());
    }
    all
}

fn is_operand(word: &str) -> bool {
    word.ends_with(char::is_numeric) || word.chars().nth(1).is_none()
}

fn is_blank(ch: char) -> bool {
    ch.is_whitespace() || ch.is_control()
}

fn is_ascii_blank(byte: u8) -> bool {
    is_blank(char::from(byte))
}

fn is_mark(ch: char) -> bool {
    !ch.is_ascii() && canonical_combining_class(ch) != 0
}

fn is_operator(ch: char) -> bool {
    matches!(ch, '+' | '-' | '*' | '/' | '^' | '=' | '<' | '>' | '\u{b1}' | '\u{2200}'..='\u{22ff}')
}

fn is_punctuation(ch: char) -> bool {
    matches!(ch,
        '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '"' | '`' | '\u{a1}' | '\u{ab}' | '\u{b7}'
        | '\u{bb}' | '\u{bf}' | '\u{2011}'..='\u{2027}' | '\u{2030}'..='\u{203e}'
        | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}'
        | '\u{ff61}'..='\u{ff65}')
}

/// Han, kana, Thai, Lao, Khmer, Myanmar: words are not set apart by spaces.
pub(crate) fn is_unspaced(ch: char) -> bool {
    matches!(ch,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
        && (ch.is_alphanumeric() || is_mark(ch))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Words as they are, operators in `⟨⟩`, symbols in `[]`.
    fn shown(text: &str) -> String {
        let show = |token: Token| match token.kind {
            Kind::Word => token.text,
            Kind::Operator => format!("⟨{}⟩", token.text),
            Kind::Symbol => format!("[{}]", token.text),
        };
        tokens(text).into_iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn signs_count_where_they_mean_something() {
        for (text, expected) in [
            ("Hello, world! (Yes)", "hello world [(] yes [)]"),
            ("What is 3+4?", "what is 3 ⟨+⟩ 4"),
            ("3 - 4, 3-4, x-3", "3 ⟨-⟩ 4 3 ⟨-⟩ 4 x ⟨-⟩ 3"),
            ("-3 and x - y", "⟨-⟩ 3 and x ⟨-⟩ y"),
            ("well-known -- and/or — John - the baker", "well known and or john the baker"),
            ("is *not* **bold** a * b a*b", "is [*] not [*] [**] bold [**] a ⟨*⟩ b a ⟨*⟩ b"),
            ("x<y x >= y a != b", "x ⟨<⟩ y x ⟨>=⟩ y a ⟨!=⟩ b"),
            ("=======", "[=======]"),
            ("don't Janet’s 'quoted'", "dont janets quoted"),
            ("3.14 2.5. 1,000 5:30", "3.14 2.5 1 000 5 [:] 30"),
            ("5! n! wow!", "5 [!] n [!] wow"),
            ("f'(x)", "f ['] [(] x [)]"),
            ("x² ½", "x ⟨^⟩ 2 1 ⟨/⟩ 2"),
            ("has_close_elements", "has [_] close [_] elements"),
            ("你好，世界。abc", "你 好 世 界 abc"),
            ("กำ ที่", "ก ํ า ท ี่"),
            ("naïve e\u{301}te\u{301}", "naïve été"),
        ] {
            assert_eq!(shown(text), expected, "{text:?}");
        }
    }

    #[test]
    fn tokens_know_where_they_stand() {
        let text = "Ａｐｐｌｅ pie, e\u{301}t\u{200b}é’s 3.5kg";
        let spans: Vec<_> = tokens(text).iter().map(|t| &text[t.start..t.end]).collect();
        assert_eq!(spans, ["Ａｐｐｌｅ", "pie", "e\u{301}t\u{200b}é’s", "3.5kg"]);
    }

    proptest! {
        #[test]
        fn tokens_lie_in_order_on_character_borders(text in "\\PC{0,60}") {
            let mut at = 0;
            for token in tokens(&text) {
                prop_assert!(!token.text.is_empty());
                prop_assert!(token.start < token.end && token.start >= at.min(token.start));
                prop_assert!(text.get(token.start..token.end).is_some());
                prop_assert!(token.end >= at);
                at = token.end;
            }
        }

        /// A zero-width space before every character shows nothing and keeps to the general way.
        #[test]
        fn the_short_way_gives_the_same_tokens(text in "[a-cX0-2 .,'+*/!=:()<>-]{0,40}[é²½ a']{0,4}") {
            let long: String = text.chars().flat_map(|ch| ['\u{200b}', ch]).collect();
            let plain = |text: &str| -> Vec<_> {
                tokens(text).into_iter().map(|token| (token.text, token.kind)).collect()
            };
            prop_assert_eq!(plain(&text), plain(&long));
        }

        #[test]
        fn a_word_alone_is_the_word_in_the_text(words in prop::collection::vec("[a-z]{2,8}", 1..12)) {
            let text = words.join(" ");
            let found: Vec<_> = tokens(&text).into_iter().map(|t| t.text).collect();
            prop_assert_eq!(found, words);
        }
    }
}
