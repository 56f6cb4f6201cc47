use serde::{Deserialize, Serialize};

use crate::{CallTests, Expected, Problem, SpecError};

/// The longest name of a problem's source, or of a function.
const NAME_BYTES: usize = 1 << 10;

/// The longest statement.
const STATEMENT_BYTES: usize = 64 << 10;

/// The longest option, and the longest answer.
const ANSWER_BYTES: usize = 4 << 10;

/// As many options as there are letters.
const OPTIONS: usize = 26;

/// The most test cases of a function.
const CASES: usize = 1000;

/// The longest arguments of all cases together, and the longest results, as JSON.
const CASES_BYTES: usize = 256 << 10;

/// The most answers to put to the vote.
const VOTES: u32 = 32;

/// A problem that a client brings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuppliedProblem {
    /// Where it comes from, for the sample's trace: a file and line, or an identifier.
    pub source: String,
    /// The statement, complete in itself.
    pub statement: String,
    /// The options of a multiple-choice question, without their letters; empty otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// What a right solution must give.
    pub expected: Expected,
}

impl SuppliedProblem {
    /// The problem itself.
    pub fn problem(&self) -> Problem {
        let Self { statement, options, expected, .. } = self.clone();
        Problem { statement, options, expected }
    }

    /// Checks everything that can be checked without knowing the recipe.
    ///
    /// # Errors
    /// The first field that is out of its bounds.
    pub fn check(&self) -> Result<(), SpecError> {
        bounded("source", self.source.len(), NAME_BYTES)?;
        bounded("statement", self.statement.len(), STATEMENT_BYTES)?;
        if self.options.len() > OPTIONS {
            return error("options", format!("has more than {OPTIONS} entries; leave some out"));
        }
        let longest = self.options.iter().map(String::len).max();
        bounded("options", longest.unwrap_or_default(), ANSWER_BYTES)?;
        match &self.expected {
            Expected::Answer { answer } => bounded("expected.answer", answer.len(), ANSWER_BYTES),
            Expected::Choice { .. } => Ok(()),
            Expected::Tests { tests } => check_tests(tests),
            Expected::Votes { answers, agree } => {
                if !(2..=VOTES).contains(answers) {
                    return error("expected.answers", format!("must be from 2 to {VOTES}"));
                }
                // Two options could otherwise win at once.
                if *agree <= answers / 2 || agree > answers {
                    return error(
                        "expected.agree",
                        format!("must be more than half of the {answers} answers, and not more"),
                    );
                }
                Ok(())
            }
        }
    }
}

fn check_tests(tests: &CallTests) -> Result<(), SpecError> {
    bounded("expected.tests.function", tests.function.len(), NAME_BYTES)?;
    if tests.cases.len() > CASES {
        return error("expected.tests.cases", format!("has more than {CASES} entries; drop some"));
    }
    let bytes = tests.cases.iter().map(|case| {
        let args: usize = case.args.iter().map(|arg| arg.to_string().len()).sum();
        args + case.expect.to_string().len()
    });
    bounded("expected.tests.cases", bytes.sum(), CASES_BYTES)
}

fn bounded(field: &str, bytes: usize, most: usize) -> Result<(), SpecError> {
    if bytes > most {
        return error(field, format!("has {bytes} bytes, more than {most}; shorten it"));
    }
    Ok(())
}

fn error<T>(field: &str, message: String) -> Result<T, SpecError> {
    Err(SpecError { field: field.to_owned(), message })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::CallCase;

    fn answer(answer: &str) -> Expected {
        Expected::Answer { answer: answer.to_owned() }
    }

    #[test]
    fn bounds_name_the_field() {
        let votes = |answers, agree| Expected::Votes { answers, agree };
        let tests = |function: &str, cases: usize, expect: &str| Expected::Tests {
            tests: CallTests {
                function: function.to_owned(),
                cases: vec![CallCase { args: vec![json!(1)], expect: json!(expect) }; cases],
            },
        };
        let long = "x".repeat(300_000);
        let long = long.as_str();
        for (source, statement, options, expected, field) in [
            ("s", "2+2?", vec![], answer("4"), ""),
            (long, "2+2?", vec![], answer("4"), "source"),
            ("s", long, vec![], answer("4"), "statement"),
            ("s", "2+2?", vec!["a"; 26], answer("4"), ""),
            ("s", "2+2?", vec!["a"; 27], answer("4"), "options"),
            ("s", "2+2?", vec!["a", long], answer("4"), "options"),
            ("s", "2+2?", vec![], answer(long), "expected.answer"),
            ("s", "2+2?", vec![], tests("f", 1000, ""), ""),
            ("s", "2+2?", vec![], tests("f", 1001, ""), "expected.tests.cases"),
            ("s", "2+2?", vec![], tests("f", 1, long), "expected.tests.cases"),
            ("s", "2+2?", vec![], tests(long, 1, ""), "expected.tests.function"),
            ("s", "2+2?", vec![], votes(2, 2), ""),
            ("s", "2+2?", vec![], votes(32, 17), ""),
            ("s", "2+2?", vec![], votes(0, 0), "expected.answers"),
            ("s", "2+2?", vec![], votes(1, 1), "expected.answers"),
            ("s", "2+2?", vec![], votes(4_000_000_000, 3_000_000_000), "expected.answers"),
            ("s", "2+2?", vec![], votes(4, 2), "expected.agree"),
            ("s", "2+2?", vec![], votes(5, 0), "expected.agree"),
            ("s", "2+2?", vec![], votes(5, 6), "expected.agree"),
        ] {
            let problem = SuppliedProblem {
                source: source.to_owned(),
                statement: statement.to_owned(),
                options: options.into_iter().map(str::to_owned).collect(),
                expected,
            };
            let found = problem.check().err().map(|error| error.field).unwrap_or_default();
            assert_eq!(found, field, "{:.60}", format!("{:?}", problem.expected));
        }
    }
}
