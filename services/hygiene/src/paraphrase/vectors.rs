use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use lehr_record::Digest;

use super::terms::TermIndex;
use crate::embedding::{Embedder, EmbeddingError};
use crate::snapshot::StoredText;

/// What paraphrases are held against: the questions of all items, their terms, and their vectors as far as
/// they were needed.
pub(crate) struct Meaning {
    /// The questions.
    pub items: Vec<StoredText>,
    /// Their terms.
    pub terms: TermIndex,
    vectors: Vec<OnceLock<Arc<[f32]>>>,
    /// Vectors of an earlier run, by the digest of their texts; read at first use.
    kept: OnceLock<HashMap<u128, Arc<[f32]>>>,
    /// Held by the one that writes them.
    keeping: Mutex<()>,
    dir: PathBuf,
}

impl Meaning {
    /// Takes the questions of a registry whose directory is `dir`.
    pub fn new(items: Vec<StoredText>, dir: &Path) -> Self {
        let terms = TermIndex::new(items.iter().map(|item| essence(&item.text)));
        let vectors = items.iter().map(|_| OnceLock::new()).collect();
        let (kept, keeping) = (OnceLock::new(), Mutex::new(()));
        Self { items, terms, vectors, kept, keeping, dir: dir.to_owned() }
    }

    /// The vector of an item's question.
    pub fn vector(&self, item: usize, embedder: &Embedder) -> Result<Arc<[f32]>, EmbeddingError> {
        if let Some(vector) = self.vectors[item].get() {
            return Ok(Arc::clone(vector));
        }
        let text = essence(&self.items[item].text);
        let kept = self.kept.get_or_init(|| self.read(embedder));
        let vector = match kept.get(&key(text)) {
            Some(vector) => Arc::clone(vector),
            None => embedder.embed(text)?.into(),
        };
        Ok(Arc::clone(self.vectors[item].get_or_init(|| vector)))
    }

    /// The vectors of all items, which are kept for the next run.
    pub fn all(&self, embedder: &Embedder) -> Result<Vec<Arc<[f32]>>, EmbeddingError> {
        let known = self.vectors.iter().all(|vector| vector.get().is_some());
        if known {
            return Ok(self.vectors.iter().filter_map(|v| v.get().cloned()).collect());
        }
        let _one = self.keeping.lock().unwrap_or_else(PoisonError::into_inner);
        let all: Vec<_> = (0..self.items.len())
            .map(|item| self.vector(item, embedder))
            .collect::<Result<_, _>>()?;
        // What cannot be kept is computed again next time.
        if let Err(error) = self.write(embedder, &all) {
            tracing::warn!(%error, "the vectors of the benchmarks are not kept");
        }
        Ok(all)
    }

    fn path(&self, embedder: &Embedder) -> PathBuf {
        self.dir.join(format!("vectors-{}.f32", embedder.identity().short()))
    }

    /// The file holds records of the text's key and its vector; one that is cut off counts for nothing.
    fn read(&self, embedder: &Embedder) -> HashMap<u128, Arc<[f32]>> {
        let record = 16 + 4 * embedder.dimensions();
        let Ok(bytes) = fs::read(self.path(embedder)) else { return HashMap::new() };
        bytes
            .chunks_exact(record)
            .filter_map(|record| {
                let (key, values) = record.split_first_chunk::<16>()?;
                let (values, _) = values.as_chunks::<4>();
                let vector = values.iter().map(|value| f32::from_le_bytes(*value)).collect();
                Some((u128::from_le_bytes(*key), vector))
            })
            .collect()
    }

    fn write(&self, embedder: &Embedder, all: &[Arc<[f32]>]) -> io::Result<()> {
        let mut aside = tempfile::NamedTempFile::new_in(&self.dir)?;
        let mut bytes = Vec::new();
        for (item, vector) in self.items.iter().zip(all) {
            bytes.extend(key(essence(&item.text)).to_le_bytes());
            bytes.extend(vector.iter().flat_map(|value| value.to_le_bytes()));
        }
        io::Write::write_all(&mut aside, &bytes)?;
        aside.as_file().sync_all()?;
        aside.persist(self.path(embedder))?;
        Ok(())
    }
}

fn key(text: &str) -> u128 {
    Digest::of_bytes(text.as_bytes()).number()
}

/// What a question asks, without the program text around it: of a Python signature with a description the
/// description, up to its examples; else all of it.
pub(crate) fn essence(text: &str) -> &str {
    let quoted = ["\"\"\"", "'''"].iter().find_map(|quote| {
        let (_, rest) = text.split_once(quote)?;
        let (inside, _) = rest.split_once(quote)?;
        Some(inside)
    });
    let Some(inside) = quoted.filter(|_| text.contains("def ")) else { return text };
    let end = [">>>", "Example", "example", "For example"]
        .iter()
        .filter_map(|mark| inside.find(mark))
        .min()
        .unwrap_or(inside.len());
    let description = inside[..end].trim();
    if description.split_whitespace().count() < 5 { text } else { description }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_essence_is_what_is_asked() {
        for (text, essence_of) in [
            ("How many?", "How many?"),
            (
                "def f(x):\n    \"\"\" Return the sum of all odd x.\n    >>> f([1])\n    1\n    \"\"\"\n",
                "Return the sum of all odd x.",
            ),
            ("def f(x):\n    ''' too short '''\n", "def f(x):\n    ''' too short '''\n"),
            (
                "He said \"\"\"nothing at all of note\"\"\" today.",
                "He said \"\"\"nothing at all of note\"\"\" today.",
            ),
        ] {
            assert_eq!(essence(text), essence_of);
        }
    }
}
