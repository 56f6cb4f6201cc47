//! One run from a caller's side: a turn, a slot, a cell; and two of them that speak with each other.

use std::os::fd::OwnedFd;

use rustix::pipe::{PipeFlags, pipe_with};

use super::pool::Turn;
use super::slot::{Blueprint, Slot, failed, in_group};
use super::start::start;
use super::supervise::Supervisor;
use super::{Execution, Limits, Program, SandboxError};

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
