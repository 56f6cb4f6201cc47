//! What programs do to their compilers.

use std::time::Duration;

use lehr_record::Outcome;
use lehr_verifier::{Language, Limits};

use super::{judged, limits, streams};

#[test]
fn a_compile_bomb_reaches_a_limit_of_the_compiler() {
    let expansions: String =
        (0..40).map(|n| format!("#define M{} M{n} M{n} M{n} M{n}\n", n + 1)).collect::<String>();
    let macros = format!("#define M0 x\n{expansions}int main(void) {{ M41 }}");
    for (name, language, solution) in [
        ("macros", Language::C, macros.as_str()),
        ("endless include", Language::C, "#include \"/dev/urandom\"\nint main(void) {}"),
        ("array", Language::C, "int a[1 << 29] = {1};\nint main(void) { return a[0] - 1; }"),
        (
            "templates",
            Language::Cpp,
            "template <int n, int m> struct A { static const long v = A<n - 1, m * 2>::v + A<n - 1, m * 2 + 1>::v; };\ntemplate <int m> struct A<0, m> { static const long v = 1; };\nint main() { return A<26, 1>::v; }",
        ),
        (
            "constants",
            Language::Rust,
            "#![allow(long_running_const_eval)]\nconst fn f(n: u64) -> u64 { let mut i = 0; let mut s = 0; while i < n { s += i ^ n; i += 1; } s }\nconst N: u64 = f(1 << 60);\nfn main() { println!(\"{N}\"); }",
        ),
    ] {
        let limits = Limits { compile: Duration::from_secs(3), compile_size: 64 << 20, ..limits() };
        let Some(verdict) = judged(language, solution, &streams(&[("", "")]), &limits) else {
            continue;
        };
        // Some compilers refuse before a limit is reached; the program is never right.
        match verdict.verdict {
            Outcome::Wrong => assert_eq!(verdict.evidence["code"], "compile_error", "{verdict:?}"),
            outcome => {
                assert_eq!(outcome, Outcome::OverBudget, "{name}: {verdict:?}");
                assert_eq!(verdict.evidence["stage"], "compile", "{name}: {verdict:?}");
            }
        }
        let expected = match name {
            "array" => Some("compile_size"),
            "constants" => Some("compile"),
            _ => None,
        };
        if let Some(limit) = expected {
            assert_eq!(verdict.evidence["limit"], limit, "{name}: {verdict:?}");
        }
    }
}

#[test]
fn a_compiler_sees_no_file_of_the_host_and_no_expected_output() {
    let secret = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    for (language, solution) in [
        (Language::C, format!("#include \"{secret}\"\nint main(void) {{}}")),
        (Language::C, "#include \"/etc/passwd\"\nint main(void) {}".to_owned()),
        (Language::Rust, format!("fn main() {{ print!(\"{{}}\", include_str!({secret:?})); }}")),
    ] {
        let Some(verdict) = judged(language, &solution, &streams(&[("", "")]), &limits()) else {
            continue;
        };
        assert_eq!(verdict.evidence["code"], "compile_error", "{verdict:?}");
        let message = verdict.evidence["compiler"].as_str().unwrap();
        assert!(message.contains("No such file"), "{message}");
    }
}
