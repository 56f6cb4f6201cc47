//! A run from its request to its end: what is checked first, then step after step.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::metrics;
use super::rundir::RunDir;
use super::training::{Origin, Start, Training};
use super::{AnnealConfig, Device, Plan, RunError, StepRecord};
use crate::checkpoint::Checkpoint;
use crate::checkpoint::state::{self, Snapshot};
use crate::data::{DocumentTokenizer, Draw, PackingReport, Part, Source, TokenStore};
use crate::report;

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
    /// Where the shards of tokens are kept, which runs may share; in the run directory when absent.
    pub cache: Option<PathBuf>,
    /// Where to compute.
    pub device: Device,
    /// Whether to go on with the run that is in `out`; if there is none yet, it begins with the
    /// configuration, which must then be given.
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
        /// What becomes of the documents.
        packing: &'a PackingReport,
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
/// Bad configuration, checkpoint or data, and an output directory that is in use: everything is
/// then as it was before. A step that fails: the run can be resumed from its last checkpoint.
pub fn anneal(
    request: &AnnealRequest,
    stop: &AtomicBool,
    tell: &mut dyn FnMut(&Event<'_>),
) -> Result<Outcome, RunError> {
    request.device.require_cpu()?;
    let found = RunDir::check(&request.out, request.resume)?;
    if request.resume && !found && request.config.is_none() {
        return Err(RunError::Nothing { path: request.out.clone() });
    }
    let given = request.config.as_deref().map(AnnealConfig::read).transpose()?;
    let origin = Origin::read(&request.from)?;
    let base = origin.config.model.rope_theta;
    let tokenizer = DocumentTokenizer::open(&request.from, &origin.config)?;
    let source = Source::open(&request.mix, Part::Training)?;

    let dir = RunDir::claim(&request.out, request.resume)?;
    verify(&dir, &origin, &TokenStore::fingerprint_of(&source, &tokenizer))?;
    let config = settle_config(&dir, request.config.as_deref(), given, base)?;
    let plan = Plan::new(&config, base);
    if dir.last().exists() {
        let report = dir.report();
        write_report(&dir, &plan, PackingReport::read(&dir.packing()).as_ref())?;
        return Ok(Outcome::Finished { checkpoint: dir.last(), report });
    }
    let start = match latest(&dir, tell)? {
        Some(snapshot) => Start::Snapshot(Box::new(snapshot)),
        None => Start::Origin(Box::new(Checkpoint::read(&request.from)?)),
    };
    let tokens = request.cache.clone().unwrap_or_else(|| dir.tokens());
    let store = TokenStore::open(&tokens, &source, &tokenizer, &mut |documents| {
        tell(&Event::Tokenised { documents });
    })?;
    let draw = Draw::new(&store, &source.shares);
    let contexts: Vec<_> = plan.phases.iter().map(|phase| phase.context).collect();
    let packing = PackingReport::new(&store, &source.shares, &draw, config.seed, &contexts);
    let mut training = Training::begin(&dir, origin, &config, &plan, (&store, draw), start)?;
    packing.write(&dir.packing())?;
    for warning in &packing.warnings {
        tell(&Event::Warning(warning.clone()));
    }
    if training.done() == 0
        && let Some(warning) = rope_warning(&plan, base)
    {
        tell(&Event::Warning(warning));
    }
    tell(&Event::Started {
        plan: &plan,
        done: training.done(),
        documents: store.documents() as u64,
        tokens: store.tokens(),
        packing: &packing,
        device: &training.device(),
    });
    while training.done() < plan.steps {
        let phase = plan.phase_after(training.done());
        let record = training.step(phase)?;
        tell(&Event::Step(&record));
        let done = training.done();
        let stopping = stop.load(Ordering::Relaxed) && done < plan.steps;
        let due = done.is_multiple_of(config.checkpoint_every) || done == phase.end;
        if stopping || (due && done < plan.steps) {
            let place = training.checkpoint(phase)?;
            tell(&Event::Checkpoint(&place));
            write_report(&dir, &plan, Some(&packing))?;
            if stopping {
                return Ok(Outcome::Stopped { step: done, checkpoint: place });
            }
        }
    }
    let checkpoint = training.finish(plan.phase_after(plan.steps))?;
    let report = dir.report();
    write_report(&dir, &plan, Some(&packing))?;
    Ok(Outcome::Finished { checkpoint, report })
}

/// Draws the run as it stands.
fn write_report(
    dir: &RunDir,
    plan: &Plan,
    packing: Option<&PackingReport>,
) -> Result<(), RunError> {
    report::write(&dir.report(), plan, packing, &metrics::read(&dir.metrics())?)
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
    let config = AnnealConfig::read_resolved(&own)?;
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

/// Refuses to go on with another checkpoint or other data than the run began with. Before its
/// first checkpoint a run begins anew, and only its data are known.
fn verify(dir: &RunDir, origin: &Origin, data: &str) -> Result<(), RunError> {
    let changed =
        |problem: &str| Err(RunError::Changed { path: dir.config(), problem: problem.to_owned() });
    let other_data = "the data are not those of the run; give the mix, and a checkpoint with the \
                      tokenizer, that it was started with";
    for step in dir.steps()? {
        // What cannot be read is for the search for the latest good checkpoint to tell of.
        let Ok(state) = state::read_state(&dir.step(step)) else { continue };
        if state.origin != origin.digest {
            return changed(
                "the checkpoint is not the one that the run was started with; give that one by \
                 --from, its configuration and weights unchanged",
            );
        }
        if state.data != data {
            return changed(other_data);
        }
    }
    let packed = PackingReport::read(&dir.packing());
    if dir.config().is_file() && packed.is_some_and(|found| found.data != data) {
        return changed(other_data);
    }
    Ok(())
}

/// What to say when the first phase does not begin where the checkpoint's training ended.
fn rope_warning(plan: &Plan, base: f64) -> Option<String> {
    let first = plan.phases.first().filter(|phase| phase.rope_theta != base)?;
    Some(format!(
        "phase {:?} has the RoPE base {}, and the checkpoint was trained with {base}; if that is \
         not meant, give the phase rope_factor = 1.0 in place of rope_theta",
        first.name, first.rope_theta
    ))
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
