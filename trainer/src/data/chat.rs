//! The chat template of a tokenizer: how a conversation becomes text.
//!
//! Hugging Face keeps it as a Jinja template in `chat_template.jinja` or `tokenizer_config.json`.
//! It is rendered as it stands, so that documents look as the model saw them in its tuning.

use std::fs;
use std::path::Path;

use minijinja::{Environment, Error, ErrorKind, context};
use serde_json::Value;

use super::{DataError, Message};

const NAME: &str = "chat";

/// A compiled chat template.
pub struct ChatTemplate {
    environment: Environment<'static>,
    bos: String,
    eos: String,
}

impl ChatTemplate {
    /// The template of a checkpoint's tokenizer; none if it has none.
    ///
    /// # Errors
    /// A file that cannot be read, or a template that is not Jinja.
    pub fn read(directory: &Path) -> Result<Option<Self>, DataError> {
        let path = directory.join("tokenizer_config.json");
        let config = read_config(&path)?;
        let own = directory.join("chat_template.jinja");
        let (path, template) = if own.is_file() {
            let text = fs::read_to_string(&own).map_err(DataError::io("read", &own))?;
            (own, text)
        } else {
            match template_of(&config) {
                Some(text) => (path, text),
                None => return Ok(None),
            }
        };
        Self::new(template, token_text(&config, "bos_token"), token_text(&config, "eos_token"))
            .map(Some)
            .map_err(|error| {
                let problem = format!("the chat template is not valid ({error})");
                DataError::format(&path, problem, "use the files that came with the checkpoint")
            })
    }

    /// Compiles a template; `bos` and `eos` are the texts it may use for these tokens.
    ///
    /// # Errors
    /// A template that is not Jinja.
    pub fn new(template: String, bos: String, eos: String) -> Result<Self, Error> {
        let mut environment = Environment::new();
        // As Hugging Face compiles them: block tags take their line, and Python's methods work.
        environment.set_trim_blocks(true);
        environment.set_lstrip_blocks(true);
        environment
            .set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.add_function("raise_exception", |message: String| -> Result<String, Error> {
            Err(Error::new(ErrorKind::InvalidOperation, message))
        });
        environment.add_template_owned(NAME, template)?;
        Ok(Self { environment, bos, eos })
    }

    /// The text of a finished conversation, without a prompt for one more turn.
    ///
    /// # Errors
    /// What the template refuses, for instance roles in the wrong order.
    pub fn render(&self, messages: &[Message]) -> Result<String, Error> {
        self.environment.get_template(NAME)?.render(context! {
            messages => messages,
            bos_token => self.bos,
            eos_token => self.eos,
            add_generation_prompt => false,
        })
    }
}

/// The tokenizer's configuration; an empty object if the checkpoint has none.
pub(super) fn read_config(path: &Path) -> Result<Value, DataError> {
    if !path.is_file() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    let text = fs::read_to_string(path).map_err(DataError::io("read", path))?;
    serde_json::from_str(&text).map_err(|error| {
        DataError::format(path, format!("is not JSON ({error})"), "download the checkpoint again")
    })
}

/// The text of a special token, which is given as a text or as an object with `content`.
pub(super) fn token_text(config: &Value, name: &str) -> String {
    let token = &config[name];
    token.as_str().or_else(|| token["content"].as_str()).unwrap_or_default().to_owned()
}

/// The template in the configuration: a text, or a list of named ones of which we take `default`.
fn template_of(config: &Value) -> Option<String> {
    match &config["chat_template"] {
        Value::String(text) => Some(text.clone()),
        Value::Array(named) => named
            .iter()
            .find(|entry| entry["name"] == "default")
            .and_then(|entry| entry["template"].as_str())
            .map(str::to_owned),
        _ => None,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    /// The template of SmolLM2-Instruct.
    const CHATML: &str = "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    fn said(role: &str, content: &str) -> Message {
        Message { role: role.into(), content: content.into() }
    }

    #[test]
    fn renders_chatml() {
        let template = ChatTemplate::new(CHATML.into(), String::new(), String::new()).unwrap();
        let turns = [said("system", "Be brief."), said("user", "1+1?"), said("assistant", "2")];
        assert_eq!(
            template.render(&turns).unwrap(),
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n1+1?<|im_end|>\n\
             <|im_start|>assistant\n2<|im_end|>\n"
        );
        assert!(template.render(&turns[1..]).unwrap().starts_with("<|im_start|>system\nYou are"));
    }

    #[test]
    fn python_methods_and_refusals() {
        let text = "{{ bos_token }}{% for m in messages %}\n  {%- if m.role == 'x' %}\
                    {{ raise_exception('no x') }}{% endif %}{{ m.content.strip() }}{% endfor %}";
        let template = ChatTemplate::new(text.into(), "<s>".into(), String::new()).unwrap();
        assert_eq!(template.render(&[said("user", " a ")]).unwrap(), "<s>a");
        let refused = template.render(&[said("x", "a")]).unwrap_err().to_string();
        assert!(refused.contains("no x"), "{refused}");
        assert!(ChatTemplate::new("{% for".into(), String::new(), String::new()).is_err());
    }
}
