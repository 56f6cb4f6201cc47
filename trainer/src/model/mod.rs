//! The Llama-family decoder, written once over any engine: forward, explicit backward, step.
//!
//! ```text
//! x = embed(tokens)
//! each layer:  x += o(attention(rope(qkv(norm(x)))))
//!              x += down(swiglu(gate_up(norm(x))))
//! loss = Σ w (cross-entropy(head(norm(x))) + z · logsumexp²)
//! ```
//!
//! [`Model::accumulate`] adds gradients, as often as a step has micro-batches; [`Model::step`]
//! clips them, updates the weights and forgets them. Nothing happens on its own in between, so a
//! run that repeats the calls repeats the bits.

mod activations;
mod backward;
mod batch;
pub mod bench;
mod config;
mod forward;
mod params;
#[cfg(test)]
mod tests;
mod weights;

pub use batch::{Batch, BatchError};
pub(crate) use config::limit;
pub use config::{ConfigError, ModelConfig};
pub use params::{Param, Params, ParamsError};

use crate::engine::{AdamW, Engine, EngineError, Kind, LossSums, Objective, Slot};
use crate::optim::{Moments, OptimStep};
use activations::Activations;
use forward::Shapes;
use weights::{Role, Weights};

/// A model on a device, with gradients and moments.
pub struct Model<E: Engine> {
    engine: E,
    config: ModelConfig,
    weights: Weights<E>,
    activations: Option<Activations<E::Buffer>>,
}

/// What a pass over one batch found.
#[derive(Debug, Clone, PartialEq)]
pub struct LossStats {
    /// Mean cross-entropy over the weighted targets, nats; 0 where all weights are 0.
    pub loss: f64,
    /// `z_loss` times the weighted mean of logsumexp², the term that is added to the loss.
    pub z_loss: f64,
    /// Sum of the target weights.
    pub weight: f64,
    /// Variance of the hidden state after each layer, over positions and width together.
    pub layer_variance: Vec<f32>,
}

/// Why the model did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The configuration is of no model.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The batch cannot be read.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// The device failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The parameters are of another model.
    #[error("the parameters have no `{0}`, which the model configuration asks for")]
    NoParam(String),
    /// A parameter has another size than the configuration says.
    #[error(
        "parameter `{name}` has shape {found:?}; the model configuration asks for {expected:?}"
    )]
    ParamShape {
        /// The parameter.
        name: String,
        /// By the configuration.
        expected: Vec<usize>,
        /// As given.
        found: Vec<usize>,
    },
    /// The optimizer state is of another model.
    #[error("the optimizer state has no moments of `{0}`; it belongs to another model")]
    NoMoments(String),
    /// The moments of a parameter have another size.
    #[error("the optimizer state has {found} moments of `{name}`; the model has {expected}")]
    Moments {
        /// The parameter.
        name: String,
        /// In the model.
        expected: usize,
        /// In the state.
        found: usize,
    },
    /// The gradients cannot be used. The weights are as before the step, the gradients kept.
    #[error(
        "step {step}: the gradient norm is {grad_norm}, first in `{name}`; the weights were not \
         changed. Start a new run with --from OUT/checkpoints/step-N, the last of this run, and a \
         lower optim.lr"
    )]
    NotFinite {
        /// The step.
        step: u64,
        /// NaN or infinite.
        grad_norm: f64,
        /// First parameter with such a gradient.
        name: String,
    },
}

impl<E: Engine> Model<E> {
    /// Brings a model to the device. Moments begin at 0.
    ///
    /// # Errors
    /// A configuration of no model, parameters of another one, or no room on the device.
    pub fn new(mut engine: E, config: ModelConfig, params: &Params) -> Result<Self, ModelError> {
        config.validate()?;
        for (name, expected) in Params::layout(&config) {
            let param = params.get(&name).ok_or_else(|| ModelError::NoParam(name.clone()))?;
            let length: usize = expected.iter().product();
            if param.shape != expected || param.values.len() != length {
                return Err(ModelError::ParamShape { name, expected, found: param.shape.clone() });
            }
        }
        let weights = Weights::new(&mut engine, &config, params)?;
        Ok(Self { engine, config, weights, activations: None })
    }

    /// The shape of the model.
    pub fn config(&self) -> &ModelConfig {
        &self.config
    }

    /// The device in words.
    pub fn device(&self) -> String {
        self.engine.name()
    }

    /// Loss of a batch, forward only.
    ///
    /// # Errors
    /// A batch that breaks its own rules, or a failing device.
    pub fn loss(
        &mut self,
        batch: &Batch,
        rope_theta: f64,
        z_loss: f32,
    ) -> Result<LossStats, ModelError> {
        let (inputs, mut act) = self.forward(batch, rope_theta)?;
        let shape = Shapes::new(&self.config, batch.len()).head;
        let head = self.weights.head.as_ref().unwrap_or(&self.weights.embedding);
        let sums = self.engine.cross_entropy(&inputs, &act.work.normed, &head.param, shape)?;
        let stats = self.stats(sums, z_loss, &mut act);
        self.activations = Some(act);
        stats
    }

    /// Loss of a batch, and the gradient of `scale · Σ w (cross-entropy + z_loss · logsumexp²)`
    /// added to the gradients so far. For the mean over a step of several batches, `scale` is 1
    /// over the sum of the weights of them all.
    ///
    /// # Errors
    /// As [`Model::loss`].
    pub fn accumulate(
        &mut self,
        batch: &Batch,
        rope_theta: f64,
        z_loss: f32,
        scale: f32,
    ) -> Result<LossStats, ModelError> {
        let (inputs, mut act) = self.forward(batch, rope_theta)?;
        let rows = batch.len();
        let shape = Shapes::new(&self.config, rows).head;
        let head = self.weights.head.as_mut().unwrap_or(&mut self.weights.embedding);
        let sums = self.engine.cross_entropy_backward(
            &inputs,
            &act.work.normed,
            Objective { z_loss, scale },
            shape,
            &mut head.param,
            &mut act.work.d_branch,
        )?;
        let (engine, config) = (&mut self.engine, &self.config);
        backward::backward(engine, config, &mut self.weights, &inputs, rows, &mut act)?;
        let stats = self.stats(sums, z_loss, &mut act);
        self.activations = Some(act);
        stats
    }

    /// All logits of a batch, `[T, vocab_size]`: for small inputs.
    ///
    /// # Errors
    /// As [`Model::loss`].
    pub fn logits(&mut self, batch: &Batch, rope_theta: f64) -> Result<Vec<f32>, ModelError> {
        let (_, act) = self.forward(batch, rope_theta)?;
        let shape = Shapes::new(&self.config, batch.len()).head;
        let head = self.weights.head.as_ref().unwrap_or(&self.weights.embedding);
        let len = batch.len() * self.config.vocab_size;
        let mut logits = self.engine.buffer(len, Kind::Activation)?;
        self.engine.linear(&act.work.normed, &head.param, None, shape, &mut logits)?;
        self.activations = Some(act);
        Ok(self.engine.download(&logits, len)?)
    }

    /// Clips the gradients to `clip`, updates weights and moments, and clears the gradients. Gives
    /// the norm of all gradients together, before clipping.
    ///
    /// # Errors
    /// A gradient that is not finite (nothing is changed), or a failing device.
    pub fn step(&mut self, step: &OptimStep) -> Result<f64, ModelError> {
        let all: Vec<_> = self.weights.all().map(|weight| &weight.param).collect();
        let grad_norm = self.engine.gradient_square_sum(&all)?.sqrt();
        if !grad_norm.is_finite() {
            let name = self.first_not_finite()?;
            return Err(ModelError::NotFinite { step: step.step, grad_norm, name });
        }
        let gradient_scale = if grad_norm > step.clip { step.clip / grad_norm } else { 1.0 };
        let correction = |beta: f64| (1.0 - beta.powf(step.step as f64)) as f32;
        for weight in self.weights.all_mut() {
            let (lr, weight_decay) = match weight.role {
                Role::Table => (step.lr, step.weight_decay),
                Role::Matrix => (step.lr * step.matrix_lr_scale, step.weight_decay),
                Role::Vector => (step.lr, 0.0),
            };
            let update = AdamW {
                lr: lr as f32,
                betas: step.betas.map(|beta| beta as f32),
                eps: step.eps as f32,
                weight_decay: weight_decay as f32,
                corrections: step.betas.map(correction),
                gradient_scale: gradient_scale as f32,
            };
            self.engine.adamw(&mut weight.param, &update)?;
        }
        Ok(grad_norm)
    }

    /// The master weights as they are now, in the order of [`Params::layout`].
    ///
    /// # Errors
    /// A failing device.
    pub fn params(&mut self) -> Result<Params, ModelError> {
        let mut values = self.weights.read(&mut self.engine, Slot::Value)?;
        Params::from_named(&self.config, |name| {
            values.remove(name).map(|param| (param.shape, param.values))
        })
        .map_err(|error| ModelError::NoParam(error.to_string()))
    }

    /// The gradients added up since the last step, in the order of [`Params::layout`].
    ///
    /// # Errors
    /// A failing device.
    pub fn gradients(&mut self) -> Result<Vec<Param>, ModelError> {
        let mut gradients = self.weights.read(&mut self.engine, Slot::Gradient)?;
        let layout = Params::layout(&self.config).into_iter();
        Ok(layout.filter_map(|(name, _)| gradients.remove(&name)).collect())
    }

    /// Adam's moments of every parameter, in the order of [`Params::layout`].
    ///
    /// # Errors
    /// A failing device.
    pub fn optimizer_state(&mut self) -> Result<Vec<Moments>, ModelError> {
        let mut first = self.weights.read(&mut self.engine, Slot::FirstMoment)?;
        let mut second = self.weights.read(&mut self.engine, Slot::SecondMoment)?;
        let layout = Params::layout(&self.config).into_iter();
        let moments = layout.filter_map(|(name, shape)| {
            let (first, second) = (first.remove(&name)?.values, second.remove(&name)?.values);
            Some(Moments { name, shape, first, second })
        });
        Ok(moments.collect())
    }

    /// Replaces the moments, as a resumed run does.
    ///
    /// # Errors
    /// Moments that are missing or have another size, or a failing device.
    pub fn load_optimizer_state(&mut self, moments: &[Moments]) -> Result<(), ModelError> {
        self.weights.load_moments(&mut self.engine, moments)
    }

    /// Checks the batch, runs the layers, and hands out the buffers for what comes next; the
    /// caller puts them back.
    fn forward(
        &mut self,
        batch: &Batch,
        rope_theta: f64,
    ) -> Result<(E::Inputs, Activations<E::Buffer>), ModelError> {
        batch.validate(self.config.vocab_size)?;
        if !(rope_theta.is_finite() && rope_theta > 0.0) {
            return Err(ConfigError::NotPositive { name: "rope_theta", value: rope_theta }.into());
        }
        let rows = batch.len();
        let (engine, config) = (&mut self.engine, &self.config);
        let mut act = match self.activations.take().filter(|act| act.capacity >= rows) {
            Some(act) => act,
            None => Activations::new(engine, config, rows)?,
        };
        let inputs = engine.inputs(batch, forward::heads(config), rope_theta)?;
        forward::forward(engine, config, &self.weights, &inputs, rows, &mut act)?;
        Ok((inputs, act))
    }

    fn stats(
        &mut self,
        sums: LossSums,
        z_loss: f32,
        act: &mut Activations<E::Buffer>,
    ) -> Result<LossStats, ModelError> {
        let layer_variance = self.engine.download(&act.work.variances, self.config.n_layers)?;
        let mean = |sum: f64| if sums.weight > 0.0 { sum / sums.weight } else { 0.0 };
        Ok(LossStats {
            loss: mean(sums.cross_entropy),
            z_loss: f64::from(z_loss) * mean(sums.square_lse),
            weight: sums.weight,
            layer_variance,
        })
    }

    fn first_not_finite(&mut self) -> Result<String, ModelError> {
        for weight in self.weights.all() {
            let squares = self.engine.gradient_square_sum(&[&weight.param])?;
            if !squares.is_finite() {
                return Ok(weight.name().to_owned());
            }
        }
        Ok("all gradients together".to_owned())
    }
}
