//! The rows of JSONL and Parquet files, as JSON objects.
//!
//! A file is Parquet when it begins as Parquet does, whatever its name. One row of JSONL, or one
//! batch of Parquet, is in memory.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Map, Value};

/// A file or row that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct RowFault {
    /// The file, with the line or row from 1 where there is one: `FILE:7`.
    pub place: String,
    /// What is wrong, with the remedy.
    pub reason: String,
}

/// A line that is not a JSON object.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {message}")]
pub struct LineFault {
    /// The byte of the line, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

/// The longest line of a JSONL file, and the longest text of a document.
pub const DOCUMENT_BYTES: u64 = 64 << 20;

/// Rows that are decoded at a time.
const BATCH: usize = 256;

/// What Parquet files begin and end with.
const PARQUET: &[u8] = b"PAR1";

/// Hands on each row of a JSONL or Parquet file with its place: the file, with the line or row
/// counted from one. Of Parquet files only the top-level `columns` are read, those that are there;
/// others may be of types that have no JSON form.
///
/// # Errors
/// [`RowFault`] as `E` at the first row that is not one; what `each` returns.
pub fn each_row<E: From<RowFault>>(
    file: &Path,
    columns: &[&str],
    mut each: impl FnMut(String, Map<String, Value>) -> Result<(), E>,
) -> Result<(), E> {
    let rows = Rows::open(file)?;
    rows.each(columns, |number, row| each(format!("{}:{number}", file.display()), row))
}

/// A file of rows, opened.
pub struct Rows {
    path: PathBuf,
    form: Form,
}

enum Form {
    Jsonl(File),
    Parquet(Box<ParquetRecordBatchReaderBuilder<File>>, Vec<String>),
}

impl Rows {
    /// Opens a file and sees what it is.
    ///
    /// # Errors
    /// When it cannot be read, is compressed, or is Parquet that is cut off or damaged.
    pub fn open(path: &Path) -> Result<Self, RowFault> {
        let fault = |reason: String| RowFault { place: path.display().to_string(), reason };
        let form = Form::of(path).map_err(fault)?;
        Ok(Self { path: path.to_owned(), form })
    }

    /// The names of the top-level columns. JSONL has none but those of each row.
    pub fn columns(&self) -> Option<&[String]> {
        match &self.form {
            Form::Jsonl(_) => None,
            Form::Parquet(_, columns) => Some(columns),
        }
    }

    /// Hands on each row with its number: of the line, or the row of a Parquet file, from 1. Blank
    /// lines are passed over. Of Parquet files the top-level `columns` are read, those that are
    /// there, and nulls are left out.
    ///
    /// # Errors
    /// [`RowFault`] as `E` at the first row that is not one; what `each` returns.
    pub fn each<E: From<RowFault>>(
        self,
        columns: &[&str],
        each: impl FnMut(u64, Map<String, Value>) -> Result<(), E>,
    ) -> Result<(), E> {
        match self.form {
            Form::Jsonl(file) => jsonl_rows(&self.path, file, each),
            Form::Parquet(builder, _) => parquet_rows(&self.path, *builder, columns, each),
        }
    }
}

impl Form {
    fn of(path: &Path) -> Result<Self, String> {
        let mut file = File::open(path).map_err(|e| e.to_string())?;
        let mut start = Vec::new();
        Read::take(&mut file, 6).read_to_end(&mut start).map_err(|e| e.to_string())?;
        file.rewind().map_err(|e| e.to_string())?;
        let compressed = [
            (&b"\x1f\x8b"[..], "gzip"),
            (b"\x28\xb5\x2f\xfd", "zstd"),
            (b"BZh", "bzip2"),
            (b"\xfd7zXZ\0", "xz"),
            (b"PK\x03\x04", "zip"),
        ];
        if let Some((_, name)) = compressed.iter().find(|(magic, _)| start.starts_with(magic)) {
            return Err(format!("the file is compressed with {name}; decompress it first"));
        }
        if start.starts_with(PARQUET) {
            return guarded(|| {
                let builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
                let columns = builder.schema().fields().iter().map(|f| f.name().clone()).collect();
                Ok(Self::Parquet(Box::new(builder), columns))
            })
            .map_err(|e| damaged(&e));
        }
        if path.extension().is_some_and(|extension| extension == "parquet") {
            let reason = "the file does not begin as Parquet does; \
                          if it is JSONL, name it so, else fetch it again";
            return Err(reason.to_owned());
        }
        Ok(Self::Jsonl(file))
    }
}

fn damaged(error: &str) -> String {
    format!("the Parquet file is cut off or damaged ({error}); fetch it again")
}

/// The decoder panics on some damaged files; to a caller that is one more way of being damaged.
fn guarded<T>(read: impl FnOnce() -> Result<T, Box<dyn std::error::Error>>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(_) => Err("it cannot be decoded".to_owned()),
    }
}

fn jsonl_rows<E: From<RowFault>>(
    path: &Path,
    file: File,
    mut each: impl FnMut(u64, Map<String, Value>) -> Result<(), E>,
) -> Result<(), E> {
    let mut reader = BufReader::with_capacity(1 << 16, file);
    let mut line = Vec::new();
    for number in 1u64.. {
        let fault =
            |reason: String| RowFault { place: format!("{}:{number}", path.display()), reason };
        if !read_line(&mut reader, &mut line).map_err(|e| fault(e.to_string()))? {
            break;
        }
        match parse_line(&line, number) {
            Ok(None) => {}
            Ok(Some(row)) => each(number, row)?,
            Err(error) if number == 1 && line.trim_ascii_start().starts_with(b"[") => {
                let reason = format!(
                    "{error}; a JSON array is not read: write one object a line, \
                     as `jq -c '.[]' FILE` does"
                );
                return Err(fault(reason).into());
            }
            Err(error) => {
                return Err(fault(format!("{error}; every line must be one JSON object")).into());
            }
        }
    }
    Ok(())
}

/// Reads the next line; `false` at the end of the file.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let mut bounded = Read::take(reader, DOCUMENT_BYTES + 1);
    bounded.read_until(b'\n', line)?;
    if line.len() as u64 > DOCUMENT_BYTES {
        let reason = format!("the line is longer than {} MiB; split it", DOCUMENT_BYTES >> 20);
        return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
    }
    Ok(!line.is_empty())
}

/// Reads a line of JSONL as an object; `None` when it is blank. A byte order mark before line 1 is
/// passed over.
///
/// # Errors
/// When it is not UTF-8, not JSON or not an object.
pub fn parse_line(line: &[u8], number: u64) -> Result<Option<Map<String, Value>>, LineFault> {
    let mark = b"\xef\xbb\xbf";
    let skipped = if number == 1 && line.starts_with(mark) { mark.len() } else { 0 };
    let text = std::str::from_utf8(&line[skipped..]).map_err(|error| LineFault {
        column: skipped + error.valid_up_to() + 1,
        message: "the line is not UTF-8 from this byte on; convert the file".to_owned(),
    })?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Ok(Some(object)),
        Ok(_) => {
            let message = "the line is JSON, but not an object".to_owned();
            Err(LineFault { column: 1, message })
        }
        Err(error) => {
            // The parser counts its own lines; only the column is of use here.
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
            Err(LineFault { column: skipped + error.column(), message })
        }
    }
}

/// An identifier as people write one: a string or a number.
pub fn identifier(value: &Value) -> Option<String> {
    match value {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

fn parquet_rows<E: From<RowFault>>(
    path: &Path,
    builder: ParquetRecordBatchReaderBuilder<File>,
    columns: &[&str],
    mut each: impl FnMut(u64, Map<String, Value>) -> Result<(), E>,
) -> Result<(), E> {
    let fault =
        |reason: String| RowFault { place: path.display().to_string(), reason: damaged(&reason) };
    let wanted = builder.schema().fields().iter().enumerate();
    let wanted = wanted.filter(|(_, field)| columns.contains(&field.name().as_str()));
    let roots: Vec<_> = wanted.map(|(at, _)| at).collect();
    let mask = ProjectionMask::roots(builder.parquet_schema(), roots);
    let mut reader =
        guarded(|| Ok(builder.with_projection(mask).with_batch_size(BATCH).build()?))
            .map_err(fault)?;
    let mut number = 0u64;
    while let Some(rows) =
        guarded(|| Ok(reader.next().transpose()?.map(|b| objects(&b)).transpose()?))
            .map_err(fault)?
    {
        for row in rows {
            number += 1;
            each(number, row)?;
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

#[cfg(test)]
mod tests;
