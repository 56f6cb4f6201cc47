//! The limit behind a failure, by what a program said at its end.
//!
//! A call that asks for more than a limit allows fails, and most programs then end with the words
//! of their run time system. The words make a verdict `over_budget` where it would be `wrong`, and
//! never better than that.

use crate::Language;
use crate::sandbox::{Execution, Exit, Limit};

/// What the C library and most others say.
const COMMON: &[(&str, Limit)] = &[
    ("Cannot allocate memory", Limit::Memory),
    ("Too many open files", Limit::OpenFiles),
    ("No space left on device", Limit::Scratch),
    ("File too large", Limit::FileSize),
    ("File size limit exceeded", Limit::FileSize),
    ("Resource temporarily unavailable", Limit::Processes),
];

/// What the run time system of a language says beside.
fn own(language: Language) -> &'static [(&'static str, Limit)] {
    match language {
        Language::Python => {
            &[("MemoryError", Limit::Memory), ("can't start new thread", Limit::Processes)]
        }
        Language::C => &[("memory exhausted", Limit::Memory)],
        Language::Cpp => {
            &[("std::bad_alloc", Limit::Memory), ("std::bad_array_new_length", Limit::Memory)]
        }
        Language::Rust => {
            &[("memory allocation of", Limit::Memory), ("failed to spawn thread", Limit::Processes)]
        }
        Language::JavaScript => &[
            ("JavaScript heap out of memory", Limit::Memory),
            ("Array buffer allocation failed", Limit::Memory),
            ("ENOMEM", Limit::Memory),
            ("ERR_WORKER_OUT_OF_MEMORY", Limit::Memory),
            ("ERR_WORKER_INIT_FAILED", Limit::Processes),
            ("EAGAIN", Limit::Processes),
            ("EMFILE", Limit::OpenFiles),
            ("ENOSPC", Limit::Scratch),
            ("EFBIG", Limit::FileSize),
        ],
        Language::Go => &[
            ("out of memory", Limit::Memory),
            ("cannot allocate memory", Limit::Memory),
            ("failed to create new OS thread", Limit::Processes),
            ("resource temporarily unavailable", Limit::Processes),
            ("too many open files", Limit::OpenFiles),
            ("no space left on device", Limit::Scratch),
            ("file too large", Limit::FileSize),
        ],
        Language::Java => &[
            // Before the words that it contains.
            ("unable to create native thread", Limit::Processes),
            ("java.lang.OutOfMemoryError", Limit::Memory),
            ("insufficient memory for the Java Runtime", Limit::Memory),
        ],
        Language::Bash => &[("cannot allocate", Limit::Memory), ("fork: retry", Limit::Processes)],
    }
}

/// The limit that a run reached, as the sandbox saw it or as the program said at its end.
pub fn limit_of(language: Language, execution: &Execution) -> Option<Limit> {
    // What Python says the sandbox has read.
    let by_words = language != Language::Python && execution.exit != Exit::Code(0);
    let said = || limit_behind(language, &execution.stderr);
    execution.limit.or_else(|| if by_words { said() } else { None })
}

/// The limit that a program of a language said it had reached, by the end of its standard error.
pub(crate) fn limit_behind(language: Language, stderr: &[u8]) -> Option<Limit> {
    /// As much as a crash report with its trace has.
    const END: usize = 8 << 10;
    let end = stderr.get(stderr.len().saturating_sub(END)..).unwrap_or_default();
    let text = String::from_utf8_lossy(end);
    let said = own(language).iter().chain(COMMON).find(|(words, _)| text.contains(words));
    said.map(|(_, limit)| *limit)
}

/// The limit that a compiler, or what it starts, said it had reached.
pub(super) fn limit_behind_compiler(stderr: &[u8]) -> Option<Limit> {
    const SAID: &[(&str, Limit)] = &[
        ("out of memory", Limit::Memory),
        ("OutOfMemoryError", Limit::Memory),
        ("memory exhausted", Limit::Memory),
        ("Cannot allocate memory", Limit::Memory),
        ("cannot allocate memory", Limit::Memory),
        ("memory allocation of", Limit::Memory),
        ("No space left on device", Limit::CompileSize),
        ("no space left on device", Limit::CompileSize),
        ("File too large", Limit::CompileSize),
        ("file too large", Limit::CompileSize),
        ("File size limit exceeded", Limit::CompileSize),
        ("file truncated", Limit::CompileSize),
        ("CPU time limit exceeded", Limit::Compile),
    ];
    let text = String::from_utf8_lossy(stderr);
    SAID.iter().find(|(words, _)| text.contains(words)).map(|(_, limit)| *limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_says_it_in_its_own_words() {
        for (language, said, limit) in [
            (Language::C, "x: Cannot allocate memory\n", Some(Limit::Memory)),
            (Language::C, "fopen: Too many open files", Some(Limit::OpenFiles)),
            (Language::C, "Segmentation fault", None),
            (
                Language::Cpp,
                "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\n",
                Some(Limit::Memory),
            ),
            (
                Language::Rust,
                "memory allocation of 1099511627776 bytes failed",
                Some(Limit::Memory),
            ),
            (
                Language::Rust,
                "called `Result::unwrap()` on an `Err` value: Os { code: 24, kind: Uncategorized, message: \"Too many open files\" }",
                Some(Limit::OpenFiles),
            ),
            (
                Language::JavaScript,
                "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
                Some(Limit::Memory),
            ),
            (Language::JavaScript, "Error: EMFILE: too many open files", Some(Limit::OpenFiles)),
            (Language::Go, "fatal error: runtime: out of memory", Some(Limit::Memory)),
            (
                Language::Java,
                "java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory",
                Some(Limit::Processes),
            ),
            (Language::Java, "java.lang.OutOfMemoryError: Java heap space", Some(Limit::Memory)),
            (
                Language::Bash,
                "fork: retry: Resource temporarily unavailable",
                Some(Limit::Processes),
            ),
            (Language::Python, "MemoryError", Some(Limit::Memory)),
            (Language::Go, "", None),
        ] {
            assert_eq!(limit_behind(language, said.as_bytes()), limit, "{said}");
        }
    }
}
