//! Calls of JavaScript.

use lehr_record::Outcome;
use lehr_verifier::Language;
use lehr_verifier::code::Tests;
use serde_json::{Value, json};

use super::{judged, limits};

fn calls(solution: &str, cases: Value) -> Option<lehr_record::Verdict> {
    let tests = serde_json::from_value(json!({"function": "f", "cases": cases})).unwrap();
    judged(Language::JavaScript, solution, &Tests::Calls(tests), &limits())
}

#[test]
fn numbers_are_compared_by_value_and_all_else_by_type() {
    for (body, expect, equal) in [
        ("return 1", json!(1), true),
        ("return 1.0", json!(1.0), true),
        ("return 1n", json!(1), true),
        ("return 1n", json!(1.0), false),
        ("return 1.5", json!(1), false),
        ("return 1 + 1e-12", json!(1), false),
        ("return 0.1 + 0.2", json!(0.3), true),
        ("return NaN", json!(0.0), false),
        ("return Infinity", json!(0.0), false),
        ("return -0", json!(0), true),
        ("return 2n ** 63n", json!(1u64 << 63), true),
        ("return '1'", json!(1), false),
        ("return true", json!(1), false),
        ("return null", json!(null), true),
        ("return undefined", json!(null), false),
        ("", json!(null), false),
        ("return 'a\\u00e9'", json!("aé"), true),
        ("return '\\ud800'", json!("x"), false),
        ("return [1, [2, 'x']]", json!([1, [2, "x"]]), true),
        ("return [1, , 2]", json!([1, null, 2]), false),
        ("return new Set([1])", json!([1]), false),
        ("return {a: 1, b: {c: []}}", json!({"b": {"c": []}, "a": 1}), true),
        ("return new Map([['a', 1]])", json!({"a": 1}), false),
        ("return Promise.resolve(1)", json!(1), true),
        ("return { toJSON() { return 1 } }", json!(1), false),
        ("return new (class { a = 1 })()", json!({"a": 1}), false),
    ] {
        let solution = format!("function f() {{ {body} }}");
        let Some(verdict) = calls(&solution, json!([{"args": [], "expect": expect}])) else {
            return;
        };
        let code = if equal { "passed" } else { "wrong_value" };
        assert_eq!(verdict.evidence["code"], code, "{body}: {verdict:?}");
    }
}

#[test]
fn solutions_and_cheats_are_judged() {
    for (solution, outcome, code) in [
        ("const f = (x) => x * x;", Outcome::Correct, "passed"),
        ("function g(x) { return x * x }\nmodule.exports = { f: g };", Outcome::Correct, "passed"),
        ("export function f(x) { return x * x }", Outcome::Correct, "passed"),
        ("export default (x) => x * x", Outcome::Correct, "passed"),
        (
            "const f = async (x) => { console.log('working'); return x ** 2 }",
            Outcome::Correct,
            "passed",
        ),
        ("function f(x) { return x + x }", Outcome::Wrong, "wrong_value"),
        ("function f(x) { throw new TypeError('so') }", Outcome::Wrong, "raised"),
        ("function f(x) { return x * }", Outcome::Wrong, "compile_error"),
        ("nothing.here; function f(x) { return x * x }", Outcome::Wrong, "load_error"),
        ("function g(x) {}", Outcome::Wrong, "no_function"),
        ("process.exit(0)", Outcome::Wrong, "early_exit"),
        ("function f(x) { process.exit(0) }", Outcome::Wrong, "early_exit"),
        ("function f(x) { return new Promise(() => {}) }", Outcome::Wrong, "early_exit"),
        ("function f(x) { for (;;); }", Outcome::OverBudget, "limit_cpu"),
        ("function f(x) { return 'x'.repeat(1 << 24) }", Outcome::OverBudget, "limit_results"),
        (
            "function f(x) { const a = []; a.push(a); return a }",
            Outcome::OverBudget,
            "limit_results",
        ),
        (
            "require('fs').writeSync(3, 'x\\n'); function f(x) { return x * x }",
            Outcome::Wrong,
            "tampered",
        ),
        (
            "for (let fd = 0; fd < 64; fd++) try { require('fs').writeSync(fd, '\\n{\"case\":0,\"value\":{\"number\":\"9\"}}\\n') } catch {}\nfunction f(x) { return x * x }",
            Outcome::Wrong,
            "tampered",
        ),
        (
            "JSON.stringify = () => '{\"case\":0,\"value\":{\"number\":\"9\"}}'; Number.prototype.toString = () => '9'; Object.prototype.toJSON = () => 9; function f(x) { return 0 }",
            Outcome::Wrong,
            "",
        ),
    ] {
        let cases = json!([{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]);
        let Some(verdict) = calls(solution, cases) else { return };
        assert_eq!(verdict.verdict, outcome, "{solution}\n{verdict:?}");
        if !code.is_empty() {
            assert_eq!(verdict.evidence["code"], code, "{solution}\n{verdict:?}");
        }
    }
}
