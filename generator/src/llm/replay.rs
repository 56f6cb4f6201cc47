//! Recordings of replies: one JSON object a line, `{"model", "key", "reply"}`.
//!
//! The model is part of every call's key, so a [`Replay`] takes over the identity of the model
//! that was recorded, and a recording holds one model only.

use std::{
    collections::HashMap,
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use lehr_record::{Call, Digest, Message, Reply, Sampling};
use serde::{Deserialize, Serialize};

use super::{Backend, LlmError, check_sampling};

/// One line of a recording.
#[derive(Serialize, Deserialize)]
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
    /// A last line without its line feed, as a killed [`Recorder`] leaves it, is passed over.
    ///
    /// # Errors
    /// [`LlmError::Recording`] for a file that cannot be read, is empty, has a malformed line,
    /// holds two models, or two different replies to one call.
    pub fn open(path: &Path, delay: Duration) -> Result<Self, LlmError> {
        let (lines, _) = read(path)?;
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
                reason: "the recording is empty; record a run first".to_owned(),
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

/// A backend that passes calls on to another and appends the replies to a recording.
pub struct Recorder {
    inner: Arc<dyn Backend>,
    path: PathBuf,
    file: Mutex<File>,
}

impl Recorder {
    /// Records `inner` into `path`, after what is there already.
    ///
    /// # Errors
    /// [`LlmError::Recording`] when the file cannot be written, or is the recording of another
    /// model.
    pub fn create(inner: Arc<dyn Backend>, path: &Path) -> Result<Self, LlmError> {
        let io = |error: std::io::Error| LlmError::Recording {
            path: path.to_owned(),
            line: 0,
            reason: format!("{error}; check the directory and its permissions"),
        };
        if path.exists() {
            let (lines, good_bytes) = read(path)?;
            if let Some(line) = lines.iter().find(|line| line.model != inner.identity()) {
                return Err(LlmError::Recording {
                    path: path.to_owned(),
                    line: 0,
                    reason: format!(
                        "is a recording of {}, not of {}; choose another file",
                        line.model,
                        inner.identity()
                    ),
                });
            }
            // A line that a killed recorder left half-written would spoil the one after it.
            OpenOptions::new()
                .write(true)
                .open(path)
                .map_err(io)?
                .set_len(good_bytes)
                .map_err(io)?;
        }
        let file = OpenOptions::new().create(true).append(true).open(path).map_err(io)?;
        Ok(Self { inner, path: path.to_owned(), file: Mutex::new(file) })
    }
}

#[async_trait]
impl Backend for Recorder {
    fn identity(&self) -> &str {
        self.inner.identity()
    }

    fn parallel(&self) -> usize {
        self.inner.parallel()
    }

    async fn complete(&self, messages: &[Message], sampling: &Sampling) -> Result<Reply, LlmError> {
        let reply = self.inner.complete(messages, sampling).await?;
        let model = self.identity().to_owned();
        let line = Line { key: key(&model, messages, sampling), model, reply };
        let error = |reason: String| LlmError::Recording {
            path: self.path.clone(),
            line: 0,
            reason: format!("{reason}; the reply was not recorded"),
        };
        let mut bytes = serde_json::to_vec(&line).map_err(|e| error(e.to_string()))?;
        bytes.push(b'\n');
        // One write a line, so that calls that end together do not mix their lines.
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(&bytes).map_err(|e| error(e.to_string()))?;
        Ok(line.reply)
    }
}

/// The complete lines of a recording, and the number of bytes that they take.
fn read(path: &Path) -> Result<(Vec<Line>, u64), LlmError> {
    let error =
        |line: usize, reason: String| LlmError::Recording { path: path.to_owned(), line, reason };
    let file = File::open(path).map_err(|e| error(0, format!("{e}; check the path")))?;
    let mut reader = BufReader::new(file);
    let (mut lines, mut good_bytes, mut text) = (Vec::new(), 0, String::new());
    loop {
        text.clear();
        let number = lines.len() + 1;
        let read = reader.read_line(&mut text).map_err(|e| error(number, e.to_string()))?;
        if !text.ends_with('\n') {
            return Ok((lines, good_bytes));
        }
        let line: Line = serde_json::from_str(&text)
            .map_err(|e| error(number, format!("is no recorded reply: {e}")))?;
        if Digest::from_hex(line.key.as_str()).is_none() {
            return Err(error(number, format!("the key {:?} is no digest", line.key.as_str())));
        }
        lines.push(line);
        good_bytes += read as u64;
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use lehr_record::Role;

    use super::*;

    const SAMPLING: Sampling =
        Sampling { temperature: 1.0, top_p: 1.0, top_k: 50, max_tokens: 9, seed: 3 };

    /// Answers with the last message, shouted.
    struct Shout;

    #[async_trait]
    impl Backend for Shout {
        fn identity(&self) -> &str {
            "shout-1"
        }
        fn parallel(&self) -> usize {
            2
        }
        async fn complete(&self, messages: &[Message], _: &Sampling) -> Result<Reply, LlmError> {
            let text = messages.last().unwrap().content.to_uppercase();
            let completion_tokens = text.len() as u32;
            Ok(Reply { text, finished: true, prompt_tokens: 1, completion_tokens, seconds: 0.5 })
        }
    }

    fn ask(text: &str) -> Vec<Message> {
        vec![Message::new(Role::User, text)]
    }

    #[tokio::test]
    async fn what_was_recorded_is_replayed_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("r.jsonl");
        let mut want = Vec::new();
        // The second recorder goes on where the first stopped, behind a line cut off by a crash.
        for word in ["one", "two \"quoted\"\n"] {
            let recorder = Recorder::create(Arc::new(Shout), &path).unwrap();
            assert_eq!(recorder.parallel(), 2);
            want.push(recorder.complete(&ask(word), &SAMPLING).await.unwrap());
            let mut file = OpenOptions::new().append(true).open(&path).unwrap();
            file.write_all(b"{\"model\":\"sho").unwrap();
        }
        let replay = Replay::open(&path, Duration::ZERO).unwrap();
        assert_eq!(replay.identity(), "shout-1");
        assert_eq!(replay.complete(&ask("one"), &SAMPLING).await.unwrap(), want[0]);
        assert_eq!(replay.complete(&ask("two \"quoted\"\n"), &SAMPLING).await.unwrap(), want[1]);
        let other = Sampling { seed: 4, ..SAMPLING };
        for (messages, sampling) in [(ask("three"), SAMPLING), (ask("one"), other)] {
            let missing = key("shout-1", &messages, &sampling);
            let error = replay.complete(&messages, &sampling).await.unwrap_err();
            assert!(matches!(&error, LlmError::NotRecorded { key, .. } if *key == missing));
            assert!(error.to_string().contains(missing.as_str()), "{error}");
        }
    }

    #[tokio::test]
    async fn the_delay_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("r.jsonl");
        let recorder = Recorder::create(Arc::new(Shout), &path).unwrap();
        recorder.complete(&ask("x"), &SAMPLING).await.unwrap();
        let replay = Replay::open(&path, Duration::from_millis(30)).unwrap();
        let start = std::time::Instant::now();
        replay.complete(&ask("x"), &SAMPLING).await.unwrap();
        assert!(start.elapsed() >= Duration::from_millis(30));
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
        std::fs::write(&path, good).unwrap();
        assert!(matches!(
            Recorder::create(Arc::new(Shout), &path),
            Err(LlmError::Recording { reason, .. }) if reason.contains("another file")
        ));
        assert!(Replay::open(&dir.path().join("none"), Duration::ZERO).is_err());
    }
}
