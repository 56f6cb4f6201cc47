//! `anneal.toml`: every key has the recipe's value as its default, and unknown keys are refused.

use serde::{Deserialize, Serialize};

use crate::optim::Schedule;

/// The longest row, in tokens, of a phase and of an evaluation: far beyond what any model was
/// trained on.
pub(super) const MAX_CONTEXT: usize = 1 << 20;
/// Most tokens of a step. Its documents are in memory at once.
const MAX_STEP: u64 = 1 << 28;
/// Most tokens of a phase, and most phases: what a run adds up from them stays exact.
const MAX_PHASE: u64 = 1 << 50;
const MAX_PHASES: usize = 1000;

/// The configuration of an annealing run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AnnealConfig {
    /// Decides the order of the documents.
    pub seed: u64,
    /// Steps between checkpoints, at least 1. The end of a phase and the end of the run write one
    /// as well.
    pub checkpoint_every: u64,
    /// The optimizer.
    pub optim: OptimConfig,
    /// The learning rate's course over all phases together.
    pub schedule: Schedule,
    /// The size of a step.
    pub batch: BatchConfig,
    /// The phases, one after the other, at least one.
    #[serde(rename = "phase")]
    pub phases: Vec<PhaseConfig>,
}

/// AdamW and what goes with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OptimConfig {
    /// Peak learning rate, before the division of the matrices' rate by `d_model / 256`.
    pub lr: f64,
    /// Decay of the first and second moment, each in [0, 1).
    pub betas: [f64; 2],
    /// Added to the root of the second moment.
    pub eps: f64,
    /// Decoupled weight decay.
    pub weight_decay: f64,
    /// Largest allowed norm of all gradients together.
    pub clip: f64,
    /// Factor on the mean of logsumexp squared.
    pub z_loss: f64,
}

/// The size of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BatchConfig {
    /// Tokens a step: a multiple of every phase's context.
    pub tokens: u64,
}

/// One phase.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PhaseConfig {
    /// Its name in metrics and report.
    pub name: String,
    /// Its length in tokens, rounded up to whole steps.
    pub tokens: u64,
    /// Length of a row in tokens.
    pub context: usize,
    /// Base of the rotary positions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rope_theta: Option<f64>,
    /// The same relative to the checkpoint's base; not together with `rope_theta`. With neither,
    /// the checkpoint's base stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rope_factor: Option<f64>,
}

impl Default for AnnealConfig {
    /// The recipe: 4K, then 28K with a 49 times larger rotary base, about 40 B tokens each.
    fn default() -> Self {
        let phase = |name: &str, context, rope_theta| PhaseConfig {
            name: name.into(),
            context,
            rope_theta: Some(rope_theta),
            ..PhaseConfig::default()
        };
        Self {
            seed: 7,
            checkpoint_every: 250,
            optim: OptimConfig::default(),
            schedule: Schedule::default(),
            batch: BatchConfig::default(),
            phases: vec![phase("short", 4096, 10_000.0), phase("long", 28_672, 490_000.0)],
        }
    }
}

impl Default for OptimConfig {
    fn default() -> Self {
        Self {
            lr: 0.01,
            betas: [0.9, 0.95],
            eps: 1e-15,
            weight_decay: 0.1,
            clip: 1.0,
            z_loss: 1e-4,
        }
    }
}

impl Default for BatchConfig {
    fn default() -> Self {
        Self { tokens: 4_128_768 }
    }
}

impl Default for PhaseConfig {
    fn default() -> Self {
        Self {
            name: "anneal".into(),
            tokens: 40_000_000_000,
            context: 4096,
            rope_theta: None,
            rope_factor: None,
        }
    }
}

impl AnnealConfig {
    /// Reads TOML and checks it.
    ///
    /// # Errors
    /// What is not TOML, has unknown keys, or values out of their ranges, in words.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let config: Self =
            toml::from_str(text).map_err(|cause| cause.to_string().trim_end().to_owned())?;
        config.check().map(|()| config)
    }

    /// Checks every value against its range.
    ///
    /// # Errors
    /// The first value that is out of its range, in words.
    pub fn check(&self) -> Result<(), String> {
        let OptimConfig { lr, betas, eps, weight_decay, clip, z_loss } = self.optim;
        let above = |name: &str, value: f64| {
            let good = value.is_finite() && value > 0.0;
            good.then_some(()).ok_or(format!("`{name}` is {value}; it must be above 0"))
        };
        let at_least = |name: &str, value: f64| {
            let good = value.is_finite() && value >= 0.0;
            good.then_some(()).ok_or(format!("`{name}` is {value}; it must be 0 or more"))
        };
        above("optim.lr", lr)?;
        above("optim.eps", eps)?;
        above("optim.clip", clip)?;
        at_least("optim.weight_decay", weight_decay)?;
        at_least("optim.z_loss", z_loss)?;
        at_least("schedule.start", self.schedule.start)?;
        at_least("schedule.end", self.schedule.end)?;
        if betas.iter().any(|beta| !(0.0..1.0).contains(beta)) {
            return Err(format!("`optim.betas` is {betas:?}; both must be from 0 to below 1"));
        }
        if self.checkpoint_every == 0 {
            return Err("`checkpoint_every` is 0; it must be 1 or more steps".into());
        }
        if !(1..=MAX_STEP).contains(&self.batch.tokens) {
            let tokens = self.batch.tokens;
            return Err(format!("`batch.tokens` is {tokens}; it must be from 1 to {MAX_STEP}"));
        }
        if self.phases.is_empty() {
            return Err("there is no [[phase]]; give one or more, or leave the key out".into());
        }
        if self.phases.len() > MAX_PHASES {
            return Err(format!(
                "there are {} phases; give {MAX_PHASES} at most",
                self.phases.len()
            ));
        }
        for (at, phase) in self.phases.iter().enumerate() {
            let named = |field: &str| format!("phase[{at}].{field}");
            let PhaseConfig { tokens, context, rope_theta, rope_factor, .. } = phase;
            if !(1..=MAX_PHASE).contains(tokens) {
                let name = named("tokens");
                return Err(format!("`{name}` is {tokens}; it must be from 1 to {MAX_PHASE}"));
            }
            if !(2..=MAX_CONTEXT).contains(context) {
                let name = named("context");
                return Err(format!("`{name}` is {context}; it must be from 2 to {MAX_CONTEXT}"));
            }
            if !self.batch.tokens.is_multiple_of(*context as u64) {
                let near = self.batch.tokens.div_ceil(*context as u64) * *context as u64;
                return Err(format!(
                    "`batch.tokens` is {}, which is not a multiple of `{}`, {context}; \
                     {near} would be",
                    self.batch.tokens,
                    named("context")
                ));
            }
            match (rope_theta, rope_factor) {
                (Some(_), Some(_)) => {
                    return Err(format!(
                        "`{}` and `{}` are both given; leave one out",
                        named("rope_theta"),
                        named("rope_factor")
                    ));
                }
                (Some(theta), None) => above(&named("rope_theta"), *theta)?,
                (None, Some(factor)) => above(&named("rope_factor"), *factor)?,
                (None, None) => {}
            }
        }
        Ok(())
    }

    /// The same run for a checkpoint whose rotary base is `base`: every phase has its `rope_theta`.
    pub fn resolved(&self, base: f64) -> Self {
        let mut resolved = self.clone();
        for phase in &mut resolved.phases {
            let theta = phase.rope_theta.unwrap_or(base * phase.rope_factor.unwrap_or(1.0));
            phase.rope_theta = Some(theta);
            phase.rope_factor = None;
        }
        resolved
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::optim::Decay;

    fn parse(text: &str) -> Result<AnnealConfig, String> {
        AnnealConfig::parse(text)
    }

    #[test]
    fn defaults_are_the_recipe() {
        let config = parse("").unwrap();
        assert_eq!(config, AnnealConfig::default());
        assert_eq!(
            (config.seed, config.checkpoint_every, config.batch.tokens),
            (7, 250, 1008 * 4096)
        );
        assert_eq!((config.optim.lr, config.optim.eps), (0.01, 1e-15));
        let shapes: Vec<_> = config.phases.iter().map(|p| (p.context, p.rope_theta)).collect();
        assert_eq!(shapes, [(4096, Some(1e4)), (28_672, Some(4.9e5))]);
        assert_eq!(config.batch.tokens, 144 * 28_672);
    }

    #[test]
    fn resolves_and_round_trips() {
        let text = "seed = 3\n[schedule]\ndecay = \"cosine\"\n[batch]\ntokens = 3_584\n\
                    [[phase]]\ntokens = 7_168\ncontext = 256\n\
                    [[phase]]\nname = \"long\"\ntokens = 10_000\ncontext = 1792\nrope_factor = 49.0\n";
        let config = parse(text).unwrap();
        assert_eq!(config.schedule.decay, Decay::Cosine);
        let resolved = config.resolved(1e5);
        let thetas: Vec<_> = resolved.phases.iter().map(|p| p.rope_theta).collect();
        assert_eq!(thetas, [Some(1e5), Some(4.9e6)]);
        let again = parse(&toml::to_string(&resolved).unwrap()).unwrap();
        assert_eq!(again, resolved);
        assert_eq!(again.resolved(1.0), resolved, "resolved once is resolved for good");
    }

    #[test]
    fn bad_files_are_named() {
        for (text, part) in [
            ("sead = 3", "sead"),
            ("[optim]\nlearning_rate = 1", "learning_rate"),
            ("[[phase]]\nlength = 1", "length"),
            ("[schedule]\ndecay = \"step\"", "1-sqrt"),
            ("seed = -1", "seed"),
            ("[optim]\nlr = nan", "`optim.lr` is NaN"),
            ("[optim]\nbetas = [0.9, 1.0]", "`optim.betas`"),
            ("checkpoint_every = 0", "`checkpoint_every`"),
            ("[batch]\ntokens = 1000", "4096 would be"),
            ("phase = []", "no [[phase]]"),
            ("[batch]\ntokens = 4611686018427387904", "`batch.tokens` is 4611686018427387904"),
            ("[batch]\ntokens = 0", "`batch.tokens` is 0"),
            ("[[phase]]\ncontext = 0", "`phase[0].context`"),
            ("[[phase]]\ncontext = 9223372036854775807", "it must be from 2 to 1048576"),
            ("[[phase]]\ntokens = 9223372036854775807", "`phase[0].tokens`"),
            ("[[phase]]\ntokens = 0", "`phase[0].tokens`"),
            ("[[phase]]\nrope_theta = 1.0\nrope_factor = 2.0", "leave one out"),
            ("[[phase]]\nrope_factor = -2.0", "`phase[0].rope_factor` is -2"),
            ("[schedule]\nend = -0.5", "`schedule.end`"),
        ] {
            let message = parse(text).unwrap_err();
            assert!(message.contains(part), "{part:?} not in {message:?}");
        }
    }
}
