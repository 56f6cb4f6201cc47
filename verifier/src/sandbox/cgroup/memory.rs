use std::fmt::Debug;
use std::io;

/// The memory of a group, in v1's files ([`super::v1`]) or v2's ([`super::v2`]).
pub(super) trait Memory: Debug + Send + Sync {
    /// What is charged to the group now.
    fn level(&self) -> io::Result<Level>;

    /// Sets the most that may be charged, swap included.
    fn limit(&mut self, bytes: u64) -> io::Result<()>;

    /// From here on [`Memory::peak`] counts.
    fn restart_peak(&mut self) -> io::Result<()>;

    /// The most that was charged at once since then; `None` where the kernel does not tell.
    fn peak(&self) -> io::Result<Option<u64>>;

    /// Whether that is told for each job, and not only for one with a higher peak than all before.
    #[cfg(test)]
    fn tells_peaks(&self) -> bool;

    /// How often memory has run out.
    fn shortages(&self) -> io::Result<Shortages>;

    /// Gives back what the kernel holds for the group without need. What it keeps all the same does
    /// no harm.
    fn trim(&self);
}

/// What is charged to a group at one moment, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Level {
    /// All of it.
    pub all: u64,
    /// What the kernel takes back when it is short: copies of files on disks and, as far as it is
    /// told, of directory entries.
    pub reclaimable: u64,
}

impl Level {
    /// What stays until a process gives it back: private memory, files of a tmpfs, kernel objects.
    pub fn held(self) -> u64 {
        self.all.saturating_sub(self.reclaimable)
    }
}

/// Counts of memory that was lacking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shortages {
    /// The group's own limit was in the way: in v2 how often something then failed; in v1 whether
    /// it was since the peak was restarted, also of what went well after reclaim.
    pub own: u64,
    /// Processes of the group that the kernel killed for want of memory, wherever it was short.
    pub killed: u64,
    /// Whether `own` alone says that something failed.
    pub own_is_final: bool,
}

impl Shortages {
    /// Whether the group's own limit killed a process or failed it since `before`.
    pub fn hit_limit(self, before: Self) -> bool {
        self.own_limit(before) && (self.own_is_final || self.killed > before.killed)
    }

    /// Whether a process was killed since `before` though the group was within its limit: the
    /// machine, or a group above, was short.
    pub fn hit_from_above(self, before: Self) -> bool {
        self.killed > before.killed && !self.own_limit(before)
    }

    /// Whether the group's own limit was in the way. In v1 it may have been already when the job
    /// began, for copies of files that the kernel then takes back.
    fn own_limit(self, before: Self) -> bool {
        self.own > if self.own_is_final { before.own } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortages_are_told_apart() {
        // In v2 a count, in v1 a fact, which may hold already when a job begins.
        for (owns, killed, own_is_final, hit) in [
            ((5, 5), 0, true, (false, false)),
            ((5, 6), 1, true, (true, false)),
            ((5, 6), 0, true, (true, false)),
            ((5, 5), 1, true, (false, true)),
            ((0, 0), 0, false, (false, false)),
            ((0, 1), 0, false, (false, false)),
            ((0, 1), 1, false, (true, false)),
            ((0, 0), 2, false, (false, true)),
            ((1, 1), 0, false, (false, false)),
            ((1, 1), 1, false, (true, false)),
        ] {
            let before = Shortages { own: owns.0, killed: 7, own_is_final };
            let after = Shortages { own: owns.1, killed: 7 + killed, own_is_final };
            let found = (after.hit_limit(before), after.hit_from_above(before));
            assert_eq!(found, hit, "{owns:?} {killed} {own_is_final}");
        }
    }
}
