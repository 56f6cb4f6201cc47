//! Runs one request: items side by side, settled in the order of the plan.

use futures::{TryStreamExt, stream};
use lehr_record::{Outcome, RequestId, RequestState, Sample, Settled, Verdict};
use lehr_store::PendingItem;

use crate::{PipelineError, Workshop, plan, work};

/// The most items of a request between the plan and the journal.
pub const WINDOW: usize = 256;

/// So many items in a row that failed by the model's fault end the request.
const MODEL_FAILURES: u32 = 16;

/// Plans the request if that is still to be done, then works on it until every item is settled.
/// Calls `changed` after each item.
///
/// # Errors
/// What keeps the request from going on. What was settled before stays.
pub(crate) async fn run(
    workshop: &Workshop,
    id: &RequestId,
    changed: impl Fn(),
) -> Result<(), PipelineError> {
    let request = workshop.store().request(id)?;
    if request.state == RequestState::Queued {
        plan::plan(workshop, &request)?;
        changed();
    }
    let request = &request;
    let mut samples = std::pin::pin!(
        pending(workshop, id)
            .map_ok(|item| async move {
                let sample = work::work(workshop, request, &item).await?;
                Ok((item.job, sample))
            })
            .try_buffered(WINDOW)
    );
    let mut failures = 0;
    while let Some((job, sample)) = samples.try_next().await? {
        failures = if sample.settled == work::model_failure() { failures + 1 } else { 0 };
        let last = (failures >= MODEL_FAILURES).then(|| sample.verdict.reason.clone());
        settle(workshop, job, sample)?;
        changed();
        if let Some(last) = last {
            return Err(PipelineError::Model { items: failures, last });
        }
    }
    Ok(())
}

/// The unsettled items in order, read from the journal a page at a time.
fn pending<'a>(
    workshop: &'a Workshop,
    id: &'a RequestId,
) -> impl futures::Stream<Item = Result<PendingItem, PipelineError>> + 'a {
    stream::try_unfold(0, move |from| async move {
        let page = workshop.store().pending(id, from, WINDOW as u32)?;
        Ok::<_, PipelineError>(
            page.last()
                .map(|last| last.item + 1)
                .map(|next| (stream::iter(page.into_iter().map(Ok)), next)),
        )
    })
    .try_flatten()
}

/// Settles one item. Here, in the order of the plan, is where exact duplicates are found: the
/// first of them stays, in every run.
fn settle(workshop: &Workshop, job: u32, mut sample: Sample) -> Result<(), PipelineError> {
    let store = workshop.store();
    let fingerprint = if sample.is_accepted() {
        let text: Vec<&str> = sample.messages.iter().map(|m| m.content.as_str()).collect();
        let fingerprint = lehr_hygiene::fingerprint(&text.join("\n\n"));
        if let Some(other) = store.duplicate_of(&sample.request, fingerprint.as_str())? {
            sample.settled = Settled::Rejected("duplicate".into());
            sample.messages.clear();
            sample.verdict = Verdict::new(
                Outcome::Correct,
                format!("right, but the same text as {other} after normalisation"),
            )
            .with("duplicate_of", other)
            .with("fingerprint", fingerprint.as_str());
        }
        Some(fingerprint)
    } else {
        None
    };
    let fingerprint = fingerprint.as_ref().filter(|_| sample.is_accepted());
    store.settle(&sample, job, fingerprint.map(|f| f.as_str()))?;
    Ok(())
}
