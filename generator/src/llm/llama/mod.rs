//! The engine for models of the Llama family on the CPU, many calls at once.
//!
//! It runs a GGUF file of architecture `llama` with plain rotary positions, heads of a multiple of
//! 16 numbers, no biases and no experts, whose tokenizer is byte-level BPE with the splitting rules
//! `smollm` or `gpt-2`. That is the SmolLM and SmolLM2 family, and little else: Llama 3 splits by
//! other rules (`llama-bpe`), Llama 2 and Mistral have SentencePiece tokenizers. [`Llama::load`]
//! leaves those to mistralrs.
//!
//! One thread computes step after step. A step takes one token of each sequence, or a part of its
//! prompt, side by side in the lanes of vector registers ([`lanes`]), so that the weights are read
//! from memory once for all of them; that is where a small model spends its time. Sequences may
//! have any lengths and come and go at any step. Nothing of what a sequence computes depends on its
//! company, so a call gives the same reply alone and among others, bit for bit.
//!
//! - [`header`] looks over a GGUF file, [`weights`] reads it, [`vocabulary`] reads its tokenizer and
//!   chat template;
//! - [`forward`] is the model, [`attention`] what it remembers, [`lanes`] its arithmetic;
//! - [`work`] is the thread.

mod attention;
mod forward;
mod header;
mod lanes;
mod vocabulary;
mod weights;
mod work;

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{Sender, channel},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use lehr_record::{Message, Reply, Sampling};
use tokio::sync::oneshot;

use self::{
    vocabulary::Vocabulary,
    weights::{ReadError, Source, Weights},
    work::{Bounds, Job, work},
};
use super::{Backend, LlmError, check_sampling};

/// The engine and its revision, part of the identity of what it replies. Counts up when the same
/// call may give another reply.
const ENGINE: &str = "llama.2";

/// How the engine runs.
#[derive(Clone, Copy, Debug)]
pub struct LlamaOptions {
    /// The most calls computed at once, at least 1. More are faster up to a point.
    pub slots: usize,
    /// The most bytes for what all calls together remember of their tokens. A call that needs more
    /// by itself is computed alone.
    pub memory: usize,
    /// The longest a call may take, its wait for a place included.
    pub timeout: Duration,
}

impl Default for LlamaOptions {
    fn default() -> Self {
        Self { slots: 64, memory: 2 << 30, timeout: Duration::from_secs(30 * 60) }
    }
}

/// A model of the Llama family, run by this program's own engine.
///
/// The same call gives the same reply on the same machine, alone and among others, bit for bit.
pub struct Llama {
    identity: String,
    options: LlamaOptions,
    vocabulary: Arc<Vocabulary>,
    context: usize,
    /// The way to the computing thread, which ends when this is dropped.
    jobs: Mutex<Sender<Job>>,
}

impl Llama {
    /// Loads a GGUF file, of which `digest` is the digest; takes about a second. `None` when it is
    /// sound but not of a form that this engine knows.
    ///
    /// # Errors
    /// [`LlmError::Load`] for a broken file.
    pub async fn load(
        path: &Path,
        digest: &str,
        options: LlamaOptions,
    ) -> Result<Option<Self>, LlmError> {
        let error = |reason: String| LlmError::Load { path: path.to_owned(), reason };
        let file = path.to_owned();
        let read = tokio::task::spawn_blocking(move || {
            let mut source = Source::open(&file)?;
            let vocabulary = Vocabulary::read(source.metadata())?;
            Ok((vocabulary, Weights::read(&mut source)?))
        });
        let (vocabulary, weights) = match read.await.map_err(|e| error(e.to_string()))? {
            Ok(read) => read,
            Err(ReadError::Unsupported(reason)) => {
                tracing::warn!(
                    path = %path.display(),
                    reason,
                    "the built-in engine does not know this model; mistralrs runs it, one call at \
                     a time"
                );
                return Ok(None);
            }
            Err(ReadError::Broken(reason)) => return Err(error(reason)),
        };
        if cfg!(all(target_arch = "x86_64", not(target_feature = "fma"))) {
            tracing::warn!(
                "this program was built without the machine's vector instructions and computes \
                 many times slower; build it with `-C target-cpu=native`, which .cargo/config.toml \
                 asks for and RUSTFLAGS in the environment replaces"
            );
        }
        let vocabulary = Arc::new(vocabulary);
        let bounds = Bounds {
            calls: options.slots.max(1),
            tokens: options.memory / weights.bytes_a_token(),
        };
        let (context, words) = (weights.context, vocabulary.clone());
        let (jobs, receiver) = channel();
        std::thread::Builder::new()
            .name("llama".to_owned())
            .spawn(move || work(&weights, &words, bounds, &receiver))
            .map_err(|e| error(e.to_string()))?;
        let jobs = Mutex::new(jobs);
        let identity = format!("{digest}+{ENGINE}");
        Ok(Some(Self { identity, options, vocabulary, context, jobs }))
    }

    async fn answer(&self, messages: &[Message], sampling: &Sampling) -> Result<Reply, LlmError> {
        let start = Instant::now();
        let template = |reason| LlmError::Template { reason };
        let prompt = self.vocabulary.render(messages).map_err(template)?;
        let (tokens, context) = (prompt.len(), self.context);
        if tokens == 0 || tokens >= context {
            return Err(LlmError::TooLong { prompt: tokens, context });
        }
        let engine = |reason| LlmError::Engine { reason };
        let stopped = || engine("it stopped; start the program again".to_owned());
        let given_up = Arc::new(AtomicBool::new(false));
        let (sender, answer) = oneshot::channel();
        let job = Job {
            prompt,
            sampling: *sampling,
            room: (context - tokens).min(sampling.max_tokens as usize),
            given_up: given_up.clone(),
            answer: sender,
        };
        let _guard = GiveUp(given_up);
        let sent = self.jobs.lock().unwrap_or_else(PoisonError::into_inner).send(job);
        sent.map_err(|_| stopped())?;
        let reached = answer.await.map_err(|_| stopped())?.map_err(engine)?;
        Ok(Reply {
            text: self.vocabulary.text(&reached.tokens).map_err(engine)?,
            finished: reached.finished,
            prompt_tokens: u32::try_from(tokens).unwrap_or(u32::MAX),
            completion_tokens: u32::try_from(reached.tokens.len()).unwrap_or(u32::MAX),
            seconds: start.elapsed().as_secs_f64(),
        })
    }
}

#[async_trait]
impl Backend for Llama {
    fn identity(&self) -> &str {
        &self.identity
    }

    /// A few more than there are slots, so that a free one is filled at once.
    fn parallel(&self) -> usize {
        self.options.slots + self.options.slots.div_ceil(4)
    }

    async fn complete(&self, messages: &[Message], sampling: &Sampling) -> Result<Reply, LlmError> {
        check_sampling(sampling)?;
        let timeout = self.options.timeout;
        tokio::time::timeout(timeout, self.answer(messages, sampling))
            .await
            .map_err(|_| LlmError::Timeout { identity: self.identity.clone(), timeout })?
    }
}

/// Gives a call up when its future is dropped; without effect once it is answered.
struct GiveUp(Arc<AtomicBool>);

impl Drop for GiveUp {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests;
