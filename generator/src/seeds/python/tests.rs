#![expect(clippy::unwrap_used, reason = "tests")]

use std::{collections::BTreeSet, io::Write as _, process::Stdio};

use lehr_record::{CallTests, Expected, Seed};
use proptest::prelude::*;

use super::FAMILIES;
use crate::seeds::{Draw, plan_seeds};

fn tests(seed: &Seed) -> &CallTests {
    match &seed.problem.as_ref().unwrap().expected {
        Expected::Tests { tests } => tests,
        other => panic!("{other:?}"),
    }
}

proptest! {
    #[test]
    fn tasks_can_be_judged(seed: u64, at in 0..FAMILIES.len()) {
        let seed = FAMILIES[at].seed(&mut Draw::new(seed, "test"));
        let tests = tests(&seed);
        prop_assert!(tests.cases.len() >= 5, "{:?}", seed);
        let args: BTreeSet<String> = tests.cases.iter().map(|c| format!("{:?}", c.args)).collect();
        prop_assert_eq!(args.len(), tests.cases.len());
        // No constant passes.
        prop_assert!(tests.cases.iter().any(|c| c.expect != tests.cases[0].expect), "{:?}", seed);
        let name = &tests.function;
        prop_assert!(name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric()), "{}", name);
        prop_assert!(!name.starts_with(|c: char| c.is_ascii_digit()), "{}", name);
        let statement = &seed.problem.as_ref().unwrap().statement;
        let call = format!("`{name}(");
        prop_assert!(statement.contains(&call) && !statement.contains("  "), "{}", statement);
    }
}

/// Solutions in Python, by the function's name without its numbers: another hand than the solvers in
/// Rust. `K` stands for the first number of the name.
const SOLUTIONS: &[(&str, &str)] = &[
    ("is_even", "return args[0] % 2 == 0"),
    ("is_multiple_of_", "return args[0] % K == 0"),
    ("add_", "return args[0] + K"),
    ("times_", "return args[0] * K"),
    ("square", "return args[0] ** 2"),
    ("digit_sum", "return sum(int(d) for d in str(args[0]))"),
    ("celsius_to_fahrenheit", "return args[0] * 9 / 5 + 32"),
    ("factorial", "import math; return math.factorial(args[0])"),
    ("sum_multiples_of_", "return sum(range(0, args[0] + 1, K))"),
    ("is_prime", "n = args[0]; return n > 1 and all(n % d for d in range(2, n))"),
    ("count_vowels", "return sum(c in 'aeiou' for c in args[0])"),
    ("reverse_string", "return args[0][::-1]"),
    ("is_palindrome", "return args[0] == args[0][::-1]"),
    ("count_words", "return len(args[0].split())"),
    ("first_", "return args[0][:K]"),
    ("last_", "return args[0][-K:]"),
    ("remove_vowels", "return ''.join(c for c in args[0] if c not in 'aeiou')"),
    ("longest_word_length", "return max(map(len, args[0].split()), default=0)"),
    ("count_words_over_", "return sum(len(w) > K for w in args[0].split())"),
    ("is_longer_than_", "return len(args[0]) > K"),
    ("sum_plus_", "return sum(args[0], K)"),
    ("sum_of_squares", "return sum(n * n for n in args[0])"),
    ("count_over_", "return len([n for n in args[0] if n > K])"),
    ("keep_below_", "return [n for n in args[0] if n < K]"),
    ("keep_multiples_of_", "return [n for n in args[0] if n % K == 0]"),
    ("multiply_all_by_", "return [n * K for n in args[0]]"),
    ("second_largest", "s = sorted(set(args[0])); return s[-2] if len(s) > 1 else None"),
    ("remove_duplicates", "return list(dict.fromkeys(args[0]))"),
    ("average", "return sum(args[0]) / len(args[0]) if args[0] else 0.0"),
    ("every_third", "return args[0][::3]"),
    ("find_", "return args[0].index(K) if K in args[0] else -1"),
    ("spread", "return max(args[0]) - min(args[0]) if args[0] else 0"),
    ("word_lengths", "return list(map(len, args[0]))"),
    ("multiples_of_", "return [K * (i + 1) for i in range(args[0])]"),
    ("countdown_to_", "return list(range(args[0], K - 1, -1))"),
    ("key_of_largest", "return max(args[0], key=args[0].get)"),
    ("keys_over_", "return sorted(k for k, v in args[0].items() if v > K)"),
    ("tally", "import collections; return dict(collections.Counter(args[0]))"),
    ("by_first_letter", "d = {}; [d.setdefault(w[0], []).append(w) for w in args[0]]; return d"),
    ("sorted_keys", "return sorted(args[0])"),
    ("keep_at_least_", "return {k: v for k, v in args[0].items() if v >= K}"),
    ("make_dict", "return dict(zip(*args))"),
    ("merge_dicts", "return {**args[0], **args[1]}"),
    ("count_value_", "return list(args[0].values()).count(K)"),
];

const DRIVER: &str = r#"
import json, sys
for line in sys.stdin:
    job = json.loads(line)
    space = {"K": job["k"]}
    exec("def f(args):\n    " + job["body"], space)
    print(json.dumps([space["f"](args) for args in job["args"]]))
"#;

#[test]
fn python_itself_agrees_with_the_solvers() {
    let families: Vec<_> = FAMILIES.iter().collect();
    let seeds = plan_seeds(&families, 11, 1600).unwrap();
    let mut jobs = Vec::new();
    let mut tried = BTreeSet::new();
    for tests in seeds.iter().map(tests) {
        let stem = tests.function.trim_end_matches(|c: char| c.is_ascii_digit());
        let k: i64 = tests.function[stem.len()..].parse().unwrap_or(0);
        if let Some((name, body)) = SOLUTIONS.iter().find(|(name, _)| *name == stem) {
            tried.insert(*name);
            jobs.push((tests, k, body));
        }
    }
    let missed: Vec<_> =
        SOLUTIONS.iter().map(|(name, _)| *name).filter(|name| !tried.contains(name)).collect();
    assert!(missed.is_empty(), "no task was drawn for {missed:?}");

    let mut python = std::process::Command::new("python3")
        .args(["-c", DRIVER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = python.stdin.take().unwrap();
    let lines: Vec<String> = jobs
        .iter()
        .map(|(tests, k, body)| {
            let args: Vec<_> = tests.cases.iter().map(|case| &case.args).collect();
            serde_json::json!({"k": k, "body": body, "args": args}).to_string() + "\n"
        })
        .collect();
    let writer = std::thread::spawn(move || stdin.write_all(lines.concat().as_bytes()));
    let output = python.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    let results = String::from_utf8(output.stdout).unwrap();
    assert_eq!(results.lines().count(), jobs.len());
    for (line, (tests, ..)) in results.lines().zip(&jobs) {
        let got: Vec<serde_json::Value> = serde_json::from_str(line).unwrap();
        let want: Vec<_> = tests.cases.iter().map(|case| case.expect.clone()).collect();
        assert_eq!(got, want, "{tests:?}");
    }
}
