//! The words of a text, with what the rules ask of them.

use crate::token::is_unspaced;

use super::segments::{Part, Segments};

/// The words that the rules of repetition look at; of a longer text these are the first. They take 12 MiB.
const KEPT: usize = 1 << 20;

/// The letters of prose that the language is told from.
const SAMPLE: usize = 1_500;

/// A word for the rules of repetition.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    pub hash: u64,
    /// Its length in characters.
    pub length: u32,
}

/// The words of a text and their counts.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// The first words.
    pub kept: Vec<Word>,
    /// All words.
    pub count: usize,
    /// Those of the prose.
    pub prose: usize,
    /// Words of the prose with letters, in scripts that set words apart, and the sum of their characters.
    pub spelt: usize,
    pub spelt_length: usize,
    /// English stop words of the prose.
    pub stop: usize,
    /// Words of the prose without letter, digit or operator.
    pub noise: usize,
    /// Letters of the prose by script.
    pub scripts: Scripts,
    /// The beginning of the prose, words with letters only.
    pub sample: String,
}

/// Letters by script.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scripts {
    pub latin: usize,
    pub han: usize,
    pub kana: usize,
    /// Of all others, but Greek, whose letters are names of quantities everywhere.
    pub other: usize,
}

impl Scripts {
    pub(super) fn total(&self) -> usize {
        self.latin + self.han + self.kana + self.other
    }

    fn count(&mut self, ch: char) {
        match ch {
            'a'..='z' | 'A'..='Z' | '\u{00c0}'..='\u{024f}' | '\u{1e00}'..='\u{1eff}' => {
                self.latin += 1
            }
            '\u{3040}'..='\u{30ff}' => self.kana += 1,
            '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3ffff}' => self.han += 1,
            '\u{0370}'..='\u{03ff}'
            | '\u{1f00}'..='\u{1fff}'
            | '\u{2100}'..='\u{214f}'
            | '\u{1d400}'..='\u{1d7ff}' => {}
            _ if ch.is_alphabetic() => self.other += 1,
            _ => {}
        }
    }
}

impl Words {
    pub(super) fn of(text: &str, segments: &Segments) -> Self {
        let mut words = Self::default();
        for (part, range) in &segments.parts {
            for chunk in text[range.clone()].split_whitespace() {
                words.chunk(chunk, *part == Part::Prose);
            }
        }
        words
    }

    /// Takes what stands between two blanks: one word, or characters of a script without spaces one by one.
    fn chunk(&mut self, chunk: &str, prose: bool) {
        if chunk.is_ascii() {
            self.word(chunk, chunk.len(), prose);
            return;
        }
        let mut start = 0;
        for (at, ch) in chunk.char_indices() {
            if is_unspaced(ch) {
                self.spelt_piece(&chunk[start..at], prose);
                start = at + ch.len_utf8();
                self.keep(&chunk[at..start], 1);
                if prose {
                    self.prose += 1;
                    self.scripts.count(ch);
                    self.sample(&chunk[at..start]);
                }
            }
        }
        self.spelt_piece(&chunk[start..], prose);
    }

    /// A piece between characters of scripts without spaces: a word, unless it is their punctuation.
    fn spelt_piece(&mut self, piece: &str, prose: bool) {
        let length = piece.chars().count();
        let mark = length == 1
            && piece
                .chars()
                .all(|ch| matches!(ch, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}'));
        if length > 0 && !mark {
            self.word(piece, length, prose);
        }
    }

    fn word(&mut self, word: &str, length: usize, prose: bool) {
        self.keep(word, length);
        if !prose {
            return;
        }
        self.prose += 1;
        let (mut letters, mut meaning) = (0usize, false);
        for ch in word.chars() {
            let letter = if ch.is_ascii() { ch.is_ascii_alphabetic() } else { ch.is_alphabetic() };
            if letter {
                letters += 1;
                self.scripts.count(ch);
            } else {
                meaning |= is_meaning(ch);
            }
        }
        if letters > 0 {
            self.spelt += 1;
            self.spelt_length += length;
            self.stop += usize::from(is_stop(word));
            if letters > 1 && letters * 2 > length {
                self.sample(word);
                if self.sample.len() < SAMPLE {
                    self.sample.push(' ');
                }
            }
        } else if !meaning {
            self.noise += 1;
        }
    }

    fn sample(&mut self, word: &str) {
        if self.sample.len() < SAMPLE {
            self.sample.push_str(word);
        }
    }

    fn keep(&mut self, word: &str, length: usize) {
        self.count += 1;
        if self.kept.len() < KEPT {
            self.kept.push(Word { hash: hash(word.as_bytes()), length: length as u32 });
        }
    }
}

/// Signs that are the content of a formula which nobody put in delimiters, and marks of lists and tables.
fn is_meaning(ch: char) -> bool {
    match ch {
        '0'..='9' | '+' | '-' | '*' | '/' | '=' | '<' | '>' | '^' | '%' | '|' | '(' | ')' | '$' => {
            true
        }
        ch if ch.is_ascii() => false,
        '×' | '÷' | '·' | '±' | '√' | '°' | '•' | '–' | '—' => true,
        '\u{2190}'..='\u{22ff}' | '\u{27c0}'..='\u{27ff}' | '\u{2900}'..='\u{2bff}' => true,
        ch => ch.is_numeric(),
    }
}

/// Words that are frequent in English and rare in its neighbours.
fn is_stop(word: &str) -> bool {
    const STOP: [&str; 20] = [
        "the", "of", "and", "that", "have", "with", "is", "are", "to", "be", "what", "how",
        "which", "this", "he", "she", "they", "from", "by", "many",
    ];
    let word = word.trim_end_matches([',', '.', ';', ':', '?', '!']);
    word.len() <= 5 && STOP.iter().any(|stop| stop.eq_ignore_ascii_case(word))
}

/// A hash of 64 bits whose every bit depends on all bytes (the finisher of MurmurHash3 over multiplied
/// blocks of eight).
pub(super) fn hash(bytes: &[u8]) -> u64 {
    let mut sum = bytes.len() as u64;
    for block in bytes.chunks(8) {
        let mut eight = [0u8; 8];
        eight[..block.len()].copy_from_slice(block);
        sum = mix(sum ^ u64::from_le_bytes(eight));
    }
    sum
}

pub(super) fn mix(mut bits: u64) -> u64 {
    bits ^= bits >> 33;
    bits = bits.wrapping_mul(0xff51_afd7_ed55_8ccd);
    bits ^= bits >> 33;
    bits = bits.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    bits ^ (bits >> 33)
}
