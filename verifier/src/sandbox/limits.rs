use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::SandboxError;

/// What a program may use. Over a limit it is killed, or the call that asked for more fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Processor time of the program and everything it starts, together. 5 s.
    pub cpu: Duration,
    /// Time from start to end. 10 s.
    pub wall: Duration,
    /// Bytes of private memory of each process, and of what all processes hold together where
    /// [`CgroupLimits`](super::Layer::CgroupLimits) or [`Watch`](super::Layer::Watch) holds. 512 MiB.
    pub memory: u64,
    /// Processes at once; every thread counts. 32.
    pub processes: u32,
    /// Bytes of one written file. 16 MiB.
    pub file_size: u64,
    /// Bytes of all written files together. 64 MiB.
    pub scratch: u64,
    /// Files and directories at once. 4096.
    pub inodes: u32,
    /// Open files of one process. 64.
    pub open_files: u32,
    /// Bytes on standard output and standard error together. 256 KiB.
    pub output: usize,
    /// Bytes on the result channel. 4 MiB.
    pub results: usize,
    /// Processor and wall time of a compiler, each; its memory and processes are the compiler's own.
    /// 30 s.
    pub compile: Duration,
    /// Bytes of everything that a compiler writes, together. 256 MiB.
    pub compile_size: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            cpu: Duration::from_secs(5),
            wall: Duration::from_secs(10),
            memory: 512 << 20,
            processes: 32,
            file_size: 16 << 20,
            scratch: 64 << 20,
            inodes: 4096,
            open_files: 64,
            output: 256 << 10,
            results: 4 << 20,
            compile: Duration::from_secs(30),
            compile_size: 256 << 20,
        }
    }
}

impl Limits {
    /// Whether each lies in the range for which the kernel and the watch can keep it.
    ///
    /// # Errors
    /// [`SandboxError::Limits`] names the first that does not, and its range.
    pub fn check(&self) -> Result<(), SandboxError> {
        const DAY: Duration = Duration::from_secs(86_400);
        const MIB: u64 = 1 << 20;
        const TIB: u64 = 1 << 40;
        for (name, time) in [("cpu", self.cpu), ("wall", self.wall), ("compile", self.compile)] {
            if time.is_zero() || time > DAY {
                return Err(SandboxError::Limits(format!(
                    "{name} is {time:?}; give more than 0 and at most 86400 seconds"
                )));
            }
        }
        for (name, value, least, most) in [
            // An interpreter does not start in less.
            ("memory", self.memory, 16 * MIB, TIB),
            ("processes", self.processes.into(), 1, 4096),
            ("file_size", self.file_size, 0, TIB),
            // To a tmpfs 0 means without a limit.
            ("scratch", self.scratch, 4096, TIB),
            ("inodes", self.inodes.into(), 1, 1 << 30),
            ("open_files", self.open_files.into(), 8, 1 << 20),
            ("compile_size", self.compile_size, 4096, TIB),
            // The caller keeps these in its own memory.
            ("output", self.output as u64, 0, 1 << 30),
            ("results", self.results as u64, 0, 1 << 30),
        ] {
            if !(least..=most).contains(&value) {
                return Err(SandboxError::Limits(format!(
                    "{name} is {value}; give {least} to {most}"
                )));
            }
        }
        Ok(())
    }
}

/// A limit that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// [`Limits::cpu`].
    Cpu,
    /// [`Limits::wall`].
    Wall,
    /// [`Limits::memory`].
    Memory,
    /// [`Limits::processes`].
    Processes,
    /// [`Limits::file_size`].
    FileSize,
    /// [`Limits::scratch`].
    Scratch,
    /// [`Limits::inodes`].
    Inodes,
    /// [`Limits::open_files`].
    OpenFiles,
    /// [`Limits::output`].
    Output,
    /// [`Limits::results`], or a single result that is too large to be compared.
    Results,
    /// [`Limits::compile`].
    Compile,
    /// [`Limits::compile_size`].
    CompileSize,
}

impl Limit {
    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Wall => "wall",
            Self::Memory => "memory",
            Self::Processes => "processes",
            Self::FileSize => "file_size",
            Self::Scratch => "scratch",
            Self::Inodes => "inodes",
            Self::OpenFiles => "open_files",
            Self::Output => "output",
            Self::Results => "results",
            Self::Compile => "compile",
            Self::CompileSize => "compile_size",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_that_cannot_be_kept_are_named() {
        let usual = Limits::default;
        assert!(usual().check().is_ok());
        for (name, limits) in [
            ("cpu", Limits { cpu: Duration::ZERO, ..usual() }),
            ("cpu", Limits { cpu: Duration::MAX, ..usual() }),
            ("wall", Limits { wall: Duration::MAX, ..usual() }),
            ("memory", Limits { memory: 0, ..usual() }),
            ("memory", Limits { memory: u64::MAX, ..usual() }),
            ("processes", Limits { processes: 0, ..usual() }),
            ("scratch", Limits { scratch: 0, ..usual() }),
            ("inodes", Limits { inodes: 0, ..usual() }),
            ("open_files", Limits { open_files: 0, ..usual() }),
            ("output", Limits { output: usize::MAX, ..usual() }),
            ("results", Limits { results: usize::MAX, ..usual() }),
        ] {
            let said = limits.check().map_err(|e| e.to_string());
            assert!(said.as_ref().is_err_and(|e| e.contains(name)), "{name}: {said:?}");
        }
    }
}
