use serde::{Deserialize, Serialize};

use crate::Digest;

/// Who says a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Instructions to the model.
    System,
    /// The one who asks.
    User,
    /// The model.
    Assistant,
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Who says it.
    pub role: Role,
    /// What is said.
    pub content: String,
}

impl Message {
    /// A message of the given role.
    pub fn new(role: Role, content: impl Into<String>) -> Self {
        Self { role, content: content.into() }
    }
}

/// How tokens are drawn. Two calls with the same sampling, messages and model are the same call.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sampling {
    /// 0 takes the likeliest token; otherwise the softmax temperature, at most 2.
    pub temperature: f64,
    /// The nucleus: the smallest set of tokens whose probability reaches this, in (0, 1].
    pub top_p: f64,
    /// Only the `top_k` likeliest tokens are considered.
    pub top_k: u32,
    /// The most tokens of a reply.
    pub max_tokens: u32,
    /// The seed of the draw. Without effect at temperature 0.
    pub seed: u64,
}

/// One call of a language model, complete: the key of the journal of model calls.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// The model's identity: the digest of its file, or its endpoint and name.
    pub model: String,
    /// The conversation so far.
    pub messages: Vec<Message>,
    /// How tokens are drawn.
    pub sampling: Sampling,
}

impl Call {
    /// The key under which the reply is journaled: equal calls are paid for once.
    pub fn key(&self) -> Digest {
        Digest::of_json(self)
    }
}

/// What the model answered, with nothing taken away or mended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The text.
    pub text: String,
    /// Whether the model ended by itself; `false` when `max_tokens` cut it off.
    pub finished: bool,
    /// Tokens of the prompt.
    pub prompt_tokens: u32,
    /// Tokens of the reply.
    pub completion_tokens: u32,
    /// Seconds from the call to the reply.
    pub seconds: f64,
}
