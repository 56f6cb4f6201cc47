//! All documents of a source as tokens, in shards that are cached by content.
//!
//! A shard is named by the digest of its file and the tokenizer's, so another run, or another mix
//! that shares files with this one, finds it; a program that is killed has lost the shard it was
//! writing, and no other. What stays in memory is ten bytes a document. Reading a piece of a
//! document is one positioned read.

use std::collections::HashMap;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::encode::shards_of;
use super::shard::{FORMAT, OTHER, Shard, is_shard, sweep};
use super::{DataError, DocumentTokenizer, Source};

/// The order of an epoch numbers documents in 32 bits.
const MAX_DOCUMENTS: usize = u32::MAX as usize;
/// Text of a shard, about: what a killed program has to tokenise again at most.
const SHARD_BYTES: usize = 256 << 20;

/// Tokenised documents on disk.
#[derive(Debug)]
pub struct TokenStore {
    shards: Vec<Place>,
    /// Where each document begins, in tokens, and at last where the last one ends.
    offsets: Vec<u64>,
    /// Dataset of each document.
    datasets: Vec<u16>,
    names: Vec<String>,
    empty: u64,
    fingerprint: String,
}

/// Where the documents of a shard are.
#[derive(Debug)]
struct Place {
    path: PathBuf,
    /// The first document; a shard without documents has no place.
    first: usize,
}

impl TokenStore {
    /// Opens the tokens of a source, tokenising what the cache in `directory` does not have.
    /// `progress` is told the number of documents now and then.
    ///
    /// # Errors
    /// What reading the documents reports; a source without any text.
    pub fn open(
        directory: &Path,
        source: &Source,
        tokenizer: &DocumentTokenizer,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Self, DataError> {
        fs::create_dir_all(directory).map_err(DataError::io("create", directory))?;
        sweep(directory)?;
        let mut store = Self::empty(Self::fingerprint_of(source, tokenizer));
        for file in &source.files {
            let before = store.documents() as u64;
            let mut tell = |documents| progress(before + documents);
            for shard in shards_of(directory, file, tokenizer, SHARD_BYTES, &mut tell)? {
                store.add(shard)?;
            }
        }
        if store.tokens() == 0 {
            return Err(DataError::Empty { path: source.path.clone() });
        }
        Ok(store)
    }

    /// The fingerprint that a store of this source and tokenizer has; the shares that the source
    /// asks for are part of it.
    pub fn fingerprint_of(source: &Source, tokenizer: &DocumentTokenizer) -> String {
        let mut hasher = Sha256::new();
        for part in [&source.digest, tokenizer.digest(), FORMAT] {
            hasher.update(part);
        }
        // They decide what an epoch takes of the documents.
        for (name, share) in &source.shares {
            hasher.update(name);
            hasher.update(share.to_le_bytes());
        }
        hex::encode(hasher.finalize())
    }

    /// Whether a file in a cache is one of ours, by its name.
    pub(crate) fn is_ours(name: &str) -> bool {
        is_shard(name)
    }

    fn empty(fingerprint: String) -> Self {
        Self {
            shards: Vec::new(),
            offsets: vec![0],
            datasets: Vec::new(),
            names: Vec::new(),
            empty: 0,
            fingerprint,
        }
    }

    /// Adds a shard's documents after those that are there.
    fn add(&mut self, shard: Shard) -> Result<(), DataError> {
        let Shard { path, footer, lengths, datasets } = shard;
        self.empty += footer.empty;
        if lengths.is_empty() {
            return Ok(());
        }
        if self.documents() + lengths.len() > MAX_DOCUMENTS {
            let problem = format!("has document {}, the one too many", MAX_DOCUMENTS + 1);
            let remedy = "split the data and anneal on the parts one after the other";
            return Err(DataError::format(&path, problem, remedy));
        }
        self.shards.push(Place { path, first: self.documents() });
        let mut end = self.tokens();
        self.offsets.extend(lengths.iter().map(|&length| {
            end += u64::from(length);
            end
        }));
        let mut known: HashMap<&str, u16> =
            (0..).zip(&self.names).map(|(number, name)| (name.as_str(), number)).collect();
        let mut new = Vec::new();
        let mut numbers = Vec::with_capacity(footer.datasets.len());
        for name in &footer.datasets {
            let room = self.names.len() + new.len() < usize::from(u16::MAX);
            let name = if room || known.contains_key(name.as_str()) { name } else { OTHER };
            let next = (self.names.len() + new.len()) as u16;
            numbers.push(*known.entry(name).or_insert_with(|| {
                new.push(name.to_owned());
                next
            }));
        }
        self.names.append(&mut new);
        self.datasets.extend(datasets.iter().map(|&dataset| numbers[usize::from(dataset)]));
        Ok(())
    }

    /// Number of documents; at least 1.
    pub fn documents(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Number of tokens in all documents, the EOS of each included.
    pub fn tokens(&self) -> u64 {
        self.offsets[self.documents()]
    }

    /// Documents that were left out because they have no text.
    pub fn empty_documents(&self) -> u64 {
        self.empty
    }

    /// Number of tokens of one document, its EOS included; at least 1.
    pub fn length(&self, document: usize) -> usize {
        (self.offsets[document + 1] - self.offsets[document]) as usize
    }

    /// The dataset of a document, as a place in [`TokenStore::datasets`].
    pub fn dataset(&self, document: usize) -> usize {
        usize::from(self.datasets[document])
    }

    /// The names of the datasets, which rows have in their column `source`; "other" is the name of
    /// those that have none.
    pub fn datasets(&self) -> &[String] {
        &self.names
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
        let shard = self.shards.partition_point(|shard| shard.first <= document) - 1;
        let Place { path, first } = &self.shards[shard];
        let mut bytes = vec![0; count * size_of::<u32>()];
        let token = self.offsets[document] - self.offsets[*first] + start as u64;
        // Opened for each read: a source may have more files than a process may hold open.
        File::open(path)
            .and_then(|file| file.read_exact_at(&mut bytes, token * size_of::<u32>() as u64))
            .map_err(DataError::io("read", path))?;
        Ok(bytes.as_chunks().0.iter().map(|&chunk| u32::from_le_bytes(chunk)).collect())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
pub(super) mod tests {
    use super::super::shard::{ShardWriter, place};
    use super::*;

    /// Documents of distinct tokens: document `d` has the tokens `1000 d + 1, 1000 d + 2, ...`, and
    /// none has 0, which is padding.
    pub fn documents_of(lengths: &[usize]) -> Vec<Vec<u32>> {
        let numbered = lengths.iter().enumerate();
        numbered.map(|(d, &n)| (1..=n).map(|t| (1000 * d + t) as u32).collect()).collect()
    }

    /// A store with the given documents, for the tests of packing.
    pub fn store_of(documents: &[Vec<u32>]) -> (tempfile::TempDir, TokenStore) {
        let named: Vec<_> = documents.iter().map(|document| (document.clone(), "a")).collect();
        store_of_datasets(&[named])
    }

    /// A store of shards with documents of named datasets.
    pub fn store_of_datasets(shards: &[Vec<(Vec<u32>, &str)>]) -> (tempfile::TempDir, TokenStore) {
        let home = tempfile::tempdir().unwrap();
        let mut store = TokenStore::empty("test".into());
        for (number, documents) in shards.iter().enumerate() {
            let mut writer = ShardWriter::create(place(home.path(), "test", number)).unwrap();
            for (ids, name) in documents {
                writer.add(ids, Some((*name).to_owned())).unwrap();
            }
            let last = number + 1 == shards.len();
            store.add(writer.finish(documents.len() as u64, last).unwrap()).unwrap();
        }
        (home, store)
    }

    #[test]
    fn shards_are_one_store() {
        let shards = [
            vec![(vec![1, 2, 3], "a"), (vec![4], "b")],
            vec![],
            vec![(vec![], "a"), (vec![5, 6], "b"), (vec![7], "c")],
        ];
        let (_home, store) = store_of_datasets(&shards);
        assert_eq!((store.documents(), store.tokens(), store.length(2)), (4, 7, 2));
        assert_eq!(store.empty_documents(), 1);
        assert_eq!(store.read(0, 1, 2).unwrap(), [2, 3]);
        assert_eq!(store.read(1, 0, 1).unwrap(), [4]);
        assert_eq!(store.read(2, 1, 1).unwrap(), [6]);
        assert_eq!(store.read(3, 0, 1).unwrap(), [7]);
        assert_eq!(store.datasets(), ["a", "b", "c"]);
        let datasets: Vec<_> = (0..4).map(|document| store.dataset(document)).collect();
        assert_eq!(datasets, [0, 1, 1, 2]);
    }
}
