//! Benchmark files: JSONL or Parquet, in whatever columns their publishers chose.
//!
//! A file is read completely or not at all. A row that gives no text to look for is an error, not a
//! row to pass over: an item that was silently left out would be an item that leaks.

mod columns;
mod final_answer;
mod item;
mod part;

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use lehr_record::{BenchmarkColumns, Digest, Hasher};
use serde_json::{Map, Value};

use crate::HygieneError;
use crate::criteria::ANSWER_WORDS;
use crate::rows::{RowFault, Rows, identifier};
use columns::{Columns, Values};

pub use columns::{
    ANSWER_FIELDS, CHOICE_FIELDS, CODE_FIELDS, ID_FIELDS, QUESTION_FIELDS, SOLUTION_FIELDS,
};
pub use part::{ItemText, Part};

/// The most bytes of one text of an item. The longest item decides how much of a text is held in
/// memory while it is checked.
const ITEM_BYTES: usize = 4 << 20;

/// What a benchmark's file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BenchmarkFile {
    /// The number of items.
    pub items: u64,
    /// The number of their texts.
    pub texts: u64,
    /// The digest of the texts, whatever their order.
    pub content: Digest,
}

impl BenchmarkFile {
    /// Hands on every text of every item, in the order of the file. One row is in memory, and 32
    /// bytes for each text.
    ///
    /// An identifier that occurs again gets `#2`, `#3` and so on, so that no two items are taken for
    /// one.
    ///
    /// # Errors
    /// When the file cannot be read or has no items; when it or a row lacks a column that was named,
    /// gives no text to look for, or one that is too long. What `each` returns.
    pub fn read<E: From<HygieneError>>(
        path: &Path,
        named: &BenchmarkColumns,
        mut each: impl FnMut(ItemText) -> Result<(), E>,
    ) -> Result<Self, E> {
        let rows = Rows::open(path).map_err(HygieneError::from)?;
        let reader = Reader {
            path,
            columns: Columns::new(named),
            present: rows.columns().map(<[_]>::to_vec),
        };
        reader.check_schema()?;
        let read = reader.present.as_ref().map(|present| reader.columns.of_file(present));
        let mut ids = Ids::default();
        let (mut items, mut numbers) = (0, Vec::new());
        rows.each::<Stop<E>>(&read.unwrap_or_default(), |number, row| {
            let values = reader.values(number, &row)?;
            let item = ids.distinct(id(&values, number));
            let texts = item::texts(&item, &values);
            reader.check_texts(number, &row, &texts)?;
            items += 1;
            for text in texts {
                numbers.push(text.number());
                each(text).map_err(Stop::Caller)?;
            }
            Ok(())
        })
        .map_err(Stop::into_error)?;
        if items == 0 {
            return Err(HygieneError::NoItems { path: path.to_owned() }.into());
        }
        numbers.sort_unstable();
        let content = Digest::of_json(&numbers);
        Ok(Self { items, texts: numbers.len() as u64, content })
    }
}

/// Ends the reading of rows.
enum Stop<E> {
    Fault(HygieneError),
    Caller(E),
}

impl<E: From<HygieneError>> Stop<E> {
    fn into_error(self) -> E {
        match self {
            Self::Fault(error) => error.into(),
            Self::Caller(error) => error,
        }
    }
}

impl<E> From<HygieneError> for Stop<E> {
    fn from(error: HygieneError) -> Self {
        Self::Fault(error)
    }
}

impl<E> From<RowFault> for Stop<E> {
    fn from(fault: RowFault) -> Self {
        Self::Fault(fault.into())
    }
}

/// One reading of one file.
struct Reader<'a> {
    path: &'a Path,
    columns: Columns<'a>,
    /// The columns of a Parquet file.
    present: Option<Vec<String>>,
}

impl Reader<'_> {
    fn place(&self, number: u64) -> String {
        format!("{}:{number}", self.path.display())
    }

    /// A Parquet file has a column in all rows or in none.
    fn check_schema(&self) -> Result<(), HygieneError> {
        let Some(present) = &self.present else { return Ok(()) };
        match self.columns.missing(|name| present.iter().any(|there| there == name)) {
            None => Ok(()),
            Some(column) => Err(HygieneError::MissingColumn {
                place: self.path.display().to_string(),
                column: column.to_owned(),
                found: present.join(", "),
            }),
        }
    }

    fn values<'r>(
        &self,
        number: u64,
        row: &'r Map<String, Value>,
    ) -> Result<Values<'r>, HygieneError> {
        let missing = self.columns.missing(|name| row.contains_key(name));
        match missing.filter(|_| self.present.is_none()) {
            None => Ok(self.columns.values(row)),
            Some(column) => Err(HygieneError::MissingColumn {
                place: self.place(number),
                column: column.to_owned(),
                found: self.found(row),
            }),
        }
    }

    fn check_texts(
        &self,
        number: u64,
        row: &Map<String, Value>,
        texts: &[ItemText],
    ) -> Result<(), HygieneError> {
        if texts.is_empty() {
            return Err(HygieneError::NoText {
                place: self.place(number),
                found: self.found(row),
                known_questions: QUESTION_FIELDS.join(", "),
                answer_words: ANSWER_WORDS,
                known_answers: [ANSWER_FIELDS, SOLUTION_FIELDS, CODE_FIELDS].concat().join(", "),
            });
        }
        match texts.iter().find(|text| text.text.len() > ITEM_BYTES) {
            None => Ok(()),
            Some(long) => Err(HygieneError::Row(RowFault {
                place: self.place(number),
                reason: format!(
                    "the {} has {} bytes, the most is {ITEM_BYTES}; shorten it or leave the column out",
                    long.part.as_str(),
                    long.text.len()
                ),
            })),
        }
    }

    /// The names of the columns that there are.
    fn found(&self, row: &Map<String, Value>) -> String {
        match &self.present {
            Some(present) => present.join(", "),
            None => row.keys().map(String::as_str).collect::<Vec<_>>().join(", "),
        }
    }
}

fn id(values: &Values<'_>, number: u64) -> String {
    let given = values.id.iter().find_map(|value| identifier(value));
    given.filter(|id| !id.trim().is_empty()).unwrap_or_else(|| number.to_string())
}

/// The identifiers given so far, by digest, each with how often it came.
#[derive(Default)]
struct Ids(HashMap<u128, u64>);

impl Ids {
    /// The identifier, or with a number that makes it another than those before.
    fn distinct(&mut self, id: String) -> String {
        let key = |id: &str| Digest::of_bytes(id.as_bytes()).number();
        let Some(mut count) = self.0.get(&key(&id)).copied() else {
            self.0.insert(key(&id), 1);
            return id;
        };
        loop {
            count += 1;
            let numbered = format!("{id}#{count}");
            if !self.0.contains_key(&key(&numbered)) {
                self.0.insert(key(&id), count);
                self.0.insert(key(&numbered), 1);
                return numbered;
            }
        }
    }
}

/// A file's bytes, by their digest, and what tells whether it was changed since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileState {
    /// The digest of its bytes.
    pub sha256: Digest,
    stamp: (u64, u64, i64, i64),
}

impl FileState {
    /// Reads a file through.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(path: &Path) -> Result<Self, HygieneError> {
        let failed = |source: io::Error| HygieneError::File { path: path.to_owned(), source };
        let stamp = Self::stamp(path).map_err(failed)?;
        if !fs::metadata(path).map_err(failed)?.is_file() {
            return Err(failed(io::Error::other("it is not a regular file; save it to one first")));
        }
        let mut file = File::open(path).map_err(failed)?;
        let (mut hasher, mut buffer) = (Hasher::default(), vec![0; 1 << 16]);
        loop {
            match file.read(&mut buffer).map_err(failed)? {
                0 => return Ok(Self { sha256: hasher.finish(), stamp }),
                read => hasher.update(&buffer[..read]),
            }
        }
    }

    /// Whether the file is still the same.
    ///
    /// # Errors
    /// When it was changed or cannot be found any more.
    pub fn check(&self, path: &Path) -> Result<(), HygieneError> {
        let changed = || io::Error::other("it was changed while it was read; try again");
        let now = Self::stamp(path);
        match now.and_then(|now| if now == self.stamp { Ok(()) } else { Err(changed()) }) {
            Ok(()) => Ok(()),
            Err(source) => Err(HygieneError::File { path: path.to_owned(), source }),
        }
    }

    fn stamp(path: &Path) -> io::Result<(u64, u64, i64, i64)> {
        let meta = fs::metadata(path)?;
        Ok((meta.ino(), meta.size(), meta.mtime(), meta.mtime_nsec()))
    }
}

#[cfg(test)]
mod tests;
