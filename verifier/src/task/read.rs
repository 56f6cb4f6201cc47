//! Reads a task, in one pass over its text and whatever the order of its keys.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;

use super::choice_of_policy::{ChoiceOfPolicy, PolicyReader};
use super::field::{Text, Texts, Word};
use super::program::{Asked, LanguageReader, TestsReader};
use super::{CodeTask, Field, Question, Task};
use crate::Language;
use crate::code::{AuditAsked, AuditOptions, Tests};
use crate::policy::Policy;
use crate::sandbox::Limits;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Math,
    Science,
    Choice,
    Code,
}

const KIND: Word<Kind> = Word {
    key: "kind",
    words: &[
        ("math", Kind::Math),
        ("science", Kind::Science),
        ("choice", Kind::Choice),
        ("code", Kind::Code),
    ],
};

impl Kind {
    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Math | Self::Science => &["id", "kind", "gold", "pred", "policy"],
            Self::Choice => &["id", "kind", "gold", "options", "pred"],
            Self::Code => {
                &["id", "kind", "language", "solution", "tests", "policy", "limits", "audit"]
            }
        }
    }
}

/// The keys of all kinds.
const KEYS: &[&str] = &[
    "id", "kind", "gold", "pred", "options", "policy", "language", "solution", "tests", "limits",
    "audit",
];

/// The values that came so far.
#[derive(Default)]
struct Values {
    id: Option<Value>,
    kind: Option<Kind>,
    gold: Option<String>,
    pred: Option<String>,
    options: Option<Vec<String>>,
    policy: Option<ChoiceOfPolicy>,
    language: Option<Language>,
    solution: Option<String>,
    tests: Option<Tests>,
    limits: Option<Limits>,
    audit: Option<Option<AuditOptions>>,
}

impl Values {
    /// Takes the value of a key.
    fn take<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let before = match key {
            "id" => self.id.replace(map.next_value()?).is_some(),
            "kind" => self.kind.replace(map.next_value_seed(KIND)?).is_some(),
            "gold" => self.gold.replace(map.next_value_seed(Text("gold"))?).is_some(),
            "pred" => self.pred.replace(map.next_value_seed(Text("pred"))?).is_some(),
            "options" => self.options.replace(map.next_value_seed(Texts("options"))?).is_some(),
            "policy" => self.policy.replace(map.next_value_seed(PolicyReader)?).is_some(),
            "language" => self.language.replace(map.next_value_seed(LanguageReader)?).is_some(),
            "solution" => self.solution.replace(map.next_value_seed(Text("solution"))?).is_some(),
            "tests" => self.tests.replace(map.next_value_seed(TestsReader)?).is_some(),
            "limits" => {
                let asked: Asked = map.next_value()?;
                self.limits.replace(asked.limits()?).is_some()
            }
            "audit" => {
                let asked: AuditAsked = map.next_value()?;
                self.audit.replace(asked.options().map_err(A::Error::custom)?).is_some()
            }
            other => return Err(A::Error::unknown_field(other, KEYS)),
        };
        match before {
            true => Err(A::Error::custom(format_args!("duplicate field `{key}`"))),
            false => Ok(()),
        }
    }

    /// The first key that has a value and that the kind does not have.
    fn stray(&self, kind: Kind) -> Option<&'static str> {
        let here = [
            ("gold", self.gold.is_some()),
            ("pred", self.pred.is_some()),
            ("options", self.options.is_some()),
            ("policy", self.policy.is_some()),
            ("language", self.language.is_some()),
            ("solution", self.solution.is_some()),
            ("tests", self.tests.is_some()),
            ("limits", self.limits.is_some()),
            ("audit", self.audit.is_some()),
        ];
        let stray = here.iter().find(|(key, here)| *here && !kind.keys().contains(key));
        stray.map(|(key, _)| *key)
    }

    fn finish<E: Error>(self) -> Result<Task, E> {
        let Some(kind) = self.kind else { return Err(E::missing_field("kind")) };
        if let Some(key) = self.stray(kind) {
            return Err(E::unknown_field(key, kind.keys()));
        }
        let needed = |value: Option<String>, key| value.ok_or_else(|| E::missing_field(key));
        let policy = self.policy.unwrap_or_default();
        let question = match kind {
            Kind::Math | Kind::Science => {
                let (field, usual) = match kind {
                    Kind::Math => (Field::Math, Policy::math()),
                    _ => (Field::Science, Policy::science()),
                };
                Question::Answer {
                    field,
                    gold: needed(self.gold, "gold")?,
                    pred: needed(self.pred, "pred")?,
                    policy: policy.over(usual),
                }
            }
            Kind::Choice => Question::Choice {
                gold: needed(self.gold, "gold")?,
                options: self.options.unwrap_or_default(),
                pred: needed(self.pred, "pred")?,
            },
            Kind::Code => Question::Code(Box::new(CodeTask {
                language: self.language.ok_or_else(|| E::missing_field("language"))?,
                solution: needed(self.solution, "solution")?,
                tests: self.tests.ok_or_else(|| E::missing_field("tests"))?,
                policy: policy.of_program().map_err(E::custom)?,
                limits: self.limits.unwrap_or_default(),
                audit: self.audit.flatten(),
            })),
        };
        Ok(Task { id: self.id.unwrap_or_default(), question })
    }
}

impl<'de> Deserialize<'de> for Task {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_map(TaskReader)
    }
}

struct TaskReader;

impl<'de> Visitor<'de> for TaskReader {
    type Value = Task;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a task, an object with `kind`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Task, A::Error> {
        let mut values = Values::default();
        while let Some(key) = map.next_key::<String>()? {
            values.take(&key, &mut map)?;
        }
        // Inside the visit, so that the reader of JSON adds the place to an error.
        values.finish()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use num_rational::BigRational;
    use proptest::prelude::*;

    use super::*;
    use crate::policy::{MissingUnit, Percent, Tolerance};

    fn read(text: &str) -> Result<Task, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    fn policy(text: &str) -> Policy {
        match read(text).unwrap().question {
            Question::Answer { policy, .. } => policy,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_policy_is_laid_over_that_of_the_kind() {
        let hundredth = || BigRational::new(1.into(), 100.into());
        for (kind, said, expected) in [
            ("math", "", Policy::math()),
            ("science", "", Policy::science()),
            ("science", "{}", Policy::science()),
            (
                "math",
                r#"{"tolerance":"significant_figures"}"#,
                Policy { tolerance: Tolerance::SignificantFigures, ..Policy::math() },
            ),
            (
                "science",
                r#"{"tolerance":"exact","missing_unit":"tolerated"}"#,
                Policy {
                    tolerance: Tolerance::Exact,
                    missing_unit: MissingUnit::Tolerated,
                    ..Policy::science()
                },
            ),
            (
                "math",
                r#"{"tolerance":{"relative":"0.01"},"percent":"exact"}"#,
                Policy {
                    tolerance: Tolerance::Relative(hundredth()),
                    percent: Percent::Exact,
                    ..Policy::math()
                },
            ),
            (
                "math",
                r#"{"tolerance":{"absolute":0.01},"missing_unit":"required"}"#,
                Policy {
                    tolerance: Tolerance::Absolute(hundredth()),
                    missing_unit: MissingUnit::Required,
                    ..Policy::math()
                },
            ),
        ] {
            let key = if said.is_empty() { String::new() } else { format!(r#""policy":{said},"#) };
            let text = format!(r#"{{{key}"id":[1],"gold":"1","pred":"1","kind":"{kind}"}}"#);
            assert_eq!(policy(&text), expected, "{text}");
        }
    }

    #[test]
    fn faults_name_the_key_and_what_it_takes() {
        let answer = |rest: &str| format!(r#"{{"kind":"math","gold":"1","pred":"1",{rest}}}"#);
        let policy = |rest: &str| answer(&format!(r#""policy":{rest}"#));
        for (text, told) in [
            ("[]".into(), "a task, an object"),
            ("{}".into(), "missing field `kind`"),
            (r#"{"kind":"poem"}"#.into(), r#"`kind` to be "math", "science", "choice" or "code""#),
            (r#"{"kind":1}"#.into(), "`kind` to be"),
            (r#"{"kind":"math","gold":"1"}"#.into(), "missing field `pred` at line 1 column 26"),
            (r#"{"kind":"math","gold":1}"#.into(), "integer `1`, expected `gold` to be a string"),
            (r#"{"kind":"choice","pred":"A"}"#.into(), "missing field `gold`"),
            (r#"{"kind":"choice","options":["a",1]}"#.into(), "`options` to be a string"),
            (r#"{"kind":"choice","options":"a"}"#.into(), "`options` to be an array of strings"),
            (
                r#"{"kind":"code","language":"cobol"}"#.into(),
                r#"`language` to be one of "python", "c""#,
            ),
            (r#"{"kind":"code","language":"python","solution":""}"#.into(), "field `tests`"),
            (answer(r#""tests":{"function":"f","cases":[]}"#), "unknown field `tests`"),
            (answer(r#""colour":1"#), "unknown field `colour`"),
            (answer(r#""gold":"2""#), "duplicate field `gold`"),
            (
                r#"{"kind":"choice","gold":"A","pred":"A","policy":{}}"#.into(),
                "unknown field `policy`, expected one of `id`, `kind`, `gold`, `options`, `pred`",
            ),
            (policy("1"), "`policy` to be an object"),
            (policy("null"), "`policy` to be an object"),
            (policy(r#"{"colour":1}"#), "unknown field `colour`"),
            (policy(r#"{"percent":"off"}"#), r#"`percent` to be "lenient" or "exact""#),
            (policy(r#"{"missing_unit":1}"#), r#"`missing_unit` to be "tolerated" or"#),
            (policy(r#"{"tolerance":"close"}"#), "string \"close\", expected `tolerance` to be"),
            (policy(r#"{"tolerance":0.1}"#), "`tolerance` to be"),
            (policy(r#"{"tolerance":{}}"#), "`tolerance` to be"),
            (policy(r#"{"tolerance":{"relative":"-1"}}"#), "`relative` to be a decimal"),
            (policy(r#"{"tolerance":{"absolute":-1}}"#), "`absolute` to be a decimal"),
            (policy(r#"{"tolerance":{"relative":1,"absolute":1}}"#), "takes one of"),
            (policy(r#"{"tolerance":{"about":1}}"#), "unknown field `about`"),
        ] {
            let said = read(&text);
            assert!(said.as_ref().is_err_and(|e| e.contains(told)), "{text}: {said:?}");
        }
    }

    #[test]
    fn an_absent_id_is_null() {
        let task = read(r#"{"kind":"math","gold":"1","pred":"1"}"#).unwrap();
        assert_eq!(task.id, Value::Null);
        assert!(!task.needs_sandbox());
    }

    proptest! {
        #[test]
        fn any_json_is_a_task_or_a_fault(
            keys in prop::collection::vec(
                (prop::sample::select(KEYS.to_vec()), prop::sample::select(vec![
                    "1", "\"math\"", "\"code\"", "\"choice\"", "\"A\"", "[\"A\"]", "{}", "null",
                    "\"python\"", r#"{"function":"f","cases":[]}"#,
                ])),
                0..8,
            ),
        ) {
            let body: Vec<String> = keys.iter().map(|(k, v)| format!("\"{k}\":{v}")).collect();
            let _ = read(&format!("{{{}}}", body.join(",")));
        }
    }
}
