//! Model calls through the journal: what was answered before is not asked again.

use lehr_generator::llm::LlmError;
use lehr_record::{Call, Digest, Message, Reply, Sampling};

use crate::{PipelineError, Workshop};

/// A reply and the key of its call.
pub(crate) struct Answered {
    pub key: Digest,
    pub reply: Reply,
}

/// Asks the model, or the journal.
///
/// The outer error ends the request (the journal failed); the inner one is the model's.
pub(crate) async fn ask(
    workshop: &Workshop,
    messages: Vec<Message>,
    sampling: Sampling,
) -> Result<Result<Answered, LlmError>, PipelineError> {
    let backend = workshop.backend();
    let call = Call { model: backend.identity().to_owned(), messages, sampling };
    let key = call.key();
    let gate = workshop.gate(&key);
    let _alone = gate.lock().await;
    if let Some(reply) = workshop.store().reply(&key)? {
        return Ok(Ok(Answered { key, reply }));
    }
    let place = workshop.calls.acquire().await;
    match backend.complete(&call.messages, &call.sampling).await {
        Ok(reply) => {
            drop(place);
            workshop.count_fresh(reply.completion_tokens);
            let reply = workshop.store().keep_reply(&call, reply)?;
            Ok(Ok(Answered { key, reply }))
        }
        Err(error) => Ok(Err(error)),
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
