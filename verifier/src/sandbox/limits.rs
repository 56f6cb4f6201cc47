use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a program may use. Over a limit it is killed, or the call that asked for more fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Processor time of the program and everything it starts, together. 5 s.
    pub cpu: Duration,
    /// Time from start to end. 10 s.
    pub wall: Duration,
    /// Private memory in bytes, of each process and of all together. 512 MiB.
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
        }
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
    /// [`Limits::scratch`] or [`Limits::inodes`].
    Scratch,
    /// [`Limits::open_files`].
    OpenFiles,
    /// [`Limits::output`].
    Output,
    /// [`Limits::results`], or a single result that is too large to be compared.
    Results,
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
            Self::OpenFiles => "open_files",
            Self::Output => "output",
            Self::Results => "results",
        }
    }
}
