//! Word n-grams as index terms.
//!
//! A shingle is [`WIDTH`] words in a row. Two texts that share a stretch of words share its
//! shingles, wherever the stretch stands and whatever surrounds it, so a lookup of a text's shingles
//! finds the items that it quotes. Short items have shorter shingles; an item of fewer words than
//! those is one shingle as a whole: it can only be found complete. Terms are hashes, since nobody reads them and five words are long;
//! the hash is part of the index's layout and the same on every machine.

use tantivy::tokenizer::{Token as IndexToken, TokenStream, Tokenizer};

use crate::token::{Kind, Tokens};

/// The words of a shingle of a long item.
pub const WIDTH: usize = 5;

/// The words of a shingle of an item of at most [`SHORT_ITEM`] words: few changed words would leave
/// no longer one whole.
const SHORT_WIDTH: usize = 3;

/// The most words of an item with shingles of [`SHORT_WIDTH`].
const SHORT_ITEM: usize = 24;

/// The hash of a shingle: 60 bits, from its words and their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShingleId(u64);

impl ShingleId {
    /// The shingle of the given words (their hashes, in order).
    pub fn of_words(words: impl ExactSizeIterator<Item = u64>) -> Self {
        let length = words.len() as u64;
        let sum = words.fold(length, |sum, word| sum.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ word);
        Self(mix(sum) >> 4)
    }

    /// As a number.
    pub fn bits(self) -> u64 {
        self.0
    }

    /// The identifier whose [`Self::to_term`] a term is.
    pub fn from_term(term: &[u8]) -> Option<Self> {
        let digit = |byte: &u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'A'..=b'Z' => Some(byte - b'A' + 10),
            b'_' => Some(36),
            b'a'..=b'z' => Some(byte - b'a' + 37),
            b'~' => Some(63),
            _ => None,
        };
        term.iter().try_fold(0, |sum, byte| Some(sum << 6 | u64::from(digit(byte)?))).map(Self)
    }

    /// Its form in the term dictionary: ten ASCII characters.
    pub fn to_term(self) -> [u8; 10] {
        const DIGITS: &[u8; 64] =
            b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";
        std::array::from_fn(|at| DIGITS[(self.0 >> (54 - 6 * at)) as usize & 63])
    }
}

/// A word as shingles see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// The hash of its normal form.
    pub hash: u64,
    /// Its first byte in the original text.
    pub start: usize,
    /// One past its last byte in the original text.
    pub end: usize,
}

/// Goes through the words and operators of a text; other signs are passed over.
#[derive(Debug)]
pub struct Words<'a>(Tokens<'a>);

impl<'a> Words<'a> {
    /// Starts at the beginning of a text.
    pub fn new(text: &'a str) -> Self {
        Self(Tokens::new(text))
    }

    /// The next word together with its normal form.
    pub fn advance(&mut self) -> Option<(Word, &str)> {
        loop {
            if self.0.advance()?.kind != Kind::Symbol {
                break;
            }
        }
        let token = self.0.current();
        let word = Word { hash: hash(&token.text), start: token.start, end: token.end };
        Some((word, &token.text))
    }
}

impl Iterator for Words<'_> {
    type Item = Word;

    fn next(&mut self) -> Option<Word> {
        self.advance().map(|(word, _)| word)
    }
}

/// Which widths of shingles to make from a text: [`WIDTH`], and those of shorter items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Widths(u8);

impl Widths {
    /// Adds the width that an item of this many words is indexed with.
    pub fn add_item(&mut self, words: usize) {
        if words > 0 {
            self.0 |= 1 << width_of(words);
        }
    }

    /// As a number, bit `n` for width `n`.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// The same widths from [`Widths::bits`]; bits of no width are dropped.
    pub fn from_bits(bits: u8) -> Self {
        Self(bits & ((1 << (WIDTH + 1)) - 2))
    }

    /// The widths of both.
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Each of them, ascending.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (1..=WIDTH).filter(move |width| self.0 & (1 << width) != 0)
    }
}

/// The width of the shingles of an item of `words` words.
pub fn width_of(words: usize) -> usize {
    if words > SHORT_ITEM { WIDTH } else { words.min(SHORT_WIDTH) }
}

/// The shingles that an item of these words is indexed with; none when it has no words.
pub fn item_shingles(words: &[Word]) -> Vec<ShingleId> {
    if words.is_empty() {
        return Vec::new();
    }
    words
        .windows(width_of(words.len()))
        .map(|window| ShingleId::of_words(window.iter().map(|word| word.hash)))
        .collect()
}

/// FNV-1a over the bytes, then mixed so that every bit counts.
fn hash(word: &str) -> u64 {
    let fnv = word.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    mix(fnv)
}

/// The finaliser of MurmurHash3 (Appleby): a bijection of 64 bits in which each bit of the input
/// changes about half of the output.
pub fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    x = (x ^ (x >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    x ^ (x >> 33)
}

/// Gives the index the shingles of an item as terms, at the positions of their first words and with
/// their byte offsets.
#[derive(Clone, Debug, Default)]
pub struct ShingleTokenizer;

impl Tokenizer for ShingleTokenizer {
    type TokenStream<'a> = ShingleTokens;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> ShingleTokens {
        let words: Vec<_> = Words::new(text).collect();
        let ids = item_shingles(&words);
        ShingleTokens { words, ids, next: 0, token: IndexToken::default() }
    }
}

/// The stream behind [`ShingleTokenizer`].
#[derive(Debug)]
pub struct ShingleTokens {
    words: Vec<Word>,
    ids: Vec<ShingleId>,
    next: usize,
    token: IndexToken,
}

impl TokenStream for ShingleTokens {
    fn advance(&mut self) -> bool {
        let Some(id) = self.ids.get(self.next) else { return false };
        let width = width_of(self.words.len());
        self.token.text.clear();
        self.token.text.extend(id.to_term().map(char::from));
        self.token.position = self.next;
        self.token.position_length = width;
        self.token.offset_from = self.words[self.next].start;
        self.token.offset_to = self.words[self.next + width - 1].end;
        self.next += 1;
        true
    }

    fn token(&self) -> &IndexToken {
        &self.token
    }

    fn token_mut(&mut self) -> &mut IndexToken {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_and_the_index_agree_on_places() {
        let text = "Ａ  b, c d — e f";
        let words: Vec<_> = Words::new(text).collect();
        let mut tokenizer = ShingleTokenizer;
        let mut stream = tokenizer.token_stream(text);
        for (place, id) in item_shingles(&words).into_iter().enumerate() {
            assert!(stream.advance());
            let token = stream.token();
            assert_eq!(token.text.as_bytes(), id.to_term());
            let (start, end) = (words[place].start, words[place + SHORT_WIDTH - 1].end);
            assert_eq!((token.offset_from, token.offset_to), (start, end));
            assert_eq!(token.position, place);
        }
        assert!(!stream.advance());
    }

    #[test]
    fn order_and_number_of_words_matter() {
        let id = |text: &str| item_shingles(&Words::new(text).collect::<Vec<_>>())[0];
        for (a, b) in [("a b", "b a"), ("a a", "a"), ("3-4", "3+4"), ("ab c", "a bc")] {
            assert_ne!(id(a), id(b), "{a:?} {b:?}");
        }
        assert_eq!(Widths::from_bits(255).bits(), 0b11_1110);
    }

    #[test]
    fn the_hash_is_part_of_the_layout() {
        let words: Vec<_> = Words::new("the quick brown fox jumps").collect();
        let id = ShingleId::of_words(words.iter().map(|word| word.hash));
        assert_eq!(id.to_term().as_slice(), b"nynfpA5JGL");
        assert_eq!(ShingleId::from_term(&id.to_term()), Some(id));
    }
}
