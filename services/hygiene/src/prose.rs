//! The terms by which texts are searched.
//!
//! Words in the normal form of [`crate::normalise`], without punctuation and signs; English ones by
//! their stem (Snowball's Porter 2), so that `primes` finds `prime`. The parts of an identifier
//! (`find_max`, `findMax`) are words in a row, and so are the characters of a script without spaces
//! (Chinese, Japanese, Thai): a word of either kind is looked for as a phrase. A name with humps is
//! indexed as a whole too, so that `latex` finds `LaTeX`.

use std::collections::VecDeque;
use std::ops::Range;

use tantivy::schema::{IndexRecordOption, TextFieldIndexing};
use tantivy::tokenizer::{
    Language, Stemmer, TextAnalyzer, Token as IndexToken, TokenStream, Tokenizer, TokenizerManager,
};

use crate::token::{Kind, Tokens};

/// The name of the tokenizer in an index. Its number changes with the terms.
pub(crate) const TOKENIZER: &str = "prose-1";

/// The most bytes of a term: longer words are cut, in texts and queries alike.
const TERM_BYTES: usize = 64;

/// The tokenizers that an index of texts needs.
pub(crate) fn tokenizers() -> TokenizerManager {
    let tokenizers = TokenizerManager::default();
    tokenizers.register(TOKENIZER, analyzer(true));
    tokenizers
}

/// How a field of texts is indexed.
pub(crate) fn indexing() -> TextFieldIndexing {
    TextFieldIndexing::default()
        .set_tokenizer(TOKENIZER)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions)
}

/// The terms of a query's text, in a row.
pub(crate) fn terms(text: &str) -> Vec<String> {
    words(text).into_iter().map(|(term, _)| term).collect()
}

/// The terms of a query's text in a row, each with the bytes that it stands for.
pub(crate) fn words(text: &str) -> Vec<(String, Range<usize>)> {
    let mut analyzer = analyzer(false);
    let mut stream = analyzer.token_stream(text);
    let mut words = Vec::new();
    while stream.advance() {
        let token = stream.token();
        words.push((token.text.clone(), token.offset_from..token.offset_to));
    }
    words
}

/// The tokenizer of texts (`whole`), or of queries.
pub(crate) fn analyzer(whole: bool) -> TextAnalyzer {
    TextAnalyzer::builder(ProseTokenizer { whole }).filter(Stemmer::new(Language::English)).build()
}

/// Gives the words of a text, before they are stemmed.
#[derive(Clone, Debug)]
struct ProseTokenizer {
    /// Whether a name with humps is a term as a whole too.
    whole: bool,
}

impl Tokenizer for ProseTokenizer {
    type TokenStream<'a> = ProseTokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> ProseTokens<'a> {
        ProseTokens {
            text,
            whole: self.whole,
            words: Tokens::new(text),
            ready: VecDeque::new(),
            next: 0,
            token: IndexToken::default(),
        }
    }
}

/// The words of a text, one at a time.
struct ProseTokens<'a> {
    text: &'a str,
    whole: bool,
    words: Tokens<'a>,
    /// The parts of a name that are still to come, as bytes of the text, with their place after the
    /// part before.
    ready: VecDeque<(Range<usize>, usize)>,
    /// The place of the next word.
    next: usize,
    token: IndexToken,
}

impl ProseTokens<'_> {
    fn give(&mut self, bytes: Range<usize>, position: usize) {
        self.token.offset_from = bytes.start;
        self.token.offset_to = bytes.end;
        self.token.position = position;
        self.token.position_length = 1;
        if self.token.text.len() > TERM_BYTES {
            let cut = (0..=TERM_BYTES).rev().find(|at| self.token.text.is_char_boundary(*at));
            self.token.text.truncate(cut.unwrap_or(0));
        }
    }
}

impl TokenStream for ProseTokens<'_> {
    fn advance(&mut self) -> bool {
        if let Some((bytes, step)) = self.ready.pop_front() {
            self.token.text.clear();
            self.token.text.push_str(&self.text[bytes.clone()]);
            self.token.text.make_ascii_lowercase();
            let position = self.next;
            self.next += step;
            self.give(bytes, position);
            return true;
        }
        loop {
            let Some(word) = self.words.advance() else { return false };
            if word.kind != Kind::Word {
                continue;
            }
            let bytes = word.start..word.end;
            let humps = humps(&self.text[bytes.clone()]);
            let position = self.next;
            if humps.is_empty() {
                self.next += 1;
            } else {
                let parts = humps
                    .into_iter()
                    .map(|part| (bytes.start + part.start..bytes.start + part.end, 1));
                self.ready.extend(parts);
                if !self.whole {
                    return self.advance();
                }
            }
            self.token.text.clear();
            self.token.text.push_str(&word.text);
            self.give(bytes, position);
            return true;
        }
    }

    fn token(&self) -> &IndexToken {
        &self.token
    }

    fn token_mut(&mut self) -> &mut IndexToken {
        &mut self.token
    }
}

/// The parts of a name in camel case, as bytes of it; none when it has one part only.
fn humps(name: &str) -> Vec<Range<usize>> {
    let bytes = name.as_bytes();
    if !bytes.iter().all(u8::is_ascii_alphanumeric) {
        return Vec::new();
    }
    let (mut parts, mut start) = (Vec::new(), 0);
    for at in 1..bytes.len() {
        let upper = bytes[at].is_ascii_uppercase();
        let after_lower = upper && !bytes[at - 1].is_ascii_uppercase();
        // `HTTPServer`: the last capital of a run begins the next part.
        let before_lower = upper && bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
        if after_lower || before_lower {
            parts.push(start..at);
            start = at;
        }
    }
    if parts.is_empty() {
        return parts;
    }
    parts.push(start..bytes.len());
    parts
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The terms as they are indexed, each with its place and its bytes.
    fn indexed(text: &str) -> Vec<(String, usize, String)> {
        let mut analyzer = tokenizers().get(TOKENIZER).unwrap();
        let mut stream = analyzer.token_stream(text);
        let mut all = Vec::new();
        while stream.advance() {
            let token = stream.token();
            let bytes = text[token.offset_from..token.offset_to].to_owned();
            all.push((token.text.clone(), token.position, bytes));
        }
        all
    }

    #[test]
    fn what_means_the_same_has_the_same_terms() {
        for (text, expected) in [
            ("Primes are numbers.", "prime are number"),
            ("find_max(x)", "find max x"),
            ("findMax HTTPServer2", "find max http server2"),
            ("Ｐｒｉｍｅ", "prime"),
            ("素数 n", "素 数 n"),
            ("3.14 + x", "3.14 x"),
            ("== !! ,", ""),
        ] {
            assert_eq!(terms(text).join(" "), expected, "{text:?}");
        }
        assert_eq!(terms(&"é".repeat(99)), ["é".repeat(32)]);
    }

    #[test]
    fn a_name_with_humps_is_found_whole_and_in_parts() {
        let found = indexed("use LaTeX here");
        let found: Vec<_> = found.iter().map(|(t, p, b)| (t.as_str(), *p, b.as_str())).collect();
        assert_eq!(
            found,
            [
                ("use", 0, "use"),
                ("latex", 1, "LaTeX"),
                ("la", 1, "La"),
                ("te", 2, "Te"),
                ("x", 3, "X"),
                ("here", 4, "here"),
            ]
        );
    }

    proptest! {
        #[test]
        fn terms_of_any_text_lie_in_it(text in "\\PC{0,80}") {
            for (term, _, bytes) in indexed(&text) {
                prop_assert!(term.len() <= TERM_BYTES);
                prop_assert!(!bytes.is_empty());
            }
        }

        #[test]
        fn a_query_is_the_phrase_that_its_text_is(text in "[a-zA-Z_ 素数]{0,40}") {
            let found = indexed(&text);
            for (position, term) in terms(&text).into_iter().enumerate() {
                prop_assert!(found.iter().any(|(t, p, _)| *t == term && *p == position));
            }
        }
    }
}
