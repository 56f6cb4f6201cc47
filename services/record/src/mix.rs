use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Digest, Domain, RequestId, SpecError};

/// How to put a training mix together. Written by people in TOML or JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MixRecipe {
    /// The mix's name: letters, digits, `-`, `_` and `.`; names its directory.
    pub name: String,
    /// Decides which documents are drawn and their order.
    #[serde(default)]
    pub seed: u64,
    /// The size in tokens, estimated at 4 bytes a token; all that the weights allow when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_tokens: Option<u64>,
    /// The share of documents kept apart for evaluation, in [0, 0.5].
    #[serde(default)]
    pub heldout: f64,
    /// The datasets, at least one.
    #[serde(rename = "dataset", alias = "datasets")]
    pub datasets: Vec<RecipeDataset>,
}

/// One dataset of a mix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "DatasetForm", into = "DatasetForm")]
pub struct RecipeDataset {
    /// Its name in the mix, unique.
    pub name: String,
    /// Its share of the tokens, relative to the other weights; more than 0.
    pub weight: f64,
    /// How often a document may appear at most, 1 to 100.
    pub max_repeat: u32,
    /// Only documents of this domain, which those that name none are taken to have; all when
    /// absent.
    pub domain: Option<Domain>,
    /// Where the documents come from.
    pub source: DatasetSource,
}

/// Where the documents of a dataset come from.
#[derive(Clone, Debug, PartialEq)]
pub enum DatasetSource {
    /// The accepted samples of a request.
    Request(RequestId),
    /// A JSONL or Parquet file, or a directory of them, with a `text` or `messages` column.
    Path(String),
}

/// A dataset as people write it: exactly one of `request` and `path`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DatasetForm {
    name: String,
    weight: f64,
    #[serde(default = "one")]
    max_repeat: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    domain: Option<Domain>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request: Option<RequestId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<String>,
}

fn one() -> u32 {
    1
}

impl TryFrom<DatasetForm> for RecipeDataset {
    type Error = String;

    fn try_from(form: DatasetForm) -> Result<Self, String> {
        let source = match (form.request, form.path) {
            (Some(request), None) => DatasetSource::Request(request),
            (None, Some(path)) => DatasetSource::Path(path),
            _ => {
                return Err(format!(
                    "dataset {:?} needs either a request or a path, not both",
                    form.name
                ));
            }
        };
        let DatasetForm { name, weight, max_repeat, domain, .. } = form;
        Ok(Self { name, weight, max_repeat, domain, source })
    }
}

impl From<RecipeDataset> for DatasetForm {
    fn from(dataset: RecipeDataset) -> Self {
        let RecipeDataset { name, weight, max_repeat, domain, source } = dataset;
        let (request, path) = match source {
            DatasetSource::Request(request) => (Some(request), None),
            DatasetSource::Path(path) => (None, Some(path)),
        };
        Self { name, weight, max_repeat, domain, request, path }
    }
}

/// The most tokens of a mix: hundreds of times what one machine anneals on.
const MOST_TOKENS: u64 = 1_000_000_000_000;

/// How often a document may be repeated at most.
const MOST_REPEATS: u32 = 100;

impl MixRecipe {
    /// Checks every field against its bounds.
    ///
    /// # Errors
    /// The first field that is out of its bounds.
    pub fn check(&self) -> Result<(), SpecError> {
        let error =
            |field: String, message: &str| Err(SpecError { field, message: message.into() });
        let good_name = |name: &str| {
            (1..=80).contains(&name.len())
                && !name.starts_with('.')
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        };
        if !good_name(&self.name) {
            return error(
                "name".into(),
                "must be 1 to 80 letters, digits, '-', '_' or '.', not starting with '.'",
            );
        }
        if !(0.0..=0.5).contains(&self.heldout) {
            return error("heldout".into(), "must be from 0 to 0.5");
        }
        if self.target_tokens.is_some_and(|tokens| !(1..=MOST_TOKENS).contains(&tokens)) {
            return error(
                "target_tokens".into(),
                &format!("must be from 1 to {MOST_TOKENS}, or left out"),
            );
        }
        if self.datasets.is_empty() || self.datasets.len() > 1000 {
            return error("dataset".into(), "needs 1 to 1000 entries");
        }
        let mut names = BTreeSet::new();
        for (at, dataset) in self.datasets.iter().enumerate() {
            if !good_name(&dataset.name) || !names.insert(&dataset.name) {
                return error(
                    format!("dataset[{at}].name"),
                    "must be unique, of 1 to 80 letters, digits, '-', '_' or '.'",
                );
            }
            if !(dataset.weight.is_finite() && dataset.weight > 0.0) {
                return error(format!("dataset[{at}].weight"), "must be a number above 0");
            }
            if !(1..=MOST_REPEATS).contains(&dataset.max_repeat) {
                return error(
                    format!("dataset[{at}].max_repeat"),
                    &format!("must be from 1 to {MOST_REPEATS}"),
                );
            }
        }
        Ok(())
    }
}

/// What is in a mix directory: its `mix.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MixManifest {
    /// The mix's name.
    pub name: String,
    /// The recipe it was made from.
    pub recipe: MixRecipe,
    /// The digest of the recipe and of all files: names exactly this mix.
    pub digest: Digest,
    /// The state of the benchmark registry that every document was checked against.
    pub index_version: Digest,
    /// What each dataset gave.
    pub counts: Vec<DatasetCount>,
    /// The training files, in order.
    pub files: Vec<MixFile>,
    /// The files kept apart for evaluation.
    pub heldout: Vec<MixFile>,
}

/// What one dataset gave to a mix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatasetCount {
    /// The dataset's name in the recipe.
    pub name: String,
    /// Documents read from the source.
    pub available: u64,
    /// Documents left out as exact duplicates of earlier ones in the mix.
    pub duplicates: u64,
    /// Documents left out because they overlap with a registered benchmark.
    pub contaminated: u64,
    /// Documents written for training, repetitions counted.
    pub documents: u64,
    /// Documents kept apart.
    pub heldout: u64,
    /// Estimated tokens written for training, at 4 bytes a token.
    pub tokens: u64,
    /// The share asked for, from 0 to 1.
    pub share_asked: f64,
    /// The share reached, from 0 to 1.
    pub share_reached: f64,
}

/// One file of a mix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MixFile {
    /// Its name, relative to the mix directory.
    pub path: String,
    /// The digest of its bytes.
    pub sha256: Digest,
    /// Its number of rows.
    pub rows: u64,
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn bounds_name_the_field() {
        let base = r#"{"name":"m","dataset":[{"name":"a","weight":1,"path":"x"}]}"#;
        let good: MixRecipe = serde_json::from_str(base).unwrap();
        assert_eq!(good.check(), Ok(()));
        type Spoil = fn(&mut MixRecipe);
        let cases: [(&str, Spoil); 9] = [
            ("name", |m| m.name = "../x".into()),
            ("heldout", |m| m.heldout = f64::NAN),
            ("target_tokens", |m| m.target_tokens = Some(0)),
            ("target_tokens", |m| m.target_tokens = Some(u64::MAX)),
            ("dataset", |m| m.datasets.clear()),
            ("dataset[1].name", |m| m.datasets.push(m.datasets[0].clone())),
            ("dataset[0].weight", |m| m.datasets[0].weight = 0.0),
            ("dataset[0].max_repeat", |m| m.datasets[0].max_repeat = 0),
            ("dataset[0].max_repeat", |m| m.datasets[0].max_repeat = u32::MAX),
        ];
        for (field, spoil) in cases {
            let mut recipe = good.clone();
            spoil(&mut recipe);
            assert_eq!(recipe.check().unwrap_err().field, field);
        }
    }
}
