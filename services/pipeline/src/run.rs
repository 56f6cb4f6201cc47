//! Runs one request: items side by side, settled in the order of the plan.

use std::sync::Arc;

use futures::{TryStreamExt, stream};
use lehr_record::{Outcome, RequestId, Sample, Settled, Verdict};
use lehr_store::PendingItem;

use crate::work::{MODEL, VERIFIER};
use crate::{PipelineError, Workshop, plan, work};

/// The most items of a request between the plan and the journal.
pub const WINDOW: usize = 256;

/// So many items in a row that failed by the model's or the verifier's fault end the request.
const FAILURES: u32 = 16;

/// Plans the request if that is still to be done, then works on it until every item is settled.
/// Calls `changed` after each item.
///
/// # Errors
/// What keeps the request from going on. What was settled before stays.
pub(crate) async fn run(
    workshop: &Arc<Workshop>,
    id: &RequestId,
    changed: impl Fn(),
) -> Result<(), PipelineError> {
    let spec = {
        let (workshop, id) = (Arc::clone(workshop), id.clone());
        // A long plan takes seconds.
        tokio::task::spawn_blocking(move || plan::prepare(&workshop, &id)).await
    };
    let spec = &spec.map_err(|died| PipelineError::Worker(died.to_string()))??;
    changed();
    let mut samples = std::pin::pin!(
        pending(workshop, id)
            .map_ok(|item| async move {
                let sample = work::work(workshop, id, spec, &item).await?;
                Ok((item.job, sample))
            })
            .try_buffered(WINDOW)
    );
    let mut failures = 0;
    while let Some((job, sample)) = samples.try_next().await? {
        let broken =
            broken_part(&sample).map(|part| (part.to_owned(), sample.verdict.reason.clone()));
        failures = if broken.is_some() { failures + 1 } else { 0 };
        settle(workshop, job, sample)?;
        changed();
        if let Some((part, last)) = broken.filter(|_| failures >= FAILURES) {
            return Err(PipelineError::Broken { part, items: failures, last });
        }
    }
    Ok(())
}

/// The part of ours by whose fault an item failed.
fn broken_part(sample: &Sample) -> Option<&str> {
    match &sample.settled {
        Settled::Failed(reason) => Some(reason.as_str()).filter(|r| [MODEL, VERIFIER].contains(r)),
        _ => None,
    }
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
