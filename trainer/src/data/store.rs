//! All documents of a source as tokens, in one flat file.
//!
//! The file holds little-endian `u32`s, document after document; the offsets stay in memory, eight
//! bytes a document. Reading a piece of a document is one positioned read.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::document::for_each;
use super::{DataError, Document, DocumentTokenizer, Source};

/// Documents tokenised together are at most this many, and about this many bytes.
const BATCH_DOCUMENTS: usize = 512;
const BATCH_BYTES: usize = 8 << 20;
/// The order of an epoch numbers documents in 32 bits.
const MAX_DOCUMENTS: u64 = u32::MAX as u64;

const TOKENS: &str = "tokens.u32";
const OFFSETS: &str = "offsets.u64";
const DESCRIPTION: &str = "tokens.json";

/// Tokenised documents on disk.
#[derive(Debug)]
pub struct TokenStore {
    path: PathBuf,
    file: File,
    /// Where each document begins, in tokens, and at last where the last one ends.
    offsets: Vec<u64>,
    fingerprint: String,
}

/// The store's description, beside the tokens.
#[derive(Serialize, Deserialize)]
struct Description {
    fingerprint: String,
    documents: u64,
    tokens: u64,
}

impl TokenStore {
    /// The files that a store consists of.
    pub(crate) const FILES: [&str; 3] = [TOKENS, OFFSETS, DESCRIPTION];

    /// Opens the store in `directory`, tokenising the source first unless that was done before
    /// with the same documents and tokenizer. `progress` is told the number of documents now and
    /// then.
    ///
    /// # Errors
    /// What reading the documents reports; a source without any text.
    pub fn open(
        directory: &Path,
        source: &Source,
        tokenizer: &DocumentTokenizer,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Self, DataError> {
        let fingerprint = Self::fingerprint_of(source, tokenizer);
        let description = directory.join(DESCRIPTION);
        if let Some(found) = describe(directory)
            && found.fingerprint == fingerprint
            && let Ok(store) = Self::load(directory, &found)
        {
            return Ok(store);
        }
        fs::create_dir_all(directory).map_err(DataError::io("create", directory))?;
        // The description is the proof that the rest is whole: away first, written last.
        if description.exists() {
            fs::remove_file(&description).map_err(DataError::io("remove", &description))?;
        }
        let found = write(directory, source, tokenizer, fingerprint, progress)?;
        let text = serde_json::to_string(&found)
            .map_err(|error| DataError::format(&description, error.to_string(), "report this"))?;
        fs::write(&description, text).map_err(DataError::io("write", &description))?;
        Self::load(directory, &found)
    }

    /// The fingerprint that a store of this source and tokenizer has.
    pub fn fingerprint_of(source: &Source, tokenizer: &DocumentTokenizer) -> String {
        let mut hasher = Sha256::new();
        hasher.update(&source.digest);
        hasher.update(tokenizer.digest());
        hex::encode(hasher.finalize())
    }

    /// The fingerprint of the store that is in `directory`; none if there is no whole one.
    pub fn fingerprint_in(directory: &Path) -> Option<String> {
        describe(directory).map(|found| found.fingerprint)
    }

    fn load(directory: &Path, description: &Description) -> Result<Self, DataError> {
        let path = directory.join(TOKENS);
        let remedy = "remove the directory that it is in, and start again";
        let file = File::open(&path).map_err(DataError::io("read", &path))?;
        let length = file.metadata().map_err(DataError::io("read", &path))?.len();
        let index = directory.join(OFFSETS);
        let mut bytes = Vec::new();
        File::open(&index)
            .and_then(|file| BufReader::new(file).read_to_end(&mut bytes))
            .map_err(DataError::io("read", &index))?;
        let offsets: Vec<u64> =
            bytes.as_chunks().0.iter().map(|&chunk| u64::from_le_bytes(chunk)).collect();
        let rising = offsets.windows(2).all(|pair| pair[0] < pair[1]);
        let ends = offsets.first() == Some(&0) && offsets.last() == Some(&description.tokens);
        let counts = offsets.len() as u64 == description.documents + 1
            && length == description.tokens * size_of::<u32>() as u64;
        if !(rising && ends && counts) {
            return Err(DataError::format(&path, "is damaged", remedy));
        }
        Ok(Self { path, file, offsets, fingerprint: description.fingerprint.clone() })
    }

    /// Number of documents; at least 1.
    pub fn documents(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Number of tokens in all documents, the EOS of each included.
    pub fn tokens(&self) -> u64 {
        self.offsets[self.documents()]
    }

    /// Number of tokens of one document, its EOS included; at least 1.
    pub fn length(&self, document: usize) -> usize {
        (self.offsets[document + 1] - self.offsets[document]) as usize
    }

    /// Names documents, order and tokenizer: a SHA-256 in hexadecimal digits.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// `count` tokens of a document, from its token `start`; the range lies inside the document.
    ///
    /// # Errors
    /// What the file system reports.
    pub fn read(&self, document: usize, start: usize, count: usize) -> Result<Vec<u32>, DataError> {
        let mut bytes = vec![0; count * size_of::<u32>()];
        let at = (self.offsets[document] + start as u64) * size_of::<u32>() as u64;
        self.file.read_exact_at(&mut bytes, at).map_err(DataError::io("read", &self.path))?;
        Ok(bytes.as_chunks().0.iter().map(|&chunk| u32::from_le_bytes(chunk)).collect())
    }
}

/// The description of the store in `directory`, if there is one.
fn describe(directory: &Path) -> Option<Description> {
    let text = fs::read_to_string(directory.join(DESCRIPTION)).ok()?;
    serde_json::from_str(&text).ok()
}

/// Tokenises a source into `tokens.u32` and `offsets.u64`.
fn write(
    directory: &Path,
    source: &Source,
    tokenizer: &DocumentTokenizer,
    fingerprint: String,
    progress: &mut dyn FnMut(u64),
) -> Result<Description, DataError> {
    let create = |name: &str| {
        let path = directory.join(name);
        let file = File::create(&path).map_err(DataError::io("create", &path))?;
        Ok::<_, DataError>((path, BufWriter::with_capacity(1 << 20, file)))
    };
    let (tokens_path, mut tokens) = create(TOKENS)?;
    let (index_path, mut index) = create(OFFSETS)?;
    let (mut documents, mut written) = (0u64, 0u64);
    index.write_all(&0u64.to_le_bytes()).map_err(DataError::io("write", &index_path))?;
    for path in &source.files {
        let mut flush = |batch: &mut Vec<(u64, Document)>| -> Result<(), DataError> {
            let encoded: Vec<_> = batch
                .par_iter()
                .map(|(row, document)| {
                    tokenizer
                        .encode(document)
                        .map_err(|problem| DataError::row(path, *row, problem))
                })
                .collect();
            batch.clear();
            for ids in encoded {
                let ids = ids?;
                if ids.is_empty() {
                    continue;
                }
                documents += 1;
                if documents > MAX_DOCUMENTS {
                    let remedy = "split it and anneal on the parts one after the other";
                    return Err(DataError::format(path, "is the document too many", remedy));
                }
                written += ids.len() as u64;
                let bytes: Vec<u8> = ids.iter().flat_map(|id| id.to_le_bytes()).collect();
                tokens.write_all(&bytes).map_err(DataError::io("write", &tokens_path))?;
                index
                    .write_all(&written.to_le_bytes())
                    .map_err(DataError::io("write", &index_path))?;
            }
            progress(documents);
            Ok(())
        };
        let mut batch = Vec::new();
        let mut bytes = 0;
        for_each(path, &mut |row, document| {
            bytes += document.bytes();
            batch.push((row, document));
            if batch.len() >= BATCH_DOCUMENTS || bytes >= BATCH_BYTES {
                bytes = 0;
                flush(&mut batch)?;
            }
            Ok(())
        })?;
        flush(&mut batch)?;
    }
    for (path, writer) in [(&tokens_path, tokens), (&index_path, index)] {
        writer
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)
            .and_then(|file| file.sync_all())
            .map_err(DataError::io("write", path))?;
    }
    if written == 0 {
        return Err(DataError::Empty { path: source.path.clone() });
    }
    Ok(Description { fingerprint, documents, tokens: written })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A store with the given documents, for the tests of packing.
    #[expect(clippy::unwrap_used, reason = "tests")]
    pub fn store_of(documents: &[Vec<u32>]) -> (tempfile::TempDir, TokenStore) {
        let home = tempfile::tempdir().unwrap();
        let bytes: Vec<u8> = documents.iter().flatten().flat_map(|id| id.to_le_bytes()).collect();
        fs::write(home.path().join("tokens.u32"), &bytes).unwrap();
        let mut end = 0u64;
        let mut index = end.to_le_bytes().to_vec();
        for document in documents {
            end += document.len() as u64;
            index.extend(end.to_le_bytes());
        }
        fs::write(home.path().join("offsets.u64"), index).unwrap();
        let description = Description {
            fingerprint: "test".into(),
            documents: documents.len() as u64,
            tokens: end,
        };
        let store = TokenStore::load(home.path(), &description).unwrap();
        (home, store)
    }

    #[test]
    #[expect(clippy::unwrap_used, reason = "tests")]
    fn reads_pieces_and_finds_damage() {
        let (home, store) = store_of(&[vec![1, 2, 3], vec![4], vec![5, 6]]);
        assert_eq!((store.documents(), store.tokens(), store.length(2)), (3, 6, 2));
        assert_eq!(store.read(0, 1, 2).unwrap(), [2, 3]);
        assert_eq!(store.read(2, 0, 2).unwrap(), [5, 6]);
        let tokens = home.path().join("tokens.u32");
        File::options().write(true).open(&tokens).unwrap().set_len(20).unwrap();
        let description = Description { fingerprint: String::new(), documents: 3, tokens: 6 };
        let message = TokenStore::load(home.path(), &description).unwrap_err().to_string();
        assert!(message.contains("is damaged"), "{message}");
    }
}
