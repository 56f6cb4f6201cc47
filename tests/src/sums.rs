use serde_json::{Value, json};

/// A job of sums for the [`Adder`](crate::Adder), one for each number.
pub fn sums(numbers: impl IntoIterator<Item = u64>, attempts: u32) -> Value {
    let problems = numbers.into_iter().map(|n| {
        json!({
            "source": format!("sum {n}"),
            "statement": format!("What is {} plus {}?", n + 11, 3 * n + 2),
            "expected": {"type": "answer", "answer": sum_of(n).to_string()},
        })
    });
    let problems: Vec<Value> = problems.collect();
    json!({"recipe": "math.word", "attempts": attempts, "problems": problems})
}

/// What the sum of a number gives; it grows with the number.
pub fn sum_of(n: u64) -> u64 {
    4 * n + 13
}

/// Items of a request that are not pending any more.
pub fn settled(progress: &Value) -> u64 {
    let count = |name: &str| progress["funnel"][name].as_u64().unwrap_or_default();
    count("planned") - count("pending")
}

/// Whether nothing is lost or counted twice in a funnel.
pub fn adds_up(funnel: &Value) -> bool {
    let all = |name: &str| -> u64 {
        funnel[name].as_object().into_iter().flatten().filter_map(|(_, n)| n.as_u64()).sum()
    };
    let count = |name: &str| funnel[name].as_u64().unwrap_or_default();
    count("planned") == count("accepted") + all("rejected") + all("failed") + count("pending")
}
