//! The service's configuration: `lehr.toml`, with the command line on top.

mod hygiene;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use lehr_generator::model_store::ModelStore;
use lehr_verifier::sandbox::Layer;
use serde::Deserialize;

pub use hygiene::{EmbedderChoice, HygieneConfig, check_criteria};

/// The variable that names the data directory.
pub const DATA_DIR: &str = "LEHR_DATA_DIR";

/// The variable that names the service.
pub const SERVER: &str = "LEHR_SERVER";

/// The service that client commands speak to when none is named.
pub const USUAL_SERVER: &str = "http://127.0.0.1:8730";

/// What `lehr.toml` may say. Unknown keys are refused; every key has a default.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The address to listen on; port 0 takes a free one.
    pub listen: String,
    /// The model: `default`, a GGUF file, a safetensors directory, `hf:ORG/NAME`,
    /// `openai:URL#MODEL` or `replay:FILE`.
    pub model: String,
    /// Model calls in flight; the backend's own best number when absent.
    pub parallel: Option<usize>,
    /// The environment variable with the key of an OpenAI-compatible server.
    pub key_variable: Option<String>,
    /// The longest a model call may take, in seconds.
    pub call_seconds: u64,
    /// A directory of recipes that add to or replace those of the same name that ship with lehr.
    pub prompts: Option<PathBuf>,
    /// Directories that mixes may read documents from.
    pub import_dirs: Vec<PathBuf>,
    /// The largest body of a request to the service, in bytes.
    pub body_limit: usize,
    /// The longest a client may take to send the head of a request, and again its body, in seconds.
    pub client_seconds: u64,
    /// Sandbox layers that may be missing, by name.
    pub allow_degraded: BTreeSet<Layer>,
    /// A directory of wheels whose packages generated Python programs may import.
    pub wheels: Option<PathBuf>,
    /// How texts are checked against the benchmarks.
    pub hygiene: HygieneConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8730".into(),
            model: "default".into(),
            parallel: None,
            key_variable: None,
            call_seconds: 1800,
            prompts: None,
            import_dirs: Vec::new(),
            body_limit: 64 << 20,
            client_seconds: 60,
            allow_degraded: BTreeSet::new(),
            wheels: None,
            hygiene: HygieneConfig::default(),
        }
    }
}

impl Config {
    /// Reads a configuration file.
    ///
    /// # Errors
    /// Names the file, and the key or line at fault.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read the configuration {}", path.display()))?;
        let config: Self = toml::from_str(&text)
            .with_context(|| format!("the configuration {} is at fault", path.display()))?;
        for (key, zero) in [
            ("parallel", config.parallel == Some(0)),
            ("call_seconds", config.call_seconds == 0),
            ("body_limit", config.body_limit == 0),
            ("client_seconds", config.client_seconds == 0),
        ] {
            if zero {
                let file = path.display();
                bail!("the configuration {file} is at fault: {key} is 0; make it 1 or more");
            }
        }
        config.hygiene.check().map_err(|reason| {
            anyhow!("the configuration {} is at fault: {reason}", path.display())
        })?;
        Ok(config)
    }
}

/// Where lehr keeps what must survive: `--data-dir`, else `LEHR_DATA_DIR`, else the user's data
/// directory.
///
/// # Errors
/// When none of the three is known.
pub fn data_dir(named: Option<&Path>) -> Result<PathBuf> {
    if let Some(path) = named {
        return Ok(path.to_owned());
    }
    if let Some(path) = std::env::var_os(DATA_DIR).filter(|path| !path.is_empty()) {
        return Ok(path.into());
    }
    let home = dirs::data_dir()
        .with_context(|| format!("there is no home directory; set --data-dir or {DATA_DIR}"))?;
    Ok(home.join("lehr"))
}

/// Where lehr keeps models, which can be fetched again: `LEHR_CACHE_DIR`, else the user's cache
/// directory.
///
/// # Errors
/// When neither is known.
pub fn models_dir() -> Result<PathBuf> {
    Ok(ModelStore::default_dir()?)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn faults_name_the_file_and_the_key() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for (text, part) in [
            ("colour = 1", "colour"),
            ("listen = 1", "listen"),
            ("body_limit = 0", "body_limit is 0"),
            ("client_seconds = 0", "client_seconds is 0"),
            ("listen", "line 1"),
            ("[hygiene]\ncolour = 1", "colour"),
            ("[hygiene.quality]\nminimum = 9", "hygiene.quality.minimum is 9"),
            ("[hygiene]\nmode = \"keep\"", "keep"),
            ("[hygiene.criteria]\nlong_share = nan", "hygiene.criteria.long_share is NaN"),
            ("[hygiene.criteria]\nlong_shares = 0.5", "long_shares"),
        ] {
            std::fs::write(file.path(), text).unwrap();
            let error = format!("{:#}", Config::read(file.path()).unwrap_err());
            assert!(error.contains(part), "{text}: {error}");
            assert!(error.contains(file.path().to_str().unwrap()), "{text}: {error}");
        }
        std::fs::write(file.path(), "").unwrap();
        assert_eq!(Config::read(file.path()).unwrap().listen, "127.0.0.1:8730");
        let hygiene = "[hygiene]\nmode = \"report\"\nembedder = \"minilm\"\njudge = true\n\
                       criteria = { long_share = 0.5 }";
        std::fs::write(file.path(), hygiene).unwrap();
        let config = Config::read(file.path()).unwrap().hygiene;
        assert_eq!((config.mode, config.judge), (lehr_hygiene::Mode::Report, true));
        assert_eq!(config.embedder, EmbedderChoice::Directory("minilm".into()));
        assert!((config.criteria.long_share - 0.5).abs() < 1e-12);
    }
}
