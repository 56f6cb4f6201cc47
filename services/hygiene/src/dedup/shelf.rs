//! Sketches on the disk.
//!
//! Three files that only grow: `sets` (shingles, one set after another), `entries` (a record a document) and
//! `bands` (blocks of a few thousand documents, band by band, so that one band can be read without the
//! others). `committed.json`, replaced as a whole, says how much of each counts: what a crash left behind
//! it is cut off.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Sketch;
use super::sketch::BANDS;
use crate::HygieneError;

/// Documents of one block of bands.
const BLOCK: usize = 4096;

/// Bytes of a record of `entries`.
const RECORD: usize = 48;

/// Changes with the sketches, so that those of another version are refused.
const FORMAT: u32 = 1;

/// What counts.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Committed {
    format: u32,
    sets: u64,
    entries: u64,
    bands: u64,
}

/// A document without its shingles.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    /// Its number.
    pub id: u64,
    /// How good it is.
    pub quality: f32,
    /// See [`Sketch::numbers`].
    pub numbers: u64,
    /// See [`Sketch::exact`].
    pub exact: u128,
    /// Where its set begins, in bytes.
    start: u64,
    /// The number of its shingles.
    pub shingles: u32,
}

/// Sketches on the disk.
#[derive(Debug)]
pub(crate) struct Shelf {
    dir: PathBuf,
    sets: Growing,
    entries: Growing,
    bands: Growing,
    /// The bands of the documents that are not in a block yet.
    open: Vec<[u64; BANDS]>,
    count: usize,
}

impl Shelf {
    /// Opens what was committed in a directory.
    pub fn open(dir: &Path) -> Result<Self, HygieneError> {
        let failed = |source| HygieneError::Sketches { dir: dir.to_owned(), source };
        std::fs::create_dir_all(dir).map_err(failed)?;
        let committed = match std::fs::read(dir.join("committed.json")) {
            Ok(json) => serde_json::from_slice(&json).map_err(|e| failed(e.into()))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Committed { format: FORMAT, sets: 0, entries: 0, bands: 0 }
            }
            Err(error) => return Err(failed(error)),
        };
        if committed.format != FORMAT {
            let other =
                "they are of another version; remove the directory and add the documents again";
            return Err(failed(io::Error::other(other)));
        }
        let file = |name: &str, length| Growing::open(&dir.join(name), length).map_err(failed);
        Ok(Self {
            dir: dir.to_owned(),
            sets: file("sets", committed.sets)?,
            entries: file("entries", committed.entries)?,
            bands: file("bands", committed.bands)?,
            open: Vec::new(),
            count: committed.entries as usize / RECORD,
        })
    }

    /// The number of documents.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Takes a sketch in.
    pub fn add(&mut self, id: u64, sketch: &Sketch, quality: f32) -> Result<(), HygieneError> {
        let entry = Entry {
            id,
            quality,
            numbers: sketch.numbers,
            exact: sketch.exact,
            start: self.sets.length,
            shingles: sketch.shingles.len() as u32,
        };
        let set: Vec<u8> = sketch.shingles.iter().flat_map(|s| s.to_le_bytes()).collect();
        self.sets.put(&set).map_err(|e| self.failed(e))?;
        self.entries.put(&entry.to_bytes()).map_err(|e| self.failed(e))?;
        self.open.push(sketch.bands);
        self.count += 1;
        if self.open.len() == BLOCK {
            self.close_block()?;
        }
        Ok(())
    }

    /// Writes out what is held in memory.
    pub fn flush(&mut self) -> Result<(), HygieneError> {
        if !self.open.is_empty() {
            self.close_block()?;
        }
        for file in [&mut self.sets, &mut self.entries, &mut self.bands] {
            file.flush()
                .map_err(|source| HygieneError::Sketches { dir: self.dir.clone(), source })?;
        }
        Ok(())
    }

    /// Makes all of it durable.
    pub fn commit(&mut self) -> Result<(), HygieneError> {
        self.flush()?;
        let committed = Committed {
            format: FORMAT,
            sets: self.sets.length,
            entries: self.entries.length,
            bands: self.bands.length,
        };
        let write = || -> io::Result<()> {
            for file in [&self.sets, &self.entries, &self.bands] {
                file.file.sync_all()?;
            }
            let mut aside = tempfile::NamedTempFile::new_in(&self.dir)?;
            serde_json::to_writer(&mut aside, &committed)?;
            aside.as_file().sync_all()?;
            aside.persist(self.dir.join("committed.json"))?;
            File::open(&self.dir)?.sync_all()
        };
        write().map_err(|e| self.failed(e))
    }

    /// All entries, in the order in which they came. [`Self::flush`] goes before.
    pub fn entries(&self) -> Result<Vec<Entry>, HygieneError> {
        let mut reader = self.entries.reader().map_err(|e| self.failed(e))?;
        let mut record = [0; RECORD];
        let mut entries = Vec::with_capacity(self.count);
        for _ in 0..self.count {
            reader.read_exact(&mut record).map_err(|e| self.failed(e))?;
            entries.push(Entry::from_bytes(&record));
        }
        Ok(entries)
    }

    /// One band of all documents, in the order in which they came.
    pub fn band(&self, band: usize) -> Result<Vec<u64>, HygieneError> {
        let read = || -> io::Result<Vec<u64>> {
            let (mut at, mut values) = (0, Vec::with_capacity(self.count));
            while at < self.bands.length {
                let mut head = [0; 4];
                self.bands.file.read_exact_at(&mut head, at)?;
                let documents = u64::from(u32::from_le_bytes(head));
                let mut bytes = vec![0; documents as usize * 8];
                self.bands.file.read_exact_at(&mut bytes, at + 4 + band as u64 * documents * 8)?;
                let (numbers, _) = bytes.as_chunks::<8>();
                values.extend(numbers.iter().map(|number| u64::from_le_bytes(*number)));
                at += 4 + BANDS as u64 * documents * 8;
            }
            Ok(values)
        };
        read().map_err(|e| self.failed(e))
    }

    /// The shingles of a document.
    pub fn set(&self, entry: &Entry) -> Result<Vec<u32>, HygieneError> {
        let mut bytes = vec![0; entry.shingles as usize * 4];
        self.sets.file.read_exact_at(&mut bytes, entry.start).map_err(|e| self.failed(e))?;
        let (numbers, _) = bytes.as_chunks::<4>();
        Ok(numbers.iter().map(|number| u32::from_le_bytes(*number)).collect())
    }

    fn close_block(&mut self) -> Result<(), HygieneError> {
        let mut bytes = Vec::with_capacity(4 + self.open.len() * BANDS * 8);
        bytes.extend((self.open.len() as u32).to_le_bytes());
        for band in 0..BANDS {
            bytes.extend(self.open.iter().flat_map(|bands| bands[band].to_le_bytes()));
        }
        self.open.clear();
        self.bands.put(&bytes).map_err(|e| self.failed(e))
    }

    fn failed(&self, source: io::Error) -> HygieneError {
        HygieneError::Sketches { dir: self.dir.clone(), source }
    }
}

impl Entry {
    fn to_bytes(self) -> [u8; RECORD] {
        let mut bytes = [0; RECORD];
        bytes[..8].copy_from_slice(&self.id.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.numbers.to_le_bytes());
        bytes[16..32].copy_from_slice(&self.exact.to_le_bytes());
        bytes[32..40].copy_from_slice(&self.start.to_le_bytes());
        bytes[40..44].copy_from_slice(&self.shingles.to_le_bytes());
        bytes[44..].copy_from_slice(&self.quality.to_le_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8; RECORD]) -> Self {
        fn part<const N: usize>(bytes: &[u8; RECORD], at: usize) -> [u8; N] {
            std::array::from_fn(|byte| bytes[at + byte])
        }
        Self {
            id: u64::from_le_bytes(part(bytes, 0)),
            numbers: u64::from_le_bytes(part(bytes, 8)),
            exact: u128::from_le_bytes(part(bytes, 16)),
            start: u64::from_le_bytes(part(bytes, 32)),
            shingles: u32::from_le_bytes(part(bytes, 40)),
            quality: f32::from_le_bytes(part(bytes, 44)),
        }
    }
}

/// A file that is written at its end and read anywhere before it.
#[derive(Debug)]
struct Growing {
    file: File,
    buffer: Vec<u8>,
    /// Its length with what is in the buffer.
    length: u64,
}

impl Growing {
    /// Opens a file of which `length` bytes count.
    fn open(path: &Path, length: u64) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let mut file = options.read(true).write(true).create(true).truncate(false).open(path)?;
        if file.metadata()?.len() < length {
            return Err(io::Error::other(format!(
                "{} is shorter than it was; remove the directory and add the documents again",
                path.display()
            )));
        }
        file.set_len(length)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Self { file, buffer: Vec::new(), length })
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.buffer.extend_from_slice(bytes);
        self.length += bytes.len() as u64;
        if self.buffer.len() >= 1 << 20 { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    /// Reads from the beginning.
    fn reader(&self) -> io::Result<BufReader<PositionedReader<'_>>> {
        Ok(BufReader::with_capacity(1 << 20, PositionedReader { file: &self.file, at: 0 }))
    }
}

/// Reads a file without moving the place where it is written.
struct PositionedReader<'a> {
    file: &'a File,
    at: u64,
}

impl Read for PositionedReader<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(bytes, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}
