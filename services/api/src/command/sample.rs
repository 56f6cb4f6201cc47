use anyhow::{Context, Result};
use reqwest::Url;
use serde_json::Value;

use super::Shared;

/// `lehr sample ...`.
#[derive(clap::Subcommand)]
pub(super) enum Action {
    /// Find samples: words, "phrases", -not, field:value; all of it must hold.
    Search(Box<Search>),
}

/// What to find.
#[derive(clap::Args)]
pub(super) struct Search {
    /// Words, "phrases", -not and field:value; every sample when absent. Fields are id, request,
    /// domain, kind, recipe, verdict, state, problem and reply.
    #[arg(default_value = "", allow_hyphen_values = true)]
    query: String,
    /// Only math, code or science.
    #[arg(long)]
    domain: Option<String>,
    /// Only this kind of reasoning data.
    #[arg(long)]
    kind: Option<String>,
    /// Only this verdict.
    #[arg(long)]
    verdict: Option<String>,
    /// Only accepted, rejected or failed ones; with a reason if you like: rejected:wrong.
    #[arg(long)]
    state: Option<String>,
    /// Only samples of this request.
    #[arg(long)]
    request: Option<String>,
    /// Only samples at least this far from every benchmark item, from 0 to 1.
    #[arg(long, value_name = "DISTANCE")]
    min_distance: Option<f64>,
    /// Only samples at most this far from a benchmark item, from 0 to 1.
    #[arg(long, value_name = "DISTANCE")]
    max_distance: Option<f64>,
    /// How many.
    #[arg(long, default_value_t = 20)]
    limit: u32,
    /// Where the last page ended: its `next`.
    #[arg(long)]
    cursor: Option<u64>,
}

pub(super) async fn run(shared: &Shared, action: Action) -> Result<()> {
    let Action::Search(search) = action;
    let found = shared.client()?.get(&search.path()?).await?;
    shared.style().print(&found, describe)
}

impl Search {
    fn path(&self) -> Result<String> {
        // The address stands in for the service's: only the query is taken from it.
        let mut url = Url::parse("http://lehr/v1/samples/search").context("a fixed address")?;
        {
            let mut query = url.query_pairs_mut();
            query.append_pair("q", &self.query).append_pair("limit", &self.limit.to_string());
            let texts = [
                ("domain", &self.domain),
                ("kind", &self.kind),
                ("verdict", &self.verdict),
                ("state", &self.state),
                ("request", &self.request),
            ];
            for (name, value) in texts {
                if let Some(value) = value {
                    query.append_pair(name, value);
                }
            }
            for (name, value) in
                [("min_distance", self.min_distance), ("max_distance", self.max_distance)]
            {
                if let Some(value) = value {
                    query.append_pair(name, &value.to_string());
                }
            }
            if let Some(cursor) = self.cursor {
                query.append_pair("cursor", &cursor.to_string());
            }
        }
        Ok(format!("{}?{}", url.path(), url.query().unwrap_or_default()))
    }
}

fn describe(found: &Value) -> String {
    let mut text = String::new();
    for hit in found["data"].as_array().into_iter().flatten() {
        let field = |name: &str| hit[name].as_str().unwrap_or_default();
        let distance =
            hit["distance"].as_f64().map_or("unchecked".to_owned(), |d| format!("distance {d:.2}"));
        text.push_str(&format!(
            "{}  {}  {}/{}  {distance}\n",
            field("id"),
            field("state"),
            field("domain"),
            field("kind"),
        ));
        for snippet in hit["snippets"].as_array().into_iter().flatten() {
            let shown = marked(snippet);
            if !shown.is_empty() {
                let field = snippet["field"].as_str().unwrap_or_default();
                text.push_str(&format!("  {field}: {shown}\n"));
            }
        }
    }
    let counts = |name: &str| {
        let counts = found["facets"][name].as_array().into_iter().flatten();
        let count = |count: &Value| {
            format!("{} {}", count["value"].as_str().unwrap_or_default(), count["count"])
        };
        counts.map(count).collect::<Vec<_>>().join(", ")
    };
    text.push_str(&format!("{} samples found", found["total"]));
    for name in ["domain", "kind", "verdict", "state", "distance"] {
        let counts = counts(name);
        if !counts.is_empty() {
            text.push_str(&format!("\n{name:>9}: {counts}"));
        }
    }
    if let Some(next) = found["next"].as_u64() {
        text.push_str(&format!("\nmore with --cursor {next}"));
    }
    if let Some(behind) = found["behind"].as_u64().filter(|behind| *behind > 0) {
        text.push_str(&format!("\n{behind} samples are not in the index yet; search again later"));
    }
    text
}

/// A snippet on one line, with what was found between `«` and `»`.
fn marked(snippet: &Value) -> String {
    let text = snippet["text"].as_str().unwrap_or_default();
    let (mut shown, mut at) = (String::new(), 0);
    for span in snippet["spans"].as_array().into_iter().flatten() {
        let bound = |name: &str| span[name].as_u64().and_then(|at| usize::try_from(at).ok());
        let (Some(start), Some(end)) = (bound("start"), bound("end")) else { continue };
        let (Some(before), Some(word)) = (text.get(at..start), text.get(start..end)) else {
            continue;
        };
        shown.push_str(&format!("{before}«{word}»"));
        at = end;
    }
    shown.push_str(text.get(at..).unwrap_or_default());
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_snippet_shows_what_was_found() {
        for (snippet, expected) in [
            (json!({"text": "a prime\n one", "spans": [{"start": 2, "end": 7}]}), "a «prime» one"),
            (json!({"text": "é", "spans": [{"start": 1, "end": 2}]}), "é"),
            (json!({"text": "", "spans": []}), ""),
        ] {
            assert_eq!(marked(&snippet), expected);
        }
    }
}
