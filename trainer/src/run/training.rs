//! A run between two steps: model, optimizer, place in the data, and what is written of them.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::metrics::MetricsFile;
use super::rundir::RunDir;
use super::{AnnealConfig, OptimConfig, Phase, Plan, RunError, StepRecord};
use crate::checkpoint::state::{self, Snapshot, TrainerState};
use crate::checkpoint::{Carried, Checkpoint, HfConfig, digest, directory, write_model};
use crate::data::{Draw, Packer, Position, TokenStore};
use crate::engine::cpu::Cpu;
use crate::model::Model;
use crate::optim::{OptimStep, matrix_lr_scale};

/// Steps between two records of the hidden states' variance; the first step of a phase and the
/// last one of the run have it as well.
const VARIANCE_EVERY: u64 = 10;

/// The checkpoint that is annealed, as far as a run needs it to its end.
pub(super) struct Origin {
    /// Its configuration.
    pub config: HfConfig,
    /// Names configuration and weights.
    pub digest: String,
}

impl Origin {
    /// Reads the configuration of a checkpoint directory, and all weights once for the digest.
    pub fn read(directory: &Path) -> Result<Self, RunError> {
        let config = HfConfig::read(directory)?;
        Ok(Self { config, digest: digest(directory)? })
    }
}

/// What a run begins with.
pub(super) enum Start {
    /// The checkpoint to be annealed.
    Origin(Box<Checkpoint>),
    /// A checkpoint of the run itself.
    Snapshot(Box<Snapshot>),
}

/// A run between two steps.
pub(super) struct Training<'a> {
    dir: &'a RunDir,
    origin: Origin,
    /// Files that every checkpoint of the run has.
    carried: Carried,
    config: &'a AnnealConfig,
    plan: &'a Plan,
    packer: Packer<'a>,
    /// Fingerprint of the data.
    data: &'a str,
    model: Model<Cpu>,
    metrics: MetricsFile,
    /// Steps done.
    done: u64,
    /// Tokens seen.
    tokens: u64,
}

impl<'a> Training<'a> {
    /// Makes everything ready for the next step. Only when nothing else can go wrong are the
    /// configuration and the metrics written; from then on the directory is that of a run.
    pub fn begin(
        dir: &'a RunDir,
        origin: Origin,
        config: &'a AnnealConfig,
        plan: &'a Plan,
        (store, draw): (&'a TokenStore, Draw),
        start: Start,
    ) -> Result<Self, RunError> {
        let (checkpoint, moments, state) = match start {
            Start::Origin(checkpoint) => (*checkpoint, None, None),
            Start::Snapshot(snapshot) => {
                let Snapshot { checkpoint, moments, state } = *snapshot;
                (checkpoint, Some(moments), Some(state))
            }
        };
        let Checkpoint { config: hf, params, carried } = checkpoint;
        let mut model = Model::new(Cpu::new(), hf.model, &params)?;
        if let Some(moments) = moments {
            model.load_optimizer_state(&moments)?;
        }
        let (done, tokens, position) = state.map_or((0, 0, Position::default()), |state| {
            (state.step, state.tokens, state.position)
        });
        let packer = Packer::new(store, draw, config.seed, position).map_err(|problem| {
            let problem = format!("{problem}; remove it to resume from the one before");
            RunError::Damaged { path: dir.step(done), problem }
        })?;
        if !dir.config().exists() {
            config.write_resolved(&dir.config())?;
        }
        let metrics = MetricsFile::open(&dir.metrics(), done)?;
        dir.keep();
        let data = store.fingerprint();
        Ok(Self { dir, origin, carried, config, plan, packer, data, model, metrics, done, tokens })
    }

    /// Steps done.
    pub fn done(&self) -> u64 {
        self.done
    }

    /// The device in words.
    pub fn device(&self) -> String {
        self.model.device()
    }

    /// One optimizer step of `phase`.
    pub fn step(&mut self, phase: &Phase) -> Result<StepRecord, RunError> {
        let began = Instant::now();
        let OptimConfig { lr, betas, eps, weight_decay, clip, z_loss } = self.config.optim;
        let padded = self.packer.padded();
        let batches = phase
            .micro_batches
            .iter()
            .map(|&rows| self.packer.batch(phase.context, rows))
            .collect::<Result<Vec<_>, _>>()?;
        let weight: f64 = batches.iter().map(|batch| batch.weight()).sum();
        // Documents of one token have nothing to predict; a step of only these teaches nothing.
        let scale = if weight > 0.0 { 1.0 / weight } else { 0.0 };
        let (mut loss, mut z_term) = (0.0, 0.0);
        let mut variance = vec![0.0; self.model.config().n_layers];
        for batch in &batches {
            let stats =
                self.model.accumulate(batch, phase.rope_theta, z_loss as f32, scale as f32)?;
            loss += stats.loss * stats.weight * scale;
            z_term += stats.z_loss * stats.weight * scale;
            for (sum, layer) in variance.iter_mut().zip(&stats.layer_variance) {
                *sum += layer / batches.len() as f32;
            }
        }
        let lr = lr * self.config.schedule.factor(self.done, self.plan.steps);
        let grad_norm = self.model.step(&OptimStep {
            step: self.done + 1,
            lr,
            matrix_lr_scale: matrix_lr_scale(self.model.config().d_model),
            betas,
            eps,
            weight_decay,
            clip,
        })?;
        let first = self.done == phase.begin;
        self.done += 1;
        self.tokens += self.plan.step_tokens;
        let shows_variance =
            first || self.done.is_multiple_of(VARIANCE_EVERY) || self.done == self.plan.steps;
        let record = StepRecord {
            step: self.done,
            phase: phase.name.clone(),
            context: phase.context,
            rope_theta: phase.rope_theta,
            lr,
            loss,
            z_loss: z_term,
            grad_norm,
            tokens: self.tokens,
            padding: self.packer.padded() - padded,
            tokens_per_s: self.plan.step_tokens as f64 / began.elapsed().as_secs_f64(),
            // No engine knows the peak of its device yet.
            mfu: None,
            hidden_variance: shows_variance.then_some(variance),
        };
        self.metrics.add(&record)?;
        Ok(record)
    }

    /// The configuration of a checkpoint written in `phase`. With a new rotary base the model is
    /// good for the context that it was trained at with this base; with the old base it keeps what
    /// it could do before.
    fn hf_config(&self, phase: &Phase) -> HfConfig {
        let mut config = self.origin.config.clone();
        let model = &mut config.model;
        model.max_positions = if phase.rope_theta == model.rope_theta {
            model.max_positions.max(phase.context)
        } else {
            phase.context
        };
        model.rope_theta = phase.rope_theta;
        config
    }

    /// Writes `checkpoints/step-N`.
    pub fn checkpoint(&mut self, phase: &Phase) -> Result<PathBuf, RunError> {
        // A checkpoint must not outlive the record of the steps before it.
        self.metrics.sync()?;
        let place = self.dir.step(self.done);
        let state = TrainerState {
            step: self.done,
            tokens: self.tokens,
            position: self.packer.position().clone(),
            seed: self.config.seed,
            data: self.data.to_owned(),
            origin: self.origin.digest.clone(),
        };
        let config = self.hf_config(phase);
        let params = self.model.params()?;
        let moments = self.model.optimizer_state()?;
        // What may be there under this name could not be read; the run has just made it again.
        directory::replace_whole(&place, |into| {
            state::write(into, &config, &params, &moments, &state, &self.carried)
        })?;
        Ok(place)
    }

    /// Writes `checkpoints/final`: the model alone, in the format in which it came.
    pub fn finish(&mut self, phase: &Phase) -> Result<PathBuf, RunError> {
        let place = self.dir.last();
        let config = self.hf_config(phase);
        let params = self.model.params()?;
        directory::write_whole(&place, |into| {
            write_model(into, &config, &params, config.dtype.written(), &self.carried)
        })?;
        Ok(place)
    }
}
