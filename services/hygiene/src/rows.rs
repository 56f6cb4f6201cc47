//! The rows of JSONL and Parquet files, as JSON objects.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use arrow_array::RecordBatch;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Map, Value};

/// A file or row that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct RowFault {
    /// The file, with the line or row from 1 where there is one.
    pub place: String,
    /// What is wrong, with the remedy.
    pub reason: String,
}

/// The longest line of a JSONL file, and the longest text of a document.
pub const DOCUMENT_BYTES: u64 = 64 << 20;

/// Rows that are decoded at a time.
const BATCH: usize = 256;

/// Hands on each row of a JSONL or Parquet file with its place: the file, with the line or row
/// counted from one. Of Parquet files only the top-level `columns` are read, those that are there;
/// others may be of types that have no JSON form. One row of JSONL, or one batch of Parquet, is in
/// memory.
///
/// # Errors
/// [`RowFault`] as `E` at the first row that is not one; what `each` returns.
pub fn each_row<E: From<RowFault>>(
    file: &Path,
    columns: &[&str],
    each: impl FnMut(String, Map<String, Value>) -> Result<(), E>,
) -> Result<(), E> {
    match file.extension() {
        Some(extension) if extension == "parquet" => parquet_rows(file, columns, each),
        _ => jsonl_rows(file, each),
    }
}

fn fault(place: String, reason: &dyn ToString) -> RowFault {
    RowFault { place, reason: reason.to_string() }
}

fn jsonl_rows<E: From<RowFault>>(
    file: &Path,
    mut each: impl FnMut(String, Map<String, Value>) -> Result<(), E>,
) -> Result<(), E> {
    let open = File::open(file).map_err(|e| fault(file.display().to_string(), &e))?;
    let mut reader = BufReader::new(open);
    let mut line = String::new();
    for number in 1u64.. {
        line.clear();
        let place = || format!("{}:{number}", file.display());
        let mut bounded = Read::take(&mut reader, DOCUMENT_BYTES);
        let read = bounded.read_line(&mut line).map_err(|e| fault(place(), &e))?;
        if read == 0 {
            break;
        }
        if read as u64 == DOCUMENT_BYTES && !line.ends_with('\n') {
            return Err(fault(place(), &"the line is longer than 64 MiB; split it").into());
        }
        if line.trim().is_empty() {
            continue;
        }
        each(place(), serde_json::from_str(&line).map_err(|e| fault(place(), &e))?)?;
    }
    Ok(())
}

fn parquet_rows<E: From<RowFault>>(
    file: &Path,
    columns: &[&str],
    mut each: impl FnMut(String, Map<String, Value>) -> Result<(), E>,
) -> Result<(), E> {
    let failed = |reason: &dyn ToString| fault(file.display().to_string(), reason);
    let open = File::open(file).map_err(|e| failed(&e))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(open).map_err(|e| failed(&e))?;
    let columns = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
    let reader =
        builder.with_projection(columns).with_batch_size(BATCH).build().map_err(|e| failed(&e))?;
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
