//! How the samples that a query finds are made up.

use serde::Serialize;
use serde_json::{Value, json};
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::aggregation::{AggContextParams, AggregationCollector};

use super::layout::column;

/// The most values of a facet: those with the most samples.
const VALUES: u32 = 100;

/// Bounds of the ranges of the benchmark distance.
const DISTANCES: [f64; 6] = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0];

/// Samples that share a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FacetCount {
    /// The value.
    pub value: String,
    /// How many of the samples found have it.
    pub count: u64,
}

/// Counts over all samples that a query finds, by their properties. Each has at most 100 values, the
/// most frequent ones, in the order of their counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Facets {
    /// By domain.
    pub domain: Vec<FacetCount>,
    /// By kind of reasoning data.
    pub kind: Vec<FacetCount>,
    /// By recipe.
    pub recipe: Vec<FacetCount>,
    /// By verdict.
    pub verdict: Vec<FacetCount>,
    /// By state, with the reason: `accepted`, `rejected:wrong`.
    pub state: Vec<FacetCount>,
    /// By benchmark distance, from the nearest range to the farthest (lower bounds included; the last
    /// range has its upper bound too), with the samples that were not checked as `unchecked`.
    pub distance: Vec<FacetCount>,
}

impl Facets {
    /// What counts them.
    pub(crate) fn collector() -> Result<AggregationCollector, serde_json::Error> {
        let terms = |field: &str| json!({"terms": {"field": field, "size": VALUES}});
        let ranges: Vec<Value> = ranges()
            .map(|(key, from, to)| match to {
                Some(to) => json!({"key": key, "from": from, "to": to}),
                None => json!({"key": key, "from": from}),
            })
            .collect();
        let aggregations: Aggregations = serde_json::from_value(json!({
            "domain": terms("domain"),
            "kind": terms("kind"),
            "recipe": terms("recipe"),
            "verdict": terms("verdict"),
            "state": terms(column::OUTCOME),
            "distance": {"range": {"field": column::DISTANCE, "ranges": ranges}},
        }))?;
        Ok(AggregationCollector::from_aggs(aggregations, AggContextParams::default()))
    }

    /// Reads what the collector gave for `total` samples.
    pub(crate) fn read(counted: &Value, total: u64) -> Self {
        let counts = |name: &str| {
            let buckets = counted[name]["buckets"].as_array().into_iter().flatten();
            let count = |bucket: &Value| FacetCount {
                value: bucket["key"].as_str().unwrap_or_default().to_owned(),
                count: bucket["doc_count"].as_u64().unwrap_or_default(),
            };
            buckets.map(count).filter(|count| count.count > 0).collect::<Vec<_>>()
        };
        let by_count = |name: &str| {
            let mut counts = counts(name);
            counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
            counts
        };
        let found = counts("distance");
        let mut distance: Vec<FacetCount> = ranges()
            .filter_map(|(key, _, _)| found.iter().find(|count| count.value == key).cloned())
            .collect();
        let checked: u64 = distance.iter().map(|count| count.count).sum();
        if checked < total {
            distance.push(FacetCount { value: "unchecked".into(), count: total - checked });
        }
        Self {
            domain: by_count("domain"),
            kind: by_count("kind"),
            recipe: by_count("recipe"),
            verdict: by_count("verdict"),
            state: by_count("state"),
            distance,
        }
    }
}

/// The ranges of the distance: name, lower bound, and the bound that all values lie below.
fn ranges() -> impl Iterator<Item = (String, f64, Option<f64>)> {
    DISTANCES.windows(2).map(|pair| {
        let (from, to) = (pair[0], pair[1]);
        (format!("{from:.1}-{to:.1}"), from, (to < 1.0).then_some(to))
    })
}
