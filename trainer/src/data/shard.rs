//! A shard: the tokens of some rows of one file, named by what they were made from.
//!
//! ```text
//! tokens     u32 each, document after document
//! index      u32 a document: its tokens; then u16 a document: its dataset
//! footer     JSON, see [`Footer`]
//! trailer    u32 length of the footer, SHA-256 of index and footer, 8 bytes of magic
//! ```
//! All numbers are little-endian. A shard is written under another name, flushed and renamed, so
//! that one that is there is whole; one that is not as its trailer says is made again.

use std::collections::HashMap;
use std::fs::{self, File, Permissions};
use std::io::{BufWriter, ErrorKind, Write};
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::DataError;
use crate::files;

/// Version of the format and of the rules by which rows become tokens.
pub(super) const FORMAT: &str = "lehr tokens 1";
const MAGIC: [u8; 8] = *b"LEHRTOK1";
const TRAILER: usize = 4 + 32 + MAGIC.len();
/// Longest footer: far more than the names that it holds.
const MAX_FOOTER: usize = 1 << 24;
/// Most datasets of a shard that have names of their own, and the longest name in bytes. A mix has
/// at most 1,000; the `source` of other data may be anything.
const MAX_NAMES: usize = 2048;
const MAX_NAME: usize = 200;
/// The name of what has no other.
pub(super) const OTHER: &str = "other";

const SUFFIX: &str = ".tokens";
const ASIDE: &str = ".partial";
/// After this time nobody is writing a shard any more.
const ABANDONED: Duration = Duration::from_secs(24 * 3600);

/// What a shard says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Footer {
    /// Documents with tokens.
    pub documents: u64,
    /// Their tokens.
    pub tokens: u64,
    /// Documents without text, which were left out.
    pub empty: u64,
    /// The file's rows up to which this shard and those before it go.
    pub rows: u64,
    /// Whether it is the file's last shard.
    pub last: bool,
    /// The datasets that the index numbers.
    pub datasets: Vec<String>,
}

/// A shard that is whole.
#[derive(Debug)]
pub(super) struct Shard {
    pub path: PathBuf,
    pub footer: Footer,
    /// Tokens of each document, at least 1.
    pub lengths: Vec<u32>,
    /// Dataset of each document.
    pub datasets: Vec<u16>,
}

/// Names the tokens of a file: by its content and kind, the tokenizer and the format.
pub(super) fn key(file: &Path, digest: &str, tokenizer: &str) -> String {
    let kind = file.extension().unwrap_or_default();
    let mut hasher = Sha256::new();
    for part in [FORMAT.as_bytes(), kind.as_encoded_bytes(), digest.as_bytes()] {
        hasher.update(part);
        hasher.update([0]);
    }
    hasher.update(tokenizer);
    hex::encode(hasher.finalize())
}

/// Where the shard `part` of a file's tokens is.
pub(super) fn place(directory: &Path, key: &str, part: usize) -> PathBuf {
    directory.join(format!("{key}-{part:05}{SUFFIX}"))
}

/// Whether a file in a cache has the name of a shard, or of one that is being written.
pub(crate) fn is_shard(name: &str) -> bool {
    name.ends_with(ASIDE) && name.starts_with('.')
        || name.strip_suffix(SUFFIX).and_then(|name| name.split_once('-')).is_some_and(
            |(key, part)| {
                key.len() == 64
                    && key.bytes().all(|b| b.is_ascii_hexdigit())
                    && part.bytes().all(|b| b.is_ascii_digit())
            },
        )
}

/// Removes what killed programs have left half written.
pub(super) fn sweep(directory: &Path) -> Result<(), DataError> {
    for entry in fs::read_dir(directory).map_err(DataError::io("list", directory))? {
        let entry = entry.map_err(DataError::io("list", directory))?;
        let name = entry.file_name();
        let aside = name.to_str().is_some_and(|name| is_shard(name) && name.ends_with(ASIDE));
        let old = || {
            let written = entry.metadata().and_then(|found| found.modified()).ok();
            written.and_then(|at| at.elapsed().ok()).is_some_and(|age| age > ABANDONED)
        };
        if aside && old() {
            // Another trainer may have been faster; what stays costs room and nothing else.
            drop(fs::remove_file(entry.path()));
        }
    }
    Ok(())
}

impl Shard {
    /// Opens a shard; none if it is not there or not whole.
    ///
    /// # Errors
    /// What the file system reports of a file that is there.
    pub fn open(path: &Path) -> Result<Option<Self>, DataError> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(DataError::io("read", path)(error)),
        };
        let size = file.metadata().map_err(DataError::io("read", path))?.len();
        let mut trailer = [0; TRAILER];
        let Some(end) = size.checked_sub(TRAILER as u64) else { return Ok(None) };
        file.read_exact_at(&mut trailer, end).map_err(DataError::io("read", path))?;
        let (length, rest) = trailer.split_at(4);
        let (digest, magic) = rest.split_at(32);
        let length = length.iter().rev().fold(0, |sum, &byte| sum << 8 | usize::from(byte));
        let Some(begin) = end.checked_sub(length as u64).filter(|_| length <= MAX_FOOTER) else {
            return Ok(None);
        };
        if magic != MAGIC {
            return Ok(None);
        }
        let mut text = vec![0; length];
        file.read_exact_at(&mut text, begin).map_err(DataError::io("read", path))?;
        let Ok(footer) = serde_json::from_slice::<Footer>(&text) else { return Ok(None) };
        let expected = u128::from(footer.tokens) * 4 + u128::from(footer.documents) * 6;
        if expected != u128::from(begin) {
            return Ok(None);
        }
        let mut index = vec![0; footer.documents as usize * 6];
        file.read_exact_at(&mut index, footer.tokens * 4).map_err(DataError::io("read", path))?;
        if Sha256::new().chain_update(&index).chain_update(&text).finalize()[..] != *digest {
            return Ok(None);
        }
        let (lengths, datasets) = index.split_at(footer.documents as usize * 4);
        let lengths = lengths.as_chunks().0.iter().map(|&bytes| u32::from_le_bytes(bytes));
        let datasets = datasets.as_chunks().0.iter().map(|&bytes| u16::from_le_bytes(bytes));
        let (lengths, datasets): (Vec<_>, Vec<_>) = (lengths.collect(), datasets.collect());
        let whole = lengths.iter().map(|&n| u64::from(n)).sum::<u64>() == footer.tokens
            && !lengths.contains(&0)
            && datasets.iter().all(|&dataset| usize::from(dataset) < footer.datasets.len());
        Ok(whole.then(|| Self { path: path.to_owned(), footer, lengths, datasets }))
    }
}

/// A shard that is being written.
pub(super) struct ShardWriter {
    path: PathBuf,
    file: BufWriter<NamedTempFile>,
    lengths: Vec<u32>,
    datasets: Vec<u16>,
    names: Vec<String>,
    numbers: HashMap<String, u16>,
    tokens: u64,
    empty: u64,
}

impl ShardWriter {
    /// Begins a shard that will be at `path`.
    ///
    /// # Errors
    /// What the file system reports.
    pub fn create(path: PathBuf) -> Result<Self, DataError> {
        let file = tempfile::Builder::new()
            .prefix(".")
            .suffix(ASIDE)
            // Less the umask: others may share the cache.
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(files::parent_of(&path))
            .map_err(DataError::io("create", &path))?;
        Ok(Self {
            path,
            file: BufWriter::with_capacity(1 << 20, file),
            lengths: Vec::new(),
            datasets: Vec::new(),
            names: Vec::new(),
            numbers: HashMap::new(),
            tokens: 0,
            empty: 0,
        })
    }

    /// Adds a document; one without tokens is only counted.
    ///
    /// # Errors
    /// What the file system reports.
    pub fn add(&mut self, ids: &[u32], dataset: Option<String>) -> Result<(), DataError> {
        if ids.is_empty() {
            self.empty += 1;
            return Ok(());
        }
        let bytes: Vec<u8> = ids.iter().flat_map(|id| id.to_le_bytes()).collect();
        self.file.write_all(&bytes).map_err(DataError::io("write", &self.path))?;
        self.lengths.push(ids.len() as u32);
        let dataset = self.number(dataset);
        self.datasets.push(dataset);
        self.tokens += ids.len() as u64;
        Ok(())
    }

    fn number(&mut self, name: Option<String>) -> u16 {
        let known = |name: &String| self.numbers.contains_key(name);
        let mut name = name.filter(|name| !name.is_empty() && name.len() <= MAX_NAME);
        if self.names.len() >= MAX_NAMES {
            name = name.filter(known);
        }
        let name = name.unwrap_or_else(|| OTHER.to_owned());
        let names = &mut self.names;
        *self.numbers.entry(name).or_insert_with_key(|name| {
            names.push(name.clone());
            (names.len() - 1) as u16
        })
    }

    /// Ends the shard: `rows` rows of the file are now done, and if it is the `last` one, all.
    ///
    /// # Errors
    /// What the file system reports; nothing is then left.
    pub fn finish(mut self, rows: u64, last: bool) -> Result<Shard, DataError> {
        let footer = Footer {
            documents: self.lengths.len() as u64,
            tokens: self.tokens,
            empty: self.empty,
            rows,
            last,
            datasets: self.names,
        };
        let text = serde_json::to_vec(&footer).map_err(|error| {
            DataError::format(&self.path, format!("cannot be described ({error})"), "report this")
        })?;
        let mut index: Vec<u8> = self.lengths.iter().flat_map(|n| n.to_le_bytes()).collect();
        index.extend(self.datasets.iter().flat_map(|n| n.to_le_bytes()));
        let digest = Sha256::new().chain_update(&index).chain_update(&text).finalize();
        let path = self.path;
        let write = |mut file: BufWriter<NamedTempFile>| -> std::io::Result<()> {
            file.write_all(&index)?;
            file.write_all(&text)?;
            file.write_all(&(text.len() as u32).to_le_bytes())?;
            file.write_all(&digest)?;
            file.write_all(&MAGIC)?;
            let file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
            file.as_file().sync_all()?;
            file.persist(&path).map_err(|error| error.error)?;
            Ok(())
        };
        self.file.flush().map_err(DataError::io("write", &path))?;
        write(self.file).map_err(DataError::io("write", &path))?;
        files::sync(&files::parent_of(&path))?;
        Ok(Shard { path, footer, lengths: self.lengths, datasets: self.datasets })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_damage_is_found() {
        let home = tempfile::tempdir().unwrap();
        let path = place(home.path(), &key(Path::new("a.jsonl"), "00", "11"), 3);
        assert!(is_shard(path.file_name().unwrap().to_str().unwrap()));
        assert!(!is_shard("thesis.tex") && !is_shard("tokens.u32"));
        assert!(Shard::open(&path).unwrap().is_none());
        let mut writer = ShardWriter::create(path.clone()).unwrap();
        writer.add(&[1, 2, 3], Some("b".into())).unwrap();
        writer.add(&[], None).unwrap();
        writer.add(&[4], None).unwrap();
        writer.add(&[5], Some("x".repeat(MAX_NAME + 1))).unwrap();
        writer.add(&[6, 7], Some("b".into())).unwrap();
        let written = writer.finish(5, true).unwrap();
        let found = Shard::open(&path).unwrap().unwrap();
        assert_eq!((&found.footer, &found.lengths), (&written.footer, &written.lengths));
        assert_eq!((found.lengths, found.datasets), (vec![3, 1, 1, 2], vec![0, 1, 1, 0]));
        let Footer { documents, tokens, empty, rows, last, datasets } = found.footer;
        assert_eq!((documents, tokens, empty, rows, last), (4, 7, 1, 5, true));
        assert_eq!(datasets, ["b", OTHER]);
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1, "nothing is left aside");

        let good = fs::read(&path).unwrap();
        for length in 0..good.len() {
            fs::write(&path, &good[..length]).unwrap();
            assert!(Shard::open(&path).unwrap().is_none(), "cut at {length}");
        }
        // The tokens themselves are not read on opening; all else is.
        for at in 28..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 1;
            fs::write(&path, bad).unwrap();
            assert!(Shard::open(&path).unwrap().is_none(), "byte {at}");
        }
    }
}
