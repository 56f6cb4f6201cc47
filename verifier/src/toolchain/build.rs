//! Compiles a program in the sandbox.

use std::time::Duration;

use super::symptom::limit_behind_compiler;
use super::{Missing, Source, Toolchain, own};
use crate::Language;
use crate::sandbox::{
    Command, Execution, Exit, Limit, Limits, Program, ProgramFile, Sandbox, SandboxError, Start,
};

/// What a compiler may use of memory, in bytes. Compilers take more than what they compile.
const MEMORY: u64 = 2 << 30;
/// Processes and threads of a compiler.
const PROCESSES: u32 = 128;
/// Open files of a compiler.
const OPEN_FILES: u32 = 512;
/// Files that a compiler may write.
const INODES: u32 = 16 << 10;
/// Bytes that a compiler may print.
const OUTPUT: usize = 256 << 10;
/// The most bytes of a compiler's message that are shown.
const MESSAGE: usize = 2000;

/// What a compilation took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Build {
    /// Processor time.
    pub cpu: Duration,
    /// Time from start to end.
    pub wall: Duration,
}

/// A program that can be run, as often as wanted.
#[derive(Clone, Debug)]
pub struct Built {
    language: Language,
    files: Vec<ProgramFile>,
    start: Start,
    /// What compiling took; `None` where nothing is compiled.
    pub build: Option<Build>,
}

impl Built {
    /// The program with this input.
    pub fn program(&self, stdin: impl Into<Vec<u8>>) -> Program {
        Program {
            files: self.files.clone(),
            stdin: stdin.into(),
            ..Program::new(self.start.clone())
        }
    }

    /// The limits with what the language's run time system takes for itself.
    pub fn limits(&self, limits: &Limits) -> Limits {
        let own = own(self.language);
        Limits {
            processes: limits.processes.saturating_add(own.processes).min(4096),
            open_files: limits.open_files.saturating_add(own.open_files).min(1 << 20),
            ..limits.clone()
        }
    }
}

/// Why there is no program to run.
#[derive(Debug, thiserror::Error)]
pub enum BuildFailure {
    /// The language cannot be run here.
    #[error(transparent)]
    Missing(#[from] Missing),
    /// The compiler refused the program, with this message.
    #[error("the program does not compile: {0}")]
    Refused(String),
    /// The compiler reached a limit.
    #[error("the compiler reached the limit on {}", .0.as_str())]
    Limit(Limit),
    /// The compiler could not be run.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
}

/// Makes a program of its source: compiles it in the sandbox, where its language is compiled.
///
/// # Errors
/// [`BuildFailure`].
pub fn build(sandbox: &Sandbox, source: &Source, limits: &Limits) -> Result<Built, BuildFailure> {
    let language = source.language;
    if language == Language::Python {
        let start = Start::Script(source.entry.clone());
        return Ok(Built { language, files: source.files.clone(), start, build: None });
    }
    let toolchain = super::find(language).map_err(Clone::clone)?;
    let Some(compiler) = toolchain.compiler(source, MEMORY) else {
        let start = Start::Command(toolchain.start(source, &[], limits.memory));
        return Ok(Built { language, files: source.files.clone(), start, build: None });
    };
    let execution = sandbox.run(&compiler, &compiler_limits(limits))?;
    let made = made(&execution)?;
    let start = toolchain.start(source, &made, limits.memory);
    let files = package(toolchain, source, made)?;
    let build = Some(Build { cpu: execution.cpu, wall: execution.wall });
    Ok(Built { language, files, start: Start::Command(start), build })
}

fn compiler_limits(limits: &Limits) -> Limits {
    Limits {
        cpu: limits.compile,
        wall: limits.compile,
        memory: MEMORY.max(limits.memory),
        processes: PROCESSES,
        file_size: limits.compile_size,
        scratch: limits.compile_size,
        inodes: INODES,
        open_files: OPEN_FILES,
        output: OUTPUT,
        ..limits.clone()
    }
}

/// The files that a compiler brought.
fn made(execution: &Execution) -> Result<Vec<ProgramFile>, BuildFailure> {
    let limit = match execution.limit {
        Some(Limit::Cpu | Limit::Wall) => Some(Limit::Compile),
        Some(Limit::FileSize | Limit::Scratch | Limit::Inodes) => Some(Limit::CompileSize),
        Some(limit) => Some(limit),
        None if execution.succeeded() => None,
        None => limit_behind_compiler(&execution.stderr),
    };
    if let Some(limit) = limit {
        return Err(BuildFailure::Limit(limit));
    }
    if execution.succeeded() && !execution.files.is_empty() {
        return Ok(execution.files.clone());
    }
    let said = match execution.stderr.is_empty() {
        true => &execution.stdout,
        false => &execution.stderr,
    };
    // The directory is ours, and the same in every message.
    let said = String::from_utf8_lossy(said).replace(&format!("{}/", Program::DIRECTORY), "");
    let said = crate::answer::clip(said.trim(), MESSAGE);
    Err(BuildFailure::Refused(match (said.is_empty(), execution.exit) {
        (false, _) => said,
        (true, Exit::Code(0)) => "nothing was made of it".into(),
        (true, _) => "the compiler said nothing".into(),
    }))
}

/// What a compiler brought, as files of the program.
fn package(
    toolchain: &Toolchain,
    source: &Source,
    made: Vec<ProgramFile>,
) -> Result<Vec<ProgramFile>, SandboxError> {
    match toolchain.language {
        Language::Java => match super::java::archive(source, &made) {
            Ok(archive) => Ok(vec![archive]),
            Err(error) => Err(SandboxError::Program(format!("its classes: {error}"))),
        },
        _ => Ok(made.into_iter().map(|file| ProgramFile { executable: true, ..file }).collect()),
    }
}

/// The interpreter of a language that is not compiled, for programs of this crate.
pub(crate) fn interpreter(
    language: Language,
    entry: &str,
    limits: &Limits,
) -> Result<(Command, Limits), Missing> {
    let toolchain = super::find(language).map_err(Clone::clone)?;
    let source = Source { entry: entry.to_owned(), ..Source::empty(language) };
    let start = toolchain.start(&source, &[], limits.memory);
    let built =
        Built { language, files: vec![], start: Start::Command(start.clone()), build: None };
    Ok((start, built.limits(limits)))
}
