use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

/// An OpenAI-compatible server whose model adds the numbers of the last message.
///
/// It takes its time for each reply, counts the calls that it answered, and by turns of the
/// numbers' sum is right, wrong, or says nothing that can be read. The same call always gets the
/// same reply.
pub struct Adder {
    address: String,
    calls: Arc<Mutex<BTreeMap<String, u32>>>,
}

#[derive(Clone)]
struct Shared {
    delay: Duration,
    calls: Arc<Mutex<BTreeMap<String, u32>>>,
}

impl Adder {
    /// Starts the server on a free port of this machine.
    ///
    /// # Errors
    /// When there is no free port.
    pub async fn start(delay: Duration) -> Result<Self> {
        let calls = Arc::<Mutex<BTreeMap<String, u32>>>::default();
        let shared = Shared { delay, calls: Arc::clone(&calls) };
        let router = Router::new().route("/v1/chat/completions", post(complete)).with_state(shared);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}/v1", listener.local_addr()?);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { address, calls })
    }

    /// How `lehr` names this model.
    pub fn model(&self) -> String {
        format!("openai:{}#adder", self.address)
    }

    /// How often each distinct call was answered, by the call's JSON.
    pub fn calls(&self) -> BTreeMap<String, u32> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Forgets the calls so far.
    pub fn forget(&self) {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

async fn complete(State(shared): State<Shared>, Json(call): Json<Value>) -> Json<Value> {
    tokio::time::sleep(shared.delay).await;
    let question = call["messages"]
        .as_array()
        .and_then(|messages| messages.last())
        .and_then(|message| message["content"].as_str())
        .unwrap_or_default();
    let numbers = question.split(|c: char| !c.is_ascii_digit());
    let numbers: Vec<u64> = numbers.filter_map(|number| number.parse().ok()).collect();
    let sum: u64 = numbers.iter().sum();
    let content = match sum % 5 {
        0 => format!(
            "Let me think about it. Adding the numbers gives {}.\n#### {}",
            sum + 1,
            sum + 1
        ),
        1 => "I would rather talk about the weather, which is fine today, and not about that."
            .to_owned(),
        _ => format!("Adding the numbers one after another gives {sum}.\n#### {sum}"),
    };
    *shared
        .calls
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .entry(call.to_string())
        .or_default() += 1;
    Json(json!({
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": "adder",
        "choices": [{
            "index": 0,
            "message": {"role": "assistant", "content": content},
            "finish_reason": "stop",
        }],
        "usage": {"prompt_tokens": 20, "completion_tokens": 10, "total_tokens": 30},
    }))
}
