//! The engine mistralrs inside this program: any model that it can read, on the CPU.
//!
//! It is the engine for what [`super::llama`] cannot read. Calls are computed one after the other:
//! mistralrs 0.8.1 computes wrong attention for all but one sequence of a batch on the CPU (its
//! kernel for single queries keeps one result for all sequences), so two calls must never share a
//! step.
//!
//! What lehr adds to the engine:
//! - reproducible draws ([`super::draw`]), made in a logits processor that leaves the engine
//!   nothing but to take the maximum;
//! - calls that can be given up. A call that was given up ends its sequence by drawing the end of
//!   text; its receiver is kept until then, because the engine fails a step when one is gone.

mod load;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use lehr_record::{Message, Reply, Role, Sampling};
use mistralrs::{
    CustomLogitsProcessor, MistralRs, NormalRequest, Request, RequestLike, RequestMessage,
    Response, SamplingParams, Tensor, TextMessageRole, TextMessages, core::Pipeline,
};
use tokio::sync::{Semaphore, mpsc, oneshot};

use super::{
    Backend, LlmError, check_sampling,
    draw::{Noise, draw},
};
use crate::model_store::ModelFiles;

/// The engine and its version, part of the identity of what it replies. A test holds it to the
/// version that is compiled in.
const ENGINE: &str = "mistralrs.0.8.1";

/// A model run by mistralrs.
///
/// The same call gives the same reply. The reply's text is as generated, except that the engine
/// drops leading white space.
pub struct Mistral {
    identity: String,
    timeout: Duration,
    /// Shared with the engine, which holds it during each step.
    pipeline: Arc<tokio::sync::Mutex<dyn Pipeline>>,
    runner: Arc<MistralRs>,
    /// The one call that may be with the engine.
    turn: Arc<Semaphore>,
    /// A token that ends a reply.
    end_of_text: u32,
    /// The texts of tokens that are instructions and no text.
    controls: Vec<String>,
    /// Tokens that the model can attend to.
    context: usize,
}

impl Mistral {
    /// Loads a model; takes seconds. A call may take `timeout` at most, its wait for its turn
    /// included.
    ///
    /// # Errors
    /// [`LlmError::Load`] when the engine does not know the architecture or cannot read the files.
    pub async fn load(files: ModelFiles, timeout: Duration) -> Result<Self, LlmError> {
        load::load(files, timeout).await
    }

    /// The tokens of a conversation, with the beginning of the reply to come.
    ///
    /// The engine would obey control tokens in a message, which could so forge turns; they are
    /// refused.
    async fn render(&self, messages: &[Message]) -> Result<Vec<u32>, LlmError> {
        let mut chat = TextMessages::new();
        for message in messages {
            let role = match message.role {
                Role::System => TextMessageRole::System,
                Role::User => TextMessageRole::User,
                Role::Assistant => TextMessageRole::Assistant,
            };
            chat = chat.add_message(role, &message.content);
        }
        let template = |reason: String| LlmError::Template { reason };
        let held = |control: &&String| messages.iter().any(|m| m.content.contains(*control));
        if let Some(control) = self.controls.iter().find(held) {
            let reason = format!(
                "a message has the text {control:?}, which this model takes for an instruction; \
                 take it out"
            );
            return Err(template(reason));
        }
        let RequestMessage::Chat { messages, .. } = chat.take_messages() else {
            return Err(template("the engine takes it for something else than text".to_owned()));
        };
        let pipeline = self.pipeline.lock().await;
        // Templates write their own special tokens.
        let (tokens, _) = pipeline
            .get_processor()
            .process(&*pipeline, messages, true, false, None, None, Vec::new())
            .map_err(|error| template(format!("{error:#}")))?;
        Ok(tokens)
    }

    /// Hands a call to the engine and waits for its answer.
    async fn answer(&self, prompt: Vec<u32>, sampling: &Sampling) -> Result<Finished, LlmError> {
        let stopped = || LlmError::Engine { reason: "it stopped".to_owned() };
        let turn = self.turn.clone().acquire_owned().await.map_err(|_| stopped())?;
        let given_up = Arc::new(AtomicBool::new(false));
        let params = SamplingParams {
            // 0 is the engine's own mark for taking the maximum.
            temperature: Some(0.0),
            max_len: Some((self.context - prompt.len()).min(sampling.max_tokens as usize)),
            ..SamplingParams::deterministic()
        };
        let drawer = Drawer {
            noise: Noise::new(sampling.seed, &prompt),
            prompt: prompt.len(),
            sampling: *sampling,
            given_up: given_up.clone(),
            end_of_text: self.end_of_text,
        };
        let (sender, responses) = mpsc::channel(2);
        let mut request = NormalRequest::new_simple(
            RequestMessage::CompletionTokens(prompt),
            params,
            sender,
            self.runner.next_request_id(),
            None,
            None,
        );
        request.logits_processors = Some(vec![Arc::new(drawer)]);
        // A new sender each time: the runner replaces an engine that has died.
        let failed = |reason: String| LlmError::Engine { reason };
        let engine = self.runner.get_sender(None).map_err(|error| failed(error.to_string()))?;
        let request = Request::Normal(Box::new(request));
        engine.send(request).await.map_err(|error| failed(error.to_string()))?;

        let (reply, answer) = oneshot::channel();
        tokio::spawn(async move {
            // Nobody listens any more when the call was given up.
            let _ = reply.send(receive(responses).await);
            drop(turn);
        });
        let _guard = GiveUp(given_up);
        answer.await.map_err(|_| stopped())?
    }
}

#[async_trait]
impl Backend for Mistral {
    fn identity(&self) -> &str {
        &self.identity
    }

    /// Two, so that one is ready when the other has ended.
    fn parallel(&self) -> usize {
        2
    }

    async fn complete(&self, messages: &[Message], sampling: &Sampling) -> Result<Reply, LlmError> {
        check_sampling(sampling)?;
        let start = Instant::now();
        let answered = async {
            let prompt = self.render(messages).await?;
            let (tokens, context) = (prompt.len(), self.context);
            if tokens == 0 || tokens >= context {
                return Err(LlmError::TooLong { prompt: tokens, context });
            }
            Ok((tokens, self.answer(prompt, sampling).await?))
        };
        let timeout = self.timeout;
        let (prompt_tokens, Finished { text, finished, completion_tokens }) =
            tokio::time::timeout(timeout, answered)
                .await
                .map_err(|_| LlmError::Timeout { identity: self.identity.clone(), timeout })??;
        let prompt_tokens = u32::try_from(prompt_tokens).unwrap_or(u32::MAX);
        let seconds = start.elapsed().as_secs_f64();
        Ok(Reply { text, finished, prompt_tokens, completion_tokens, seconds })
    }
}

/// What the engine answered.
struct Finished {
    text: String,
    finished: bool,
    completion_tokens: u32,
}

/// Gives a call up when its future is dropped; without effect once it is answered.
struct GiveUp(Arc<AtomicBool>);

impl Drop for GiveUp {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Waits for the engine's one answer to a request.
async fn receive(mut responses: mpsc::Receiver<Response>) -> Result<Finished, LlmError> {
    let error = |reason: String| Err(LlmError::Engine { reason });
    let response = match responses.recv().await {
        None => return error("it dropped the call".to_owned()),
        Some(Response::CompletionDone(response)) => response,
        Some(Response::InternalError(e) | Response::ValidationError(e)) => {
            return error(e.to_string());
        }
        Some(Response::CompletionModelError(e, _) | Response::ModelError(e, _)) => return error(e),
        Some(_) => return error("it answered something else than text".to_owned()),
    };
    let completion_tokens = u32::try_from(response.usage.completion_tokens).unwrap_or(u32::MAX);
    let Some(choice) = response.choices.into_iter().next() else {
        return error("its answer is empty".to_owned());
    };
    match choice.finish_reason.as_str() {
        "stop" => Ok(Finished { text: choice.text, finished: true, completion_tokens }),
        "length" => Ok(Finished { text: choice.text, finished: false, completion_tokens }),
        other => error(format!("it stopped with reason {other:?}")),
    }
}

/// Draws the tokens of one call in the engine's place.
struct Drawer {
    noise: Noise,
    /// Tokens of the prompt.
    prompt: usize,
    sampling: Sampling,
    given_up: Arc<AtomicBool>,
    end_of_text: u32,
}

impl CustomLogitsProcessor for Drawer {
    /// Returns scores of which the drawn token's is the highest: one for each token up to it.
    fn apply(&self, logits: &Tensor, context: &[u32]) -> mistralrs::Result<Tensor> {
        let token = if self.given_up.load(Ordering::Relaxed) {
            self.end_of_text
        } else {
            let place = context.len().saturating_sub(self.prompt);
            match draw(&logits.to_vec1::<f32>()?, &self.sampling, self.noise, place) {
                Some(token) => token,
                None => candle_core::bail!("the model's logits are not numbers"),
            }
        };
        let mut scores = vec![0f32; token as usize + 1];
        scores[token as usize] = 1.0;
        let length = scores.len();
        Tensor::from_vec(scores, length, logits.device())
    }
}

#[cfg(test)]
mod tests;
