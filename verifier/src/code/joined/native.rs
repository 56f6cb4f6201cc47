//! Tests of languages that are compiled to programs of the machine.

use std::sync::LazyLock;

use regex::Regex;

use crate::Language;
use crate::answer::dress::regex;
use crate::toolchain::Source;

/// What the linker puts in the place of `main` (`--wrap=main`): it calls the real one and sends the
/// word when that has returned 0. In a file of its own, where no macro of the solution reaches it.
/// It asks the kernel itself: programs have functions of their own named `read`.
const HOOK: &str = r#"#include <sys/syscall.h>
#include <unistd.h>
#ifdef __cplusplus
extern "C" {
#endif
int __real_main(int, char **);
int __wrap_main(int count, char **values) {
    int status = __real_main(count, values);
    char word[64];
    long had = 0, came;
    if (status) return status ? status : 1;
    while (had < 64 && (came = syscall(SYS_read, 0, word + had, 64 - had)) > 0) had += came;
    return syscall(SYS_write, 3, word, had) == had ? 0 : 1;
}
#ifdef __cplusplus
}
#endif
"#;

/// What the hook asks for in Rust: a solution that leaves itself out by an attribute leaves this out
/// as well, and does not link.
const RUST_END: &str = "#[no_mangle]\n#[used]\npub static LEHR_END: u8 = 1;\n";

/// A definition of `main`.
struct Main {
    pattern: Regex,
    /// What comes in its place where it gives way.
    away: &'static str,
}

fn main_of(language: Language) -> &'static Main {
    static C: LazyLock<Main> = LazyLock::new(|| Main {
        pattern: regex(r"(?m)^([ \t]*(?:signed[ \t]+)?(?:int|void|auto)[ \t\r\n]+)main([ \t]*\()"),
        away: "${1}lehr_solution_main$2",
    });
    static RUST: LazyLock<Main> = LazyLock::new(|| Main {
        pattern: regex(r"(?m)^((?:pub(?:\([^)]*\))?[ \t]+)?fn[ \t]+)main([ \t]*\()"),
        away: "${1}lehr_solution_main$2",
    });
    static GO: LazyLock<Main> = LazyLock::new(|| Main {
        pattern: regex(r"(?m)^(func[ \t]+)main([ \t]*\()"),
        away: "${1}lehrSolutionMain$2",
    });
    match language {
        Language::Rust => &RUST,
        Language::Go => &GO,
        _ => &C,
    }
}

/// The solution whose `main` gives way.
fn without_main(language: Language, solution: &str) -> String {
    let main = main_of(language);
    main.pattern.replace_all(solution, main.away).into_owned()
}

/// Lines that a predicate takes go first, the others follow.
fn lifted(text: &str, goes_first: impl Fn(&str) -> bool) -> (String, String) {
    let (first, rest): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| goes_first(line));
    (first.join("\n"), rest.join("\n"))
}

/// What stands between a solution in Rust and its tests.
const RUST_BETWEEN: &str = r#"const _: () = ();
#[allow(unused_macros)] macro_rules! assert { ($($t:tt)*) => { ::std::assert!($($t)*) } }
#[allow(unused_macros)] macro_rules! assert_eq { ($($t:tt)*) => { ::std::assert_eq!($($t)*) } }
#[allow(unused_macros)] macro_rules! assert_ne { ($($t:tt)*) => { ::std::assert_ne!($($t)*) } }
#[allow(unused_macros)] macro_rules! debug_assert { ($($t:tt)*) => { ::std::debug_assert!($($t)*) } }
#[allow(unused_macros)] macro_rules! debug_assert_eq { ($($t:tt)*) => { ::std::debug_assert_eq!($($t)*) } }
#[allow(unused_macros)] macro_rules! debug_assert_ne { ($($t:tt)*) => { ::std::debug_assert_ne!($($t)*) } }
#[allow(unused_macros)] macro_rules! panic { ($($t:tt)*) => { ::std::panic!($($t)*) } }
#[allow(unused_macros)] macro_rules! unreachable { ($($t:tt)*) => { ::std::unreachable!($($t)*) } }
"#;

pub(super) fn joined(language: Language, solution: &str, tests: &str) -> Source {
    let is_rust = language == Language::Rust;
    let harness =
        is_rust && tests.contains("#[test]") && !main_of(language).pattern.is_match(tests);
    let solution = without_main(language, solution);
    let tests = match (harness || main_of(language).pattern.is_match(tests), is_rust) {
        (true, _) => tests.to_owned(),
        (false, true) => format!("fn main() {{\n{tests}\n}}"),
        (false, false) => {
            let (directives, statements) = lifted(tests, |line| line.trim_start().starts_with('#'));
            format!("{directives}\nint main(void) {{\n{statements}\nreturn 0;\n}}")
        }
    };
    // The header gives the meaning of `assert` anew, whatever the solution made of it, and the tests'
    // `main` keeps its name, so that one of the solution's own is one too many.
    // In Rust there is something for an attribute that the solution leaves open, and the macros by
    // which tests fail are the standard library's again.
    let between = match is_rust {
        true => RUST_BETWEEN,
        false => "#undef main\n#undef NDEBUG\n#include <assert.h>\n",
    };
    let (end, hook_text) = match is_rust {
        true => (
            RUST_END,
            format!(
                "extern char LEHR_END;\n{}",
                HOOK.replace("if (status)", "if (status || !LEHR_END)")
            ),
        ),
        false => ("", HOOK.to_owned()),
    };
    let (file, hook) = match language {
        Language::Rust => ("main.rs", "lehr_end.c"),
        Language::Cpp => ("main.cpp", "lehr_end.cpp"),
        _ => ("main.c", "lehr_end.c"),
    };
    let mut source = Source::empty(language);
    source.add(file, &format!("{solution}\n{between}{tests}\n{end}"), true);
    source.add(hook, &hook_text, true);
    source.hooked = true;
    source.test_harness = harness;
    source
}

/// What sends the word in Go.
const GO_END: &str = r#"package main

import (
	lehrIO "io"
	lehrOS "os"
IMPORTS)

func lehrEnd() {
	word, err := lehrIO.ReadAll(lehrOS.Stdin)
	if err != nil {
		panic(err)
	}
	if _, err := lehrOS.NewFile(3, "results").Write(word); err != nil {
		panic(err)
	}
}

func main() {
BODY}
"#;

/// Runs the tests of a file as those of one group, which ends when the last of them has. The word
/// comes after it, whether they hold or not; the status tells that.
const GO_GROUP: &str = r#"	every := func(_, _ string) (bool, error) { return true, nil }
	group := func(t *lehrTesting.T) {
		t.Run("all", func(t *lehrTesting.T) {
TESTS		})
		lehrEnd()
	}
	lehrTesting.Main(every, []lehrTesting.InternalTest{{Name: "Tests", F: group}}, nil, nil)
"#;

/// The first package that tests import and that is not in Go's own library.
pub(super) fn foreign_import(tests: &str) -> Option<String> {
    static FOREIGN: LazyLock<Regex> = LazyLock::new(|| {
        regex(r#"(?m)^[ \t]*(?:import[ \t]+)?(?:\w+[ \t]+)?"([\w-]+\.\w[^"]*/[^"]*)"[ \t]*$"#)
    });
    FOREIGN.captures(tests).map(|found| found[1].to_owned())
}

pub(super) fn joined_go(solution: &str, tests: &str) -> Source {
    static TEST: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"(?m)^func[ \t]+(Test\w*)[ \t]*\([ \t]*\w+[ \t]+\*testing\.T[ \t]*\)")
    });
    static DECLARES: LazyLock<Regex> = LazyLock::new(|| regex(r"(?m)^(?:func|type|package)[ \t]"));
    let named: Vec<String> = TEST.captures_iter(tests).map(|found| found[1].to_owned()).collect();
    let main = main_of(Language::Go);
    let (imports, body) = if main.pattern.is_match(tests) || named.is_empty() {
        ("", "\tlehrTestsMain()\n\tlehrEnd()\n".to_owned())
    } else {
        let all = named.iter().map(|name| format!("\t\t\tt.Run({name:?}, {name})\n"));
        ("\tlehrTesting \"testing\"\n", GO_GROUP.replace("TESTS", &all.collect::<String>()))
    };
    let tests = match DECLARES.is_match(tests) {
        true => in_main(&main.pattern.replace_all(tests, "${1}lehrTestsMain$2")),
        false => {
            let (imports, statements) = lifted(tests, |line| line.starts_with("import "));
            in_main(&format!("{imports}\nfunc lehrTestsMain() {{\n{statements}\n}}"))
        }
    };
    let mut source = Source::empty(Language::Go);
    source.add("main.go", &in_main(&without_main(Language::Go, solution)), true);
    source.add("tests.go", &tests, true);
    let end = GO_END.replace("IMPORTS", imports).replace("BODY", &body);
    source.add("lehr_end.go", &end, true);
    source
}

/// The file in the package that is a program.
fn in_main(text: &str) -> String {
    static PACKAGE: LazyLock<Regex> = LazyLock::new(|| regex(r"(?m)^package[ \t]+\w+"));
    match PACKAGE.is_match(text) {
        true => PACKAGE.replace(text, "package main").into_owned(),
        false => format!("package main\n{text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_of_others_are_seen() {
        for (tests, foreign) in [
            ("import \"testing\"", None),
            ("import \"math/rand\"", None),
            (
                "import (\n\t\"testing\"\n\t\"github.com/stretchr/testify/assert\"\n)",
                Some("github.com/stretchr/testify/assert"),
            ),
            ("import a \"golang.org/x/exp\"", Some("golang.org/x/exp")),
            ("if f(\"a.b/c\") != 1 {}", None),
        ] {
            assert_eq!(foreign_import(tests).as_deref(), foreign, "{tests}");
        }
    }

    #[test]
    fn a_main_of_the_solution_gives_way() {
        for (language, text, left) in [
            (
                Language::C,
                "int main(void) { main_x(); }",
                "int lehr_solution_main(void) { main_x(); }",
            ),
            (Language::C, "int domain(void);", "int domain(void);"),
            (Language::Cpp, "int\nmain() {}", "int\nlehr_solution_main() {}"),
            (Language::Rust, "pub fn main() {}", "pub fn lehr_solution_main() {}"),
            (Language::Rust, "    fn main() {}", "    fn main() {}"),
            (Language::Go, "func main() {}", "func lehrSolutionMain() {}"),
            (Language::Go, "func mainly() {}", "func mainly() {}"),
        ] {
            assert_eq!(without_main(language, text), left);
        }
    }
}
