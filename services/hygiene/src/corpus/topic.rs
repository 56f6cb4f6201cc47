use std::ops::Range;

use super::CorpusError;
use crate::prose;

/// The most different terms of a topic.
pub const MAX_TOPIC_TERMS: usize = 64;

/// The most bytes of a topic's texts.
const TOPIC_BYTES: usize = 64 << 10;

/// What to find texts about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// The different terms, each with the word that it was first written as.
    pub(crate) terms: Vec<(String, String)>,
    /// Pairs of different terms that stand side by side, as places in `terms`.
    pub(crate) pairs: Vec<(usize, usize)>,
}

impl Topic {
    /// Reads a topic from a description, or from a list of terms and phrases.
    ///
    /// # Errors
    /// [`CorpusError::Topic`] when there is no word, or more than [`MAX_TOPIC_TERMS`] different ones.
    pub fn new(texts: &[impl AsRef<str>]) -> Result<Self, CorpusError> {
        let fault = |reason: String| CorpusError::Topic { reason };
        let bytes: usize = texts.iter().map(|text| text.as_ref().len()).sum();
        if bytes > TOPIC_BYTES {
            return Err(fault(format!("the topic has {bytes} bytes; the most is {TOPIC_BYTES}")));
        }
        let mut topic = Self { terms: Vec::new(), pairs: Vec::new() };
        for text in texts {
            let mut before = None;
            for (term, place) in prose::words(text.as_ref()) {
                let at = topic.place_of(term, text.as_ref(), place);
                if let Some(before) = before
                    && before != at
                    && !topic.pairs.contains(&(before, at))
                {
                    topic.pairs.push((before, at));
                }
                before = Some(at);
                if topic.terms.len() > MAX_TOPIC_TERMS {
                    let reason = format!(
                        "the topic has more than {MAX_TOPIC_TERMS} different words; shorten it"
                    );
                    return Err(fault(reason));
                }
            }
        }
        if topic.terms.is_empty() {
            return Err(fault("the topic has no word to look for; write some".into()));
        }
        Ok(topic)
    }

    fn place_of(&mut self, term: String, text: &str, place: Range<usize>) -> usize {
        self.terms.iter().position(|(known, _)| *known == term).unwrap_or_else(|| {
            self.terms.push((term, text[place].to_owned()));
            self.terms.len() - 1
        })
    }
}
