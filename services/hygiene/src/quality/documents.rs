//! Assessing files of documents, for `lehr hygiene quality`.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use rayon::prelude::*;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Quality, QualityCriteria, QualityError, QualityModel, Rule, assess};
use crate::rows::{RowFault, each_row};

/// Documents and bytes of text that are assessed at a time.
const BATCH: usize = 256;
const BATCH_BYTES: usize = 8 << 20;

/// What was found in a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct QualitySummary {
    /// The documents assessed.
    pub documents: u64,
    /// Those whose score reaches the least one.
    pub good: u64,
    /// The mean score of the heuristics, from 0 to 1; 0 without documents.
    pub mean_score: f64,
    /// How many documents break each rule.
    pub reasons: BTreeMap<Rule, u64>,
    /// What the model is, when one scored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The mean score of the model, from 1 to 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean_model_score: Option<f64>,
}

/// A line of the report.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a Value,
    #[serde(flatten)]
    quality: &'a Quality,
    #[serde(skip_serializing_if = "Option::is_none")]
    model_score: Option<f32>,
}

/// Assesses the documents of a JSONL or Parquet file, each with `text` or `messages`, and writes one JSON
/// object for each in their order: `id` (the document's, else its number in the file from 1), [`Quality`],
/// and `model_score` (1 to 5) when a model is given. Holds some megabytes of documents at a time.
///
/// # Errors
/// At the first row that is no such document, naming it; when the model fails or the report cannot be
/// written. The report is then not whole.
pub fn assess_documents(
    file: &Path,
    criteria: &QualityCriteria,
    model: Option<&dyn QualityModel>,
    report: impl Write,
) -> Result<QualitySummary, QualityError> {
    let mut all =
        Assessment { criteria, model, report, summary: QualitySummary::default(), sums: [0.0; 2] };
    let (mut batch, mut bytes) = (Vec::new(), 0);
    let mut number = 0u64;
    each_row(file, &["id", "text", "messages"], |place, row| {
        number += 1;
        let (id, text) = document(row, number).map_err(|reason| RowFault { place, reason })?;
        bytes += text.len();
        batch.push((id, text));
        if batch.len() == BATCH || bytes >= BATCH_BYTES {
            bytes = 0;
            all.take(&std::mem::take(&mut batch))?;
        }
        Ok::<_, QualityError>(())
    })?;
    all.take(&batch)?;
    all.finish()
}

struct Assessment<'a, W> {
    criteria: &'a QualityCriteria,
    model: Option<&'a dyn QualityModel>,
    report: W,
    summary: QualitySummary,
    /// Of the scores, and of the model's.
    sums: [f64; 2],
}

impl<W: Write> Assessment<'_, W> {
    fn take(&mut self, batch: &[(Value, String)]) -> Result<(), QualityError> {
        let found: Vec<Quality> =
            batch.par_iter().map(|(_, text)| assess(text, self.criteria)).collect();
        let scores = match self.model {
            Some(model) if !batch.is_empty() => {
                let texts: Vec<&str> = batch.iter().map(|(_, text)| text.as_str()).collect();
                let scores = model.score(&texts)?;
                if scores.len() != texts.len() {
                    let (some, all) = (scores.len(), texts.len());
                    return Err(QualityError::Model(format!(
                        "it gave {some} scores for {all} texts"
                    )));
                }
                Some(scores)
            }
            _ => None,
        };
        for (at, ((id, _), quality)) in batch.iter().zip(&found).enumerate() {
            let model_score = scores.as_ref().map(|scores| scores[at]);
            let line = Line { id, quality, model_score };
            let mut json = serde_json::to_vec(&line).map_err(|e| QualityError::Report(e.into()))?;
            json.push(b'\n');
            self.report.write_all(&json).map_err(QualityError::Report)?;
            self.summary.documents += 1;
            self.summary.good += u64::from(quality.good);
            self.sums[0] += f64::from(quality.score);
            self.sums[1] += f64::from(model_score.unwrap_or_default());
            let mut rules: Vec<Rule> = quality.reasons.iter().map(|reason| reason.rule).collect();
            rules.dedup();
            for rule in rules {
                *self.summary.reasons.entry(rule).or_default() += 1;
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<QualitySummary, QualityError> {
        self.report.flush().map_err(QualityError::Report)?;
        let count = self.summary.documents.max(1) as f64;
        self.summary.mean_score = self.sums[0] / count;
        self.summary.model = self.model.map(QualityModel::identity);
        if self.model.is_some() && self.summary.documents > 0 {
            self.summary.mean_model_score = Some(self.sums[1] / count);
        }
        Ok(self.summary)
    }
}

/// The identifier and the text of a row; messages are joined by blank lines.
fn document(mut row: Map<String, Value>, number: u64) -> Result<(Value, String), String> {
    let id = match row.remove("id") {
        None | Some(Value::Null) => number.into(),
        Some(id @ (Value::String(_) | Value::Number(_))) => id,
        Some(_) => return Err("`id` is neither a string nor a number".into()),
    };
    let text = match (row.remove("text"), row.remove("messages")) {
        (Some(Value::String(text)), _) => text,
        (None | Some(Value::Null), Some(Value::Array(messages))) => {
            let contents = messages.iter().map(|message| message["content"].as_str());
            let contents: Option<Vec<&str>> = contents.collect();
            contents.ok_or("`messages` has one without a string `content`")?.join("\n\n")
        }
        _ => return Err("neither `text` is a string nor `messages` a list; one must be".into()),
    };
    Ok((id, text))
}
