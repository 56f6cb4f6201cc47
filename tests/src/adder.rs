use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::sync::watch;

/// An OpenAI-compatible server whose model adds the numbers of the last message.
///
/// By turns of the numbers' sum it is right, wrong, or says nothing that can be read; the same call
/// always gets the same reply. It answers the sums that it was allowed, holds the others, and counts
/// what it answered: so a test stops a service at a known place and waits for no clock.
pub struct Adder {
    address: String,
    shared: Shared,
}

#[derive(Clone)]
struct Shared {
    gate: watch::Sender<Gate>,
    calls: Arc<Mutex<Calls>>,
}

/// How often each distinct call was answered: by its sum and its JSON.
type Calls = BTreeMap<(u64, String), u32>;

/// What is answered, and how many calls wait for that.
#[derive(Clone, Copy, Default)]
struct Gate {
    /// Sums below this are answered.
    below: u64,
    held: usize,
}

impl Adder {
    /// Starts the server on a free port of this machine. It answers nothing yet.
    ///
    /// # Errors
    /// When there is no free port.
    pub async fn start() -> Result<Self> {
        let shared = Shared { gate: watch::Sender::default(), calls: Arc::default() };
        let router =
            Router::new().route("/v1/chat/completions", post(complete)).with_state(shared.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}/v1", listener.local_addr()?);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { address, shared })
    }

    /// How `lehr` names this model.
    pub fn model(&self) -> String {
        format!("openai:{}#adder", self.address)
    }

    /// Answers the sums below a bound, the calls that are held included.
    pub fn answer_below(&self, bound: u64) {
        self.shared.gate.send_modify(|gate| gate.below = bound);
    }

    /// Answers every call from now on.
    pub fn answer_all(&self) {
        self.answer_below(u64::MAX);
    }

    /// Waits until exactly this many calls are held. A call whose client has gone is held no more.
    ///
    /// # Errors
    /// Never while the server lives.
    pub async fn holds(&self, calls: usize) -> Result<()> {
        let mut gate = self.shared.gate.subscribe();
        gate.wait_for(|gate| gate.held == calls).await.context("the adder is gone")?;
        Ok(())
    }

    /// Distinct calls that were answered.
    pub fn calls(&self) -> usize {
        self.shared.answered().len()
    }

    /// The sums of calls that were answered more than once.
    pub fn repeated(&self) -> Vec<u64> {
        let answered = self.shared.answered();
        answered.iter().filter(|(_, times)| **times > 1).map(|((sum, _), _)| *sum).collect()
    }

    /// Forgets the calls so far.
    pub fn forget(&self) {
        self.shared.answered().clear();
    }
}

impl Shared {
    fn answered(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call before the gate, counted for as long as it waits.
struct Held<'a>(&'a watch::Sender<Gate>);

impl<'a> Held<'a> {
    fn new(gate: &'a watch::Sender<Gate>) -> Self {
        gate.send_modify(|gate| gate.held += 1);
        Self(gate)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|gate| gate.held -= 1);
    }
}

async fn complete(State(shared): State<Shared>, Json(call): Json<Value>) -> Json<Value> {
    let sum = sum(&call);
    {
        let _held = Held::new(&shared.gate);
        // The sender is ours: it does not go while we wait.
        let _ = shared.gate.subscribe().wait_for(|gate| sum < gate.below).await;
    }
    *shared.answered().entry((sum, call.to_string())).or_default() += 1;
    Json(json!({
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": "adder",
        "choices": [{
            "index": 0,
            "message": {"role": "assistant", "content": reply(sum)},
            "finish_reason": "stop",
        }],
        "usage": {"prompt_tokens": 20, "completion_tokens": 10, "total_tokens": 30},
    }))
}

/// The sum of the numbers in the last message.
fn sum(call: &Value) -> u64 {
    let question = call["messages"]
        .as_array()
        .and_then(|messages| messages.last())
        .and_then(|message| message["content"].as_str())
        .unwrap_or_default();
    let numbers = question.split(|c: char| !c.is_ascii_digit());
    numbers.filter_map(|number| number.parse::<u64>().ok()).sum()
}

fn reply(sum: u64) -> String {
    match sum % 5 {
        0 => {
            let wrong = sum + 1;
            format!("Let me think about it. Adding the numbers gives {wrong}.\n#### {wrong}")
        }
        1 => "I would rather talk about the weather, which is fine today, and not about that."
            .to_owned(),
        _ => format!("Adding the numbers one after another gives {sum}.\n#### {sum}"),
    }
}
