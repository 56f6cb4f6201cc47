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

/// Where a document lies in the spool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    start: u64,
    bytes: usize,
    /// [`Document::tokens`].
    pub tokens: u64,
}

impl Spool {
    /// An empty spool on the disk of a directory.
    pub fn new(directory: &Path) -> io::Result<Self> {
        Ok(Self { file: BufWriter::new(tempfile::tempfile_in(directory)?), end: 0 })
    }

    /// Takes a document in.
    pub fn keep(&mut self, document: &Document) -> io::Result<Place> {
        let json = serde_json::to_vec(document)?;
        self.file.write_all(&json)?;
        let place = Place { start: self.end, bytes: json.len(), tokens: document.tokens() };
        self.end += json.len() as u64;
        Ok(place)
    }

    /// Ends the writing.
    pub fn finish(self) -> io::Result<Shelf> {
        Ok(Shelf(self.file.into_inner().map_err(io::IntoInnerError::into_error)?))
    }
}

/// The documents of a spool, to be read in any order.
pub(crate) struct Shelf(File);

impl Shelf {
    /// Reads a document back.
    pub fn read(&self, place: Place) -> io::Result<Document> {
        let mut json = vec![0; place.bytes];
        self.0.read_exact_at(&mut json, place.start)?;
        Ok(serde_json::from_slice(&json)?)
    }
}
