//! The master weights of a model, on the host, under the names of Hugging Face.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::ModelConfig;

/// One parameter: f32 values, row-major; matrices are `[out, in]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Hugging Face name, for instance `model.layers.0.self_attn.q_proj.weight`.
    pub name: String,
    /// One or two sizes.
    pub shape: Vec<usize>,
    /// As many values as the product of the sizes.
    pub values: Vec<f32>,
}

/// All parameters of a model, each exactly once, in the order of [`Params::layout`].
#[derive(Debug, Clone, PartialEq)]
pub struct Params(Vec<Param>);

/// Why a set of named tensors is not the parameters of the model.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum ParamsError {
    /// A parameter that the configuration asks for is not there.
    #[error("the checkpoint has no tensor `{0}`, which its configuration asks for")]
    Missing(String),
    /// A parameter has another shape.
    #[error("tensor `{name}` has shape {found:?}; its configuration asks for {expected:?}")]
    Shape {
        /// The tensor.
        name: String,
        /// By the configuration.
        expected: Vec<usize>,
        /// In the checkpoint.
        found: Vec<usize>,
    },
    /// A parameter has the right shape but not as many values.
    #[error("tensor `{name}` has {found} values; its shape asks for {expected}")]
    Length {
        /// The tensor.
        name: String,
        /// By the shape.
        expected: usize,
        /// Brought.
        found: usize,
    },
}

impl Params {
    /// Names and shapes of all parameters of a model, in a fixed order: embedding, layers from
    /// the first to the last, final norm, and the head where it is not the embedding.
    pub fn layout(config: &ModelConfig) -> Vec<(String, Vec<usize>)> {
        let ModelConfig { d_model: d, d_ffn: f, .. } = *config;
        let (q, kv) = (config.q_width(), config.kv_width());
        let mut layout = vec![("model.embed_tokens.weight".to_owned(), vec![config.vocab_size, d])];
        for layer in 0..config.n_layers {
            let mut add = |name: &str, shape: &[usize]| {
                layout.push((format!("model.layers.{layer}.{name}"), shape.to_vec()));
            };
            add("input_layernorm.weight", &[d]);
            for (name, out) in [("q", q), ("k", kv), ("v", kv)] {
                add(&format!("self_attn.{name}_proj.weight"), &[out, d]);
                if config.qkv_bias {
                    add(&format!("self_attn.{name}_proj.bias"), &[out]);
                }
            }
            add("self_attn.o_proj.weight", &[d, q]);
            add("post_attention_layernorm.weight", &[d]);
            add("mlp.gate_proj.weight", &[f, d]);
            add("mlp.up_proj.weight", &[f, d]);
            add("mlp.down_proj.weight", &[d, f]);
        }
        layout.push(("model.norm.weight".to_owned(), vec![d]));
        if !config.tied {
            layout.push(("lm_head.weight".to_owned(), vec![config.vocab_size, d]));
        }
        layout
    }

    /// Collects the parameters from any source of named tensors, for instance a checkpoint.
    ///
    /// # Errors
    /// A tensor that is missing, or has another shape than the configuration says.
    pub fn from_named(
        config: &ModelConfig,
        mut tensor: impl FnMut(&str) -> Option<(Vec<usize>, Vec<f32>)>,
    ) -> Result<Self, ParamsError> {
        let mut params = Vec::new();
        for (name, expected) in Self::layout(config) {
            let Some((found, values)) = tensor(&name) else {
                return Err(ParamsError::Missing(name));
            };
            if found != expected {
                return Err(ParamsError::Shape { name, expected, found });
            }
            let length = expected.iter().product();
            if values.len() != length {
                return Err(ParamsError::Length { name, expected: length, found: values.len() });
            }
            params.push(Param { name, shape: expected, values });
        }
        Ok(Self(params))
    }

    /// Fresh parameters: norms 1, biases 0, matrices normal with deviation `sigma`. The same seed
    /// gives the same values on every machine.
    pub fn random(config: &ModelConfig, seed: u64, sigma: f32) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let params = Self::layout(config).into_iter().map(|(name, shape)| {
            let length = shape.iter().product();
            let values = if shape.len() == 2 {
                (0..length).map(|_| sigma * normal(&mut rng)).collect()
            } else if name.ends_with(".bias") {
                vec![0.0; length]
            } else {
                vec![1.0; length]
            };
            Param { name, shape, values }
        });
        Self(params.collect())
    }

    /// The parameter of that name.
    pub fn get(&self, name: &str) -> Option<&Param> {
        self.0.iter().find(|param| param.name == name)
    }

    /// All parameters, in the order of [`Params::layout`].
    pub fn iter(&self) -> std::slice::Iter<'_, Param> {
        self.0.iter()
    }

    /// All parameters, to be changed in place; names and shapes must stay.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Param> {
        self.0.iter_mut()
    }

    /// Number of values in all parameters together.
    pub fn count(&self) -> usize {
        self.0.iter().map(|param| param.values.len()).sum()
    }
}

impl<'a> IntoIterator for &'a Params {
    type Item = &'a Param;
    type IntoIter = std::slice::Iter<'a, Param>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// One standard normal value (Box and Muller, the cosine half).
fn normal(rng: &mut ChaCha8Rng) -> f32 {
    let u: f64 = 1.0 - rng.random::<f64>();
    let angle = std::f64::consts::TAU * rng.random::<f64>();
    ((-2.0 * u.ln()).sqrt() * angle.cos()) as f32
}
