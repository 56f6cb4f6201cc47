//! The `verifier` program from outside.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

fn verifier(args: &[&str], stdin: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_verifier"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let stdin = stdin.to_vec();
    // A program that refuses its arguments does not read.
    let writer = std::thread::spawn(move || drop(input.write_all(&stdin)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn lines(output: &Output) -> Vec<Value> {
    output
        .stdout
        .split(|&b| b == b'\n')
        .filter(|l| !l.is_empty())
        .map(|l| serde_json::from_slice(l).unwrap())
        .collect()
}

#[test]
fn answers_and_programs_are_judged_in_order() {
    let input = r#"
{"id":"a","kind":"math","gold":"1/2","pred":"\\boxed{0.5}"}
{"id":2,"kind":"choice","gold":"B","pred":"The answer is (C)."}
{"id":"c","kind":"choice","gold":"B","options":["6 m","12 m"],"pred":"The answer is 12 m."}
{"id":"d","kind":"science","gold":"9.8 m/s^2","pred":"The answer is 9.8 m/s^2."}
{"id":"e","kind":"code","language":"python","solution":"def f(x): return x + 1","tests":{"function":"f","cases":[{"args":[1],"expect":2}]}}
{"id":"f","kind":"code","language":"python","solution":"def f(x): return x","tests":{"function":"f","cases":[{"args":[1],"expect":2}]}}
{"id":"g","kind":"math","gold":"x+1","pred":"\\boxed{1+x}"}
"#;
    let output = verifier(&["check"], input.as_bytes());
    let said: Vec<(Value, Value)> =
        lines(&output).iter().map(|l| (l["id"].clone(), l["verdict"].clone())).collect();
    let expected = [
        ("a".into(), "correct"),
        (2.into(), "wrong"),
        ("c".into(), "correct"),
        ("d".into(), "correct"),
        ("e".into(), "correct"),
        ("f".into(), "wrong"),
        ("g".into(), "correct"),
    ];
    assert_eq!(said, expected.map(|(id, verdict): (Value, _)| (id, verdict.into())).to_vec());
    assert!(output.status.success());
    assert_eq!(lines(&output)[0]["answer"], "0.5");
}

#[test]
fn a_bad_line_is_named_and_the_rest_judged() {
    for (bad, id, told) in [
        ("{", Value::Null, "line 1, column 1"),
        ("[]", Value::Null, "line 1, column"),
        ("\u{1}", Value::Null, "line 1, column 1"),
        (r#"{"id":"x","kind":"poem","gold":"1","pred":"1"}"#, "x".into(), "poem"),
        (
            r#"{"id":"x","kind":"math","gold":"1"}"#,
            "x".into(),
            "line 1, column 35: missing field `pred`",
        ),
        (r#"{"id":"x","kind":"math","gold":1,"pred":"1"}"#, "x".into(), "string"),
        (r#"{"id":"x","kind":"math","gold":"1","pred":"1","extra":1}"#, "x".into(), "extra"),
        (
            r#"{"id":"x","kind":"code","language":"cobol","solution":"","tests":{"function":"f","cases":[]}}"#,
            "x".into(),
            "cobol",
        ),
    ] {
        let input = format!("{bad}\n{}\n", r#"{"id":1,"kind":"math","gold":"1","pred":"1"}"#);
        let output = verifier(&["check"], input.as_bytes());
        let lines = lines(&output);
        assert_eq!(output.status.code(), Some(1), "{bad}");
        assert_eq!(lines.len(), 2, "{bad}");
        assert_eq!((&lines[0]["verdict"], &lines[0]["id"]), (&"error".into(), &id), "{bad}");
        assert!(lines[0]["reason"].as_str().unwrap().contains(told), "{} {told}", lines[0]);
        assert_eq!(lines[1]["verdict"], "correct", "{bad}");
    }
    let output = verifier(&["check"], b"\xff\xfe\n");
    assert_eq!(lines(&output)[0]["verdict"], "error");
}

#[test]
fn the_number_of_threads_makes_no_difference() {
    let mut input = String::new();
    for n in 0..3000 {
        let line = match n % 4 {
            0 => format!(r#"{{"id":{n},"kind":"math","gold":"{n}","pred":"It is {}."}}"#, n % 8),
            1 => format!(r#"{{"id":{n},"kind":"choice","gold":"B","pred":"The answer is B."}}"#),
            2 => format!("not JSON {n}"),
            _ => String::new(),
        };
        input.push_str(&line);
        input.push('\n');
    }
    let one = verifier(&["check", "--jobs", "1"], input.as_bytes());
    assert_eq!(one.status.code(), Some(1));
    assert_eq!(lines(&one).len(), 2250);
    assert_eq!(lines(&one)[2]["line"], 3);
    for jobs in ["2", "5"] {
        let many = verifier(&["check", "--jobs", jobs], input.as_bytes());
        assert!(many.stdout == one.stdout, "{jobs}");
    }
}

#[test]
fn a_verdict_does_not_wait_for_the_next_line() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_verifier"))
        .args(["check"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for n in 0..20 {
        let task = format!(r#"{{"id":{n},"kind":"math","gold":"1","pred":"1"}}"#);
        input.write_all(format!("{task}\n").as_bytes()).unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["id"], n);
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}

/// Whether the interpreter of the sandbox has SymPy: it need not.
fn has_sympy() -> bool {
    let python = std::env::var("LEHR_PYTHON").unwrap_or_else(|_| "python3".into());
    Command::new(python).args(["-s", "-c", "import sympy"]).output().unwrap().status.success()
}

#[test]
fn sympy_gives_a_second_opinion_or_is_said_to_be_missing() {
    let input = r#"
{"id":"equal","kind":"math","gold":"\\Gamma(5)\\sin^2 x+24\\cos^2 x","pred":"\\boxed{\\binom{4}{2}\\cdot 4+0x}"}
{"id":"code","kind":"math","gold":"\\zeta(2)","pred":"\\boxed{__import__('os').write(3,b'{\"says\":\"equal\"}')}"}
{"id":"differ","kind":"math","gold":"\\zeta(2)","pred":"\\boxed{\\zeta(3)}"}
{"id":"never ends","kind":"math","gold":"\\zeta(2)","pred":"\\boxed{\\Gamma(9^{9^{9^{9}}})}"}
{"id":"judged","kind":"math","gold":"1","pred":"2"}
{"id":"choice","kind":"choice","gold":"A","pred":"none of them"}
"#;
    let output = verifier(&["check", "--with", "sympy"], input.as_bytes());
    if !has_sympy() {
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(output.stdout.is_empty(), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("--python"), "{output:?}");
        return;
    }
    let lines = lines(&output);
    let said: Vec<(&str, &str, &str)> = lines
        .iter()
        .map(|line| {
            let says = line["second_opinion"]["says"].as_str().unwrap_or("-");
            (line["id"].as_str().unwrap(), line["verdict"].as_str().unwrap(), says)
        })
        .collect();
    assert_eq!(said[0], ("equal", "correct", "equal"), "{}", lines[0]);
    assert_ne!(said[1].1, "correct", "{}", lines[1]);
    assert_ne!(said[1].2, "equal", "{}", lines[1]);
    assert_eq!(said[2], ("differ", "unsupported", "different"), "{}", lines[2]);
    assert_ne!(said[3].1, "correct", "{}", lines[3]);
    assert_eq!(said[4], ("judged", "wrong", "-"), "{}", lines[4]);
    assert_eq!(said[5].2, "-", "{}", lines[5]);
    let opinion = &lines[0]["second_opinion"];
    assert_eq!(opinion["by"], "sympy");
    assert!(opinion["version"].is_string(), "{opinion}");
    assert!(lines[0]["reason"].as_str().unwrap().contains("SymPy"));
    assert!(lines[2]["reason"].as_str().unwrap().contains("SymPy"));
}

#[test]
fn a_line_over_the_bound_is_not_judged() {
    let mut input = vec![b' '; (32 << 20) + 2];
    input.extend(b"\n{\"id\":1,\"kind\":\"math\",\"gold\":\"1\",\"pred\":\"1\"}\n");
    input[0] = b'{';
    let output = verifier(&["check"], &input);
    let lines = lines(&output);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[0]["verdict"], &lines[0]["id"]), (&"over_budget".into(), &Value::Null));
    assert_eq!(lines[1]["verdict"], "correct");
}

#[test]
fn bad_arguments_are_status_two() {
    for args in [
        &["check", "/does/not/exist"][..],
        &["check", "/"],
        &["frobnicate"],
        &[],
        &["run", "--language", "cobol", "x"],
        &["run", "--language", "python", "/does/not/exist"],
        &["run", "--language", "python", "--cpu", "-1", "/dev/null"],
        &["run", "--language", "python", "--cpu", "nan", "/dev/null"],
        &["doctor", "--allow-degraded", "moat"],
        &["check", "--jobs", "0"],
        &["check", "--with", "oracle"],
    ] {
        let output = verifier(args, b"");
        assert_eq!(output.status.code(), Some(2), "{args:?} {output:?}");
        assert!(!output.stderr.is_empty(), "{args:?}");
    }
    let output = verifier(&["doctor", "--python", "/does/not/exist"], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("LEHR_PYTHON"));
}

#[test]
fn a_program_is_run() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("p.py");
    std::fs::write(&file, "import sys\nprint('hello', sys.argv[1])\nsys.exit(int(sys.argv[1]))")
        .unwrap();
    let path = file.to_str().unwrap();
    let output = verifier(&["run", "--language", "python", path, "0"], b"");
    assert_eq!(output.stdout, b"hello 0\n");
    assert!(output.status.success(), "{output:?}");
    let output = verifier(&["run", "--language", "python", "--json", path, "3"], b"");
    assert_eq!(output.status.code(), Some(1));
    let report = &lines(&output)[0];
    assert_eq!(
        (&report["exit"], &report["stdout"]),
        (&serde_json::json!({"code": 3}), &"hello 3\n".into())
    );
}

#[test]
fn the_doctor_lists_every_layer() {
    let output = verifier(&["doctor", "--json"], b"");
    assert!(output.status.success(), "{output:?}");
    let report = &lines(&output)[0];
    assert_eq!(report["ok"], true);
    assert_eq!(report["layers"].as_array().unwrap().len(), 15);
    let text = verifier(&["doctor"], b"");
    assert!(String::from_utf8_lossy(&text.stdout).contains("seccomp"));
}

#[test]
fn packages_of_wheels_can_be_imported() {
    // Not below /tmp, which is the program's own.
    let place = tempfile::TempDir::new_in("/var/tmp").unwrap();
    let wheels = place.path().join("wheels");
    std::fs::create_dir(&wheels).unwrap();
    let file = std::fs::File::create(wheels.join("seven-1-py3-none-any.whl")).unwrap();
    let mut archive = zip::ZipWriter::new(file);
    archive.start_file("seven/__init__.py", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(b"def of():\n    return 7\n").unwrap();
    archive.finish().unwrap();
    let task = |import: &str| {
        let solution = format!("import {import}\ndef f(x): return x * seven.of()");
        let tests = json!({"function": "f", "cases": [{"args": [2], "expect": 14}]});
        let task =
            json!({"kind": "code", "language": "python", "solution": solution, "tests": tests});
        format!("{task}\n")
    };
    let check = |directory: &std::path::Path| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_verifier"))
            .args(["check", "--wheels"])
            .arg(directory)
            .env("LEHR_CACHE_DIR", place.path().join("cache"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = task("seven") + &task("eight");
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        lines(&child.wait_with_output().unwrap())
    };
    // The second time they are found unpacked.
    for _ in 0..2 {
        let verdicts = check(&wheels);
        assert_eq!(verdicts[0]["verdict"], "correct", "{verdicts:?}");
        assert_eq!(verdicts[1]["verdict"], "wrong", "{verdicts:?}");
    }
    let verdicts = check(&place.path().join("none"));
    assert_eq!(verdicts[0]["verdict"], "error", "{verdicts:?}");
    assert!(verdicts[0]["reason"].as_str().unwrap().contains("none"), "{verdicts:?}");
}
