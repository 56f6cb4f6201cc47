use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Digest, SuppliedProblem};

/// What a client asks for: samples of several recipes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestSpec {
    /// A label for people; need not be unique.
    #[serde(default)]
    pub name: String,
    /// Decides the seeds drawn and every call's sampling seed: the same specification asks the
    /// model the same questions.
    #[serde(default)]
    pub seed: u64,
    /// What to make, in order.
    pub jobs: Vec<Job>,
}

/// A number of samples of one recipe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// The recipe's name, such as `math.word`.
    pub recipe: String,
    /// How many work items to plan: each gives at most one sample. With `problems`, at most their
    /// number, and all of them when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// How many answers to try for an item before it is given up, 1 to 32; the recipe's own number
    /// when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
    /// Only these seed families of the recipe; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub families: Option<Vec<String>>,
    /// The client's own problems in place of the recipe's seed families.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problems: Option<Vec<SuppliedProblem>>,
}

/// The bounds of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpecLimits {
    /// The most work items of all jobs together.
    pub items: u32,
    /// The most jobs.
    pub jobs: usize,
    /// The most answers to one item.
    pub attempts: u32,
}

impl Default for SpecLimits {
    fn default() -> Self {
        Self { items: 1_000_000, jobs: 64, attempts: 32 }
    }
}

/// Why a specification cannot be accepted: the field, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecError {
    /// The path of the field, such as `jobs[0].count`.
    pub field: String,
    /// What is wrong and the remedy.
    pub message: String,
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.message)
    }
}

impl std::error::Error for SpecError {}

impl RequestSpec {
    /// Checks everything that can be checked without knowing the recipes.
    ///
    /// # Errors
    /// The first field that is out of its bounds.
    pub fn check(&self, limits: SpecLimits) -> Result<(), SpecError> {
        let error = |field: String, message: String| Err(SpecError { field, message });
        if self.name.chars().count() > 200 {
            return error("name".into(), "is longer than 200 characters; shorten it".into());
        }
        if self.jobs.is_empty() || self.jobs.len() > limits.jobs {
            return error("jobs".into(), format!("needs 1 to {} entries", limits.jobs));
        }
        let mut items = 0u64;
        for (at, job) in self.jobs.iter().enumerate() {
            let count = match (&job.problems, job.count) {
                (None, None) => {
                    return error(
                        format!("jobs[{at}].count"),
                        "is missing; say how many items to plan".into(),
                    );
                }
                (_, Some(0)) => {
                    return error(format!("jobs[{at}].count"), "is 0; ask for 1 or more".into());
                }
                (Some(problems), _) if problems.is_empty() => {
                    return error(
                        format!("jobs[{at}].problems"),
                        "is empty; give at least one problem, or leave the field out".into(),
                    );
                }
                (Some(problems), count) => {
                    problems.len().min(count.map_or(usize::MAX, |c| c as usize)) as u64
                }
                (None, Some(count)) => u64::from(count),
            };
            items += count;
            if job.problems.is_some() && job.families.is_some() {
                return error(
                    format!("jobs[{at}].families"),
                    "cannot be combined with problems; leave one of the two out".into(),
                );
            }
            for (number, problem) in job.problems.iter().flatten().enumerate() {
                problem.check().map_err(|SpecError { field, message }| SpecError {
                    field: format!("jobs[{at}].problems[{number}].{field}"),
                    message,
                })?;
            }
            if let Some(attempts) = job.attempts
                && !(1..=limits.attempts).contains(&attempts)
            {
                return error(
                    format!("jobs[{at}].attempts"),
                    format!("is {attempts}; allowed are 1 to {}", limits.attempts),
                );
            }
        }
        if items > u64::from(limits.items) {
            return error(
                "jobs".into(),
                format!("plan {items} items; a request may plan at most {}", limits.items),
            );
        }
        Ok(())
    }

    /// What is asked for, apart from when: equal specifications have equal digests.
    pub fn digest(&self) -> Digest {
        Digest::of_json(self)
    }
}

/// Where a request stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum RequestState {
    /// Accepted, its plan not made yet.
    Queued,
    /// Being worked on; it goes on after a restart.
    Running,
    /// Every item is settled.
    Completed,
    /// Stopped by the client; what was settled stays.
    Cancelled,
    /// It cannot go on; what was settled stays.
    Failed {
        /// What happened and the remedy.
        reason: String,
    },
}

impl RequestState {
    /// The name used in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Failed { .. } => "failed",
        }
    }

    /// Whether nothing more will happen to it.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Completed | Self::Cancelled | Self::Failed { .. })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn spec(json: &str) -> RequestSpec {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn bounds_name_the_field() {
        for (json, field) in [
            (r#"{"jobs":[]}"#, "jobs"),
            (r#"{"jobs":[{"recipe":"math.word"}]}"#, "jobs[0].count"),
            (r#"{"jobs":[{"recipe":"a","count":1},{"recipe":"a","count":0}]}"#, "jobs[1].count"),
            (r#"{"jobs":[{"recipe":"a","count":4000000000}]}"#, "jobs"),
            (r#"{"jobs":[{"recipe":"a","count":1,"attempts":33}]}"#, "jobs[0].attempts"),
            (r#"{"jobs":[{"recipe":"a","problems":[]}]}"#, "jobs[0].problems"),
            (
                r#"{"jobs":[{"recipe":"a","problems":[{"source":"","statement":"s",
                    "expected":{"type":"votes","answers":1,"agree":1}}]}]}"#,
                "jobs[0].problems[0].expected.answers",
            ),
        ] {
            assert_eq!(spec(json).check(SpecLimits::default()).unwrap_err().field, field, "{json}");
        }
        assert_eq!(
            spec(r#"{"jobs":[{"recipe":"a","count":3}]}"#).check(SpecLimits::default()),
            Ok(())
        );
    }

    #[test]
    fn unknown_fields_are_refused_by_name() {
        let error = serde_json::from_str::<RequestSpec>(r#"{"jobs":[],"colour":1}"#).unwrap_err();
        assert!(error.to_string().contains("colour"), "{error}");
    }
}
