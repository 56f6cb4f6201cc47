//! The file of a recipe: its form, and what is checked before it is used.

use std::path::Path;

use lehr_record::{Digest, Domain};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    AnswerFormat, QuestionFormat, Recipe, Shot, Stage, StageSpec, Votes,
    example::{self, Example},
    render::{Scene, Templates},
};
use crate::seeds::{Draw, family};

/// Why a recipe file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecipeError {
    /// It cannot be read.
    #[error("cannot read {path}: {message}")]
    Read {
        /// The file or directory.
        path: String,
        /// What the system said.
        message: String,
    },
    /// It is no TOML, or has an unknown, missing or mistyped key.
    #[error("{file}: {message}")]
    Form {
        /// The file.
        file: String,
        /// What is wrong, with line and column.
        message: String,
    },
    /// A value cannot be used.
    #[error("{file}: {field} {message}")]
    Field {
        /// The file.
        file: String,
        /// The path of the field, such as `answer.sampling.top_p`.
        field: String,
        /// What is wrong and the remedy.
        message: String,
    },
}

/// The form of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    version: u32,
    description: String,
    domain: Domain,
    kind: String,
    families: Vec<String>,
    attempts: u32,
    #[serde(default)]
    question: Option<StageSpec<QuestionFormat>>,
    answer: StageSpec<AnswerFormat>,
    #[serde(default)]
    votes: Option<Votes>,
    #[serde(default)]
    example: Vec<Example>,
}

impl Recipe {
    /// Reads and checks a recipe. `file` is its path, for messages; the name in the file must be
    /// the path's last part without `.toml`.
    ///
    /// # Errors
    /// The first fault, with the file and the field.
    pub fn read(file: &str, text: &str) -> Result<Self, RecipeError> {
        let form: File = toml::from_str(text).map_err(|error| RecipeError::Form {
            file: file.to_owned(),
            message: error.to_string().trim_end().to_owned(),
        })?;
        let fault = |field: &str, message: String| RecipeError::Field {
            file: file.to_owned(),
            field: field.to_owned(),
            message,
        };
        let families: Result<Vec<_>, _> = form.families.iter().map(|name| family(name)).collect();
        let families = families.map_err(|error| fault("families", format!("is wrong: {error}")))?;
        let recipe = Self {
            name: form.name,
            version: form.version,
            description: form.description,
            domain: form.domain,
            kind: form.kind,
            families,
            attempts: form.attempts,
            question: form.question,
            answer: form.answer,
            votes: form.votes,
            examples: form.example,
            digest: Digest::of_bytes(text.as_bytes()),
        };
        let stem = Path::new(file).file_stem().map(|stem| stem.to_string_lossy().into_owned());
        if stem.as_deref() != Some(recipe.name.as_str()) {
            return Err(fault(
                "name",
                format!("is `{}`; name the file `{}.toml`", recipe.name, recipe.name),
            ));
        }
        recipe.check().map_err(|(field, message)| fault(&field, message))?;
        Ok(recipe)
    }

    /// The first fault, as field and message.
    fn check(&self) -> Result<(), (String, String)> {
        let fault = |field: &str, message: &str| Err((field.to_owned(), message.to_owned()));
        let word = |text: &str| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
        };
        if !word(&self.name) {
            return fault("name", "may have only letters, digits, `.`, `_` and `-`");
        }
        if !word(&self.kind) {
            return fault("kind", "may have only letters, digits, `.`, `_` and `-`");
        }
        if !(1..=32).contains(&self.attempts) {
            return Err(("attempts".into(), format!("is {}; allowed are 1 to 32", self.attempts)));
        }
        for (at, family) in self.families.iter().enumerate() {
            if self.families[..at].iter().any(|other| other.name == family.name) {
                return Err(("families".into(), format!("names `{}` twice", family.name)));
            }
        }
        if let Some(family) = self.families.iter().find(|family| family.domain != self.domain) {
            let message =
                format!("has `{}`, which is of the domain {}", family.name, family.domain);
            return Err(("families".into(), message));
        }
        match (&self.question, self.votes) {
            (Some(_), None) => {
                return fault("votes", "is missing; a problem that the model writes needs it");
            }
            (None, Some(_)) => {
                return fault("votes", "is not needed without a question stage; leave it out");
            }
            (Some(_), Some(Votes { answers, agree })) => {
                if !(2..=32).contains(&answers) {
                    return fault("votes.answers", "must be 2 to 32");
                }
                if agree > answers || agree * 2 <= answers {
                    return fault("votes.agree", "must be more than half of `votes.answers`");
                }
            }
            (None, None) => {}
        }
        let vars = self.check_seeds()?;
        if let Some(question) = &self.question {
            self.check_stage(Stage::Question, question, &vars)?;
        }
        self.check_stage(Stage::Answer, &self.answer, &vars)?;
        self.check_rendering()?;
        for (at, example) in self.examples.iter().enumerate() {
            example.check(self).map_err(|message| (format!("example[{at}]"), message))?;
        }
        Ok(())
    }

    /// Draws one seed of every family: it must fit the stages. Gives the names of the values that
    /// all seeds without a problem have.
    fn check_seeds(&self) -> Result<Vec<String>, (String, String)> {
        let mut vars: Option<Vec<String>> = None;
        for family in &self.families {
            let seed = family.seed(&mut Draw::new(0, family.name));
            let fault = |message: String| Err(("families".to_owned(), message));
            match (&seed.problem, &self.question) {
                (Some(problem), _) => {
                    if let Err(unfit) = self.accepts(problem) {
                        return fault(format!(
                            "has `{}`, whose problems do not fit `answer.format`: {unfit}",
                            family.name
                        ));
                    }
                }
                (None, None) => {
                    return fault(format!(
                        "has `{}`, whose seeds state no problem; add a question stage",
                        family.name
                    ));
                }
                (None, Some(_)) => {
                    let has = |name: &String| seed.vars.contains_key(name);
                    vars = Some(match vars {
                        None => seed.vars.keys().cloned().collect(),
                        Some(vars) => vars.into_iter().filter(has).collect(),
                    });
                }
            }
        }
        Ok(vars.unwrap_or_default())
    }

    /// Renders every stage with a seed of every family: an unknown filter, for one, shows only then.
    fn check_rendering(&self) -> Result<(), (String, String)> {
        // In place of the problem that the model would write.
        let written = Shot {
            vars: Map::new(),
            statement: Some("Which of these?".to_owned()),
            options: ["one", "two", "three", "four"].map(str::to_owned).to_vec(),
            function: None,
            reply: String::new(),
        };
        for family in &self.families {
            let seed = family.seed(&mut Draw::new(0, family.name));
            let problem = seed.problem.as_ref();
            let answer = problem.map_or(Scene::of_shot(&written), |_| Scene::of(&seed, problem));
            let question = Scene::of(&seed, None);
            let question = problem.is_none().then_some((Stage::Question, question));
            for (stage, scene) in question.into_iter().chain([(Stage::Answer, answer)]) {
                self.fill(stage, &scene)
                    .map_err(|error| (stage.to_string(), format!("fails: {}", error.message)))?;
            }
        }
        Ok(())
    }

    fn check_stage<Format>(
        &self,
        stage: Stage,
        spec: &StageSpec<Format>,
        vars: &[String],
    ) -> Result<(), (String, String)> {
        let fault = |field: String, message: String| Err((format!("{stage}.{field}"), message));
        let templates = Templates::new();
        for (field, template) in
            [("system", spec.system.as_deref().unwrap_or("-")), ("user", &spec.user)]
        {
            if template.trim().is_empty() {
                return fault(field.into(), "is empty; write the template or leave it out".into());
            }
            if let Err(message) = templates.check(template, stage, vars) {
                return fault(field.into(), message);
            }
        }
        if let Some((field, message)) = spec.sampling.fault() {
            return fault(format!("sampling.{field}"), message);
        }
        if spec.min_chars == 0 {
            return fault("min_chars".into(), "is 0; give 1 or more".into());
        }
        for (at, shot) in spec.shots.iter().enumerate() {
            let none = Map::<String, Value>::new();
            let good = match stage {
                Stage::Question => shot.statement.is_none() && shot.options.is_empty(),
                Stage::Answer => shot.statement.is_some() && shot.vars == none,
            };
            if !good {
                let wanted = if stage == Stage::Question { "vars" } else { "statement" };
                return fault(
                    format!("shot[{at}]"),
                    format!("is filled by `{wanted}` at this stage"),
                );
            }
            self.check_shot(stage, shot)
                .or_else(|message| fault(format!("shot[{at}]"), message))?;
        }
        Ok(())
    }

    fn check_shot(&self, stage: Stage, shot: &Shot) -> Result<(), String> {
        self.fill(stage, &Scene::of_shot(shot)).map_err(|error| error.message)?;
        self.parse(stage, &example::reply(&shot.reply, true))
            .map(|_| ())
            .map_err(|failure| format!("has a reply that the recipe would refuse: {failure}"))
    }
}
