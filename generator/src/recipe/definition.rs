use std::fmt;

use lehr_record::{Digest, Domain, Message, Problem, Reply, Role, Sampling, Seed};
use serde::Deserialize;

use super::{
    AnswerFormat, ParseFailure, Parsed, QuestionFormat, RenderError, Stage, StageSpec, Unfit,
    example::Example,
    problem_text,
    question::choice_question,
    render::{Scene, Templates, wording},
};
use crate::seeds::{Family, SeedError, plan_seeds};

/// How an unknown answer is settled: by the agreement of several answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Votes {
    /// How many answers to ask for, 2 to 32.
    pub answers: u32,
    /// How many of them must agree: more than half.
    pub agree: u32,
}

/// A recipe that was checked: it can be used as it is.
#[derive(Clone)]
pub struct Recipe {
    /// Its name, such as `math.word`.
    pub name: String,
    /// Counts up with every change that matters.
    pub version: u32,
    /// One line for people.
    pub description: String,
    /// The field of knowledge of its samples.
    pub domain: Domain,
    /// The kind of its samples, such as `cot`.
    pub kind: String,
    /// The seed families it draws from when a job names none.
    pub families: Vec<&'static Family>,
    /// How many answers to try for an item when a job says nothing else, 1 to 32.
    pub attempts: u32,
    /// The stage at which the model writes the problem, for seeds that state none.
    pub question: Option<StageSpec<QuestionFormat>>,
    /// The stage at which the model solves the problem.
    pub answer: StageSpec<AnswerFormat>,
    /// How the answers to a problem of the question stage are settled; present just when there is
    /// a question stage.
    pub votes: Option<Votes>,
    pub(super) examples: Vec<Example>,
    pub(super) digest: Digest,
}

impl fmt::Debug for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recipe({} v{}, {})", self.name, self.version, self.digest.short())
    }
}

impl Recipe {
    /// The digest of the whole file.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The stage at which work on a seed begins: the question stage unless the seed states its
    /// problem already.
    pub fn first_stage(&self, seed: &Seed) -> Stage {
        match (&seed.problem, &self.question) {
            (None, Some(_)) => Stage::Question,
            _ => Stage::Answer,
        }
    }

    /// Draws `count` distinct seeds of the named families, or of all families of the recipe.
    ///
    /// # Errors
    /// A family that the recipe does not have, or too few distinct seeds.
    pub fn seeds(
        &self,
        families: Option<&[String]>,
        rng_seed: u64,
        count: usize,
    ) -> Result<Vec<Seed>, SeedError> {
        let Some(names) = families else {
            return plan_seeds(&self.families, rng_seed, count);
        };
        let own = |name: &String| {
            self.families.iter().copied().find(|family| family.name == name).ok_or_else(|| {
                SeedError::Unknown {
                    name: name.clone(),
                    known: self.families.iter().map(|family| family.name.to_owned()).collect(),
                }
            })
        };
        let families: Result<Vec<&Family>, SeedError> = names.iter().map(own).collect();
        plan_seeds(&families?, rng_seed, count)
    }

    /// Checks that the answer stage can take a problem, for problems that a client brings.
    ///
    /// # Errors
    /// The first field that does not fit.
    pub fn accepts(&self, problem: &Problem) -> Result<(), Unfit> {
        self.answer.format.accepts(problem)
    }

    /// How tokens are drawn at a stage, with the seed of one call. A recipe without a question
    /// stage gives the answer stage's settings.
    pub fn sampling(&self, stage: Stage, seed: u64) -> Sampling {
        match (stage, &self.question) {
            (Stage::Question, Some(question)) => question.sampling.with_seed(seed),
            _ => self.answer.sampling.with_seed(seed),
        }
    }

    /// What the model is asked at a stage: the system message, the worked examples, the task.
    ///
    /// # Errors
    /// A template needs a value that the seed or the problem does not have, or there is no such
    /// stage.
    pub fn messages(
        &self,
        stage: Stage,
        seed: &Seed,
        problem: Option<&Problem>,
    ) -> Result<Vec<Message>, RenderError> {
        self.fill(stage, &Scene::of(seed, problem))
    }

    pub(super) fn fill(
        &self,
        stage: Stage,
        scene: &Scene<'_>,
    ) -> Result<Vec<Message>, RenderError> {
        let error = |message: String| RenderError { recipe: self.name.clone(), stage, message };
        let (system, user, shots) = match (stage, &self.question) {
            (Stage::Question, Some(spec)) => (&spec.system, &spec.user, &spec.shots),
            (Stage::Question, None) => return Err(error("the recipe has no such stage".into())),
            (Stage::Answer, _) => (&self.answer.system, &self.answer.user, &self.answer.shots),
        };
        let templates = Templates::new();
        let fill =
            |template: &str, scene: &Scene<'_>| templates.fill(template, scene).map_err(error);
        let mut messages = Vec::new();
        if let Some(system) = system {
            messages.push(Message::new(Role::System, fill(system, scene)?));
        }
        for shot in shots {
            messages.push(Message::new(Role::User, fill(user, &Scene::of_shot(shot))?));
            messages.push(Message::new(Role::Assistant, shot.reply.trim()));
        }
        messages.push(Message::new(Role::User, fill(user, scene)?));
        Ok(messages)
    }

    /// The words that every prompt of the recipe has, whatever the seed and the problem: what a text
    /// shares with them says nothing about where the rest of it comes from.
    pub fn wording(&self) -> String {
        let question = self.question.iter().map(|spec| (&spec.system, &spec.user));
        let templates = question.chain([(&self.answer.system, &self.answer.user)]);
        let words: Vec<String> = templates
            .flat_map(|(system, user)| system.iter().chain([user]))
            .map(|template| wording(template))
            .collect();
        words.join("\n")
    }

    /// The conversation to train on: the problem as it stands, and the reply untouched. Neither
    /// the instructions nor the worked examples of the prompt are part of it.
    pub fn training_messages(&self, problem: &Problem, reply: &str) -> Vec<Message> {
        vec![Message::new(Role::User, problem_text(problem)), Message::new(Role::Assistant, reply)]
    }

    /// Reads a reply: the problem in the question stage; in the answer stage only its form is
    /// checked, the rest is the verifier's.
    ///
    /// # Errors
    /// The reply was cut off, or does not have the form that the recipe asks for.
    pub fn parse(&self, stage: Stage, reply: &Reply) -> Result<Parsed, ParseFailure> {
        match (stage, &self.question, self.votes) {
            (Stage::Question, Some(question), Some(votes)) => {
                question.check_reply(reply)?;
                match question.format {
                    QuestionFormat::ChoiceQuestion => {
                        choice_question(&reply.text, votes).map(Parsed::Problem)
                    }
                }
            }
            (Stage::Question, ..) => Err(ParseFailure::new("the recipe has no question stage")),
            (Stage::Answer, ..) => {
                self.answer.check_reply(reply)?;
                self.answer.format.check_reply(&reply.text)?;
                Ok(Parsed::Answer)
            }
        }
    }
}
