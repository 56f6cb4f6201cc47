//! A workshop with a model that answers by rule.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use lehr_generator::llm::{Backend, LlmError};
use lehr_generator::recipe::Recipes;
use lehr_hygiene::{AddOptions, BenchmarkRegistry};
use lehr_record::{Message, Reply, RequestId, Sampling};
use lehr_store::Store;

use crate::{Workshop, WorkshopParts, now_ms};

/// A benchmark item of the registry that [`workshop`] sets up.
pub(crate) const LEAK: &str = "The harbour library lends 48 atlases each Tuesday and half as many on \
    Friday. On Sunday a storm ruins 5 of the atlases that were returned. How many can still be lent?";

struct Ruled<Rule> {
    rule: Rule,
    calls: AtomicUsize,
}

#[async_trait]
impl<Rule> Backend for Ruled<Rule>
where
    Rule: Fn(usize, &str) -> Result<String, LlmError> + Send + Sync,
{
    fn identity(&self) -> &str {
        "ruled"
    }

    fn parallel(&self) -> usize {
        4
    }

    async fn complete(&self, messages: &[Message], _: &Sampling) -> Result<Reply, LlmError> {
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        let text = (self.rule)(number, &messages.last().unwrap().content)?;
        Ok(Reply { text, finished: true, prompt_tokens: 3, completion_tokens: 2, seconds: 0.1 })
    }
}

/// A workshop without a sandbox. The rule gets the number of the call and its last message.
pub(crate) fn workshop(
    home: &Path,
    rule: impl Fn(usize, &str) -> Result<String, LlmError> + Send + Sync + 'static,
) -> Arc<Workshop> {
    let registry = BenchmarkRegistry::open(home.join("benchmarks")).unwrap();
    let file = home.join("leak.jsonl");
    std::fs::write(&file, serde_json::json!({"id": "leak", "question": LEAK}).to_string()).unwrap();
    registry.add("bench", &file, &AddOptions::default()).unwrap();
    Arc::new(Workshop::new(WorkshopParts {
        store: Arc::new(Store::open(home).unwrap()),
        recipes: Recipes::builtin(),
        backend: Arc::new(Ruled { rule, calls: AtomicUsize::new(0) }),
        registry: Arc::new(registry),
        sandbox: Err("no sandbox in this test".into()),
    }))
}

/// A rule for workshops that ask no model.
pub(crate) fn silent(_: usize, _: &str) -> Result<String, LlmError> {
    Err(LlmError::Engine { reason: "no power".into() })
}

/// Writes a request down as it is, unchecked.
pub(crate) fn create(workshop: &Workshop, spec: &serde_json::Value) -> RequestId {
    let id = RequestId::parse("req-1").unwrap();
    let spec = serde_json::from_value(spec.clone()).unwrap();
    workshop.store().create_request(&id, now_ms(), &spec, None).unwrap();
    id
}
