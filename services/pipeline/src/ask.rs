//! Model calls through the journal: what was answered before is not asked again.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use lehr_generator::llm::{Backend, LlmError};
use lehr_record::{Call, Digest, Message, Reply, Sampling};
use lehr_store::{Store, StoreError};
use tokio::sync::Semaphore;

/// The only way to the model: every call is journaled, and paid for once. Requests and judges share
/// it, so that together they keep no more calls in flight than serve the model best.
pub struct Calls {
    store: Arc<Store>,
    backend: Arc<dyn Backend>,
    /// Places in front of the model.
    places: Semaphore,
    /// Tokens of replies that the model gave in this process, for the live rate.
    fresh_tokens: AtomicU64,
    /// The calls being made, each with the gate that equal calls wait at.
    asking: Mutex<HashMap<Digest, Weak<Gate>>>,
}

/// Held by the one that makes a call; an equal call waits, and then finds the reply journaled.
type Gate = tokio::sync::Mutex<()>;

/// A reply and the key of its call.
pub(crate) struct Answered {
    pub key: Digest,
    pub reply: Reply,
}

impl Calls {
    /// Calls of a model that a journal keeps.
    pub fn new(store: Arc<Store>, backend: Arc<dyn Backend>) -> Self {
        let places = Semaphore::new(backend.parallel().max(1));
        Self { store, backend, places, fresh_tokens: AtomicU64::new(0), asking: Mutex::default() }
    }

    /// The journal.
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// The language model.
    pub fn backend(&self) -> &Arc<dyn Backend> {
        &self.backend
    }

    /// Tokens of replies that the model gave since this process started.
    pub fn fresh_tokens(&self) -> u64 {
        self.fresh_tokens.load(Ordering::Relaxed)
    }

    /// Asks the model, or the journal.
    ///
    /// The outer error is the journal's, which nothing can go on without; the inner one is the
    /// model's.
    pub(crate) async fn ask(
        &self,
        messages: Vec<Message>,
        sampling: Sampling,
    ) -> Result<Result<Answered, LlmError>, StoreError> {
        let call = Call { model: self.backend.identity().to_owned(), messages, sampling };
        let key = call.key();
        let gate = self.gate(&key);
        let _alone = gate.lock().await;
        if let Some(reply) = self.store.reply(&key)? {
            return Ok(Ok(Answered { key, reply }));
        }
        let place = self.places.acquire().await;
        match self.backend.complete(&call.messages, &call.sampling).await {
            Ok(reply) => {
                drop(place);
                self.fresh_tokens.fetch_add(u64::from(reply.completion_tokens), Ordering::Relaxed);
                let reply = self.store.keep_reply(&call, reply)?;
                Ok(Ok(Answered { key, reply }))
            }
            Err(error) => Ok(Err(error)),
        }
    }

    /// The gate of a call, the same for equal calls at the same time.
    fn gate(&self, key: &Digest) -> Arc<Gate> {
        let mut asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(gate) = asking.get(key).and_then(Weak::upgrade) {
            return gate;
        }
        asking.retain(|_, gate| gate.strong_count() > 0);
        let gate = Arc::new(Gate::default());
        asking.insert(key.clone(), Arc::downgrade(&gate));
        gate
    }
}

/// The sampling seed of one call: from the request's seed, the work item's seed, the stage and the
/// number of the try. Not from the place in the plan: the same question asked by another request
/// with the same seed is the same call.
pub(crate) fn call_seed(request_seed: u64, seed: &Digest, stage: &str, attempt: u32) -> u64 {
    let digest = Digest::of_json(&(request_seed, seed, stage, attempt));
    // 53 bits: a reader that keeps JSON numbers as doubles keeps it whole.
    u64::from_str_radix(&digest.as_str()[..15], 16).unwrap_or_default() & ((1 << 53) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_changes_the_seed() {
        let (a, b) = (Digest::of_bytes(b"a"), Digest::of_bytes(b"b"));
        let base = call_seed(1, &a, "answer", 0);
        assert_eq!(base, call_seed(1, &a, "answer", 0));
        assert!(base < 1 << 53);
        for other in [
            call_seed(2, &a, "answer", 0),
            call_seed(1, &b, "answer", 0),
            call_seed(1, &a, "question", 0),
            call_seed(1, &a, "answer", 1),
        ] {
            assert_ne!(base, other);
        }
    }
}
