//! Which files a dataset's path stands for.

use std::fs::{File, Metadata};
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use lehr_record::{Digest, Hasher, MixFile};
use serde::Deserialize;

/// What is read of a mix's `mix.json`; the file has more.
#[derive(Deserialize)]
struct Manifest {
    files: Vec<MixFile>,
}

/// A file of documents.
#[derive(Clone, Debug)]
pub(crate) struct SourceFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its name.
    pub name: String,
    /// The digest of its bytes.
    pub sha256: Digest,
    /// The file when the digest was taken.
    metadata: Metadata,
}

/// Why a path cannot be read: the place, and the reason with the remedy.
pub(crate) type Fault = (String, String);

impl SourceFile {
    fn read(path: PathBuf) -> Result<Self, Fault> {
        let (sha256, metadata) =
            digest(&path).map_err(|e| (path.display().to_string(), e.to_string()))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { path, name, sha256, metadata })
    }

    /// Tells a file that was written to since its digest was taken.
    pub fn unchanged(&self) -> Result<(), Fault> {
        let fault = |reason: String| (self.path.display().to_string(), reason);
        let now = self.path.metadata().map_err(|e| fault(e.to_string()))?;
        let kept = now.len() == self.metadata.len()
            && now.modified().ok() == self.metadata.modified().ok();
        let reason = "was written to while it was read; make the mix when it is whole";
        kept.then_some(()).ok_or_else(|| fault(reason.to_owned()))
    }
}

/// The file itself; of a mix its training files, held against their hashes, and not the documents
/// it holds out for evaluation; of any other directory the JSONL and Parquet files directly in it,
/// by name.
pub(crate) fn files(path: &Path) -> Result<Vec<SourceFile>, Fault> {
    let fault = |reason: &dyn ToString| (path.display().to_string(), reason.to_string());
    if !path.metadata().map_err(|e| fault(&e))?.is_dir() {
        return Ok(vec![SourceFile::read(path.to_owned())?]);
    }
    if path.join("mix.json").exists() {
        return files_of_mix(path);
    }
    let mut files = Vec::new();
    for entry in path.read_dir().map_err(|e| fault(&e))? {
        let file = entry.map_err(|e| fault(&e))?.path();
        if file.extension().is_some_and(|e| e == "jsonl" || e == "parquet") {
            files.push(file);
        }
    }
    if files.is_empty() {
        return Err(fault(&"holds no .jsonl or .parquet file"));
    }
    files.sort();
    files.into_iter().map(SourceFile::read).collect()
}

fn files_of_mix(mix: &Path) -> Result<Vec<SourceFile>, Fault> {
    let manifest = mix.join("mix.json");
    let fault = |reason: &dyn ToString| (manifest.display().to_string(), reason.to_string());
    let json = std::fs::read(&manifest).map_err(|e| fault(&e))?;
    let Manifest { files } = serde_json::from_slice(&json).map_err(|e| fault(&e))?;
    let mut paths = Vec::new();
    for MixFile { path: name, sha256, .. } in files {
        let parts: Vec<_> = Path::new(&name).components().collect();
        if !matches!(parts[..], [Component::Normal(_)]) {
            return Err(fault(&format!("{name:?} names no file of the mix; build it again")));
        }
        let file = SourceFile::read(mix.join(name))?;
        if file.sha256 != sha256 {
            let found = &file.sha256;
            let reason = format!(
                "its SHA-256 is {found}, but mix.json says {sha256}; copy the mix again, or build \
                 it again"
            );
            return Err((file.path.display().to_string(), reason));
        }
        paths.push(file);
    }
    Ok(paths)
}

fn digest(path: &Path) -> std::io::Result<(Digest, Metadata)> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    let (mut hasher, mut piece) = (Hasher::default(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok((hasher.finish(), metadata)),
            bytes => hasher.update(&piece[..bytes]),
        }
    }
}
