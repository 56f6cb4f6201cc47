//! A configuration in steps.

use super::AnnealConfig;

/// Tokens that go through the model at once. Larger pieces gain nothing on a CPU and cost memory;
/// a row that is longer still goes through whole.
const MICRO_TOKENS: usize = 2048;

/// One phase in steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Phase {
    /// Its name.
    pub name: String,
    /// Length of a row in tokens.
    pub context: usize,
    /// Base of the rotary positions.
    pub rope_theta: f64,
    /// Optimizer steps done when the phase begins.
    pub begin: u64,
    /// Optimizer steps done when it ends.
    pub end: u64,
    /// Rows of each micro-batch of a step.
    pub micro_batches: Vec<usize>,
}

/// A resolved configuration in steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The phases in order, each at least one step, without gaps.
    pub phases: Vec<Phase>,
    /// Tokens a step.
    pub step_tokens: u64,
    /// Steps of all phases together.
    pub steps: u64,
}

impl Plan {
    /// Lays out a checked configuration for a checkpoint with the rotary base `base`.
    pub fn new(config: &AnnealConfig, base: f64) -> Self {
        let step_tokens = config.batch.tokens;
        let mut steps = 0;
        let phases = config
            .resolved(base)
            .phases
            .into_iter()
            .map(|phase| {
                let begin = steps;
                steps += phase.tokens.div_ceil(step_tokens);
                let rows = (step_tokens / phase.context as u64) as usize;
                Phase {
                    name: phase.name,
                    context: phase.context,
                    rope_theta: phase.rope_theta.unwrap_or(base),
                    begin,
                    end: steps,
                    micro_batches: micro_batches(rows, phase.context),
                }
            })
            .collect();
        Self { phases, step_tokens, steps }
    }

    /// The phase of the step that follows after `done` steps; the last one at the end.
    pub fn phase_after(&self, done: u64) -> &Phase {
        let last = self.phases.len() - 1;
        self.phases.iter().find(|phase| done < phase.end).unwrap_or(&self.phases[last])
    }
}

/// `rows` rows in micro-batches of equal size, but for the last one.
fn micro_batches(rows: usize, context: usize) -> Vec<usize> {
    let size = (MICRO_TOKENS / context).max(1);
    (0..rows).step_by(size).map(|begin| size.min(rows - begin)).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_recipe_in_steps() {
        let plan = Plan::new(&AnnealConfig::default(), 1e4);
        let ends: Vec<_> = plan.phases.iter().map(|p| (p.begin, p.end)).collect();
        assert_eq!(ends, [(0, 9689), (9689, 19378)]);
        assert_eq!(plan.steps, 19378);
        let rows: Vec<usize> = plan.phases.iter().map(|p| p.micro_batches.iter().sum()).collect();
        assert_eq!(rows, [1008, 144]);
        for (done, name) in [(0, "short"), (9688, "short"), (9689, "long"), (19378, "long")] {
            assert_eq!(plan.phase_after(done).name, name, "{done}");
        }
    }

    #[test]
    fn micro_batches_cover_the_step() {
        for (rows, context, expected) in [
            (14, 256, vec![8, 6]),
            (2, 1792, vec![1, 1]),
            (3, 28_672, vec![1, 1, 1]),
            (1, 16, vec![1]),
        ] {
            assert_eq!(micro_batches(rows, context), expected);
        }
        let text = "[batch]\ntokens = 64\n[[phase]]\ntokens = 1\ncontext = 16\nrope_factor = 2.0";
        let plan = Plan::new(&toml::from_str(text).unwrap(), 50.0);
        assert_eq!((plan.steps, plan.phases[0].rope_theta), (1, 100.0));
    }
}
