//! This program's side of a run: drain the pipes of a program, watch it, kill it at a limit, collect.

use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};

use super::cgroup::GroupEnd;
use super::collect::collect;
use super::message::News;
use super::slot::{Blueprint, Slot, failed, hear, in_group, timespec};
use super::stage::Failure;
use super::start::Running;
use super::watch::{Usage, Watch};
use super::zygote::Said;
use super::{Execution, Exit, Layer, Limit, Limits, SandboxError};

/// How often memory and processor time are looked at.
const LOOK: Duration = Duration::from_millis(20);
/// How long after the start the first look is.
const FIRST_LOOK: Duration = Duration::from_millis(5);

/// Stands over a running program until all of it is gone.
pub(super) struct Supervisor<'a> {
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
    pub fn new(
        slot: &'a mut Slot,
        blueprint: &Blueprint,
        running: Running,
        limits: &'a Limits,
    ) -> Self {
        // Where there is a cgroup the kernel counts.
        let watched = slot.group.is_none() && blueprint.layers.contains(&Layer::Watch);
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

    /// Waits until the program has ended, or ends it: at a limit, or when `over` has no writer any
    /// more. Then brings back the files of these names.
    pub fn supervise(
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
        match poll(&mut polled, Some(&timespec(most))) {
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
        let (usage, out_of_memory) = match (&self.slot.group, &mut self.watch) {
            (Some(group), _) => {
                let usage = group.usage().map_err(in_group)?;
                // What is left of the program may wait for ever for whom the kernel killed.
                let out_of_memory = group.is_out_of_memory().map_err(in_group)?;
                (Usage { tasks: usage.tasks.saturating_sub(1), ..usage }, out_of_memory)
            }
            (None, Some(watch)) => (watch.look(self.limits.memory), false),
            (None, None) => return Ok(()),
        };
        if usage.memory > 0 {
            self.peak = self.peak.max(Some(usage.memory));
        }
        let cpu = Duration::from_micros(usage.cpu);
        self.crowded |= usage.tasks >= self.limits.processes;
        if out_of_memory || usage.memory > self.limits.memory {
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
            // The kernel may take the cell's first process instead of a program that is smaller.
            None if end.out_of_memory => Exit::Killed,
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
