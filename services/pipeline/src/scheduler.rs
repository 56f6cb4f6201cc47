use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::FutureExt;
use lehr_record::{RequestId, RequestSpec, RequestState};
use lehr_store::{Created, StoreError};
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::{PipelineError, Workshop, check_spec, now_ms, run};

/// Requests worked on at the same time; more wait for a place.
const AT_ONCE: usize = 4;

/// Decides which requests run.
pub struct Scheduler {
    workshop: Arc<Workshop>,
    places: Arc<Semaphore>,
    running: Mutex<HashMap<RequestId, CancellationToken>>,
    stop: CancellationToken,
    tasks: TaskTracker,
    /// Changes whenever an item was settled or a state changed, anywhere.
    changes: watch::Sender<u64>,
}

impl Scheduler {
    /// Starts, and goes on with every request that was not finished when the last process ended.
    ///
    /// # Errors
    /// When the journal fails.
    pub fn start(workshop: Arc<Workshop>) -> Result<Arc<Self>, StoreError> {
        let scheduler = Arc::new(Self {
            places: Arc::new(Semaphore::new(AT_ONCE)),
            running: Mutex::default(),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            changes: watch::Sender::new(0),
            workshop,
        });
        for request in scheduler.workshop.store().unfinished()? {
            tracing::info!(%request, "going on with a request of an earlier run");
            scheduler.spawn(request);
        }
        Ok(scheduler)
    }

    /// What the requests are worked on with.
    pub fn workshop(&self) -> &Arc<Workshop> {
        &self.workshop
    }

    /// Wakes whenever something about any request may have changed.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Checks and writes down a request, and queues it. With an idempotency key, the same content
    /// sent again gives the first request.
    ///
    /// # Errors
    /// [`PipelineError::Spec`] names the field at fault; nothing is written then.
    pub fn submit(
        self: &Arc<Self>,
        spec: &RequestSpec,
        id: &RequestId,
        key: Option<&str>,
    ) -> Result<Created, PipelineError> {
        check_spec(&self.workshop, spec)?;
        let created = self.workshop.store().create_request(id, now_ms(), spec, key)?;
        if created == Created::New {
            self.spawn(id.clone());
        }
        Ok(created)
    }

    /// Stops a request for good. What was settled stays; a final request stays as it is.
    ///
    /// Gives whether it was stopped by this call.
    ///
    /// # Errors
    /// [`StoreError::NoRequest`] when there is none of that name.
    pub fn cancel(&self, id: &RequestId) -> Result<bool, StoreError> {
        let stopped = self.workshop.store().set_state(id, &RequestState::Cancelled, now_ms())?;
        if let Some(token) = self.running().get(id) {
            token.cancel();
        }
        self.changed();
        Ok(stopped)
    }

    /// Stops all work, leaving every request to be gone on with by the next process.
    pub async fn shut_down(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    pub(crate) fn changed(&self) {
        self.changes.send_modify(|n| *n = n.wrapping_add(1));
    }

    fn running(&self) -> MutexGuard<'_, HashMap<RequestId, CancellationToken>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn spawn(self: &Arc<Self>, id: RequestId) {
        let token = self.stop.child_token();
        self.running().insert(id.clone(), token.clone());
        let this = Arc::clone(self);
        self.tasks.spawn(async move {
            let work = async {
                let _place = this.places.acquire().await;
                run::run(&this.workshop, &id, || this.changed()).await
            };
            // A panic must end the request: nobody would ever go on with it.
            let work = AssertUnwindSafe(work).catch_unwind();
            // Dropping the work drops its model calls; the journal is whole at every moment.
            let end = token.run_until_cancelled(work).await;
            let panicked = |_| Err(PipelineError::Worker("it panicked".into()));
            let end = end.map(|end| end.unwrap_or_else(panicked));
            this.finish(&id, end);
        });
    }

    fn finish(&self, id: &RequestId, end: Option<Result<(), PipelineError>>) {
        let state = match end {
            // Cancelled by the client (its state is written) or by the end of this process.
            None | Some(Err(PipelineError::Store(StoreError::Stopped(_)))) => None,
            Some(Ok(())) => Some(RequestState::Completed),
            Some(Err(error)) => {
                tracing::error!(request = %id, %error, "a request failed");
                Some(RequestState::Failed { reason: error.to_string() })
            }
        };
        if let Some(state) = state
            && let Err(error) = self.workshop.store().set_state(id, &state, now_ms())
        {
            tracing::error!(request = %id, %error, "the end of a request could not be journaled");
        }
        self.running().remove(id);
        self.changed();
    }
}
