//! This program's side of a run: have a cell made, start the program, drain its pipes, watch, kill,
//! collect.

use std::fs;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{MemfdFlags, SealFlags, SeekFrom, fcntl_add_seals, memfd_create, seek};
use rustix::pipe::{PipeFlags, pipe_with};
use rustix::process::{Signal, pidfd_send_signal};

use super::cgroup::GroupEnd;
use super::collect::collect;
use super::hunt::hunt;
use super::launch::{CommandLine, Identity, NOBODY, rlimits};
use super::message::{Cell, CellFile, Cold, News, Order, Scratch, Wiring};
use super::pool::Turn;
use super::slot::{Blueprint, Slot, failed, hear, in_group};
use super::stage::Failure;
use super::stream::Stream;
use super::watch::{Usage, Watch};
use super::zygote::{Job, Said, What};
use super::{Execution, Exit, Layer, Limit, Limits, Program, ProgramFile, SandboxError, Start};

/// How often memory and processor time are looked at.
const LOOK: Duration = Duration::from_millis(20);
/// How long after the start the first look is.
const FIRST_LOOK: Duration = Duration::from_millis(5);

/// The ends of the pipes to the other of a pair.
pub(super) struct Link {
    pub hear: OwnedFd,
    pub speak: OwnedFd,
}

/// A program that is to be run.
pub(super) struct Task<'a> {
    pub program: &'a Program,
    pub limits: &'a Limits,
    pub link: Option<Link>,
    /// The reading end of a pipe: the program is killed when it has no writer any more.
    pub over: Option<&'a OwnedFd>,
}

/// Runs a program.
pub(super) fn run_in(turn: &Turn, task: Task) -> Result<Execution, SandboxError> {
    task.program.check()?;
    task.limits.check()?;
    turn.with_slot(&task.program.start, |slot, blueprint| run(slot, blueprint, task))
}

/// Runs two programs that speak with each other.
pub(super) fn run_pair(
    turn: &Turn,
    first: (&Program, &Limits),
    second: (&Program, &Limits),
) -> Result<(Execution, Execution), SandboxError> {
    let pipe = || pipe_with(PipeFlags::CLOEXEC).map_err(|e| failed("a pipe")(e.into()));
    let ((hear_first, to_second), (hear_second, to_first)) = (pipe()?, pipe()?);
    let (over, not_over) = pipe()?;
    let first_link = Link { hear: hear_second, speak: to_second };
    let second_link = Link { hear: hear_first, speak: to_first };
    std::thread::scope(|scope| {
        let over = &over;
        let second = scope.spawn(move || {
            let (program, limits) = second;
            run_in(turn, Task { program, limits, link: Some(second_link), over: Some(over) })
        });
        let (program, limits) = first;
        let first = run_in(turn, Task { program, limits, link: Some(first_link), over: None });
        drop(not_over);
        let second = second.join().unwrap_or(Err(SandboxError::Lost));
        Ok((first?, second?))
    })
}

/// Runs a program in a slot.
fn run(slot: &mut Slot, blueprint: &Blueprint, task: Task) -> Result<Execution, SandboxError> {
    // Until all of it has gone, the slot is not fit for another.
    slot.sound = false;
    let (over, limits) = (task.over, task.limits);
    let collected = &task.program.collect;
    if let Some(group) = &mut slot.group {
        // The cell's first process is one more.
        group.begin(limits.memory, limits.processes.saturating_add(1)).map_err(in_group)?;
    }
    let (running, host) = start(slot, blueprint, task)?;
    let execution = Supervisor::new(slot, blueprint, running, limits).supervise(over, collected)?;
    // The program's directory on the host, where there is one, goes after the program.
    drop(host);
    Ok(execution)
}

/// A program that runs.
struct Running {
    cell: CellHandle,
    /// The number of its process, where it is no child of the cell's.
    program: Option<i32>,
    /// Where a fork of the interpreter tells what went wrong before the program.
    told: Option<Stream>,
    stdout: Stream,
    stderr: Stream,
    channel: Option<Stream>,
    scratch: Option<OwnedFd>,
    executable: std::path::PathBuf,
}

/// A cell's first process. With it dies everything in the cell.
struct CellHandle {
    pid: i32,
    pidfd: OwnedFd,
    /// Whether it is the init of a process namespace. Without one its descendants must be hunted.
    is_init: bool,
}

impl CellHandle {
    fn kill(&self) {
        if !self.is_init {
            hunt(self.pid);
        }
        // Fails only for one that has ended.
        let _ = pidfd_send_signal(&self.pidfd, Signal::KILL);
    }
}

impl Drop for CellHandle {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Has a cell made, and starts the program in it. The directory on the host that it gives, where
/// there is no new root, is to be kept until the program has ended.
fn start(
    slot: &mut Slot,
    blueprint: &Blueprint,
    task: Task,
) -> Result<(Running, Option<tempfile::TempDir>), SandboxError> {
    let Task { program, limits, link, .. } = task;
    let holds = |layer| blueprint.layers.contains(&layer);
    let host = match holds(Layer::Mount) {
        true => None,
        false => {
            Some(host_directory(program, blueprint.identity).map_err(failed("its directory"))?)
        }
    };
    let pipe = || pipe_with(PipeFlags::CLOEXEC).map_err(|e| failed("a pipe")(e.into()));
    let reading = |end: OwnedFd| -> Result<Stream, SandboxError> {
        rustix::io::ioctl_fionbio(&end, true).map_err(|e| failed("a pipe")(e.into()))?;
        Ok(Stream::new(end))
    };
    let stdin = memory_file([program.stdin.as_slice()]).map_err(failed("the standard input"))?;
    let (stdout, stdout_end) = pipe()?;
    let (stderr, stderr_end) = pipe()?;
    let channel = program.channel.then(pipe).transpose()?;
    let wiring = Wiring { channel: program.channel, link: link.is_some() };
    let mut given = vec![stdin.as_fd(), stdout_end.as_fd(), stderr_end.as_fd()];
    given.extend(channel.iter().map(|(_, end)| end.as_fd()));
    given.extend(link.iter().flat_map(|l| [l.hear.as_fd(), l.speak.as_fd()]));
    let warm = slot.zygote.is_some() && !matches!(program.start, Start::Command(_));
    let rlimits = match holds(Layer::Rlimits) {
        true => rlimits(limits, blueprint.identity, &program.start),
        false => Vec::new(),
    };
    let command =
        CommandLine::new(&blueprint.python, program, host.as_ref().map(tempfile::TempDir::path))?;
    let executable = command.executable.clone();
    let cell = Cell {
        scratch: holds(Layer::Mount).then(|| Scratch {
            size: limits.scratch,
            inodes: limits.inodes,
            owner: blueprint.identity.owner(&blueprint.layers),
        }),
        files: program.files.iter().map(CellFile::of).collect(),
        start: (!warm).then(|| Cold { command, rlimits: rlimits.clone(), wiring }),
    };
    let contents = memory_file(program.files.iter().map(|f| f.bytes.as_slice()))
        .map_err(failed("the program's files"))?;
    let mut sent = vec![contents.as_fd()];
    if !warm {
        sent.extend(&given);
    }
    slot.order(&Order::Cell(cell), &sent)?;
    let (handle, scratch, ruleset) = await_cell(slot, &executable, holds(Layer::Pid))?;
    let mut program_pid = None;
    let mut told = None;
    if warm {
        let (tell, tell_end) = pipe()?;
        let run = match &program.start {
            Start::Harness(harness) => What::Harness(harness.module()),
            Start::Script(entry) => What::Script(entry),
            Start::Command(_) => return Err(SandboxError::Lost),
        };
        let job = Job {
            run,
            args: &program.args,
            rlimits,
            ruleset: ruleset.is_some(),
            wiring,
            files: Program::DIRECTORY,
            scratch: Program::SCRATCH,
        };
        let mut sent: Vec<BorrowedFd> = vec![handle.pidfd.as_fd(), tell_end.as_fd()];
        sent.extend(ruleset.iter().map(AsFd::as_fd));
        sent.extend(&given);
        program_pid = Some(fork(slot, &job, &sent, &executable)?);
        told = Some(reading(tell)?);
    }
    let running = Running {
        cell: handle,
        program: program_pid,
        told,
        stdout: reading(stdout)?,
        stderr: reading(stderr)?,
        channel: channel.map(|(end, _)| reading(end)).transpose()?,
        scratch,
        executable,
    };
    Ok((running, host))
}

impl CellFile {
    fn of(file: &ProgramFile) -> Self {
        Self {
            name: file.name.clone(),
            length: file.bytes.len() as u64,
            executable: file.executable,
        }
    }
}

/// Waits until a cell is ready: gives its first process, its scratch and its ruleset.
fn await_cell(
    slot: &Slot,
    executable: &Path,
    is_init: bool,
) -> Result<(CellHandle, Option<OwnedFd>, Option<OwnedFd>), SandboxError> {
    let mut handle = None;
    loop {
        let (news, descriptors) = slot.news()?;
        let mut descriptors = descriptors.into_iter();
        match news {
            News::Born { pid } => {
                let pidfd = descriptors.next().ok_or(SandboxError::Lost)?;
                handle = Some(CellHandle { pid, pidfd, is_init });
            }
            News::Ready { scratch, ruleset } => {
                let handle = handle.ok_or(SandboxError::Lost)?;
                let scratch = if scratch { descriptors.next() } else { None };
                let ruleset = if ruleset { descriptors.next() } else { None };
                return Ok((handle, scratch, ruleset));
            }
            News::Failed(failure) => return Err(failure.explain(executable)),
            _ => return Err(SandboxError::Lost),
        }
    }
}

/// Has the warm interpreter fork: gives the number of the fork.
fn fork(
    slot: &Slot,
    job: &Job,
    descriptors: &[BorrowedFd],
    executable: &Path,
) -> Result<i32, SandboxError> {
    let zygote = slot.zygote.as_ref().ok_or(SandboxError::Lost)?;
    super::wire::send(&zygote.line, job, descriptors)
        .map_err(failed("a job for the interpreter"))?;
    match hear(&zygote.line)?.0 {
        Said::Forked(pid) => {
            // When memory runs out, it goes before the interpreter that it is a fork of. Where that
            // may not be said, the larger of both goes.
            let _ = fs::write(format!("/proc/{pid}/oom_score_adj"), "1000");
            Ok(pid)
        }
        Said::Failed(failure) => Err(failure.explain(executable)),
        _ => Err(SandboxError::Lost),
    }
}

/// A file of memory that can be read and never changed.
fn memory_file<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> io::Result<OwnedFd> {
    let file = memfd_create("lehr", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
    for mut rest in parts {
        while !rest.is_empty() {
            let written = rustix::io::write(&file, rest)?;
            rest = rest.get(written..).unwrap_or_default();
        }
    }
    seek(&file, SeekFrom::Start(0))?;
    let never = SealFlags::SEAL | SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE;
    fcntl_add_seals(&file, never)?;
    Ok(file)
}

/// The program's files on the host, for where there is no new root.
fn host_directory(program: &Program, who: Identity) -> io::Result<tempfile::TempDir> {
    let dir = tempfile::TempDir::new()?;
    let (files, scratch) = (dir.path().join("program"), dir.path().join("scratch"));
    fs::create_dir(&files)?;
    fs::create_dir(&scratch)?;
    // The caller's umask may keep others out, and the program may be one of them.
    let open_up = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode));
    let harness = match program.start {
        Start::Harness(harness) => {
            Some(ProgramFile::new(format!("{}.py", harness.module()), harness.source()))
        }
        _ => None,
    };
    for file in program.files.iter().chain(&harness) {
        let path = files.join(&file.name);
        fs::write(&path, &file.bytes)?;
        open_up(&path, if file.executable { 0o555 } else { 0o444 })?;
    }
    open_up(dir.path(), 0o755)?;
    open_up(&files, 0o755)?;
    if who != Identity::Kept {
        std::os::unix::fs::chown(&scratch, Some(NOBODY), Some(NOBODY))?;
    }
    Ok(dir)
}

struct Supervisor<'a> {
    slot: &'a mut Slot,
    limits: &'a Limits,
    running: Running,
    watch: Option<Watch>,
    start: Instant,
    limit: Option<Limit>,
    output: usize,
    results: usize,
    peak: Option<u64>,
    /// Processor time by the kernel's account of what has ended.
    cpu: Duration,
    /// Processor time as the watch saw it.
    seen_cpu: Duration,
    crowded: bool,
    /// The wait status of the program, once it has ended.
    status: Option<i32>,
    /// Whether the cell is gone, and all in it.
    gone: bool,
}

impl<'a> Supervisor<'a> {
    fn new(
        slot: &'a mut Slot,
        blueprint: &Blueprint,
        running: Running,
        limits: &'a Limits,
    ) -> Self {
        let watched = blueprint.layers.contains(&Layer::Watch);
        Self {
            watch: watched.then(|| Watch::new(running.cell.pid, running.program)),
            slot,
            limits,
            running,
            start: Instant::now(),
            limit: None,
            output: 0,
            results: 0,
            peak: None,
            cpu: Duration::ZERO,
            seen_cpu: Duration::ZERO,
            crowded: false,
            status: None,
            gone: false,
        }
    }

    fn supervise(
        mut self,
        over: Option<&OwnedFd>,
        collected: &[String],
    ) -> Result<Execution, SandboxError> {
        let mut next_look = self.start + FIRST_LOOK;
        let mut killed = false;
        while self.status.is_none() && !self.gone {
            let now = Instant::now();
            if now - self.start >= self.limits.wall {
                self.limit = Some(Limit::Wall);
            } else if now >= next_look {
                self.look()?;
                next_look = now + LOOK;
            }
            if self.limit.is_some() {
                killed = true;
                break;
            }
            let until = next_look.min(self.start + self.limits.wall);
            if self.wait(until.saturating_duration_since(now), over)? {
                killed = true;
                break;
            }
            self.drain();
        }
        let wall = self.start.elapsed();
        self.clear()?;
        // Every writer is dead: what is left in the pipes is all there is.
        self.drain();
        self.finish(wall, killed, collected)
    }

    /// Kills what is left, and waits until it is gone.
    fn clear(&mut self) -> Result<(), SandboxError> {
        self.running.cell.kill();
        while self.running.program.is_some() && self.status.is_none() {
            self.hear_zygote()?;
        }
        while !self.gone {
            self.hear_warden()?;
        }
        self.slot.sound = true;
        Ok(())
    }

    /// Waits until a pipe has something, the program has ended, or the time is up; `true` when the
    /// other program is over.
    fn wait(&mut self, most: Duration, over: Option<&OwnedFd>) -> Result<bool, SandboxError> {
        let ending = match (&self.slot.zygote, self.running.program) {
            (Some(zygote), Some(_)) => &zygote.line,
            _ => self.slot.line(),
        };
        let mut polled = vec![PollFd::new(ending, PollFlags::IN)];
        let running = &self.running;
        let streams = [&running.stdout, &running.stderr].into_iter();
        let streams = streams.chain(&running.channel).filter(|s| s.open);
        polled.extend(streams.map(|s| PollFd::new(&s.end, PollFlags::IN)));
        let places = polled.len();
        polled.extend(over.map(|end| PollFd::new(end, PollFlags::IN)));
        let timeout =
            Timespec { tv_sec: most.as_secs() as i64, tv_nsec: i64::from(most.subsec_nanos()) };
        match poll(&mut polled, Some(&timeout)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(failed("the wait")(error.into())),
        }
        let ended = !polled[0].revents().is_empty();
        let is_over = polled.get(places).is_some_and(|end| !end.revents().is_empty());
        if ended {
            match self.running.program {
                Some(_) => self.hear_zygote()?,
                None => self.hear_warden()?,
            }
        }
        Ok(is_over && self.status.is_none())
    }

    fn hear_zygote(&mut self) -> Result<(), SandboxError> {
        let zygote = self.slot.zygote.as_ref().ok_or(SandboxError::Lost)?;
        match hear(&zygote.line)?.0 {
            Said::Ended { status, cpu } => {
                self.status = Some(status);
                self.cpu += Duration::from_micros(cpu);
                Ok(())
            }
            _ => Err(SandboxError::Lost),
        }
    }

    fn hear_warden(&mut self) -> Result<(), SandboxError> {
        match self.slot.news()?.0 {
            News::Ended { status } => self.status = Some(status),
            News::Gone { cpu } => {
                self.cpu += cpu;
                self.gone = true;
            }
            _ => return Err(SandboxError::Lost),
        }
        Ok(())
    }

    fn drain(&mut self) {
        let running = &mut self.running;
        for stream in [&mut running.stdout, &mut running.stderr] {
            self.output += stream.drain(self.limits.output.saturating_sub(self.output));
        }
        if let Some(channel) = &mut running.channel {
            self.results += channel.drain(self.limits.results.saturating_sub(self.results));
        }
        if self.output > self.limits.output {
            self.limit.get_or_insert(Limit::Output);
        }
        if self.results > self.limits.results {
            self.limit.get_or_insert(Limit::Results);
        }
    }

    fn look(&mut self) -> Result<(), SandboxError> {
        let usage = match (&self.slot.group, &mut self.watch) {
            (Some(group), _) => {
                let usage = group.usage().map_err(in_group)?;
                Usage { tasks: usage.tasks.saturating_sub(1), ..usage }
            }
            (None, Some(watch)) => watch.look(self.limits.memory),
            (None, None) => return Ok(()),
        };
        if usage.memory > 0 {
            self.peak = self.peak.max(Some(usage.memory));
        }
        let cpu = Duration::from_micros(usage.cpu);
        self.crowded |= usage.tasks >= self.limits.processes;
        if usage.memory > self.limits.memory {
            self.limit = Some(Limit::Memory);
        } else if cpu > self.limits.cpu {
            self.limit = Some(Limit::Cpu);
        } else if usage.tasks > self.limits.processes {
            // The kernel lets none be started above its limit; where that does not bind, this does.
            self.limit = Some(Limit::Processes);
        }
        self.seen_cpu = self.seen_cpu.max(cpu);
        Ok(())
    }

    fn finish(
        mut self,
        wall: Duration,
        killed: bool,
        collected: &[String],
    ) -> Result<Execution, SandboxError> {
        if let Some(told) = &mut self.running.told {
            told.drain(1 << 10);
            if !told.bytes.is_empty() {
                let failure: Failure =
                    serde_json::from_slice(&told.bytes).map_err(|_| SandboxError::Lost)?;
                return Err(failure.explain(&self.running.executable));
            }
        }
        let end = match &self.slot.group {
            Some(group) => group.end().map_err(in_group)?,
            None => GroupEnd::default(),
        };
        if end.peak_memory > 0 {
            self.peak = self.peak.max(Some(end.peak_memory));
        }
        let cpu = match &self.slot.group {
            Some(_) => Duration::from_micros(end.cpu),
            None => self.cpu.max(self.seen_cpu),
        };
        let exit = match self.status {
            _ if killed => Exit::Killed,
            None => return Err(SandboxError::Lost),
            Some(status) => exit_of(status),
        };
        let mut limit = self.limit;
        if limit.is_none() && !killed {
            limit = match exit {
                Exit::Signal(libc::SIGXCPU) => Some(Limit::Cpu),
                Exit::Signal(libc::SIGXFSZ) => Some(Limit::FileSize),
                _ if cpu > self.limits.cpu => Some(Limit::Cpu),
                Exit::Code(0) => None,
                _ if end.out_of_memory => Some(Limit::Memory),
                _ if end.starved => return Err(SandboxError::Lost),
                _ => self.limit_behind(end.denied_fork),
            };
        }
        let running = &mut self.running;
        let files = match &running.scratch {
            Some(scratch) => collect(scratch, collected, self.limits.scratch),
            None => Vec::new(),
        };
        Ok(Execution {
            exit,
            limit,
            stdout: std::mem::take(&mut running.stdout.bytes),
            stderr: std::mem::take(&mut running.stderr.bytes),
            results: running.channel.take().map_or(Vec::new(), |channel| channel.bytes),
            files,
            cpu,
            wall,
            peak_memory: self.peak,
        })
    }

    /// The limit that made a program fail, when one did.
    fn limit_behind(&self, denied_fork: bool) -> Option<Limit> {
        let said = super::limit_behind(last_line(&self.running.stderr.bytes).as_str());
        match said {
            // To a program both are a device without space.
            None | Some(Limit::Scratch) => {
                let processes = (self.crowded || denied_fork).then_some(Limit::Processes);
                processes.filter(|_| said.is_none()).or_else(|| self.full()).or(said)
            }
            said => said,
        }
    }

    /// The limit on the scratch that leaves no room for anything more.
    fn full(&self) -> Option<Limit> {
        let space = rustix::fs::fstatfs(self.running.scratch.as_ref()?).ok()?;
        match (space.f_ffree, space.f_bfree) {
            (0, _) => Some(Limit::Inodes),
            (_, 0) => Some(Limit::Scratch),
            _ => None,
        }
    }
}

fn exit_of(status: i32) -> Exit {
    if libc::WIFSIGNALED(status) {
        Exit::Signal(libc::WTERMSIG(status))
    } else {
        Exit::Code(libc::WEXITSTATUS(status))
    }
}

fn last_line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.lines().rfind(|l| !l.trim().is_empty()).unwrap_or("").to_owned()
}
