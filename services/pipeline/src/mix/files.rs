//! Which files a dataset's path stands for.

use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use lehr_record::{Digest, Hasher, MixFile};
use serde::Deserialize;

/// What is read of a mix's `mix.json`; the file has more.
#[derive(Deserialize)]
struct Manifest {
    files: Vec<MixFile>,
}

/// Why a path cannot be read: the place, and the reason with the remedy.
pub(crate) type Fault = (String, String);

/// The file itself; of a mix its training files, held against their hashes, and not the documents
/// it holds out for evaluation; of any other directory the JSONL and Parquet files directly in it,
/// by name.
pub(crate) fn files(path: &Path) -> Result<Vec<PathBuf>, Fault> {
    let fault = |reason: &dyn ToString| (path.display().to_string(), reason.to_string());
    if !path.metadata().map_err(|e| fault(&e))?.is_dir() {
        return Ok(vec![path.to_owned()]);
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
    Ok(files)
}

fn files_of_mix(mix: &Path) -> Result<Vec<PathBuf>, Fault> {
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
        let path = mix.join(name);
        let place = || path.display().to_string();
        let found = digest(&path).map_err(|e| (place(), e.to_string()))?;
        if found != sha256 {
            let reason = format!(
                "its SHA-256 is {found}, but mix.json says {sha256}; copy the mix again, or build \
                 it again"
            );
            return Err((place(), reason));
        }
        paths.push(path);
    }
    Ok(paths)
}

fn digest(path: &Path) -> std::io::Result<Digest> {
    let mut file = File::open(path)?;
    let (mut hasher, mut piece) = (Hasher::default(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hasher.finish()),
            bytes => hasher.update(&piece[..bytes]),
        }
    }
}
