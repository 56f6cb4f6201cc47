//! From a conversation to tokens and from tokens to text, as the GGUF file describes it.

use std::collections::{HashMap, HashSet};

use candle_core::quantized::gguf_file::Value;
use lehr_record::{Message, Role};
use minijinja::{Environment, ErrorKind, context};
use serde_json::json;
use tokenizers::{OffsetReferential, OffsetType, Tokenizer};

use super::weights::ReadError;

/// The tokenizer and the chat template of a model.
pub(super) struct Vocabulary {
    tokenizer: Tokenizer,
    /// The same, but for it the texts of control tokens are text like any other.
    plain: Tokenizer,
    templates: Environment<'static>,
    /// The texts of control tokens, as they are and quoted.
    controls: Vec<(String, String)>,
    /// Tokens that end a reply.
    ends: HashSet<u32>,
    /// The texts of the tokens that begin and end a document, for templates that ask for them.
    begin_text: String,
    end_text: String,
}

const TEMPLATE: &str = "chat";

/// The file format's mark for tokens that are instructions and no text.
const CONTROL: i32 = 3;

/// Its mark for tokens that are text, but whole before any merge.
const USER_DEFINED: i32 = 4;

/// Put into what looks like a control token in a message. Unicode keeps this character for
/// programs' own use; where a message has it, it is left out.
const QUOTE: char = '\u{fdd0}';

impl Vocabulary {
    pub(super) fn read(metadata: &HashMap<String, Value>) -> Result<Self, ReadError> {
        let number = |key: &str| match metadata.get(key) {
            Some(Value::U32(number)) => Some(*number),
            _ => None,
        };
        let tokens = strings(metadata, "tokenizer.ggml.tokens")?;
        let kinds: Vec<i32> = list(metadata, "tokenizer.ggml.token_type")?
            .iter()
            .map(Value::to_i32)
            .collect::<Result<_, _>>()?;
        if kinds.len() != tokens.len() {
            let message = format!("it has {} tokens and {} token types", tokens.len(), kinds.len());
            return Err(ReadError::Broken(message));
        }
        let tokenizer = tokenizer(metadata, &tokens, &kinds)?;
        let mut plain = tokenizer.clone();
        plain.set_encode_special_tokens(true);

        let control = |id: &u32| kinds[*id as usize] == CONTROL;
        let mut ends: HashSet<u32> = (0..).take(tokens.len()).filter(control).collect();
        let texts = ends.iter().map(|id| tokens[*id as usize].as_str());
        let controls = texts.filter(|text| !text.is_empty()).map(quoted).collect::<Result<_, _>>();
        let ids: HashMap<&str, u32> = tokens.iter().map(String::as_str).zip(0..).collect();
        let end = number("tokenizer.ggml.eos_token_id");
        ends.extend(end);
        ends.extend(["<|im_end|>", "<|endoftext|>"].iter().filter_map(|name| ids.get(name)));
        if ends.is_empty() {
            return Err(ReadError::Broken("no token ends a reply".to_owned()));
        }
        let token = |id: Option<u32>| id.and_then(|id| tokens.get(id as usize)).cloned();
        let vocabulary = Self {
            tokenizer,
            plain,
            templates: templates(metadata)?,
            controls: controls?,
            ends,
            begin_text: token(number("tokenizer.ggml.bos_token_id")).unwrap_or_default(),
            end_text: token(end).unwrap_or_default(),
        };
        vocabulary.probe()?;
        Ok(vocabulary)
    }

    /// Renders a conversation as recipes have it, so that a template in terms that we do not have
    /// is noticed before the first call. A template may refuse system messages.
    fn probe(&self) -> Result<(), ReadError> {
        let [system, user, assistant] =
            [Role::System, Role::User, Role::Assistant].map(|role| Message::new(role, "text"));
        let turns = [user.clone(), assistant, user];
        let render = |messages: &[Message]| self.render(messages).map(|_| ());
        render(&[&[system], &turns[..]].concat())
            .or_else(|_| render(&turns))
            .map_err(|reason| ReadError::Unsupported(format!("its chat template: {reason}")))
    }

    /// The tokens of a conversation, with the beginning of the reply to come; or why the template
    /// refuses it.
    ///
    /// Control tokens come from the template alone: what looks like one in a message is text.
    pub(super) fn render(&self, messages: &[Message]) -> Result<Vec<u32>, String> {
        let messages: Vec<Message> = messages
            .iter()
            .map(|message| Message::new(message.role, self.quote(&message.content)))
            .collect();
        let text = self
            .templates
            .get_template(TEMPLATE)
            .and_then(|template| {
                template.render(context! {
                    messages => messages,
                    add_generation_prompt => true,
                    bos_token => self.begin_text,
                    eos_token => self.end_text,
                })
            })
            .map_err(|error| error.to_string())?;
        let added = self.tokenizer.get_added_vocabulary();
        let pieces = added.extract_and_normalize(self.tokenizer.get_normalizer(), &text);
        let mut tokens = Vec::new();
        for (piece, _, whole) in pieces.get_splits(OffsetReferential::Original, OffsetType::None) {
            match whole {
                Some(whole) => tokens.extend(whole.iter().map(|token| token.id)),
                None => {
                    let piece = piece.replace(QUOTE, "");
                    let encoding = self.plain.encode_fast(piece, false);
                    tokens.extend(encoding.map_err(|error| error.to_string())?.get_ids());
                }
            }
        }
        Ok(tokens)
    }

    /// A message's text in which no control token is found.
    fn quote(&self, content: &str) -> String {
        let content = content.replace(QUOTE, "");
        self.controls.iter().fold(content, |content, (control, quoted)| {
            if content.contains(control) { content.replace(control, quoted) } else { content }
        })
    }

    /// Whether a token ends a reply. All control tokens do: none is text, and a model that begins a
    /// new turn has ended its own.
    pub(super) fn ends(&self, token: u32) -> bool {
        self.ends.contains(&token)
    }

    /// The text of a reply's tokens.
    pub(super) fn text(&self, tokens: &[u32]) -> Result<String, String> {
        self.tokenizer.decode(tokens, false).map_err(|error| error.to_string())
    }
}

/// The text of a control token, and the same with a character inside that keeps it from being one.
fn quoted(control: &str) -> Result<(String, String), ReadError> {
    let mut rest = control.chars();
    match rest.next() {
        Some(first) if !rest.as_str().is_empty() => {
            Ok((control.to_owned(), format!("{first}{QUOTE}{}", rest.as_str())))
        }
        _ => Err(ReadError::Unsupported(format!("its control token {control:?} is one character"))),
    }
}

fn text<'a>(metadata: &'a HashMap<String, Value>, key: &str) -> Option<&'a str> {
    match metadata.get(key) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

fn list<'a>(metadata: &'a HashMap<String, Value>, key: &str) -> Result<&'a [Value], ReadError> {
    match metadata.get(key) {
        Some(Value::Array(values)) => Ok(values),
        _ => Err(ReadError::Broken(format!("it has no {key}"))),
    }
}

fn strings(metadata: &HashMap<String, Value>, key: &str) -> Result<Vec<String>, ReadError> {
    let texts = list(metadata, key)?.iter().map(|value| value.to_string().cloned());
    Ok(texts.collect::<Result<_, _>>()?)
}

/// Byte-level BPE, by the rules that the file names for splitting a text into words.
fn tokenizer(
    metadata: &HashMap<String, Value>,
    tokens: &[String],
    kinds: &[i32],
) -> Result<Tokenizer, ReadError> {
    let kind = (text(metadata, "tokenizer.ggml.model"), text(metadata, "tokenizer.ggml.pre"));
    let words = match kind {
        (Some("gpt2"), Some("smollm")) => json!([
            {"type": "Digits", "individual_digits": true},
            {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
        ]),
        (Some("gpt2"), Some("gpt-2")) => json!([
            {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
        ]),
        _ => return Err(ReadError::Unsupported(format!("its tokenizer is {kind:?}"))),
    };
    let merges = strings(metadata, "tokenizer.ggml.merges")?;
    let merges: Vec<[&str; 2]> = merges
        .iter()
        .map(|merge| merge.split_once(' ').map(|(left, right)| [left, right]))
        .collect::<Option<_>>()
        .ok_or_else(|| ReadError::Broken("a merge of its tokenizer is no pair".to_owned()))?;
    let added: Vec<serde_json::Value> = (0u32..)
        .zip(tokens.iter().zip(kinds))
        .filter(|(_, (_, kind))| [CONTROL, USER_DEFINED].contains(kind))
        .map(|(id, (content, kind))| {
            json!({
                "id": id, "content": content, "special": *kind == CONTROL, "single_word": false,
                "lstrip": false, "rstrip": false, "normalized": false,
            })
        })
        .collect();
    let ids: HashMap<&str, u32> = tokens.iter().map(String::as_str).zip(0..).collect();
    let description = json!({
        "version": "1.0",
        "added_tokens": added,
        "normalizer": null,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": words},
        "post_processor": null,
        "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
        "model": {
            "type": "BPE", "dropout": null, "unk_token": null, "fuse_unk": false,
            "continuing_subword_prefix": null, "end_of_word_suffix": null,
            "byte_fallback": false, "vocab": ids, "merges": merges,
        },
    });
    serde_json::from_value(description)
        .map_err(|error| ReadError::Broken(format!("its tokenizer: {error}")))
}

/// The chat template, run as templates' authors run them: in Python.
fn templates(metadata: &HashMap<String, Value>) -> Result<Environment<'static>, ReadError> {
    let Some(template) = text(metadata, "tokenizer.chat_template") else {
        return Err(ReadError::Broken("it has no chat template".to_owned()));
    };
    let mut templates = Environment::new();
    templates.set_trim_blocks(true);
    templates.set_lstrip_blocks(true);
    templates.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
    templates.add_function("raise_exception", |reason: String| {
        Err::<String, _>(minijinja::Error::new(ErrorKind::InvalidOperation, reason))
    });
    templates
        .add_template_owned(TEMPLATE, template.to_owned())
        .map_err(|error| ReadError::Unsupported(format!("its chat template: {error}")))?;
    Ok(templates)
}
