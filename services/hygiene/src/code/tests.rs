#![expect(clippy::unwrap_used, reason = "tests")]

use lehr_record::OverlapKind;

use crate::BenchmarkRegistry;

const PROGRAM: &str = "def longest_plateau(heights: list, slack: int) -> int:\n    \"\"\" The length of \
    the longest stretch that rises or falls by no more than slack. \"\"\"\n    best = 0\n    start = 0\n    \
    for at in range(1, len(heights)):\n        if abs(heights[at] - heights[at - 1]) > slack:\n            \
    best = max(best, at - start)\n            start = at\n    return max(best, len(heights) - start)\n";

const RENAMED: &str = "Here is how I would do it.\n\n```python\ndef solve(xs: list, d: int) -> int:\n    # go through all\n    \
    m = 0\n    s = 0\n    for i in range(1, len(xs)):\n        if abs(xs[i] - xs[i - 1]) > d:\n            \
    m = max(m, i - s)\n            s = i\n    return max(m, len(xs) - s)\n```\n";

const OTHER: &str = "```python\ndef solve(xs: list, d: int) -> int:\n    total = 0\n    for x in xs:\n        \
    if x % d == 0:\n            total += x\n    return total\n```\n";

const SHORT: &str = "def add(a, b):\n    return a + b\n";

#[test]
fn renamed_programs_are_found_and_short_ones_are_everybodys() {
    let dir = tempfile::tempdir().unwrap();
    let registry = BenchmarkRegistry::open(dir.path().join("registry")).unwrap();
    let path = dir.path().join("items.jsonl");
    let lines = [
        serde_json::json!({"id": "plateau", "prompt": PROGRAM}).to_string(),
        serde_json::json!({"id": "short", "prompt": SHORT}).to_string(),
    ];
    std::fs::write(&path, lines.join("\n")).unwrap();
    registry.add("bench", &path, &Default::default()).unwrap();
    let found = registry.check(RENAMED).unwrap();
    let best = &found.overlaps[0];
    assert!(found.contaminated, "{found:?}");
    assert_eq!((best.item.as_str(), best.kind), ("plateau", OverlapKind::Code));
    assert!(RENAMED[best.spans[0].start..].starts_with("def solve"));
    assert!(best.benchmark_excerpt.ends_with("len(heights) - start"), "{best:?}");
    let bare = RENAMED.replace("```python\n", "").replace("```", "That is all.");
    assert!(registry.check(&bare).unwrap().contaminated);
    for clean in [OTHER, "def plus(x, y):\n    return x + y\n"] {
        assert!(!registry.check(clean).unwrap().contaminated, "{clean}");
    }
}
