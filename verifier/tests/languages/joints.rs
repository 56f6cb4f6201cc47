//! Solutions that end in the middle of something, or reach into the tests that follow them.

use lehr_record::Outcome;
use lehr_verifier::Language;

use super::{file, judged, limits};

#[test]
fn tests_that_a_solution_keeps_from_running_are_not_passed() {
    const RUST: &str =
        "#[cfg(test)]\nmod tests { use super::*; #[test] fn a() { assert_eq!(twice(4), 8); } }";
    for (language, solution, tests) in [
        (Language::Rust, "#![cfg(any())]\nfn twice(n: i32) -> i32 { n }", RUST),
        (Language::Rust, "#![cfg(not(test))]\nfn twice(n: i32) -> i32 { n }", RUST),
        (Language::Rust, "fn twice(n: i32) -> i32 { n }\n#[cfg(any())]", RUST),
        (Language::Rust, "fn twice(n: i32) -> i32 { n }\n/*", RUST),
        (
            Language::Rust,
            "fn twice(n: i32) -> i32 { n }\n#[cfg(any())]",
            "assert_eq!(twice(4), 8);",
        ),
        (
            Language::JavaScript,
            "function twice(n) { return n }\nreturn;",
            "if (twice(4) !== 8) throw 1",
        ),
        (
            Language::JavaScript,
            "function twice(n) { return n }\nif (false)",
            "if (twice(4) !== 8) throw 1",
        ),
        (
            Language::JavaScript,
            "function twice(n) { return n }\n`",
            "if (twice(4) !== 8) throw 1 // `",
        ),
        (
            Language::JavaScript,
            "const twice = (n) => n;\nawait new Promise(() => {});\nexport {};",
            "if (twice(4) !== 8) throw 1",
        ),
        (
            Language::Bash,
            "twice() { set +e; echo \"$1\"; }",
            "twice 4 > out\n[ \"$(cat out)\" = 8 ]\necho done",
        ),
        (Language::Bash, "twice() { echo \"$1\"; }\nfalse &&", "[ \"$(twice 4)\" = 8 ]\necho done"),
        (Language::Bash, "twice() { echo \"$1\"; }\ncat <<END", "[ \"$(twice 4)\" = 8 ]"),
        (Language::Bash, "twice() { echo \"$1\"; }\nexec true", "[ \"$(twice 4)\" = 8 ]"),
        (
            Language::Go,
            "//go:build ignore\n\npackage main\n\nfunc twice(n int) int { return n }",
            "if twice(4) != 8 { panic(1) }",
        ),
        (
            Language::Go,
            "package main\n\nfunc twice(n int) int { return n }\n/*",
            "if twice(4) != 8 { panic(1) }",
        ),
        (Language::C, "int twice(int n) { return n; }\n#if 0", "assert(twice(4) == 8);"),
        (
            Language::C,
            "int twice(int n) { return n; }\nint (main)(void) { return 0; }\n#define main other",
            "int main(void) { assert(twice(4) == 8); return 0; }",
        ),
        (
            Language::Cpp,
            "int twice(int n) { return n; }\nint (main)() { return 0; }\n#define main other",
            "int main() { assert(twice(4) == 8); }",
        ),
        (
            Language::Rust,
            "fn twice(n: i32) -> i32 { n }\nmacro_rules! assert_eq { ($($t:tt)*) => {} }",
            "fn main() { assert_eq!(twice(4), 8); }",
        ),
        (
            Language::Rust,
            "fn twice(n: i32) -> i32 { n }\nmacro_rules! panic { ($($t:tt)*) => {} }",
            "fn main() { if twice(4) != 8 { panic!(\"no\") } }",
        ),
        (
            Language::C,
            "#define assert(x) ((void)0)\nint twice(int n) { return n; }",
            "assert(twice(4) == 8);",
        ),
        (
            Language::C,
            "#define __real_main lehr\nint twice(int n) { return n; }\nint __wrap_main(int n, char **v) { return 0; }",
            "assert(twice(4) == 8);",
        ),
        (Language::Cpp, "int twice(int n) { return n; }\ntemplate <int>", "assert(twice(4) == 8);"),
        (
            Language::Cpp,
            "#include <cstdlib>\nint twice(int n) { return n; }\nstruct E { E() { _Exit(0); } } e;",
            "assert(twice(4) == 8);",
        ),
        (
            Language::Java,
            "class S { static int twice(int n) { return n; } }\n/*",
            "assert S.twice(4) == 8;",
        ),
        (
            Language::Java,
            "class S { static { System.exit(0); } static int twice(int n) { return n; } }",
            "assert S.twice(4) == 8;",
        ),
    ] {
        let Some(verdict) = judged(language, solution, &file(tests), &limits()) else { continue };
        assert_eq!(verdict.verdict, Outcome::Wrong, "{language:?} {solution}\n{verdict:?}");
    }
}

#[test]
fn tests_that_need_what_is_not_here_are_unsupported() {
    let tests = "import (\n\t\"testing\"\n\t\"github.com/stretchr/testify/assert\"\n)\n\nfunc TestTwice(t *testing.T) { assert.Equal(t, twice(4), 8) }";
    let solution = "package main\n\nfunc twice(n int) int { return n * 2 }";
    if let Some(verdict) = judged(Language::Go, solution, &file(tests), &limits()) {
        assert_eq!(verdict.verdict, Outcome::Unsupported, "{verdict:?}");
        assert_eq!(verdict.evidence["code"], "missing_module");
    }
}
