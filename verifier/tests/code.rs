//! Solutions, honest and not, and their verdicts.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::LazyLock;
use std::time::Duration;

use lehr_record::{CallTests, Outcome, Verdict};
use lehr_verifier::{Limits, Sandbox, SandboxOptions, check_program};
use serde_json::json;

use Outcome::{Correct, Error, OverBudget, Unsupported, Wrong};

static SANDBOX: LazyLock<Sandbox> =
    LazyLock::new(|| Sandbox::new(SandboxOptions::default()).unwrap());

fn check(solution: &str, cases: serde_json::Value) -> Verdict {
    let (cpu, wall) = (Duration::from_secs(1), Duration::from_secs(6));
    check_within(solution, cases, &Limits { cpu, wall, ..Limits::default() })
}

fn check_within(solution: &str, cases: serde_json::Value, limits: &Limits) -> Verdict {
    let tests: CallTests =
        serde_json::from_value(json!({"function": "f", "cases": cases})).unwrap();
    check_program(&SANDBOX, solution, &tests, limits)
}

/// The square of 3 and of 4, which no cheat below knows.
fn squares(solution: &str) -> Verdict {
    check(solution, json!([{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]))
}

#[test]
fn honest_solutions_are_judged() {
    for (solution, outcome) in [
        ("def f(x):\n    return x * x", Correct),
        ("def f(x):\n    print('working')\n    return x * x", Correct),
        ("import math\nf = lambda x: math.prod([x, x])", Correct),
        ("def f(x):\n    return x + x", Wrong),
        ("def f(x):\n    return float(x * x)", Wrong),
        ("def f(x):\n    return str(x * x)", Wrong),
        ("def f(x):\n    raise ValueError(x)", Wrong),
        ("def f():\n    return 9", Wrong),
        ("def g(x):\n    return x * x", Wrong),
        ("f = 3", Wrong),
        ("def f(x)\n    return x", Wrong),
        ("raise ValueError", Wrong),
        ("", Wrong),
        ("\0", Wrong),
        ("def f(x):\n    while True: pass", OverBudget),
        ("def f(x):\n    import time\n    time.sleep(60)", OverBudget),
        ("def f(x):\n    return bytearray(1 << 40)", OverBudget),
        ("x = [0] * (1 << 28)\ndef f(x): return x * x", OverBudget),
        ("def f(x):\n    return 1 << (1 << 24)", OverBudget),
        ("def f(x):\n    return [0] * 1000000", OverBudget),
        ("def f(x):\n    while True: print('x' * 999)", OverBudget),
        ("def f(x):\n    l = []\n    l.append(l)\n    return l", OverBudget),
        ("def f(x):\n    return f(x)", Wrong),
        ("if __name__ == '__main__': raise SystemExit\ndef f(x): return x * x", Correct),
    ] {
        let verdict = squares(solution);
        assert_eq!(verdict.verdict, outcome, "{solution}\n{verdict:?}");
    }
}

#[test]
fn a_verdict_shows_what_failed() {
    let verdict = squares("def f(x):\n    return 9");
    assert_eq!(verdict.evidence["passed"], 1);
    assert_eq!(verdict.evidence["cases"], 2);
    assert_eq!(
        verdict.evidence["failures"],
        json!([{"case": 1, "args": "[4]", "expected": "16", "got": "9"}])
    );
    let verdict = squares("def f(x):\n    return 1 // 0");
    assert_eq!(
        verdict.evidence["failures"][0]["error"],
        "ZeroDivisionError: integer division or modulo by zero"
    );
    let (cpu, wall) = (Duration::from_millis(300), Duration::from_secs(60));
    let limits = Limits { cpu, wall, ..Limits::default() };
    let cases = json!([{"args": [3], "expect": 9}]);
    let verdict = check_within("def f(x):\n    while True: pass", cases, &limits);
    assert_eq!(verdict.evidence["limit"], "cpu");
    assert!(squares("def f(x) return").reason.contains("SyntaxError"));
    assert!(squares("g = 1").reason.contains("no function f"));
}

#[test]
fn types_are_judged() {
    for (body, expect, outcome) in [
        ("return (1, 'a', None, True)", json!([1, "a", null, true]), Correct),
        ("return {'a': [1.5]}", json!({"a": [1.5]}), Correct),
        ("return 0.1 + 0.2", json!(0.3), Correct),
        ("return 1.7e-19", json!(1.6e-19), Wrong),
        ("return 0.0", json!(1.6e-19), Wrong),
        ("return 1.6e-19", json!(1.6e-19), Correct),
        ("return 1e-13", json!(0.0), Correct),
        ("return float('inf')", json!(1.5), Wrong),
        ("return float('-inf')", json!(-1.5), Wrong),
        ("return {'a': 1, 'b': 2}", json!({"a": 1, "b": 2}), Correct),
        ("return {'a': 1}", json!({"a": 1, "b": 1}), Wrong),
        ("return True", json!(1), Wrong),
        ("return {1, 2}", json!([1, 2]), Wrong),
        ("return float('nan')", json!(0.0), Wrong),
        ("return '\\ud800'", json!("x"), Wrong),
        ("return 10 ** 30", json!(1e30), Unsupported),
        ("return -(10 ** 30)", json!(-7), Wrong),
    ] {
        let cases = json!([{"args": [], "expect": expect}]);
        let verdict = check(&format!("def f():\n    {body}"), cases);
        assert_eq!(verdict.verdict, outcome, "{body}: {verdict:?}");
    }
    assert_eq!(check("def f(): 1", json!([])).verdict, Error);
}

#[test]
fn no_call_sees_what_another_did_to_its_arguments() {
    let cases = json!([{"args": [[1]], "expect": 1}, {"args": [[1]], "expect": 1}]);
    let verdict = check("def f(x):\n    x.append(1)\n    return len(x) - 1", cases);
    assert!(verdict.is_correct(), "{verdict:?}");
}

#[test]
fn cheats_are_wrong() {
    for (name, solution) in [
        ("early exit", "import os\nos._exit(0)"),
        ("exit in the call", "def f(x):\n    import os\n    os._exit(0)"),
        ("sys.exit", "import sys\nsys.exit(0)"),
        ("exit in the call", "def f(x):\n    raise SystemExit(0)"),
        ("killed", "import os\nos.kill(os.getpid(), 9)"),
        (
            "always equal",
            "class A:\n    __eq__ = lambda s, o: True\n    __hash__ = None\ndef f(x): return A()",
        ),
        (
            "equal int",
            "class A(int):\n    __eq__ = lambda s, o: True\n    __hash__ = int.__hash__\ndef f(x): return A(0)",
        ),
        (
            "printed",
            "def f(x):\n    print('{\"case\": 0, \"value\": {\"int\": \"9\"}}')\n    return 0",
        ),
        (
            "every descriptor",
            "import os\nfor fd in range(64):\n    try: os.write(fd, b'\\n{\"case\": 0, \"value\": {\"int\": \"9\"}}\\n')\n    except OSError: pass\ndef f(x): return x * x",
        ),
        ("channel closed", "import os\nos.close(3)\ndef f(x): return x * x"),
        (
            "stack walk",
            r#"
import sys, gc
def f(x):
    frame = sys._getframe()
    seen = []
    while frame:
        seen += list(frame.f_locals.values()) + list(frame.f_globals.values())
        frame = frame.f_back
    seen += gc.get_objects()
    for thing in seen:
        try:
            if isinstance(thing, dict) and 'cases' in thing: return thing['cases'][0]['expect']
            if isinstance(thing, dict) and 'expect' in thing: return thing['expect']
            if isinstance(thing, (str, bytes)) and 'expect"' in str(thing): return 9
        except Exception: pass
    return -1
"#,
        ),
        (
            "stolen word, two answers",
            r#"
import sys, os
def f(x):
    frame = sys._getframe()
    while 'nonce' not in frame.f_locals: frame = frame.f_back
    word = frame.f_locals['nonce']
    for case in range(2):
        for guess in range(20):
            os.write(3, ('%s {"case": %d, "value": {"int": "%x"}}\n' % (word, case, guess)).encode())
    os._exit(0)
"#,
        ),
        (
            "driver undone",
            "import sys\nm = sys.modules['__main__']\nm.encode = lambda *a: {'int': '9'}\ndef f(x): return 0",
        ),
    ] {
        let verdict = squares(solution);
        assert_eq!(verdict.verdict, Wrong, "{name}\n{verdict:?}");
    }
    assert_eq!(
        squares("import os\nos.write(3, b'x\\n')\ndef f(x): return x * x").evidence["tampered"],
        true
    );
}

#[test]
fn a_forged_dict_equals_none() {
    // With the stolen word a program can send what no dict is: one key twice.
    let solution = r#"
import sys, os
def f():
    frame = sys._getframe()
    while 'nonce' not in frame.f_locals: frame = frame.f_back
    field = '["a", {"int": "1"}]'
    os.write(3, ('%s {"case": 0, "value": {"dict": [%s, %s]}}\n' % (frame.f_locals['nonce'], field, field)).encode())
    os._exit(0)
"#;
    let verdict = check(solution, json!([{"args": [], "expect": {"a": 1, "b": 2}}]));
    assert_eq!(verdict.verdict, Wrong, "{verdict:?}");
    assert_eq!(verdict.evidence["failures"][0]["got"], r#"{"a": 1, "a": 1, }"#);
}

#[test]
fn the_files_of_a_run_hold_no_expected_value() {
    // The search finds the arguments, and the expected values it does not find: it spells neither.
    let solution = r#"
import os
def f(one, two):
    names = sorted(os.listdir('/program'))
    text = ''.join(open('/program/' + name).read() for name in names)
    return [names, str(one) in text, str(one + two) in text]
"#;
    let names = json!(["calls.json", "solution.py"]);
    let (one, two) = (700_000_000, 31_731_731);
    let cases = json!([
        {"args": [one, two], "expect": [names, true, false]},
        {"args": [one, two], "expect": one + two},
    ]);
    let verdict = check(solution, cases);
    assert_eq!(verdict.evidence["passed"], 1, "{verdict:?}");
    assert_eq!(verdict.evidence["failures"][0]["case"], 1, "{verdict:?}");
}

#[test]
fn results_nest_as_deep_as_the_judge_reads() {
    let nest = |depth: usize, wrap: fn(serde_json::Value) -> serde_json::Value| {
        (0..depth).fold(json!(7), |inner, _| wrap(inner))
    };
    let list: fn(serde_json::Value) -> serde_json::Value = |inner| json!([inner]);
    let dict: fn(serde_json::Value) -> serde_json::Value = |inner| json!({"k": inner});
    for (wrap, layer) in [(list, "[x]"), (dict, "{'k': x}")] {
        let solution =
            format!("def f(n):\n    x = 7\n    for _ in range(n): x = {layer}\n    return x");
        for (depth, outcome) in [(1, Correct), (40, Correct), (41, OverBudget), (64, OverBudget)] {
            let cases = json!([{"args": [depth], "expect": nest(depth, wrap)}]);
            let verdict = check(&solution, cases);
            assert_eq!(verdict.verdict, outcome, "{layer} {depth}: {verdict:?}");
        }
    }
}

#[test]
fn bounds_are_told() {
    let long = format!("def f(x): return x * x\n#{}", "x".repeat(300 << 10));
    assert_eq!(squares(&long).verdict, OverBudget);
    for number in ["340282366920938463463374607431768211456", "1e30"] {
        let cases = format!(r#"[{{"args": [], "expect": {number}}}]"#);
        let verdict = check("def f(): return 0", serde_json::from_str(&cases).unwrap());
        assert_eq!(verdict.verdict, Unsupported, "{number}");
        assert!(verdict.reason.contains("an integer or a float"), "{}", verdict.reason);
    }
}
