//! What the demonstration asks for.

use serde_json::{Value, json};

use super::Size;

/// Items of the benchmark. The first [`LEAKED`] are also sent in as problems: a leak, planted to
/// show that it is caught before a model call is paid for.
const BENCHMARK: [(&str, &str); 6] = [
    (
        "A ferry crosses the strait nine times a day and carries forty-two cars on each crossing. \
         How many cars can the ferry carry in three days?",
        "1134",
    ),
    (
        "Marta plants tulip bulbs in seven rows of thirteen and gives twenty of the remaining \
         bulbs in her basket of one hundred and fifty to her neighbour. How many bulbs are left \
         in the basket?",
        "39",
    ),
    (
        "The old clock in the harbour office loses four minutes every day. After how many days \
         will it have lost exactly two hours?",
        "30",
    ),
    (
        "A baker fills twelve trays with fifteen rolls each and sells all but twenty-two of the \
         rolls before noon. How many rolls did the baker sell before noon?",
        "158",
    ),
    (
        "Two hikers start at the same hut and walk in opposite directions, one at four and one at \
         five kilometres an hour. How far apart are the hikers after three hours?",
        "27",
    ),
    (
        "A library lends eighty-six novels on Monday and half as many on Tuesday. How many novels \
         does the library lend on the two days together?",
        "129",
    ),
];

/// The math families that the small default model has a chance with.
const EASY: [&str; 4] =
    ["math.arithmetic", "math.addition", "math.subtraction", "math.multiplication"];

/// How many of the benchmark's items are planted in the request.
const LEAKED: usize = 3;

/// How the source of a planted item begins, by which the report tells it from the others.
const PLANTED: &str = "demo: planted item ";

/// Whether a sample is of a planted item.
pub(super) fn is_planted(sample: &Value) -> bool {
    sample["seed"]["source"].as_str().is_some_and(|source| source.starts_with(PLANTED))
}

/// The numbers of one demonstration.
pub(super) struct Assignment {
    math: u32,
    code: u32,
    science: u32,
    quiz: u32,
    /// Tokens of each of the two phases of annealing, and of a step.
    phase_tokens: u64,
    step_tokens: u64,
}

impl Assignment {
    /// The numbers of a size.
    pub fn of(size: Size) -> Self {
        match size {
            Size::Full => Self {
                math: 32,
                code: 32,
                science: 16,
                quiz: 4,
                phase_tokens: 12 * 448,
                step_tokens: 448,
            },
            Size::Small => Self {
                math: 8,
                code: 8,
                science: 4,
                quiz: 1,
                phase_tokens: 2 * 448,
                step_tokens: 448,
            },
        }
    }

    /// The body of `POST /v1/requests`.
    pub fn request(&self) -> Value {
        let planted = BENCHMARK[..LEAKED].iter().enumerate().map(|(at, (statement, answer))| {
            json!({
                "source": format!("{PLANTED}{} of the benchmark", at + 1),
                "statement": statement,
                "expected": {"type": "answer", "answer": answer},
            })
        });
        json!({
            "name": "demonstration",
            "seed": 7,
            "jobs": [
                {"recipe": "math.word", "count": self.math, "families": EASY},
                {"recipe": "code.function", "count": self.code},
                {"recipe": "science.choice", "count": self.science},
                {"recipe": "science.quiz", "count": self.quiz},
                {"recipe": "math.word", "problems": planted.collect::<Vec<_>>()},
            ],
        })
    }

    /// The body of `POST /v1/mixes`: one dataset for each domain that has accepted samples; `None`
    /// when no domain has.
    pub fn mix(&self, request: &str, samples: &[Value]) -> Option<Value> {
        let accepted = |domain: &str| {
            samples.iter().any(|sample| {
                sample["domain"] == domain && sample["settled"]["state"] == "accepted"
            })
        };
        let datasets: Vec<Value> = [("math", 2.0), ("code", 2.0), ("science", 1.0)]
            .into_iter()
            .filter(|(domain, _)| accepted(domain))
            .map(|(domain, weight)| {
                json!({"name": domain, "request": request, "domain": domain, "weight": weight,
                       "max_repeat": 4})
            })
            .collect();
        (!datasets.is_empty()).then(|| {
            // What the checks of the mix leave of a domain is not known yet.
            json!({"name": "demo", "seed": 7, "heldout": 0.2, "on_shortfall": "accept",
                       "dataset": datasets})
        })
    }

    /// The context in which the loss is measured, before and after annealing: the long phase's.
    pub fn context(&self) -> u64 {
        self.step_tokens
    }

    /// The trainer's configuration: the recipe's two phases at the scale of a laptop, the context
    /// seven times as long and the RoPE base 49 times as large in the second.
    pub fn anneal_toml(&self) -> String {
        let Self { phase_tokens, step_tokens, .. } = self;
        let context = step_tokens / 7;
        format!(
            "# The demonstration's annealing. Every key that is not here has the recipe's value.\n\
             seed = 7\n\
             checkpoint_every = 1000\n\n\
             [optim]\n\
             lr = 0.0004\n\n\
             [schedule]\n\
             decay = \"1-sqrt\"\n\n\
             [batch]\n\
             tokens = {step_tokens}\n\n\
             [[phase]]\n\
             name = \"short\"\n\
             tokens = {phase_tokens}\n\
             context = {context}\n\
             rope_factor = 1.0\n\n\
             [[phase]]\n\
             name = \"long\"\n\
             tokens = {phase_tokens}\n\
             context = {step_tokens}\n\
             rope_factor = 49.0\n"
        )
    }
}

/// The benchmark as JSONL.
pub(super) fn benchmark_jsonl() -> String {
    let items = BENCHMARK.iter().enumerate().map(|(at, (question, answer))| {
        json!({"id": format!("demo-{}", at + 1), "question": question, "answer": answer})
    });
    items.map(|item| format!("{item}\n")).collect()
}

#[cfg(test)]
mod tests {
    use lehr_record::{MixRecipe, RequestSpec, SpecLimits};

    use super::*;

    #[test]
    fn the_bodies_are_what_the_service_takes() -> anyhow::Result<()> {
        for size in [Size::Full, Size::Small] {
            let assignment = Assignment::of(size);
            let spec: RequestSpec = serde_json::from_value(assignment.request())?;
            spec.check(SpecLimits::default())?;
            let sample = json!({"domain": "math", "settled": {"state": "accepted"}});
            let mix = assignment.mix("req-1", &[sample]).unwrap_or_default();
            let mix: MixRecipe = serde_json::from_value(mix)?;
            mix.check()?;
            assert_eq!(mix.datasets.len(), 1);
            let rejected = json!({"domain": "math", "settled": {"state": "rejected"}});
            assert_eq!(assignment.mix("req-1", &[rejected]), None);
            assert_eq!(assignment.mix("req-1", &[]), None);
            assert_eq!(assignment.step_tokens % 7, 0);
        }
        Ok(())
    }
}
