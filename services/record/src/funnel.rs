use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How a work item ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", content = "reason", rename_all = "snake_case")]
pub enum Settled {
    /// It gave a sample that may be trained on.
    Accepted,
    /// It was judged and turned away; the reason is a short name such as `wrong` or `duplicate`.
    Rejected(String),
    /// It could not be judged: a model, a sandbox or an index failed. The reason is a short name.
    Failed(String),
}

/// Where the work items of a request stand.
///
/// At every moment `planned = accepted + rejected + failed + pending` ([`Funnel::adds_up`]).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Funnel {
    /// All items of the plan.
    pub planned: u64,
    /// Items that gave a sample.
    pub accepted: u64,
    /// Items turned away, by reason.
    pub rejected: BTreeMap<String, u64>,
    /// Items that could not be judged, by reason.
    pub failed: BTreeMap<String, u64>,
    /// Items not settled yet.
    pub pending: u64,
}

impl Funnel {
    /// A plan of which nothing is settled.
    pub fn planned(planned: u64) -> Self {
        Self { planned, pending: planned, ..Self::default() }
    }

    /// Moves one item from pending to where it ended.
    ///
    /// # Panics
    /// When nothing is pending: an item was settled twice, which the store must prevent.
    pub fn settle(&mut self, settled: &Settled) {
        assert!(self.pending > 0, "an item was settled that was not pending");
        self.pending -= 1;
        match settled {
            Settled::Accepted => self.accepted += 1,
            Settled::Rejected(reason) => *self.rejected.entry(reason.clone()).or_default() += 1,
            Settled::Failed(reason) => *self.failed.entry(reason.clone()).or_default() += 1,
        }
    }

    /// Adds the counts of another funnel, for totals over jobs or requests.
    pub fn add(&mut self, other: &Self) {
        self.planned += other.planned;
        self.accepted += other.accepted;
        self.pending += other.pending;
        for (into, from) in
            [(&mut self.rejected, &other.rejected), (&mut self.failed, &other.failed)]
        {
            for (reason, count) in from {
                *into.entry(reason.clone()).or_default() += count;
            }
        }
    }

    /// All items turned away.
    pub fn total_rejected(&self) -> u64 {
        self.rejected.values().sum()
    }

    /// All items that could not be judged.
    pub fn total_failed(&self) -> u64 {
        self.failed.values().sum()
    }

    /// The invariant: nothing is lost or counted twice.
    pub fn adds_up(&self) -> bool {
        self.planned == self.accepted + self.total_rejected() + self.total_failed() + self.pending
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn settled() -> impl Strategy<Value = Settled> {
        prop_oneof![
            Just(Settled::Accepted),
            "[a-c]".prop_map(Settled::Rejected),
            "[a-c]".prop_map(Settled::Failed),
        ]
    }

    proptest! {
        #[test]
        fn adds_up_at_every_moment(ends in prop::collection::vec(settled(), 0..40), more in 0u64..5) {
            let mut funnel = Funnel::planned(ends.len() as u64 + more);
            let mut total = Funnel::default();
            for end in &ends {
                funnel.settle(end);
                prop_assert!(funnel.adds_up());
            }
            prop_assert_eq!(funnel.pending, more);
            total.add(&funnel);
            total.add(&funnel);
            prop_assert!(total.adds_up());
            prop_assert_eq!(total.accepted, 2 * funnel.accepted);
        }
    }
}
