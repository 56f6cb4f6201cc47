//! Reading a model of the Llama family from a GGUF file.

use std::{
    cmp::Ordering,
    collections::HashMap,
    fs::File,
    io::{BufReader, Seek},
    path::Path,
};

use candle_core::{
    Device,
    quantized::gguf_file::{Content, Value},
};

use super::{
    attention::{Heads, Rotation},
    header,
    lanes::Matrix,
};

/// A model: a stack of layers between an embedding and the scores of the next token.
pub(super) struct Weights {
    /// A row for each token of the vocabulary.
    pub embedding: Matrix,
    pub layers: Vec<Layer>,
    /// Weights of the norm behind the last layer.
    pub norm: Vec<f32>,
    /// Scores; the embedding again, when absent.
    pub output: Option<Matrix>,
    pub heads: Heads,
    pub rotation: Rotation,
    /// What is added to the mean square in norms.
    pub eps: f32,
    /// Tokens that the model can attend to.
    pub context: usize,
}

/// One layer: attention, then a gated feed-forward part, each behind a norm and beside a residual.
pub(super) struct Layer {
    pub attention_norm: Vec<f32>,
    /// Queries, keys and values, one below the other.
    pub query_key_value: Matrix,
    pub attention_output: Matrix,
    pub feed_forward_norm: Vec<f32>,
    /// Gates and values, one below the other.
    pub gate_up: Matrix,
    pub down: Matrix,
}

/// Why a file is not such a model.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReadError {
    /// A sound file of something else, for another engine.
    #[error("{0}")]
    Unsupported(String),
    /// The file is broken.
    #[error("{0}")]
    Broken(String),
}

impl From<candle_core::Error> for ReadError {
    fn from(error: candle_core::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

fn unsupported<T>(what: impl Into<String>) -> Result<T, ReadError> {
    Err(ReadError::Unsupported(what.into()))
}

/// A GGUF file that is being read.
pub(super) struct Source {
    content: Content,
    reader: BufReader<File>,
}

impl Source {
    pub(super) fn open(path: &Path) -> Result<Self, ReadError> {
        let broken = |error: std::io::Error| ReadError::Broken(error.to_string());
        let file = File::open(path).map_err(broken)?;
        let length = file.metadata().map_err(broken)?.len();
        let mut reader = BufReader::with_capacity(1 << 20, file);
        header::check(&mut reader, length)
            .map_err(|error| ReadError::Broken(format!("it is no whole GGUF file ({error})")))?;
        reader.rewind().map_err(broken)?;
        Ok(Self { content: Content::read(&mut reader)?, reader })
    }

    pub(super) fn metadata(&self) -> &HashMap<String, Value> {
        &self.content.metadata
    }

    fn number(&self, key: &str) -> Option<f64> {
        Some(match self.content.metadata.get(key)? {
            Value::U8(v) => f64::from(*v),
            Value::U16(v) => f64::from(*v),
            Value::U32(v) => f64::from(*v),
            Value::I32(v) => f64::from(*v),
            Value::U64(v) => *v as f64,
            Value::I64(v) => *v as f64,
            Value::F32(v) => f64::from(*v),
            Value::F64(v) => *v,
            _ => return None,
        })
    }

    fn size(&self, key: &str) -> Result<usize, ReadError> {
        match self.number(key) {
            Some(value) if value.fract() == 0.0 && (1.0..=1e9).contains(&value) => {
                Ok(value as usize)
            }
            _ => Err(ReadError::Broken(format!("it has no usable {key}"))),
        }
    }

    /// A tensor's numbers, when its shape is the expected one.
    fn tensor(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, ReadError> {
        let found = self.content.tensor_infos.get(name).map(|info| info.shape.dims().to_vec());
        if found.as_deref() != Some(shape) {
            let message = format!("its tensor {name} has shape {found:?}, not {shape:?}");
            return Err(ReadError::Broken(message));
        }
        let tensor = self.content.tensor(&mut self.reader, name, &Device::Cpu)?;
        Ok(tensor.dequantize(&Device::Cpu)?.flatten_all()?.to_vec1()?)
    }

    /// Matrices of the same width, one below the other.
    fn stack(&mut self, parts: &[(String, usize)], columns: usize) -> Result<Matrix, ReadError> {
        let mut data = Vec::new();
        for (name, rows) in parts {
            data.extend(self.tensor(name, &[*rows, columns])?);
        }
        Ok(Matrix::new(data, columns))
    }
}

impl Weights {
    /// Bytes that a sequence remembers of each token: its keys and values in all layers.
    pub(super) fn bytes_a_token(&self) -> usize {
        2 * self.layers.len() * self.heads.keys * self.heads.size * size_of::<f32>()
    }

    pub(super) fn read(source: &mut Source) -> Result<Self, ReadError> {
        match source.metadata().get("general.architecture") {
            Some(Value::String(name)) if name == "llama" => {}
            other => return unsupported(format!("its architecture is {other:?}")),
        }
        if source.number("llama.expert_count").is_some_and(|count| count > 0.0) {
            return unsupported("it is a mixture of experts");
        }
        if source.metadata().keys().any(|key| key.starts_with("llama.rope.scaling")) {
            return unsupported("its positions are scaled");
        }
        let width = source.size("llama.embedding_length")?;
        let inner = source.size("llama.feed_forward_length")?;
        let count = source.size("llama.block_count")?;
        let queries = source.size("llama.attention.head_count")?;
        let keys = match source.number("llama.attention.head_count_kv") {
            None => queries,
            Some(_) => source.size("llama.attention.head_count_kv")?,
        };
        let size = match source.number("llama.attention.key_length") {
            None => width / queries,
            Some(_) => source.size("llama.attention.key_length")?,
        };
        if size == 0 || !size.is_multiple_of(16) || !queries.is_multiple_of(keys) {
            return unsupported(format!("it has {queries} and {keys} heads of {size}"));
        }
        let turned = source.number("llama.rope.dimension_count");
        if turned.is_some_and(|turned| turned != size as f64) {
            return unsupported("it rotates a part of each head only");
        }
        let base = source.number("llama.rope.freq_base").unwrap_or(10_000.0);
        let eps = source.number("llama.attention.layer_norm_rms_epsilon").unwrap_or(1e-5) as f32;

        let embedded = source.content.tensor_infos.get("token_embd.weight");
        let Some(vocabulary) = embedded.and_then(|info| info.shape.dims().first().copied()) else {
            return Err(ReadError::Broken("it has no embedding".to_owned()));
        };
        let named = match source.metadata().get("tokenizer.ggml.tokens") {
            Some(Value::Array(tokens)) => tokens.len(),
            _ => 0,
        };
        let tokens = format!("it names {named} tokens and embeds {vocabulary}");
        match named.cmp(&vocabulary) {
            Ordering::Greater => return Err(ReadError::Broken(tokens)),
            Ordering::Less => return unsupported(tokens),
            Ordering::Equal => {}
        }
        let embedding = source.stack(&[("token_embd.weight".to_owned(), vocabulary)], width)?;
        let mut used = 2;
        let mut layers = Vec::new();
        for index in 0..count {
            let name = |part: &str| format!("blk.{index}.{part}.weight");
            let sides = [
                (name("attn_q"), queries * size),
                (name("attn_k"), keys * size),
                (name("attn_v"), keys * size),
            ];
            layers.push(Layer {
                attention_norm: source.tensor(&name("attn_norm"), &[width])?,
                query_key_value: source.stack(&sides, width)?,
                attention_output: source.stack(&[(name("attn_output"), width)], queries * size)?,
                feed_forward_norm: source.tensor(&name("ffn_norm"), &[width])?,
                gate_up: source
                    .stack(&[(name("ffn_gate"), inner), (name("ffn_up"), inner)], width)?,
                down: source.stack(&[(name("ffn_down"), width)], inner)?,
            });
            used += 9;
        }
        let norm = source.tensor("output_norm.weight", &[width])?;
        let output = if source.content.tensor_infos.contains_key("output.weight") {
            used += 1;
            Some(source.stack(&[("output.weight".to_owned(), vocabulary)], width)?)
        } else {
            None
        };
        if source.content.tensor_infos.len() != used {
            return unsupported("it has tensors that are not of a plain Llama, such as biases");
        }
        Ok(Self {
            embedding,
            layers,
            norm,
            output,
            heads: Heads { queries, keys, size },
            rotation: Rotation::new(base, size),
            eps,
            context: source.size("llama.context_length")?,
        })
    }
}
