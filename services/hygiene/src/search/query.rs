//! What a search asks for, and how its text is read.
//!
//! The text is words, all of which must be there; `"words in a row"`; `-` before what must not be
//! there; and `field:value`. There are no brackets, wildcards or patterns, so that the work of a
//! search is bounded by the length of its text.

use std::ops::Bound;

use lehr_record::{Domain, Outcome, RequestId};
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, Occur, PhraseQuery, Query, RangeQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::SearchError;
use super::layout::Layout;
use crate::prose;

/// The most bytes of a query's text.
pub const MAX_QUERY_BYTES: usize = 4096;

/// The most words, phrases and fields of a query's text.
pub const MAX_CLAUSES: usize = 64;

/// The most terms in all words and phrases together: each is looked up, and phrases are compared term
/// by term.
pub const MAX_TERMS: usize = 128;

/// The most hits of an answer.
pub const MAX_HITS: usize = 500;

/// How deep pages go: a search that is not narrower than this needs another query.
pub const MAX_DEPTH: u64 = 10_000;

/// What can stand before a colon.
const FIELDS: &str = "id, request, domain, kind, recipe, verdict, state, problem and reply";

/// A search over the samples. What is absent or empty asks for nothing.
#[derive(Clone, Debug, Default)]
pub struct SampleQuery {
    /// Words, `"phrases"`, `-not` and `field:value`; empty finds every sample.
    pub text: String,
    /// Only this domain.
    pub domain: Option<Domain>,
    /// Only this kind of reasoning data.
    pub kind: Option<String>,
    /// Only this verdict.
    pub verdict: Option<Outcome>,
    /// `accepted`, `rejected` or `failed`, or with a reason, such as `rejected:wrong`.
    pub state: Option<String>,
    /// Only samples of this request.
    pub request: Option<RequestId>,
    /// Only samples at least this far from every benchmark item, from 0 to 1.
    pub min_distance: Option<f64>,
    /// Only samples at most this far from a benchmark item, from 0 to 1.
    pub max_distance: Option<f64>,
    /// How many hits, from 1 to [`MAX_HITS`].
    pub limit: usize,
    /// How many hits to pass over: the `next` of the page before.
    pub cursor: u64,
}

/// A query in the terms of the index.
pub(crate) struct Compiled {
    /// What must hold.
    pub query: Box<dyn Query>,
    /// The words and phrases that are looked for, to be shown in the hits.
    pub words: Box<dyn Query>,
}

impl SampleQuery {
    /// Checks the query and puts it into the terms of the index.
    pub(crate) fn compile(&self, layout: &Layout) -> Result<Compiled, SearchError> {
        if !(1..=MAX_HITS).contains(&self.limit) {
            let reason = format!("limit is {}; ask for 1 to {MAX_HITS} hits", self.limit);
            return Err(SearchError::query("limit", reason));
        }
        if self.cursor > MAX_DEPTH {
            let reason = format!("the cursor is past hit {MAX_DEPTH}; narrow the query instead");
            return Err(SearchError::query("cursor", reason));
        }
        let (mut clauses, mut words) = (Vec::new(), Vec::new());
        let mut terms = 0;
        for clause in read(&self.text)? {
            if clause.is_text() {
                terms += prose::terms(&clause.value).len();
            }
            if terms > MAX_TERMS {
                let reason = format!(
                    "the query has more than {MAX_TERMS} words, or characters of scripts without \
                     spaces; shorten it"
                );
                return Err(SearchError::query("q", reason));
            }
            let query = clause.query(layout)?;
            if clause.not {
                clauses.push((Occur::MustNot, query));
            } else if clause.is_text() {
                words.push((Occur::Should, query.box_clone()));
                clauses.push((Occur::Must, query));
            } else {
                clauses.push((Occur::Must, without_score(query)));
            }
        }
        let mut only = |query| clauses.push((Occur::Must, without_score(query)));
        if let Some(domain) = self.domain {
            only(exactly(layout.domain, domain.as_str()));
        }
        if let Some(kind) = &self.kind {
            only(exactly(layout.kind, kind));
        }
        if let Some(verdict) = self.verdict {
            only(exactly(layout.verdict, verdict.as_str()));
        }
        if let Some(state) = &self.state {
            only(exactly(layout.state, known_state("state", state)?));
        }
        if let Some(request) = &self.request {
            only(exactly(layout.request, request.as_str()));
        }
        if let Some(range) = self.distances(layout)? {
            only(range);
        }
        // Without anything that must be there, all samples are what the rest is taken from.
        only(Box::new(AllQuery));
        Ok(Compiled {
            query: Box::new(BooleanQuery::new(clauses)),
            words: Box::new(BooleanQuery::new(words)),
        })
    }

    fn distances(&self, layout: &Layout) -> Result<Option<Box<dyn Query>>, SearchError> {
        for (field, value) in
            [("min_distance", self.min_distance), ("max_distance", self.max_distance)]
        {
            if let Some(value) = value.filter(|value| !(0.0..=1.0).contains(value)) {
                let reason = format!("{field} is {value}; a distance is from 0 to 1");
                return Err(SearchError::query(field, reason));
            }
        }
        match (self.min_distance, self.max_distance) {
            (None, None) => return Ok(None),
            (Some(min), Some(max)) if min > max => {
                let reason = format!("min_distance {min} is more than max_distance {max}");
                return Err(SearchError::query("min_distance", reason));
            }
            _ => {}
        }
        let bound = |value: Option<f64>| {
            let term = |value| Bound::Included(Term::from_field_f64(layout.distance, value));
            value.map_or(Bound::Unbounded, term)
        };
        // An open end of a range still asks for a value: what was not checked has no distance.
        let low = bound(Some(self.min_distance.unwrap_or(0.0)));
        Ok(Some(Box::new(RangeQuery::new(low, bound(self.max_distance)))))
    }
}

/// One part of a query's text.
#[derive(Debug, PartialEq, Eq)]
struct Clause {
    /// Whether it must not be there.
    not: bool,
    /// What stood before the colon.
    field: Option<String>,
    /// The word, the phrase or the value.
    value: String,
}

impl Clause {
    /// Whether it is about what was written, not about what it is.
    fn is_text(&self) -> bool {
        matches!(self.field.as_deref(), None | Some("problem" | "reply"))
    }

    fn query(&self, layout: &Layout) -> Result<Box<dyn Query>, SearchError> {
        let value = self.value.as_str();
        Ok(match self.field.as_deref() {
            None => Box::new(BooleanQuery::union(vec![
                phrase(layout.problem, value)?,
                phrase(layout.reply, value)?,
            ])),
            Some("problem") => phrase(layout.problem, value)?,
            Some("reply") => phrase(layout.reply, value)?,
            Some("id") => exactly(layout.id, value),
            Some("request") => exactly(layout.request, value),
            Some("kind") => exactly(layout.kind, value),
            Some("recipe") => exactly(layout.recipe, value),
            Some("domain") => {
                exactly(layout.domain, known("domain", value, &Domain::ALL.map(Domain::as_str))?)
            }
            Some("verdict") => exactly(
                layout.verdict,
                known("verdict", value, &Outcome::ALL.map(Outcome::as_str))?,
            ),
            Some("state") => exactly(layout.state, known_state("q", value)?),
            Some(field) => {
                let reason = format!(
                    "there is no field `{field}`; fields are {FIELDS}; put \"quotes\" around text \
                     with a colon in it"
                );
                return Err(SearchError::query("q", reason));
            }
        })
    }
}

/// A term, or terms in a row.
fn phrase(field: Field, text: &str) -> Result<Box<dyn Query>, SearchError> {
    let terms: Vec<Term> =
        prose::terms(text).iter().map(|term| Term::from_field_text(field, term)).collect();
    match <[Term; 1]>::try_from(terms) {
        Ok([term]) => Ok(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))),
        Err(terms) if terms.is_empty() => {
            let reason = format!("`{text}` has no letters or digits to look for; leave it out");
            Err(SearchError::query("q", reason))
        }
        Err(terms) => Ok(Box::new(PhraseQuery::new(terms))),
    }
}

fn exactly(field: Field, value: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, value), IndexRecordOption::Basic))
}

fn without_score(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn known<'a>(field: &str, value: &'a str, all: &[&str]) -> Result<&'a str, SearchError> {
    if all.contains(&value) {
        return Ok(value);
    }
    let reason = format!("there is no {field} `{value}`; it is one of {}", all.join(", "));
    Err(SearchError::query("q", reason))
}

/// A state with or without a reason.
fn known_state<'a>(field: &'static str, value: &'a str) -> Result<&'a str, SearchError> {
    let (state, reason) = value.split_once(':').map_or((value, None), |(s, r)| (s, Some(r)));
    let good = match reason {
        None => ["accepted", "rejected", "failed"].contains(&state),
        Some(reason) => ["rejected", "failed"].contains(&state) && !reason.is_empty(),
    };
    good.then_some(value).ok_or_else(|| {
        let reason = format!(
            "there is no state `{value}`; it is accepted, rejected or failed, the last two with a \
             reason if you like: rejected:wrong"
        );
        SearchError::query(field, reason)
    })
}

/// Takes a query's text apart.
fn read(text: &str) -> Result<Vec<Clause>, SearchError> {
    if text.len() > MAX_QUERY_BYTES {
        let bytes = text.len();
        let reason = format!("the query has {bytes} bytes; the most is {MAX_QUERY_BYTES}");
        return Err(SearchError::query("q", reason));
    }
    let mut clauses = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if clauses.len() == MAX_CLAUSES {
            let reason = format!("the query has more than {MAX_CLAUSES} words; shorten it");
            return Err(SearchError::query("q", reason));
        }
        let (clause, after) = next(rest)?;
        clauses.push(clause);
        rest = after.trim_start();
    }
    Ok(clauses)
}

/// The first clause and what follows it.
fn next(text: &str) -> Result<(Clause, &str), SearchError> {
    let (not, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (field, text) = match text.split_once(':') {
        Some((name, value)) if is_field(name) && !value.starts_with(char::is_whitespace) => {
            (Some(name.to_owned()), value)
        }
        _ => (None, text),
    };
    let (value, rest) = match text.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"').ok_or_else(|| {
            SearchError::query("q", "a quotation mark is not closed; close it or leave it out")
        })?,
        None => text.split_at(text.find(char::is_whitespace).unwrap_or(text.len())),
    };
    if value.trim().is_empty() {
        let reason = match &field {
            Some(field) => format!("nothing follows `{field}:`; write the value behind it"),
            None if not => "nothing follows a `-`; write the word right behind it".to_owned(),
            None => "there is nothing between two quotation marks".to_owned(),
        };
        return Err(SearchError::query("q", reason));
    }
    Ok((Clause { not, field, value: value.to_owned() }, rest))
}

fn is_field(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> String {
        let show = |c: Clause| {
            let not = if c.not { "-" } else { "" };
            let field = c.field.map(|f| format!("{f}:")).unwrap_or_default();
            format!("{not}{field}<{}>", c.value)
        };
        read(text).unwrap().into_iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_text_is_taken_apart() {
        for (text, expected) in [
            ("", ""),
            ("  prime   numbers ", "<prime> <numbers>"),
            ("\"in a row\" -\"not this\" -nor", "<in a row> -<not this> -<nor>"),
            ("domain:math problem:\"two words\"", "domain:<math> problem:<two words>"),
            ("state:rejected:wrong", "state:<rejected:wrong>"),
            ("ratio 3:4 note: x A:b", "<ratio> <3:4> <note:> <x> <A:b>"),
            ("well-known (((( * ?", "<well-known> <((((> <*> <?>"),
        ] {
            assert_eq!(shown(text), expected, "{text:?}");
        }
    }

    #[test]
    fn faults_say_what_to_do() {
        let layout = Layout::new();
        let long = "x".repeat(MAX_QUERY_BYTES + 1);
        let many = "x ".repeat(MAX_CLAUSES + 1);
        let phrase = format!("\"{}\"", "a ".repeat(MAX_TERMS + 1));
        for (text, part) in [
            ("\"open", "not closed"),
            ("-", "behind it"),
            ("domain:", "nothing follows `domain:`"),
            ("\"\"", "between two quotation marks"),
            ("domian:math", "no field `domian`"),
            ("http://x.y", "no field `http`"),
            ("domain:maths", "math, code, science"),
            ("verdict:right", "correct, wrong"),
            ("state:done", "accepted, rejected or failed"),
            ("state:accepted:x", "accepted, rejected or failed"),
            ("!!!", "no letters or digits"),
            ("*foo *", "no letters or digits"),
            (&long, "4096"),
            (&phrase, "more than 128 words"),
            (&many, "64 words"),
        ] {
            let query = SampleQuery { text: text.to_owned(), limit: 1, ..SampleQuery::default() };
            let error = query.compile(&layout).err().unwrap().to_string();
            assert!(error.contains(part), "{text:?}: {error}");
        }
        for (query, field) in [
            (SampleQuery { limit: 0, ..SampleQuery::default() }, "limit"),
            (SampleQuery { limit: 501, ..SampleQuery::default() }, "limit"),
            (SampleQuery { limit: 1, cursor: 10_001, ..SampleQuery::default() }, "cursor"),
            (
                SampleQuery { limit: 1, min_distance: Some(f64::NAN), ..SampleQuery::default() },
                "min_distance",
            ),
            (
                SampleQuery { limit: 1, max_distance: Some(1.5), ..SampleQuery::default() },
                "max_distance",
            ),
            (
                SampleQuery {
                    limit: 1,
                    min_distance: Some(0.5),
                    max_distance: Some(0.4),
                    ..SampleQuery::default()
                },
                "min_distance",
            ),
        ] {
            let Err(SearchError::Query { field: found, .. }) = query.compile(&layout) else {
                panic!("{query:?} was taken")
            };
            assert_eq!(found, field);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_query_or_a_fault(text in "[-:\"a-z*( \\PC]{0,60}") {
            let query = SampleQuery { text, limit: 1, ..SampleQuery::default() };
            let _ = query.compile(&Layout::new());
        }
    }
}
