//! The normal form of characters, with the way back to the original text.
//!
//! Two texts that look the same to a reader should be the same to the index: full-width letters,
//! ligatures, soft hyphens, zero-width spaces and capitals are ways to write the same words, and
//! ways to hide a benchmark item from a check. [`fold`] takes a text to NFKC (Unicode Standard
//! Annex 15), drops the characters that show nothing, folds case, and remembers for every character
//! which bytes of the original it came from, so that evidence can be shown as it stands there.
//!
//! Plain NFKC would make `10²` into `102` and `2½` into `21/2`; here they become `10^2` and `2 1/2`.

use std::iter::once;

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// One character of the normal form and the bytes of the original that it stands for.
///
/// `start` and `end` are character borders of the original text, `start < end`. Characters that
/// come from the same original ones (`ﬁ` gives `f` and `i`) carry the same bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Folded {
    /// The character, in lower case.
    pub ch: char,
    /// The first byte in the original.
    pub start: usize,
    /// One past the last byte in the original.
    pub end: usize,
}

/// The characters of a text in normal form, in order. Lazy: needs no memory for the whole text.
pub fn fold(text: &str) -> Fold<'_> {
    Fold { text, at: 0, ready: Vec::new(), after_superscript: false }
}

/// The iterator behind [`fold`].
#[derive(Clone, Debug)]
pub struct Fold<'a> {
    text: &'a str,
    /// The next byte to be read, a character border.
    at: usize,
    /// Characters already made, last one first.
    ready: Vec<Folded>,
    after_superscript: bool,
}

impl Iterator for Fold<'_> {
    type Item = Folded;

    fn next(&mut self) -> Option<Folded> {
        loop {
            if let Some(folded) = self.ready.pop() {
                return Some(folded);
            }
            let start = self.at;
            let bytes = self.text.as_bytes();
            let byte = *bytes.get(start)?;
            if byte.is_ascii() && bytes.get(start + 1).is_none_or(u8::is_ascii) {
                self.at += 1;
                self.after_superscript = false;
                let ch = char::from(byte.to_ascii_lowercase());
                return Some(Folded { ch, start, end: start + 1 });
            }
            let first = self.peek()?;
            self.at += first.len_utf8();
            if is_invisible(first) {
                continue;
            }
            self.fold_cluster(start, first);
        }
    }
}

impl Fold<'_> {
    /// The bytes that are yet to be folded and where they begin, when they begin with ASCII and
    /// nothing folded is waiting: a caller may then read ASCII runs itself and [`Fold::pass`] them.
    pub fn ascii_ahead(&self) -> Option<(&[u8], usize)> {
        let rest = &self.text.as_bytes()[self.at..];
        (self.ready.is_empty() && rest.first()?.is_ascii()).then_some((rest, self.at))
    }

    /// Passes over `count` ASCII characters, the last of which is not followed by another script's.
    pub fn pass(&mut self, count: usize) {
        self.at += count;
        self.after_superscript = false;
    }

    /// Goes back to an ASCII character that was folded alone.
    pub fn rewind(&mut self, start: usize) {
        self.at = start;
        self.ready.clear();
        self.after_superscript = false;
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    /// Folds `first` together with the characters after it that NFKC may join to it.
    fn fold_cluster(&mut self, start: usize, first: char) {
        let mut end = start + first.len_utf8();
        let mut cluster = String::from(first);
        while let Some(next) = self.peek() {
            let after = self.at + next.len_utf8();
            if is_invisible(next) {
                // Hidden inside a cluster it must not keep an accent from its letter.
            } else if joins_backwards(next) {
                cluster.push(next);
                end = after;
            } else {
                break;
            }
            self.at = after;
        }
        let mut push = |ch| self.ready.push(Folded { ch, start, end });
        let superscript = is_superscript(first);
        if superscript && !self.after_superscript {
            push('^');
        } else if is_vulgar_fraction(first) {
            push(' ');
        }
        self.after_superscript = superscript;
        // Lower case of upper case comes close to full case folding: `ß` and `SS`, `ς` and `Σ` meet.
        cluster
            .nfkc()
            .flat_map(char::to_uppercase)
            .flat_map(char::to_lowercase)
            .map(one_form)
            .for_each(push);
        self.ready.reverse();
    }
}

/// Signs that look and mean alike but that NFKC keeps apart.
fn one_form(ch: char) -> char {
    match ch {
        '\u{2212}' | '\u{2010}' => '-',
        '\u{2044}' | '\u{2215}' => '/',
        '\u{2018}' | '\u{2019}' | '\u{02bc}' | '\u{2032}' => '\'',
        '\u{00d7}' | '\u{22c5}' => '*',
        '\u{00f7}' => '/',
        _ => ch,
    }
}

/// Whether NFKC may compose the character with one before it, or reorder the two.
fn joins_backwards(ch: char) -> bool {
    !ch.is_ascii()
        && (canonical_combining_class(ch) != 0
            || matches!(is_nfkc_quick(once(ch)), IsNormalized::Maybe))
}

/// Characters that show nothing by themselves (most of Default_Ignorable_Code_Point).
fn is_invisible(ch: char) -> bool {
    matches!(ch,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{e0000}'..='\u{e01ef}')
}

fn is_superscript(ch: char) -> bool {
    matches!(ch, '\u{00b2}' | '\u{00b3}' | '\u{00b9}' | '\u{2070}'..='\u{207f}')
}

fn is_vulgar_fraction(ch: char) -> bool {
    matches!(ch, '\u{00bc}'..='\u{00be}' | '\u{2150}'..='\u{215f}' | '\u{2189}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn folded(text: &str) -> String {
        fold(text).map(|f| f.ch).collect()
    }

    #[test]
    fn texts_that_look_alike_fold_alike() {
        for (text, expected) in [
            ("Plain ASCII, 3.5", "plain ascii, 3.5"),
            ("Ｆｕｌｌ　ｗｉｄｔｈ １２", "full width 12"),
            ("hid\u{200b}den\u{feff} soft\u{ad}ly", "hidden softly"),
            ("e\u{301}", "é"),
            ("E\u{200b}\u{301}", "é"),
            ("ﬁne", "fine"),
            ("Straße STRASSE", "strasse strasse"),
            ("ΟΔΟΣ οδος", "οδοσ οδοσ"),
            ("각", "각"),
            ("10² and 10¹²", "10^2 and 10^12"),
            ("2½", "2 1/2"),
            ("3 − 4 × 5", "3 - 4 * 5"),
            ("Janet’s", "janet's"),
            ("", ""),
            ("\u{200b}", ""),
        ] {
            assert_eq!(folded(text), expected, "{text:?}");
        }
    }

    #[test]
    fn the_way_back_covers_the_letter_and_its_accent() {
        let text = "a e\u{301}x";
        let spans: Vec<_> = fold(text).map(|f| &text[f.start..f.end]).collect();
        assert_eq!(spans, ["a", " ", "e\u{301}", "x"]);
    }

    proptest! {
        #[test]
        fn offsets_are_character_borders_in_order(text in "\\PC{0,60}") {
            let mut at = (0, 0);
            for f in fold(&text) {
                prop_assert!(f.start < f.end && f.end <= text.len());
                prop_assert!(text.is_char_boundary(f.start) && text.is_char_boundary(f.end));
                prop_assert!((f.start, f.end) >= at);
                prop_assert!(f.start >= at.1 || (f.start, f.end) == at);
                at = (f.start, f.end);
            }
        }

        #[test]
        fn letters_fold_as_their_capitals_do(text in "[a-zA-Zäöüßéñσςжя0-9 .,+-]{0,40}") {
            prop_assert_eq!(folded(&text.to_uppercase()), folded(&text));
        }
    }
}
