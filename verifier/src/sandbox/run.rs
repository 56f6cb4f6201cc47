//! The parent's side of a run: start the child, drain its pipes, watch, kill, collect.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pipe::{PipeFlags, pipe_with};

use super::setup::{Identity, NOBODY, Setup, identity};
use super::spawn::{Child, Ends, Link, failed};
use super::stage::{End, Failure};
use super::watch::Watch;
use super::{
    Execution, Exit, Layer, Limit, Limits, Program, ProgramFile, Python, SandboxError, Start,
};

/// How often memory and processor time are looked at.
const LOOK: Duration = Duration::from_millis(20);
/// How long after the start the first look is.
const FIRST_LOOK: Duration = Duration::from_millis(5);

pub(super) fn run(
    layers: &BTreeSet<Layer>,
    python: &Python,
    program: &Program,
    limits: &Limits,
) -> Result<Execution, SandboxError> {
    run_linked(layers, python, program, limits, None, None)
}

pub(super) fn run_pair(
    layers: &BTreeSet<Layer>,
    python: &Python,
    first: (&Program, &Limits),
    second: (&Program, &Limits),
) -> Result<(Execution, Execution), SandboxError> {
    let pipe = || pipe_with(PipeFlags::CLOEXEC).map_err(|e| failed("a pipe")(e.into()));
    let (to_second, to_first, over) = (pipe()?, pipe()?, pipe()?);
    let links = [
        Link { hear: to_first.0, speak: to_second.1 },
        Link { hear: to_second.0, speak: to_first.1 },
    ];
    let [first_link, second_link] = links;
    std::thread::scope(|scope| {
        let second = scope.spawn(move || {
            run_linked(layers, python, second.0, second.1, Some(second_link), Some(&over.0))
        });
        let first = run_linked(layers, python, first.0, first.1, Some(first_link), None);
        drop(over.1);
        let second = second.join().unwrap_or(Err(SandboxError::Lost));
        Ok((first?, second?))
    })
}

/// Runs a program. It is killed when `over`, the reading end of a pipe, has no writer any more.
fn run_linked(
    layers: &BTreeSet<Layer>,
    python: &Python,
    program: &Program,
    limits: &Limits,
    link: Option<Link>,
    over: Option<&OwnedFd>,
) -> Result<Execution, SandboxError> {
    let mut with_harness = program.clone();
    if let Start::Harness(harness) = program.start {
        let file = ProgramFile::new(format!("{}.py", harness.module()), harness.source());
        with_harness.files.push(file);
    }
    let program = &with_harness;
    program.check()?;
    limits.check()?;
    let host_dir = match layers.contains(&Layer::Mount) {
        true => None,
        false => Some(host_directory(program, identity(layers)).map_err(failed("its directory"))?),
    };
    let host_path = host_dir.as_ref().map(tempfile::TempDir::path);
    let setup = Setup::new(layers, python, program, limits, host_path, link.is_some())?;
    let stdin = input(&program.stdin).map_err(failed("the standard input"))?;
    let (child, pipes) = Child::start(&setup, layers, &stdin, link)?;
    Supervisor::new(child, pipes, limits, layers).supervise(&setup, over)
}

/// A file of memory that can be read and never changed.
fn input(bytes: &[u8]) -> io::Result<OwnedFd> {
    use rustix::fs::{MemfdFlags, SealFlags, SeekFrom, fcntl_add_seals, memfd_create, seek};
    let file = memfd_create("stdin", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
    let mut rest = bytes;
    while !rest.is_empty() {
        let written = rustix::io::write(&file, rest)?;
        rest = rest.get(written..).unwrap_or_default();
    }
    seek(&file, SeekFrom::Start(0))?;
    fcntl_add_seals(
        &file,
        SealFlags::SEAL | SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE,
    )?;
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
    for file in &program.files {
        let path = files.join(&file.name);
        fs::write(&path, &file.bytes)?;
        open_up(&path, 0o444)?;
    }
    open_up(dir.path(), 0o755)?;
    open_up(&files, 0o755)?;
    if who != Identity::Kept {
        std::os::unix::fs::chown(&scratch, Some(NOBODY), Some(NOBODY))?;
    }
    Ok(dir)
}

/// One pipe and what came out of it.
struct Stream {
    end: OwnedFd,
    bytes: Vec<u8>,
    open: bool,
}

impl Stream {
    fn new(end: OwnedFd) -> Self {
        Self { end, bytes: Vec::new(), open: true }
    }

    /// Reads what is there; keeps at most `room` more bytes, and gives back how many came.
    fn drain(&mut self, room: usize) -> usize {
        let mut chunk = [0u8; 16 << 10];
        let mut came = 0;
        while self.open && came <= room {
            match rustix::io::read(&self.end, &mut chunk) {
                Ok(0) => self.open = false,
                Ok(n) => {
                    let kept = n.min(room.saturating_sub(came));
                    self.bytes.extend_from_slice(&chunk[..kept]);
                    came += n;
                }
                Err(rustix::io::Errno::INTR) => {}
                Err(rustix::io::Errno::AGAIN) => break,
                Err(_) => self.open = false,
            }
        }
        came
    }
}

struct Supervisor<'a> {
    child: Child,
    limits: &'a Limits,
    watch: Option<Watch>,
    start: Instant,
    stdout: Stream,
    stderr: Stream,
    channel: Stream,
    boot: Stream,
    status: Stream,
    limit: Option<Limit>,
    output: usize,
    results: usize,
    peak: Option<u64>,
    cpu: Duration,
    crowded: bool,
}

impl<'a> Supervisor<'a> {
    fn new(child: Child, ends: Ends, limits: &'a Limits, layers: &BTreeSet<Layer>) -> Self {
        Self {
            watch: layers.contains(&Layer::Watch).then(|| Watch::new(child.pid)),
            child,
            limits,
            start: Instant::now(),
            stdout: Stream::new(ends.stdout),
            stderr: Stream::new(ends.stderr),
            channel: Stream::new(ends.channel),
            boot: Stream::new(ends.boot),
            status: Stream::new(ends.status),
            limit: None,
            output: 0,
            results: 0,
            peak: None,
            cpu: Duration::ZERO,
            crowded: false,
        }
    }

    fn supervise(
        mut self,
        setup: &Setup,
        over: Option<&OwnedFd>,
    ) -> Result<Execution, SandboxError> {
        let mut next_look = self.start + FIRST_LOOK;
        let mut ended = false;
        while !ended && self.limit.is_none() {
            let now = Instant::now();
            if now - self.start >= self.limits.wall {
                self.limit = Some(Limit::Wall);
                break;
            }
            if now >= next_look {
                self.look();
                next_look = now + LOOK;
            }
            let until = next_look.min(self.start + self.limits.wall);
            let is_over;
            (ended, is_over) = self.wait(until - now, over).map_err(failed("the wait"))?;
            self.drain();
            if is_over && !ended {
                break;
            }
            // Without a namespace the program's end leaves its children to us.
            if !self.child.is_init && self.status.bytes.len() == End::SIZE {
                break;
            }
        }
        let wall = self.start.elapsed();
        if !ended {
            self.child.kill();
        }
        self.child.reap();
        // Every writer is dead: what is left in the pipes is all there is.
        self.drain();
        self.finish(setup, wall, over.is_some())
    }

    /// Waits until a pipe has something, the child has ended (`true`), or the time is up.
    fn wait(&self, most: Duration, over: Option<&OwnedFd>) -> io::Result<(bool, bool)> {
        let streams = [&self.stdout, &self.stderr, &self.channel, &self.boot, &self.status];
        let mut polled = vec![PollFd::from_borrowed_fd(self.child.pidfd.as_fd(), PollFlags::IN)];
        polled
            .extend(streams.iter().filter(|s| s.open).map(|s| PollFd::new(&s.end, PollFlags::IN)));
        let places = polled.len();
        polled.extend(over.map(|end| PollFd::new(end, PollFlags::IN)));
        let timeout =
            Timespec { tv_sec: most.as_secs() as i64, tv_nsec: i64::from(most.subsec_nanos()) };
        match poll(&mut polled, Some(&timeout)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {
                let over = polled.get(places).is_some_and(|end| !end.revents().is_empty());
                Ok((!polled[0].revents().is_empty(), over))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn drain(&mut self) {
        for stream in [&mut self.stdout, &mut self.stderr] {
            self.output += stream.drain(self.limits.output.saturating_sub(self.output));
        }
        self.results += self.channel.drain(self.limits.results.saturating_sub(self.results));
        self.boot.drain(Failure::SIZE);
        self.status.drain(End::SIZE);
        if self.output > self.limits.output {
            self.limit.get_or_insert(Limit::Output);
        }
        if self.results > self.limits.results {
            self.limit.get_or_insert(Limit::Results);
        }
    }

    fn look(&mut self) {
        // Before exec the child is a copy of this program, whose memory is not its own.
        let Some(watch) = self.watch.as_mut().filter(|_| !self.boot.open) else { return };
        let usage = watch.look(self.limits.memory);
        if usage.memory > 0 {
            self.peak = self.peak.max(Some(usage.memory));
        }
        self.cpu = self.cpu.max(Duration::from_micros(usage.cpu));
        self.crowded |= usage.tasks >= self.limits.processes;
        if usage.memory > self.limits.memory {
            self.limit = Some(Limit::Memory);
        } else if self.cpu > self.limits.cpu {
            self.limit = Some(Limit::Cpu);
        } else if usage.tasks > self.limits.processes {
            // The kernel lets none be started above its limit; where that does not bind, this does.
            self.limit = Some(Limit::Processes);
        }
    }

    fn finish(self, setup: &Setup, wall: Duration, over: bool) -> Result<Execution, SandboxError> {
        if let Some(failure) = Failure::decode(&self.boot.bytes) {
            return Err(failure.explain(&setup.executable));
        }
        let end = End::decode(&self.status.bytes);
        let cpu = end.map_or(self.cpu, |end| self.cpu.max(Duration::from_micros(end.cpu)));
        let (exit, mut limit) = match (end, self.limit) {
            (None, None) if !over => return Err(SandboxError::Lost),
            (None, limit) => (Exit::Killed, limit),
            (Some(end), limit) => (exit_of(end.status), limit),
        };
        if limit.is_none() {
            limit = match exit {
                Exit::Signal(libc::SIGXCPU) => Some(Limit::Cpu),
                Exit::Signal(libc::SIGXFSZ) => Some(Limit::FileSize),
                _ if cpu > self.limits.cpu => Some(Limit::Cpu),
                Exit::Code(0) => None,
                _ => super::limit_behind(last_line(&self.stderr.bytes).as_str())
                    .or(self.crowded.then_some(Limit::Processes)),
            };
        }
        Ok(Execution {
            exit,
            limit,
            stdout: self.stdout.bytes,
            stderr: self.stderr.bytes,
            results: self.channel.bytes,
            files: Vec::new(),
            cpu,
            wall,
            peak_memory: self.peak,
        })
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
