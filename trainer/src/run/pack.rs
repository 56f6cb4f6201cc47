//! What packing makes of a mix, without a run.

use std::path::PathBuf;
use std::time::Instant;

use super::RunError;
use super::config::MAX_CONTEXT;
use crate::checkpoint::HfConfig;
use crate::data::{DocumentTokenizer, Draw, PackingReport, Part, Source, TokenStore};

/// What to pack, and how.
#[derive(Clone, Debug)]
pub struct PackRequest {
    /// The checkpoint directory; its configuration and tokenizer are read.
    pub from: PathBuf,
    /// The mix directory, or a directory or file of documents.
    pub mix: PathBuf,
    /// Lengths of a row in tokens, each from 2 to 1,048,576.
    pub contexts: Vec<usize>,
    /// Decides the order of the documents.
    pub seed: u64,
    /// Where the shards of tokens are kept; in a directory that is removed again when absent.
    pub cache: Option<PathBuf>,
}

/// What packing came to, and what it took.
#[derive(Clone, Debug)]
pub struct Packed {
    /// What became of the documents.
    pub report: PackingReport,
    /// Seconds for tokenising, or for finding the shards in the cache.
    pub tokenise_seconds: f64,
    /// Seconds for packing the first epoch at each context.
    pub pack_seconds: f64,
}

/// Tokenises a mix and packs its first epoch.
///
/// # Errors
/// A context out of its range; a tokenizer or data that cannot be used.
pub fn pack(request: &PackRequest, progress: &mut dyn FnMut(u64)) -> Result<Packed, RunError> {
    if let Some(context) = request.contexts.iter().find(|c| !(2..=MAX_CONTEXT).contains(*c)) {
        let problem = format!("is {context}; it must be from 2 to {MAX_CONTEXT} tokens");
        return Err(RunError::Argument { name: "--context", problem });
    }
    let config = HfConfig::read(&request.from)?;
    let tokenizer = DocumentTokenizer::open(&request.from, &config)?;
    let source = Source::open(&request.mix, Part::Training)?;
    let scratch = tempfile::tempdir().map_err(RunError::io("create", &std::env::temp_dir()))?;
    let cache = request.cache.as_deref().unwrap_or(scratch.path());
    let began = Instant::now();
    let store = TokenStore::open(cache, &source, &tokenizer, progress)?;
    let tokenise_seconds = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let draw = Draw::new(&store, &source.shares);
    let report = PackingReport::new(&store, &source.shares, &draw, request.seed, &request.contexts);
    Ok(Packed { report, tokenise_seconds, pack_seconds: began.elapsed().as_secs_f64() })
}
