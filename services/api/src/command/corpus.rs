use std::fs::Permissions;
use std::io::{BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use lehr_hygiene::corpus::{Corpora, CorpusError, CorpusInfo, RecallLimits, RecallSummary, Topic};
use serde_json::json;

use super::{Shared, Usage};
use crate::config::data_dir;

/// `lehr corpus ...`: in the data directory, beside a running service or without one.
#[derive(clap::Subcommand)]
pub(super) enum Action {
    /// Add the documents of JSONL or Parquet files: rows with `text` or `messages`. A file that was
    /// imported before is passed over.
    Import {
        /// The corpus: letters, digits, `.`, `_` or `-`.
        name: String,
        /// The files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// List the corpora.
    List,
    /// Write out the documents about a topic, for a dataset of a mix.
    Find {
        /// The corpus.
        name: String,
        /// A description of the topic, or terms and phrases.
        #[arg(required = true)]
        topic: Vec<String>,
        /// Where the documents go, one JSON object a line.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Only the best so many, best first; else all of them, in the order of the corpus.
        #[arg(long)]
        limit: Option<usize>,
        /// Only documents with at least this part of the topic, its words weighed by how rare they
        /// are, from 0 to 1.
        #[arg(long, value_name = "SHARE", default_value_t = RecallLimits::default().min_share)]
        min_share: f64,
        /// Only documents of at least this score (BM25).
        #[arg(long, value_name = "SCORE", default_value_t = RecallLimits::default().min_score)]
        min_score: f32,
    },
    /// Take a corpus away.
    Remove {
        /// Its name.
        name: String,
    },
}

pub(super) fn run(shared: &Shared, action: Action) -> Result<()> {
    let directory = data_dir(shared.data_dir.as_deref()).map_err(Usage)?;
    let corpora = Corpora::open(directory.join("corpora"))?;
    let style = shared.style();
    match action {
        Action::Import { name, files } => {
            let imported = corpora.import(&name, &files).map_err(blame)?;
            style.print(&imported, |imported| {
                format!(
                    "{} documents ({} bytes) of {} files added to {name}; {} rows without a word \
                     and {} files that were imported before passed over",
                    imported.documents,
                    imported.bytes,
                    imported.files,
                    imported.empty,
                    imported.known
                )
            })
        }
        Action::List => style.print(&corpora.list().map_err(blame)?, |all| {
            all.iter().map(describe).collect::<Vec<_>>().join("\n")
        }),
        Action::Find { name, topic, out, limit, min_share, min_score } => {
            let limits = RecallLimits { limit, min_score, min_share };
            let summary = find(&corpora, &name, &topic, &limits, &out)?;
            style.print(&summary, |summary| {
                let mut text = format!(
                    "{} of {} documents found; they are in {}",
                    summary.documents,
                    summary.searched,
                    out.display()
                );
                if !summary.unknown.is_empty() {
                    text.push_str(&format!("\nno document has: {}", summary.unknown.join(", ")));
                }
                text
            })
        }
        Action::Remove { name } => {
            corpora.remove(&name).map_err(blame)?;
            style.print(&json!({"name": name}), |_| format!("{name} is removed"))
        }
    }
}

fn describe(corpus: &CorpusInfo) -> String {
    let files = corpus.files.len();
    format!(
        "{}  {} documents  {} bytes  {files} files",
        corpus.name, corpus.documents, corpus.bytes
    )
}

/// Written aside and renamed: what was found is there as a whole, or not at all.
fn find(
    corpora: &Corpora,
    name: &str,
    topic: &[String],
    limits: &RecallLimits,
    out: &Path,
) -> Result<RecallSummary> {
    let corpus = corpora.get(name).map_err(blame)?;
    let topic = Topic::new(topic).map_err(blame)?;
    let written = || format!("cannot write {}", out.display());
    let directory = out.parent().filter(|parent| !parent.as_os_str().is_empty());
    // As readable as any file of the user's, which a temporary file by itself is not.
    let aside = tempfile::Builder::new()
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(directory.unwrap_or(".".as_ref()))
        .with_context(written)?;
    let mut writer = BufWriter::new(aside);
    let summary = corpus
        .find(&topic, limits, |document| {
            writeln!(writer, "{}", document.into_json(name)).map_err(CorpusError::Write)
        })
        .map_err(blame)?;
    let aside = writer.into_inner().map_err(|error| error.into_error()).with_context(written)?;
    aside.as_file().sync_all().with_context(written)?;
    aside.persist(out).with_context(written)?;
    Ok(summary)
}

/// Whether the corpus failed, or what was given is at fault.
fn blame(error: CorpusError) -> anyhow::Error {
    match error {
        CorpusError::Name { .. }
        | CorpusError::Unknown { .. }
        | CorpusError::Row(_)
        | CorpusError::Empty { .. }
        | CorpusError::Topic { .. } => Usage(error.into()).into(),
        error => error.into(),
    }
}
