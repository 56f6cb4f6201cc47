use serde::{Serialize, Serializer};

/// A rule of quality.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// The prose is in another language than is wanted.
    Language,
    /// Scripts that do not belong together stand in one text.
    MixedScripts,
    /// Too few words.
    TooShort,
    /// Too many words.
    TooLong,
    /// The mean length of its words is not that of a language.
    WordLength,
    /// English without the words that hold English together.
    StopWords,
    /// Lines that occur again.
    RepeatedLines,
    /// Paragraphs that occur again.
    RepeatedParagraphs,
    /// Two, three or four words that make up much of the text.
    FrequentPhrase,
    /// Runs of words that occur again: the text goes round in circles.
    RepeatedPassages,
    /// One character over and over.
    LongRun,
    /// Hash signs and ellipses instead of words.
    Symbols,
    /// Words without a letter, number or operator.
    NotWords,
    /// Lines that break off in an ellipsis.
    EllipsisLines,
    /// Hardly a line that is not an item of a list.
    BulletLines,
    /// Characters that a wrong decoding leaves.
    Encoding,
    /// A fence of code, or a block of thinking, that is not closed or not opened.
    OpenBlock,
    /// Formulas whose delimiters, environments or braces do not match.
    OpenFormula,
    /// Brackets of code that do not match.
    OpenBracket,
    /// It breaks off.
    Truncated,
    /// Tokens of a chat template stand in the text.
    TemplateToken,
    /// A model declines or speaks of itself.
    Refusal,
    /// A place that was to be filled in.
    Placeholder,
    /// Wording of web pages that says nothing.
    Boilerplate,
}

impl Rule {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::MixedScripts => "mixed_scripts",
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::WordLength => "word_length",
            Self::StopWords => "stop_words",
            Self::RepeatedLines => "repeated_lines",
            Self::RepeatedParagraphs => "repeated_paragraphs",
            Self::FrequentPhrase => "frequent_phrase",
            Self::RepeatedPassages => "repeated_passages",
            Self::LongRun => "long_run",
            Self::Symbols => "symbols",
            Self::NotWords => "not_words",
            Self::EllipsisLines => "ellipsis_lines",
            Self::BulletLines => "bullet_lines",
            Self::Encoding => "encoding",
            Self::OpenBlock => "open_block",
            Self::OpenFormula => "open_formula",
            Self::OpenBracket => "open_bracket",
            Self::Truncated => "truncated",
            Self::TemplateToken => "template_token",
            Self::Refusal => "refusal",
            Self::Placeholder => "placeholder",
            Self::Boilerplate => "boilerplate",
        }
    }

    /// What a text loses that breaks the rule by the least possible. A grave fault alone puts a text
    /// below the usual score.
    fn weight(self) -> f64 {
        match self {
            Self::Language
            | Self::TooShort
            | Self::TooLong
            | Self::RepeatedLines
            | Self::RepeatedParagraphs
            | Self::FrequentPhrase
            | Self::RepeatedPassages
            | Self::LongRun
            | Self::NotWords
            | Self::Encoding
            | Self::TemplateToken
            | Self::Refusal => 0.6,
            Self::Truncated | Self::Symbols | Self::Placeholder | Self::Boilerplate => 0.4,
            Self::MixedScripts
            | Self::WordLength
            | Self::StopWords
            | Self::EllipsisLines
            | Self::BulletLines
            | Self::OpenBlock
            | Self::OpenFormula => 0.3,
            Self::OpenBracket => 0.15,
        }
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Why a text loses points.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reason {
    /// The rule that it breaks.
    pub rule: Rule,
    /// What is wrong, for a reader.
    pub detail: String,
    /// What was measured, in the unit of the limit.
    pub measured: f64,
    /// The limit that it crosses.
    pub limit: f64,
    /// The share of the score that it costs, in (0, 1].
    pub penalty: f64,
}

impl Reason {
    /// `badness` says how far the limit is crossed: 0 just so, 1 as far as can be.
    pub(super) fn new(
        rule: Rule,
        measured: f64,
        limit: f64,
        badness: f64,
        detail: impl Into<String>,
    ) -> Self {
        let weight = rule.weight();
        let penalty = weight + (1.0 - weight) * badness.clamp(0.0, 1.0);
        Self { rule, detail: detail.into(), measured, limit, penalty }
    }

    /// For a share above its limit, both from 0 to 1.
    pub(super) fn share(rule: Rule, measured: f64, limit: f64, what: &str) -> Self {
        let badness = if limit < 1.0 { (measured - limit) / (1.0 - limit) } else { 0.0 };
        let detail = format!("{:.0}% {what}; at most {:.0}%", measured * 100.0, limit * 100.0);
        Self::new(rule, measured, limit, badness, detail)
    }
}
