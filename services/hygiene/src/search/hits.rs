//! What a search gives.

use std::ops::Range;

use lehr_record::Span;
use serde::Serialize;
use tantivy::TantivyDocument;
use tantivy::schema::{Field, Value as _};
use tantivy::snippet::SnippetGenerator;

use super::Facets;
use super::layout::Layout;

/// The most characters of a snippet.
pub(crate) const SNIPPET_CHARS: usize = 240;

/// A piece of a text that shows why it was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Snippet {
    /// Where it is from: `problem` or `reply` of a sample, `text` of a document.
    pub field: &'static str,
    /// The piece, as it stands in the text.
    pub text: String,
    /// Where in the piece the words of the query stand, as byte offsets, merged and in order.
    pub spans: Vec<Span>,
}

/// A sample that was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SampleHit {
    /// The sample.
    pub id: String,
    /// Its request.
    pub request: String,
    /// Its domain.
    pub domain: String,
    /// Its kind of reasoning data.
    pub kind: String,
    /// Its recipe.
    pub recipe: String,
    /// The verdict that settled it.
    pub verdict: String,
    /// How it ended, with the reason: `accepted`, `rejected:wrong`.
    pub state: String,
    /// 1 less the score of the nearest benchmark item, from 0 to 1; `null` when no check was made.
    pub distance: Option<f64>,
    /// When its request was created, in milliseconds since 1970.
    pub created_ms: u64,
    /// How well it fits the words of the query (BM25); 0 without words.
    pub score: f32,
    /// Where the words of the query stand; for a query without words, how the problem begins.
    pub snippets: Vec<Snippet>,
}

/// A page of samples, best first; of equal ones the newest request first, then by the plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SampleHits {
    /// How many samples the query finds.
    pub total: u64,
    /// The page.
    pub data: Vec<SampleHit>,
    /// The cursor of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
    /// Counts over all samples that the query finds.
    pub facets: Facets,
}

/// Makes hits out of documents.
pub(crate) struct HitMaker<'a> {
    pub layout: &'a Layout,
    /// Finds the words of the query in each text; none for a query without words.
    pub generators: Vec<(&'static str, SnippetGenerator)>,
}

impl HitMaker<'_> {
    pub fn hit(&self, document: &TantivyDocument, score: f32) -> SampleHit {
        let layout = self.layout;
        let text = |field| text(document, field).to_owned();
        let value = |field| document.get_first(field);
        SampleHit {
            id: text(layout.id),
            request: text(layout.request),
            domain: text(layout.domain),
            kind: text(layout.kind),
            recipe: text(layout.recipe),
            verdict: text(layout.verdict),
            state: text(layout.outcome),
            distance: value(layout.distance).and_then(|value| value.as_f64()),
            created_ms: value(layout.created).and_then(|value| value.as_u64()).unwrap_or_default(),
            score,
            snippets: self.snippets(document),
        }
    }

    fn snippets(&self, document: &TantivyDocument) -> Vec<Snippet> {
        if self.generators.is_empty() {
            return vec![beginning(text(document, self.layout.problem))];
        }
        let find = |(field, generator): &(&'static str, SnippetGenerator)| {
            let source = match *field {
                "problem" => self.layout.problem,
                _ => self.layout.reply,
            };
            Snippet::of(field, generator, text(document, source))
        };
        self.generators.iter().filter_map(find).collect()
    }
}

impl Snippet {
    /// The piece of a text with the most of what a generator looks for; `None` when it has none.
    pub(crate) fn of(
        field: &'static str,
        generator: &SnippetGenerator,
        text: &str,
    ) -> Option<Self> {
        let found = generator.snippet(text);
        let span = |range: &Range<usize>| Span { start: range.start, end: range.end };
        let spans = merged(found.highlighted().iter().map(span).collect());
        let text = found.fragment().to_owned();
        (!spans.is_empty()).then_some(Self { field, text, spans })
    }
}

fn text(document: &TantivyDocument, field: Field) -> &str {
    document.get_first(field).and_then(|value| value.as_str()).unwrap_or_default()
}

fn beginning(problem: &str) -> Snippet {
    let end = problem.char_indices().nth(SNIPPET_CHARS).map_or(problem.len(), |(at, _)| at);
    Snippet { field: "problem", text: problem[..end].to_owned(), spans: Vec::new() }
}

/// Overlapping and touching spans as one: a name is found whole and in parts.
fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by_key(|span| (span.start, span.end));
    let mut all: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match all.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => all.push(span),
        }
    }
    all
}
