//! Limits of the kernel on all processes of a slot together.
//!
//! A *slot* is a warden process with a warm interpreter, which live long and run jobs one after
//! another. Its [`Group`] is a cgroup in which they and everything that they start stay: no
//! process moves when a job begins, which takes the kernel long in v1. What the idle slot holds is
//! measured when a job begins, and the limits and figures of the job count from there.
//!
//! Controllers may be in the one v2 hierarchy, in v1 hierarchies of their own, or some here and
//! some there; each is used where it is. A group is a directory of the same name in each hierarchy
//! that is needed:
//!
//! | what | v2 | v1 |
//! | --- | --- | --- |
//! | memory | `memory.max`, no swap | `memory.limit_in_bytes`, the same with swap |
//! | its peak | `memory.peak`, else samples | `memory.max_usage_in_bytes` |
//! | processes | `pids.max` | `pids.max` |
//! | processor time | `cpu.stat` | `cpuacct.usage` |
//!
//! What may not be limited is found by trying ([`Cgroups::find`]), never by looking at versions.
//! Deliberately absent: mounting a hierarchy and moving processes of other programs.

mod control;
mod delegation;
mod directories;
mod group;
mod hierarchy;
mod memory;
mod places;
#[cfg(test)]
mod tests;
mod trial;
mod v1;
mod v2;

use std::io;
use std::sync::{Mutex, PoisonError};

pub(super) use group::{Group, GroupEnd};

use directories::sweep;
use places::Places;
use trial::Idler;

/// Where groups can be made, found once per sandbox.
#[derive(Clone, Debug)]
pub(super) struct Cgroups {
    places: Places,
}

impl Cgroups {
    /// Finds the controllers of memory, processes and processor time, removes what dead programs
    /// left there, and tries a group: makes it, puts a process into it, sets limits, reads, and
    /// removes it.
    ///
    /// In a v2 hierarchy this may move this program into a new cgroup below its own, where it is
    /// the only one in a cgroup that was delegated to it.
    ///
    /// # Errors
    /// Why groups cannot be made here, in words for `verifier doctor`.
    pub fn find() -> Result<Self, String> {
        // Two at once would each move the program.
        static ONE: Mutex<()> = Mutex::new(());
        let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let cgroups = Self { places: Places::find()? };
        for parent in cgroups.places.parents() {
            sweep(parent);
        }
        cgroups.attempt().map_err(|error| error.to_string())?;
        Ok(cgroups)
    }

    /// Makes a group for one slot and puts a process, with what it will start, into it.
    ///
    /// # Errors
    /// When a directory cannot be made or the process not be moved. The error names the file.
    pub fn make(&self, pid: i32) -> io::Result<Group> {
        let group = Group::new(&self.places)?;
        group.add(pid)?;
        Ok(group)
    }

    fn attempt(&self) -> io::Result<()> {
        let mut group = Group::new(&self.places)?;
        // Gone before the group, which waits for its processes.
        let idler = Idler::start()?;
        group.add(idler.pid())?;
        group.begin(64 << 20, 8)?;
        let usage = group.usage()?;
        group.end()?;
        // A group into which the process did not come would limit nothing.
        if usage.tasks != 0 || group.idle_tasks() != 1 {
            let what = "a process that was put into a new cgroup is not counted there";
            return Err(io::Error::other(what));
        }
        Ok(())
    }
}
