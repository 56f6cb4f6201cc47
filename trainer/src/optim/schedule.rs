//! The learning rate over a whole annealing, all phases together.

use serde::{Deserialize, Serialize};

/// The curve by which the learning rate falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Decay {
    /// `1 - sqrt(t/T)`: fast at first. The recipe's.
    #[serde(rename = "1-sqrt")]
    OneMinusSqrt,
    /// `1 - t/T`.
    #[serde(rename = "linear")]
    Linear,
    /// `(1 + cos(pi t/T)) / 2`.
    #[serde(rename = "cosine")]
    Cosine,
}

/// Factors on the peak learning rate: from `start` at the first step to `end` at the last.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(default)]
pub struct Schedule {
    /// The curve between the two.
    pub decay: Decay,
    /// Factor at `t = 0`.
    pub start: f64,
    /// Factor at `t = total`.
    pub end: f64,
}

impl Default for Schedule {
    /// The recipe's: 1-sqrt from 1 to 0.
    fn default() -> Self {
        Self { decay: Decay::OneMinusSqrt, start: 1.0, end: 0.0 }
    }
}

impl Schedule {
    /// The factor after `done` of `total` steps (or tokens: only the ratio counts):
    /// `curve(done / total) * (start - end) + end`. Past the end it stays at `end`; a run of no
    /// steps is at its end.
    pub fn factor(&self, done: u64, total: u64) -> f64 {
        let t = if total == 0 { 1.0 } else { (done as f64 / total as f64).min(1.0) };
        let curve = match self.decay {
            Decay::OneMinusSqrt => 1.0 - t.sqrt(),
            Decay::Linear => 1.0 - t,
            Decay::Cosine => 0.5 * (1.0 + (std::f64::consts::PI * t).cos()),
        };
        curve * (self.start - self.end) + self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decay() -> impl Strategy<Value = Decay> {
        prop_oneof![Just(Decay::OneMinusSqrt), Just(Decay::Linear), Just(Decay::Cosine)]
    }

    #[test]
    fn known_values() {
        for (decay, start, end, done, total, expected) in [
            (Decay::OneMinusSqrt, 1.0, 0.0, 0, 100, 1.0),
            (Decay::OneMinusSqrt, 1.0, 0.0, 25, 100, 0.5),
            (Decay::OneMinusSqrt, 1.0, 0.0, 100, 100, 0.0),
            (Decay::OneMinusSqrt, 1.0, 0.2, 25, 100, 0.6),
            (Decay::OneMinusSqrt, 1.0, 0.0, 4750, 19000, 0.5),
            (Decay::Linear, 1.0, 0.0, 25, 100, 0.75),
            (Decay::Linear, 0.5, 0.1, 50, 100, 0.3),
            (Decay::Cosine, 1.0, 0.0, 50, 100, 0.5),
            (Decay::Cosine, 1.0, 0.0, 300, 100, 0.0),
            (Decay::Linear, 1.0, 0.25, 0, 0, 0.25),
        ] {
            let found = Schedule { decay, start, end }.factor(done, total);
            assert!((found - expected).abs() < 1e-12, "{decay:?} {done}/{total}: {found}");
        }
    }

    proptest! {
        #[test]
        fn falls_from_start_to_end(
            decay in decay(), end in 0.0..1.0f64, drop in 0.0..1.0f64,
            total in 1..100_000u64, a in 0.0..1.0f64, b in 0.0..1.0f64,
        ) {
            let schedule = Schedule { decay, start: end + drop, end };
            let at = |part: f64| schedule.factor((part * total as f64) as u64, total);
            prop_assert!((schedule.factor(0, total) - schedule.start).abs() < 1e-12);
            prop_assert!((schedule.factor(total, total) - end).abs() < 1e-12);
            prop_assert!(at(a.min(b)) >= at(a.max(b)) - 1e-12);
        }
    }
}
