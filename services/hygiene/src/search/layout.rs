//! The fields of the index of samples.

use lehr_record::{Role, Sample, Settled};
use tantivy::TantivyDocument;
use tantivy::schema::{FAST, Field, STORED, STRING, Schema, TextOptions};

use super::SettledSample;
use crate::prose;

/// The most bytes of a text that are indexed; the rest of a longer one is not found.
const TEXT_BYTES: usize = 256 << 10;

/// Names of columns.
pub(crate) mod column {
    pub(crate) const DISTANCE: &str = "distance";
    pub(crate) const CREATED: &str = "created";
    pub(crate) const PLACE: &str = "place";
    pub(crate) const OUTCOME: &str = "outcome";
}

/// Handles of the index's fields. Names are terms as they are; texts are terms of [`prose`].
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub schema: Schema,
    pub id: Field,
    pub request: Field,
    pub domain: Field,
    pub kind: Field,
    pub recipe: Field,
    pub verdict: Field,
    /// `accepted`, `rejected` or `failed`, and with its reason: `rejected:wrong`.
    pub state: Field,
    /// The state with its reason only, for counting.
    pub outcome: Field,
    /// 1 less the score of the nearest benchmark item; absent when no check was made.
    pub distance: Field,
    /// When the request was created, in milliseconds since 1970.
    pub created: Field,
    /// Orders samples of equal rank: those of one request as in its plan.
    pub place: Field,
    pub problem: Field,
    pub reply: Field,
}

impl Layout {
    pub fn new() -> Self {
        let mut builder = Schema::builder();
        let text = || TextOptions::default().set_stored().set_indexing_options(prose::indexing());
        Self {
            id: builder.add_text_field("id", STRING | STORED),
            request: builder.add_text_field("request", STRING | STORED),
            domain: builder.add_text_field("domain", STRING | STORED | FAST),
            kind: builder.add_text_field("kind", STRING | STORED | FAST),
            recipe: builder.add_text_field("recipe", STRING | STORED | FAST),
            verdict: builder.add_text_field("verdict", STRING | STORED | FAST),
            state: builder.add_text_field("state", STRING),
            outcome: builder.add_text_field(column::OUTCOME, STRING | STORED | FAST),
            distance: builder.add_f64_field(column::DISTANCE, STORED | FAST),
            created: builder.add_u64_field(column::CREATED, STORED | FAST),
            place: builder.add_u64_field(column::PLACE, FAST),
            problem: builder.add_text_field("problem", text()),
            reply: builder.add_text_field("reply", text()),
            schema: builder.build(),
        }
    }

    /// The document of a sample.
    pub fn document(&self, settled: &SettledSample) -> TantivyDocument {
        let SettledSample { sample, created_ms } = settled;
        let mut document = TantivyDocument::new();
        document.add_text(self.id, sample.id.as_str());
        document.add_text(self.request, sample.request.as_str());
        document.add_text(self.domain, sample.domain.as_str());
        document.add_text(self.kind, &sample.kind);
        document.add_text(self.recipe, &sample.recipe);
        document.add_text(self.verdict, sample.verdict.verdict.as_str());
        let (state, reason) = match &sample.settled {
            Settled::Accepted => ("accepted", None),
            Settled::Rejected(reason) => ("rejected", Some(reason)),
            Settled::Failed(reason) => ("failed", Some(reason)),
        };
        document.add_text(self.state, state);
        let outcome = match reason {
            Some(reason) => format!("{state}:{reason}"),
            None => state.to_owned(),
        };
        if reason.is_some() {
            document.add_text(self.state, &outcome);
        }
        document.add_text(self.outcome, &outcome);
        if let Some(distance) = distance(sample) {
            document.add_f64(self.distance, distance);
        }
        document.add_u64(self.created, *created_ms);
        document.add_u64(self.place, place(sample));
        document.add_text(self.problem, bounded(&problem(sample)));
        document.add_text(self.reply, bounded(reply(sample)));
        document
    }
}

/// How far the nearest benchmark item is: 1 when nothing overlaps.
fn distance(sample: &Sample) -> Option<f64> {
    let found = sample.contamination.as_ref()?;
    let nearest = found.overlaps.iter().map(|overlap| overlap.score).fold(0.0, f64::max);
    Some((1.0 - nearest).clamp(0.0, 1.0))
}

/// Greater places come first: earlier items, and of two requests one or the other, always the same.
fn place(sample: &Sample) -> u64 {
    let tail = sample.id.as_str().get(4..12).and_then(|hex| u64::from_str_radix(hex, 16).ok());
    u64::from(u32::MAX - sample.item) << 32 | tail.unwrap_or(0)
}

/// The statement with its options.
fn problem(sample: &Sample) -> String {
    let Some(problem) = &sample.problem else { return String::new() };
    let mut text = problem.statement.clone();
    for option in &problem.options {
        text.push('\n');
        text.push_str(option);
    }
    text
}

/// What the model said: the answer to train on, else the last reply.
fn reply(sample: &Sample) -> &str {
    let answer = sample.messages.iter().rfind(|message| message.role == Role::Assistant);
    match (answer, sample.attempts.last()) {
        (Some(message), _) => &message.content,
        (None, Some(attempt)) => &attempt.reply,
        (None, None) => "",
    }
}

fn bounded(text: &str) -> &str {
    let cut = (0..=TEXT_BYTES.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    &text[..cut.unwrap_or(0)]
}
