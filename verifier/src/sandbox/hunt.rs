//! Killing what a program left behind, where there is no process namespace that would do it.

use std::collections::BTreeSet;
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use super::watch::descendants;

/// Kills every descendant of a process that adopts its orphans.
///
/// They are stopped before any is killed: who is stopped still counts against the limit on
/// processes, so that a program which forks faster than it is killed cannot fill its ranks again.
pub(super) fn hunt(root: i32) {
    const ROUNDS: usize = 1000;
    let mut known = BTreeSet::new();
    for _ in 0..ROUNDS {
        let found = signal_descendants(root, Signal::STOP);
        if found == known {
            break;
        }
        known = found;
    }
    for _ in 0..ROUNDS {
        if signal_descendants(root, Signal::KILL).is_empty() {
            break;
        }
        // The killed take a moment to go, and their orphans to be adopted.
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Sends a signal to every descendant, and gives back who they are.
///
/// A number may pass to a stranger between the look and the signal. So each process is held by a
/// descriptor first, and only those get the signal that are descendants even then.
fn signal_descendants(root: i32, signal: Signal) -> BTreeSet<i32> {
    let hold = |pid| Some((pid, pidfd_open(Pid::from_raw(pid)?, PidfdFlags::empty()).ok()?));
    let held: Vec<(i32, OwnedFd)> = descendants(root).into_iter().filter_map(hold).collect();
    let found: BTreeSet<i32> = descendants(root).into_iter().collect();
    for (_, pidfd) in held.iter().filter(|(pid, _)| found.contains(pid)) {
        // Fails only for one that has ended.
        let _ = pidfd_send_signal(pidfd, signal);
    }
    found
}
