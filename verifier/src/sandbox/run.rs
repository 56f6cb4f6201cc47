//! The parent's side of a run: start the child, drain its pipes, watch, kill, collect.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pipe::{PipeFlags, pipe_with};

use super::child::{self, End, Exec, Failure, Pipes, Stage};
use super::setup::{Entry, INSIDE_ID, Identity, NOBODY, Setup, identity, shown};
use super::watch;
use super::{Execution, Exit, Layer, Limit, Limits, Program, Python, SandboxError, sys};

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
    program.check()?;
    let host_dir = match layers.contains(&Layer::Mount) {
        true => None,
        false => Some(host_directory(program, identity(layers)).map_err(failed("its directory"))?),
    };
    let host_path = host_dir.as_ref().map(tempfile::TempDir::path);
    let setup = Setup::new(layers, python, program, limits, host_path)?;
    let (child, pipes) = Child::start(&setup, layers)?;
    Supervisor::new(child, pipes, limits, layers).supervise(&setup)
}

fn failed(step: &str) -> impl Fn(io::Error) -> SandboxError {
    let step = step.to_owned();
    move |error| SandboxError::Setup { step: step.clone(), layer: None, error }
}

/// The program's files on the host, for where there is no new root.
fn host_directory(program: &Program, who: Identity) -> io::Result<tempfile::TempDir> {
    let dir = tempfile::TempDir::new()?;
    let (files, scratch) = (dir.path().join("program"), dir.path().join("scratch"));
    fs::create_dir(&files)?;
    fs::create_dir(&scratch)?;
    for file in &program.files {
        fs::write(files.join(&file.name), &file.bytes)?;
    }
    if let Some(stdin) = &program.stdin {
        fs::write(files.join(Program::STDIN), stdin)?;
    }
    for path in [dir.path(), &files] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
    }
    if who != Identity::Kept {
        std::os::unix::fs::chown(&scratch, Some(NOBODY), Some(NOBODY))?;
    }
    Ok(dir)
}

/// The reading ends of the child's pipes.
struct Ends {
    stdout: OwnedFd,
    stderr: OwnedFd,
    channel: OwnedFd,
    boot: OwnedFd,
    status: OwnedFd,
}

/// A started child. It is killed and reaped when dropped.
struct Child {
    pid: i32,
    pidfd: OwnedFd,
    reaped: bool,
    /// Without a process namespace the descendants must be hunted one by one.
    is_init: bool,
}

impl Child {
    fn start(setup: &Setup, layers: &BTreeSet<Layer>) -> Result<(Self, Ends), SandboxError> {
        let pipe = || pipe_with(PipeFlags::CLOEXEC).map_err(|e| failed("a pipe")(e.into()));
        let (stdout, stdout_end) = pipe()?;
        let (stderr, stderr_end) = pipe()?;
        let (channel, channel_end) = pipe()?;
        let (boot, boot_end) = pipe()?;
        let (status, status_end) = pipe()?;
        let (go_end, go) = pipe()?;
        for end in [&stdout, &stderr, &channel, &boot, &status] {
            rustix::io::ioctl_fionbio(end, true).map_err(|e| failed("a pipe")(e.into()))?;
        }
        let pipes = Pipes {
            stdout: stdout_end.as_raw_fd(),
            stderr: stderr_end.as_raw_fd(),
            channel: channel_end.as_raw_fd(),
            boot: boot_end.as_raw_fd(),
            status: status_end.as_raw_fd(),
            go: go_end.as_raw_fd(),
        };
        let (argv, envp) = (setup.argv(), setup.envp());
        let exec = Exec { argv: &argv, envp: &envp };
        let (pid, pidfd) = match sys::clone_into(setup.flags) {
            Ok(Some(child)) => child,
            Ok(None) => child::run(setup, pipes, &exec),
            Err(errno) => {
                let step = "the clone into new namespaces".to_owned();
                let layer = (setup.flags != 0).then_some(Layer::User);
                return Err(SandboxError::Setup { step, layer, error: errno.into() });
            }
        };
        let child = Self { pid, pidfd: own(pidfd), reaped: false, is_init: setup.is_init };
        if layers.contains(&Layer::User) {
            map_ids(pid, setup.identity).map_err(|error| SandboxError::Setup {
                step: "the mapping of identities".into(),
                layer: Some(Layer::User),
                error,
            })?;
        }
        rustix::io::write(&go, b"g").map_err(|e| failed("the start")(e.into()))?;
        Ok((child, Ends { stdout, stderr, channel, boot, status }))
    }

    fn kill(&self) {
        if !self.is_init {
            // Round after round: the child adopts the orphans of those that are killed.
            for round in 0..100 {
                let alive = watch::descendants(self.pid);
                if alive.is_empty() && round > 0 {
                    break;
                }
                for pid in alive {
                    // One that is gone already is as good as killed.
                    let _ = sys::kill(pid, libc::SIGKILL);
                }
            }
        }
        // Fails only for a child that has ended.
        let _ = rustix::process::pidfd_send_signal(&self.pidfd, rustix::process::Signal::KILL);
    }

    fn reap(&mut self) {
        // Fails only when somebody else reaped it, and then it is gone all the same.
        let _ = sys::reap(self.pidfd.as_raw_fd());
        self.reaped = true;
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        if !self.reaped {
            self.kill();
            self.reap();
        }
    }
}

#[expect(unsafe_code, reason = "a descriptor that came from a system call is taken into ownership")]
fn own(fd: i32) -> OwnedFd {
    // SAFETY: clone3 has just made this descriptor for us; nobody else knows it.
    unsafe { OwnedFd::from_raw_fd(fd) }
}

/// Says who the child's identities are outside.
fn map_ids(pid: i32, identity: Identity) -> io::Result<()> {
    let (uid, gid) = (rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw());
    let file = |name: &str| format!("/proc/{pid}/{name}");
    if identity == Identity::Kept {
        fs::write(file("setgroups"), "deny")?;
        fs::write(file("uid_map"), format!("{INSIDE_ID} {uid} 1"))?;
        fs::write(file("gid_map"), format!("{INSIDE_ID} {gid} 1"))
    } else {
        fs::write(file("uid_map"), format!("0 {uid} 1\n{INSIDE_ID} {NOBODY} 1"))?;
        fs::write(file("gid_map"), format!("0 {gid} 1\n{INSIDE_ID} {NOBODY} 1"))
    }
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
    watched: bool,
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
            child,
            limits,
            watched: layers.contains(&Layer::Watch),
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

    fn supervise(mut self, setup: &Setup) -> Result<Execution, SandboxError> {
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
            ended = self.wait(until - now).map_err(failed("the wait"))?;
            self.drain();
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
        self.finish(setup, wall)
    }

    /// Waits until a pipe has something, the child has ended (`true`), or the time is up.
    fn wait(&self, most: Duration) -> io::Result<bool> {
        let streams = [&self.stdout, &self.stderr, &self.channel, &self.boot, &self.status];
        let mut polled = vec![PollFd::from_borrowed_fd(self.child.pidfd.as_fd(), PollFlags::IN)];
        polled
            .extend(streams.iter().filter(|s| s.open).map(|s| PollFd::new(&s.end, PollFlags::IN)));
        let timeout =
            Timespec { tv_sec: most.as_secs() as i64, tv_nsec: i64::from(most.subsec_nanos()) };
        match poll(&mut polled, Some(&timeout)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(!polled[0].revents().is_empty()),
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
        if !self.watched || self.boot.open {
            return;
        }
        let usage = watch::usage(self.child.pid, self.limits.memory);
        if usage.memory > 0 {
            self.peak = self.peak.max(Some(usage.memory));
        }
        self.cpu = self.cpu.max(Duration::from_micros(usage.cpu));
        self.crowded |= usage.tasks >= self.limits.processes;
        if usage.memory > self.limits.memory {
            self.limit = Some(Limit::Memory);
        } else if self.cpu > self.limits.cpu {
            self.limit = Some(Limit::Cpu);
        }
    }

    fn finish(self, setup: &Setup, wall: Duration) -> Result<Execution, SandboxError> {
        if let Some(failure) = Failure::decode(&self.boot.bytes) {
            return Err(explain(failure, setup));
        }
        let end = End::decode(&self.status.bytes);
        let cpu = end.map_or(self.cpu, |end| self.cpu.max(Duration::from_micros(end.cpu)));
        let (exit, mut limit) = match (end, self.limit) {
            (None, None) => return Err(SandboxError::Lost),
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

/// A failure of the child in words, with the layer that it means is missing.
fn explain(failure: Failure, setup: &Setup) -> SandboxError {
    let (step, layer) = match failure.stage {
        Stage::Descriptors => ("the descriptors", None),
        Stage::Session => ("the session", None),
        Stage::PrivateMounts => ("making mounts private", Some(Layer::Mount)),
        Stage::OpenTree => ("taking a copy of a system directory", Some(Layer::Mount)),
        Stage::RootFs => ("a new root", Some(Layer::Mount)),
        Stage::Entries => ("the entries of the new root", Some(Layer::Mount)),
        Stage::Scratch => ("the scratch", Some(Layer::Mount)),
        Stage::Attach => ("mounting into the new root", Some(Layer::Mount)),
        Stage::ReadOnly => ("making the new root read-only", Some(Layer::Mount)),
        Stage::Pivot => ("moving into the new root", Some(Layer::Mount)),
        Stage::HostName => ("the host name", Some(Layer::Uts)),
        Stage::Fork => ("starting the program's process", None),
        Stage::Bounding => ("dropping the bounding set", Some(Layer::Capabilities)),
        Stage::Ids => ("changing identity", Some(Layer::User)),
        Stage::Capabilities => ("dropping capabilities", Some(Layer::Capabilities)),
        Stage::NoNewPrivs => ("no_new_privs", Some(Layer::NoNewPrivs)),
        Stage::Rlimits => ("the resource limits", Some(Layer::Rlimits)),
        Stage::Directory => ("entering the scratch", None),
        Stage::Seccomp => ("the system call filter", Some(Layer::Seccomp)),
        Stage::Exec => ("starting the interpreter", None),
    };
    let mut step = step.to_owned();
    if failure.stage == Stage::Exec {
        step = format!("{step} {}", shown(&setup.executable));
    }
    if failure.stage == Stage::Entries
        && let Some(root) = &setup.root
    {
        let files = root.entries.iter().filter(|e| matches!(e, Entry::File(..))).count();
        step = format!("{step} ({files} files)");
    }
    SandboxError::Setup { step, layer, error: io::Error::from_raw_os_error(failure.errno) }
}
