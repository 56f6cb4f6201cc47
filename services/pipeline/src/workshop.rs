use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use lehr_generator::llm::Backend;
use lehr_generator::recipe::Recipes;
use lehr_hygiene::BenchmarkRegistry;
use lehr_record::Digest;
use lehr_store::Store;
use lehr_verifier::sandbox::Sandbox;
use tokio::sync::Semaphore;

/// What a request is worked on with.
pub struct WorkshopParts {
    /// The journal.
    pub store: Arc<Store>,
    /// The recipes that requests may name.
    pub recipes: Recipes,
    /// The language model.
    pub backend: Arc<dyn Backend>,
    /// The registered benchmarks.
    pub registry: Arc<BenchmarkRegistry>,
    /// Where generated programs run; the reason when none does here. Recipes that need it are
    /// then refused.
    pub sandbox: Result<Arc<Sandbox>, String>,
}

/// Everything that all requests share.
pub struct Workshop {
    pub(crate) parts: WorkshopParts,
    /// Places in front of the model.
    pub(crate) calls: Semaphore,
    /// Places in the sandbox, and for other work that keeps a core busy.
    pub(crate) cores: Semaphore,
    /// Tokens of replies that the model gave in this process, for the live rate.
    fresh_tokens: AtomicU64,
    /// The calls being made, each with the gate that equal calls wait at.
    asking: Mutex<HashMap<Digest, Weak<Gate>>>,
}

/// Held by the one that makes a call; an equal call waits, and then finds the reply journaled.
pub(crate) type Gate = tokio::sync::Mutex<()>;

impl Workshop {
    /// Sets the parts up for work.
    pub fn new(parts: WorkshopParts) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            calls: Semaphore::new(parts.backend.parallel().max(1)),
            cores: Semaphore::new(cores),
            fresh_tokens: AtomicU64::new(0),
            asking: Mutex::default(),
            parts,
        }
    }

    /// The journal.
    pub fn store(&self) -> &Arc<Store> {
        &self.parts.store
    }

    /// The recipes that requests may name.
    pub fn recipes(&self) -> &Recipes {
        &self.parts.recipes
    }

    /// The registered benchmarks.
    pub fn registry(&self) -> &Arc<BenchmarkRegistry> {
        &self.parts.registry
    }

    /// The language model.
    pub fn backend(&self) -> &Arc<dyn Backend> {
        &self.parts.backend
    }

    /// Where generated programs run, or why none does.
    pub fn sandbox(&self) -> Result<&Arc<Sandbox>, &str> {
        self.parts.sandbox.as_ref().map_err(String::as_str)
    }

    /// Tokens of replies that the model gave since this process started.
    pub fn fresh_tokens(&self) -> u64 {
        self.fresh_tokens.load(Ordering::Relaxed)
    }

    /// The gate of a call, the same for equal calls at the same time.
    pub(crate) fn gate(&self, key: &Digest) -> Arc<Gate> {
        let mut asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(gate) = asking.get(key).and_then(Weak::upgrade) {
            return gate;
        }
        asking.retain(|_, gate| gate.strong_count() > 0);
        let gate = Arc::new(Gate::default());
        asking.insert(key.clone(), Arc::downgrade(&gate));
        gate
    }

    pub(crate) fn count_fresh(&self, tokens: u32) {
        self.fresh_tokens.fetch_add(u64::from(tokens), Ordering::Relaxed);
    }
}
