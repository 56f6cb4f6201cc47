//! Sums up memory and processor time over a tree of processes, from outside, by `/proc`.
//!
//! Resource limits bind each process for itself; what many processes use together only shows
//! here. The sums are samples: the kernel's own limits catch what happens between two of them.

use std::fs;

/// What a tree of processes used at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Usage {
    /// Private and shared anonymous memory, in bytes; pages that are shared count once.
    pub memory: u64,
    /// User and system time, with that of ended children, in microseconds.
    pub cpu: u64,
    /// Threads.
    pub tasks: u32,
}

/// The unit of `/proc`'s sizes, in bytes.
const KIB: u64 = 1024;

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

/// What the descendants of a process use. The process itself, a copy of the caller, is left out
/// but for the time of its ended children. `enough` is the sum above which shared pages are
/// looked at more closely, which takes the kernel longer.
pub(super) fn usage(root: i32, enough: u64) -> Usage {
    let mut usage = Usage { cpu: cpu_of(root, false), ..Usage::default() };
    let pids = descendants(root);
    for &pid in &pids {
        usage.cpu += cpu_of(pid, true);
        if let Ok(status) = fs::read_to_string(format!("/proc/{pid}/status")) {
            usage.memory += KIB * (field(&status, "RssAnon:") + field(&status, "RssShmem:"));
            usage.tasks += field(&status, "Threads:") as u32;
        }
    }
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

/// A number of a `Name: 12 kB` table; 0 when it is not there.
fn field(text: &str, name: &str) -> u64 {
    text.lines()
        .find_map(|line| line.strip_prefix(name))
        .and_then(|rest| rest.split_ascii_whitespace().next())
        .and_then(|number| number.parse::<u64>().ok())
        .unwrap_or(0)
}

/// Microseconds of a process and of its ended children; of the latter alone without `own`.
fn cpu_of(pid: i32, own: bool) -> u64 {
    /// What `/proc` counts in, whatever the kernel's tick: 1/100 s.
    const TICK: u64 = 10_000;
    let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else { return 0 };
    // The name in brackets may hold anything; fields count from behind it, where 3 is the first.
    let Some((_, rest)) = stat.rsplit_once(')') else { return 0 };
    let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
    let time =
        |number: usize| fields.get(number - 3).and_then(|f| f.parse::<u64>().ok()).unwrap_or(0);
    let ended = time(16) + time(17);
    TICK * if own { time(14) + time(15) + ended } else { ended }
}
