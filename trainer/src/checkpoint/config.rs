//! `config.json` of a Hugging Face checkpoint of `model_type` llama.
//!
//! What the trainer needs becomes a [`ModelConfig`]; everything else in the file is carried along
//! unread, so that a checkpoint comes out with the same extras as it went in. A setting that would
//! change the model's function and that the model code does not have is refused, never ignored.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::{CheckpointError, Dtype};
use crate::model::{ModelConfig, limit};

/// The most positions that a checkpoint may promise.
pub(super) const POSITIONS: usize = i32::MAX as usize;

/// A checkpoint's configuration file: the model's shape and what is carried along.
#[derive(Clone, Debug)]
pub struct HfConfig {
    /// The model's shape.
    pub model: ModelConfig,
    /// The number format that the file declares, `f32` when it declares none.
    pub dtype: Dtype,
    /// The token that ends a document: the first of `eos_token_id`.
    pub eos: Option<u32>,
    raw: Map<String, Value>,
}

impl HfConfig {
    /// Reads `config.json` from a checkpoint directory.
    ///
    /// # Errors
    /// A file that cannot be read, is not JSON, or has a field missing, out of range or not
    /// supported; the message names file, field and remedy.
    pub fn read(directory: &Path) -> Result<Self, CheckpointError> {
        if directory.is_file() {
            return Err(not_a_directory(directory));
        }
        let path = directory.join("config.json");
        let text = fs::read_to_string(&path).map_err(CheckpointError::io("read", &path))?;
        let raw: Map<String, Value> = serde_json::from_str(&text).map_err(|error| {
            CheckpointError::format(
                &path,
                format!("is not a JSON object: {error}"),
                "download the checkpoint again",
            )
        })?;
        Self::from_json(&path, raw)
    }

    /// The configuration of a new llama checkpoint.
    pub fn new(model: ModelConfig, dtype: Dtype, bos: Option<u32>, eos: Option<u32>) -> Self {
        let mut raw = Map::new();
        raw.insert("architectures".into(), json!(["LlamaForCausalLM"]));
        raw.insert("model_type".into(), json!("llama"));
        raw.insert("attention_bias".into(), json!(false));
        raw.insert("attention_dropout".into(), json!(0.0));
        raw.insert("bos_token_id".into(), json!(bos));
        raw.insert("eos_token_id".into(), json!(eos));
        raw.insert("hidden_act".into(), json!("silu"));
        raw.insert("initializer_range".into(), json!(0.02));
        raw.insert("mlp_bias".into(), json!(false));
        raw.insert("rope_scaling".into(), Value::Null);
        raw.insert("use_cache".into(), json!(true));
        Self { model, dtype, eos, raw }
    }

    fn from_json(path: &Path, raw: Map<String, Value>) -> Result<Self, CheckpointError> {
        let fields = Fields { path, raw: &raw };
        fields.refuse_unsupported()?;
        let n_heads = fields.size("num_attention_heads", limit::HEADS)?;
        let d_model = fields.size("hidden_size", limit::WIDTH)?;
        let head_dim = match raw.get("head_dim") {
            None | Some(Value::Null) => d_model / n_heads,
            Some(_) => fields.size("head_dim", limit::HEADS)?,
        };
        let n_kv_heads = match raw.get("num_key_value_heads") {
            None | Some(Value::Null) => n_heads,
            Some(_) => fields.size("num_key_value_heads", limit::HEADS)?,
        };
        let model = ModelConfig {
            vocab_size: fields.size("vocab_size", limit::VOCABULARY)?,
            d_model,
            d_ffn: fields.size("intermediate_size", limit::WIDTH)?,
            n_layers: fields.size("num_hidden_layers", limit::LAYERS)?,
            n_heads,
            n_kv_heads,
            head_dim,
            rms_eps: fields.number("rms_norm_eps", Some(1e-6))? as f32,
            rope_theta: fields.rope_theta()?,
            tied: fields.flag("tie_word_embeddings")?,
            qkv_bias: false,
            max_positions: fields.size("max_position_embeddings", POSITIONS)?,
        };
        model.validate().map_err(|error| {
            CheckpointError::format(path, error.to_string(), "correct the file")
        })?;
        let dtype = fields.dtype()?;
        let eos = fields.eos()?;
        Ok(Self { model, dtype, eos, raw })
    }

    /// The file's content: what was carried along, with the model's shape and `dtype` as given.
    pub fn to_json(&self, dtype: Dtype) -> Value {
        let mut raw = self.raw.clone();
        let model = &self.model;
        for (field, value) in [
            ("vocab_size", json!(model.vocab_size)),
            ("hidden_size", json!(model.d_model)),
            ("intermediate_size", json!(model.d_ffn)),
            ("num_hidden_layers", json!(model.n_layers)),
            ("num_attention_heads", json!(model.n_heads)),
            ("num_key_value_heads", json!(model.n_kv_heads)),
            ("head_dim", json!(model.head_dim)),
            ("rms_norm_eps", shortest(model.rms_eps)),
            ("rope_theta", json!(model.rope_theta)),
            ("tie_word_embeddings", json!(model.tied)),
            ("max_position_embeddings", json!(model.max_positions)),
            ("torch_dtype", json!(dtype.torch_name())),
        ] {
            raw.insert(field.into(), value);
        }
        // The spellings of newer writers, where the file had them.
        if let Some(Value::Object(rope)) = raw.get_mut("rope_parameters") {
            rope.insert("rope_theta".into(), json!(model.rope_theta));
        }
        if raw.contains_key("dtype") {
            raw.insert("dtype".into(), json!(dtype.torch_name()));
        }
        Value::Object(raw)
    }
}

/// The error of a file in the place of a checkpoint directory.
fn not_a_directory(file: &Path) -> CheckpointError {
    let remedy = if file.extension().is_some_and(|extension| extension == "gguf") {
        format!("turn it into one: `trainer import {} --out CKPT`", file.display())
    } else {
        "give the directory that has config.json, weights and tokenizer".to_owned()
    };
    CheckpointError::format(file, "is a file, not a checkpoint directory", remedy)
}

/// The shortest decimal that is this `f32`: 1e-5 rather than 0.000009999999747378752.
fn shortest(value: f32) -> Value {
    value.to_string().parse::<f64>().map_or(Value::Null, |number| json!(number))
}

/// Typed access to the fields of one file.
struct Fields<'a> {
    path: &'a Path,
    raw: &'a Map<String, Value>,
}

impl Fields<'_> {
    fn error(&self, field: &str, problem: impl Into<String>, remedy: &str) -> CheckpointError {
        CheckpointError::field(self.path, field, problem, remedy)
    }

    fn missing(&self, field: &str) -> CheckpointError {
        self.error(field, "is missing", "use the config.json that came with the checkpoint")
    }

    /// A size from 1 to `limit`.
    fn size(&self, field: &str, limit: usize) -> Result<usize, CheckpointError> {
        let value = self.raw.get(field).ok_or_else(|| self.missing(field))?;
        match value.as_u64().and_then(|size| usize::try_from(size).ok()) {
            Some(size) if (1..=limit).contains(&size) => Ok(size),
            _ => Err(self.error(
                field,
                format!("is {value}, not a whole number from 1 to {limit}"),
                "correct the file",
            )),
        }
    }

    fn number(&self, field: &str, default: Option<f64>) -> Result<f64, CheckpointError> {
        let value = match (self.raw.get(field), default) {
            (None | Some(Value::Null), Some(default)) => return Ok(default),
            (None, None) => return Err(self.missing(field)),
            (Some(value), _) => value,
        };
        value.as_f64().filter(|n| n.is_finite() && *n > 0.0).ok_or_else(|| {
            self.error(field, format!("is {value}, not a number above 0"), "correct the file")
        })
    }

    fn flag(&self, field: &str) -> Result<bool, CheckpointError> {
        match self.raw.get(field) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(other) => Err(self.error(
                field,
                format!("is {other}, neither true nor false"),
                "correct the file",
            )),
        }
    }

    /// The base of the rotary positions: at the top, or in the newer `rope_parameters`.
    fn rope_theta(&self) -> Result<f64, CheckpointError> {
        if let Some(Value::Object(rope)) = self.raw.get("rope_parameters") {
            let inner = Fields { path: self.path, raw: rope };
            if rope.contains_key("rope_theta") {
                return inner.number("rope_theta", None);
            }
        }
        self.number("rope_theta", Some(10_000.0))
    }

    fn dtype(&self) -> Result<Dtype, CheckpointError> {
        let Some((field, value)) = ["dtype", "torch_dtype"]
            .into_iter()
            .find_map(|field| self.raw.get(field).filter(|v| !v.is_null()).map(|v| (field, v)))
        else {
            return Ok(Dtype::F32);
        };
        match value.as_str() {
            Some("float32") => Ok(Dtype::F32),
            Some("bfloat16") => Ok(Dtype::Bf16),
            Some("float16") => Ok(Dtype::F16),
            _ => Err(self.error(
                field,
                format!("is {value}, which the trainer does not read"),
                "convert the checkpoint to float32, bfloat16 or float16",
            )),
        }
    }

    fn eos(&self) -> Result<Option<u32>, CheckpointError> {
        let value = match self.raw.get("eos_token_id") {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Array(several)) => several.first().unwrap_or(&Value::Null),
            Some(value) => value,
        };
        match value.as_u64().and_then(|id| u32::try_from(id).ok()) {
            Some(id) => Ok(Some(id)),
            None => Err(self.error(
                "eos_token_id",
                format!("is {value}, not a token id"),
                "correct the file",
            )),
        }
    }

    /// Refuses what would make the model compute something else than the model code does.
    fn refuse_unsupported(&self) -> Result<(), CheckpointError> {
        match self.raw.get("model_type").and_then(Value::as_str) {
            Some("llama") => {}
            other => {
                let problem = other.map_or("is missing".to_owned(), |t| {
                    format!("is {t:?}, which this version cannot train")
                });
                return Err(self.error(
                    "model_type",
                    problem,
                    "use a checkpoint of type \"llama\"",
                ));
            }
        }
        let default_rope: fn(&Value) -> bool = |value| {
            let kind = value.get("rope_type").or_else(|| value.get("type"));
            value.is_null() || kind.and_then(Value::as_str) == Some("default")
        };
        let is_false: fn(&Value) -> bool = |value| value.is_null() || *value == json!(false);
        /// A field, whether its value is supported, and what to do if not.
        type Rule = (&'static str, fn(&Value) -> bool, &'static str);
        let rules: [Rule; 7] = [
            ("rope_scaling", default_rope, "use a checkpoint without scaled rotary positions"),
            ("rope_parameters", default_rope, "use a checkpoint without scaled rotary positions"),
            ("attention_bias", is_false, "use a checkpoint without biases"),
            ("mlp_bias", is_false, "use a checkpoint without biases"),
            (
                "hidden_act",
                |value| value.is_null() || *value == json!("silu"),
                "use a checkpoint with the activation \"silu\"",
            ),
            (
                "partial_rotary_factor",
                |value| value.is_null() || value.as_f64() == Some(1.0),
                "use a checkpoint whose rotary positions cover whole heads",
            ),
            ("quantization_config", Value::is_null, "use the checkpoint before quantisation"),
        ];
        for (field, supported, remedy) in rules {
            if let Some(value) = self.raw.get(field).filter(|value| !supported(value)) {
                return Err(self.error(
                    field,
                    format!("is {value}, which is not supported"),
                    remedy,
                ));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn base() -> Value {
        json!({
            "model_type": "llama", "hidden_size": 576, "intermediate_size": 1536,
            "num_hidden_layers": 30, "num_attention_heads": 9, "num_key_value_heads": 3,
            "vocab_size": 49152, "max_position_embeddings": 8192, "rms_norm_eps": 1e-5,
            "rope_theta": 100000, "tie_word_embeddings": true, "torch_dtype": "bfloat16",
            "eos_token_id": [2, 0], "custom": {"kept": 1}
        })
    }

    fn parse(value: Value) -> Result<HfConfig, CheckpointError> {
        HfConfig::from_json(Path::new("m/config.json"), value.as_object().unwrap().clone())
    }

    #[test]
    fn reads_and_writes_back() {
        let mut config = parse(base()).unwrap();
        assert_eq!((config.model.head_dim, config.model.n_kv_heads), (64, 3));
        assert_eq!((config.eos, config.dtype), (Some(2), Dtype::Bf16));
        config.model.rope_theta *= 49.0;
        config.model.max_positions *= 7;
        let json = config.to_json(Dtype::F32);
        assert_eq!(json["custom"]["kept"], 1);
        assert_eq!(json["rms_norm_eps"], 1e-5);
        let again = parse(json).unwrap();
        assert_eq!(again.model, config.model);
        assert_eq!(again.dtype, Dtype::F32);
    }

    #[test]
    fn newer_spelling_of_the_rotary_base() {
        let mut value = base();
        value.as_object_mut().unwrap().remove("rope_theta");
        value["rope_parameters"] = json!({"rope_type": "default", "rope_theta": 5e5});
        let mut config = parse(value).unwrap();
        assert_eq!(config.model.rope_theta, 5e5);
        config.model.rope_theta = 1e6;
        assert_eq!(parse(config.to_json(Dtype::F32)).unwrap().model.rope_theta, 1e6);
    }

    #[test]
    fn refusals_name_file_field_and_remedy() {
        let cases = [
            ("model_type", json!("qwen2"), "use a checkpoint of type \"llama\""),
            ("model_type", Value::Null, "use a checkpoint of type \"llama\""),
            ("rope_scaling", json!({"rope_type": "llama3", "factor": 8}), "scaled"),
            ("attention_bias", json!(true), "without biases"),
            ("hidden_act", json!("gelu"), "silu"),
            ("quantization_config", json!({"bits": 4}), "before quantisation"),
            ("torch_dtype", json!("float8_e4m3fn"), "bfloat16"),
            ("hidden_size", json!(0), "correct"),
            ("hidden_size", json!("many"), "correct"),
            ("num_hidden_layers", json!(2_147_483_647), "from 1 to 4096"),
            ("intermediate_size", json!(u64::MAX), "from 1 to 1048576"),
            ("max_position_embeddings", json!(1u64 << 40), "correct"),
            ("rope_theta", json!(-1), "correct"),
            ("eos_token_id", json!("x"), "correct"),
            ("tie_word_embeddings", json!(1), "correct"),
        ];
        for (field, value, remedy) in cases {
            let mut config = base();
            config[field] = value;
            let message = parse(config).unwrap_err().to_string();
            for part in ["m/config.json", field, remedy] {
                assert!(message.contains(part), "{part:?} not in {message:?}");
            }
        }
        for (file, part) in
            [("m.gguf", "`trainer import"), ("model.safetensors", "that has config.json")]
        {
            let home = tempfile::tempdir().unwrap();
            let path = home.path().join(file);
            fs::write(&path, "x").unwrap();
            let message = HfConfig::read(&path).unwrap_err().to_string();
            assert!(message.contains(file) && message.contains(part), "{message}");
        }
        let mut missing = base();
        missing.as_object_mut().unwrap().remove("vocab_size");
        assert!(parse(missing).unwrap_err().to_string().contains("`vocab_size` is missing"));
        let mut odd = base();
        odd["num_key_value_heads"] = json!(2);
        assert!(parse(odd).unwrap_err().to_string().contains("9 query heads"));
    }
}
