//! The rows of JSONL and Parquet files, as JSON objects.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use arrow_array::{RecordBatch, RecordBatchReader};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Map, Value};

use super::files::Fault;
use crate::MixError;

/// The longest line of a JSONL file, and the longest text of a document.
pub(crate) const DOCUMENT_BYTES: u64 = 64 << 20;

/// The columns that are read; others may be of types that have no JSON form.
const COLUMNS: [&str; 5] = ["id", "domain", "kind", "text", "messages"];

/// Rows that are decoded at a time.
const BATCH: usize = 256;

/// Hands on each row of a file with its place: the file and the line or row, from 1.
pub(crate) fn each_row(
    file: &Path,
    fault: impl Fn(Fault) -> MixError,
    each: impl FnMut(String, Map<String, Value>) -> Result<(), MixError>,
) -> Result<(), MixError> {
    match file.extension() {
        Some(extension) if extension == "parquet" => parquet_rows(file, fault, each),
        _ => jsonl_rows(file, fault, each),
    }
}

fn jsonl_rows(
    file: &Path,
    fault: impl Fn(Fault) -> MixError,
    mut each: impl FnMut(String, Map<String, Value>) -> Result<(), MixError>,
) -> Result<(), MixError> {
    let open = File::open(file).map_err(|e| fault((file.display().to_string(), e.to_string())))?;
    let mut reader = BufReader::new(open);
    let mut line = String::new();
    for number in 1u64.. {
        line.clear();
        let place = || format!("{}:{number}", file.display());
        let failed = |reason: &dyn ToString| fault((place(), reason.to_string()));
        let mut bounded = Read::take(&mut reader, DOCUMENT_BYTES);
        let read = bounded.read_line(&mut line).map_err(|e| failed(&e))?;
        if read == 0 {
            break;
        }
        if read as u64 == DOCUMENT_BYTES && !line.ends_with('\n') {
            return Err(failed(&"the line is longer than 64 MiB; split it"));
        }
        if line.trim().is_empty() {
            continue;
        }
        each(place(), serde_json::from_str(&line).map_err(|e| failed(&e))?)?;
    }
    Ok(())
}

fn parquet_rows(
    file: &Path,
    fault: impl Fn(Fault) -> MixError,
    mut each: impl FnMut(String, Map<String, Value>) -> Result<(), MixError>,
) -> Result<(), MixError> {
    let failed = |reason: &dyn ToString| fault((file.display().to_string(), reason.to_string()));
    let open = File::open(file).map_err(|e| failed(&e))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(open).map_err(|e| failed(&e))?;
    let columns = ProjectionMask::columns(builder.parquet_schema(), COLUMNS);
    let reader =
        builder.with_projection(columns).with_batch_size(BATCH).build().map_err(|e| failed(&e))?;
    let known = ["text", "messages"];
    if !reader.schema().fields().iter().any(|field| known.contains(&field.name().as_str())) {
        return Err(failed(&"has neither a text nor a messages column"));
    }
    let mut number = 0u64;
    for batch in reader {
        let batch = batch.map_err(|e| failed(&e))?;
        for row in objects(&batch).map_err(|e| failed(&e))? {
            number += 1;
            each(format!("{}:{number}", file.display()), row)?;
        }
    }
    Ok(())
}

/// The rows of a batch as JSON objects, nulls left out.
fn objects(batch: &RecordBatch) -> Result<Vec<Map<String, Value>>, Box<dyn std::error::Error>> {
    let mut bytes = Vec::new();
    let mut writer = arrow_json::LineDelimitedWriter::new(&mut bytes);
    writer.write(batch)?;
    writer.finish()?;
    let rows = serde_json::Deserializer::from_slice(&bytes).into_iter();
    Ok(rows.collect::<Result<_, _>>()?)
}
