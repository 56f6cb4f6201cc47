use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use super::{Harness, Limit, SandboxError};

/// A file that a program finds in its read-only directory.
#[derive(Clone, Debug)]
pub struct ProgramFile {
    /// Its name, without directories.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// Whether it may be executed.
    pub executable: bool,
}

impl ProgramFile {
    /// A file that is read.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into(), executable: false }
    }
}

/// A program with what it is given.
#[derive(Clone, Debug)]
pub struct Program {
    /// The files, side by side in one directory ([`Program::DIRECTORY`]).
    pub files: Vec<ProgramFile>,
    /// How it starts.
    pub start: Start,
    /// Arguments.
    pub args: Vec<String>,
    /// Standard input.
    pub stdin: Vec<u8>,
    /// Whether descriptor 3 is a channel for results, apart from the output.
    pub channel: bool,
    /// Files of the scratch to bring back, by their names there. The name of a directory brings the
    /// files right below it.
    pub collect: Vec<String>,
}

/// How a program starts.
#[derive(Clone, Debug)]
pub enum Start {
    /// The Python file of this name.
    Script(String),
    /// A program of this crate, written in Python, beside the files.
    Harness(Harness),
    /// An executable of the machine, or one of the files.
    Command(Command),
}

/// An executable with what it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The executable, as seen from inside.
    pub executable: PathBuf,
    /// Arguments that come before the program's.
    pub args: Vec<String>,
    /// Directories and files of the host outside `/usr` that are shown, read-only, at their paths.
    pub needs: Vec<PathBuf>,
    /// Variables of the environment beside the usual ones.
    pub variables: Vec<(String, String)>,
    /// Whether it reserves far more addresses than it uses memory (V8, the JVM, Go). The bound on
    /// addresses is left out then; that on memory in use stays.
    pub reserves: bool,
}

impl Program {
    /// Where the files are found.
    pub const DIRECTORY: &str = "/program";
    /// The working directory, home and place for temporary files: the only place to write.
    pub const SCRATCH: &str = "/tmp";

    /// A program that starts so, without files or input.
    pub fn new(start: Start) -> Self {
        Self {
            files: Vec::new(),
            start,
            args: Vec::new(),
            stdin: Vec::new(),
            channel: false,
            collect: Vec::new(),
        }
    }

    /// A Python program in one file.
    pub fn of_source(source: impl Into<Vec<u8>>) -> Self {
        let files = vec![ProgramFile::new("main.py", source)];
        Self { files, ..Self::new(Start::Script("main.py".into())) }
    }

    /// Refuses what cannot be laid out.
    pub(super) fn check(&self) -> Result<(), SandboxError> {
        let refuse = |what: String| Err(SandboxError::Program(what));
        for file in &self.files {
            if !is_name(&file.name) {
                return refuse(format!("{:?} is not a file name", file.name));
            }
        }
        for name in &self.collect {
            if !is_name(name) {
                return refuse(format!("{name:?} is not the name of a file to bring back"));
            }
        }
        match &self.start {
            Start::Script(entry) if !self.files.iter().any(|f| f.name == *entry) => {
                refuse(format!("it has no file {entry:?}"))
            }
            _ => Ok(()),
        }
    }
}

/// Whether it names a file without directories.
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(['/', '\0']) && !name.starts_with('.')
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// By itself, with this status.
    Code(i32),
    /// By this signal.
    Signal(i32),
    /// It was killed: at a limit, or as the other of two programs had ended.
    Killed,
}

/// What a run of a program was.
#[derive(Clone, Debug)]
pub struct Execution {
    /// How it ended.
    pub exit: Exit,
    /// The limit that was reached, when one was.
    pub limit: Option<Limit>,
    /// Standard output, up to the limit on output.
    pub stdout: Vec<u8>,
    /// Standard error, likewise.
    pub stderr: Vec<u8>,
    /// What came over the channel, up to the limit on results.
    pub results: Vec<u8>,
    /// The files that were asked for and are there: names and contents, up to the limit on scratch.
    /// Only regular files count; links are not followed.
    pub files: Vec<ProgramFile>,
    /// Processor time of all its processes.
    pub cpu: Duration,
    /// Time from start to end.
    pub wall: Duration,
    /// The most memory that was seen in use, in bytes; `None` when it ended before a look.
    pub peak_memory: Option<u64>,
}

impl Execution {
    /// Whether it ended by itself with status 0 and within its limits.
    pub fn succeeded(&self) -> bool {
        self.exit == Exit::Code(0) && self.limit.is_none()
    }
}
