//! The parent's handle on a child: how it is started, let go, killed and reaped.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::time::Duration;

use rustix::pipe::{PipeFlags, pipe_with};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use super::child::{self, Exec, Pipes};
use super::setup::{INSIDE_ID, Identity, NOBODY, Setup};
use super::stage::Failure;
use super::{Layer, SandboxError, sys, watch};

/// The reading ends of the child's pipes; reading never waits.
pub(super) struct Ends {
    pub stdout: OwnedFd,
    pub stderr: OwnedFd,
    pub channel: OwnedFd,
    pub boot: OwnedFd,
    pub status: OwnedFd,
}

/// The ends of the pipes to the other of a pair.
pub(super) struct Link {
    pub hear: OwnedFd,
    pub speak: OwnedFd,
}

/// A started child. It is killed and reaped when dropped.
pub(super) struct Child {
    pub pid: i32,
    pub pidfd: OwnedFd,
    /// Whether it is the init of a process namespace, which dies with it. Without one its
    /// descendants must be hunted.
    pub is_init: bool,
    reaped: bool,
}

/// The error of a step that belongs to no layer.
pub(super) fn failed(step: &str) -> impl Fn(io::Error) -> SandboxError {
    let step = step.to_owned();
    move |error| SandboxError::Setup { step: step.clone(), layer: None, error }
}

impl Child {
    /// Starts a child and lets it go on.
    pub fn start(
        setup: &Setup,
        layers: &BTreeSet<Layer>,
        stdin: &OwnedFd,
        link: Option<Link>,
    ) -> Result<(Self, Ends), SandboxError> {
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
            stdin: stdin.as_raw_fd(),
            link: link.as_ref().map_or([-1, -1], |l| [l.hear.as_raw_fd(), l.speak.as_raw_fd()]),
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
        // Ours, so that the child holds the only one and its end breaks the pipe.
        drop(go_end);
        if let Err(error) = child.let_go(&go, setup.identity, layers) {
            // A child that failed says more by itself than its absence does.
            let mut said = [0; Failure::SIZE];
            let failure = rustix::io::read(&boot, &mut said).ok().and(Failure::decode(&said));
            return Err(failure.map_or(error, |f| f.explain(&setup.executable)));
        }
        Ok((child, Ends { stdout, stderr, channel, boot, status }))
    }

    /// Says who the child is, and that it may go on.
    fn let_go(
        &self,
        go: &OwnedFd,
        identity: Identity,
        layers: &BTreeSet<Layer>,
    ) -> Result<(), SandboxError> {
        if layers.contains(&Layer::User) {
            map_ids(self.pid, identity).map_err(|error| SandboxError::Setup {
                step: "the mapping of identities".into(),
                layer: Some(Layer::User),
                error,
            })?;
        }
        match rustix::io::write(go, b"g") {
            Ok(_) => Ok(()),
            Err(rustix::io::Errno::PIPE) => Err(SandboxError::Lost),
            Err(error) => Err(failed("the start")(error.into())),
        }
    }

    /// Ends it and everything it started.
    pub fn kill(&self) {
        if !self.is_init {
            hunt(self.pid);
        }
        // Fails only for a child that has ended.
        let _ = pidfd_send_signal(&self.pidfd, Signal::KILL);
    }

    /// Waits for its end.
    pub fn reap(&mut self) {
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

/// Kills every descendant of a process that adopts its orphans.
///
/// They are stopped before any is killed: who is stopped still counts against the limit on
/// processes, so that a program which forks faster than it is killed cannot fill its ranks again.
fn hunt(root: i32) {
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
    let held: Vec<(i32, OwnedFd)> = watch::descendants(root).into_iter().filter_map(hold).collect();
    let found: BTreeSet<i32> = watch::descendants(root).into_iter().collect();
    for (_, pidfd) in held.iter().filter(|(pid, _)| found.contains(pid)) {
        // Fails only for one that has ended.
        let _ = pidfd_send_signal(pidfd, signal);
    }
    found
}
