use std::{path::PathBuf, time::Duration};

use crate::model_store::StoreError;

/// Why a model could not be opened or a call not be answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LlmError {
    /// The model's files are missing or damaged.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The engine refused the model's files.
    #[error(
        "the engine cannot load {path}: {reason}; use a Llama, Mistral, Phi or Qwen model as GGUF \
         or safetensors, or fetch it again",
        path = path.display()
    )]
    Load {
        /// The file or directory.
        path: PathBuf,
        /// What the engine said.
        reason: String,
    },
    /// The call asks for sampling outside its bounds.
    #[error("the sampling is invalid: {reason}")]
    Sampling {
        /// The field and its bounds.
        reason: String,
    },
    /// The conversation leaves no room for a reply.
    #[error(
        "the conversation has {prompt} tokens but the model's context is {context}; shorten it"
    )]
    TooLong {
        /// Tokens of the conversation.
        prompt: usize,
        /// Tokens the model can attend to.
        context: usize,
    },
    /// The model's chat template cannot express the conversation.
    #[error("the model's chat template refuses the conversation: {reason}")]
    Template {
        /// What the template engine said.
        reason: String,
    },
    /// The engine failed while answering.
    #[error("the engine failed: {reason}")]
    Engine {
        /// What it said.
        reason: String,
    },
    /// No answer in time.
    #[error(
        "{identity} did not answer within {} s; raise the time-out, or ask for fewer calls at once",
        timeout.as_secs()
    )]
    Timeout {
        /// The backend.
        identity: String,
        /// The bound.
        timeout: Duration,
    },
    /// The recording has no reply to this call.
    #[error(
        "{path} has no reply to call {key}; use the sampling and prompts of the recording",
        path = path.display()
    )]
    NotRecorded {
        /// The recording.
        path: PathBuf,
        /// The call's key.
        key: lehr_record::Digest,
    },
    /// The recording cannot be read.
    #[error("recording {path}, line {line}: {reason}", path = path.display())]
    Recording {
        /// The recording.
        path: PathBuf,
        /// The line, from 1; 0 when the whole file is meant.
        line: usize,
        /// What is wrong and what to do.
        reason: String,
    },
    /// The endpoint is not an address that can be called. It is not repeated: it may hold a secret.
    #[error("the server's address {reason}; write openai:http://HOST:PORT#MODEL")]
    Endpoint {
        /// Why it cannot be used.
        reason: String,
    },
    /// The variable that should hold the server's key is not set.
    #[error("the environment variable {variable} is not set; put the server's key in it")]
    KeyMissing {
        /// The variable's name.
        variable: String,
    },
    /// The server's key cannot be sent.
    #[error(
        "the key in the environment variable {variable} is empty or has characters that an HTTP \
         header cannot carry; set it to the key alone, without line feeds"
    )]
    KeyUnusable {
        /// The variable's name.
        variable: String,
    },
    /// The server could not be reached, or kept failing.
    #[error("{endpoint} failed {attempts} times, last: {reason}; check that the server runs")]
    Unavailable {
        /// The server.
        endpoint: String,
        /// How often it was tried.
        attempts: u32,
        /// The last failure.
        reason: String,
    },
    /// The server answered that it will not serve this call.
    #[error("{endpoint} refused the call with status {status}: {body}")]
    Refused {
        /// The server.
        endpoint: String,
        /// The HTTP status.
        status: u16,
        /// The beginning of its answer.
        body: String,
    },
    /// The server's answer is not a chat completion.
    #[error("{endpoint} sent an answer that is no chat completion: {reason}")]
    BadReply {
        /// The server.
        endpoint: String,
        /// What is wrong with it.
        reason: String,
    },
}
