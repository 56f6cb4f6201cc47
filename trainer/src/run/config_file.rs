//! The configuration as a file: the user's `anneal.toml`, and `run.toml`, which a run has from its
//! first moment on and keeps.

use std::fs;
use std::path::Path;

use toml::Value;

use super::{AnnealConfig, RunError};
use crate::files;

impl AnnealConfig {
    /// Reads a file and checks it.
    ///
    /// # Errors
    /// A file that cannot be read, is not TOML, has unknown keys, or values out of their ranges.
    pub fn read(path: &Path) -> Result<Self, RunError> {
        Self::parse(&read(path)?).map_err(|problem| RunError::Config { path: path.into(), problem })
    }

    /// Reads `run.toml`, which has every key. One that lacks a key is not as the trainer wrote it,
    /// and its run must not go on with a default in its place.
    ///
    /// # Errors
    /// As [`AnnealConfig::read`], and a key that is missing.
    pub(super) fn read_resolved(path: &Path) -> Result<Self, RunError> {
        parse_resolved(&read(path)?).map_err(|problem| RunError::Damaged {
            path: path.to_owned(),
            problem: format!("{problem}; put a copy of it back, or start a new run"),
        })
    }

    /// Writes `run.toml` for a configuration that is resolved.
    ///
    /// # Errors
    /// A seed beyond 2^63, which TOML cannot hold; what the file system reports.
    pub(super) fn write_resolved(&self, path: &Path) -> Result<(), RunError> {
        let text = toml::to_string(self).map_err(|error| RunError::Config {
            path: path.to_owned(),
            problem: error.to_string(),
        })?;
        Ok(files::write_whole(path, text.as_bytes())?)
    }
}

fn read(path: &Path) -> Result<String, RunError> {
    fs::read_to_string(path).map_err(|cause| RunError::Config {
        path: path.to_owned(),
        problem: format!("cannot be read ({cause}); give the path of a configuration in TOML"),
    })
}

fn parse_resolved(text: &str) -> Result<AnnealConfig, String> {
    let config = AnnealConfig::parse(text)?;
    // The base does not matter: a resolved configuration has its own.
    let whole = Value::try_from(config.resolved(1.0)).map_err(|error| error.to_string())?;
    let found = text.parse().map(Value::Table).map_err(|error| error.to_string())?;
    match lacking("", &whole, &found) {
        None => Ok(config),
        Some(key) => Err(format!("`{key}` is missing")),
    }
}

/// The first key of `whole` that `found` lacks; both are called `name`.
fn lacking(name: &str, whole: &Value, found: &Value) -> Option<String> {
    match (whole, found) {
        (Value::Table(whole), Value::Table(found)) => whole.iter().find_map(|(key, whole)| {
            let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
            match found.get(key) {
                None => Some(name),
                Some(found) => lacking(&name, whole, found),
            }
        }),
        (Value::Array(whole), Value::Array(found)) => whole
            .iter()
            .zip(found)
            .enumerate()
            .find_map(|(at, (whole, found))| lacking(&format!("{name}[{at}]"), whole, found)),
        _ => None,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_run_has_every_key() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("run.toml");
        let config = AnnealConfig::default().resolved(1e4);
        config.write_resolved(&path).unwrap();
        assert_eq!(AnnealConfig::read_resolved(&path).unwrap(), config);
        let whole = fs::read_to_string(&path).unwrap();
        let without = |line: &str| whole.replacen(line, "", 1);
        for (text, part) in [
            (String::new(), "is missing; put a copy"),
            (without("seed = 7\n"), "`seed` is missing"),
            (without("clip = 1.0\n"), "`optim.clip` is missing"),
            (without("rope_theta = 10000.0\n"), "`phase[0].rope_theta` is missing"),
            (whole[..whole.len() / 2].to_owned(), "run.toml: is damaged"),
        ] {
            fs::write(&path, text).unwrap();
            let message = AnnealConfig::read_resolved(&path).unwrap_err().to_string();
            assert!(message.contains(part), "{part:?} not in {message:?}");
        }
        let message = AnnealConfig::read(&home.path().join("none")).unwrap_err().to_string();
        assert!(message.contains("none: cannot be read"), "{message}");
    }
}
