mod quality;

use std::fs::{File, Permissions};
use std::io::{BufReader, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use anyhow::{Context, Result};
use lehr_hygiene::{BenchmarkRegistry, check_documents};

use super::Shared;
use crate::config::data_dir;

/// `lehr hygiene ...`.
#[derive(clap::Subcommand)]
pub(super) enum Action {
    /// Check documents `{"id","text"}`, one a line, against the registered benchmarks.
    Check {
        /// The documents.
        file: PathBuf,
        /// Where the findings go, one object a line in the same order.
        #[arg(long, value_name = "REPORT")]
        out: PathBuf,
    },
    /// Assess the quality of documents: language, length, repetition, symbols, formatting, with reasons.
    /// Finding bad ones is no failure.
    Quality(quality::Args),
}

pub(super) fn run(shared: &Shared, action: Action) -> Result<()> {
    let (file, out) = match action {
        Action::Check { file, out } => (file, out),
        Action::Quality(args) => return quality::run(shared, args),
    };
    let data = data_dir(shared.data_dir.as_deref())?;
    let registry = BenchmarkRegistry::open(data.join("benchmarks"))?;
    let input = File::open(&file).with_context(|| format!("cannot read {}", file.display()))?;
    // Written aside and renamed: a report is whole, or it is not there.
    let directory = out.parent().filter(|parent| !parent.as_os_str().is_empty());
    // As readable as any file of the user's, which a temporary file by itself is not.
    let aside = tempfile::Builder::new()
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(directory.unwrap_or(".".as_ref()))
        .with_context(|| format!("cannot write {}", out.display()))?;
    let mut writer = BufWriter::new(aside);
    let summary = check_documents(&registry, BufReader::new(input), &mut writer)
        .with_context(|| format!("cannot check {}", file.display()))?;
    writer.flush().with_context(|| format!("cannot write {}", out.display()))?;
    let aside = writer.into_inner().map_err(|error| error.into_error())?;
    aside.persist(&out).with_context(|| format!("cannot write {}", out.display()))?;
    shared.style().print(&summary, |summary| {
        format!(
            "{} documents checked, {} contaminated; findings in {}",
            summary.documents,
            summary.contaminated,
            out.display()
        )
    })?;
    Ok(())
}
