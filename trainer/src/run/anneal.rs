//! The annealing run itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use super::metrics::{self, MetricsFile};
use super::rundir::RunDir;
use super::{AnnealConfig, Device, OptimConfig, Phase, Plan, RunError, StepRecord};
use crate::checkpoint::state::{self, Snapshot, TrainerState};
use crate::checkpoint::{Checkpoint, HfConfig, directory, write_model};
use crate::data::{DocumentTokenizer, Packer, Part, Position, Source, TokenStore};
use crate::engine::cpu::Cpu;
use crate::model::Model;
use crate::optim::{OptimStep, matrix_lr_scale};
use crate::report;

/// Steps between two records of the hidden states' variance; the first step of a phase and the
/// last one of the run have it as well.
const VARIANCE_EVERY: u64 = 10;

/// What to anneal on what, and where to.
#[derive(Clone, Debug)]
pub struct AnnealRequest {
    /// The checkpoint directory to start from.
    pub from: PathBuf,
    /// The mix directory, or a directory or file of documents.
    pub mix: PathBuf,
    /// The run directory.
    pub out: PathBuf,
    /// The configuration; the recipe's where absent, or the run's own when resuming.
    pub config: Option<PathBuf>,
    /// Where to compute.
    pub device: Device,
    /// Whether to go on with the run that is in `out`; if there is none yet, it begins.
    pub resume: bool,
}

/// What happens during a run, told as it happens.
#[derive(Debug)]
pub enum Event<'a> {
    /// Documents have been tokenised, so many until now.
    Tokenised {
        /// Documents.
        documents: u64,
    },
    /// Training begins; from now on the run heeds `stop`.
    Started {
        /// The run in steps.
        plan: &'a Plan,
        /// Steps done before.
        done: u64,
        /// Documents in the data.
        documents: u64,
        /// Tokens in the data.
        tokens: u64,
        /// The device in words.
        device: &'a str,
    },
    /// A step is done.
    Step(&'a StepRecord),
    /// A checkpoint is complete.
    Checkpoint(&'a Path),
    /// Something that the user should know, although the run goes on.
    Warning(String),
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All steps are done.
    Finished {
        /// The annealed model.
        checkpoint: PathBuf,
        /// The picture of the run.
        report: PathBuf,
    },
    /// The run was asked to stop and can be resumed.
    Stopped {
        /// Steps done.
        step: u64,
        /// Where it goes on.
        checkpoint: PathBuf,
    },
}

/// Anneals a checkpoint. `stop` is looked at after every step; when it is set, a checkpoint is
/// written and the run returns.
///
/// # Errors
/// Bad configuration, checkpoint or data, before anything is written; an output directory that is
/// in use; a step that fails, in which case the run can be resumed from its last checkpoint.
pub fn anneal(
    request: &AnnealRequest,
    stop: &AtomicBool,
    tell: &mut dyn FnMut(&Event<'_>),
) -> Result<Outcome, RunError> {
    request.device.require_cpu()?;
    RunDir::check(&request.out, request.resume)?;
    let origin = HfConfig::read(&request.from)?;
    let given = request.config.as_deref().map(AnnealConfig::read).transpose()?;
    let tokenizer = DocumentTokenizer::open(&request.from, &origin)?;
    let source = Source::open(&request.mix, Part::Training)?;

    let dir = RunDir::claim(&request.out, request.resume)?;
    let config = settle_config(&dir, request.config.as_deref(), given, origin.model.rope_theta)?;
    let plan = Plan::new(&config, origin.model.rope_theta);
    if dir.last().exists() {
        let report = dir.report();
        report::write(&report, &plan, &metrics::read(&dir.metrics())?)?;
        return Ok(Outcome::Finished { checkpoint: dir.last(), report });
    }
    let start = match latest(&dir, tell)? {
        Some(snapshot) => Start::Snapshot(Box::new(snapshot)),
        None => Start::Origin(Box::new(Checkpoint::read(&request.from)?)),
    };
    let store = TokenStore::open(&dir.data(), &source, &tokenizer, &mut |documents| {
        tell(&Event::Tokenised { documents });
    })?;
    let text =
        config.to_toml().map_err(|problem| RunError::Config { path: dir.config(), problem })?;
    fs::write(dir.config(), text).map_err(RunError::io("write", &dir.config()))?;

    let mut run = Run::begin(&dir, &request.from, origin, &config, &plan, &store, start)?;
    tell(&Event::Started {
        plan: &plan,
        done: run.done,
        documents: store.documents() as u64,
        tokens: store.tokens(),
        device: &run.model.device(),
    });
    while run.done < plan.steps {
        let phase = plan.phase_after(run.done);
        let record = run.step(phase)?;
        tell(&Event::Step(&record));
        let stopping = stop.load(Ordering::Relaxed) && run.done < plan.steps;
        let due = run.done.is_multiple_of(config.checkpoint_every) || run.done == phase.end;
        if stopping || (due && run.done < plan.steps) {
            let place = run.checkpoint(phase)?;
            tell(&Event::Checkpoint(&place));
            report::write(&dir.report(), &plan, &metrics::read(&dir.metrics())?)?;
            if stopping {
                return Ok(Outcome::Stopped { step: run.done, checkpoint: place });
            }
        }
    }
    let checkpoint = run.finish(plan.phase_after(plan.steps))?;
    let report = dir.report();
    report::write(&report, &plan, &metrics::read(&dir.metrics())?)?;
    Ok(Outcome::Finished { checkpoint, report })
}

/// The configuration of a run: its own if it has begun, else the given one, else the recipe's.
fn settle_config(
    dir: &RunDir,
    path: Option<&Path>,
    given: Option<AnnealConfig>,
    base: f64,
) -> Result<AnnealConfig, RunError> {
    let given = given.map(|config| config.resolved(base));
    let own = dir.config();
    if !own.is_file() {
        return Ok(given.unwrap_or_else(|| AnnealConfig::default().resolved(base)));
    }
    let config = AnnealConfig::read(&own)?;
    match (path, given) {
        (Some(path), Some(given)) if given != config => Err(RunError::Changed {
            path: own,
            problem: format!(
                "{} differs from it; leave out --config, or start a new run",
                path.display()
            ),
        }),
        _ => Ok(config),
    }
}

/// The latest checkpoint that can be read, if there is any.
fn latest(dir: &RunDir, tell: &mut dyn FnMut(&Event<'_>)) -> Result<Option<Snapshot>, RunError> {
    let mut failed = None;
    for step in dir.steps()? {
        match state::read(&dir.step(step)) {
            Ok(snapshot) => return Ok(Some(snapshot)),
            Err(error) => {
                tell(&Event::Warning(format!("{error}; trying an earlier checkpoint")));
                failed.get_or_insert(error);
            }
        }
    }
    failed.map_or(Ok(None), |error| Err(error.into()))
}

/// What a run begins with.
enum Start {
    /// The checkpoint to be annealed.
    Origin(Box<Checkpoint>),
    /// A checkpoint of the run itself.
    Snapshot(Box<Snapshot>),
}

/// A run between two steps.
struct Run<'a> {
    dir: &'a RunDir,
    /// Directory and configuration of the checkpoint that is annealed.
    from: &'a Path,
    origin: HfConfig,
    config: &'a AnnealConfig,
    plan: &'a Plan,
    packer: Packer<'a>,
    fingerprint: &'a str,
    model: Model<Cpu>,
    metrics: MetricsFile,
    /// Steps done.
    done: u64,
    /// Tokens seen.
    tokens: u64,
}

impl<'a> Run<'a> {
    fn begin(
        dir: &'a RunDir,
        from: &'a Path,
        origin: HfConfig,
        config: &'a AnnealConfig,
        plan: &'a Plan,
        store: &'a TokenStore,
        start: Start,
    ) -> Result<Self, RunError> {
        let changed = |what: &str, problem: String| RunError::Changed {
            path: dir.config(),
            problem: format!("{what}: {problem}"),
        };
        let (model, state) = match start {
            Start::Origin(checkpoint) => {
                let Checkpoint { config: hf, params, .. } = *checkpoint;
                let state = TrainerState {
                    step: 0,
                    tokens: 0,
                    position: Position::default(),
                    seed: config.seed,
                    data: store.fingerprint().to_owned(),
                };
                (Model::new(Cpu::new(), hf.model, &params)?, state)
            }
            Start::Snapshot(snapshot) => {
                let Snapshot { checkpoint: Checkpoint { config: hf, params, .. }, moments, state } =
                    *snapshot;
                let mut model = Model::new(Cpu::new(), hf.model, &params)?;
                model.load_optimizer_state(&moments)?;
                (model, state)
            }
        };
        if state.data != store.fingerprint() {
            return Err(changed(
                "the data are not those of the run",
                "give the mix and the checkpoint that it was started with".into(),
            ));
        }
        let packer = Packer::new(store, state.seed, state.position)
            .map_err(|problem| changed("the checkpoint does not fit the data", problem))?;
        let metrics = MetricsFile::open(&dir.metrics(), state.step)?;
        Ok(Self {
            dir,
            from,
            origin,
            config,
            plan,
            packer,
            fingerprint: store.fingerprint(),
            model,
            metrics,
            done: state.step,
            tokens: state.tokens,
        })
    }

    /// One optimizer step of `phase`.
    fn step(&mut self, phase: &Phase) -> Result<StepRecord, RunError> {
        let began = Instant::now();
        let OptimConfig { lr, betas, eps, weight_decay, clip, z_loss } = self.config.optim;
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
        let stats = self.model.step(&OptimStep {
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
            grad_norm: stats.grad_norm,
            tokens: self.tokens,
            tokens_per_s: self.plan.step_tokens as f64 / began.elapsed().as_secs_f64(),
            hidden_variance: shows_variance.then_some(variance),
        };
        self.metrics.add(&record)?;
        Ok(record)
    }

    /// The configuration of a checkpoint written in `phase`. With a new rotary base the model is
    /// good for the context that it was trained at with this base; with the old base it keeps what
    /// it could do before.
    fn hf_config(&self, phase: &Phase) -> HfConfig {
        let mut config = self.origin.clone();
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
    fn checkpoint(&mut self, phase: &Phase) -> Result<PathBuf, RunError> {
        // A checkpoint must not outlive the record of the steps before it.
        self.metrics.sync()?;
        let place = self.dir.step(self.done);
        let state = TrainerState {
            step: self.done,
            tokens: self.tokens,
            position: self.packer.position(),
            seed: self.config.seed,
            data: self.fingerprint.to_owned(),
        };
        let config = self.hf_config(phase);
        let params = self.model.params()?;
        let moments = self.model.optimizer_state()?;
        // What is there under this name could not be read; the run has just made it again.
        if place.exists() {
            fs::remove_dir_all(&place).map_err(RunError::io("remove", &place))?;
        }
        directory::write_whole(&place, |into| {
            state::write(into, &config, &params, &moments, &state, self.from)
        })?;
        Ok(place)
    }

    /// Writes `checkpoints/final`: the model alone, in the format in which it came.
    fn finish(&mut self, phase: &Phase) -> Result<PathBuf, RunError> {
        let place = self.dir.last();
        let config = self.hf_config(phase);
        let params = self.model.params()?;
        directory::write_whole(&place, |into| {
            write_model(into, &config, &params, config.dtype.written(), self.from)
        })?;
        Ok(place)
    }
}
