//! Toolchains: how programs of each language are compiled and run.
//!
//! | language | found by | compiled by | run by | needs beside `/usr` |
//! | --- | --- | --- | --- | --- |
//! | Python | [`Python::find`](crate::sandbox::Python::find) | | the interpreter | its installation |
//! | C | `cc`, `gcc`, `clang` | `-O2 -std=gnu17 -lm` | | the compiler's installation |
//! | C++ | `c++`, `g++`, `clang++` | `-O2 -std=gnu++20` | | the compiler's installation |
//! | Rust | `rustc --print sysroot` | `-O --edition 2021` | | the sysroot |
//! | JavaScript | `node -p process.execPath` | | node | its installation |
//! | Go | `go env` | `go tool compile`, `link` | | `GOROOT`, compiled standard library |
//! | Java | `java.home` | `javac` | java | the JDK and its configuration in `/etc` |
//! | Bash | `bash` | | bash | |
//!
//! The GNU dialects of C and C++ are taken since programs use what POSIX adds (`getline`,
//! `strdup`). Go's own tools are called one by one, with packages compiled beforehand: `go build`
//! looks at the whole standard library each time, and compiles it where nothing may be kept.
//!
//! A toolchain is looked for once in a process, when its language first comes. The compiler runs in
//! the sandbox as well ([`build`]); what it made is a file of the program that runs then.

mod bash;
mod build;
mod c;
mod discover;
mod go;
mod java;
mod node;
mod rust;
mod source;
mod symptom;

use std::path::PathBuf;
use std::sync::OnceLock;

use crate::Language;
use crate::sandbox::{Command, Program, ProgramFile, Start};

pub(crate) use build::interpreter;
pub use build::{Build, BuildFailure, Built, build};
pub(crate) use java::declares_type;
pub use source::Source;
pub(crate) use source::is_module;
pub(crate) use symptom::limit_behind;
pub use symptom::limit_of;

/// A toolchain that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toolchain {
    /// The language.
    pub language: Language,
    /// Its version, such as `12.2.0`.
    pub version: String,
    /// The compiler, or the interpreter where there is none.
    pub executable: PathBuf,
    /// Directories and files outside `/usr` that it needs.
    pub needs: Vec<PathBuf>,
    /// Variables of the environment that it needs: without `/proc` a program does not know where it
    /// lies, nor the dynamic linker which libraries lie beside it.
    variables: Vec<(String, String)>,
    /// What else it consists of.
    kit: Kit,
}

/// What a toolchain consists of beside its main executable.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Kit {
    /// Nothing.
    Alone,
    /// The C compiler that links.
    Linker(PathBuf),
    /// Go's linker, and where the compiled packages of the standard library lie.
    Go { linker: PathBuf, packages: String },
    /// What runs Java's classes.
    Java { java: PathBuf },
}

/// Why programs of a language cannot be run here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("programs in {} cannot be run here: {problem}; {remedy}", .language.as_str())]
pub struct Missing {
    /// The language.
    pub language: Language,
    /// What is missing.
    pub problem: String,
    /// What to do about it.
    pub remedy: &'static str,
}

/// The toolchain of a language. Looked for once in a process.
///
/// Python's interpreter belongs to the [`Sandbox`](crate::Sandbox) and is not found here.
///
/// # Errors
/// [`Missing`], with the remedy.
pub fn find(language: Language) -> Result<&'static Toolchain, &'static Missing> {
    static FOUND: [OnceLock<Result<Toolchain, Missing>>; Language::ALL.len()] =
        [const { OnceLock::new() }; Language::ALL.len()];
    let looked_for = || {
        let (found, remedy) = match language {
            Language::Python => (
                Err("its interpreter belongs to the sandbox".to_owned()),
                "ask the sandbox for its interpreter",
            ),
            Language::C => (c::find(language), c::REMEDY),
            Language::Cpp => (c::find(language), c::REMEDY_CPP),
            Language::Rust => (rust::find(), rust::REMEDY),
            Language::JavaScript => (node::find(), node::REMEDY),
            Language::Go => (go::find(), go::REMEDY),
            Language::Java => (java::find(), java::REMEDY),
            Language::Bash => (bash::find(), bash::REMEDY),
        };
        found.map_err(|problem| Missing { language, problem, remedy })
    };
    FOUND[language as usize].get_or_init(looked_for).as_ref()
}

impl Toolchain {
    /// The program that compiles a source; `None` where nothing is compiled.
    fn compiler(&self, source: &Source, memory: u64) -> Option<Program> {
        let program = |executable: PathBuf, args: Vec<String>, collect: &str| {
            let command = Command {
                executable,
                args,
                needs: self.needs.clone(),
                variables: self.variables.clone(),
                reserves: false,
            };
            Program {
                files: source.files.clone(),
                collect: vec![collect.into()],
                ..Program::new(Start::Command(command))
            }
        };
        match self.language {
            Language::Python | Language::JavaScript | Language::Bash => None,
            Language::C | Language::Cpp => {
                Some(program(self.executable.clone(), c::arguments(self, source), ARTIFACT))
            }
            Language::Rust => {
                Some(program(self.executable.clone(), rust::arguments(self, source), ARTIFACT))
            }
            Language::Go => {
                let mut program = program("/bin/sh".into(), go::arguments(self, source), ARTIFACT);
                go::prepare(self, &mut program);
                Some(program)
            }
            Language::Java => {
                let args = java::compile(self, source, memory);
                let mut program = program("/bin/sh".into(), args, java::CLASSES);
                if let Start::Command(command) = &mut program.start {
                    command.reserves = true;
                }
                Some(program)
            }
        }
    }

    /// How a program starts whose compiler brought these files.
    fn start(&self, source: &Source, made: &[ProgramFile], memory: u64) -> Command {
        match self.language {
            Language::JavaScript => node::start(self, source, memory),
            Language::Bash | Language::Python => bash::start(self, source),
            Language::Java => java::start(self, source, made, memory),
            Language::Go => go::start(),
            Language::C | Language::Cpp | Language::Rust => native(),
        }
    }
}

/// The name of what a compiler makes.
const ARTIFACT: &str = "program";

/// Runs what a compiler made.
fn native() -> Command {
    Command {
        executable: format!("{}/{ARTIFACT}", Program::DIRECTORY).into(),
        args: Vec::new(),
        needs: Vec::new(),
        variables: Vec::new(),
        reserves: false,
    }
}

/// What the run time system of a language takes for itself, beside the program's limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Own {
    /// Threads.
    processes: u32,
    /// Descriptors.
    open_files: u32,
}

/// The row of the table for a language.
fn own(language: Language) -> Own {
    let (processes, open_files) = match language {
        // Collectors, compilers, signal and reference threads; classes and modules.
        Language::Java => (32, 64),
        // The pool of libuv, that of V8, inspector; event loops with their pipes.
        Language::JavaScript => (16, 32),
        // The scheduler's threads and one for each blocking call.
        Language::Go => (16, 8),
        _ => (0, 0),
    };
    Own { processes, open_files }
}
