use lehr_record::Digest;

use crate::criteria::ANSWER_WORDS;
use crate::shingle::Words;

/// What part of an item a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The question by itself.
    Question,
    /// The question and its options, which give a question like "Which is correct?" its identity.
    Options,
    /// An answer of [`ANSWER_WORDS`] words or more.
    Answer,
    /// A worked solution of [`ANSWER_WORDS`] words or more.
    Solution,
    /// A whole program: where the solution only continues the prompt, both.
    Code,
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 5] =
        [Self::Question, Self::Options, Self::Answer, Self::Solution, Self::Code];

    /// The name in the index.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Options => "options",
            Self::Answer => "answer",
            Self::Solution => "solution",
            Self::Code => "code",
        }
    }

    /// The part of a name in the index.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.as_str() == name)
    }

    /// Whether a text has the words that it takes to be looked for. A short answer recurs by itself
    /// and condemns nothing; in the index it would only crowd out questions among the candidates of
    /// a text.
    pub(super) fn takes(self, text: &str) -> bool {
        let least = match self {
            Self::Answer | Self::Solution => ANSWER_WORDS,
            Self::Question | Self::Options | Self::Code => 1,
        };
        Words::new(text).take(least).count() == least
    }
}

/// One text of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemText {
    /// The item's identifier, unique in its benchmark.
    pub item: String,
    /// What part of the item it is.
    pub part: Part,
    /// The text; it has at least one word.
    pub text: String,
    /// The item's final answer as its publisher writes it, when there is a short one.
    pub answer: Option<String>,
}

impl ItemText {
    /// The digest of all of it, as a number.
    pub fn number(&self) -> u128 {
        Digest::of_json(&(&self.item, self.part.as_str(), &self.text, &self.answer)).number()
    }
}
