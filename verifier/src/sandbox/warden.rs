//! The warden: a small process that makes cells.
//!
//! A program that judges others may be large and have many threads; a copy of it is slow to make, and
//! must do without memory and locks. So it starts itself once more, by `/proc/self/exe`, as a process
//! with one thread that never comes to `main`: the linker's list of things to do before `main` leads
//! here, and only a process that was started for it stays. The warden moves into namespaces of its
//! own, builds the root that its cells begin with, starts the warm interpreter there, and then makes
//! one cell at a time, as it is told over its standard input, until nobody is there to tell it.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use rustix::fs::{Mode, OFlags, openat};
use rustix::thread::UnshareFlags;

use super::launch::{CommandLine, INSIDE_ID, Identity, namespace, namespaces};
use super::message::{Cell, Cold, Hello, News, Order, Wiring};
use super::nest::at;
use super::stage::{Failure, Stage};
use super::{Layer, cell, sys, wire};

/// The variable that makes a warden of this program.
pub(super) const VARIABLE: &str = "LEHR_WARDEN";

/// Called before `main`, as every entry of this section is.
#[used]
#[expect(unsafe_code, reason = "the list of things to do before main is a section of the program")]
// SAFETY: the section holds pointers to functions that are called once, before `main`, with
// arguments that this one does not look at; what it uses of the standard library needs no `main`.
#[unsafe(link_section = ".init_array")]
static BEFORE_MAIN: extern "C" fn() = before_main;

extern "C" fn before_main() {
    if std::env::var_os(VARIABLE).is_some() {
        let status = match serve() {
            Ok(()) => 0,
            // Nobody is left to be told.
            Err(_) => 1,
        };
        sys::exit(status);
    }
}

/// Keeps the entry above in every program that makes sandboxes: the linker drops what nobody names.
pub(super) fn keep_linked() {
    std::hint::black_box(&BEFORE_MAIN);
}

/// Serves whoever started this process.
fn serve() -> io::Result<()> {
    let line = settle()?;
    let Some((hello, descriptors)) = wire::receive::<Hello>(&line)? else { return Ok(()) };
    let procfs = rustix::fs::open("/proc", OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?;
    let zygote = match nest(&hello, &line, descriptors) {
        Ok(zygote) => zygote,
        Err(failure) => return wire::send(&line, &News::Failed(failure), &[]),
    };
    let warden = Warden { hello, line, procfs };
    if let Some(zygote) = zygote {
        warden.prefer_to_lose(zygote, 500);
    }
    wire::send(&warden.line, &News::Nested, &[])?;
    let served = warden.serve();
    if let Some(zygote) = zygote {
        sys::end(zygote);
    }
    served
}

/// Takes the line, and leaves nothing else open that came with this process.
fn settle() -> io::Result<OwnedFd> {
    let given = sys::standard_input();
    let line = rustix::io::fcntl_dupfd_cloexec(&given, 3)?;
    drop(given);
    let line = match line.as_raw_fd() {
        3 => line,
        _ => rustix::io::fcntl_dupfd_cloexec(&line, 3)?,
    };
    sys::close_from(line.as_raw_fd() + 1);
    for number in 0..3 {
        // Each open takes the lowest number that is free.
        sys::close(number);
        let null = fs::File::options().read(true).write(true).open("/dev/null")?;
        std::mem::forget(null);
    }
    Ok(line)
}

/// Moves into namespaces, builds the root, and starts the warm interpreter: gives its number.
fn nest(hello: &Hello, line: &OwnedFd, descriptors: Vec<OwnedFd>) -> Result<Option<i32>, Failure> {
    rustix::process::umask(Mode::from_raw_mode(0o022));
    if hello.layers.contains(&Layer::User) {
        unshare(Layer::User)?;
        let mapped = wire::send(line, &News::Unmapped, &[])
            .and_then(|()| wire::receive::<Order>(line))
            .is_ok_and(|order| matches!(order, Some((Order::Mapped, _))));
        if !mapped {
            return Err(Failure { stage: Stage::Identities, errno: libc::EPIPE });
        }
    }
    // The process namespace is each cell's own.
    for &layer in hello.layers.iter().filter(|&&l| l != Layer::User && l != Layer::Pid) {
        unshare(layer)?;
    }
    try_a_clone(&hello.layers)?;
    if let Some(nest) = &hello.nest {
        nest.build()?;
    }
    let Some(command) = &hello.zygote else { return Ok(None) };
    start_zygote(command, descriptors).map(Some)
}

fn unshare(layer: Layer) -> Result<(), Failure> {
    let flags = UnshareFlags::from_bits_retain(namespace(layer) as u32);
    if flags.is_empty() {
        return Ok(());
    }
    #[expect(
        unsafe_code,
        reason = "descriptors may not be unshared behind the borrow checker's back"
    )]
    // SAFETY: namespaces are unshared, never the table of descriptors.
    let unshared = unsafe { rustix::thread::unshare_unsafe(flags) };
    unshared.map_err(at(Stage::Namespace(layer)))
}

/// Makes the namespaces of a cell once for nothing, so that the one that cannot be made is named.
fn try_a_clone(layers: &BTreeSet<Layer>) -> Result<(), Failure> {
    let tried = |flags| match sys::clone_into(flags) {
        Ok(None) => sys::exit(0),
        Ok(Some((pid, _))) => sys::wait(Some(pid)).map(drop),
        Err(errno) => Err(errno),
    };
    let Err(errno) = tried(namespaces(layers)) else { return Ok(()) };
    let base = if layers.contains(&Layer::User) { namespace(Layer::User) } else { 0 };
    let refused = layers.iter().copied().find(|&l| tried(base | namespace(l)).is_err());
    let stage = refused.map_or(Stage::Clone, Stage::Namespace);
    Err(Failure { stage, errno: errno.0 })
}

/// Starts the warm interpreter. It has its line as descriptor 3, and dies with the warden.
fn start_zygote(command: &CommandLine, descriptors: Vec<OwnedFd>) -> Result<i32, Failure> {
    let line = descriptors.into_iter().next();
    let line = line.ok_or(Failure { stage: Stage::Descriptors, errno: libc::EBADF })?;
    // To a program its streams shall look like the pipes that they are.
    let (read, write) =
        rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).map_err(at(Stage::Fork))?;
    let descriptors = [&read, &write, &write, &line].map(|fd| fd.try_clone());
    let descriptors = descriptors
        .into_iter()
        .collect::<io::Result<Vec<_>>>()
        .map_err(|_| Failure { stage: Stage::Descriptors, errno: libc::EMFILE })?;
    let cold = Cold {
        command: command.clone(),
        rlimits: Vec::new(),
        wiring: Wiring { channel: true, link: false },
    };
    cell::start(&cold, &descriptors, None)
}

/// A warden with its root built.
struct Warden {
    hello: Hello,
    line: OwnedFd,
    /// The host's `/proc`, from before the root was changed.
    procfs: OwnedFd,
}

impl Warden {
    /// Does as it is told until nobody is there any more.
    fn serve(&self) -> io::Result<()> {
        while let Some((order, descriptors)) = wire::receive::<Order>(&self.line)? {
            if let Order::Cell(cell) = order {
                self.keep(&cell, descriptors)?;
            }
        }
        Ok(())
    }

    /// Makes a cell and keeps it until it is gone.
    fn keep(&self, cell: &Cell, descriptors: Vec<OwnedFd>) -> io::Result<()> {
        let (waits, go) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
        let flags = namespaces(&self.hello.layers);
        let (pid, pidfd) = match sys::clone_into(flags) {
            Ok(Some(child)) => child,
            Ok(None) => {
                drop(go);
                let line = self.line.try_clone()?;
                cell::run(&self.hello, cell, descriptors, line, waits)
            }
            Err(errno) => {
                let failure = Failure { stage: Stage::Clone, errno: errno.0 };
                return wire::send(&self.line, &News::Failed(failure), &[]);
            }
        };
        drop((descriptors, waits));
        let ready = self.prepare(pid);
        wire::send(&self.line, &News::Born { pid }, &[pidfd.as_fd()])?;
        match ready {
            Ok(()) => drop(rustix::io::write(&go, b"g")),
            Err(errno) => {
                let failure = Failure { stage: Stage::Identities, errno };
                wire::send(&self.line, &News::Failed(failure), &[])?;
            }
        }
        // Without its leave the child goes.
        drop(go);
        let (_, _, cpu) = sys::wait(Some(pid))?;
        wire::send(&self.line, &News::Gone { cpu }, &[])
    }

    /// Says who the identities of a cell are.
    fn prepare(&self, pid: i32) -> Result<(), i32> {
        if self.hello.layers.contains(&Layer::User) {
            let map = match self.hello.identity {
                Identity::Kept => format!("{INSIDE_ID} 0 1"),
                Identity::Changed(id) => format!("0 0 1\n{id} {id} 1"),
            };
            self.tell_kernel(pid, "uid_map", &map)?;
            self.tell_kernel(pid, "gid_map", &map)?;
        }
        self.prefer_to_lose(pid, 1000);
        Ok(())
    }

    /// When memory runs out, this process, and what it starts, goes before others: first of all at
    /// 1000.
    fn prefer_to_lose(&self, pid: i32, score: i32) {
        // Where that may not be said, the largest goes.
        let _ = self.tell_kernel(pid, "oom_score_adj", &score.to_string());
    }

    fn tell_kernel(&self, pid: i32, file: &str, text: &str) -> Result<(), i32> {
        let path = format!("{pid}/{file}");
        let file = openat(&self.procfs, path, OFlags::WRONLY | OFlags::CLOEXEC, Mode::empty());
        let written = file.and_then(|file| rustix::io::write(&file, text.as_bytes()));
        written.map(drop).map_err(|errno| errno.raw_os_error())
    }
}
