//! Recordings of replies: one JSON object a line, `{"model", "key", "reply"}`.
//!
//! They are fixtures of tests, which write them; lehr itself records no run in this form, for its
//! journal already keeps every reply. The model is part of every call's key, so a [`Replay`] takes
//! over the identity of the model that was recorded, and a recording holds one model only.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    time::Duration,
};

use async_trait::async_trait;
use lehr_record::{Call, Digest, Message, Reply, Sampling};
use serde::Deserialize;

use super::{Backend, LlmError, check_sampling};

/// One line of a recording.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    /// The identity of the model that replied.
    model: String,
    /// [`Call::key`].
    key: Digest,
    /// What it replied.
    reply: Reply,
}

fn key(model: &str, messages: &[Message], sampling: &Sampling) -> Digest {
    Call { model: model.to_owned(), messages: messages.to_vec(), sampling: *sampling }.key()
}

/// A backend that answers from a recording, and only from it.
pub struct Replay {
    path: PathBuf,
    identity: String,
    replies: HashMap<Digest, Reply>,
    delay: Duration,
}

impl Replay {
    /// Reads a recording. Each call then takes at least `delay`.
    ///
    /// # Errors
    /// [`LlmError::Recording`] for a file that cannot be read, is empty, has a malformed line,
    /// holds two models, or two different replies to one call.
    pub fn open(path: &Path, delay: Duration) -> Result<Self, LlmError> {
        let lines = read(path)?;
        let mut identity: Option<String> = None;
        let mut replies = HashMap::new();
        for (number, line) in (1..).zip(lines) {
            let error = |reason: String| {
                Err(LlmError::Recording { path: path.to_owned(), line: number, reason })
            };
            match &identity {
                None => identity = Some(line.model),
                Some(first) if *first != line.model => {
                    return error(format!(
                        "is of model {}, the lines before are of {first}; keep one file a model",
                        line.model
                    ));
                }
                Some(_) => {}
            }
            match replies.insert(line.key.clone(), line.reply) {
                Some(before) if before.text != replies[&line.key].text => {
                    return error(format!("replies to call {} a second time", line.key));
                }
                _ => {}
            }
        }
        let Some(identity) = identity else {
            return Err(LlmError::Recording {
                path: path.to_owned(),
                line: 0,
                reason: "the recording is empty".to_owned(),
            });
        };
        Ok(Self { path: path.to_owned(), identity, replies, delay })
    }
}

#[async_trait]
impl Backend for Replay {
    fn identity(&self) -> &str {
        &self.identity
    }

    fn parallel(&self) -> usize {
        64
    }

    async fn complete(&self, messages: &[Message], sampling: &Sampling) -> Result<Reply, LlmError> {
        check_sampling(sampling)?;
        tokio::time::sleep(self.delay).await;
        let key = key(&self.identity, messages, sampling);
        match self.replies.get(&key) {
            Some(reply) => Ok(reply.clone()),
            None => Err(LlmError::NotRecorded { path: self.path.clone(), key }),
        }
    }
}

/// The lines of a recording.
fn read(path: &Path) -> Result<Vec<Line>, LlmError> {
    let error =
        |line: usize, reason: String| LlmError::Recording { path: path.to_owned(), line, reason };
    let text =
        std::fs::read_to_string(path).map_err(|e| error(0, format!("{e}; check the path")))?;
    let line = |(number, text): (usize, &str)| {
        let line: Line = serde_json::from_str(text)
            .map_err(|e| error(number, format!("is no recorded reply: {e}")))?;
        match Digest::from_hex(line.key.as_str()) {
            Some(_) => Ok(line),
            None => Err(error(number, format!("the key {:?} is no digest", line.key.as_str()))),
        }
    };
    (1..).zip(text.lines()).map(line).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use lehr_record::Role;

    use super::*;

    const SAMPLING: Sampling =
        Sampling { temperature: 1.0, top_p: 1.0, top_k: 50, max_tokens: 9, seed: 3 };

    fn ask(text: &str) -> Vec<Message> {
        vec![Message::new(Role::User, text)]
    }

    #[tokio::test]
    async fn what_was_recorded_is_replayed_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("r.jsonl");
        let reply = |text: &str| Reply {
            text: text.to_owned(),
            finished: true,
            prompt_tokens: 1,
            completion_tokens: 3,
            seconds: 0.5,
        };
        let words = ["one", "two \"quoted\"\n"];
        let lines = words.map(|word| {
            let key = key("shout-1", &ask(word), &SAMPLING);
            let reply = reply(&word.to_uppercase());
            format!("{}\n", serde_json::json!({"model": "shout-1", "key": key, "reply": reply}))
        });
        std::fs::write(&path, lines.concat()).unwrap();
        let replay = Replay::open(&path, Duration::ZERO).unwrap();
        assert_eq!(replay.identity(), "shout-1");
        for word in words {
            let got = replay.complete(&ask(word), &SAMPLING).await.unwrap();
            assert_eq!(got, reply(&word.to_uppercase()));
        }
        let other = Sampling { seed: 4, ..SAMPLING };
        for (messages, sampling) in [(ask("three"), SAMPLING), (ask("one"), other)] {
            let missing = key("shout-1", &messages, &sampling);
            let error = replay.complete(&messages, &sampling).await.unwrap_err();
            assert!(matches!(&error, LlmError::NotRecorded { key, .. } if *key == missing));
            assert!(error.to_string().contains(missing.as_str()), "{error}");
        }
    }

    #[tokio::test]
    async fn spoilt_recordings_are_refused_with_their_line() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("r.jsonl");
        let line = |model: &str, digit: &str, text: &str| {
            format!(
                "{{\"model\":\"{model}\",\"key\":\"{}\",\"reply\":{{\"text\":\"{text}\",\
                 \"finished\":true,\"prompt_tokens\":1,\"completion_tokens\":1,\"seconds\":0}}}}\n",
                digit.repeat(64)
            )
        };
        let good = line("m", "a", "x");
        for (text, number, what) in [
            (String::new(), 0, "empty"),
            (format!("{good}nonsense\n"), 2, "no recorded reply"),
            (format!("{good}{}", line("n", "b", "x")), 2, "one file a model"),
            (format!("{good}{}", line("m", "a", "y")), 2, "second time"),
            (line("m", "z", "x"), 1, "no digest"),
        ] {
            std::fs::write(&path, &text).unwrap();
            match Replay::open(&path, Duration::ZERO) {
                Err(LlmError::Recording { line, reason, .. }) => {
                    assert_eq!(line, number, "{reason}");
                    assert!(reason.contains(what), "{reason}");
                }
                Err(error) => panic!("{text}: {error}"),
                Ok(_) => panic!("{text} was accepted"),
            }
        }
        assert!(Replay::open(&dir.path().join("none"), Duration::ZERO).is_err());
    }
}
