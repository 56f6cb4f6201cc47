use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use lehr_generator::model_store::{EMBEDDER_NAME, ModelStore};
use lehr_hygiene::embedding::Embedder;
use lehr_hygiene::{Criteria, Mode, ParaphraseJudge, Rules};
use lehr_pipeline::QualityRule;
use serde::Deserialize;

/// The table `[hygiene]` of `lehr.toml`: how texts are checked against the benchmarks, and what is
/// done with what is found.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HygieneConfig {
    /// What is done with a contaminated sample: `drop` rejects it, `report` accepts it with the
    /// finding.
    pub mode: Mode,
    /// The model that finds paraphrases by meaning.
    pub embedder: EmbedderChoice,
    /// Whether the language model settles paraphrases that the rule leaves open.
    pub judge: bool,
    /// The thresholds.
    pub criteria: Criteria,
    /// How good an accepted sample must be, beyond being right.
    pub quality: QualityRule,
}

/// Which model of sentences finds paraphrases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum EmbedderChoice {
    /// [`EMBEDDER_NAME`] if it was pulled, else none, with a warning.
    #[default]
    Auto,
    /// None: paraphrases are settled by the words they share.
    Off,
    /// The one in this directory, in the form of Hugging Face.
    Directory(PathBuf),
}

impl From<String> for EmbedderChoice {
    fn from(text: String) -> Self {
        match text.as_str() {
            "auto" => Self::Auto,
            "off" => Self::Off,
            _ => Self::Directory(text.into()),
        }
    }
}

impl EmbedderChoice {
    /// Loads the model. Warns when there is none though one was wished for.
    ///
    /// # Errors
    /// When the model is damaged, or not of a kind that can be used.
    pub async fn open(&self, models: &ModelStore) -> Result<Option<Arc<Embedder>>> {
        let directory = match self {
            Self::Off => return Ok(None),
            Self::Directory(directory) => directory.clone(),
            Self::Auto => {
                let models = models.clone();
                // Its digest is checked, which reads the whole of it.
                match tokio::task::spawn_blocking(move || models.embedder()).await?? {
                    Some(directory) => directory,
                    None => {
                        tracing::warn!(
                            "there is no model of sentences here, so paraphrases of benchmarks \
                             are found only by the rare words they share; `lehr model pull \
                             {EMBEDDER_NAME}` fetches one, and `embedder = \"off\"` under \
                             [hygiene] in lehr.toml says that none is wanted"
                        );
                        return Ok(None);
                    }
                }
            }
        };
        let open = move || {
            Embedder::open(&directory)
                .with_context(|| format!("the model of sentences in {}", directory.display()))
        };
        Ok(Some(Arc::new(tokio::task::spawn_blocking(open).await??)))
    }
}

/// Checks that thresholds are within their bounds.
///
/// # Errors
/// The key and what is wrong with it.
pub fn check_criteria(criteria: &Criteria) -> Result<(), String> {
    let shares = [
        ("long_share", criteria.long_share),
        ("short_share", criteria.short_share),
        ("answer_share", criteria.answer_share),
        ("reported", criteria.reported),
        ("paraphrase.candidate_share", criteria.paraphrase.candidate_share),
        ("paraphrase.numbers", criteria.paraphrase.numbers),
        ("paraphrase.cosine_numbers", criteria.paraphrase.cosine_numbers),
        ("paraphrase.cosine_words", criteria.paraphrase.cosine_words),
        ("paraphrase.cosine_short", criteria.paraphrase.cosine_short),
        ("paraphrase.share_alone", criteria.paraphrase.share_alone),
    ];
    for (key, share) in shares {
        if !(share > 0.0 && share <= 1.0) {
            return Err(format!("{key} is {share}; it must be above 0 and at most 1"));
        }
    }
    for (key, share) in [
        ("paraphrase.foreign", criteria.paraphrase.foreign),
        ("paraphrase.grey", criteria.paraphrase.grey),
    ] {
        if !(0.0..=1.0).contains(&share) {
            return Err(format!("{key} is {share}; it must be from 0 to 1"));
        }
    }
    if criteria.overlaps == 0 {
        // What is not listed would not condemn either.
        return Err("overlaps is 0; make it 1 or more".into());
    }
    Ok(())
}

impl HygieneConfig {
    /// Checks the bounds of what it says.
    ///
    /// # Errors
    /// The key and what is wrong with it.
    pub fn check(&self) -> Result<(), String> {
        self.quality.check().map_err(|reason| format!("hygiene.quality.{reason}"))?;
        check_criteria(&self.criteria).map_err(|reason| format!("hygiene.criteria.{reason}"))
    }

    /// The rules of all checks: the one place that makes them. `judge` is asked only when the
    /// configuration says so.
    ///
    /// # Errors
    /// As [`EmbedderChoice::open`].
    pub async fn rules(
        &self,
        models: &ModelStore,
        judge: impl FnOnce() -> Arc<dyn ParaphraseJudge>,
    ) -> Result<Rules> {
        Ok(Rules {
            criteria: self.criteria.clone(),
            embedder: self.embedder.open(models).await?,
            judge: self.judge.then(judge),
        })
    }
}
