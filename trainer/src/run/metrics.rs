//! `metrics.jsonl`: one JSON object a step, written before the next step begins.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::RunError;
use crate::files;

/// What is known of one optimizer step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepRecord {
    /// The step, counted from 1.
    pub step: u64,
    /// Name of its phase.
    pub phase: String,
    /// Length of its rows in tokens.
    pub context: usize,
    /// Base of its rotary positions.
    pub rope_theta: f64,
    /// Learning rate before the division by the width.
    pub lr: f64,
    /// Mean cross-entropy in nats a token.
    pub loss: f64,
    /// The z-loss term that was added to it.
    pub z_loss: f64,
    /// Norm of all gradients together, before clipping.
    pub grad_norm: f64,
    /// Places in the rows since the start of the run, padding included.
    pub tokens: u64,
    /// Places of this step's rows that no document fitted into; `tokens` counts them.
    #[serde(default)]
    pub padding: u64,
    /// Tokens of this step by its wall-clock time.
    pub tokens_per_s: f64,
    /// Model FLOP utilisation: the operations of the step (see `ModelConfig::training_flops`) by
    /// its time, as a share of the device's peak. Null where the peak is not known; a CPU has none
    /// that could be named honestly, since its clock depends on load and instructions.
    pub mfu: Option<f64>,
    /// Variance of the hidden state after each layer, mean over micro-batches; at intervals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden_variance: Option<Vec<f32>>,
}

/// The file, open for appending.
#[derive(Debug)]
pub(crate) struct MetricsFile {
    path: PathBuf,
    file: File,
}

impl MetricsFile {
    /// Opens the file of a run that stands at `step`, and removes what comes after: steps that a
    /// killed run had done since its last checkpoint, and half a line.
    ///
    /// # Errors
    /// What the file system reports; a line that is not a step's.
    pub(crate) fn open(path: &Path, step: u64) -> Result<Self, RunError> {
        let kept: Vec<_> = read(path)?.into_iter().filter(|record| record.step <= step).collect();
        let mut lines = String::new();
        for record in &kept {
            lines += &line(path, record)?;
        }
        files::write_whole(path, lines.as_bytes())?;
        let file = File::options().append(true).open(path).map_err(RunError::io("write", path))?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// Adds a step.
    ///
    /// # Errors
    /// What the file system reports.
    pub(crate) fn add(&mut self, record: &StepRecord) -> Result<(), RunError> {
        let line = line(&self.path, record)?;
        self.file.write_all(line.as_bytes()).map_err(RunError::io("write", &self.path))
    }

    /// Waits until all steps are on the disk.
    ///
    /// # Errors
    /// What the file system reports.
    pub(crate) fn sync(&self) -> Result<(), RunError> {
        self.file.sync_data().map_err(RunError::io("flush to the disk", &self.path))
    }
}

/// The steps in a file; none if there is no file. A last line without its end is left out: the
/// trainer was killed while writing it.
///
/// # Errors
/// What the file system reports; any other line that is not a step's.
pub(crate) fn read(path: &Path) -> Result<Vec<StepRecord>, RunError> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(path).map_err(RunError::io("read", path))?;
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let parse = |(at, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|error| RunError::Damaged {
            path: path.to_owned(),
            problem: format!("line {} is not a step ({error}); remove it", at + 1),
        })
    };
    whole.lines().enumerate().map(parse).collect()
}

fn line(path: &Path, record: &StepRecord) -> Result<String, RunError> {
    serde_json::to_string(record)
        .map(|line| line + "\n")
        .map_err(|error| RunError::io("write", path)(error.into()))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
pub(crate) mod tests {
    use super::*;

    /// A record of one step, for tests.
    pub fn record(step: u64) -> StepRecord {
        StepRecord {
            step,
            phase: if step <= 3 { "short" } else { "long" }.into(),
            context: if step <= 3 { 256 } else { 1792 },
            rope_theta: if step <= 3 { 1e5 } else { 4.9e6 },
            lr: 0.01 / step as f64,
            loss: 3.0 - 0.1 * step as f64,
            z_loss: 0.01,
            grad_norm: 1.0,
            tokens: 1792 * step,
            padding: 0,
            tokens_per_s: 250.0,
            mfu: None,
            hidden_variance: (step == 1).then(|| vec![0.5, 0.25]),
        }
    }

    #[test]
    fn resumes_after_a_torn_line() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("metrics.jsonl");
        let mut file = MetricsFile::open(&path, 0).unwrap();
        for step in 1..=5 {
            file.add(&record(step)).unwrap();
        }
        let whole = fs::read_to_string(&path).unwrap();
        fs::write(&path, &whole[..whole.len() - 9]).unwrap();
        assert_eq!(read(&path).unwrap().len(), 4);

        let mut file = MetricsFile::open(&path, 3).unwrap();
        for step in 4..=5 {
            file.add(&record(step)).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), whole);
        fs::write(&path, "{}\n").unwrap();
        assert!(read(&path).unwrap_err().to_string().contains("line 1 is not a step"));
    }
}
