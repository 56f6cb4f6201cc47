//! Samples as the report shows them: what was said, and what the verdict rests on.

use serde_json::{Value, json};

use super::assignment;

/// Samples shown of each domain and kind of end.
const SHOWN: usize = 2;

/// What each domain gave, in words, with some samples of each end. Planted items are not counted:
/// the model was never asked about them.
pub(super) fn domains(samples: &[Value]) -> Vec<Value> {
    ["math", "code", "science"]
        .map(|domain| {
            let asked =
                |sample: &&Value| sample["domain"] == domain && !assignment::is_planted(sample);
            let of = || samples.iter().filter(asked);
            let ended = |state: &'static str| of().filter(move |s| s["settled"]["state"] == state);
            let (planned, accepted) = (of().count(), ended("accepted").count());
            let sentence = if accepted == 0 {
                format!("{domain}: the model gave no sample that passed, out of {planned} items")
            } else {
                format!(
                    "{domain}: {accepted} of {planned} items accepted, each the model's own reply"
                )
            };
            // Rejections by their reasons in turn, so that the page shows more than one kind.
            let mut rejected: Vec<&Value> = Vec::new();
            for sample in ended("rejected").chain(ended("failed")) {
                let reason = &sample["settled"]["reason"];
                if rejected.iter().filter(|other| other["settled"]["reason"] == *reason).count()
                    < SHOWN
                {
                    rejected.push(sample);
                }
            }
            let shown: Vec<Value> = ended("accepted").take(SHOWN).map(show).collect();
            let rejected: Vec<Value> = rejected.into_iter().map(show).collect();
            json!({"name": domain, "planned": planned, "accepted_count": accepted,
               "sentence": sentence, "accepted": shown, "rejected": rejected})
        })
        .to_vec()
}

/// What became of the planted items, in words and one by one.
pub(super) fn planted(samples: &[Value]) -> Value {
    let planted = || samples.iter().filter(|sample| assignment::is_planted(sample));
    let caught = planted().filter(|sample| is_caught(sample)).count();
    let unasked = planted().filter(|sample| attempts(sample).is_empty()).count();
    let all = planted().count();
    let sentence = format!(
        "planted leaks: {caught} of {all} were caught by the benchmark check, {unasked} of {all} \
         before a model call was made"
    );
    let shown: Vec<Value> = planted().map(show).collect();
    json!({"sentence": sentence, "all": all, "caught": caught, "samples": shown})
}

/// Whether a planted item was turned away for what it is.
fn is_caught(sample: &Value) -> bool {
    sample["settled"]["reason"] == "contaminated"
}

fn attempts(sample: &Value) -> &[Value] {
    sample["attempts"].as_array().map_or(&[], Vec::as_slice)
}

/// A sample as the page shows it.
fn show(sample: &Value) -> Value {
    let problem = &sample["problem"];
    let evidence = sample["verdict"]["evidence"].as_object().map(|evidence| {
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        evidence.iter().map(|(name, value)| json!([name, text(value)])).collect::<Vec<_>>()
    });
    json!({
        "id": sample["id"],
        "recipe": sample["recipe"],
        "source": sample["seed"]["source"],
        "statement": problem["statement"],
        "options": problem["options"],
        "reply": reply(sample),
        "calls": attempts(sample).len(),
        "verdict": sample["verdict"]["verdict"],
        "reason": sample["verdict"]["reason"],
        "settled": sample["settled"],
        "evidence": evidence,
        "pass_rate": sample["pass_rate"].as_f64().map(|rate| format!("{:.0}%", rate * 100.0)),
        "benchmarks": benchmarks(&sample["contamination"]),
    })
}

/// The reply that decided: of an accepted sample the one that is trained on, which of several
/// votes need not be the last; of another the first that was right (it was turned away for
/// something else), or the last that was judged. `None` when the model gave none.
fn reply(sample: &Value) -> Option<Value> {
    if sample["settled"]["state"] == "accepted" {
        let messages = sample["messages"].as_array()?;
        let last = messages.iter().rfind(|message| message["role"] == "assistant")?;
        return Some(last["content"].clone());
    }
    if !sample["verdict"]["evidence"]["model_error"].is_null() {
        return None;
    }
    let right =
        |tried: &&Value| tried["stage"] == "answer" && tried["verdict"]["verdict"] == "correct";
    let attempts = attempts(sample);
    let decided = attempts.iter().find(right).or(attempts.last())?;
    Some(decided["reply"].clone())
}

/// What the benchmark check found, in words; `None` when the sample was turned away before.
fn benchmarks(contamination: &Value) -> Option<Value> {
    let version = contamination["index_version"].as_str()?;
    let nearest = match contamination["overlaps"].as_array().and_then(|found| found.first()) {
        Some(nearest) => format!(
            "nearest item {}/{}, of which {:.0}% is found here: {:?}",
            nearest["benchmark"].as_str().unwrap_or_default(),
            nearest["item"].as_str().unwrap_or_default(),
            nearest["score"].as_f64().unwrap_or_default() * 100.0,
            nearest["benchmark_excerpt"].as_str().unwrap_or_default(),
        ),
        None => "no item shares a passage with it".to_owned(),
    };
    let clean = contamination["contaminated"] == json!(false);
    Some(json!({"clean": clean, "nearest": nearest, "version": version}))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(stage: &str, reply: &str, verdict: &str) -> Value {
        json!({"stage": stage, "reply": reply, "verdict": {"verdict": verdict}})
    }

    #[test]
    fn the_reply_shown_is_the_one_that_decided() {
        let votes = [
            attempt("question", "Q", "correct"),
            attempt("answer", "A", "correct"),
            attempt("answer", "B", "wrong"),
        ];
        let tries = [attempt("answer", "no", "wrong"), attempt("answer", "yes", "correct")];
        let trained =
            json!([{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}]);
        for (state, attempts, messages, model_error, shown) in [
            ("accepted", &votes[..], trained.clone(), false, Some("A")),
            (
                "accepted",
                &tries[..],
                json!([{"role": "assistant", "content": "yes"}]),
                false,
                Some("yes"),
            ),
            // Right, and rejected as a duplicate or for a leak.
            ("rejected", &votes[..], json!([]), false, Some("A")),
            ("rejected", &tries[..], json!([]), false, Some("yes")),
            ("rejected", &tries[..1], json!([]), false, Some("no")),
            ("rejected", &votes[..1], json!([]), false, Some("Q")),
            ("rejected", &[attempt("answer", "", "unparseable")][..], json!([]), false, Some("")),
            ("rejected", &[][..], json!([]), false, None),
            ("failed", &tries[..1], json!([]), true, None),
        ] {
            let evidence = if model_error { json!({"model_error": "gone"}) } else { json!({}) };
            let sample = json!({"settled": {"state": state}, "attempts": attempts,
                "messages": messages, "verdict": {"evidence": evidence}});
            assert_eq!(reply(&sample), shown.map(Value::from), "{sample}");
        }
    }

    #[test]
    fn planted_items_are_not_counted_as_the_models() {
        let request = assignment::Assignment::of(super::super::Size::Small).request();
        let problems = request["jobs"].as_array().and_then(|jobs| jobs.last());
        let problems = problems.and_then(|job| job["problems"].as_array()).cloned();
        let leak = |problem: Value| {
            json!({"domain": "math", "seed": {"source": problem["source"]}, "attempts": [],
                   "settled": {"state": "rejected", "reason": "contaminated"}})
        };
        let mut samples: Vec<Value> = problems.unwrap_or_default().into_iter().map(leak).collect();
        assert_eq!(samples.len(), 3);
        samples.push(json!({"domain": "math", "seed": {"source": "family:x"}, "attempts": [{}],
                            "settled": {"state": "rejected", "reason": "wrong"}}));
        let math = &domains(&samples)[0];
        assert_eq!(math["sentence"], "math: the model gave no sample that passed, out of 1 items");
        let planted = planted(&samples);
        assert_eq!(
            planted["sentence"],
            "planted leaks: 3 of 3 were caught by the benchmark check, 3 of 3 before a model call \
             was made"
        );
    }
}
