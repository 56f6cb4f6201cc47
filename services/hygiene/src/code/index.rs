//! The programs of the items, by their runs of tokens.

use std::collections::{HashMap, HashSet};

use tantivy::DocAddress;

use super::lexer::{CodeToken, TokenKind, lex};
use super::region::regions;
use crate::benchmark_file::Part;
use crate::filter::Filter;
use crate::shingle::mix;
use crate::snapshot::StoredText;

/// The tokens of a run.
pub const RUN: usize = 6;

/// The least tokens of a program, its head left out: shorter ones are everybody's.
const LEAST: usize = 8;

/// The items that have a run, above which it nominates none.
const TOO_MANY: usize = 48;

/// A registered program.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// Where its text is stored.
    pub address: DocAddress,
    /// Its different runs.
    pub runs: u32,
}

/// All registered programs.
#[derive(Debug, Default)]
pub struct CodeIndex {
    programs: Vec<Program>,
    runs: HashMap<u64, Vec<u32>>,
    /// The runs that nominate programs; made when all are in.
    filter: Option<Filter>,
}

impl CodeIndex {
    /// Takes in a text of an item, if it holds a program.
    pub fn add(&mut self, address: DocAddress, stored: &StoredText) {
        let tokens = program_of(stored);
        if body_of(&tokens).len() < LEAST {
            return;
        }
        let runs: HashSet<u64> = runs(&without_brackets(tokens)).collect();
        let number = self.programs.len() as u32;
        self.programs.push(Program { address, runs: runs.len() as u32 });
        for run in runs {
            self.runs.entry(run).or_default().push(number);
        }
    }

    /// All programs are in.
    pub fn finish(&mut self) {
        let mut filter = Filter::with_room(self.runs.len());
        self.runs.keys().for_each(|run| filter.insert(*run));
        self.filter = Some(filter);
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.programs.is_empty()
    }

    /// The program of a number.
    pub fn program(&self, number: u32) -> Program {
        self.programs[number as usize]
    }

    /// The programs that have a run, unless too many do.
    pub fn with(&self, run: u64) -> &[u32] {
        if self.filter.as_ref().is_some_and(|filter| !filter.may_contain(run)) {
            return &[];
        }
        self.runs.get(&run).filter(|all| all.len() <= TOO_MANY).map_or(&[], Vec::as_slice)
    }

    /// How rare a run is among the programs, in (0, 1]; see [`crate::known::Known::rarity`].
    pub fn rarity(&self, run: u64) -> f64 {
        let all = self.programs.len().max(1) as f64;
        let with = self.runs.get(&run).map_or(1, Vec::len) as f64;
        let frequency = |with: f64| (1.0 + (all - with + 0.5) / (with + 0.5)).ln();
        (frequency(with.min(all)) / frequency(1.0)).clamp(f64::MIN_POSITIVE, 1.0)
    }
}

/// The tokens of the program in an item's text.
pub fn program_of(stored: &StoredText) -> Vec<CodeToken> {
    let text = &stored.text;
    if stored.part == Part::Code {
        return lex(text, 0..text.len());
    }
    regions(text).into_iter().flat_map(|range| lex(text, range)).collect()
}

/// The tokens without round brackets, which are often superfluous: what they change about a program
/// its other tokens show as well.
pub fn without_brackets(mut tokens: Vec<CodeToken>) -> Vec<CodeToken> {
    tokens.retain(|token| token.hash != sign(b'(') && token.hash != sign(b')'));
    tokens
}

/// The tokens without the head of the function that they begin with.
pub fn body_of(tokens: &[CodeToken]) -> &[CodeToken] {
    let named = tokens.iter().take(4).any(|token| token.kind == TokenKind::Name);
    let opens = tokens
        .windows(2)
        .take(4)
        .any(|pair| pair[0].kind == TokenKind::Name && pair[1].kind == TokenKind::Fixed);
    if !(named && opens) {
        return tokens;
    }
    let mut depth = 0i32;
    for (at, token) in tokens.iter().enumerate().take(200) {
        match token.end - token.start {
            1 if token.kind == TokenKind::Fixed => match token.hash {
                hash if hash == sign(b'(') || hash == sign(b'[') => depth += 1,
                hash if hash == sign(b')') || hash == sign(b']') => depth -= 1,
                hash if depth == 0 && (hash == sign(b':') || hash == sign(b'{')) => {
                    return &tokens[at + 1..];
                }
                _ => {}
            },
            _ => {}
        }
    }
    tokens
}

fn sign(byte: u8) -> u64 {
    super::lexer::hash(&[byte])
}

/// The runs of a program, in order.
pub fn runs(tokens: &[CodeToken]) -> impl Iterator<Item = u64> {
    tokens.windows(RUN).map(|window| {
        mix(window.iter().fold(0, |sum: u64, token| {
            sum.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ mix(token.normal())
        }))
    })
}
