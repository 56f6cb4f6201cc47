//! A machine without toolchains.

use std::io::Write;
use std::process::{Command, Stdio};

use lehr_verifier::Language;
use lehr_verifier::sandbox::Python;
use serde_json::{Value, json};

/// What the program says where nothing is on the path.
fn verifier(args: &[&str], stdin: &str) -> std::process::Output {
    let python = Python::find(None).unwrap().executable;
    let mut child = Command::new(env!("CARGO_BIN_EXE_verifier"))
        .args(args)
        .env("PATH", "/does/not/exist")
        .env("LEHR_PYTHON", python)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn a_missing_toolchain_is_said_with_its_remedy() {
    let others = Language::ALL.into_iter().filter(|language| *language != Language::Python);
    let tests = [
        json!({"cases": [{"stdin": "", "stdout": ""}]}),
        json!("assert(1);"),
        json!({"function": "f", "cases": [{"args": [], "expect": 1}]}),
    ];
    let mut tasks = String::new();
    for language in others {
        for tests in &tests {
            let calls = tests.get("function").is_some();
            if !calls || language == Language::JavaScript {
                let task =
                    json!({"kind": "code", "language": language, "solution": "", "tests": tests});
                tasks.push_str(&format!("{task}\n"));
            }
        }
    }
    let output = verifier(&["check"], &tasks);
    let said: Vec<Value> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(said.len(), tasks.lines().count(), "{output:?}");
    for verdict in &said {
        assert_eq!(verdict["verdict"], "unsupported", "{verdict}");
        assert_eq!(verdict["code"], "no_toolchain", "{verdict}");
        let remedy = verdict["remedy"].as_str().unwrap();
        assert!(remedy.contains("install"), "{verdict}");
        assert!(verdict["reason"].as_str().unwrap().contains(remedy), "{verdict}");
    }
    let output = verifier(&["doctor"], "");
    let text = String::from_utf8_lossy(&output.stdout);
    for remedy in ["gcc", "g++", "rustup", "nodejs", "golang-go", "default-jdk", "bash"] {
        assert!(text.contains(remedy), "{remedy}: {text}");
    }
}
