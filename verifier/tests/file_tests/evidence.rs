//! What a verdict shows, and samples that are judged whole and broken.

use lehr_record::Outcome::{Correct, Wrong};
use serde_json::json;

use super::{SQUARE, check};

#[test]
fn a_failure_is_shown_with_its_line_and_both_sides() {
    let tests = "def test_square():\n    n = 4\n    assert f(n) == 16, 'four'\n";
    let verdict = check("def f(x):\n    print('at', x)\n    return x + 1", tests);
    assert_eq!(verdict.verdict, Wrong, "{verdict:#?}");
    assert_eq!(
        verdict.evidence["failures"],
        json!([{
            "test": "test_square", "code": "assertion_failed", "line": 3,
            "source": "assert f(n) == 16, 'four'", "error": "four",
            "left": "5", "operator": "==", "right": "16",
        }])
    );
    assert_eq!(verdict.evidence["stdout"], "at 4\n");
    assert!(verdict.reason.contains("test_square, line 3: 5 == 16"), "{}", verdict.reason);
}

#[test]
fn cases_are_counted() {
    let tests = "assert f(1) == 1\nassert f(2) == 5\nassert f(3) == 9\n\
                 def test_a(): assert f(4) == 16\ndef test_b(): assert f(4) == 17\n\
                 def unused(): assert f(4) == 18\n";
    let verdict = check(SQUARE, tests);
    assert_eq!(verdict.evidence["cases"], 5, "{verdict:#?}");
    assert_eq!(verdict.evidence["passed"], 3);
    assert_eq!(verdict.evidence["asserts"], 5);
    assert_eq!(verdict.evidence["failures"][1]["test"], "test_b");
}

#[test]
fn a_limit_says_in_which_process_it_was_reached() {
    let busy = "while True: pass";
    let verdict = check(&format!("def f(x):\n    {busy}"), "assert f(3) == 9");
    assert_eq!(
        (&verdict.evidence["limit"], &verdict.evidence["where"]),
        (&json!("cpu"), &json!("solution"))
    );
    let verdict = check(SQUARE, &format!("assert f(3) == 9\n{busy}"));
    assert_eq!(
        (&verdict.evidence["limit"], &verdict.evidence["where"]),
        (&json!("cpu"), &json!("tests"))
    );
}

/// Signature, body and tests, in the form in which benchmarks of functions come.
const SAMPLES: [(&str, &str, &str); 4] = [
    (
        "from typing import List\n\ndef running_maximum(numbers: List[int]) -> List[int]:\n    \"\"\"The largest so far.\"\"\"\n",
        "    found = []\n    for n in numbers:\n        found.append(max(found[-1], n) if found else n)\n    return found\n",
        "def check(candidate):\n    assert candidate([]) == []\n    assert candidate([3, 1, 4, 1, 5]) == [3, 3, 4, 4, 5]\n    assert candidate([-2, -3]) == [-2, -2], 'negative'\n\ncheck(running_maximum)",
    ),
    (
        "def is_balanced(text: str) -> bool:\n",
        "    depth = 0\n    for c in text:\n        depth += (c == '(') - (c == ')')\n        if depth < 0:\n            return False\n    return depth == 0\n",
        "METADATA = {'author': 'x'}\n\ndef check(candidate):\n    assert candidate('(())') == True\n    assert candidate(')(') == False\n    assert not candidate('(()')\n    assert candidate('')\n\ncheck(is_balanced)",
    ),
    (
        "def half(x: float) -> float:\n",
        "    return x / 2\n",
        "def check(candidate):\n    assert abs(candidate(3.0) - 1.5) < 1e-9\n    assert abs(candidate(-1.0) + 0.5) < 1e-9\n    import random\n    for _ in range(50):\n        x = random.random()\n        assert abs(candidate(x) * 2 - x) < 1e-9\n\ncheck(half)",
    ),
    (
        "def shift(text, by):\n    return ''.join(chr((ord(c) - 97 + by) % 26 + 97) for c in text)\n\ndef unshift(text):\n",
        "    return shift(text, -5)\n",
        "def check(candidate):\n    from random import choice\n    import copy, string\n    for _ in range(20):\n        text = ''.join(choice(string.ascii_lowercase) for _ in range(9))\n        assert candidate(copy.deepcopy(shift(text, 5))) == text\n\ncheck(unshift)",
    ),
];

#[test]
fn samples_are_correct_and_broken_ones_wrong() {
    for (signature, body, tests) in SAMPLES {
        let whole = format!("{signature}{body}");
        let verdict = check(&whole, tests);
        assert_eq!(verdict.verdict, Correct, "{whole}\n{verdict:#?}");
        let name = tests.rsplit(['(', ')']).nth(1).unwrap_or_default();
        let wrapped =
            |how: &str| format!("{whole}\n_{name} = {name}\ndef {name}(*args): return {how}\n");
        for broken in [
            format!("{signature}    return None\n"),
            format!("{signature}    return 1\n"),
            format!("{signature}    raise ValueError\n"),
            format!("{signature}    pass\n"),
            wrapped(&format!("[_{name}(*args)]")),
            wrapped(&format!("str(_{name}(*args)) + ' '")),
        ] {
            let verdict = check(&broken, tests);
            assert_eq!(verdict.verdict, Wrong, "{broken}\n{verdict:#?}");
        }
    }
}
