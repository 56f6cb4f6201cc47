use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use super::control::{Control, field};
use super::directories::Directories;
use super::memory::{Memory, Shortages};
use super::places::{Place, Places};
use super::v1::V1Memory;
use super::v2::V2Memory;
use crate::sandbox::watch::Usage;

/// How much more than asked a limit may let through, so that it need not be set for every job: what
/// an idle slot holds is never quite the same. The kernel itself counts in steps of some 100 KiB.
const SLACK: u64 = 1 << 20;

/// How much more an idle slot may hold than it once did before the kernel is made to take back what
/// it can. Only v1 needs it, whose figures do not tell which kernel objects are reclaimable: jobs
/// could make them grow without end.
const GROWTH: u64 = 32 << 20;

/// The cgroup of one slot. Removed when dropped, once its processes are gone, for whose end the
/// drop waits for up to half a second.
#[derive(Debug)]
pub(in super::super) struct Group {
    processes: Vec<Control>,
    memory: Box<dyn Memory>,
    pids: Pids,
    cpu: Cpu,
    /// The limits that are set: bytes and tasks.
    set: (Option<u64>, Option<u64>),
    /// What an idle slot held when the kernel was last made to take back what it can.
    trimmed: Option<u64>,
    before: Before,
    /// The most memory that a look found during this job, above `before`, in bytes.
    seen: AtomicU64,
    // Last, so that nothing of it is open when it goes.
    directories: Directories,
}

/// What held when the job began.
#[derive(Clone, Copy, Debug, Default)]
struct Before {
    /// Bytes that are not reclaimable.
    memory: u64,
    /// Most bytes for the job.
    limit: u64,
    shortages: Shortages,
    tasks: u64,
    denied: u64,
    cpu: u64,
}

/// What a job has used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct GroupEnd {
    /// The most memory at once, in bytes: as the kernel counted it where it does, else the most
    /// that [`Group::usage`] found. Rather too low than too high where files were read too.
    pub peak_memory: u64,
    /// Processor time, in microseconds; the slot's own for this job counts.
    pub cpu: u64,
    /// The limit on memory killed a process or made it fail.
    pub out_of_memory: bool,
    /// The kernel killed a process though the job was within its limit: the machine, or a group
    /// above, had no memory left. Says nothing about the job.
    pub starved: bool,
    /// A process or thread could not be started for the limit on them.
    pub denied_fork: bool,
}

impl Group {
    /// Makes a group without limits or processes.
    pub(super) fn new(places: &Places) -> io::Result<Self> {
        let directories = Directories::make(&places.parents())?;
        let at = |place: &Place| {
            let found = directories.paths().iter().find(|d| d.parent() == Some(&place.parent));
            found.cloned().unwrap_or_else(|| place.parent.clone())
        };
        let (memory, pids, cpu) = (at(&places.memory), at(&places.pids), at(&places.cpu));
        let processes = directories.paths().iter();
        Ok(Self {
            processes: processes
                .map(|d| Control::write_only(d, "cgroup.procs"))
                .collect::<io::Result<_>>()?,
            memory: if places.memory.is_v1 {
                Box::new(V1Memory::open(&memory)?)
            } else {
                Box::new(V2Memory::open(&memory)?)
            },
            pids: Pids::open(&pids)?,
            cpu: Cpu::open(&cpu, places.cpu.is_v1)?,
            set: (None, None),
            trimmed: None,
            before: Before::default(),
            seen: AtomicU64::new(0),
            directories,
        })
    }

    /// Puts another process, with what it will start, into the group.
    ///
    /// # Errors
    /// When the process is gone, or this user may not move it.
    pub fn add(&self, pid: i32) -> io::Result<()> {
        self.processes.iter().try_for_each(|processes| processes.set(pid))
    }

    /// Before a job: sets its limits, in bytes and tasks, above what the idle slot uses now, and
    /// begins to count. Every task that the slot starts for the job counts for the job.
    ///
    /// # Errors
    /// When a file cannot be read or written: the job must not run then.
    pub fn begin(&mut self, memory: u64, processes: u32) -> io::Result<()> {
        let held = self.idle_memory()?;
        let least = held.saturating_add(memory);
        if self.set.0.is_none_or(|set| set < least || set > least.saturating_add(SLACK)) {
            let limit = least.saturating_add(SLACK / 2);
            self.set.0 = None;
            self.memory.limit(limit)?;
            self.set.0 = Some(limit);
        }
        let tasks = self.pids.current.number()?;
        let most = tasks + u64::from(processes);
        if self.set.1 != Some(most) {
            self.set.1 = None;
            self.pids.max.set(most)?;
            self.set.1 = Some(most);
        }
        self.memory.restart_peak()?;
        self.seen.store(0, Ordering::Relaxed);
        self.before = Before {
            memory: held,
            limit: memory,
            shortages: self.memory.shortages()?,
            tasks,
            denied: self.pids.denied()?,
            cpu: self.cpu.used()?,
        };
        Ok(())
    }

    /// What the job uses now, without what the idle slot does. Copies of files on disks, which the
    /// kernel takes back when it is short, are left out.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn usage(&self) -> io::Result<Usage> {
        let memory = self.memory.level()?.held().saturating_sub(self.before.memory);
        self.seen.fetch_max(memory, Ordering::Relaxed);
        let tasks = self.pids.current.number()?.saturating_sub(self.before.tasks);
        Ok(Usage {
            memory,
            cpu: self.cpu.used()?.saturating_sub(self.before.cpu),
            tasks: u32::try_from(tasks).unwrap_or(u32::MAX),
        })
    }

    /// Whether the limit on memory has killed a process of the job, or made it fail.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn is_out_of_memory(&self) -> io::Result<bool> {
        Ok(self.memory.shortages()?.hit_limit(self.before.shortages))
    }

    /// After the job, when its processes are gone: what it has used, and which limits it met.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn end(&self) -> io::Result<GroupEnd> {
        let now = self.memory.level()?;
        // The kernel counts file copies with the rest. No more of them than are there now were
        // there at the peak, unless the kernel has taken some back, which it does at the limit.
        let above = self.before.memory.saturating_add(now.reclaimable);
        let peak = self.memory.peak()?.map_or(0, |peak| peak.saturating_sub(above));
        let seen = self.seen.load(Ordering::Relaxed);
        let shortages = self.memory.shortages()?;
        Ok(GroupEnd {
            peak_memory: peak.min(self.before.limit).max(seen),
            cpu: self.cpu.used()?.saturating_sub(self.before.cpu),
            out_of_memory: shortages.hit_limit(self.before.shortages),
            starved: shortages.hit_from_above(self.before.shortages),
            denied_fork: self.pids.denied()? > self.before.denied,
        })
    }

    /// The tasks of the idle slot when the last job began.
    pub(super) fn idle_tasks(&self) -> u64 {
        self.before.tasks
    }

    /// The directories, one in each hierarchy.
    #[cfg(test)]
    pub(super) fn directories(&self) -> &[std::path::PathBuf] {
        self.directories.paths()
    }

    /// Whether the kernel tells each job's peak of memory, and not only what looks found.
    #[cfg(test)]
    pub(super) fn tells_peaks(&self) -> bool {
        self.memory.tells_peaks()
    }

    /// What the idle slot holds, in bytes, once what grew without need is given back.
    fn idle_memory(&mut self) -> io::Result<u64> {
        let held = self.memory.level()?.held();
        match self.trimmed {
            Some(before) if held <= before.saturating_add(GROWTH) => {
                self.trimmed = Some(before.min(held));
                Ok(held)
            }
            None => {
                self.trimmed = Some(held);
                Ok(held)
            }
            Some(_) => {
                self.memory.trim();
                let held = self.memory.level()?.held();
                self.trimmed = Some(held);
                Ok(held)
            }
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.directories.wait();
        // What is charged to a removed group keeps it in the kernel, out of sight.
        self.memory.trim();
    }
}

/// The limit on tasks, the same in v1 and v2.
#[derive(Debug)]
struct Pids {
    current: Control,
    max: Control,
    events: Control,
}

impl Pids {
    fn open(group: &Path) -> io::Result<Self> {
        Ok(Self {
            current: Control::read(group, "pids.current")?,
            max: Control::write(group, "pids.max")?,
            events: Control::read(group, "pids.events")?,
        })
    }

    /// How often a task was refused.
    fn denied(&self) -> io::Result<u64> {
        self.events.field("max")
    }
}

/// The processor time of a group.
#[derive(Debug)]
struct Cpu {
    file: Control,
    is_v1: bool,
}

impl Cpu {
    fn open(group: &Path, is_v1: bool) -> io::Result<Self> {
        let name = if is_v1 { "cpuacct.usage" } else { "cpu.stat" };
        Ok(Self { file: Control::read(group, name)?, is_v1 })
    }

    /// What its processes used so far, in microseconds.
    fn used(&self) -> io::Result<u64> {
        if self.is_v1 {
            return self.file.number().map(|nanoseconds| nanoseconds / 1000);
        }
        self.file.with(|text| field(text, "usage_usec"))
    }
}
