//! Language models that judge texts rather than answers: what they are asked is a file of
//! `prompts/judges`, their replies are journaled like all others, and whatever is no clear verdict
//! is an error.

mod paraphrase;
mod quality;

use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use lehr_record::{Message, Reply, Sampling};
use tokio::runtime::Handle;

pub use paraphrase::ModelParaphraseJudge;
pub use quality::QualityRule;

use crate::Calls;

/// Asks the model and waits for its reply, on a thread that may wait, as those of
/// [`Workshop::on_core`](crate::Workshop::on_core) are.
///
/// The call runs on the runtime, not on this thread: it needs the runtime's timers and sockets.
fn ask_and_wait(
    calls: &Arc<Calls>,
    runtime: &Handle,
    messages: Vec<Message>,
    sampling: Sampling,
) -> Result<Reply, String> {
    let (send, received) = sync_channel(1);
    let calls = Arc::clone(calls);
    runtime.spawn(async move {
        let answered = match calls.ask(messages, sampling).await {
            Ok(Ok(answered)) => Ok(answered.reply),
            Ok(Err(error)) => Err(format!("the judge gave no reply: {error}")),
            Err(error) => Err(format!("the judge's reply could not be journaled: {error}")),
        };
        // Nobody waits any more when the runtime ends.
        let _ = send.send(answered);
    });
    received.recv().unwrap_or_else(|_| Err("the service ended before the judge replied".into()))
}
