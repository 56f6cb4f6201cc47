//! The memory controller of a v1 hierarchy.

use std::io;
use std::path::Path;

use super::control::{Control, field};
use super::memory::{Level, Memory, Shortages};

/// How close to its limit a group must have come for the limit to have been in the way, in bytes:
/// what the kernel charges at once for a processor.
const STEP: u64 = 64 * 4096;

/// The open files of a group.
#[derive(Debug)]
pub(super) struct V1Memory {
    usage: Control,
    stat: Control,
    limit: Control,
    peak: Control,
    oom: Control,
    empty: Control,
    /// The limit on memory and swap together, and their peak; absent where the kernel does not
    /// account for swap.
    with_swap: Option<(Control, Control)>,
    /// The limit that is set.
    set: u64,
}

impl V1Memory {
    /// Opens the files and forbids swap.
    pub fn open(group: &Path) -> io::Result<Self> {
        if let Some(swappiness) = Control::optional(Control::write(group, "memory.swappiness"))? {
            // Best effort: where swap is accounted for, the limit on both binds anyway.
            let _ = swappiness.set(0);
        }
        let with_swap =
            match Control::optional(Control::write(group, "memory.memsw.limit_in_bytes"))? {
                Some(limit) => {
                    Some((limit, Control::write(group, "memory.memsw.max_usage_in_bytes")?))
                }
                None => None,
            };
        Ok(Self {
            usage: Control::read(group, "memory.usage_in_bytes")?,
            stat: Control::read(group, "memory.stat")?,
            limit: Control::write(group, "memory.limit_in_bytes")?,
            peak: Control::write(group, "memory.max_usage_in_bytes")?,
            oom: Control::read(group, "memory.oom_control")?,
            empty: Control::write_only(group, "memory.force_empty")?,
            with_swap,
            set: u64::MAX,
        })
    }
}

impl Memory for V1Memory {
    fn level(&self) -> io::Result<Level> {
        let all = self.usage.number()?;
        Ok(Level { all, reclaimable: self.stat.with(reclaimable)? })
    }

    fn limit(&mut self, bytes: u64) -> io::Result<()> {
        // The limit on both may at no time be below that on memory alone.
        let mut order: Vec<&Control> = vec![&self.limit];
        order.extend(self.with_swap.iter().map(|(limit, _)| limit));
        if bytes > self.set {
            order.reverse();
        }
        for control in order {
            control.set(bytes)?;
        }
        self.set = bytes;
        Ok(())
    }

    fn restart_peak(&mut self) -> io::Result<()> {
        self.peak.set(0)?;
        self.with_swap.iter().try_for_each(|(_, peak)| peak.set(0))
    }

    fn peak(&self) -> io::Result<Option<u64>> {
        self.peak.number().map(Some)
    }

    #[cfg(test)]
    fn tells_peaks(&self) -> bool {
        true
    }

    fn shortages(&self) -> io::Result<Shortages> {
        // `memory.failcnt` would be the figure for this, but stays 0 in Linux 6.18.
        let mut peak = self.peak.number()?;
        if let Some((_, with_swap)) = &self.with_swap {
            peak = peak.max(with_swap.number()?);
        }
        let own = u64::from(peak.saturating_add(STEP) >= self.set);
        Ok(Shortages { own, killed: self.oom.field("oom_kill")?, own_is_final: false })
    }

    fn trim(&self) {
        let _ = self.empty.set(0);
    }
}

/// Reads `memory.stat`. Kernel objects that could be taken back are not told apart there.
fn reclaimable(stat: &str) -> Option<u64> {
    // A tmpfs lies in the cache as files of disks do, but has nowhere else to go.
    Some(field(stat, "total_cache")?.saturating_sub(field(stat, "total_shmem").unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_a_tmpfs_are_not_reclaimable() {
        for (stat, bytes) in [
            ("cache 1\nshmem 1\ntotal_cache 4096\ntotal_rss 7\ntotal_shmem 1024\n", Some(3072)),
            ("total_cache 4096\ntotal_rss 7\n", Some(4096)),
            ("total_cache 1024\ntotal_shmem 4096\n", Some(0)),
            ("cache 4096\n", None),
            ("", None),
        ] {
            assert_eq!(reclaimable(stat), bytes, "{stat:?}");
        }
    }
}
