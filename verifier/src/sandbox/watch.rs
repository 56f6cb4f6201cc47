//! Sums up memory and processor time over a tree of processes, from outside, by `/proc`.
//!
//! Resource limits bind each process for itself; what many processes use together only shows
//! here. The sums are samples, and never too high: the kernel's own limits catch what happens
//! between two of them, and the wall time bounds what even those do not see.

use std::collections::HashMap;
use std::fs;

/// What a program with all its processes uses at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Usage {
    /// Private and shared anonymous memory, in bytes; pages that are shared count once.
    pub memory: u64,
    /// User and system time, with that of ended processes, in microseconds.
    pub cpu: u64,
    /// Threads.
    pub tasks: u32,
}

/// A process: its number, and when it started, because numbers are given again.
type Process = (i32, u64);

/// Watches what runs in a cell.
#[derive(Debug)]
pub(super) struct Watch {
    /// The cell's first process.
    init: i32,
    /// The program, where it is no child of the cell's first process.
    program: Option<i32>,
    /// The own time of every process that was ever seen, in microseconds.
    ///
    /// A program that ignores its children's end keeps their time out of the kernel's sums; it is
    /// kept here.
    seen: HashMap<Process, u64>,
}

/// The unit of `/proc`'s sizes, in bytes.
const KIB: u64 = 1024;

impl Watch {
    /// A watch over a program with its descendants, and over the descendants of a cell's first
    /// process. That process itself is left out but for the time of its ended children.
    pub fn new(init: i32, program: Option<i32>) -> Self {
        Self { init, program, seen: HashMap::new() }
    }

    /// What they use now. `enough` is the sum of memory above which shared pages are looked at more
    /// closely, which takes the kernel longer.
    pub fn look(&mut self, enough: u64) -> Usage {
        let mut usage =
            Usage { cpu: Times::of(self.init).map_or(0, |t| t.ended), ..Usage::default() };
        let mut pids = descendants(self.init);
        if let Some(program) = self.program {
            pids.push(program);
            pids.extend(descendants(program));
        }
        for &pid in &pids {
            if let Some(times) = Times::of(pid) {
                usage.cpu += times.own + times.ended;
                let seen = self.seen.entry((pid, times.start)).or_default();
                *seen = times.own.max(*seen);
            }
            if let Ok(status) = fs::read_to_string(format!("/proc/{pid}/status")) {
                usage.memory += KIB * (field(&status, "RssAnon:") + field(&status, "RssShmem:"));
                usage.tasks += field(&status, "Threads:") as u32;
            }
        }
        // Each sum may lack what the other has, and none has what was not used.
        usage.cpu = usage.cpu.max(self.seen.values().sum());
        if usage.memory > enough {
            let shared_once: u64 = pids
                .iter()
                .filter_map(|pid| fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok())
                .map(|text| KIB * (field(&text, "Pss_Anon:") + field(&text, "Pss_Shmem:")))
                .sum();
            if shared_once > 0 {
                usage.memory = shared_once;
            }
        }
        usage
    }
}

/// Every descendant of a process, without itself. Empty when `/proc` does not tell.
pub(super) fn descendants(root: i32) -> Vec<i32> {
    let mut found = Vec::new();
    let mut open = vec![root];
    while let Some(pid) = open.pop() {
        let Ok(tasks) = fs::read_dir(format!("/proc/{pid}/task")) else { continue };
        for task in tasks.flatten() {
            let Ok(children) = fs::read_to_string(task.path().join("children")) else { continue };
            for child in children.split_ascii_whitespace().filter_map(|c| c.parse().ok()) {
                found.push(child);
                open.push(child);
            }
        }
        // More than any limit on processes allows: the caller stops the run by then.
        if found.len() > 100_000 {
            break;
        }
    }
    found
}

/// A number of a `Name: 12 kB` table; 0 when it is not there.
fn field(text: &str, name: &str) -> u64 {
    text.lines()
        .find_map(|line| line.strip_prefix(name))
        .and_then(|rest| rest.split_ascii_whitespace().next())
        .and_then(|number| number.parse::<u64>().ok())
        .unwrap_or(0)
}

/// The times of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Times {
    /// Its start, in ticks after the machine's.
    start: u64,
    /// What it used itself, in microseconds.
    own: u64,
    /// What those of its children used that have ended and were waited for, in microseconds.
    ended: u64,
}

impl Times {
    fn of(pid: i32) -> Option<Self> {
        let times = Self::read(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)?;
        // The nanoseconds of the first thread: a process that lives for less than a tick has no
        // other figure.
        let first = fs::read_to_string(format!("/proc/{pid}/schedstat")).unwrap_or_default();
        let first = first.split_ascii_whitespace().next().and_then(|n| n.parse::<u64>().ok());
        Some(Self { own: times.own.max(first.unwrap_or(0) / 1000), ..times })
    }

    /// Reads `/proc/PID/stat`.
    fn read(stat: &str) -> Option<Self> {
        /// What `/proc` counts in, whatever the kernel's tick: 1/100 s.
        const TICK: u64 = 10_000;
        // The name in brackets may hold anything; fields count from behind it, where 3 is the first.
        let (_, rest) = stat.rsplit_once(')')?;
        let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
        let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
        Some(Self {
            start: field(22)?,
            own: TICK * (field(14)? + field(15)?),
            ended: TICK * (field(16)? + field(17)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_behind_any_name() {
        let rest = "S 1 2 3 4 5 6 7 8 9 10 20 22 30 33 20 0 1 0 777 0 0";
        for name in ["python3", "a b", "x) R 1 (y", ""] {
            let times = Times { start: 777, own: 420_000, ended: 630_000 };
            assert_eq!(Times::read(&format!("12 ({name}) {rest}")), Some(times), "{name}");
        }
        assert_eq!(Times::read("12 (short) S 1 2"), None);
        assert_eq!(Times::read(""), None);
    }

    #[test]
    fn tables_are_read_by_name() {
        let text = "Name:\tx\nRssAnon:\t  12 kB\nThreads:\t3\n";
        assert_eq!((field(text, "RssAnon:"), field(text, "Threads:")), (12, 3));
        assert_eq!((field(text, "RssShmem:"), field("RssAnon:\n", "RssAnon:")), (0, 0));
    }
}
