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
use tokio::task::JoinError;

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
    /// Places for work that keeps a core busy.
    cores: Arc<Semaphore>,
    /// Held by the one mix that is being built.
    pub(crate) mixing: Arc<tokio::sync::Mutex<()>>,
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
            cores: Arc::new(Semaphore::new(cores)),
            mixing: Arc::default(),
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

    /// Does work that keeps a core busy in a thread of its own, as many at a time as there are cores.
    ///
    /// # Errors
    /// When the work panics.
    pub async fn on_core<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        let core = Arc::clone(&self.cores).acquire_owned().await;
        tokio::task::spawn_blocking(move || {
            // With the work and not with the one who waits for it: who is cancelled waits no more,
            // while the thread goes on.
            let _core = core;
            work()
        })
        .await
    }

    pub(crate) fn count_fresh(&self, tokens: u32) {
        self.fresh_tokens.fetch_add(u64::from(tokens), Ordering::Relaxed);
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::testing::{silent, workshop};

    #[tokio::test]
    async fn a_core_is_taken_until_its_work_ends() {
        let home = tempfile::tempdir().unwrap();
        let workshop = workshop(home.path(), silent);
        let all = workshop.cores.available_permits();
        assert!(workshop.on_core(|| panic!("planned by this test")).await.is_err());
        assert_eq!(workshop.cores.available_permits(), all);

        let (started, has_started) = tokio::sync::oneshot::channel();
        let (end, ended) = mpsc::channel::<()>();
        let waiting = tokio::spawn({
            let workshop = Arc::clone(&workshop);
            async move {
                let work = move || {
                    started.send(()).unwrap();
                    ended.recv().unwrap();
                };
                workshop.on_core(work).await
            }
        });
        has_started.await.unwrap();
        waiting.abort();
        assert!(waiting.await.unwrap_err().is_cancelled());
        assert_eq!(workshop.cores.available_permits(), all - 1, "the work goes on");
        end.send(()).unwrap();
        let permits = workshop.cores.acquire_many(u32::try_from(all).unwrap()).await;
        assert!(permits.is_ok());
    }
}
