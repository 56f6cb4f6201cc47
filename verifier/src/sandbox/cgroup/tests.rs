//! Groups on this machine's own cgroups. Where none can be made, that is what is tested.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::*;

const MIB: u64 = 1 << 20;

/// Where groups can be made; else the reason is held to be one.
fn cgroups() -> Option<Cgroups> {
    match Cgroups::find() {
        Ok(cgroups) => Some(cgroups),
        Err(why) => {
            eprintln!("no groups can be made here: {why}");
            let known = ["cgroup", "/proc/"].iter().any(|word| why.contains(word));
            assert!(known && why.len() > 20, "no reason: {why:?}");
            None
        }
    }
}

/// A shell in a group of its own, which starts jobs as a warm interpreter does: by forking.
struct Slot {
    // Dropped first, so that the group goes when its processes have.
    shell: Shell,
    group: Group,
}

struct Shell {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Drop for Shell {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Slot {
    fn new(cgroups: &Cgroups) -> Self {
        let mut child = Command::new("/bin/sh")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let shell = Shell { child, stdin, stdout: BufReader::new(stdout) };
        let group = cgroups.make(shell.child.id() as i32).unwrap();
        let mut slot = Self { shell, group };
        // What a shell needs once is not a job's.
        slot.job("( : )");
        slot
    }

    /// Has the shell run a line in a child that the kernel kills first when memory is short.
    fn job_apart(&mut self, line: &str) {
        self.job(&format!("( echo 1000 > /proc/self/oom_score_adj; {line} )"));
    }

    /// Has the shell run a line, to its end.
    fn job(&mut self, line: &str) {
        writeln!(self.shell.stdin, "{line}\necho done").unwrap();
        let mut answer = String::new();
        self.shell.stdout.read_line(&mut answer).unwrap();
        assert_eq!(answer, "done\n", "the slot lives on after {line}");
    }

    /// Kills every process of the group but the shell.
    fn sweep(&mut self) {
        let procs = self.group.directories()[0].join("cgroup.procs");
        let others = || {
            let text = fs::read_to_string(&procs).unwrap();
            let pids = text.lines().map(|l| l.parse::<u32>().unwrap());
            pids.filter(|&pid| pid != self.shell.child.id()).collect::<Vec<_>>()
        };
        while let [first, ..] = others()[..] {
            let pid = rustix::process::Pid::from_raw(first as i32).unwrap();
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        // The shell takes note of them; else they would stay as zombies and count.
        self.job("wait");
    }
}

#[test]
fn a_job_is_measured_from_what_the_idle_slot_uses() {
    let Some(cgroups) = cgroups() else { return };
    let mut slot = Slot::new(&cgroups);
    for round in 0..3 {
        slot.group.begin(256 * MIB, 16).unwrap();
        let idle = slot.group.usage().unwrap();
        assert!(idle.memory < 2 * MIB && idle.tasks == 0, "{round}: {idle:?}");
        slot.job("dd if=/dev/zero of=/dev/null bs=48M count=3");
        slot.job("sleep 60 & sleep 60 &");
        let busy = slot.group.usage().unwrap();
        assert_eq!(busy.tasks, 2, "{round}: {busy:?}");
        slot.sweep();
        let end = slot.group.end().unwrap();
        assert!(!end.out_of_memory && !end.starved && !end.denied_fork, "{round}: {end:?}");
        assert!(end.cpu > 0 && end.cpu >= busy.cpu, "{round}: {end:?}");
        assert!(end.peak_memory < 64 * MIB, "{round}: {end:?}");
        // Where the kernel does not tell each job's peak, only looks do, and none was at it.
        if slot.group.tells_peaks() {
            assert!(end.peak_memory >= 47 * MIB, "{round}: {end:?}");
        }
    }
}

#[test]
fn a_job_over_its_memory_is_killed_and_the_next_is_not() {
    let Some(cgroups) = cgroups() else { return };
    let mut slot = Slot::new(&cgroups);
    for round in 0..3 {
        slot.group.begin(32 * MIB, 16).unwrap();
        slot.job_apart("dd if=/dev/zero of=/dev/null bs=128M count=1");
        let end = slot.group.end().unwrap();
        assert!(end.out_of_memory && !end.starved, "{round}: {end:?}");
        assert!(end.peak_memory <= 32 * MIB, "{round}: {end:?}");
        // The limit changes from job to job.
        slot.group.begin(256 * MIB, 16).unwrap();
        slot.job_apart("dd if=/dev/zero of=/dev/null bs=128M count=1");
        let end = slot.group.end().unwrap();
        assert!(!end.out_of_memory && !end.starved && !end.denied_fork, "{round}: {end:?}");
    }
}

#[test]
fn a_job_can_start_as_many_tasks_as_it_may() {
    let Some(cgroups) = cgroups() else { return };
    let mut slot = Slot::new(&cgroups);
    for (limit, started, denied) in [(4, 3, false), (4, 4, true), (9, 8, false), (2, 9, true)] {
        slot.group.begin(64 * MIB, limit).unwrap();
        // The subshell is one of them, and gives up where it may start no more.
        slot.job(&format!("( for i in $(seq {started}); do sleep 60 & done )"));
        let usage = slot.group.usage().unwrap();
        assert!(usage.tasks < limit, "{usage:?}");
        slot.sweep();
        assert_eq!(slot.group.end().unwrap().denied_fork, denied, "{limit} {started}");
    }
}

#[test]
fn copies_of_files_do_not_count_but_files_in_memory_do() {
    let Some(cgroups) = cgroups() else { return };
    let mut slot = Slot::new(&cgroups);
    let sparse = tempfile::NamedTempFile::new().unwrap();
    sparse.as_file().set_len(96 * MIB).unwrap();
    slot.group.begin(24 * MIB, 16).unwrap();
    slot.job(&format!("cat {} > /dev/null", sparse.path().display()));
    let usage = slot.group.usage().unwrap();
    assert!(usage.memory < 8 * MIB, "{usage:?}");
    let end = slot.group.end().unwrap();
    assert!(!end.out_of_memory && !end.starved, "{end:?}");

    let shm = Path::new("/dev/shm");
    let Ok(file) = tempfile::NamedTempFile::new_in(shm) else {
        assert!(!shm.exists(), "a tmpfs that cannot be written");
        return;
    };
    let fill = format!("dd if=/dev/zero of={} bs=64k count=", file.path().display());
    slot.group.begin(64 * MIB, 16).unwrap();
    slot.job_apart(&format!("{fill}320"));
    let usage = slot.group.usage().unwrap();
    assert!((18 * MIB..32 * MIB).contains(&usage.memory), "{usage:?}");
    assert!(!slot.group.end().unwrap().out_of_memory);
    fs::write(file.path(), "").unwrap();
    slot.group.begin(16 * MIB, 16).unwrap();
    slot.job_apart(&format!("{fill}1600"));
    assert!(slot.group.end().unwrap().out_of_memory);
}

#[test]
fn a_limit_that_has_not_changed_is_not_set_again() {
    let Some(cgroups) = cgroups() else { return };
    let mut slot = Slot::new(&cgroups);
    let limits = |slot: &Slot| {
        let read = |name: &str| {
            let directories = slot.group.directories().iter();
            directories.filter_map(|d| fs::read_to_string(d.join(name)).ok()).collect::<String>()
        };
        (read("memory.limit_in_bytes") + &read("memory.max"), read("pids.max"))
    };
    slot.group.begin(100 * MIB, 10).unwrap();
    let first = limits(&slot);
    let bytes: u64 = first.0.trim().parse().unwrap();
    assert!((100 * MIB..140 * MIB).contains(&bytes), "{first:?}");
    for (memory, processes, same) in [(100, 10, true), (300, 10, false), (100, 20, false)] {
        slot.job("( : )");
        slot.group.begin(memory * MIB, processes).unwrap();
        assert_eq!(limits(&slot) == first, same, "{memory} {processes}");
    }
}

#[test]
fn groups_go_when_they_are_dropped_or_their_program_is_dead() {
    let Some(cgroups) = cgroups() else { return };
    let slot = Slot::new(&cgroups);
    let directories = slot.group.directories().to_vec();
    assert!(directories.iter().all(|d| d.join("cgroup.procs").exists()));
    drop(slot);
    assert!(directories.iter().all(|d| !d.exists()), "{directories:?}");

    let stale = directories[0].with_file_name(format!("lehr-{}-0", i32::MAX));
    fs::create_dir(&stale).unwrap();
    Cgroups::find().unwrap();
    assert!(!stale.exists());
}

#[test]
fn a_process_that_is_gone_is_an_error_and_leaves_nothing() {
    let Some(cgroups) = cgroups() else { return };
    let mut child = Command::new("/bin/sh").args(["-c", ":"]).spawn().unwrap();
    let pid = child.id() as i32;
    child.wait().unwrap();
    let error = cgroups.make(pid).unwrap_err().to_string();
    assert!(error.contains("cgroup.procs") && error.contains("is gone"), "{error}");
}
