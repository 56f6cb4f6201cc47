//! The order of a classifier's labels, from bad to good.

use serde::Deserialize;
use serde_json::{Map, Value};

/// The labels, as in `config.json`.
#[derive(Debug, Deserialize)]
pub(super) struct Labels {
    id2label: Option<Map<String, Value>>,
    num_labels: Option<usize>,
}

impl Labels {
    /// The score of each label, from 1 to 5; empty for one label.
    ///
    /// # Errors
    /// Which label has no place, in words.
    pub(super) fn worth(&self) -> Result<Vec<f64>, String> {
        let named = self.id2label.as_ref();
        // What a configuration of transformers leaves out is two labels.
        let count = named.map(Map::len).or(self.num_labels).unwrap_or(2);
        if count <= 1 {
            return Ok(Vec::new());
        }
        let mut places = Vec::with_capacity(count);
        for label in 0..count {
            let name = match named {
                Some(names) => names.get(&label.to_string()).and_then(Value::as_str),
                None => Some(""),
            };
            let name = name.ok_or_else(|| format!("does not name label {label} in `id2label`"))?;
            let place = if named.is_none() { Some(label as f64) } else { place(name) };
            places
                .push(place.ok_or_else(|| {
                    format!("has a label {name:?} of no known place in an order")
                })?);
        }
        let mut sorted = places.clone();
        sorted.sort_by(f64::total_cmp);
        if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err("has two labels of the same place in the order".into());
        }
        let rank = |place: &f64| sorted.iter().filter(|other| *other < place).count() as f64;
        Ok(places.iter().map(|place| 1.0 + 4.0 * rank(place) / (count - 1) as f64).collect())
    }
}

/// Where a label stands among its like: by the number it ends in or starts with, else by its name.
fn place(name: &str) -> Option<f64> {
    let name = name.to_ascii_lowercase();
    let digits = |ch: char| !ch.is_ascii_digit();
    let last = name.rsplit(digits).next().filter(|number| !number.is_empty());
    let number = last.or_else(|| name.split(digits).next().filter(|number| !number.is_empty()));
    if let Some(number) = number {
        return number.parse::<u32>().ok().map(f64::from);
    }
    Some(match name.as_str() {
        "low" | "bad" | "poor" | "negative" => 0.0,
        "medium" | "neutral" | "average" | "fair" => 1.0,
        "high" | "good" | "positive" => 2.0,
        "excellent" => 3.0,
        _ => return None,
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn labels_in_an_order() {
        for (config, expected) in [
            (json!({"id2label": {"0": "LABEL_0"}}), Ok(vec![])),
            (json!({"num_labels": 1}), Ok(vec![])),
            (json!({}), Ok(vec![1.0, 5.0])),
            (
                json!({"id2label": {"0": "High", "1": "Medium", "2": "Low"}}),
                Ok(vec![5.0, 3.0, 1.0]),
            ),
            (
                json!({"id2label": {"0": "1 star", "1": "2 stars", "2": "3 stars", "3": "4 stars", "4": "5 stars"}}),
                Ok(vec![1.0, 2.0, 3.0, 4.0, 5.0]),
            ),
            (json!({"id2label": {"0": "LABEL_0", "1": "LABEL_1"}}), Ok(vec![1.0, 5.0])),
            (json!({"id2label": {"0": "sports", "1": "news"}}), Err("\"sports\"")),
            (json!({"id2label": {"0": "good", "1": "high"}}), Err("same place")),
            (json!({"id2label": {"0": "low", "2": "high"}}), Err("label 1")),
        ] {
            let labels = Labels::deserialize(&config).unwrap();
            match (labels.worth(), expected) {
                (Ok(worth), Ok(expected)) => assert_eq!(worth, expected, "{config}"),
                (Err(error), Err(part)) => assert!(error.contains(part), "{config}: {error}"),
                (worth, _) => panic!("{config}: {worth:?}"),
            }
        }
    }
}
