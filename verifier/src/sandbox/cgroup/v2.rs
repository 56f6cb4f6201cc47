//! The memory controller of the v2 hierarchy.

use std::io;
use std::path::Path;

use super::control::{Control, field};
use super::memory::{Level, Memory, Shortages};

/// The open files of a group.
#[derive(Debug)]
pub(super) struct V2Memory {
    current: Control,
    stat: Control,
    max: Control,
    events: Control,
    peak: Peak,
    /// Since Linux 5.19.
    reclaim: Option<Control>,
}

/// What the kernel tells of the most memory at once.
#[derive(Debug)]
enum Peak {
    /// Since the last write to the open file: since Linux 6.12.
    SinceWrite(Control),
    /// Since the group was made, and what that was when a job began: since Linux 5.19.
    Ever(Control, u64),
    /// Nothing.
    Unknown,
}

impl V2Memory {
    /// Opens the files and forbids swap. That the kernel kills one process and not all of the group
    /// (`memory.oom.group`) is the state in which groups are made.
    pub fn open(group: &Path) -> io::Result<Self> {
        if let Some(swap) = Control::optional(Control::write(group, "memory.swap.max"))? {
            swap.set(0)?;
        }
        // Counts of the group alone: since Linux 5.2. It has no groups below it, so both say the
        // same.
        let events = match Control::optional(Control::read(group, "memory.events.local"))? {
            Some(events) => events,
            None => Control::read(group, "memory.events")?,
        };
        Ok(Self {
            current: Control::read(group, "memory.current")?,
            stat: Control::read(group, "memory.stat")?,
            max: Control::write(group, "memory.max")?,
            events,
            peak: Peak::open(group)?,
            reclaim: Control::optional(Control::write_only(group, "memory.reclaim"))?,
        })
    }
}

impl Peak {
    fn open(group: &Path) -> io::Result<Self> {
        // Older kernels have the file read-only, which does not keep root from opening it.
        if let Ok(control) = Control::write(group, "memory.peak")
            && control.set("reset").is_ok()
        {
            return Ok(Self::SinceWrite(control));
        }
        let control = Control::optional(Control::read(group, "memory.peak"))?;
        Ok(control.map_or(Self::Unknown, |control| Self::Ever(control, 0)))
    }
}

impl Memory for V2Memory {
    fn level(&self) -> io::Result<Level> {
        let all = self.current.number()?;
        Ok(Level { all, reclaimable: self.stat.with(reclaimable)? })
    }

    fn limit(&mut self, bytes: u64) -> io::Result<()> {
        self.max.set(bytes)
    }

    fn restart_peak(&mut self) -> io::Result<()> {
        match &mut self.peak {
            Peak::SinceWrite(control) => control.set("reset"),
            Peak::Ever(control, before) => {
                *before = control.number()?;
                Ok(())
            }
            Peak::Unknown => Ok(()),
        }
    }

    fn peak(&self) -> io::Result<Option<u64>> {
        match &self.peak {
            Peak::SinceWrite(control) => control.number().map(Some),
            Peak::Ever(control, before) => Ok(Some(control.number()?).filter(|now| now > before)),
            Peak::Unknown => Ok(None),
        }
    }

    #[cfg(test)]
    fn tells_peaks(&self) -> bool {
        matches!(self.peak, Peak::SinceWrite(_))
    }

    fn shortages(&self) -> io::Result<Shortages> {
        self.events.with(|text| {
            let (own, killed) = (field(text, "oom")?, field(text, "oom_kill")?);
            Some(Shortages { own, killed, own_is_final: true })
        })
    }

    fn trim(&self) {
        if let (Some(reclaim), Ok(all)) = (&self.reclaim, self.current.number()) {
            // Fails where less can be taken back, which is the usual case.
            let _ = reclaim.set(all);
        }
    }
}

/// Reads `memory.stat`.
fn reclaimable(stat: &str) -> Option<u64> {
    // `file` holds the files of a tmpfs too, which have nowhere else to go.
    let files = field(stat, "file")?.saturating_sub(field(stat, "shmem")?);
    Some(files + field(stat, "slab_reclaimable").unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_disks_and_directory_entries_are_reclaimable() {
        for (stat, bytes) in [
            ("anon 9\nfile 4096\nshmem 1024\nfile_mapped 8\nslab_reclaimable 50\n", Some(3122)),
            ("file 4096\nkernel_stack 9\nshmem 0\n", Some(4096)),
            ("file 1024\nshmem 4096\nslab_reclaimable 1\n", Some(1)),
            ("file 4096\n", None),
            ("shmem 4096\n", None),
            ("", None),
        ] {
            assert_eq!(reclaimable(stat), bytes, "{stat:?}");
        }
    }
}
