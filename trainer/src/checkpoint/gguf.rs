//! GGUF files of the llama architecture, turned into Hugging Face checkpoints.
//!
//! GGUF keeps the same weights under other names, mostly quantised, and with the rows of the query
//! and key projections reordered: its llama rotates neighbouring pairs, Hugging Face's rotates the
//! halves of a head. Reading undoes all three. Dequantised values are kept exactly, as `f32`.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufReader, Seek};
use std::path::Path;

use candle_core::Device;
use candle_core::quantized::gguf_file::Content;

use super::config::POSITIONS;
use super::gguf_header;
use super::gguf_metadata::Metadata;
use super::gguf_tokenizer::{self, TokenizerFiles};
use super::{Carried, CheckpointError, Dtype, HfConfig, directory, write_json, write_model};
use crate::model::{ModelConfig, Params, limit};

/// A model and its tokenizer, read from a GGUF file.
pub struct Imported {
    /// The model's configuration; its weights count as `f32`.
    pub config: HfConfig,
    /// The weights, dequantised, in Hugging Face's row order.
    pub params: Params,
    tokenizer: TokenizerFiles,
}

/// Reads a GGUF file.
///
/// # Errors
/// A file that is damaged, of another architecture than llama, with scaled rotary positions, or
/// with a tokenizer that is not byte-level BPE of a known kind.
pub fn read(path: &Path) -> Result<Imported, CheckpointError> {
    let file = File::open(path).map_err(CheckpointError::io("read", path))?;
    let length = file.metadata().map_err(CheckpointError::io("read", path))?.len();
    let mut reader = BufReader::new(file);
    gguf_header::check(path, &mut reader, length)?;
    reader.rewind().map_err(CheckpointError::io("read", path))?;
    let content = Content::read(&mut reader).map_err(|error| {
        CheckpointError::format(path, format!("is not a GGUF file ({error})"), "download it again")
    })?;
    let metadata = Metadata { path, content: &content };
    let model = model_config(&metadata)?;
    let tokenizer = gguf_tokenizer::read(&metadata, model.max_positions)?;
    refuse_extras(&metadata, &model)?;

    let mut failed = None;
    let params = Params::from_named(&model, |name| {
        let gguf = gguf_name(name)?;
        if !content.tensor_infos.contains_key(&gguf) {
            return None;
        }
        let tensor = content
            .tensor(&mut reader, &gguf, &Device::Cpu)
            .and_then(|tensor| tensor.dequantize(&Device::Cpu))
            .and_then(|tensor| Ok((tensor.dims().to_vec(), tensor.flatten_all()?.to_vec1()?)));
        match tensor {
            Ok((shape, values)) => {
                let halves = name.ends_with("q_proj.weight") || name.ends_with("k_proj.weight");
                let rows = shape.first().copied().unwrap_or(0);
                // Only whole heads can be reordered; other shapes fail the check that follows.
                if halves && rows.is_multiple_of(model.head_dim) && rows > 0 {
                    let values = pairs_to_halves(&values, model.head_dim, values.len() / rows);
                    return Some((shape, values));
                }
                Some((shape, values))
            }
            Err(error) => {
                failed = Some(CheckpointError::tensor(
                    path,
                    gguf,
                    format!("cannot be read ({error})"),
                    "download the file again, or another quantisation of it",
                ));
                None
            }
        }
    });
    if let Some(error) = failed {
        return Err(error);
    }
    let params = params.map_err(|error| {
        CheckpointError::format(path, error.to_string(), "download the file again")
    })?;
    let config = HfConfig::new(model, Dtype::F32, metadata.token("bos")?, metadata.token("eos")?);
    Ok(Imported { config, params, tokenizer })
}

/// Turns the GGUF file at `path` into a Hugging Face checkpoint directory `out`.
///
/// # Errors
/// See [`read`]; [`CheckpointError::Taken`] if `out` has content.
pub fn import(path: &Path, out: &Path) -> Result<Imported, CheckpointError> {
    directory::check_free(out)?;
    let imported = read(path)?;
    directory::write_whole(out, |into| {
        let Imported { config, params, tokenizer } = &imported;
        write_model(into, config, params, Dtype::F32, &Carried::default())?;
        write_json(&into.join("tokenizer.json"), &tokenizer.tokenizer)?;
        write_json(&into.join("tokenizer_config.json"), &tokenizer.tokenizer_config)?;
        write_json(&into.join("special_tokens_map.json"), &tokenizer.special_tokens_map)?;
        write_json(&into.join("generation_config.json"), &tokenizer.generation_config)
    })?;
    Ok(imported)
}

/// Refuses a tensor that is no parameter of the model, such as a bias: without it the model would
/// compute something else.
fn refuse_extras(metadata: &Metadata<'_>, model: &ModelConfig) -> Result<(), CheckpointError> {
    let known: HashSet<String> =
        Params::layout(model).iter().filter_map(|(name, _)| gguf_name(name)).collect();
    // The first by name, so that of several the same one is named each time.
    let extra = metadata.content.tensor_infos.keys().filter(|name| !known.contains(*name)).min();
    match extra {
        None => Ok(()),
        Some(name) => Err(CheckpointError::tensor(
            metadata.path,
            name,
            "is not part of the llama that the file describes",
            "use a plain llama model, without biases, adapters or other additions",
        )),
    }
}

fn model_config(metadata: &Metadata<'_>) -> Result<ModelConfig, CheckpointError> {
    let architecture = metadata.text("general.architecture")?;
    if architecture != "llama" {
        return Err(metadata.error(
            "general.architecture",
            format!("is {architecture:?}, which this version cannot train"),
            "use a file of the architecture \"llama\"",
        ));
    }
    let remedy = "use a model without scaled rotary positions";
    if metadata.content.tensor_infos.contains_key("rope_freqs.weight") {
        return Err(CheckpointError::tensor(
            metadata.path,
            "rope_freqs.weight",
            "scales the rotary positions",
            remedy,
        ));
    }
    if let Some(kind) = metadata.optional_text("llama.rope.scaling.type")?
        && kind != "none"
    {
        let problem = format!("is {kind:?}, which is not supported");
        return Err(metadata.error("llama.rope.scaling.type", problem, remedy));
    }
    let n_heads = metadata.size("llama.attention.head_count", limit::HEADS)?;
    let d_model = metadata.size("llama.embedding_length", limit::WIDTH)?;
    let head_dim = match metadata.optional_size("llama.attention.key_length", limit::HEADS)? {
        Some(length) => length,
        None => d_model / n_heads,
    };
    if let Some(turned) = metadata.optional_size("llama.rope.dimension_count", limit::HEADS)?
        && turned != head_dim
    {
        return Err(metadata.error(
            "llama.rope.dimension_count",
            format!("is {turned}, but heads are {head_dim} wide"),
            "use a model whose rotary positions cover whole heads",
        ));
    }
    let vocab_size = metadata.array("tokenizer.ggml.tokens")?.len();
    let model = ModelConfig {
        vocab_size,
        d_model,
        d_ffn: metadata.size("llama.feed_forward_length", limit::WIDTH)?,
        n_layers: metadata.size("llama.block_count", limit::LAYERS)?,
        n_heads,
        n_kv_heads: metadata
            .optional_size("llama.attention.head_count_kv", limit::HEADS)?
            .unwrap_or(n_heads),
        head_dim,
        rms_eps: metadata.number("llama.attention.layer_norm_rms_epsilon")? as f32,
        rope_theta: match metadata.content.metadata.get("llama.rope.freq_base") {
            Some(_) => metadata.number("llama.rope.freq_base")?,
            None => 10_000.0,
        },
        tied: !metadata.content.tensor_infos.contains_key("output.weight"),
        qkv_bias: false,
        max_positions: metadata.size("llama.context_length", POSITIONS)?,
    };
    model.validate().map_err(|error| {
        CheckpointError::format(metadata.path, error.to_string(), "download the file again")
    })?;
    Ok(model)
}

/// The GGUF name of a Hugging Face llama parameter.
fn gguf_name(name: &str) -> Option<String> {
    match name {
        "model.embed_tokens.weight" => return Some("token_embd.weight".into()),
        "model.norm.weight" => return Some("output_norm.weight".into()),
        "lm_head.weight" => return Some("output.weight".into()),
        _ => {}
    }
    let (layer, part) = name.strip_prefix("model.layers.")?.split_once('.')?;
    let part = match part {
        "input_layernorm.weight" => "attn_norm",
        "self_attn.q_proj.weight" => "attn_q",
        "self_attn.k_proj.weight" => "attn_k",
        "self_attn.v_proj.weight" => "attn_v",
        "self_attn.o_proj.weight" => "attn_output",
        "post_attention_layernorm.weight" => "ffn_norm",
        "mlp.gate_proj.weight" => "ffn_gate",
        "mlp.up_proj.weight" => "ffn_up",
        "mlp.down_proj.weight" => "ffn_down",
        _ => return None,
    };
    Some(format!("blk.{layer}.{part}.weight"))
}

/// Reorders the rows of a query or key projection from neighbouring pairs to halves: within each
/// head, row `2 i + j` becomes row `j head_dim/2 + i`.
fn pairs_to_halves(values: &[f32], head_dim: usize, width: usize) -> Vec<f32> {
    let mut out = Vec::with_capacity(values.len());
    for head in values.chunks_exact(head_dim * width) {
        for half in 0..2 {
            for pair in 0..head_dim / 2 {
                let row = 2 * pair + half;
                out.extend_from_slice(&head[row * width..(row + 1) * width]);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_go_back_to_halves() {
        // Two heads of 4 rows, 1 wide. Pairs (0, 1), (2, 3) become halves (0, 2), (1, 3).
        let pairs = [0.0, 10.0, 1.0, 11.0, 20.0, 30.0, 21.0, 31.0];
        let halves = [0.0, 1.0, 10.0, 11.0, 20.0, 21.0, 30.0, 31.0];
        assert_eq!(pairs_to_halves(&pairs, 4, 1), halves);
    }

    #[test]
    fn every_parameter_of_a_llama_has_a_gguf_name() {
        let config = ModelConfig {
            vocab_size: 8,
            d_model: 4,
            d_ffn: 4,
            n_layers: 2,
            n_heads: 2,
            n_kv_heads: 1,
            head_dim: 2,
            rms_eps: 1e-5,
            rope_theta: 1e4,
            tied: false,
            qkv_bias: false,
            max_positions: 8,
        };
        for (name, _) in Params::layout(&config) {
            assert!(gguf_name(&name).is_some(), "{name}");
        }
        assert_eq!(
            gguf_name("model.layers.1.mlp.up_proj.weight").as_deref(),
            Some("blk.1.ffn_up.weight")
        );
    }
}
