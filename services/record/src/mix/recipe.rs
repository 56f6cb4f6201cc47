use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::dataset::{DatasetSource, RecipeDataset};
use super::settings::{Decontamination, MixDedup, MixOrder, MixQuality, OnShortfall};
use crate::SpecError;

/// How to put a training mix together. Written by people in TOML or JSON. Tokens are estimated at
/// 4 bytes each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MixRecipe {
    /// The mix's name: letters, digits, `-`, `_` and `.`; names its directory.
    pub name: String,
    /// What it is for, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Decides which documents are drawn and their order.
    #[serde(default)]
    pub seed: u64,
    /// The size in tokens, shared out by the weights; all that the weights allow when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_tokens: Option<u64>,
    /// What is done when a dataset cannot give what it should.
    #[serde(default, skip_serializing_if = "is_default")]
    pub on_shortfall: OnShortfall,
    /// The share of documents kept apart for evaluation, in [0, 0.5].
    #[serde(default)]
    pub heldout: f64,
    /// The order of the documents.
    #[serde(default, skip_serializing_if = "is_default")]
    pub order: MixOrder,
    /// The share of the tokens that comes from long documents, in [0, 1]; as it comes when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub long_share: Option<f64>,
    /// The tokens from which a document is long.
    #[serde(default = "long_tokens", skip_serializing_if = "is_long_tokens")]
    pub long_tokens: u64,
    /// Documents of more tokens are left out and counted; none when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u64>,
    /// What is done with documents that overlap with a registered benchmark.
    #[serde(default, skip_serializing_if = "is_default")]
    pub decontaminate: Decontamination,
    /// What counts as the same document twice.
    #[serde(default, skip_serializing_if = "is_default")]
    pub dedup: MixDedup,
    /// Which documents are good enough; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<MixQuality>,
    /// The datasets, at least one.
    #[serde(rename = "dataset", alias = "datasets")]
    pub datasets: Vec<RecipeDataset>,
}

/// The most tokens of a mix: hundreds of times what one machine anneals on.
const MOST_TOKENS: u64 = 1_000_000_000_000;

/// How often a document may be repeated at most.
const MOST_REPEATS: f64 = 100.0;

/// The long context of the paper's annealing.
const LONG_TOKENS: u64 = 28_672;

fn long_tokens() -> u64 {
    LONG_TOKENS
}

fn is_long_tokens(tokens: &u64) -> bool {
    *tokens == LONG_TOKENS
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn is_name(name: &str) -> bool {
    (1..=80).contains(&name.len())
        && !name.starts_with('.')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

fn fault<T>(field: impl Into<String>, message: impl Into<String>) -> Result<T, SpecError> {
    Err(SpecError { field: field.into(), message: message.into() })
}

impl MixRecipe {
    /// A recipe with nothing said but its name and its datasets.
    pub fn of(name: impl Into<String>, datasets: Vec<RecipeDataset>) -> Self {
        Self {
            name: name.into(),
            description: String::new(),
            seed: 0,
            target_tokens: None,
            on_shortfall: OnShortfall::default(),
            heldout: 0.0,
            order: MixOrder::default(),
            long_share: None,
            long_tokens: LONG_TOKENS,
            max_tokens: None,
            decontaminate: Decontamination::default(),
            dedup: MixDedup::default(),
            quality: None,
            datasets,
        }
    }

    /// The size that is asked for, in tokens: its own target, or that of its datasets together.
    pub fn asked_tokens(&self) -> Option<u64> {
        let each = || self.datasets.iter().map(|dataset| dataset.tokens);
        self.target_tokens.or_else(|| each().try_fold(0u64, |sum, t| Some(sum.saturating_add(t?))))
    }

    /// The share of the tokens that each dataset is asked for, from 0 to 1, in order.
    pub fn shares(&self) -> Vec<f64> {
        let sum: f64 = self.datasets.iter().map(RecipeDataset::asked).sum();
        self.datasets.iter().map(|dataset| dataset.asked() / sum).collect()
    }

    /// Checks every field against its bounds.
    ///
    /// # Errors
    /// The first field that is out of its bounds.
    pub fn check(&self) -> Result<(), SpecError> {
        if !is_name(&self.name) {
            return fault(
                "name",
                "must be 1 to 80 letters, digits, '-', '_' or '.', not starting with '.'",
            );
        }
        for (field, value, (low, high)) in [
            ("heldout", Some(self.heldout), (0.0, 0.5)),
            ("long_share", self.long_share, (0.0, 1.0)),
            ("dedup.similarity", Some(self.dedup.similarity), (0.5, 1.0)),
            ("quality.minimum", self.quality.as_ref().map(|quality| quality.minimum), (0.0, 1.0)),
        ] {
            if value.is_some_and(|value| !(low..=high).contains(&value)) {
                return fault(field, format!("must be from {low} to {high}"));
            }
        }
        for (field, tokens) in [
            ("target_tokens", self.target_tokens),
            ("long_tokens", Some(self.long_tokens)),
            ("max_tokens", self.max_tokens),
        ] {
            if tokens.is_some_and(|tokens| !(1..=MOST_TOKENS).contains(&tokens)) {
                return fault(field, format!("must be from 1 to {MOST_TOKENS}"));
            }
        }
        if self.long_share.is_some_and(|share| share > 0.0)
            && self.max_tokens.is_some_and(|most| most < self.long_tokens)
        {
            return fault(
                "max_tokens",
                "leaves no document of long_tokens tokens; raise it, or leave out long_share",
            );
        }
        if self.datasets.is_empty() || self.datasets.len() > 1000 {
            return fault("dataset", "needs 1 to 1000 entries");
        }
        let mut names = BTreeSet::new();
        for (at, dataset) in self.datasets.iter().enumerate() {
            let place = |field: &str| format!("dataset[{at}].{field}");
            if !is_name(&dataset.name) || !names.insert(&dataset.name) {
                return fault(
                    place("name"),
                    "must be unique, of 1 to 80 letters, digits, '-', '_' or '.'",
                );
            }
            self.check_amount(dataset, place)?;
            if !(1.0..=MOST_REPEATS).contains(&dataset.max_repeat) {
                return fault(place("max_repeat"), format!("must be from 1 to {MOST_REPEATS}"));
            }
            if !(0.0..=dataset.max_repeat).contains(&dataset.min_repeat) {
                return fault(place("min_repeat"), "must be from 0 to max_repeat");
            }
            if dataset.kind.as_ref().is_some_and(String::is_empty) {
                return fault(place("kind"), "must not be empty; leave it out to take every kind");
            }
            if let DatasetSource::Mix(mix) = &dataset.source
                && !is_name(mix)
            {
                return fault(place("mix"), "must be the name of a mix");
            }
        }
        Ok(())
    }

    /// Checks that a dataset says how much of it is wanted, in the way that all of them do.
    fn check_amount(
        &self,
        dataset: &RecipeDataset,
        place: impl Fn(&str) -> String,
    ) -> Result<(), SpecError> {
        let by_tokens = self.datasets[0].tokens.is_some();
        match (dataset.weight, dataset.tokens) {
            (None, None) => fault(
                place("weight"),
                "says nothing of how much is wanted; give a weight or a number of tokens",
            ),
            (Some(_), Some(_)) => {
                fault(place("tokens"), "cannot be given beside a weight; leave one of them out")
            }
            (weight, _) if weight.is_some() == by_tokens => fault(
                place(if by_tokens { "weight" } else { "tokens" }),
                "cannot be mixed with the other datasets' amounts; give all of them a weight, or \
                 all of them tokens",
            ),
            (Some(weight), None) if !(1e-9..=1e12).contains(&weight) => {
                fault(place("weight"), "must be a number above 0, from 1e-9 to 1e12")
            }
            (None, Some(tokens)) if !(1..=MOST_TOKENS).contains(&tokens) => {
                fault(place("tokens"), format!("must be from 1 to {MOST_TOKENS}"))
            }
            (None, Some(_)) if self.target_tokens.is_some() => fault(
                place("tokens"),
                "cannot be given where the mix has target_tokens; give weights, or leave out \
                 target_tokens",
            ),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn bounds_name_the_field() {
        let base = r#"{"name":"m","dataset":[{"name":"a","weight":1,"path":"x"}]}"#;
        let good: MixRecipe = serde_json::from_str(base).unwrap();
        assert_eq!(good.check(), Ok(()));
        type Spoil = fn(&mut MixRecipe);
        let cases: [(&str, Spoil); 26] = [
            ("name", |m| m.name = "../x".into()),
            ("heldout", |m| m.heldout = f64::NAN),
            ("long_share", |m| m.long_share = Some(1.1)),
            ("dedup.similarity", |m| m.dedup.similarity = 0.1),
            ("quality.minimum", |m| m.quality = Some(MixQuality { minimum: 2.0 })),
            ("target_tokens", |m| m.target_tokens = Some(0)),
            ("target_tokens", |m| m.target_tokens = Some(u64::MAX)),
            ("long_tokens", |m| m.long_tokens = 0),
            ("max_tokens", |m| m.max_tokens = Some(0)),
            ("max_tokens", |m| (m.max_tokens, m.long_share) = (Some(9), Some(0.5))),
            ("dataset", |m| m.datasets.clear()),
            ("dataset[1].name", |m| m.datasets.push(m.datasets[0].clone())),
            ("dataset[0].weight", |m| m.datasets[0].weight = Some(0.0)),
            ("dataset[0].weight", |m| m.datasets[0].weight = Some(f64::INFINITY)),
            ("dataset[0].weight", |m| m.datasets[0].weight = None),
            ("dataset[0].tokens", |m| m.datasets[0].tokens = Some(1)),
            ("dataset[0].tokens", |m| {
                (m.datasets[0].weight, m.datasets[0].tokens) = (None, Some(0));
            }),
            ("dataset[0].tokens", |m| {
                m.target_tokens = Some(9);
                (m.datasets[0].weight, m.datasets[0].tokens) = (None, Some(9));
            }),
            ("dataset[1].tokens", |m| {
                let other = RecipeDataset::of("b", m.datasets[0].source.clone());
                m.datasets.push(RecipeDataset { tokens: Some(5), ..other });
            }),
            ("dataset[1].weight", |m| {
                let other = RecipeDataset::of("b", m.datasets[0].source.clone());
                m.datasets.insert(0, RecipeDataset { tokens: Some(5), ..other });
            }),
            ("dataset[0].max_repeat", |m| m.datasets[0].max_repeat = 0.5),
            ("dataset[0].max_repeat", |m| m.datasets[0].max_repeat = f64::NAN),
            ("dataset[0].max_repeat", |m| m.datasets[0].max_repeat = 1e9),
            ("dataset[0].min_repeat", |m| m.datasets[0].min_repeat = 2.0),
            ("dataset[0].kind", |m| m.datasets[0].kind = Some(String::new())),
            ("dataset[0].mix", |m| m.datasets[0].source = DatasetSource::Mix("../m".into())),
        ];
        for (field, spoil) in cases {
            let mut recipe = good.clone();
            spoil(&mut recipe);
            assert_eq!(recipe.check().unwrap_err().field, field);
        }
    }

    #[test]
    fn a_recipe_comes_back_as_it_was_and_refuses_what_it_does_not_know() {
        let long = r#"{"name":"m","description":"d","seed":3,"on_shortfall":"scale","heldout":0.1,
            "order":"curriculum","long_share":0.2,"long_tokens":500,"decontaminate":"report",
            "dedup":{"near":false},"quality":{"minimum":0.5},"dataset":[
            {"name":"a","tokens":90,"mix":"n","max_repeat":1.5,"min_repeat":0.5,"licence":"MIT",
             "kind":"cot","domain":"math","phase":2,"difficulty":"level"},
            {"name":"b","tokens":10,"request":"req-1"}]}"#;
        let recipe: MixRecipe = serde_json::from_str(long).unwrap();
        assert_eq!(recipe.check(), Ok(()));
        assert_eq!((recipe.asked_tokens(), recipe.shares()), (Some(100), vec![0.9, 0.1]));
        let again = serde_json::to_string(&recipe).unwrap();
        assert_eq!(serde_json::from_str::<MixRecipe>(&again).unwrap(), recipe);

        for (json, named) in [
            (long.replace("\"seed\"", "\"sed\""), "sed"),
            (long.replace("\"near\"", "\"close\""), "close"),
            (long.replace("\"minimum\"", "\"least\""), "least"),
            (long.replace("\"licence\"", "\"license\""), "license"),
            (long.replace("\"scale\"", "\"shrink\""), "shrink"),
            (long.replace("\"mix\":\"n\"", "\"mix\":\"n\",\"path\":\"x\""), "exactly one"),
            (long.replace("\"mix\":\"n\",", ""), "exactly one"),
        ] {
            let error = serde_json::from_str::<MixRecipe>(&json).unwrap_err().to_string();
            assert!(error.contains(named), "{named}: {error}");
        }
    }
}
