use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, stream};
use lehr_pipeline::Progress;
use lehr_record::RequestId;
use tokio::sync::watch;

use super::Service;
use super::path::Path;
use super::problem::Problem;
use super::requests::parse_id;

/// The least time between two events of one stream.
const PACE: Duration = Duration::from_millis(250);

/// `GET /v1/requests/{id}/events`: `progress` at once and after every change, then `end`.
///
/// Each event holds the whole progress, so a client that lost some has lost nothing.
pub(crate) async fn follow(
    State(service): State<Arc<Service>>,
    Path(id): Path<String>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let id = parse_id(&id)?;
    Progress::read(service.scheduler.workshop().store(), &id)?;
    let changes = service.scheduler.changes();
    let follower = Follower { service, id, changes, last: None, ended: false };
    let events = stream::unfold(follower, |mut follower| async move {
        follower.next().await.map(|event| (Ok(event), follower))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

struct Follower {
    service: Arc<Service>,
    id: RequestId,
    changes: watch::Receiver<u64>,
    last: Option<Progress>,
    ended: bool,
}

impl Follower {
    async fn next(&mut self) -> Option<Event> {
        if self.ended {
            return None;
        }
        loop {
            if self.last.is_some() {
                tokio::time::sleep(PACE).await;
                // The sender lives in the service, which this stream keeps alive.
                self.changes.changed().await.ok()?;
            }
            self.changes.mark_unchanged();
            let read = Progress::read(self.service.scheduler.workshop().store(), &self.id);
            let progress = match read {
                Ok(progress) => progress,
                Err(error) => {
                    self.ended = true;
                    tracing::error!(%error, "a stream of events lost the journal");
                    return Some(Event::default().event("error").data("the journal failed"));
                }
            };
            if self.last.as_ref() == Some(&progress) {
                continue;
            }
            self.ended = progress.state.is_final();
            let name = if self.ended { "end" } else { "progress" };
            let event = Event::default().event(name).json_data(&progress).ok()?;
            self.last = Some(progress);
            return Some(event);
        }
    }
}
