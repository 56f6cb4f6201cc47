//! Where documents come from: a mix directory, a plain directory, or one file.

use std::fs::{self, File};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::DataError;

/// Which files of a mix to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The training files. All files where the source is not a mix.
    Training,
    /// The files kept apart for evaluation; only a mix has them.
    Heldout,
}

/// Files of documents that have been found and, in a mix, checked against their digests.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// The files, in order.
    pub files: Vec<SourceFile>,
    /// Names exactly these documents in this order: the SHA-256 of the files' digests, in
    /// hexadecimal digits.
    pub digest: String,
    /// The share of the tokens, from 0 to 1, that a mix's recipe asks of each of its datasets, by
    /// name; none where the source is not a mix.
    pub shares: Vec<(String, f64)>,
}

/// One file of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Where it is.
    pub path: PathBuf,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub digest: String,
    /// Its size in bytes and the time of its last change, when it was read for the digest.
    stamp: (u64, Option<SystemTime>),
}

impl SourceFile {
    fn open(path: PathBuf) -> Result<Self, DataError> {
        let stamp = stamp(&path)?;
        let digest = digest(&path)?;
        Ok(Self { path, digest, stamp })
    }

    /// Checks that the file is still the one that its digest names, by size and time.
    pub(super) fn check_unchanged(&self) -> Result<(), DataError> {
        if stamp(&self.path)? == self.stamp {
            return Ok(());
        }
        Err(DataError::format(
            &self.path,
            "changed while it was read",
            "start again when nothing writes to it",
        ))
    }
}

/// The size of a file and the time of its last change, where the file system knows it.
fn stamp(path: &Path) -> Result<(u64, Option<SystemTime>), DataError> {
    let found = fs::metadata(path).map_err(DataError::io("read", path))?;
    Ok((found.len(), found.modified().ok()))
}

/// What the trainer reads of a mix's `mix.json`; the file has more.
#[derive(Deserialize)]
struct Manifest {
    files: Vec<ManifestFile>,
    #[serde(default)]
    heldout: Vec<ManifestFile>,
    #[serde(default)]
    counts: Vec<ManifestCount>,
}

/// What a mix says of one of its datasets.
#[derive(Deserialize)]
struct ManifestCount {
    name: String,
    share_asked: f64,
}

#[derive(Deserialize)]
struct ManifestFile {
    path: String,
    sha256: String,
}

impl Source {
    /// Finds the files at `path` and reads each of them once, for its digest.
    ///
    /// A directory with a `mix.json` is a mix; any other directory gives its `.jsonl` and
    /// `.parquet` files in the order of their names; a file gives itself.
    ///
    /// # Errors
    /// A path that is not there or has no documents' files; a mix whose files differ from their
    /// digests; [`Part::Heldout`] of something that has none.
    pub fn open(path: &Path, part: Part) -> Result<Self, DataError> {
        let manifest = path.join("mix.json");
        let (files, shares) = if manifest.is_file() {
            mix_files(path, &manifest, part)?
        } else if part == Part::Heldout {
            return Err(DataError::format(
                path,
                "is not a mix directory, so it has no held-out documents",
                "leave out --heldout, or give a directory with a mix.json",
            ));
        } else {
            (plain_files(path)?, Vec::new())
        };
        let mut whole = Sha256::new();
        let mut opened = Vec::with_capacity(files.len());
        for (file, expected) in files {
            let file = SourceFile::open(file)?;
            if let Some(expected) = expected.filter(|e| !e.eq_ignore_ascii_case(&file.digest)) {
                return Err(DataError::Hash { path: file.path, expected, found: file.digest });
            }
            whole.update(file.digest.as_bytes());
            opened.push(file);
        }
        let digest = hex::encode(whole.finalize());
        Ok(Self { path: path.to_owned(), files: opened, digest, shares })
    }
}

type Files = Vec<(PathBuf, Option<String>)>;

/// The share asked of each dataset.
type Shares = Vec<(String, f64)>;

fn mix_files(path: &Path, manifest: &Path, part: Part) -> Result<(Files, Shares), DataError> {
    let remedy = "copy the mix again or make it again";
    let text = fs::read_to_string(manifest).map_err(DataError::io("read", manifest))?;
    let Manifest { files, heldout, counts } = serde_json::from_str(&text).map_err(|error| {
        DataError::format(manifest, format!("is not the description of a mix ({error})"), remedy)
    })?;
    let listed = match part {
        Part::Training => files,
        Part::Heldout => heldout,
    };
    if listed.is_empty() {
        let problem = match part {
            Part::Training => "lists no files",
            Part::Heldout => "lists no held-out files",
        };
        return Err(DataError::format(manifest, problem, "make the mix again with documents"));
    }
    let mut found = Vec::new();
    for ManifestFile { path: file, sha256 } in listed {
        let inside = Path::new(&file).components().all(|c| matches!(c, Component::Normal(_)));
        if !inside || !has_documents(Path::new(&file)) {
            return Err(DataError::format(
                manifest,
                format!("lists {file:?}, which is not a .parquet or .jsonl file inside the mix"),
                remedy,
            ));
        }
        found.push((path.join(file), Some(sha256)));
    }
    let mut shares = Vec::new();
    for ManifestCount { name, share_asked } in counts {
        if !(0.0..=1.0).contains(&share_asked) {
            let problem = format!("asks a share of {share_asked} of dataset {name:?}");
            return Err(DataError::format(manifest, problem, remedy));
        }
        shares.push((name, share_asked));
    }
    Ok((found, shares))
}

fn plain_files(path: &Path) -> Result<Files, DataError> {
    let metadata = fs::metadata(path).map_err(DataError::io("read", path))?;
    if metadata.is_file() {
        if !has_documents(path) {
            return Err(DataError::format(
                path,
                "is neither .jsonl nor .parquet",
                "give a file of one of these kinds, or a directory of them",
            ));
        }
        return Ok(vec![(path.to_owned(), None)]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(DataError::io("list", path))? {
        let entry = entry.map_err(DataError::io("list", path))?.path();
        if entry.is_file() && has_documents(&entry) {
            files.push((entry, None));
        }
    }
    if files.is_empty() {
        return Err(DataError::format(
            path,
            "has no mix.json and no .jsonl or .parquet files",
            "give a mix directory, or one with such files",
        ));
    }
    files.sort();
    Ok(files)
}

/// Whether the name is that of a file of documents.
fn has_documents(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "jsonl" || extension == "parquet")
}

/// The SHA-256 of a file's bytes in hexadecimal digits.
fn digest(path: &Path) -> Result<String, DataError> {
    let mut hasher = Sha256::new();
    File::open(path)
        .and_then(|mut file| io::copy(&mut file, &mut hasher))
        .map_err(DataError::io("read", path))?;
    Ok(hex::encode(hasher.finalize()))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const A: &str = "{\"text\":\"a\"}\n";

    fn mix(edit: impl FnOnce(&mut Value)) -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("a.jsonl"), A).unwrap();
        let sha256 = hex::encode(Sha256::digest(A));
        let mut manifest = json!({
            "name": "m", "recipe": {}, "digest": "00", "counts": [],
            "files": [{"path": "a.jsonl", "sha256": sha256, "rows": 1}], "heldout": [],
        });
        edit(&mut manifest);
        fs::write(home.path().join("mix.json"), manifest.to_string()).unwrap();
        home
    }

    #[test]
    fn a_mix_and_a_plain_directory() {
        let home = mix(|_| {});
        let source = Source::open(home.path(), Part::Training).unwrap();
        assert_eq!(source.files.len(), 1);
        fs::remove_file(home.path().join("mix.json")).unwrap();
        fs::write(home.path().join("0.jsonl"), "{\"text\":\"0\"}").unwrap();
        fs::write(home.path().join("notes.md"), "no document").unwrap();
        let plain = Source::open(home.path(), Part::Training).unwrap();
        assert_eq!(plain.files.len(), 2);
        assert!(plain.files[0].path.ends_with("0.jsonl"));
        assert_ne!(plain.digest, source.digest);
        let one = Source::open(&home.path().join("a.jsonl"), Part::Training).unwrap();
        assert_eq!(one.digest, source.digest, "the same documents by another way");
    }

    #[test]
    fn bad_mixes_are_named() {
        /// Makes one thing wrong in a good manifest.
        type Spoil = fn(&mut Value);
        let cases: [(Spoil, &str); 6] = [
            (|m| m["files"][0]["sha256"] = json!("00"), "a.jsonl: its SHA-256 is"),
            (|m| m["files"][0]["path"] = json!("b.jsonl"), "cannot read"),
            (|m| m["files"][0]["path"] = json!("../a.jsonl"), "inside the mix"),
            (|m| m["files"][0]["path"] = json!("a.csv"), "inside the mix"),
            (|m| m["files"] = json!([]), "lists no files"),
            (|m| m["files"] = json!(3), "not the description of a mix"),
        ];
        for (edit, part) in cases {
            let home = mix(edit);
            let message = Source::open(home.path(), Part::Training).unwrap_err().to_string();
            assert!(message.contains(part), "{part:?} not in {message:?}");
        }
        let home = mix(|_| {});
        for (path, part, problem) in [
            (home.path().to_owned(), Part::Heldout, "lists no held-out files"),
            (home.path().join("a.jsonl"), Part::Heldout, "not a mix directory"),
            (home.path().join("mix.json"), Part::Training, "neither .jsonl nor .parquet"),
            (home.path().join("none"), Part::Training, "cannot read"),
        ] {
            let message = Source::open(&path, part).unwrap_err().to_string();
            assert!(message.contains(problem), "{problem:?} not in {message:?}");
        }
    }
}
