//! Language models behind one trait.
//!
//! A [`Backend`] answers one call: a conversation and how to draw its reply. Everything else, such
//! as which calls to make, how often, and what was answered before, is the caller's. A call is
//! reproducible as far as the backend allows: the embedded engine draws each reply from the call's
//! own seed, so that the call gives the same reply alone and in company.
//!
//! There are four backends:
//! - [`Llama`], an engine of this program for GGUF files of the SmolLM family and others of just its
//!   form, many calls at once; its documentation says which;
//! - [`Mistral`], an engine for all other files that mistralrs can read, one call at a time;
//! - [`OpenAi`], any server that speaks `/v1/chat/completions`;
//! - [`Replay`], replies written down beforehand, for tests.
//!
//! [`open`] turns what a user writes, a [`ModelSpec`], into a backend.

mod draw;
mod error;
mod llama;
mod mistralrs;
mod openai;
mod replay;
mod spec;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use lehr_record::{Message, Reply, Sampling};

pub use self::{
    error::LlmError,
    llama::{Llama, LlamaOptions},
    mistralrs::Mistral,
    openai::{OpenAi, OpenAiOptions},
    replay::Replay,
    spec::{ModelSpec, ModelSpecError},
};
use crate::model_store::{ModelStore, Weights};

/// A language model that answers one call at a time, many times at once.
#[async_trait]
pub trait Backend: Send + Sync {
    /// What decides the replies apart from the call: the digest of the model's files with the
    /// engine and its revision, or the endpoint and the model's name. Part of the key of every
    /// journaled call.
    fn identity(&self) -> &str;

    /// How many calls in flight serve the backend best. More are accepted, and wait.
    fn parallel(&self) -> usize;

    /// Answers a conversation, of which the last message is the one to reply to.
    ///
    /// Dropping the future gives the call up; it takes no further time of the model.
    ///
    /// # Errors
    /// [`LlmError`].
    async fn complete(&self, messages: &[Message], sampling: &Sampling) -> Result<Reply, LlmError>;
}

/// How backends are opened, whatever their kind.
#[derive(Clone, Debug)]
pub struct BackendOptions {
    /// The longest a call may take, its wait for a free place included.
    pub timeout: Duration,
    /// How many calls are worked on at once; the backend's own best number when absent. Without
    /// effect on [`Mistral`], which takes one at a time, and on [`Replay`], which computes nothing.
    pub parallel: Option<usize>,
    /// The environment variable that holds the key of an OpenAI-compatible server.
    pub key_variable: Option<String>,
}

impl Default for BackendOptions {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(30 * 60), parallel: None, key_variable: None }
    }
}

/// Opens the model that a user named.
///
/// Named models are looked up in `store`, checked against their digests and never fetched here:
/// that is [`ModelStore::pull`].
///
/// # Errors
/// The model is not in the store or damaged, its file cannot be read, the recording is malformed,
/// or the server's key is missing.
pub async fn open(
    spec: &ModelSpec,
    store: &ModelStore,
    options: &BackendOptions,
) -> Result<Arc<dyn Backend>, LlmError> {
    Ok(match spec {
        ModelSpec::OpenAi { base_url, model } => {
            let defaults = OpenAiOptions::default();
            let options = OpenAiOptions {
                key_variable: options.key_variable.clone(),
                timeout: options.timeout,
                parallel: options.parallel.unwrap_or(defaults.parallel),
                ..defaults
            };
            Arc::new(OpenAi::new(base_url, model, options)?)
        }
        ModelSpec::Replay { file, delay } => Arc::new(Replay::open(file, *delay)?),
        ModelSpec::Named(_)
        | ModelSpec::Gguf(_)
        | ModelSpec::Safetensors(_)
        | ModelSpec::HuggingFace(_) => {
            let files = store.locate(spec).await?;
            if let Weights::Gguf(path) = &files.weights {
                let defaults = LlamaOptions::default();
                let options = LlamaOptions {
                    timeout: options.timeout,
                    slots: options.parallel.unwrap_or(defaults.slots),
                    ..defaults
                };
                if let Some(llama) = Llama::load(path, &files.identity, options).await? {
                    return Ok(Arc::new(llama));
                }
            }
            Arc::new(Mistral::load(files, options.timeout).await?)
        }
    })
}

/// Checks the bounds of [`Sampling`] that no backend may leave unchecked.
fn check_sampling(sampling: &Sampling) -> Result<(), LlmError> {
    let Sampling { temperature, top_p, max_tokens, .. } = *sampling;
    let reason = if !(0.0..=2.0).contains(&temperature) {
        format!("temperature is {temperature}; it must be from 0 to 2")
    } else if !(top_p > 0.0 && top_p <= 1.0) {
        format!("top_p is {top_p}; it must be above 0 and at most 1")
    } else if max_tokens == 0 {
        "max_tokens is 0; a reply needs at least 1".to_owned()
    } else {
        return Ok(());
    };
    Err(LlmError::Sampling { reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sampling_outside_its_bounds_is_refused() {
        let good = Sampling { temperature: 0.7, top_p: 0.95, top_k: 40, max_tokens: 16, seed: 1 };
        assert!(check_sampling(&good).is_ok());
        for bad in [
            Sampling { temperature: -0.1, ..good },
            Sampling { temperature: 2.1, ..good },
            Sampling { temperature: f64::NAN, ..good },
            Sampling { top_p: 0.0, ..good },
            Sampling { top_p: 1.1, ..good },
            Sampling { top_p: f64::NAN, ..good },
            Sampling { max_tokens: 0, ..good },
        ] {
            assert!(
                matches!(check_sampling(&bad), Err(LlmError::Sampling { .. })),
                "{bad:?} was accepted"
            );
        }
    }
}
