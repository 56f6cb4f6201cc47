use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a text is, which decides how much is normal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextKind {
    /// Running text, such as a web page or a chapter.
    Prose,
    /// Problems, instructions and worked solutions, with formulas, steps and pieces of code.
    #[default]
    Reasoning,
    /// A program. One in fences, with text around it, is reasoning.
    Code,
}

/// When a text loses points. As a table of TOML or JSON: `kind` chooses the defaults (`reasoning` when it
/// is not given), and each key of [`Limits`] replaces one. Unknown keys are refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub struct QualityCriteria {
    /// What the texts are.
    pub kind: TextKind,
    /// The limits.
    #[serde(flatten)]
    pub limits: Limits,
}

/// The limits of the rules. Shares are from 0 to 1; 1 switches a rule off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// The score from which a text is good.
    pub least_score: f64,
    /// The languages of prose that are wanted, as in ISO 639-3 (`eng`, `cmn`); empty for any.
    pub languages: Vec<String>,
    /// The share of letters of other scripts than the text's main one (Latin letters in Chinese and Greek
    /// ones anywhere do not count).
    pub mixed_scripts: f64,
    /// The least number of words; characters where words are not set apart.
    pub min_words: usize,
    /// The greatest number of words.
    pub max_words: usize,
    /// The least mean length of words with letters, in characters. Not for scripts without spaces.
    pub min_word_length: f64,
    /// The greatest.
    pub max_word_length: f64,
    /// The least number of stop words in an English text of 50 words or more.
    pub min_stop_words: usize,
    /// The share of lines, or of their bytes, that are repetitions of earlier lines.
    pub repeated_lines: f64,
    /// The same of paragraphs.
    pub repeated_paragraphs: f64,
    /// The share of characters in the most frequent 2, 3 and 4 words.
    pub frequent_phrase: [f64; 3],
    /// The share of characters in runs of 8 words that occurred before.
    pub repeated_passages: f64,
    /// The most characters in a row that are the same.
    pub run: usize,
    /// Hash signs and ellipses a word of the prose.
    pub symbols: f64,
    /// The share of the prose's words that have no letter, digit or operator.
    pub not_words: f64,
    /// The share of lines that end in an ellipsis.
    pub ellipsis_lines: f64,
    /// The share of lines that start with a bullet.
    pub bullet_lines: f64,
    /// The share of characters that a wrong decoding leaves.
    pub odd_characters: f64,
}

/// A share that nothing exceeds.
const OFF: f64 = 1.0;

impl Limits {
    /// The defaults for a kind of text. Those of prose are Gopher's where it has the rule.
    pub fn of(kind: TextKind) -> Self {
        let prose = Self {
            least_score: 0.5,
            languages: vec!["eng".into(), "cmn".into()],
            mixed_scripts: 0.1,
            min_words: 50,
            max_words: 100_000,
            min_word_length: 3.0,
            max_word_length: 10.0,
            min_stop_words: 2,
            repeated_lines: 0.3,
            repeated_paragraphs: 0.3,
            frequent_phrase: [0.2, 0.18, 0.16],
            repeated_passages: 0.12,
            run: 60,
            symbols: 0.1,
            not_words: 0.2,
            ellipsis_lines: 0.3,
            bullet_lines: 0.9,
            odd_characters: 0.001,
        };
        match kind {
            TextKind::Prose => prose,
            // Steps resemble each other, and a short problem is whole.
            TextKind::Reasoning => Self {
                min_words: 3,
                min_word_length: 1.0,
                max_word_length: 14.0,
                min_stop_words: 0,
                repeated_lines: 0.4,
                repeated_paragraphs: 0.4,
                frequent_phrase: [0.35, 0.3, 0.3],
                repeated_passages: 0.3,
                symbols: 0.25,
                not_words: 0.35,
                bullet_lines: OFF,
                ..prose
            },
            // Code repeats itself by its nature, and what looks like symbols is the language.
            TextKind::Code => Self {
                min_words: 2,
                min_word_length: 1.0,
                max_word_length: 40.0,
                min_stop_words: 0,
                repeated_lines: 0.6,
                repeated_paragraphs: 0.5,
                frequent_phrase: [0.4, 0.4, 0.4],
                repeated_passages: 0.5,
                run: 160,
                symbols: OFF,
                not_words: OFF,
                ellipsis_lines: OFF,
                bullet_lines: OFF,
                ..prose
            },
        }
    }

    fn check(&self) -> Result<(), String> {
        let [two, three, four] = self.frequent_phrase;
        for (key, share) in [
            ("least_score", self.least_score),
            ("mixed_scripts", self.mixed_scripts),
            ("repeated_lines", self.repeated_lines),
            ("repeated_paragraphs", self.repeated_paragraphs),
            ("frequent_phrase", two),
            ("frequent_phrase", three),
            ("frequent_phrase", four),
            ("repeated_passages", self.repeated_passages),
            ("symbols", self.symbols),
            ("not_words", self.not_words),
            ("ellipsis_lines", self.ellipsis_lines),
            ("bullet_lines", self.bullet_lines),
            ("odd_characters", self.odd_characters),
        ] {
            if !(0.0..=1.0).contains(&share) {
                return Err(format!("{key} is {share}; it must be from 0 to 1"));
            }
        }
        if self.min_words > self.max_words {
            let (least, most) = (self.min_words, self.max_words);
            return Err(format!("min_words is {least}, more than max_words ({most})"));
        }
        let (least, most) = (self.min_word_length, self.max_word_length);
        if !(least >= 0.0 && least <= most) {
            return Err(format!(
                "min_word_length is {least} and max_word_length {most}; they must be a range of lengths"
            ));
        }
        for language in &self.languages {
            if whatlang::Lang::from_code(language).is_none() {
                return Err(format!(
                    "languages has {language:?}; write three letters of ISO 639-3, such as \"eng\""
                ));
            }
        }
        Ok(())
    }
}

impl QualityCriteria {
    /// The defaults for a kind of text.
    pub fn of(kind: TextKind) -> Self {
        Self { kind, limits: Limits::of(kind) }
    }
}

impl Default for QualityCriteria {
    fn default() -> Self {
        Self::of(TextKind::default())
    }
}

impl TryFrom<Map<String, Value>> for QualityCriteria {
    type Error = String;

    fn try_from(mut given: Map<String, Value>) -> Result<Self, String> {
        let text = |e: serde_json::Error| e.to_string();
        let kind = match given.remove("kind") {
            Some(kind) => TextKind::deserialize(kind).map_err(text)?,
            None => TextKind::default(),
        };
        let mut all = serde_json::to_value(Limits::of(kind)).map_err(text)?;
        if let Value::Object(all) = &mut all {
            all.extend(given);
        }
        let limits = Limits::deserialize(all).map_err(text)?;
        limits.check()?;
        Ok(Self { kind, limits })
    }
}
