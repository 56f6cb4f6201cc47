//! The parameters on the device: fused where one product does the work of several.
//!
//! q, k and v are one matrix, and so are gate and up: their rows lie one after another. Outside
//! the model nobody sees that; parameters and moments come and go under their own names.

use std::collections::HashMap;

use crate::engine::{Engine, EngineError, Slot};
use crate::optim::Moments;

use super::{ModelConfig, ModelError, Param, Params};

/// How a parameter learns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Embedding or head: decays, learns at the base rate.
    Table,
    /// Matrix of a layer: decays, learns at the scaled rate.
    Matrix,
    /// Norm or bias: never decays, learns at the base rate.
    Vector,
}

/// One device parameter and the named ones that lie in it, in order.
pub(super) struct Weight<E: Engine> {
    pub param: E::Param,
    pub role: Role,
    pieces: Vec<(String, Vec<usize>)>,
}

/// The weights of one layer.
pub(super) struct Layer<E: Engine> {
    pub attention_norm: Weight<E>,
    pub qkv: Weight<E>,
    pub qkv_bias: Option<Weight<E>>,
    pub o: Weight<E>,
    pub ffn_norm: Weight<E>,
    pub gate_up: Weight<E>,
    pub down: Weight<E>,
}

/// All weights.
pub(super) struct Weights<E: Engine> {
    pub embedding: Weight<E>,
    pub layers: Vec<Layer<E>>,
    pub norm: Weight<E>,
    /// Absent where the embedding is the head.
    pub head: Option<Weight<E>>,
}

impl<E: Engine> Weight<E> {
    fn new(
        engine: &mut E,
        params: &Params,
        role: Role,
        names: &[String],
    ) -> Result<Self, ModelError> {
        let mut values = Vec::new();
        let mut pieces = Vec::new();
        for name in names {
            let param = params.get(name).ok_or_else(|| ModelError::NoParam(name.clone()))?;
            values.extend_from_slice(&param.values);
            pieces.push((name.clone(), param.shape.clone()));
        }
        Ok(Self { param: engine.param(&values)?, role, pieces })
    }

    /// Name of the first parameter in it.
    pub fn name(&self) -> &str {
        &self.pieces[0].0
    }

    fn read(
        &self,
        engine: &mut E,
        slot: Slot,
        mut take: impl FnMut(&str, &[usize], &[f32]),
    ) -> Result<(), EngineError> {
        let values = engine.read(&self.param, slot)?;
        let mut rest = values.as_slice();
        for (name, shape) in &self.pieces {
            let (piece, after) = rest.split_at(shape.iter().product());
            take(name, shape, piece);
            rest = after;
        }
        Ok(())
    }

    fn write<'a>(
        &mut self,
        engine: &mut E,
        slot: Slot,
        mut find: impl FnMut(&str, &[usize]) -> Result<&'a [f32], ModelError>,
    ) -> Result<(), ModelError> {
        let mut values = Vec::new();
        for (name, shape) in &self.pieces {
            values.extend_from_slice(find(name, shape)?);
        }
        Ok(engine.write(&mut self.param, slot, &values)?)
    }
}

impl<E: Engine> Weights<E> {
    /// Brings checked parameters to the device.
    pub fn new(engine: &mut E, config: &ModelConfig, params: &Params) -> Result<Self, ModelError> {
        let mut weight = |role, names: &[String]| Weight::new(engine, params, role, names);
        let embedding = weight(Role::Table, &["model.embed_tokens.weight".to_owned()])?;
        let mut layers = Vec::with_capacity(config.n_layers);
        for layer in 0..config.n_layers {
            let names = |names: &[&str]| -> Vec<String> {
                names.iter().map(|name| format!("model.layers.{layer}.{name}")).collect()
            };
            let qkv = |kind: &str| {
                ["q", "k", "v"].map(|x| format!("model.layers.{layer}.self_attn.{x}_proj.{kind}"))
            };
            layers.push(Layer {
                attention_norm: weight(Role::Vector, &names(&["input_layernorm.weight"]))?,
                qkv: weight(Role::Matrix, &qkv("weight"))?,
                qkv_bias: match config.qkv_bias {
                    true => Some(weight(Role::Vector, &qkv("bias"))?),
                    false => None,
                },
                o: weight(Role::Matrix, &names(&["self_attn.o_proj.weight"]))?,
                ffn_norm: weight(Role::Vector, &names(&["post_attention_layernorm.weight"]))?,
                gate_up: weight(
                    Role::Matrix,
                    &names(&["mlp.gate_proj.weight", "mlp.up_proj.weight"]),
                )?,
                down: weight(Role::Matrix, &names(&["mlp.down_proj.weight"]))?,
            });
        }
        let norm = weight(Role::Vector, &["model.norm.weight".to_owned()])?;
        let head = match config.tied {
            true => None,
            false => Some(weight(Role::Table, &["lm_head.weight".to_owned()])?),
        };
        Ok(Self { embedding, layers, norm, head })
    }

    /// Every device parameter, in a fixed order.
    pub fn all(&self) -> impl Iterator<Item = &Weight<E>> {
        let layers = self.layers.iter().flat_map(|layer| {
            [Some(&layer.attention_norm), Some(&layer.qkv), layer.qkv_bias.as_ref()]
                .into_iter()
                .chain([&layer.o, &layer.ffn_norm, &layer.gate_up, &layer.down].map(Some))
                .flatten()
        });
        [&self.embedding].into_iter().chain(layers).chain([&self.norm]).chain(&self.head)
    }

    /// Every device parameter, in the same order.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut Weight<E>> {
        let layers = self.layers.iter_mut().flat_map(|layer| {
            [Some(&mut layer.attention_norm), Some(&mut layer.qkv), layer.qkv_bias.as_mut()]
                .into_iter()
                .chain(
                    [&mut layer.o, &mut layer.ffn_norm, &mut layer.gate_up, &mut layer.down]
                        .map(Some),
                )
                .flatten()
        });
        [&mut self.embedding]
            .into_iter()
            .chain(layers)
            .chain([&mut self.norm])
            .chain(&mut self.head)
    }

    /// One array of every parameter, by name.
    pub fn read(&self, engine: &mut E, slot: Slot) -> Result<HashMap<String, Param>, EngineError> {
        let mut params = HashMap::new();
        for weight in self.all() {
            weight.read(engine, slot, |name, shape, values| {
                let (name, shape) = (name.to_owned(), shape.to_vec());
                params.insert(name.clone(), Param { name, shape, values: values.to_vec() });
            })?;
        }
        Ok(params)
    }

    /// Replaces the moments of every parameter.
    pub fn load_moments(&mut self, engine: &mut E, moments: &[Moments]) -> Result<(), ModelError> {
        for weight in self.all_mut() {
            for slot in [Slot::FirstMoment, Slot::SecondMoment] {
                weight.write(engine, slot, |name, shape| {
                    let of = moments
                        .iter()
                        .find(|moments| moments.name == name)
                        .ok_or_else(|| ModelError::NoMoments(name.to_owned()))?;
                    let values = if slot == Slot::FirstMoment { &of.first } else { &of.second };
                    let expected = shape.iter().product();
                    if values.len() != expected {
                        let (name, found) = (name.to_owned(), values.len());
                        return Err(ModelError::Moments { name, expected, found });
                    }
                    Ok(values.as_slice())
                })?;
            }
        }
        Ok(())
    }
}
