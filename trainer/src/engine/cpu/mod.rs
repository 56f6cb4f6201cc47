//! The reference engine: the host's cores, everything in f32.
//!
//! Matrix products are `gemm`'s; all else is loops over rows shared out by rayon. The pool is the
//! one that the caller runs in. Every sum has an order that depends on shapes and thread count
//! only, so a run repeats to the bit. Scratch grows to the largest batch and stays.
//!
//! ```text
//! matmul         the one call of gemm           attention      tiles, running softmax
//! lanes          vector loops, exp              cross_entropy  head and loss in chunks
//! rows           sharing out, ordered sums      norm, rope, swiglu, adamw
//! ```

mod adamw;
mod attention;
mod cross_entropy;
mod lanes;
mod matmul;
mod norm;
mod rope;
mod rows;
mod swiglu;
#[cfg(test)]
mod tests;

use super::{AdamW, Engine, EngineError, Heads, Kind, Linear, LossSums, Objective, Rows, Slot};
use crate::model::Batch;
use cross_entropy::Gradient;
use matmul::{Cores, Mat, MatMut, matmul};
use rows::{Scratch, add_row_sum, sum_blocks, zeros};

/// The host's cores as an engine.
pub struct Cpu {
    /// Most logits that exist at once.
    chunk_values: usize,
    logits: Scratch,
    partials: Scratch,
    attention: Scratch,
}

/// An array in host memory.
pub struct Buffer(Vec<f32>);

/// A parameter in host memory. Gradient and moments are empty until they are first needed, so
/// that evaluation takes no room for them.
pub struct Param {
    value: Vec<f32>,
    gradient: Vec<f32>,
    first: Vec<f32>,
    second: Vec<f32>,
}

/// A batch, with positions, angles and the tiles of attention.
pub struct Inputs {
    tokens: Vec<u32>,
    targets: Vec<u32>,
    weights: Vec<f32>,
    documents: Vec<usize>,
    positions: Vec<usize>,
    angles: rope::Angles,
    tiles: Vec<attention::Tile>,
}

impl Cpu {
    /// An engine on the pool of threads that its caller runs in.
    pub fn new() -> Self {
        Self {
            chunk_values: cross_entropy::CHUNK_VALUES,
            logits: Scratch::default(),
            partials: Scratch::default(),
            attention: Scratch::default(),
        }
    }
}

impl Default for Cpu {
    fn default() -> Self {
        Self::new()
    }
}

impl Param {
    fn slot(&self, slot: Slot) -> &[f32] {
        match slot {
            Slot::Value => &self.value,
            Slot::Gradient => &self.gradient,
            Slot::FirstMoment => &self.first,
            Slot::SecondMoment => &self.second,
        }
    }

    fn slot_mut(&mut self, slot: Slot) -> &mut Vec<f32> {
        match slot {
            Slot::Value => &mut self.value,
            Slot::Gradient => &mut self.gradient,
            Slot::FirstMoment => &mut self.first,
            Slot::SecondMoment => &mut self.second,
        }
    }

    /// Makes room for an array at its first use.
    fn ensure(&mut self, slot: Slot) -> Result<(), EngineError> {
        let len = self.value.len();
        let array = self.slot_mut(slot);
        if array.is_empty() {
            *array = zeros(len, "gradients and moments")?;
        }
        Ok(())
    }

    /// Value and gradient at once.
    fn with_gradient(&mut self) -> Result<(&[f32], &mut [f32]), EngineError> {
        self.ensure(Slot::Gradient)?;
        Ok((&self.value, &mut self.gradient))
    }
}

impl Engine for Cpu {
    type Buffer = Buffer;
    type Param = Param;
    type Inputs = Inputs;

    fn name(&self) -> String {
        format!("cpu ({} threads)", rayon::current_num_threads())
    }

    fn buffer(&mut self, len: usize, _: Kind) -> Result<Buffer, EngineError> {
        Ok(Buffer(zeros(len, "activations")?))
    }

    fn upload(&mut self, values: &[f32], to: &mut Buffer) -> Result<(), EngineError> {
        to.0[..values.len()].copy_from_slice(values);
        Ok(())
    }

    fn download(&mut self, from: &Buffer, len: usize) -> Result<Vec<f32>, EngineError> {
        Ok(from.0[..len].to_vec())
    }

    fn clear(&mut self, buffer: &mut Buffer, len: usize) -> Result<(), EngineError> {
        buffer.0[..len].fill(0.0);
        Ok(())
    }

    fn param(&mut self, values: &[f32]) -> Result<Param, EngineError> {
        let mut value = zeros(values.len(), "weights")?;
        value.copy_from_slice(values);
        Ok(Param { value, gradient: Vec::new(), first: Vec::new(), second: Vec::new() })
    }

    fn read(&mut self, param: &Param, slot: Slot) -> Result<Vec<f32>, EngineError> {
        let array = param.slot(slot);
        if array.is_empty() { zeros(param.value.len(), "a copy") } else { Ok(array.to_vec()) }
    }

    fn write(&mut self, param: &mut Param, slot: Slot, values: &[f32]) -> Result<(), EngineError> {
        param.ensure(slot)?;
        param.slot_mut(slot).copy_from_slice(values);
        Ok(())
    }

    fn inputs(
        &mut self,
        batch: &Batch,
        heads: Heads,
        rope_theta: f64,
    ) -> Result<Inputs, EngineError> {
        let documents = batch.documents.windows(2);
        let positions: Vec<usize> = documents.flat_map(|pair| 0..pair[1] - pair[0]).collect();
        let longest = positions.iter().max().map_or(0, |last| last + 1);
        Ok(Inputs {
            tokens: batch.tokens.clone(),
            targets: batch.targets.clone(),
            weights: batch.weights.clone(),
            documents: batch.documents.clone(),
            positions,
            angles: rope::Angles::new(longest, heads.dim, rope_theta)?,
            tiles: attention::tiles(&batch.documents),
        })
    }

    fn embed(
        &mut self,
        inputs: &Inputs,
        table: &Param,
        width: usize,
        y: &mut Buffer,
    ) -> Result<(), EngineError> {
        for (y, &token) in y.0.chunks_mut(width).zip(&inputs.tokens) {
            y.copy_from_slice(&table.value[token as usize * width..][..width]);
        }
        Ok(())
    }

    fn embed_backward(
        &mut self,
        inputs: &Inputs,
        d_y: &Buffer,
        width: usize,
        table: &mut Param,
    ) -> Result<(), EngineError> {
        // One thread, in the order of positions: a token that comes twice adds up the same way.
        let (_, gradient) = table.with_gradient()?;
        for (d_y, &token) in d_y.0.chunks(width).zip(&inputs.tokens) {
            lanes::add(&mut gradient[token as usize * width..][..width], d_y);
        }
        Ok(())
    }

    fn norm(
        &mut self,
        x: &Buffer,
        gain: &Param,
        eps: f32,
        shape: Rows,
        y: &mut Buffer,
        rms: &mut Buffer,
    ) -> Result<(), EngineError> {
        norm::norm(&x.0, &gain.value, eps, shape, &mut y.0, &mut rms.0);
        Ok(())
    }

    fn add_norm(
        &mut self,
        x: &Buffer,
        delta: &Buffer,
        gain: &Param,
        eps: f32,
        shape: Rows,
        sum: &mut Buffer,
        y: &mut Buffer,
        rms: &mut Buffer,
    ) -> Result<(), EngineError> {
        let (sum, y, rms) = (&mut sum.0, &mut y.0, &mut rms.0);
        norm::add_norm(&x.0, &delta.0, &gain.value, eps, shape, sum, y, rms);
        Ok(())
    }

    fn norm_backward(
        &mut self,
        d_y: &Buffer,
        x: &Buffer,
        rms: &Buffer,
        gain: &mut Param,
        shape: Rows,
        d_x: &mut Buffer,
    ) -> Result<(), EngineError> {
        let (gain, d_gain) = gain.with_gradient()?;
        let scratch = &mut self.partials;
        norm::norm_backward(&d_y.0, &x.0, &rms.0, gain, d_gain, shape, &mut d_x.0, scratch)
    }

    fn linear(
        &mut self,
        x: &Buffer,
        weight: &Param,
        bias: Option<&Param>,
        shape: Linear,
        y: &mut Buffer,
    ) -> Result<(), EngineError> {
        let Linear { rows, inputs, outputs } = shape;
        if let Some(bias) = bias {
            for y in y.0[..rows * outputs].chunks_mut(outputs) {
                y.copy_from_slice(&bias.value);
            }
        }
        let x = Mat::new(&x.0, rows, inputs, inputs);
        let weight = Mat::new(&weight.value, outputs, inputs, inputs);
        let y = MatMut::new(&mut y.0, rows, outputs, outputs);
        matmul(y, x, weight.t(), bias.is_some(), Cores::All);
        Ok(())
    }

    fn linear_backward_data(
        &mut self,
        d_y: &Buffer,
        weight: &Param,
        shape: Linear,
        d_x: &mut Buffer,
    ) -> Result<(), EngineError> {
        let Linear { rows, inputs, outputs } = shape;
        let d_y = Mat::new(&d_y.0, rows, outputs, outputs);
        let weight = Mat::new(&weight.value, outputs, inputs, inputs);
        let d_x = MatMut::new(&mut d_x.0, rows, inputs, inputs);
        matmul(d_x, d_y, weight, false, Cores::All);
        Ok(())
    }

    fn linear_backward_weight(
        &mut self,
        d_y: &Buffer,
        x: &Buffer,
        shape: Linear,
        weight: &mut Param,
        bias: Option<&mut Param>,
    ) -> Result<(), EngineError> {
        let Linear { rows, inputs, outputs } = shape;
        if let Some(bias) = bias {
            let (_, gradient) = bias.with_gradient()?;
            add_row_sum(gradient, rows, &mut self.partials, |row, sum| {
                lanes::add(sum, &d_y.0[row * outputs..][..outputs]);
            })?;
        }
        let (_, gradient) = weight.with_gradient()?;
        let d_y = Mat::new(&d_y.0, rows, outputs, outputs);
        let x = Mat::new(&x.0, rows, inputs, inputs);
        matmul(MatMut::new(gradient, outputs, inputs, inputs), d_y.t(), x, true, Cores::All);
        Ok(())
    }

    fn rope(&mut self, inputs: &Inputs, heads: Heads, qkv: &mut Buffer) -> Result<(), EngineError> {
        rope::turn(inputs, heads, &mut qkv.0, 1.0);
        Ok(())
    }

    fn rope_backward(
        &mut self,
        inputs: &Inputs,
        heads: Heads,
        d_qkv: &mut Buffer,
    ) -> Result<(), EngineError> {
        rope::turn(inputs, heads, &mut d_qkv.0, -1.0);
        Ok(())
    }

    fn attention(
        &mut self,
        inputs: &Inputs,
        qkv: &Buffer,
        heads: Heads,
        y: &mut Buffer,
        lse: &mut Buffer,
    ) -> Result<(), EngineError> {
        attention::attention(&inputs.tiles, &qkv.0, heads, &mut y.0, &mut lse.0);
        Ok(())
    }

    fn attention_backward(
        &mut self,
        inputs: &Inputs,
        qkv: &Buffer,
        y: &Buffer,
        lse: &Buffer,
        d_y: &Buffer,
        heads: Heads,
        d_qkv: &mut Buffer,
    ) -> Result<(), EngineError> {
        let read = attention::Backward { qkv: &qkv.0, y: &y.0, lse: &lse.0, d_y: &d_y.0 };
        let (tiles, documents) = (&inputs.tiles, &inputs.documents);
        let scratch = &mut self.attention;
        attention::attention_backward(tiles, documents, read, heads, &mut d_qkv.0, scratch)
    }

    fn swiglu(&mut self, gate_up: &Buffer, shape: Rows, y: &mut Buffer) -> Result<(), EngineError> {
        swiglu::swiglu(&gate_up.0, shape, &mut y.0);
        Ok(())
    }

    fn swiglu_backward(
        &mut self,
        d_y: &Buffer,
        shape: Rows,
        gate_up: &mut Buffer,
    ) -> Result<(), EngineError> {
        swiglu::swiglu_backward(&d_y.0, shape, &mut gate_up.0);
        Ok(())
    }

    fn cross_entropy(
        &mut self,
        inputs: &Inputs,
        x: &Buffer,
        head: &Param,
        shape: Linear,
    ) -> Result<LossSums, EngineError> {
        let (chunk, scratch) = (self.chunk_values, &mut self.logits);
        let head = &head.value;
        cross_entropy::cross_entropy(inputs, &x.0, head, shape, None, chunk, scratch)
    }

    fn cross_entropy_backward(
        &mut self,
        inputs: &Inputs,
        x: &Buffer,
        objective: Objective,
        shape: Linear,
        head: &mut Param,
        d_x: &mut Buffer,
    ) -> Result<LossSums, EngineError> {
        let (head, d_head) = head.with_gradient()?;
        let gradient = Some(Gradient { objective, d_x: &mut d_x.0, d_head });
        let (chunk, scratch) = (self.chunk_values, &mut self.logits);
        cross_entropy::cross_entropy(inputs, &x.0, head, shape, gradient, chunk, scratch)
    }

    fn variance(
        &mut self,
        x: &Buffer,
        len: usize,
        to: &mut Buffer,
        index: usize,
    ) -> Result<(), EngineError> {
        let (x, count) = (&x.0[..len], len as f64);
        let mean = sum_blocks(x, |block| f64::from(lanes::sum(block))) / count;
        let square = sum_blocks(x, |block| f64::from(lanes::square_sum(block))) / count;
        to.0[index] = (square - mean * mean).max(0.0) as f32;
        Ok(())
    }

    fn gradient_square_sum(&mut self, params: &[&Param]) -> Result<f64, EngineError> {
        let square = |x: &[f32]| f64::from(lanes::square_sum(x));
        Ok(params.iter().map(|param| sum_blocks(&param.gradient, square)).sum())
    }

    fn adamw(&mut self, param: &mut Param, update: &AdamW) -> Result<(), EngineError> {
        for slot in [Slot::Gradient, Slot::FirstMoment, Slot::SecondMoment] {
            param.ensure(slot)?;
        }
        let Param { value, gradient, first, second } = param;
        adamw::adamw(value, gradient, first, second, update);
        Ok(())
    }
}
