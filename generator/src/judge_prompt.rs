//! Prompts by which a language model judges texts: files of `prompts/judges`, each with the verdicts
//! that it may give and example replies, which are its tests.
//!
//! A reply counts only when its last line, and no other, is `Verdict: ` and one of the verdicts.
//! Everything else is no verdict, and never taken for one.

use std::sync::LazyLock;

use lehr_record::{Digest, Message, Reply, Role, Sampling};
use minijinja::{Environment, UndefinedBehavior};
use serde::{Deserialize, Serialize};

/// What the line with the verdict begins with.
const LABEL: &str = "verdict:";

/// A prompt that asks for one of a few verdicts.
#[derive(Debug)]
pub struct JudgePrompt {
    form: Form,
    digest: Digest,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    name: String,
    version: u32,
    #[expect(dead_code, reason = "for people who read the file")]
    description: String,
    system: String,
    user: String,
    verdicts: Vec<String>,
    max_tokens: u32,
    #[cfg_attr(not(test), expect(dead_code, reason = "the file's tests"))]
    example: Vec<Example>,
}

/// A reply, and the verdict that must be read from it, if any.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), expect(dead_code, reason = "the file's tests"))]
struct Example {
    reply: String,
    verdict: Option<String>,
}

impl JudgePrompt {
    /// Asks whether `text` asks what `item` asks: `SAME` or `DIFFERENT`.
    pub fn paraphrase() -> &'static Self {
        static PROMPT: LazyLock<JudgePrompt> = LazyLock::new(|| {
            JudgePrompt::builtin(include_str!("../../prompts/judges/paraphrase.toml"))
        });
        &PROMPT
    }

    fn builtin(text: &str) -> Self {
        #[expect(clippy::expect_used, reason = "embedded files that the tests load")]
        let form = toml::from_str(text).expect("an embedded prompt is valid");
        Self { form, digest: Digest::of_bytes(text.as_bytes()) }
    }

    /// Names exactly this prompt: its name, its version and the digest of its file.
    pub fn identity(&self) -> String {
        format!("{} v{} {}", self.form.name, self.form.version, self.digest)
    }

    /// What the model is asked, with values for the prompt's names. Values are never read as
    /// templates.
    ///
    /// # Errors
    /// A name of the prompt has no value.
    pub fn messages(&self, values: impl Serialize) -> Result<Vec<Message>, String> {
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let user = environment
            .render_str(&self.form.user, values)
            .map_err(|error| format!("the prompt {} cannot be filled: {error}", self.form.name))?;
        Ok(vec![
            Message::new(Role::System, self.form.system.trim()),
            Message::new(Role::User, user.trim()),
        ])
    }

    /// The likeliest reply: a verdict is no matter of luck.
    pub fn sampling(&self) -> Sampling {
        let max_tokens = self.form.max_tokens;
        Sampling { temperature: 0.0, top_p: 1.0, top_k: 1, max_tokens, seed: 0 }
    }

    /// The verdict of a reply, as the prompt's file spells it.
    ///
    /// # Errors
    /// When the reply was cut off, or does not end with one verdict.
    pub fn verdict(&self, reply: &Reply) -> Result<&str, String> {
        if !reply.finished {
            return Err("the judge's reply was cut off".into());
        }
        let labelled = |line: &&str| line.to_ascii_lowercase().starts_with(LABEL);
        let lines = reply.text.lines().map(str::trim).filter(|line| !line.is_empty());
        let last = lines.clone().next_back().filter(labelled);
        let named = last.filter(|_| lines.filter(labelled).count() == 1).map(|line| {
            let said = line[LABEL.len()..].trim();
            said.strip_suffix('.').unwrap_or(said)
        });
        named
            .and_then(|named| {
                self.form.verdicts.iter().find(|verdict| verdict.eq_ignore_ascii_case(named))
            })
            .map(String::as_str)
            .ok_or_else(|| {
                let shown: String = reply.text.chars().take(200).collect();
                format!(
                    "the judge's reply does not end with one verdict of {}: {shown:?}",
                    self.form.verdicts.join(" or ")
                )
            })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn reply(text: &str, finished: bool) -> Reply {
        let text = text.to_owned();
        Reply { text, finished, prompt_tokens: 1, completion_tokens: 1, seconds: 0.0 }
    }

    #[test]
    fn the_examples_of_the_files_are_read_as_they_say() {
        let prompt = JudgePrompt::paraphrase();
        assert!(prompt.form.example.len() > 3);
        for Example { reply: text, verdict } in &prompt.form.example {
            let read = prompt.verdict(&reply(text, true));
            assert_eq!(read.ok(), verdict.as_deref(), "{text}");
            assert!(prompt.verdict(&reply(text, false)).is_err(), "{text}");
        }
    }

    #[test]
    fn values_are_no_templates_and_none_may_be_missing() {
        let prompt = JudgePrompt::paraphrase();
        let values = serde_json::json!({"item": "{{ text }} {% if %}", "text": "x"});
        let messages = prompt.messages(values).unwrap();
        assert!(messages[1].content.contains("{{ text }} {% if %}"), "{}", messages[1].content);
        assert!(prompt.messages(serde_json::json!({"item": "x"})).is_err());
    }
}
