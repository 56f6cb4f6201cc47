//! A cell: the namespaces, scratch and files of one program, kept by an init of its own.
//!
//! The init is a copy of the warden, the first process of its process namespace. It makes what the
//! program needs, starts the program or waits while a fork of the warm interpreter joins it, reaps
//! what is left to it, and ends when its program has ended or nobody listens any more. With it ends
//! everything in the cell.

use std::ffi::CString;
use std::io::Read;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::CWD;
use rustix::mount::MountAttrFlags;

use super::message::{Cell, CellFile, Cold, Hello, News, Scratch};
use super::nest::{at, attach, private_mounts, tmpfs, write};
use super::plan::Plan;
use super::stage::{Failure, Stage};
use super::{Layer, Program, landlock, sys, wire};

/// The name of every cell's host.
const HOST_NAME: &[u8] = b"sandbox";
/// The number from which on a program's descriptors are gathered before they get their own.
const ASIDE: i32 = 100;

/// The whole life of a cell's init.
pub(super) fn run(
    hello: &Hello,
    cell: &Cell,
    descriptors: Vec<OwnedFd>,
    line: OwnedFd,
    go: OwnedFd,
) -> ! {
    let made = make(hello, cell, descriptors, &line, go);
    let program = match made {
        Ok(program) => program,
        Err(failure) => {
            // When nobody listens there is nobody to tell.
            let _ = wire::send(&line, &News::Failed(failure), &[]);
            sys::exit(1)
        }
    };
    watch_over(hello.layers.contains(&Layer::Pid), program, &line);
    sys::exit(0)
}

/// Makes the cell, and starts its program when it is to: gives the program's number.
fn make(
    hello: &Hello,
    cell: &Cell,
    mut descriptors: Vec<OwnedFd>,
    line: &OwnedFd,
    go: OwnedFd,
) -> Result<Option<i32>, Failure> {
    use rustix::process::{Signal, setsid};
    let holds = |layer| hello.layers.contains(&layer);
    let session = at(Stage::Session);
    // Should the warden die, so does the cell.
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL)).map_err(&session)?;
    setsid().map_err(&session)?;
    // Identities are mapped when the warden says so.
    if rustix::io::read(&go, &mut [0]) != Ok(1) {
        sys::exit(1);
    }
    drop(go);
    if !holds(Layer::Pid) {
        // What the program leaves behind is left to us.
        let me = Some(rustix::process::getpid());
        rustix::process::set_child_subreaper(me).map_err(&session)?;
    }
    // The files come first.
    let contents = descriptors.drain(..1.min(descriptors.len())).next();
    let mut scratch = None;
    if holds(Layer::Mount) {
        private_mounts()?;
        if let (Some(contents), false) = (contents, cell.files.is_empty()) {
            program_files(&cell.files, contents)?;
        }
        if let Some(wanted) = cell.scratch {
            scratch = Some(make_scratch(wanted).map_err(at(Stage::Scratch))?);
        }
    }
    if holds(Layer::Uts) {
        rustix::system::sethostname(HOST_NAME).map_err(at(Stage::HostName))?;
    }
    let ruleset = match holds(Layer::Landlock) {
        true => {
            let scratch = match &cell.start {
                Some(cold) if !holds(Layer::Mount) => &cold.command.directory,
                _ => Path::new(Program::SCRATCH),
            };
            let failure = |errno| Failure { stage: Stage::Ruleset, errno };
            Some(landlock::ruleset(scratch).map_err(failure)?)
        }
        false => None,
    };
    let program = match &cell.start {
        Some(cold) => Some(start(cold, &descriptors, Some((&hello.plan, ruleset.as_ref())))?),
        None => None,
    };
    drop(descriptors);
    let sent: Vec<_> = scratch.iter().chain(&ruleset).map(AsFd::as_fd).collect();
    let news = News::Ready { scratch: scratch.is_some(), ruleset: ruleset.is_some() };
    if wire::send(line, &news, &sent).is_err() {
        sys::exit(1);
    }
    Ok(program)
}

/// Mounts the program's files, read-only.
fn program_files(files: &[CellFile], contents: OwnedFd) -> Result<(), Failure> {
    // Each file takes whole pages.
    let size: u64 = files.iter().map(|f| f.length + 8192).sum();
    let options = [("size", &*(size + (1 << 20)).to_string()), ("mode", "0755")];
    let mount = tmpfs(&options, MountAttrFlags::empty()).map_err(at(Stage::Entries))?;
    let mut contents = std::fs::File::from(contents);
    for file in files {
        let mut bytes = vec![0; file.length as usize];
        let read = contents.read_exact(&mut bytes);
        read.map_err(|_| Failure { stage: Stage::Entries, errno: libc::EIO })?;
        let mode = if file.executable { 0o555 } else { 0o444 };
        write(&mount, Path::new(&file.name), &bytes, mode).map_err(at(Stage::Entries))?;
    }
    sys::set_attributes(&mount, sys::RDONLY, false).map_err(at(Stage::ReadOnly))?;
    attach(&mount, CWD, Path::new(Program::DIRECTORY)).map_err(at(Stage::Attach))
}

fn make_scratch(wanted: Scratch) -> Result<OwnedFd, rustix::io::Errno> {
    let options = [
        ("size", &*wanted.size.to_string()),
        ("nr_inodes", &*wanted.inodes.to_string()),
        ("mode", "0700"),
        ("uid", &*wanted.owner.0.to_string()),
        ("gid", &*wanted.owner.1.to_string()),
    ];
    let mount = tmpfs(&options, MountAttrFlags::MOUNT_ATTR_NOEXEC)?;
    attach(&mount, CWD, Path::new(Program::SCRATCH))?;
    Ok(mount)
}

/// What takes a program's rights: the plan, and the cell's ruleset.
type Seal<'a> = (&'a Plan, Option<&'a OwnedFd>);

/// Starts a program, and waits until it runs: gives its number. It dies with its parent.
pub(super) fn start(
    cold: &Cold,
    descriptors: &[OwnedFd],
    seal: Option<Seal>,
) -> Result<i32, Failure> {
    use rustix::pipe::{PipeFlags, pipe_with};
    let (told, tell) = pipe_with(PipeFlags::CLOEXEC).map_err(at(Stage::Descriptors))?;
    let fork = |errno: sys::Errno| Failure { stage: Stage::Fork, errno: errno.0 };
    let program = sys::fork().map_err(fork)?;
    if program == 0 {
        let failure = become_program(cold, descriptors, seal, &tell);
        // The number of the pipe has changed on the way; the failure says which it has now.
        let bytes = serde_json::to_vec(&failure.0).unwrap_or_default();
        let _ = rustix::io::write(failure.1, &bytes);
        sys::exit(127);
    }
    drop(tell);
    // At exec the pipe closes; what comes before is a failure.
    let mut said = Vec::new();
    let heard = std::fs::File::from(told).read_to_end(&mut said);
    match (heard, said.is_empty()) {
        (Ok(_), true) => Ok(program),
        _ => Err(serde_json::from_slice(&said)
            .unwrap_or(Failure { stage: Stage::Exec, errno: libc::EIO })),
    }
}

/// The program's descriptors beside its own: where a failure is told, and the ruleset.
const TELL: i32 = 6;
const RULESET: i32 = 7;

/// Gives up every right, takes every limit, and becomes the program. Returns only a failure, with
/// where to tell it.
fn become_program<'a>(
    cold: &Cold,
    descriptors: &[OwnedFd],
    seal: Option<Seal>,
    tell: &'a OwnedFd,
) -> (Failure, rustix::fd::BorrowedFd<'a>) {
    let at = |stage: Stage| move |errno: sys::Errno| Failure { stage, errno: errno.0 };
    let ruleset = seal.and_then(|(_, ruleset)| ruleset);
    let arranged = arrange(cold, descriptors, ruleset, tell).map_err(at(Stage::Descriptors));
    let told = match arranged {
        Ok(moved) => moved,
        Err(failure) => return (failure, tell.as_fd()),
    };
    let failure = (|| -> Result<std::convert::Infallible, Failure> {
        sys::reset_signals();
        rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o022));
        let death = Some(rustix::process::Signal::KILL);
        rustix::process::set_parent_process_death_signal(death)
            .map_err(super::nest::at(Stage::Session))?;
        rustix::process::chdir(&cold.command.directory)
            .map_err(super::nest::at(Stage::Directory))?;
        for &(resource, soft, hard) in &cold.rlimits {
            sys::set_rlimit(resource, soft, hard).map_err(at(Stage::Rlimits))?;
        }
        let strings = |words: &[String]| -> Result<Vec<CString>, Failure> {
            let bad = |_| Failure { stage: Stage::Exec, errno: libc::EINVAL };
            words.iter().map(|word| CString::new(word.as_bytes()).map_err(bad)).collect()
        };
        let path = CString::new(cold.command.executable.as_os_str().as_bytes())
            .map_err(|_| Failure { stage: Stage::Exec, errno: libc::EINVAL })?;
        let (argv, envp) = (strings(&cold.command.argv)?, strings(&cold.command.environment)?);
        if let Some((plan, _)) = seal {
            plan.take(RULESET)?;
        }
        Err(at(Stage::Exec)(sys::exec(&path, &argv, &envp)))
    })();
    let Err(failure) = failure;
    (failure, told)
}

/// Gives the descriptors their numbers and closes all others.
fn arrange(
    cold: &Cold,
    descriptors: &[OwnedFd],
    ruleset: Option<&OwnedFd>,
    tell: &OwnedFd,
) -> Result<rustix::fd::BorrowedFd<'static>, sys::Errno> {
    // First out of the way of the numbers that they are to have.
    let aside = |fd: &OwnedFd| sys::above(fd.as_raw_fd(), ASIDE);
    let moved: Vec<i32> = descriptors.iter().map(aside).collect::<Result<_, _>>()?;
    let ruleset = ruleset.map(aside).transpose()?;
    let tell = aside(tell)?;
    for number in 0..TELL {
        sys::close(number);
    }
    for (number, from) in cold.wiring.numbers().zip(moved) {
        sys::renumber(from, number, false)?;
    }
    sys::renumber(tell, TELL, true)?;
    match ruleset {
        Some(ruleset) => sys::renumber(ruleset, RULESET, true)?,
        None => sys::close(RULESET),
    }
    sys::close_from(RULESET + 1);
    Ok(sys::borrowed(TELL))
}

/// Reaps until the cell's time is over.
///
/// As the init of a process namespace we kill all the rest when the program has ended. Without one
/// the rest can only be found from outside: we tell, and are hunted with it.
fn watch_over(is_init: bool, program: Option<i32>, line: &OwnedFd) {
    let Ok(children) = sys::child_signals() else { return };
    loop {
        while sys::has_ended_child() {
            let Ok((pid, status, _)) = sys::wait(None) else { break };
            if Some(pid) == program {
                if wire::send(line, &News::Ended { status }, &[]).is_err() {
                    return;
                }
                if is_init {
                    return;
                }
            }
        }
        let mut waited = [
            PollFd::new(&children, PollFlags::IN),
            // Orders come to the warden; here only the end of the line matters.
            PollFd::new(line, PollFlags::empty()),
        ];
        match poll(&mut waited, None) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(_) => return,
        }
        if !waited[1].revents().is_empty() {
            return;
        }
        let mut info = [0; 128];
        while rustix::io::read(&children, &mut info).is_ok() {}
    }
}
