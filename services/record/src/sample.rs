use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    Contamination, Digest, ItemIndex, Message, Problem, RequestId, SampleId, Sampling, Seed,
    Settled, Verdict,
};

/// The field of knowledge of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Domain {
    /// Mathematics with a checked answer.
    Math,
    /// Programs that were run.
    Code,
    /// Physics, chemistry, biology and their neighbours.
    Science,
}

impl Domain {
    /// Every domain.
    pub const ALL: [Self; 3] = [Self::Math, Self::Code, Self::Science];

    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Math => "math",
            Self::Code => "code",
            Self::Science => "science",
        }
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One call of the model behind a sample, and what was made of the reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// The stage of the recipe: `question` or `answer`.
    pub stage: String,
    /// The key of the call in the journal of model calls.
    pub call: Digest,
    /// How tokens were drawn, with the seed.
    pub sampling: Sampling,
    /// The reply as the model gave it.
    pub reply: String,
    /// Whether the model ended by itself.
    pub finished: bool,
    /// Tokens of the prompt and of the reply.
    pub tokens: (u32, u32),
    /// What the verifier said of it.
    pub verdict: Verdict,
}

/// A settled work item with everything needed to trace it and to make it again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Its name.
    pub id: SampleId,
    /// The request that asked for it.
    pub request: RequestId,
    /// Its place in the request's plan.
    pub item: ItemIndex,
    /// The field of knowledge.
    pub domain: Domain,
    /// The kind of reasoning data, such as `cot`.
    pub kind: String,
    /// The recipe's name.
    pub recipe: String,
    /// The digest of the recipe with its templates.
    pub recipe_digest: Digest,
    /// The model's identity.
    pub model: String,
    /// The digest of the seed.
    pub seed_digest: Digest,
    /// The seed.
    pub seed: Seed,
    /// The problem that was solved: the seed's, or the one the model wrote; `None` when the model
    /// wrote none that could be read.
    pub problem: Option<Problem>,
    /// The conversation to train on: empty unless accepted.
    pub messages: Vec<Message>,
    /// Every call that was made for it, in order.
    pub attempts: Vec<Attempt>,
    /// The verdict that settled it.
    pub verdict: Verdict,
    /// The share of the judged answers that were correct, from 0 to 1; `None` when none was judged.
    pub pass_rate: Option<f64>,
    /// What the benchmark check found; `None` when it was turned away before.
    pub contamination: Option<Contamination>,
    /// How it ended.
    pub settled: Settled,
}

impl Sample {
    /// Whether it may be trained on.
    pub fn is_accepted(&self) -> bool {
        self.settled == Settled::Accepted
    }
}
