//! Every operation of an engine, forward and backward, on small odd shapes.
//!
//! Each gradient is held against central differences of `Σ d_y · f(x)` with random `d_y`.
//! Gradients of parameters are checked from a gradient that is not 0, since operations add.

use super::difference::{Noise, dot, error, gradient_error, wide};
use super::{Check, reference};
use crate::engine::{AdamW, Engine, EngineError, Heads, Kind, Linear, Objective, Rows, Slot};
use crate::model::Batch;

/// Most coordinates of a gradient that are differenced; of more, as many are drawn.
const COORDINATES: usize = 1500;

/// The checks so far, and what they need.
pub(super) struct Bench<'a, E: Engine> {
    pub engine: &'a mut E,
    pub bound: f64,
    pub noise: Noise,
    pub checks: Vec<Check>,
}

impl<E: Engine> Bench<'_, E> {
    fn note(&mut self, name: impl Into<String>, error: f64) {
        self.checks.push(Check { name: name.into(), error, bound: self.bound });
    }

    fn buffer(&mut self, values: &[f32]) -> Result<E::Buffer, EngineError> {
        let mut buffer = self.engine.buffer(values.len(), Kind::Activation)?;
        self.engine.upload(values, &mut buffer)?;
        Ok(buffer)
    }

    fn empty(&mut self, len: usize) -> Result<E::Buffer, EngineError> {
        // Garbage, so that an operation which should set and only adds is found out.
        let values = self.noise.values(len, 3.0);
        self.buffer(&values)
    }

    fn statistic(&mut self, len: usize) -> Result<E::Buffer, EngineError> {
        self.engine.buffer(len, Kind::Statistic)
    }

    /// A parameter whose gradient is 1 everywhere.
    fn param(&mut self, values: &[f32]) -> Result<E::Param, EngineError> {
        let mut param = self.engine.param(values)?;
        self.engine.write(&mut param, Slot::Gradient, &vec![1.0; values.len()])?;
        Ok(param)
    }

    /// What was added to a gradient that began at 1.
    fn added(&mut self, param: &E::Param) -> Result<Vec<f32>, EngineError> {
        Ok(self.engine.read(param, Slot::Gradient)?.into_iter().map(|value| value - 1.0).collect())
    }

    fn against(&mut self, name: &str, found: &[f32], f: impl Fn(&[f64]) -> f64, x: &[f32]) {
        let at = self.noise.coordinates(x.len(), COORDINATES);
        self.note(name, gradient_error(found, f, x, &at));
    }

    /// Runs all checks.
    pub fn run(&mut self) -> Result<(), EngineError> {
        self.embed()?;
        for (rows, width) in [(1, 1), (5, 17), (131, 9)] {
            self.norm(rows, width)?;
        }
        for (rows, inputs, outputs, bias) in
            [(1, 1, 1, true), (5, 7, 3, false), (3, 8, 19, true), (131, 5, 6, true)]
        {
            self.linear(Linear { rows, inputs, outputs }, bias)?;
        }
        let heads = |queries, keys, dim| Heads { queries, keys, dim };
        for (heads, documents) in [
            (heads(1, 1, 2), vec![0, 1]),
            (heads(4, 2, 6), vec![0, 1, 4, 9]),
            (heads(3, 1, 4), vec![0, 7, 20]),
            (heads(2, 2, 2), vec![0, 63, 64, 129, 200]),
        ] {
            self.rope(heads, &documents)?;
            self.attention(heads, &documents, None)?;
        }
        // Longer than the keys that an engine takes at once, and slow to difference: only rows on
        // both sides of 512 and at the ends of the documents.
        let rows = [0, 511, 512, 599, 600, 604];
        self.attention(heads(2, 1, 4), &[0, 600, 605], Some(&rows))?;
        for (rows, width) in [(1, 1), (6, 5), (70, 17)] {
            self.swiglu(rows, width)?;
        }
        for (rows, inputs, outputs) in [(1, 1, 2), (9, 4, 11), (21, 6, 50)] {
            self.cross_entropy(Linear { rows, inputs, outputs })?;
        }
        self.sums()?;
        self.adamw()
    }

    fn embed(&mut self) -> Result<(), EngineError> {
        let (vocabulary, width) = (6, 5);
        let batch = batch(&[0, 3, 7], vocabulary);
        let values = self.noise.values(vocabulary * width, 1.0);
        let d_values = self.noise.values(batch.len() * width, 1.0);
        let mut table = self.param(&values)?;
        let inputs = self.engine.inputs(&batch, Heads { queries: 1, keys: 1, dim: 2 }, 10_000.0)?;
        let (mut y, d_y) = (self.empty(d_values.len())?, self.buffer(&d_values)?);
        self.engine.embed(&inputs, &table, width, &mut y)?;
        let found = self.engine.download(&y, d_values.len())?;
        let exact = reference::embed(&batch.tokens, &wide(&values), width);
        self.note("embedding", error(&found, &exact));
        self.engine.embed_backward(&inputs, &d_y, width, &mut table)?;
        let found = self.added(&table)?;
        let f = |table: &[f64]| dot(&reference::embed(&batch.tokens, table, width), &d_values);
        self.against("embedding, gradient of the table", &found, f, &values);
        Ok(())
    }

    fn norm(&mut self, rows: usize, width: usize) -> Result<(), EngineError> {
        let (shape, len, eps) = (Rows { rows, width }, rows * width, 1e-2);
        let label = format!("norm {rows}x{width}");
        let (x, delta) = (self.noise.values(len, 1.0), self.noise.values(len, 0.5));
        let (gain, d_y) = (self.noise.values(width, 1.0), self.noise.values(len, 1.0));
        let before = self.noise.values(len, 1.0);
        let (x_buffer, delta_buffer) = (self.buffer(&x)?, self.buffer(&delta)?);
        let (mut sum, mut y, mut rms) = (self.empty(len)?, self.empty(len)?, self.statistic(rows)?);
        let mut param = self.param(&gain)?;
        self.engine.norm(&x_buffer, &param, eps, shape, &mut y, &mut rms)?;
        let found = self.engine.download(&y, len)?;
        let exact = reference::norm(&wide(&x), &wide(&gain), f64::from(eps));
        self.note(label.clone(), error(&found, &exact));

        let engine = &mut *self.engine;
        let (s, y_out, r) = (&mut sum, &mut y, &mut rms);
        engine.add_norm(&x_buffer, &delta_buffer, &param, eps, shape, s, y_out, r)?;
        let exact: Vec<f64> =
            x.iter().zip(&delta).map(|(x, delta)| f64::from(*x) + f64::from(*delta)).collect();
        let found = self.engine.download(&sum, len)?;
        self.note(format!("{label}, sum"), error(&found, &exact));
        let exact = reference::norm(&exact, &wide(&gain), f64::from(eps));
        let found = self.engine.download(&y, len)?;
        self.note(format!("{label} of a sum"), error(&found, &exact));

        let total = self.engine.download(&sum, len)?;
        let (d_y_buffer, mut d_x) = (self.buffer(&d_y)?, self.buffer(&before)?);
        self.engine.norm_backward(&d_y_buffer, &sum, &rms, &mut param, shape, &mut d_x)?;
        let found: Vec<f32> =
            self.engine.download(&d_x, len)?.iter().zip(&before).map(|(a, b)| a - b).collect();
        let wide_gain = wide(&gain);
        let f = |x: &[f64]| dot(&reference::norm(x, &wide_gain, f64::from(eps)), &d_y);
        self.against(&format!("{label}, gradient of x"), &found, f, &total);
        let found = self.added(&param)?;
        let wide_total = wide(&total);
        let f = |gain: &[f64]| dot(&reference::norm(&wide_total, gain, f64::from(eps)), &d_y);
        self.against(&format!("{label}, gradient of the gain"), &found, f, &gain);
        Ok(())
    }

    fn linear(&mut self, shape: Linear, with_bias: bool) -> Result<(), EngineError> {
        let Linear { rows, inputs, outputs } = shape;
        let label = format!("linear {rows}x{inputs}x{outputs}");
        let (x, weight) =
            (self.noise.values(rows * inputs, 1.0), self.noise.values(outputs * inputs, 1.0));
        let bias = self.noise.values(if with_bias { outputs } else { 0 }, 1.0);
        let d_y = self.noise.values(rows * outputs, 1.0);
        let (x_buffer, d_y_buffer) = (self.buffer(&x)?, self.buffer(&d_y)?);
        let (mut y, mut d_x) = (self.empty(rows * outputs)?, self.empty(rows * inputs)?);
        let mut w = self.param(&weight)?;
        let mut b = if with_bias { Some(self.param(&bias)?) } else { None };
        self.engine.linear(&x_buffer, &w, b.as_ref(), shape, &mut y)?;
        self.engine.linear_backward_data(&d_y_buffer, &w, shape, &mut d_x)?;
        self.engine.linear_backward_weight(&d_y_buffer, &x_buffer, shape, &mut w, b.as_mut())?;
        let (x64, w64, b64) = (wide(&x), wide(&weight), wide(&bias));
        let found = self.engine.download(&y, rows * outputs)?;
        self.note(label.clone(), error(&found, &reference::linear(&x64, &w64, &b64, inputs)));
        let found = self.engine.download(&d_x, rows * inputs)?;
        let f = |x: &[f64]| dot(&reference::linear(x, &w64, &b64, inputs), &d_y);
        self.against(&format!("{label}, gradient of x"), &found, f, &x);
        let found = self.added(&w)?;
        let f = |w: &[f64]| dot(&reference::linear(&x64, w, &b64, inputs), &d_y);
        self.against(&format!("{label}, gradient of the weight"), &found, f, &weight);
        if let Some(b) = b {
            let found = self.added(&b)?;
            let f = |b: &[f64]| dot(&reference::linear(&x64, &w64, b, inputs), &d_y);
            self.against(&format!("{label}, gradient of the bias"), &found, f, &bias);
        }
        Ok(())
    }

    fn rope(&mut self, heads: Heads, documents: &[usize]) -> Result<(), EngineError> {
        let (batch, theta) = (batch(documents, 6), 500.0);
        let len = batch.len() * heads.width();
        let label = format!("rope {}/{}x{} {documents:?}", heads.queries, heads.keys, heads.dim);
        let (x, d_y) = (self.noise.values(len, 1.0), self.noise.values(len, 1.0));
        let inputs = self.engine.inputs(&batch, heads, theta)?;
        let (mut qkv, mut d_qkv) = (self.buffer(&x)?, self.buffer(&d_y)?);
        self.engine.rope(&inputs, heads, &mut qkv)?;
        self.engine.rope_backward(&inputs, heads, &mut d_qkv)?;
        let f = |x: &[f64]| reference::rope(x, heads, documents, theta);
        let found = self.engine.download(&qkv, len)?;
        self.note(label.clone(), error(&found, &f(&wide(&x))));
        let found = self.engine.download(&d_qkv, len)?;
        self.against(&format!("{label}, gradient"), &found, |x| dot(&f(x), &d_y), &x);
        Ok(())
    }

    /// Attention, and its gradient in all rows, or in one query, key and value of each of `rows`.
    fn attention(
        &mut self,
        heads: Heads,
        documents: &[usize],
        rows: Option<&[usize]>,
    ) -> Result<(), EngineError> {
        let batch = batch(documents, 6);
        let (len, out) = (batch.len() * heads.width(), batch.len() * heads.q_width());
        let label =
            format!("attention {}/{}x{} {documents:?}", heads.queries, heads.keys, heads.dim);
        let (x, d_y) = (self.noise.values(len, 2.0), self.noise.values(out, 1.0));
        let inputs = self.engine.inputs(&batch, heads, 10_000.0)?;
        let (qkv, mut y, d_y_buffer) = (self.buffer(&x)?, self.empty(out)?, self.buffer(&d_y)?);
        let (mut lse, mut d_qkv) = (self.statistic(batch.len() * heads.queries)?, self.empty(len)?);
        self.engine.attention(&inputs, &qkv, heads, &mut y, &mut lse)?;
        let d = &mut d_qkv;
        self.engine.attention_backward(&inputs, &qkv, &y, &lse, &d_y_buffer, heads, d)?;
        let f = |x: &[f64]| reference::attention(x, heads, documents);
        let found = self.engine.download(&y, out)?;
        self.note(label.clone(), error(&found, &f(&wide(&x))));
        let found = self.engine.download(&d_qkv, len)?;
        let name = format!("{label}, gradient");
        let f = |x: &[f64]| dot(&f(x), &d_y);
        let Some(rows) = rows else {
            self.against(&name, &found, f, &x);
            return Ok(());
        };
        for (part, first) in
            [("query", 0), ("key", heads.queries), ("value", heads.queries + heads.keys)]
        {
            let at: Vec<usize> =
                rows.iter().map(|row| row * heads.width() + first * heads.dim).collect();
            self.note(format!("{name} of the {part}s"), gradient_error(&found, f, &x, &at));
        }
        Ok(())
    }

    fn swiglu(&mut self, rows: usize, width: usize) -> Result<(), EngineError> {
        let (shape, len) = (Rows { rows, width }, rows * width);
        let label = format!("swiglu {rows}x{width}");
        let (x, d_y) = (self.noise.values(2 * len, 4.0), self.noise.values(len, 1.0));
        let (mut gate_up, d_y_buffer, mut y) =
            (self.buffer(&x)?, self.buffer(&d_y)?, self.empty(len)?);
        self.engine.swiglu(&gate_up, shape, &mut y)?;
        self.engine.swiglu_backward(&d_y_buffer, shape, &mut gate_up)?;
        let found = self.engine.download(&y, len)?;
        self.note(label.clone(), error(&found, &reference::swiglu(&wide(&x), width)));
        let found = self.engine.download(&gate_up, 2 * len)?;
        let f = |x: &[f64]| dot(&reference::swiglu(x, width), &d_y);
        self.against(&format!("{label}, gradient"), &found, f, &x);
        Ok(())
    }

    fn cross_entropy(&mut self, shape: Linear) -> Result<(), EngineError> {
        let Linear { rows, inputs: d, outputs: vocabulary } = shape;
        let label = format!("cross-entropy {rows}x{d}x{vocabulary}");
        let batch = batch(&[0, rows], vocabulary);
        let (z_loss, scale) = (0.05, 0.7);
        let (x, head) = (self.noise.values(rows * d, 1.0), self.noise.values(vocabulary * d, 1.0));
        let heads = Heads { queries: 1, keys: 1, dim: 2 };
        let inputs = self.engine.inputs(&batch, heads, 10_000.0)?;
        let (x_buffer, mut d_x) = (self.buffer(&x)?, self.empty(rows * d)?);
        let mut param = self.param(&head)?;
        let forward = self.engine.cross_entropy(&inputs, &x_buffer, &param, shape)?;
        let objective = Objective { z_loss, scale };
        let (engine, p, dx) = (&mut *self.engine, &mut param, &mut d_x);
        let sums = engine.cross_entropy_backward(&inputs, &x_buffer, objective, shape, p, dx)?;
        let (x64, head64) = (wide(&x), wide(&head));
        let f = |x: &[f64], head: &[f64], z_loss: f64| {
            let logits = reference::linear(x, head, &[], d);
            reference::objective(&logits, &batch, vocabulary, z_loss)
        };
        let entropy = f(&x64, &head64, 0.0);
        let square = f(&x64, &head64, 1.0) - entropy;
        let exact = [entropy, square, batch.weight()];
        for (name, sums) in [("forward", forward), ("with gradient", sums)] {
            let found = [sums.cross_entropy, sums.square_lse, sums.weight].map(|sum| sum as f32);
            self.note(format!("{label}, {name}"), error(&found, &exact));
        }
        let (z, scale) = (f64::from(z_loss), f64::from(scale));
        let found = self.engine.download(&d_x, rows * d)?;
        let of_x = |x: &[f64]| scale * f(x, &head64, z);
        self.against(&format!("{label}, gradient of x"), &found, of_x, &x);
        let found = self.added(&param)?;
        let of_head = |head: &[f64]| scale * f(&x64, head, z);
        self.against(&format!("{label}, gradient of the head"), &found, of_head, &head);
        Ok(())
    }

    fn sums(&mut self) -> Result<(), EngineError> {
        for len in [1, 1_000, 40_000] {
            let x: Vec<f32> = self.noise.values(len, 1.0).iter().map(|x| x + 0.5).collect();
            let mean = wide(&x).iter().sum::<f64>() / len as f64;
            let variance = wide(&x).iter().map(|x| (x - mean).powi(2)).sum::<f64>() / len as f64;
            let (buffer, mut to) = (self.buffer(&x)?, self.statistic(2)?);
            self.engine.variance(&buffer, len, &mut to, 1)?;
            let found = self.engine.download(&to, 2)?;
            // Beside a mean square of about 1/2, not beside a variance of 0.
            let difference = (f64::from(found[1]) - variance).abs();
            self.note(format!("variance of {len}"), difference);

            let values = self.noise.values(len, 1.0);
            let (mut a, mut b) = (self.engine.param(&values)?, self.engine.param(&values)?);
            self.engine.write(&mut a, Slot::Gradient, &values)?;
            self.engine.write(&mut b, Slot::Gradient, &x)?;
            let found = self.engine.gradient_square_sum(&[&a, &b])? as f32;
            let exact = wide(&values).iter().chain(&wide(&x)).map(|x| x * x).sum();
            self.note(format!("square sum of {len}"), error(&[found], &[exact]));
        }
        Ok(())
    }

    fn adamw(&mut self) -> Result<(), EngineError> {
        let len = 33_000;
        let start = self.noise.values(len, 1.0);
        let mut param = self.engine.param(&start)?;
        let (mut w, mut m, mut v) = (wide(&start), vec![0.0; len], vec![0.0; len]);
        let (b1, b2, lr, decay, clip) = (0.9f64, 0.95f64, 1e-2, 0.1, 0.5);
        for step in 1..=3 {
            let gradient = self.noise.values(len, 1.0);
            self.engine.write(&mut param, Slot::Gradient, &gradient)?;
            let corrections = [1.0 - b1.powi(step), 1.0 - b2.powi(step)];
            let update = AdamW {
                lr: lr as f32,
                betas: [b1 as f32, b2 as f32],
                eps: 1e-15,
                weight_decay: decay as f32,
                corrections: corrections.map(|correction| correction as f32),
                gradient_scale: clip as f32,
            };
            self.engine.adamw(&mut param, &update)?;
            for i in 0..len {
                let g = clip * f64::from(gradient[i]);
                m[i] = b1 * m[i] + (1.0 - b1) * g;
                v[i] = b2 * v[i] + (1.0 - b2) * g * g;
                let update = (m[i] / corrections[0]) / ((v[i] / corrections[1]).sqrt() + 1e-15);
                w[i] -= lr * (decay * w[i] + update);
            }
        }
        for (name, slot, exact) in [
            ("weights", Slot::Value, w),
            ("first moment", Slot::FirstMoment, m),
            ("second moment", Slot::SecondMoment, v),
        ] {
            let found = self.engine.read(&param, slot)?;
            self.note(format!("adamw, {name}"), error(&found, &exact));
        }
        let left = self.engine.read(&param, Slot::Gradient)?;
        let cleared = if left.iter().all(|&value| value == 0.0) { 0.0 } else { f64::INFINITY };
        self.note("adamw, gradient is cleared", cleared);
        Ok(())
    }
}

/// A batch with repeated tokens, and weights of 0, 1 and between.
pub(super) fn batch(documents: &[usize], vocab_size: usize) -> Batch {
    let len = documents.last().copied().unwrap_or(0);
    let token = |i: usize, a: usize| ((i * a + i * i / 3 + 1) % vocab_size) as u32;
    Batch {
        tokens: (0..len).map(|i| token(i, 5)).collect(),
        targets: (0..len).map(|i| token(i, 7)).collect(),
        weights: (0..len).map(|i| [1.0, 0.5, 0.0, 2.0][i % 4]).collect(),
        documents: documents.to_vec(),
    }
}
