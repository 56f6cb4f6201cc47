//! Reads the documents of a dataset: accepted samples of a request, JSONL or Parquet files.

use std::path::Path;

use lehr_hygiene::rows::{RowFault, each_row};
use lehr_record::{DatasetSource, Hasher, MixSource, RecipeDataset, RequestId, Sample};
use lehr_store::{SampleFilter, Store};
use serde_json::json;

use super::files::{Fault, SourceFile, files};
use super::row::{self, COLUMNS};
use super::{Body, Document};
use crate::MixError;

/// What comes of a dataset.
#[derive(Debug)]
pub(crate) enum Found {
    /// A document.
    Document(Document),
    /// A document of another domain or kind than the recipe asks for.
    OtherKind,
    /// All documents of a file or request have come.
    Source(MixSource),
}

/// Why reading a file stopped.
enum Stop {
    Row(RowFault),
    Mix(MixError),
}

impl From<RowFault> for Stop {
    fn from(fault: RowFault) -> Self {
        Self::Row(fault)
    }
}

/// Samples that are read at a time.
const PAGE: u32 = 500;

/// Reads a dataset, handing on what is found as it comes. Mixes lie in the directory `mixes`.
pub(crate) fn read(
    store: &Store,
    mixes: &Path,
    dataset: &RecipeDataset,
    mut each: impl FnMut(Found) -> Result<(), MixError>,
) -> Result<(), MixError> {
    let failed =
        |(place, reason): Fault| MixError::Source { dataset: dataset.name.clone(), place, reason };
    let of_mix;
    let path = match &dataset.source {
        DatasetSource::Request(request) => return read_samples(store, dataset, request, each),
        DatasetSource::Path(path) => Path::new(path),
        DatasetSource::Mix(mix) => {
            of_mix = mixes.join(mix);
            if !of_mix.join("mix.json").exists() {
                return Err(MixError::NoMix { dataset: dataset.name.clone(), mix: mix.clone() });
            }
            &of_mix
        }
    };
    for file in files(path).map_err(failed)? {
        read_file(&file, dataset, &mut each).map_err(|stop| match stop {
            Stop::Row(RowFault { place, reason }) => failed((place, reason)),
            Stop::Mix(error) => error,
        })?;
        file.unchanged().map_err(failed)?;
        let SourceFile { name, sha256, .. } = file;
        each(Found::Source(MixSource { dataset: dataset.name.clone(), name, sha256 }))?;
    }
    Ok(())
}

fn read_file(
    file: &SourceFile,
    dataset: &RecipeDataset,
    mut each: impl FnMut(Found) -> Result<(), MixError>,
) -> Result<(), Stop> {
    let mut columns = COLUMNS.to_vec();
    columns.extend(dataset.difficulty.as_deref());
    let directory = file.path.parent().unwrap_or(Path::new(""));
    each_row(&file.path, &columns, |place, row| {
        // The name of the file with the line or row in it: the same wherever the data lies.
        let inside = Path::new(&place).strip_prefix(directory).unwrap_or(Path::new(&place));
        let read = row::document(dataset, &inside.to_string_lossy(), row);
        each(read.map_err(|reason| RowFault { place, reason })?).map_err(Stop::Mix)
    })
}

fn read_samples(
    store: &Store,
    dataset: &RecipeDataset,
    request: &RequestId,
    mut each: impl FnMut(Found) -> Result<(), MixError>,
) -> Result<(), MixError> {
    let mut filter =
        SampleFilter { state: Some("accepted".into()), domain: dataset.domain, after: None };
    let mut hasher = Hasher::default();
    loop {
        let page = store.samples(request, &filter, PAGE)?;
        let Some(last) = page.last() else { break };
        filter.after = Some(last.item);
        for sample in page {
            let document = sample_document(dataset, sample);
            hasher.update(document.meta.as_bytes());
            hasher.update(document.text().as_bytes());
            each(match &dataset.kind {
                Some(kind) if *kind != document.kind => Found::OtherKind,
                _ => Found::Document(document),
            })?;
        }
    }
    each(Found::Source(MixSource {
        dataset: dataset.name.clone(),
        name: request.to_string(),
        sha256: hasher.finish(),
    }))
}

fn sample_document(dataset: &RecipeDataset, sample: Sample) -> Document {
    let meta = json!({
        "request": sample.request,
        "recipe": sample.recipe,
        "recipe_digest": sample.recipe_digest,
        "model": sample.model,
        "seed": sample.seed_digest,
        "pass_rate": sample.pass_rate,
        "benchmark_index": sample.contamination.as_ref().map(|c| &c.index_version),
    });
    Document {
        id: sample.id.to_string(),
        domain: sample.domain.to_string(),
        kind: sample.kind,
        source: dataset.name.clone(),
        difficulty: row::difficulty(dataset, &meta),
        meta: meta.to_string(),
        body: Body::Messages(sample.messages),
    }
}
