//! A file's rows to shards: read in order, tokenised on all cores, written in order.

use std::path::Path;

use rayon::prelude::*;

use super::document::{Row, for_each};
use super::shard::{Shard, ShardWriter, key, place};
use super::source::SourceFile;
use super::{DataError, DocumentTokenizer};

/// Rows tokenised together are at most this many, and about this many bytes: they, and their
/// tokens, are what is in memory.
const BATCH_ROWS: usize = 4096;
const BATCH_BYTES: usize = 8 << 20;

/// The shards of a file, in order; those that the cache in `directory` does not have are made, of
/// about `shard_bytes` bytes of text each. `progress` is told the number of documents now and then.
///
/// # Errors
/// What reading the rows reports; a row that cannot be tokenised; a file that changes meanwhile.
/// Shards that were complete before stay.
pub(super) fn shards_of(
    directory: &Path,
    file: &SourceFile,
    tokenizer: &DocumentTokenizer,
    shard_bytes: usize,
    progress: &mut dyn FnMut(u64),
) -> Result<Vec<Shard>, DataError> {
    let key = key(&file.path, &file.digest, tokenizer.digest());
    let mut shards = Vec::new();
    while let Some(shard) = Shard::open(&place(directory, &key, shards.len()))? {
        let last = shard.footer.last;
        shards.push(shard);
        if last {
            return Ok(shards);
        }
    }
    let done = shards.last().map_or(0, |shard| shard.footer.rows);
    let mut documents: u64 = shards.iter().map(|shard| shard.footer.documents).sum();
    let mut writer: Option<ShardWriter> = None;
    let (mut written, mut rows) = (0, done);
    let (mut batch, mut bytes) = (Vec::new(), 0);
    // Ends at the same rows whatever was there before: shards made at different times fit.
    let mut flush = |batch: &mut Vec<Row>, end: bool| -> Result<(), DataError> {
        let mut shard = match writer.take() {
            Some(shard) => shard,
            None => ShardWriter::create(place(directory, &key, shards.len()))?,
        };
        let encoded: Vec<_> = batch
            .par_iter()
            .map(|row| {
                let named = |problem| DataError::row(&file.path, row.number, problem);
                tokenizer.encode(&row.document).map_err(named)
            })
            .collect();
        for (row, ids) in batch.drain(..).zip(encoded) {
            let ids = ids?;
            documents += u64::from(!ids.is_empty());
            written += row.document.bytes();
            rows = row.number;
            shard.add(&ids, row.dataset)?;
        }
        progress(documents);
        if end || written >= shard_bytes {
            file.check_unchanged()?;
            shards.push(shard.finish(rows, end)?);
            written = 0;
        } else {
            writer = Some(shard);
        }
        Ok(())
    };
    for_each(&file.path, &mut |row| {
        if row.number <= done {
            return Ok(());
        }
        bytes += row.document.bytes();
        batch.push(row);
        if batch.len() >= BATCH_ROWS || bytes >= BATCH_BYTES.min(shard_bytes) {
            bytes = 0;
            flush(&mut batch, false)?;
        }
        Ok(())
    })?;
    flush(&mut batch, true)?;
    Ok(shards)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::tokenize::tests::byte_tokenizer;
    use super::super::{Part, Source};
    use super::*;
    use std::fs;

    fn names(path: &Path) -> Vec<String> {
        let entries = fs::read_dir(path).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn only_what_is_missing_is_made_again() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a.jsonl");
        let text: String = (0..50)
            .map(|n| format!("{{\"text\":\"{}\",\"source\":\"{}\"}}\n\n", "x".repeat(n), n % 3))
            .collect();
        fs::write(&path, &text).unwrap();
        let tokenizer = byte_tokenizer(home.path());
        let source = Source::open(&path, Part::Training).unwrap();
        let cache = home.path().join("cache");
        fs::create_dir(&cache).unwrap();
        let make = || shards_of(&cache, &source.files[0], &tokenizer, 200, &mut |_| {}).unwrap();
        let whole = make();
        assert!(whole.len() > 3);
        let bytes = |name: &String| fs::read(cache.join(name)).unwrap();
        let first = names(&cache);
        let before: Vec<_> = first.iter().map(bytes).collect();
        let lengths: Vec<_> = whole.iter().flat_map(|shard| shard.lengths.clone()).collect();
        assert_eq!(lengths, (1..50).map(|n| n + 1).collect::<Vec<u32>>(), "the text and EOS");
        assert_eq!(whole.iter().map(|shard| shard.footer.empty).sum::<u64>(), 1);
        // A kill at any shard, and damage to one, end with the same bytes.
        for kept in 0..first.len() {
            for name in &first[kept..] {
                fs::remove_file(cache.join(name)).unwrap();
            }
            make();
            assert_eq!(names(&cache), first);
            assert_eq!(first.iter().map(bytes).collect::<Vec<_>>(), before, "{kept}");
            fs::write(cache.join(&first[kept]), "damaged").unwrap();
            make();
            assert_eq!(first.iter().map(bytes).collect::<Vec<_>>(), before, "{kept}");
        }
        // All there: the file is not even read.
        fs::write(&path, "").unwrap();
        assert_eq!(make().len(), whole.len());
        for name in &first {
            fs::remove_file(cache.join(name)).unwrap();
        }
        let failed = shards_of(&cache, &source.files[0], &tokenizer, 200, &mut |_| {});
        let message = failed.err().unwrap().to_string();
        assert!(message.contains("changed while it was read"), "{message}");
        assert_eq!(names(&cache), [""; 0]);
    }
}
