use serde::{Deserialize, Serialize};

use crate::{Domain, RequestId};

/// One dataset of a mix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "DatasetForm", into = "DatasetForm")]
pub struct RecipeDataset {
    /// Its name in the mix, unique.
    pub name: String,
    /// What it is, for people.
    pub description: String,
    /// The licence of its documents, for the card.
    pub licence: String,
    /// Its share of the tokens, relative to the other weights; more than 0. Either every dataset
    /// has a weight or every dataset has `tokens`.
    pub weight: Option<f64>,
    /// The tokens it gives, at 4 bytes a token.
    pub tokens: Option<u64>,
    /// How often its tokens are there at least, from 0 to 100: 1 asks for all of it.
    pub min_repeat: f64,
    /// How often its tokens may be there at most, 1 to 100; with 1.5, half of the documents may
    /// be there twice.
    pub max_repeat: f64,
    /// Only documents of this domain, which those that name none are taken to have; all when
    /// absent.
    pub domain: Option<Domain>,
    /// Only documents of this kind, such as `cot`, which those that name none are taken to have;
    /// all when absent.
    pub kind: Option<String>,
    /// Datasets of a lower phase come before those of a higher one.
    pub phase: u32,
    /// The numeric column, or field of `meta`, that says how hard a document is; without it, hard
    /// is what was seldom solved (1 - `pass_rate`).
    pub difficulty: Option<String>,
    /// Where the documents come from.
    pub source: DatasetSource,
}

/// Where the documents of a dataset come from.
#[derive(Clone, Debug, PartialEq)]
pub enum DatasetSource {
    /// The accepted samples of a request.
    Request(RequestId),
    /// The training documents of another mix, by its name.
    Mix(String),
    /// A JSONL or Parquet file, or a directory of them, with a `text` or `messages` column.
    Path(String),
}

impl RecipeDataset {
    /// A dataset with nothing said but its name and its source.
    pub fn of(name: impl Into<String>, source: DatasetSource) -> Self {
        Self {
            name: name.into(),
            description: String::new(),
            licence: String::new(),
            weight: None,
            tokens: None,
            min_repeat: 0.0,
            max_repeat: 1.0,
            domain: None,
            kind: None,
            phase: 0,
            difficulty: None,
            source,
        }
    }

    /// What it asks for, relative to the other datasets: its weight or its tokens.
    pub fn asked(&self) -> f64 {
        self.weight.or(self.tokens.map(|tokens| tokens as f64)).unwrap_or_default()
    }
}

/// A dataset as people write it: exactly one of `request`, `mix` and `path`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DatasetForm {
    name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    description: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    licence: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    weight: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tokens: Option<u64>,
    #[serde(default, skip_serializing_if = "is_zero")]
    min_repeat: f64,
    #[serde(default = "one")]
    max_repeat: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    domain: Option<Domain>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(default, skip_serializing_if = "is_first")]
    phase: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    difficulty: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request: Option<RequestId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mix: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<String>,
}

fn one() -> f64 {
    1.0
}

fn is_zero(number: &f64) -> bool {
    *number == 0.0
}

fn is_first(phase: &u32) -> bool {
    *phase == 0
}

impl TryFrom<DatasetForm> for RecipeDataset {
    type Error = String;

    fn try_from(form: DatasetForm) -> Result<Self, String> {
        let source = match (form.request, form.mix, form.path) {
            (Some(request), None, None) => DatasetSource::Request(request),
            (None, Some(mix), None) => DatasetSource::Mix(mix),
            (None, None, Some(path)) => DatasetSource::Path(path),
            _ => {
                return Err(format!(
                    "dataset {:?} needs either a request or a path or a mix, exactly one of them",
                    form.name
                ));
            }
        };
        Ok(Self {
            name: form.name,
            description: form.description,
            licence: form.licence,
            weight: form.weight,
            tokens: form.tokens,
            min_repeat: form.min_repeat,
            max_repeat: form.max_repeat,
            domain: form.domain,
            kind: form.kind,
            phase: form.phase,
            difficulty: form.difficulty,
            source,
        })
    }
}

impl From<RecipeDataset> for DatasetForm {
    fn from(dataset: RecipeDataset) -> Self {
        let (mut request, mut mix, mut path) = (None, None, None);
        match dataset.source {
            DatasetSource::Request(name) => request = Some(name),
            DatasetSource::Mix(name) => mix = Some(name),
            DatasetSource::Path(name) => path = Some(name),
        }
        Self {
            name: dataset.name,
            description: dataset.description,
            licence: dataset.licence,
            weight: dataset.weight,
            tokens: dataset.tokens,
            min_repeat: dataset.min_repeat,
            max_repeat: dataset.max_repeat,
            domain: dataset.domain,
            kind: dataset.kind,
            phase: dataset.phase,
            difficulty: dataset.difficulty,
            request,
            mix,
            path,
        }
    }
}
