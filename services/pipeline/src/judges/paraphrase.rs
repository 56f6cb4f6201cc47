use std::sync::Arc;

use lehr_generator::judge_prompt::JudgePrompt;
use lehr_hygiene::ParaphraseJudge;
use serde_json::json;
use tokio::runtime::Handle;

use super::ask_and_wait;
use crate::Calls;

/// The most bytes of both texts together that a judge is shown.
const MOST_BYTES: usize = 32 << 10;

/// Has the language model settle whether a text asks what an item of a benchmark asks.
pub struct ModelParaphraseJudge {
    calls: Arc<Calls>,
    runtime: Handle,
    prompt: &'static JudgePrompt,
}

impl ModelParaphraseJudge {
    /// A judge whose calls run on `runtime`. It must not be asked from a thread that drives a
    /// runtime of one thread, which would wait for itself.
    pub fn new(calls: Arc<Calls>, runtime: Handle) -> Self {
        Self { calls, runtime, prompt: JudgePrompt::paraphrase() }
    }
}

impl ParaphraseJudge for ModelParaphraseJudge {
    fn identity(&self) -> String {
        format!("{} by {}", self.prompt.identity(), self.calls.backend().identity())
    }

    fn same(&self, text: &str, item: &str) -> Result<bool, String> {
        let bytes = text.len() + item.len();
        if bytes > MOST_BYTES {
            return Err(format!(
                "the texts have {bytes} bytes together, and the judge is shown at most {MOST_BYTES}"
            ));
        }
        let messages = self.prompt.messages(json!({"text": text, "item": item}))?;
        let reply = ask_and_wait(&self.calls, &self.runtime, messages, self.prompt.sampling())?;
        Ok(self.prompt.verdict(&reply)? == "SAME")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::testing::{silent, workshop};

    #[tokio::test(flavor = "multi_thread")]
    async fn only_a_clear_verdict_is_one_and_it_is_paid_for_once() {
        for (said, verdict) in [
            (Some("As in the first.\nVerdict: SAME"), Some(true)),
            (Some("Other numbers.\nVerdict: DIFFERENT"), Some(false)),
            (Some("I cannot tell."), None),
            (None, None),
        ] {
            let home = tempfile::tempdir().unwrap();
            let asked = Arc::new(AtomicUsize::new(0));
            let count = Arc::clone(&asked);
            let workshop = workshop(home.path(), move |number, _| {
                count.fetch_add(1, Ordering::Relaxed);
                said.map_or_else(|| silent(number, ""), |said| Ok(said.to_owned()))
            });
            let judge = ModelParaphraseJudge::new(Arc::clone(workshop.calls()), Handle::current());
            let settled = workshop.on_core(move || {
                [judge.same("a text", "an item").ok(), judge.same("a text", "an item").ok()]
            });
            assert_eq!(settled.await.unwrap(), [verdict, verdict], "{said:?}");
            // A reply that says nothing is a reply all the same; no reply is asked for again.
            let times = if said.is_some() { 1 } else { 2 };
            assert_eq!(asked.load(Ordering::Relaxed), times, "{said:?}");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_too_long_is_not_shown() {
        let home = tempfile::tempdir().unwrap();
        let workshop = workshop(home.path(), |_, _| panic!("nothing is asked"));
        let judge = ModelParaphraseJudge::new(Arc::clone(workshop.calls()), Handle::current());
        let error = judge.same(&"a".repeat(MOST_BYTES), "b").unwrap_err();
        assert!(error.contains("32768"), "{error}");
        assert!(judge.identity().contains("paraphrase v1") && judge.identity().contains("ruled"));
    }
}
