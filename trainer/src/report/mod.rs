//! `report.html`: a run as a picture, in one file that needs no network.

mod chart;
mod documents;
mod page;

use std::path::Path;

use crate::data::PackingReport;
use crate::files;
use crate::run::{Plan, RunError, StepRecord};

/// Writes the report of a run from its plan, what is known of its documents, and the steps so far.
///
/// # Errors
/// What the file system reports, or a chart that cannot be drawn.
pub fn write(
    path: &Path,
    plan: &Plan,
    packing: Option<&PackingReport>,
    steps: &[StepRecord],
) -> Result<(), RunError> {
    let text = page::html(plan, packing, steps)
        .map_err(|problem| RunError::Report { path: path.to_owned(), problem })?;
    Ok(files::write_whole(path, text.as_bytes())?)
}
