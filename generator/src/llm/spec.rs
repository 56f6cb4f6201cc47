//! What a user writes to name a model.

use std::{fmt, path::PathBuf, str::FromStr, time::Duration};

use super::openai::address;
use crate::model_store::{DEFAULT_NAME, EMBEDDER_NAME};

/// A model, as a user names it.
///
/// | written | meaning |
/// | --- | --- |
/// | `default` or `smollm2-135m-instruct` | the model of `lehr model pull` |
/// | `all-minilm-l6-v2` | the model that embeds texts, which can be pulled but writes nothing |
/// | `PATH.gguf` | a GGUF file |
/// | `DIR` (with a `/`, or an existing directory) | safetensors, `config.json` and `tokenizer.json` |
/// | `hf:ORG/NAME` | a Hugging Face repository with safetensors |
/// | `openai:URL#MODEL` | a model of an OpenAI-compatible server |
/// | `replay:FILE` or `replay:FILE?delay_ms=20` | replies written down beforehand, for tests |
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelSpec {
    /// A model of the built-in catalogue, by its name there.
    Named(String),
    /// A GGUF file.
    Gguf(PathBuf),
    /// A directory with safetensors and their configuration.
    Safetensors(PathBuf),
    /// A Hugging Face repository, `ORG/NAME`.
    HuggingFace(String),
    /// A model served by an OpenAI-compatible server.
    OpenAi {
        /// The server's address, with or without `/v1`.
        base_url: String,
        /// The model's name there.
        model: String,
    },
    /// Replies written down beforehand.
    Replay {
        /// The JSONL file.
        file: PathBuf,
        /// How long each call takes at least.
        delay: Duration,
    },
}

/// Why a text names no model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("model {text:?}: {reason}")]
pub struct ModelSpecError {
    /// What was written.
    pub text: String,
    /// What is wrong and what to write instead.
    pub reason: String,
}

impl Default for ModelSpec {
    fn default() -> Self {
        Self::Named(DEFAULT_NAME.to_owned())
    }
}

impl FromStr for ModelSpec {
    type Err = ModelSpecError;

    fn from_str(text: &str) -> Result<Self, ModelSpecError> {
        let error =
            |reason: &str| Err(ModelSpecError { text: text.to_owned(), reason: reason.to_owned() });
        if let Some(rest) = text.strip_prefix("hf:") {
            return match rest.split_once('/') {
                Some((org, name)) if good_repository_part(org) && good_repository_part(name) => {
                    Ok(Self::HuggingFace(rest.to_owned()))
                }
                _ => error("write hf:ORG/NAME, such as hf:HuggingFaceTB/SmolLM2-135M-Instruct"),
            };
        }
        if let Some(rest) = text.strip_prefix("openai:") {
            // The address is not repeated: it may hold a secret.
            let error = |reason: &str| {
                Err(ModelSpecError { text: "openai:…".to_owned(), reason: reason.to_owned() })
            };
            return match rest.rsplit_once('#') {
                Some((url, model)) if !model.is_empty() => match address(url) {
                    Ok(_) => Ok(Self::OpenAi {
                        base_url: url.trim_end_matches('/').to_owned(),
                        model: model.to_owned(),
                    }),
                    Err(reason) => error(&format!(
                        "the server's address {reason}; write openai:URL#MODEL, such as \
                         openai:http://localhost:8000/v1#qwen"
                    )),
                },
                _ => error("write openai:URL#MODEL, such as openai:http://localhost:8000/v1#qwen"),
            };
        }
        if let Some(rest) = text.strip_prefix("replay:") {
            let (file, delay) = match rest.split_once("?delay_ms=") {
                None => (rest, 0),
                Some((file, millis)) => match millis.parse::<u32>() {
                    Ok(millis) => (file, millis),
                    Err(_) => return error("delay_ms must be a whole number of milliseconds"),
                },
            };
            return if file.is_empty() {
                error("write replay:FILE, optionally with ?delay_ms=20")
            } else {
                Ok(Self::Replay {
                    file: file.into(),
                    delay: Duration::from_millis(u64::from(delay)),
                })
            };
        }
        if text.eq_ignore_ascii_case("default") || text.eq_ignore_ascii_case(DEFAULT_NAME) {
            return Ok(Self::default());
        }
        if text.eq_ignore_ascii_case(EMBEDDER_NAME) {
            return Ok(Self::Named(EMBEDDER_NAME.to_owned()));
        }
        if text.to_ascii_lowercase().ends_with(".gguf") {
            return Ok(Self::Gguf(text.into()));
        }
        let path = PathBuf::from(text);
        if text.contains(std::path::MAIN_SEPARATOR) || path.is_dir() {
            return Ok(Self::Safetensors(path));
        }
        error(
            "is neither a known name (default), a .gguf file, a directory with safetensors, \
             hf:ORG/NAME, openai:URL#MODEL nor replay:FILE",
        )
    }
}

fn good_repository_part(part: &str) -> bool {
    (1..=96).contains(&part.len())
        && !part.starts_with('.')
        && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

impl fmt::Display for ModelSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::Gguf(path) | Self::Safetensors(path) => write!(f, "{}", path.display()),
            Self::HuggingFace(repository) => write!(f, "hf:{repository}"),
            Self::OpenAi { base_url, model } => write!(f, "openai:{base_url}#{model}"),
            Self::Replay { file, delay } if delay.is_zero() => {
                write!(f, "replay:{}", file.display())
            }
            Self::Replay { file, delay } => {
                write!(f, "replay:{}?delay_ms={}", file.display(), delay.as_millis())
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn specs_are_read_and_written() {
        let named = || ModelSpec::Named(DEFAULT_NAME.into());
        let openai = |url: &str, model: &str| ModelSpec::OpenAi {
            base_url: url.into(),
            model: model.into(),
        };
        let replay = |file: &str, millis| ModelSpec::Replay {
            file: file.into(),
            delay: Duration::from_millis(millis),
        };
        for (text, want, written) in [
            ("default", named(), "smollm2-135m-instruct"),
            ("SmolLM2-135M-Instruct", named(), "smollm2-135m-instruct"),
            ("all-MiniLM-L6-v2", ModelSpec::Named(EMBEDDER_NAME.into()), "all-minilm-l6-v2"),
            ("m.gguf", ModelSpec::Gguf("m.gguf".into()), "m.gguf"),
            ("/a b/M.GGUF", ModelSpec::Gguf("/a b/M.GGUF".into()), "/a b/M.GGUF"),
            ("models/x", ModelSpec::Safetensors("models/x".into()), "models/x"),
            (".", ModelSpec::Safetensors(".".into()), "."),
            ("hf:a/b-1.5", ModelSpec::HuggingFace("a/b-1.5".into()), "hf:a/b-1.5"),
            (
                "openai:http://h:8000/v1/#org/m",
                openai("http://h:8000/v1", "org/m"),
                "openai:http://h:8000/v1#org/m",
            ),
            ("replay:a.jsonl", replay("a.jsonl", 0), "replay:a.jsonl"),
            ("replay:a?delay_ms=7", replay("a", 7), "replay:a?delay_ms=7"),
        ] {
            let spec: ModelSpec = text.parse().unwrap();
            assert_eq!(spec, want, "{text}");
            assert_eq!(spec.to_string(), written);
            assert_eq!(written.parse::<ModelSpec>().unwrap(), want, "{written} read again");
        }
    }

    #[test]
    fn what_names_no_model_says_what_to_write() {
        for (text, remedy) in [
            ("", "default"),
            ("gpt-4", "openai:URL#MODEL"),
            ("hf:", "hf:ORG/NAME"),
            ("hf:a", "hf:ORG/NAME"),
            ("hf:a/b/c", "hf:ORG/NAME"),
            ("hf:../b", "hf:ORG/NAME"),
            ("openai:", "openai:URL#MODEL"),
            ("openai:http://h", "openai:URL#MODEL"),
            ("openai:http://h#", "openai:URL#MODEL"),
            ("openai:http://#m", "openai:URL#MODEL"),
            ("openai:ftp://h#m", "openai:URL#MODEL"),
            ("openai:http://user:secret@h#m", "password"),
            ("openai:http://h?key=secret#m", "behind `?`"),
            ("openai:http://h#secret#m", "behind `?` or `#`"),
            ("openai:http://h:secret#m", "openai:URL#MODEL"),
            ("replay:", "replay:FILE"),
            ("replay:a?delay_ms=x", "milliseconds"),
            ("replay:a?delay_ms=-1", "milliseconds"),
        ] {
            let error = text.parse::<ModelSpec>().unwrap_err().to_string();
            assert!(error.contains(remedy), "{text:?}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
