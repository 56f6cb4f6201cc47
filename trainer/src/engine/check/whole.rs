//! A whole tiny model against the reference: logits, loss and the gradient of every parameter.

use super::difference::{Noise, derivative, error, wide};
use super::operations::batch;
use super::{Check, reference};
use crate::engine::Engine;
use crate::model::{Model, ModelConfig, ModelError, Params};

/// Coordinates of each parameter that are differenced.
const COORDINATES: usize = 12;

/// A model of two layers with odd sizes.
pub(super) fn tiny(tied: bool, qkv_bias: bool) -> ModelConfig {
    ModelConfig {
        vocab_size: 19,
        d_model: 10,
        d_ffn: 14,
        n_layers: 2,
        n_heads: 4,
        n_kv_heads: 2,
        head_dim: 6,
        rms_eps: 1e-5,
        rope_theta: 1_000.0,
        tied,
        qkv_bias,
        max_positions: 64,
    }
}

/// Checks tied and untied models, with bias and without.
pub(super) fn run<E: Engine>(
    make: impl Fn() -> Result<E, ModelError>,
    bound: f64,
    checks: &mut Vec<Check>,
) -> Result<(), ModelError> {
    for (tied, bias) in [(true, false), (false, true)] {
        let config = tiny(tied, bias);
        let kind = if tied { "tied model" } else { "untied model with bias" };
        let mut note = |name: String, error: f64| checks.push(Check { name, error, bound });
        let mut noise = Noise::new(11);
        let mut params = Params::random(&config, 3, 0.4);
        for param in params.iter_mut().filter(|param| param.shape.len() == 1) {
            let moved = noise.values(param.values.len(), 0.3);
            param.values.iter_mut().zip(moved).for_each(|(value, moved)| *value += moved);
        }
        let (first, second) = (batch(&[0, 3, 4, 13], 19), batch(&[0, 5], 19));
        let (z_loss, scale, theta) = (0.02f32, 0.6f32, 700.0);

        let names: Vec<String> = params.iter().map(|param| param.name.clone()).collect();
        let values: Vec<Vec<f64>> = params.iter().map(|param| wide(&param.values)).collect();
        let logits = |values: &[Vec<f64>], batch| {
            let at = |name: &str| names.iter().position(|known| known == name).unwrap_or(0);
            reference::logits(&config, |name| &values[at(name)], batch, theta)
        };
        let objective = |values: &[Vec<f64>], z: f64| {
            let of = |batch| reference::objective(&logits(values, batch), batch, 19, z);
            of(&first) + of(&second)
        };

        let mut model = Model::new(make()?, config.clone(), &params)?;
        let found = model.logits(&first, theta)?;
        note(format!("{kind}, logits"), error(&found, &logits(&values, &first)));
        let mut sum = 0.0;
        for batch in [&first, &second] {
            let stats = model.accumulate(batch, theta, z_loss, scale)?;
            sum += (stats.loss + stats.z_loss) * stats.weight;
        }
        let exact = objective(&values, f64::from(z_loss));
        note(format!("{kind}, loss"), error(&[sum as f32], &[exact]));
        for (index, gradient) in model.gradients()?.into_iter().enumerate() {
            let at = noise.coordinates(gradient.values.len(), COORDINATES);
            let f = |x: &[f64]| {
                let mut values = values.clone();
                values[index] = x.to_vec();
                f64::from(scale) * objective(&values, f64::from(z_loss))
            };
            let exact: Vec<f64> = at.iter().map(|&at| derivative(f, &values[index], at)).collect();
            let found: Vec<f32> = at.iter().map(|&at| gradient.values[at]).collect();
            // Relative to the parameter's largest gradient: the sample may hold small ones only.
            let size = |values: &[f64]| values.iter().fold(0.0f64, |a, b| a.max(b.abs()));
            let share = size(&exact) / size(&wide(&gradient.values)).max(size(&exact));
            let error = error(&found, &exact) * share;
            note(format!("{kind}, gradient of {}", gradient.name), error);
        }
    }
    Ok(())
}
