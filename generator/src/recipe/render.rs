use lehr_record::{Expected, Problem, Seed};
use minijinja::{Environment, UndefinedBehavior, context};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Shot, Stage};

/// A template could not be filled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("recipe `{recipe}`, {stage} stage: {message}")]
pub struct RenderError {
    /// The recipe's name.
    pub recipe: String,
    /// The stage.
    pub stage: Stage,
    /// What is missing.
    pub message: String,
}

/// A problem as it is put to a reader: the statement, then every option on its line as `A) …`.
pub fn problem_text(problem: &Problem) -> String {
    full_text(&problem.statement, &problem.options)
}

fn full_text(statement: &str, options: &[String]) -> String {
    let mut text = statement.to_owned();
    for (letter, option) in ('A'..='Z').zip(options) {
        text += &format!("\n{letter}) {option}");
    }
    text
}

/// A template's own words, without the values that fill it.
pub(super) fn wording(template: &str) -> String {
    let (mut words, mut rest) = (String::new(), template);
    while let Some(start) = rest.find('{') {
        let (before, tag) = rest.split_at(start);
        words += before;
        let close = match tag.as_bytes().get(1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => "#}",
            _ => {
                words.push('{');
                rest = &tag[1..];
                continue;
            }
        };
        // What was on the two sides of a value does not stand side by side in any prompt.
        words.push('\n');
        rest = tag.find(close).map_or("", |end| &tag[end + close.len()..]);
    }
    words + rest
}

/// What templates see: `seed` and `problem`. There is no way from here to a right answer.
#[derive(Serialize)]
pub(super) struct Scene<'a> {
    seed: &'a Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<ProblemView<'a>>,
}

#[derive(Serialize)]
struct ProblemView<'a> {
    statement: &'a str,
    text: String,
    options: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    function: Option<&'a str>,
}

/// The values that templates may use of `problem`.
const PROBLEM_FIELDS: [&str; 4] = ["statement", "text", "options", "function"];

impl<'a> Scene<'a> {
    pub fn of(seed: &'a Seed, problem: Option<&'a Problem>) -> Self {
        let problem = problem.map(|problem| ProblemView {
            statement: &problem.statement,
            text: problem_text(problem),
            options: &problem.options,
            function: match &problem.expected {
                Expected::Tests { tests } => Some(&tests.function),
                _ => None,
            },
        });
        Self { seed: &seed.vars, problem }
    }

    pub fn of_shot(shot: &'a Shot) -> Self {
        let problem = shot.statement.as_deref().map(|statement| ProblemView {
            statement,
            text: full_text(statement, &shot.options),
            options: &shot.options,
            function: shot.function.as_deref(),
        });
        Self { seed: &shot.vars, problem }
    }
}

/// Fills templates; a name that has no value is an error and not an empty text.
pub(super) struct Templates(Environment<'static>);

impl Templates {
    pub fn new() -> Self {
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_trim_blocks(true);
        environment.set_lstrip_blocks(true);
        Self(environment)
    }

    /// Fills a template; blanks at its ends are taken away.
    pub fn fill(&self, template: &str, scene: &Scene<'_>) -> Result<String, String> {
        let Scene { seed, problem } = scene;
        self.0
            .render_str(template, context! { seed, problem })
            .map(|text| text.trim().to_owned())
            .map_err(|error| error.to_string())
    }

    /// Checks that a template can be read and names only values that its stage has: `seed.NAME` for
    /// the given names in the question stage, fields of `problem` in the answer stage.
    pub fn check(&self, template: &str, stage: Stage, vars: &[String]) -> Result<(), String> {
        let template = self.0.template_from_str(template).map_err(|error| error.to_string())?;
        let mut unknown: Vec<String> = template
            .undeclared_variables(true)
            .into_iter()
            .filter(|name| match (stage, name.split_once('.')) {
                (Stage::Question, Some(("seed", var))) => !vars.iter().any(|known| known == var),
                (Stage::Answer, Some(("problem", field))) => !PROBLEM_FIELDS.contains(&field),
                _ => true,
            })
            .collect();
        unknown.sort();
        match unknown.first() {
            None => Ok(()),
            Some(name) => {
                let (root, known) = match stage {
                    Stage::Question => ("seed", vars.to_vec()),
                    Stage::Answer => ("problem", PROBLEM_FIELDS.map(str::to_owned).to_vec()),
                };
                let known: Vec<String> =
                    known.iter().map(|field| format!("`{root}.{field}`")).collect();
                Err(format!("uses `{name}`, which does not exist; known are {}", known.join(", ")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wording_is_what_no_value_decides() {
        for (template, words) in [
            ("Say {{ a }} twice.", "Say \n twice."),
            ("{% if a %}Yes{# why #}{% endif %}", "\nYes\n\n"),
            ("{\"a\": {1, 2}}", "{\"a\": {1, 2}}"),
            ("open {{ a", "open \n"),
            ("{", "{"),
            ("", ""),
        ] {
            assert_eq!(wording(template), words, "{template}");
        }
    }
}
