use std::sync::Arc;

use lehr_generator::llm::Backend;
use lehr_generator::recipe::Recipes;
use lehr_hygiene::{BenchmarkRegistry, Mode};
use lehr_store::Store;
use lehr_verifier::sandbox::Sandbox;
use tokio::sync::Semaphore;
use tokio::task::JoinError;

use crate::{Calls, QualityRule};

/// What a request is worked on with.
pub struct WorkshopParts {
    /// The journal and the language model.
    pub calls: Arc<Calls>,
    /// The recipes that requests may name.
    pub recipes: Recipes,
    /// The registered benchmarks, with the rules of checks.
    pub registry: Arc<BenchmarkRegistry>,
    /// What is done with a sample that overlaps with one of them.
    pub mode: Mode,
    /// How good an accepted sample must be.
    pub quality: QualityRule,
    /// Where generated programs run; the reason when none does here. Recipes that need it are
    /// then refused.
    pub sandbox: Result<Arc<Sandbox>, String>,
}

/// Everything that all requests share.
pub struct Workshop {
    parts: WorkshopParts,
    /// Places for work that keeps a core busy.
    cores: Arc<Semaphore>,
    /// Held by the one mix that is being built.
    pub(crate) mixing: Arc<tokio::sync::Mutex<()>>,
}

impl Workshop {
    /// Sets the parts up for work.
    pub fn new(parts: WorkshopParts) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { cores: Arc::new(Semaphore::new(cores)), mixing: Arc::default(), parts }
    }

    /// The journal.
    pub fn store(&self) -> &Arc<Store> {
        self.parts.calls.store()
    }

    /// The recipes that requests may name.
    pub fn recipes(&self) -> &Recipes {
        &self.parts.recipes
    }

    /// The registered benchmarks.
    pub fn registry(&self) -> &Arc<BenchmarkRegistry> {
        &self.parts.registry
    }

    /// What is done with a sample that overlaps with a benchmark.
    pub fn mode(&self) -> Mode {
        self.parts.mode
    }

    /// How good an accepted sample must be.
    pub fn quality(&self) -> QualityRule {
        self.parts.quality
    }

    /// The way to the model.
    pub fn calls(&self) -> &Arc<Calls> {
        &self.parts.calls
    }

    /// The language model.
    pub fn backend(&self) -> &Arc<dyn Backend> {
        self.parts.calls.backend()
    }

    /// Where generated programs run, or why none does.
    pub fn sandbox(&self) -> Result<&Arc<Sandbox>, &str> {
        self.parts.sandbox.as_ref().map_err(String::as_str)
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
