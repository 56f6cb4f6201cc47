use lehr_record::Reply;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Parsed, Recipe, Shot, Stage, render::Scene};

/// A reply with what must be made of it: a test of the recipe that runs whenever it is loaded.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Example {
    stage: Stage,
    /// Fills the templates of the question stage.
    #[serde(default)]
    vars: Map<String, Value>,
    /// The problem: in the question stage the one that must be read from an accepted reply, in the
    /// answer stage the one that fills the templates.
    #[serde(default)]
    statement: Option<String>,
    #[serde(default)]
    options: Vec<String>,
    #[serde(default)]
    function: Option<String>,
    reply: String,
    /// Whether the model ended by itself.
    #[serde(default = "yes")]
    finished: bool,
    /// Whether the reply can be used.
    accepted: bool,
    /// Words of the reason why it cannot be used.
    #[serde(default)]
    reason: Option<String>,
}

fn yes() -> bool {
    true
}

/// A reply of the model, as far as reading it goes.
pub(super) fn reply(text: &str, finished: bool) -> Reply {
    Reply { text: text.to_owned(), finished, prompt_tokens: 0, completion_tokens: 0, seconds: 0.0 }
}

impl Example {
    /// Whether it shows a reply that can be used.
    #[cfg(test)]
    pub fn accepted(&self) -> bool {
        self.accepted
    }

    /// Checks the example against its recipe; the error says what differs.
    pub fn check(&self, recipe: &Recipe) -> Result<(), String> {
        self.check_templates(recipe)?;
        let parsed = recipe.parse(self.stage, &reply(&self.reply, self.finished));
        match (parsed, self.accepted, &self.reason) {
            (Ok(_), true, Some(_)) => Err("gives a `reason` although it is accepted".into()),
            (Ok(Parsed::Answer), true, None) => Ok(()),
            (Ok(Parsed::Problem(problem)), true, None) => {
                let Some(statement) = &self.statement else {
                    return Err("lacks the `statement` that must be read from the reply".into());
                };
                if problem.statement != *statement {
                    return Err(format!("the statement was read as `{}`", problem.statement));
                }
                if problem.options != self.options {
                    return Err(format!("the options were read as {:?}", problem.options));
                }
                Ok(())
            }
            (Ok(_), false, _) => Err("is accepted although it should be refused".into()),
            (Err(failure), true, _) => Err(format!("is refused: {failure}")),
            (Err(_), false, None) => Err("lacks the `reason` why it is refused".into()),
            (Err(failure), false, Some(reason)) => {
                if failure.reason.contains(reason.as_str()) {
                    Ok(())
                } else {
                    Err(format!("is refused for another reason: {failure}"))
                }
            }
        }
    }

    fn check_templates(&self, recipe: &Recipe) -> Result<(), String> {
        let given = match self.stage {
            Stage::Question => !self.vars.is_empty(),
            Stage::Answer => self.statement.is_some(),
        };
        if !given {
            return Ok(());
        }
        let shot = Shot {
            vars: self.vars.clone(),
            statement: self.statement.clone().filter(|_| self.stage == Stage::Answer),
            options: self.options.clone(),
            function: self.function.clone(),
            reply: self.reply.clone(),
        };
        recipe
            .fill(self.stage, &Scene::of_shot(&shot))
            .map(|_| ())
            .map_err(|error| error.to_string())
    }
}
