//! Results that are whole or not there: written aside, and renamed when they are complete.

use std::fs::Permissions;
use std::io::BufWriter;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result};
use tempfile::NamedTempFile;

/// A file beside `path`, which goes away unless it is kept.
pub(super) fn aside(path: &Path) -> Result<BufWriter<NamedTempFile>> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    // As readable as any file of the user's, which a temporary file by itself is not.
    tempfile::Builder::new()
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(directory.unwrap_or(".".as_ref()))
        .map(BufWriter::new)
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Makes it durable, and `path`.
pub(super) fn keep(writer: BufWriter<NamedTempFile>, path: &Path) -> Result<()> {
    let written = || format!("cannot write {}", path.display());
    let file = writer.into_inner().map_err(|error| error.into_error()).with_context(written)?;
    file.as_file().sync_all().with_context(written)?;
    file.persist(path).with_context(written)?;
    Ok(())
}
