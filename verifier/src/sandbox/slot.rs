//! A slot: a warden, perhaps with a warm interpreter, in which one program at a time runs.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serde::de::DeserializeOwned;

use super::cgroup::{Cgroups, Group};
use super::harness::Warm;
use super::launch::{CommandLine, INSIDE_ID, Identity, NOBODY, namespaces};
use super::message::{Hello, News, Order};
use super::nest::Nest;
use super::plan::Plan;
use super::zygote::{Prepare, Said};
use super::{Layer, Python, SandboxError, sys, warden, wire};

/// How long a warden or interpreter may take for a step of its own. It takes milliseconds; on a
/// machine with much else to do, more.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long a warden may take to leave by itself.
const LEAVE: Duration = Duration::from_secs(1);

/// What all slots of a sandbox are made by.
#[derive(Clone, Debug)]
pub(super) struct Blueprint {
    pub layers: BTreeSet<Layer>,
    pub identity: Identity,
    pub python: Python,
    /// Where the slots' cgroups are made, when they are.
    pub cgroups: Option<Cgroups>,
    /// Whether interpreters are kept warm.
    pub warm: bool,
}

/// A place for one program at a time. Everything in it ends when it is dropped.
#[derive(Debug)]
pub(super) struct Slot {
    warden: Child,
    line: OwnedFd,
    pub zygote: Option<Zygote>,
    /// The limits and accounts of all that runs in it.
    pub group: Option<Group>,
    /// Whether it stands where a slot should: nothing is left of the last program.
    pub sound: bool,
}

/// A warm interpreter.
#[derive(Debug)]
pub(super) struct Zygote {
    pub line: OwnedFd,
}

/// The error of a step that belongs to no layer.
pub(super) fn failed(step: &str) -> impl Fn(io::Error) -> SandboxError {
    let step = step.to_owned();
    move |error| SandboxError::Setup { step: step.clone(), layer: None, error }
}

/// The error of a step that belongs to the cgroup.
pub(super) fn in_group(error: io::Error) -> SandboxError {
    let step = "the limits of a cgroup".into();
    SandboxError::Setup { step, layer: Some(Layer::CgroupLimits), error }
}

impl Slot {
    /// Starts a warden whose nest shows these paths of the host, with a warm interpreter where that
    /// is wanted and works.
    pub fn start(
        blueprint: &Blueprint,
        needs: &[PathBuf],
        warm: Option<Warm>,
    ) -> Result<Self, SandboxError> {
        let (line, theirs) = wire::line().map_err(failed("a line to the warden"))?;
        let warden = spawn(theirs).map_err(failed("starting the warden"))?;
        let mut slot = Self { warden, line, zygote: None, group: None, sound: true };
        if let Some(cgroups) = &blueprint.cgroups {
            // Before it starts anybody who would have to be put there too.
            slot.group = Some(cgroups.make(slot.warden.id() as i32).map_err(in_group)?);
        }
        let layers = &blueprint.layers;
        let warm = warm.filter(|_| blueprint.warm && can_join(layers));
        let zygote = warm.map(|_| wire::line()).transpose();
        let zygote = zygote.map_err(failed("a line to the interpreter"))?;
        let hello = Hello {
            layers: layers.clone(),
            identity: blueprint.identity,
            nest: layers.contains(&Layer::Mount).then(|| Nest::new(needs)),
            plan: Plan::new(layers, blueprint.identity, sys::capabilities())?,
            zygote: warm.map(|_| CommandLine::zygote(&blueprint.python)).transpose()?,
        };
        let theirs: Vec<_> = zygote.iter().map(|(_, theirs)| theirs.as_fd()).collect();
        wire::send(&slot.line, &hello, &theirs).map_err(failed("the word to the warden"))?;
        slot.settle(blueprint)?;
        if let (Some((line, theirs)), Some(warm)) = (zygote, warm) {
            // Ours, so that the interpreter holds the only one and its end is heard.
            drop(theirs);
            slot.zygote = Zygote::prepare(line, warm, &hello.plan, layers);
        }
        Ok(slot)
    }

    /// Waits until the warden is in its nest.
    fn settle(&mut self, blueprint: &Blueprint) -> Result<(), SandboxError> {
        loop {
            match self.news()?.0 {
                News::Unmapped => {
                    map_ids(self.warden.id(), blueprint.identity).map_err(|error| {
                        SandboxError::Setup {
                            step: "the mapping of identities".into(),
                            layer: Some(Layer::User),
                            error,
                        }
                    })?;
                    self.order(&Order::Mapped, &[])?;
                }
                News::Failed(failure) => {
                    return Err(failure.explain(&blueprint.python.executable));
                }
                News::Nested => return Ok(()),
                _ => return Err(SandboxError::Lost),
            }
        }
    }

    /// Gives the warden an order.
    pub fn order(
        &self,
        order: &Order,
        descriptors: &[rustix::fd::BorrowedFd],
    ) -> Result<(), SandboxError> {
        wire::send(&self.line, order, descriptors).map_err(failed("an order to the warden"))
    }

    /// The next word of the warden or its cell.
    pub fn news(&self) -> Result<(News, Vec<OwnedFd>), SandboxError> {
        hear(&self.line)
    }

    /// Whether nobody of it has died since the last program.
    pub fn is_alive(&self) -> bool {
        let lines = [Some(&self.line), self.zygote.as_ref().map(|z| &z.line)];
        let mut polled: Vec<_> =
            lines.into_iter().flatten().map(|line| PollFd::new(line, PollFlags::IN)).collect();
        let now = timespec(Duration::ZERO);
        // Between programs nobody has anything to say.
        matches!(poll(&mut polled, Some(&now)), Ok(0))
    }

    /// Where the warden and its cell are heard.
    pub fn line(&self) -> &OwnedFd {
        &self.line
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        // A warden that hears the end waits for its interpreter, so that nobody else has to.
        let _ = rustix::net::shutdown(&self.line, rustix::net::Shutdown::Both);
        let end = Instant::now() + LEAVE;
        while Instant::now() < end {
            match self.warden.try_wait() {
                Ok(None) => std::thread::sleep(Duration::from_millis(1)),
                _ => return,
            }
        }
        // Its cells and its interpreter die with it.
        let _ = self.warden.kill();
        let _ = self.warden.wait();
    }
}

impl Zygote {
    /// Makes an interpreter ready; `None` when it cannot be kept warm, which only costs time.
    fn prepare(line: OwnedFd, warm: Warm, plan: &Plan, layers: &BTreeSet<Layer>) -> Option<Self> {
        let prepare = Prepare {
            plan,
            namespaces: namespaces(layers) & !(libc::CLONE_NEWPID as u64),
            modules: warm.modules(),
        };
        wire::send(&line, &prepare, &[]).ok()?;
        match hear::<Said>(&line) {
            Ok((Said::Ready, _)) => Some(Self { line }),
            _ => None,
        }
    }
}

/// Whether a fork of an interpreter can become a program in a cell: it must be seen by the cell's
/// init, and find the cell's scratch.
fn can_join(layers: &BTreeSet<Layer>) -> bool {
    layers.contains(&Layer::Pid) && layers.contains(&Layer::Mount)
}

/// Waits for a word, so long as patience lasts.
pub(super) fn hear<T: DeserializeOwned>(line: &OwnedFd) -> Result<(T, Vec<OwnedFd>), SandboxError> {
    if !wait_for(line, PATIENCE) {
        return Err(SandboxError::Lost);
    }
    wire::receive(line).ok().flatten().ok_or(SandboxError::Lost)
}

/// Waits until a descriptor has something to read; `false` when it has not in time.
pub(super) fn wait_for(fd: &OwnedFd, most: Duration) -> bool {
    let end = Instant::now() + most;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        match poll(&mut [PollFd::new(fd, PollFlags::IN)], Some(&timespec(left))) {
            Ok(ready) => return ready > 0,
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return false,
        }
    }
}

/// A time as `poll` takes it.
pub(super) fn timespec(time: Duration) -> Timespec {
    Timespec { tv_sec: time.as_secs() as i64, tv_nsec: i64::from(time.subsec_nanos()) }
}

/// Starts this program once more, as a warden that is told over its standard input.
fn spawn(line: OwnedFd) -> io::Result<Child> {
    warden::keep_linked();
    Command::new("/proc/self/exe")
        .arg0("lehr-warden")
        .env_clear()
        .env(warden::VARIABLE, "1")
        .stdin(Stdio::from(line))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // An interrupt from the terminal is for this program, not for the verdict.
        .process_group(0)
        .spawn()
}

/// Says who a warden's identities are outside.
fn map_ids(pid: u32, identity: Identity) -> io::Result<()> {
    let (uid, gid) = (rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw());
    let file = |name: &str| format!("/proc/{pid}/{name}");
    match identity {
        Identity::Kept => {
            fs::write(file("setgroups"), "deny")?;
            fs::write(file("uid_map"), format!("0 {uid} 1"))?;
            fs::write(file("gid_map"), format!("0 {gid} 1"))
        }
        Identity::Changed(_) => {
            fs::write(file("uid_map"), format!("0 {uid} 1\n{INSIDE_ID} {NOBODY} 1"))?;
            fs::write(file("gid_map"), format!("0 {gid} 1\n{INSIDE_ID} {NOBODY} 1"))
        }
    }
}
