//! Reads the documents of a dataset: accepted samples of a request, JSONL or Parquet files.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use arrow_array::RecordBatchReader;
use lehr_record::{DatasetSource, Message, RecipeDataset, Role};
use lehr_store::{SampleFilter, Store};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Map, Value, json};

use super::{Body, Document};
use crate::MixError;

/// The longest line of a JSONL file, and so the longest document.
const LINE_BYTES: u64 = 64 << 20;

/// Reads a dataset, handing each document on as it comes.
pub(crate) fn read(
    store: &Store,
    dataset: &RecipeDataset,
    mut each: impl FnMut(Document) -> Result<(), MixError>,
) -> Result<(), MixError> {
    match &dataset.source {
        DatasetSource::Request(request) => {
            let mut filter = SampleFilter {
                state: Some("accepted".into()),
                domain: dataset.domain,
                after: None,
            };
            loop {
                let page = store.samples(request, &filter, 500)?;
                let Some(last) = page.last() else { return Ok(()) };
                filter.after = Some(last.item);
                for sample in page {
                    each(Document {
                        id: sample.id.to_string(),
                        domain: sample.domain.to_string(),
                        kind: sample.kind,
                        source: dataset.name.clone(),
                        meta: json!({
                            "request": sample.request,
                            "recipe": sample.recipe,
                            "recipe_digest": sample.recipe_digest,
                            "model": sample.model,
                            "seed": sample.seed_digest,
                            "pass_rate": sample.pass_rate,
                            "benchmark_index":
                                sample.contamination.as_ref().map(|c| &c.index_version),
                        })
                        .to_string(),
                        body: Body::Messages(sample.messages),
                    })?;
                }
            }
        }
        DatasetSource::Path(path) => {
            for file in files(dataset, Path::new(path))? {
                let parquet = file.extension().is_some_and(|e| e == "parquet");
                let read = if parquet { read_parquet } else { read_jsonl };
                read(dataset, &file, &mut each)?;
            }
            Ok(())
        }
    }
}

fn failed(dataset: &RecipeDataset, place: impl ToString, reason: impl ToString) -> MixError {
    MixError::Source {
        dataset: dataset.name.clone(),
        place: place.to_string(),
        reason: reason.to_string(),
    }
}

/// The file itself, or the JSONL and Parquet files directly in a directory, by name.
fn files(dataset: &RecipeDataset, path: &Path) -> Result<Vec<PathBuf>, MixError> {
    let failed = |reason: &dyn ToString| failed(dataset, path.display(), reason.to_string());
    if !path.metadata().map_err(|e| failed(&e))?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in path.read_dir().map_err(|e| failed(&e))? {
        let file = entry.map_err(|e| failed(&e))?.path();
        if file.extension().is_some_and(|e| e == "jsonl" || e == "parquet") {
            files.push(file);
        }
    }
    if files.is_empty() {
        return Err(failed(&"holds no .jsonl or .parquet file"));
    }
    files.sort();
    Ok(files)
}

fn read_jsonl(
    dataset: &RecipeDataset,
    file: &Path,
    each: &mut dyn FnMut(Document) -> Result<(), MixError>,
) -> Result<(), MixError> {
    let open = File::open(file).map_err(|e| failed(dataset, file.display(), e))?;
    let mut reader = BufReader::new(open);
    let mut line = String::new();
    for number in 1u64.. {
        line.clear();
        let place = || format!("{}:{number}", file.display());
        let mut bounded = std::io::Read::take(&mut reader, LINE_BYTES);
        let read = bounded.read_line(&mut line).map_err(|e| failed(dataset, place(), e))?;
        if read == 0 {
            break;
        }
        if read as u64 == LINE_BYTES && !line.ends_with('\n') {
            return Err(failed(dataset, place(), "the line is longer than 64 MiB; split it"));
        }
        if line.trim().is_empty() {
            continue;
        }
        let row: Map<String, Value> =
            serde_json::from_str(&line).map_err(|e| failed(dataset, place(), e))?;
        each(document(dataset, place(), row)?)?;
    }
    Ok(())
}

fn read_parquet(
    dataset: &RecipeDataset,
    file: &Path,
    each: &mut dyn FnMut(Document) -> Result<(), MixError>,
) -> Result<(), MixError> {
    let failed_here = |e: &dyn ToString| failed(dataset, file.display(), e.to_string());
    let open = File::open(file).map_err(|e| failed_here(&e))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(open)
        .and_then(|builder| builder.with_batch_size(1024).build())
        .map_err(|e| failed_here(&e))?;
    let known = ["text", "messages"];
    if !reader.schema().fields().iter().any(|field| known.contains(&field.name().as_str())) {
        return Err(failed_here(&"has neither a text nor a messages column"));
    }
    let mut number = 0u64;
    for batch in reader {
        let batch = batch.map_err(|e| failed_here(&e))?;
        for row in rows(&batch).map_err(|e| failed_here(&e))? {
            number += 1;
            each(document(dataset, format!("{}:{number}", file.display()), row)?)?;
        }
    }
    Ok(())
}

/// The rows of a batch as JSON objects, nulls left out.
fn rows(
    batch: &arrow_array::RecordBatch,
) -> Result<Vec<Map<String, Value>>, Box<dyn std::error::Error>> {
    let mut bytes = Vec::new();
    let mut writer = arrow_json::LineDelimitedWriter::new(&mut bytes);
    writer.write(batch)?;
    writer.finish()?;
    let rows = serde_json::Deserializer::from_slice(&bytes).into_iter();
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Makes a document of a row; its id is the row's own `id`, else its place.
fn document(
    dataset: &RecipeDataset,
    place: String,
    mut row: Map<String, Value>,
) -> Result<Document, MixError> {
    let body = match (row.remove("text"), row.remove("messages")) {
        (Some(Value::String(text)), None | Some(Value::Null)) => Body::Text(text),
        (None | Some(Value::Null), Some(messages)) => {
            let messages: Vec<Message> = serde_json::from_value(messages)
                .map_err(|e| failed(dataset, &place, format!("messages: {e}")))?;
            if !messages.iter().any(|m| m.role == Role::Assistant) {
                return Err(failed(dataset, &place, "messages: none is the assistant's"));
            }
            Body::Messages(messages)
        }
        _ => {
            return Err(failed(
                dataset,
                &place,
                "needs exactly one of text (a string) and messages (a list)",
            ));
        }
    };
    let mut text = |name: &str| match row.remove(name) {
        Some(Value::String(text)) => text,
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let (id, domain, kind) = (text("id"), text("domain"), text("kind"));
    // A domain in the recipe names that of a source which does not say.
    let domain = match dataset.domain {
        Some(named) if domain.is_empty() => named.to_string(),
        _ => domain,
    };
    Ok(Document {
        id: if id.is_empty() { place.clone() } else { id },
        domain,
        kind,
        body,
        source: dataset.name.clone(),
        meta: json!({ "place": place }).to_string(),
    })
}
