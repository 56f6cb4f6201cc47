//! Documents on their way into a mix, kept on the disk: a mix may be larger than memory.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::Document;

/// A file without a name, gone however the process ends.
pub(crate) struct Spool {
    file: BufWriter<File>,
    end: u64,
}

/// Where a document lies in the spool, and what deciding about it needs: all that is in memory of
/// it, 24 bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    start: u64,
    bytes: u32,
    /// [`Document::tokens`].
    pub tokens: u32,
    /// How hard it is, from 0 to 1; not a number when unknown.
    pub difficulty: f32,
    /// The number of its dataset in the recipe.
    pub dataset: u16,
}

impl Spool {
    /// An empty spool on the disk of a directory.
    pub fn new(directory: &Path) -> io::Result<Self> {
        Ok(Self { file: BufWriter::new(tempfile::tempfile_in(directory)?), end: 0 })
    }

    /// Takes in a document of the dataset of that number.
    pub fn keep(&mut self, document: &Document, dataset: u16) -> io::Result<Place> {
        let json = serde_json::to_vec(document)?;
        self.file.write_all(&json)?;
        let short = |length: u64| u32::try_from(length).map_err(io::Error::other);
        let place = Place {
            start: self.end,
            bytes: short(json.len() as u64)?,
            tokens: short(document.tokens())?,
            difficulty: document.difficulty.unwrap_or(f32::NAN),
            dataset,
        };
        self.end += json.len() as u64;
        Ok(place)
    }

    /// Ends the writing.
    pub fn finish(self) -> io::Result<Shelf> {
        Ok(Shelf(self.file.into_inner().map_err(io::IntoInnerError::into_error)?))
    }
}

#[cfg(test)]
impl Place {
    /// A place where nothing lies.
    pub fn empty(dataset: u16, difficulty: f32) -> Self {
        Self { start: 0, bytes: 0, tokens: 1, difficulty, dataset }
    }
}

/// The documents of a spool, to be read in any order.
pub(crate) struct Shelf(File);

impl Shelf {
    /// Reads a document back, but for its difficulty.
    pub fn read(&self, place: Place) -> io::Result<Document> {
        let mut json = vec![0; place.bytes as usize];
        self.0.read_exact_at(&mut json, place.start)?;
        Ok(serde_json::from_slice(&json)?)
    }
}
