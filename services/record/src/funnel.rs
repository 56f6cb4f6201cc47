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

    fn funnel() -> impl Strategy<Value = Funnel> {
        let reasons = || prop::collection::btree_map("[a-c]", 0u64..9, 0..3);
        (0u64..9, reasons(), reasons(), 0u64..9).prop_map(
            |(accepted, rejected, failed, pending)| {
                let parts =
                    [&rejected, &failed].into_iter().flat_map(BTreeMap::values).sum::<u64>();
                Funnel { planned: accepted + parts + pending, accepted, rejected, failed, pending }
            },
        )
    }

    proptest! {
        #[test]
        fn sums_of_funnels_add_up(mut one in funnel(), other in funnel(), lost in 1u64..9) {
            let planned = one.planned + other.planned;
            one.add(&other);
            prop_assert!(one.adds_up());
            prop_assert_eq!(one.planned, planned);
            one.pending += lost;
            prop_assert!(!one.adds_up());
        }
    }
}
