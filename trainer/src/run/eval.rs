//! The loss of a checkpoint on documents.

use std::path::PathBuf;

use serde::Serialize;

use super::config::MAX_CONTEXT;
use super::{Device, RunError};
use crate::checkpoint::Checkpoint;
use crate::data::{DataError, DocumentTokenizer, Part, Source, TokenStore, pieces};
use crate::engine::cpu::Cpu;
use crate::model::Model;

/// The context of an evaluation that asks for none; less if the model was made for less.
const CONTEXT: usize = 2048;

/// What to evaluate on what.
#[derive(Clone, Debug)]
pub struct EvalRequest {
    /// The checkpoint directory.
    pub checkpoint: PathBuf,
    /// A mix directory, or a directory or file of documents.
    pub data: PathBuf,
    /// Which files of a mix.
    pub part: Part,
    /// Longest piece of a document, in tokens, from 2 to 1,048,576; 2,048 or what the model promises
    /// if that is less. It may be beyond that promise. Longer pieces are predicted better, so
    /// checkpoints are compared at the same context: annealing changes what a model promises.
    pub context: Option<usize>,
    /// Where to compute.
    pub device: Device,
}

/// What an evaluation found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evaluation {
    /// Mean cross-entropy in nats a token.
    pub loss: f64,
    /// Its exponential.
    pub perplexity: f64,
    /// Tokens that were predicted: all but the first of each document.
    pub tokens: u64,
    /// Documents with text.
    pub documents: u64,
    /// Longest piece of a document, in tokens.
    pub context: usize,
}

/// Evaluates a checkpoint: every document by itself, longer ones in pieces.
///
/// # Errors
/// A context out of its range; a checkpoint or data that cannot be used, or in which nothing is to
/// be predicted.
pub fn evaluate(
    request: &EvalRequest,
    progress: &mut dyn FnMut(u64),
) -> Result<Evaluation, RunError> {
    request.device.require_cpu()?;
    if let Some(context) = request.context.filter(|c| !(2..=MAX_CONTEXT).contains(c)) {
        let problem = format!("is {context}; it must be from 2 to {MAX_CONTEXT} tokens");
        return Err(RunError::Argument { name: "--context", problem });
    }
    let Checkpoint { config: hf, params, .. } = Checkpoint::read(&request.checkpoint)?;
    let tokenizer = DocumentTokenizer::open(&request.checkpoint, &hf)?;
    let source = Source::open(&request.data, request.part)?;
    let context = request.context.unwrap_or(CONTEXT.min(hf.model.max_positions).max(2));
    let scratch = tempfile::tempdir().map_err(RunError::io("create", &std::env::temp_dir()))?;
    let store = TokenStore::open(scratch.path(), &source, &tokenizer, &mut |_| {})?;
    let rope_theta = hf.model.rope_theta;
    let mut model = Model::new(Cpu::new(), hf.model, &params)?;
    let (mut loss, mut weight, mut done) = (0.0, 0.0, 0);
    pieces(&store, context, |batch| {
        let stats = model.loss(&batch, rope_theta, 0.0)?;
        loss += stats.loss * stats.weight;
        weight += stats.weight;
        done += batch.len() as u64;
        progress(100 * done / store.tokens());
        Ok::<_, RunError>(())
    })?;
    if weight == 0.0 {
        return Err(DataError::format(
            &request.data,
            "has no document of two tokens or more, so there is nothing to predict",
            "give longer documents",
        )
        .into());
    }
    let loss = loss / weight;
    Ok(Evaluation {
        loss,
        perplexity: loss.exp(),
        tokens: weight as u64,
        documents: store.documents() as u64,
        context,
    })
}
