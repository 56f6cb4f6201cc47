//! The way of a program into a cell: the cell is ordered, the program laid out there and started.

use std::fs;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::{MemfdFlags, SealFlags, SeekFrom, fcntl_add_seals, memfd_create, seek};
use rustix::pipe::{PipeFlags, pipe_with};
use rustix::process::{Signal, pidfd_send_signal};

use super::hunt::hunt;
use super::launch::{CommandLine, Identity, NOBODY, rlimits};
use super::message::{Cell, CellFile, Cold, News, Order, Scratch, Wiring};
use super::run::Task;
use super::slot::{Blueprint, Slot, failed, hear};
use super::stream::Stream;
use super::zygote::{Job, Said, What};
use super::{Layer, Program, ProgramFile, SandboxError, Start};

/// A program that runs.
pub(super) struct Running {
    pub cell: CellHandle,
    /// The number of its process, where it is no child of the cell's.
    pub program: Option<i32>,
    /// Where a fork of the interpreter tells what went wrong before the program.
    pub told: Option<Stream>,
    pub stdout: Stream,
    pub stderr: Stream,
    pub channel: Option<Stream>,
    pub scratch: Option<OwnedFd>,
    pub executable: PathBuf,
}

/// A cell's first process. With it dies everything in the cell.
pub(super) struct CellHandle {
    pub pid: i32,
    pidfd: OwnedFd,
    /// Whether it is the init of a process namespace. Without one its descendants must be hunted.
    is_init: bool,
}

impl CellHandle {
    pub fn kill(&self) {
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
pub(super) fn start(
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
    // What a fork of the warm interpreter runs, where there is one and it can.
    let warm = match &program.start {
        _ if slot.zygote.is_none() => None,
        Start::Harness(harness) => Some(What::Harness(harness.module())),
        Start::Script(entry) => Some(What::Script(entry)),
        Start::Command(_) => None,
    };
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
        start: warm.is_none().then(|| Cold { command, rlimits: rlimits.clone(), wiring }),
    };
    let contents = memory_file(program.files.iter().map(|f| f.bytes.as_slice()))
        .map_err(failed("the program's files"))?;
    let mut sent = vec![contents.as_fd()];
    if warm.is_none() {
        sent.extend(&given);
    }
    slot.order(&Order::Cell(cell), &sent)?;
    let (handle, scratch, ruleset) = await_cell(slot, &executable, holds(Layer::Pid))?;
    let mut program_pid = None;
    let mut told = None;
    if let Some(run) = warm {
        let (tell, tell_end) = pipe()?;
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
