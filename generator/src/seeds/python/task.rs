use lehr_record::{CallCase, CallTests, Expected, Problem};
use serde::Serialize;
use serde_json::{Value, json};

use crate::seeds::{
    Difficulty, Draw,
    family::{Drawn, vars},
};

/// A function to write, with calls whose results are known.
pub(super) struct Task {
    difficulty: Difficulty,
    function: String,
    params: &'static str,
    does: String,
    cases: Vec<CallCase>,
}

impl Task {
    /// A function that `does` something: the rest of a sentence that begins with "a function that".
    pub fn new(
        difficulty: Difficulty,
        function: impl Into<String>,
        params: &'static str,
        does: impl Into<String>,
    ) -> Self {
        let (function, does) = (function.into(), does.into());
        Self { difficulty, function, params, does, cases: Vec::new() }
    }

    /// Adds a test for every input, a tuple of the arguments; `solve` gives what Python would
    /// return. An input that came before is skipped. The first one is shown in the statement.
    pub fn tests<I: Serialize, R: Serialize>(
        mut self,
        inputs: impl IntoIterator<Item = I>,
        solve: impl Fn(&I) -> R,
    ) -> Self {
        for input in inputs {
            let args = match json!(input) {
                Value::Array(args) => args,
                one => vec![one],
            };
            if self.cases.iter().all(|case| case.args != args) {
                self.cases.push(CallCase { args, expect: json!(solve(&input)) });
            }
        }
        self
    }

    fn statement(&self) -> String {
        let Self { function, params, does, cases, .. } = self;
        let mut text = format!("Write a Python function `{function}({params})` that {does}.");
        if let Some(case) = cases.first() {
            let args: Vec<String> = case.args.iter().map(python_literal).collect();
            text += &format!(
                "\nFor example, `{function}({})` returns `{}`.",
                args.join(", "),
                python_literal(&case.expect)
            );
        }
        text
    }
}

/// Draws a task of one of a family's shapes.
pub(super) fn draw_task(draw: &mut Draw, shapes: &[fn(&mut Draw) -> Task]) -> Drawn {
    let task = draw.pick(shapes)(draw);
    let statement = task.statement();
    let signature = format!("{}({})", task.function, task.params);
    let Task { difficulty, function, cases, .. } = task;
    Drawn {
        vars: vars([
            ("difficulty", difficulty.into()),
            ("function", function.clone().into()),
            ("signature", signature.into()),
        ]),
        problem: Some(Problem {
            statement,
            options: Vec::new(),
            expected: Expected::Tests { tests: CallTests { function, cases } },
        }),
    }
}

/// A JSON value as Python writes it.
fn python_literal(value: &Value) -> String {
    match value {
        Value::Null => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => {
            let escaped = text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n");
            format!("'{escaped}'")
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(python_literal).collect::<Vec<_>>().join(", "))
        }
        Value::Object(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| {
                    format!("{}: {}", python_literal(&json!(key)), python_literal(value))
                })
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}
