//! Tests that can tell right from wrong, and tests that cannot.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::LazyLock;

use lehr_record::{Outcome, Verdict};
use lehr_verifier::task::Task;
use lehr_verifier::{Sandbox, SandboxOptions};
use serde_json::{Value, json};

use Outcome::{Ambiguous, Correct, OverBudget, Unsupported, Wrong};

static SANDBOX: LazyLock<Sandbox> =
    LazyLock::new(|| Sandbox::new(SandboxOptions::default()).unwrap());

fn audit(language: &str, solution: &str, tests: &Value, audit: &Value) -> Verdict {
    let task = json!({
        "kind": "code", "language": language, "solution": solution, "tests": tests, "audit": audit,
    });
    let task: Task = serde_json::from_value(task).unwrap();
    task.judge(|| Ok::<_, String>(&*SANDBOX))
}

const ABSOLUTE: &str =
    "def f(x):\n    \"\"\"x > 0\"\"\"\n    if x < 0:\n        return -x\n    return x";
const SUM: &str = "def f(n):\n    total = 0\n    i = 0\n    while i < n:\n        total += i * 2\n        i += 1\n    return total";

fn calls(pairs: &[(i64, i64)]) -> Value {
    let cases: Vec<Value> = pairs.iter().map(|(x, y)| json!({"args": [x], "expect": y})).collect();
    json!({"function": "f", "cases": cases})
}

#[test]
fn tests_that_cannot_tell_right_from_wrong_show_nothing() {
    let strong = calls(&[(3, 3), (-4, 4), (0, 0), (1, 1), (-1, 1)]);
    for (name, solution, tests, outcome) in [
        ("strong calls", ABSOLUTE, strong.clone(), Correct),
        ("one side only", ABSOLUTE, calls(&[(3, 3), (5, 5)]), Ambiguous),
        ("one value", ABSOLUTE, calls(&[(3, 3)]), Ambiguous),
        ("a value again and again", ABSOLUTE, calls(&[(3, 3), (-3, 3)]), Ambiguous),
        ("endless mutants", SUM, calls(&[(3, 6), (0, 0), (10, 90)]), Correct),
        (
            "strong file",
            SUM,
            json!("assert f(3) == 6\nassert f(0) == 0\nassert f(10) == 90"),
            Correct,
        ),
        ("no assertion of use", SUM, json!("f(1)\nassert True"), Ambiguous),
        ("only a type", SUM, json!("assert isinstance(f(3), int)"), Ambiguous),
        ("a wrong solution", SUM, strong, Wrong),
        (
            "a program",
            "print(int(input()) + 1)",
            json!({"cases": [{"stdin": "1", "stdout": "2"}, {"stdin": "7", "stdout": "8"}]}),
            Correct,
        ),
        (
            "a program that prints one thing",
            "print(2)",
            json!({"cases": [{"stdin": "1", "stdout": "2"}]}),
            Ambiguous,
        ),
    ] {
        let verdict = audit("python", solution, &tests, &json!(true));
        assert_eq!(verdict.verdict, outcome, "{name}: {verdict:?}");
        let weak = verdict.evidence.get("code") == Some(&json!("weak_tests"));
        assert_eq!(weak, outcome == Ambiguous, "{name}: {verdict:?}");
        assert_eq!(verdict.evidence.contains_key("audit"), outcome != Wrong, "{name}");
    }
}

/// Fails when its own text has another number of parts.
const GUARDED: &str = "import ast\nif sum(1 for _ in ast.walk(ast.parse(open('/program/solution.py').read()))) != 44: raise ValueError\ndef f(x):\n    return x + 1";

#[test]
fn nothing_that_fails_for_another_reason_is_a_caught_mutant() {
    let plus = "def f(x):\n    return x + 1";
    let busy = "for i in range(30_000_000): pass\n";
    let deep = format!("def f(x):\n    return {}", ["x"; 1000].join(" + "));
    for (name, solution, tests, outcome) in [
        ("tests that take long", plus, json!(format!("{busy}f(1)\nassert True")), Ambiguous),
        ("a constant of the file", plus, json!("assert f(1) == 2"), Ambiguous),
        ("two of them", plus, json!("assert f(1) == 2\nassert f(5) == 6"), Correct),
        ("a lambda", "f = lambda x: x * x", json!("assert f(2) == 4"), Ambiguous),
        (
            "tests that end without a verdict",
            plus,
            json!(
                "import os\ntry: ok = f(1) == 2\nexcept BaseException: ok = False\nif not ok: os._exit(0)\nassert True"
            ),
            Ambiguous,
        ),
        ("a solution that reads itself", GUARDED, json!("f(1)\nassert True"), Unsupported),
        ("too deep to be written", &deep, calls(&[(1, 1000), (2, 2000)]), Unsupported),
    ] {
        let verdict = audit("python", solution, &tests, &json!(true));
        assert_eq!(verdict.verdict, outcome, "{name}: {verdict:?}");
    }
    let alone = audit("python", GUARDED, &json!("assert f(1) == 2"), &json!(false));
    assert_eq!(alone.verdict, Correct, "{alone:?}");
}

#[test]
fn good_tests_catch_nearly_all_mutants() {
    let sorts = "def f(items):\n    items = list(items)\n    for i in range(len(items)):\n        for j in range(i + 1, len(items)):\n            if items[j] < items[i]:\n                items[i], items[j] = items[j], items[i]\n    return items";
    let lists = json!({"function": "f", "cases": [
        {"args": [[]], "expect": []},
        {"args": [[3, 1, 2]], "expect": [1, 2, 3]},
        {"args": [[2, 2, 1, 0, -1]], "expect": [-1, 0, 1, 2, 2]},
        {"args": [[5, 4, 3, 2, 1, 9]], "expect": [1, 2, 3, 4, 5, 9]},
    ]});
    let sums = calls(&[(0, 0), (1, 0), (2, 2), (3, 6), (10, 90), (-5, 0)]);
    for (solution, tests) in [(sorts, &lists), (SUM, &sums)] {
        let verdict = audit("python", solution, tests, &json!({"mutants": 100}));
        let found = &verdict.evidence["audit"];
        assert!(found["share"].as_f64().unwrap() >= 0.7, "{found}");
        assert_eq!(found["unjudged"], 0, "{found}");
    }
}

#[test]
fn an_audit_is_the_same_each_time_and_keeps_to_its_figures() {
    let tests = calls(&[(0, 0), (2, 2), (3, 6)]);
    let once = audit("python", SUM, &tests, &json!({"mutants": 7}));
    let again = audit("python", SUM, &tests, &json!({"mutants": 7}));
    assert_eq!(once.evidence["audit"], again.evidence["audit"]);
    assert_eq!(once.evidence["audit"]["mutants"], 7);
    let all = audit("python", ABSOLUTE, &calls(&[(3, 3), (-4, 4)]), &json!({"least": 1}));
    assert_eq!(all.verdict, Ambiguous, "{all:?}");
}

#[test]
fn what_is_not_audited_says_so() {
    let runs = json!({"cases": [{"stdin": "", "stdout": "x"}]});
    let bash = audit("bash", "echo x", &runs, &json!(true));
    assert_eq!((bash.verdict, &bash.evidence["code"]), (Unsupported, &json!("audit")), "{bash:?}");
    let endless =
        audit("python", "def f(x):\n    while True: pass", &calls(&[(1, 1)]), &json!(true));
    assert_eq!(endless.verdict, OverBudget, "{endless:?}");
}
