//! Programs that run into a limit and end by themselves: their words tell which.

use lehr_record::Outcome;
use lehr_verifier::{Language, Limits};

use super::{judged, limits, streams};

#[test]
fn what_a_program_says_at_its_end_names_the_limit() {
    for (language, limit, solution) in [
        (
            Language::C,
            "open_files",
            "#include <stdio.h>\nint main(void) { for (;;) if (!fopen(\"/dev/null\", \"r\")) { perror(\"fopen\"); return 1; } }",
        ),
        (
            Language::C,
            "file_size",
            "#include <stdio.h>\n#include <string.h>\n#include <signal.h>\nint main(void) { signal(SIGXFSZ, SIG_IGN); FILE *f = fopen(\"x\", \"w\"); char b[4096]; memset(b, 1, 4096); for (;;) if (fwrite(b, 1, 4096, f) < 4096) { perror(\"fwrite\"); return 1; } }",
        ),
        (
            Language::Cpp,
            "processes",
            "#include <thread>\n#include <vector>\n#include <unistd.h>\nint main() { std::vector<std::thread> v; for (;;) v.emplace_back([] { pause(); }); }",
        ),
        (
            Language::Rust,
            "scratch",
            "fn main() { for n in 0.. { std::fs::write(format!(\"{n}\"), vec![1u8; 1 << 20]).unwrap(); } }",
        ),
        (
            Language::Rust,
            "processes",
            "fn main() { loop { std::thread::spawn(|| loop { std::thread::park() }); } }",
        ),
        (Language::JavaScript, "open_files", "for (;;) require('fs').openSync('/dev/null')"),
        (
            Language::JavaScript,
            "scratch",
            "for (let n = 0; ; n++) require('fs').writeFileSync(String(n), Buffer.alloc(1 << 20, 1))",
        ),
        (
            Language::Go,
            "open_files",
            "package main\n\nimport \"os\"\n\nvar all []*os.File\n\nfunc main() { for { f, err := os.Open(\"/dev/null\"); if err != nil { panic(err) }; all = append(all, f) } }",
        ),
        (
            Language::Java,
            "processes",
            "class Main { public static void main(String[] a) throws Exception { while (true) { Thread t = new Thread(() -> { try { Thread.sleep(100000); } catch (Exception e) {} }); t.setDaemon(true); t.start(); } } }",
        ),
        (
            Language::Java,
            "open_files",
            "class Main { public static void main(String[] a) throws Exception { var all = new java.util.ArrayList<Object>(); while (true) all.add(new java.io.FileInputStream(\"/dev/null\")); } }",
        ),
        (Language::Bash, "processes", "for n in $(seq 100); do sleep 9 & done || exit 1; wait"),
        (
            Language::Bash,
            "scratch",
            "for n in $(seq 99); do head -c 1000000 /dev/urandom > $n || exit 1; done",
        ),
    ] {
        let limits = Limits { processes: 24, scratch: 8 << 20, file_size: 4 << 20, ..limits() };
        let Some(verdict) = judged(language, solution, &streams(&[("", "x")]), &limits) else {
            continue;
        };
        assert_eq!(verdict.verdict, Outcome::OverBudget, "{language:?} {limit}: {verdict:?}");
        assert_eq!(verdict.evidence["limit"], limit, "{language:?}: {verdict:?}");
        assert_eq!(verdict.evidence["code"], format!("limit_{limit}"), "{verdict:?}");
    }
}
