//! One work item from its seed to a sample, up to the check for duplicates.

use futures::future::try_join_all;
use lehr_generator::recipe::{Parsed, Recipe, Stage, problem_text};
use lehr_hygiene::quality::{parse_score, rubric_prompt};
use lehr_hygiene::{HygieneError, Mode, Subject};
use lehr_record::{
    Attempt, Digest, Expected, Message, Outcome, Overlap, Problem, Reply, RequestId, RequestSpec,
    Role, Sample, SampleId, Sampling, Settled, Verdict,
};
use lehr_store::PendingItem;

use crate::ask::call_seed;
use crate::judge::{judge, settle_votes};
use crate::{PipelineError, Workshop};

/// The reason of an item that failed because the model gave no reply.
pub(crate) const MODEL: &str = "model";

/// The reason of an item that failed because the verifier did.
pub(crate) const VERIFIER: &str = "verifier";

/// The stage at which a solution is scored, and the reason of an item that was scored too low.
const QUALITY: &str = "quality";

/// How a score is drawn: the likeliest reply, for it is no matter of luck.
const SCORING: Sampling =
    Sampling { temperature: 0.0, top_p: 1.0, top_k: 1, max_tokens: 400, seed: 0 };

/// Works on one item until it is accepted, or turned away, or fails.
///
/// # Errors
/// What keeps the whole request from going on.
pub(crate) async fn work(
    workshop: &Workshop,
    request: &RequestId,
    spec: &RequestSpec,
    item: &PendingItem,
) -> Result<Sample, PipelineError> {
    let job = &spec.jobs[item.job as usize];
    let recipe = workshop.recipes().get(&job.recipe).map_err(|error| PipelineError::Recipe {
        recipe: job.recipe.clone(),
        reason: error.to_string(),
    })?;
    let mut bench = Bench {
        workshop,
        recipe,
        request_seed: spec.seed,
        tries: job.attempts.unwrap_or(recipe.attempts).max(1),
        sample: Sample {
            id: SampleId::of_item(request, item.item),
            request: request.clone(),
            item: item.item,
            domain: recipe.domain,
            kind: recipe.kind.clone(),
            recipe: recipe.name.clone(),
            recipe_digest: recipe.digest().clone(),
            model: workshop.backend().identity().to_owned(),
            seed_digest: item.seed.digest(),
            seed: item.seed.clone(),
            problem: item.seed.problem.clone(),
            messages: Vec::new(),
            attempts: Vec::new(),
            verdict: Verdict::new(Outcome::Error, "not judged"),
            pass_rate: None,
            contamination: None,
            settled: Settled::Failed(VERIFIER.into()),
        },
    };
    let (verdict, settled) = bench.run().await?;
    Ok(Sample { verdict, settled, ..bench.sample })
}

/// An item on the bench: what is known of it so far.
struct Bench<'a> {
    workshop: &'a Workshop,
    recipe: &'a Recipe,
    request_seed: u64,
    tries: u32,
    sample: Sample,
}

/// The verdict that settles an item and how it ends.
type End = (Verdict, Settled);

impl Bench<'_> {
    async fn run(&mut self) -> Result<End, PipelineError> {
        let problem = match self.sample.problem.clone() {
            Some(problem) => problem,
            None => match self.write_question().await? {
                Ok(problem) => problem,
                Err(end) => return Ok(end),
            },
        };
        self.sample.problem = Some(problem.clone());
        // Before any answer is paid for.
        let unjudged = Verdict::new(Outcome::Unsupported, "no answer was asked for");
        if let Err(end) = self.check_benchmarks(&problem, "", unjudged).await? {
            return Ok(end);
        }
        let (verdict, reply) = match problem.expected {
            Expected::Votes { answers, agree } => self.vote(&problem, answers, agree).await?,
            _ => self.answer(&problem).await?,
        };
        let Some(reply) = reply else {
            let settled = match verdict.verdict {
                Outcome::Error if verdict.evidence.contains_key("model_error") => {
                    Settled::Failed(MODEL.into())
                }
                Outcome::Error => Settled::Failed(VERIFIER.into()),
                outcome => Settled::Rejected(outcome.as_str().into()),
            };
            return Ok((verdict, settled));
        };
        let verdict = match self.check_benchmarks(&problem, &reply, verdict).await? {
            Ok(verdict) => verdict,
            Err(end) => return Ok(end),
        };
        Ok(match self.check_quality(&problem, &reply, verdict).await? {
            Ok(verdict) => {
                self.sample.messages = self.recipe.training_messages(&problem, &reply);
                (verdict, Settled::Accepted)
            }
            Err(end) => end,
        })
    }

    /// Has the model write the problem, a few times if need be.
    async fn write_question(&mut self) -> Result<Result<Problem, End>, PipelineError> {
        let mut last = Verdict::new(Outcome::Unparseable, "no question was written");
        for attempt in 0..self.tries {
            let (mut tried, reply) = match self.call(Stage::Question, None, attempt).await? {
                Ok(tried) => tried,
                Err(failed) => return Ok(Err((failed, Settled::Failed(MODEL.into())))),
            };
            let parsed = self.recipe.parse(Stage::Question, &reply);
            tried.verdict = match &parsed {
                Ok(_) => Verdict::new(Outcome::Correct, "a question with its options was read"),
                Err(failure) => Verdict::new(Outcome::Unparseable, failure.to_string()),
            };
            last = tried.verdict.clone();
            self.sample.attempts.push(tried);
            if let Ok(Parsed::Problem(problem)) = parsed {
                return Ok(Ok(problem));
            }
        }
        let settled = Settled::Rejected(last.verdict.as_str().into());
        Ok(Err((last, settled)))
    }

    /// Tries until an answer is correct, or the model or the verifier fails. Gives the last verdict,
    /// and the reply if it is correct.
    async fn answer(
        &mut self,
        problem: &Problem,
    ) -> Result<(Verdict, Option<String>), PipelineError> {
        let mut verdict = Verdict::new(Outcome::Error, "no answer was asked for");
        for attempt in 0..self.tries {
            let (mut tried, reply) = match self.call(Stage::Answer, Some(problem), attempt).await? {
                Ok(tried) => tried,
                Err(failed) => {
                    verdict = failed;
                    break;
                }
            };
            tried.verdict = self.judge(problem, &reply).await;
            verdict = tried.verdict.clone();
            self.sample.attempts.push(tried);
            match verdict.verdict {
                Outcome::Correct => {
                    self.rate();
                    return Ok((verdict, Some(reply.text)));
                }
                // What keeps one answer from being judged keeps the next one too.
                Outcome::Error => break,
                _ => {}
            }
        }
        self.rate();
        Ok((verdict, None))
    }

    /// Asks for several answers at once and goes by their majority.
    async fn vote(
        &mut self,
        problem: &Problem,
        answers: u32,
        agree: u32,
    ) -> Result<(Verdict, Option<String>), PipelineError> {
        let this = &*self;
        let calls = (0..answers).map(|attempt| async move {
            match this.call(Stage::Answer, Some(problem), attempt).await? {
                Ok((mut tried, reply)) => {
                    tried.verdict = this.judge(problem, &reply).await;
                    Ok::<_, PipelineError>(Ok((tried, reply)))
                }
                Err(failed) => Ok(Err(failed)),
            }
        });
        let (mut replies, mut failure) = (Vec::new(), None);
        for answered in try_join_all(calls).await? {
            match answered {
                Ok((tried, reply)) => {
                    if tried.verdict.verdict == Outcome::Error {
                        failure = Some(tried.verdict.clone());
                    }
                    self.sample.attempts.push(tried);
                    replies.push(reply.text);
                }
                Err(failed) => failure = Some(failed),
            }
        }
        // A vote with a voice missing is no vote.
        if let Some(failed) = failure {
            return Ok((failed, None));
        }
        let first = self.sample.attempts.len() - replies.len();
        let votes = &mut self.sample.attempts[first..];
        let mut verdicts: Vec<Verdict> = votes.iter().map(|vote| vote.verdict.clone()).collect();
        let (winner, verdict) = settle_votes(agree, &mut verdicts);
        for (vote, verdict) in votes.iter_mut().zip(verdicts) {
            vote.verdict = verdict;
        }
        self.rate();
        Ok((verdict, winner.map(|at| replies.swap_remove(at))))
    }

    /// One call of the model. The inner error is the verdict when the model gave no reply.
    async fn call(
        &self,
        stage: Stage,
        problem: Option<&Problem>,
        attempt: u32,
    ) -> Result<Result<(Attempt, Reply), Verdict>, PipelineError> {
        let messages =
            self.recipe.messages(stage, &self.sample.seed, problem).map_err(|error| {
                PipelineError::Recipe {
                    recipe: self.recipe.name.clone(),
                    reason: error.to_string(),
                }
            })?;
        let seed = call_seed(self.request_seed, &self.sample.seed_digest, stage.as_str(), attempt);
        let sampling = self.recipe.sampling(stage, seed);
        self.ask(stage.as_str(), messages, sampling).await
    }

    /// As [`Bench::call`], with the messages as they are.
    async fn ask(
        &self,
        stage: &str,
        messages: Vec<Message>,
        sampling: Sampling,
    ) -> Result<Result<(Attempt, Reply), Verdict>, PipelineError> {
        Ok(match self.workshop.calls().ask(messages, sampling).await? {
            Ok(answered) => {
                let attempt = Attempt {
                    stage: stage.to_owned(),
                    call: answered.key,
                    sampling,
                    reply: answered.reply.text.clone(),
                    finished: answered.reply.finished,
                    tokens: (answered.reply.prompt_tokens, answered.reply.completion_tokens),
                    verdict: Verdict::new(Outcome::Error, "not judged"),
                };
                Ok((attempt, answered.reply))
            }
            Err(error) => Err(Verdict::new(Outcome::Error, error.to_string())
                .with("model_error", error.to_string())),
        })
    }

    /// Judges a reply: first whether it has the form that the recipe asks for, then whether it is
    /// right.
    async fn judge(&self, problem: &Problem, reply: &Reply) -> Verdict {
        if let Err(failure) = self.recipe.parse(Stage::Answer, reply) {
            return Verdict::new(Outcome::Unparseable, failure.to_string());
        }
        judge(self.workshop, problem, &reply.text).await
    }

    /// Keeps the share of judged answers that were correct.
    fn rate(&mut self) {
        let answers = self.sample.attempts.iter().filter(|tried| tried.stage == "answer");
        let judged: Vec<bool> = answers
            .filter(|tried| tried.verdict.verdict != Outcome::Error)
            .map(|tried| tried.verdict.is_correct())
            .collect();
        let correct = judged.iter().filter(|correct| **correct).count();
        self.sample.pass_rate = (!judged.is_empty()).then(|| correct as f64 / judged.len() as f64);
    }

    /// Has the model score the solution where a score is asked for. The inner result is the verdict
    /// with the score, or how the item ends when it is too low or none was given.
    async fn check_quality(
        &mut self,
        problem: &Problem,
        reply: &str,
        verdict: Verdict,
    ) -> Result<Result<Verdict, End>, PipelineError> {
        let Some(minimum) = self.workshop.quality().minimum else { return Ok(Ok(verdict)) };
        let text = format!("{}\n\n{reply}", problem_text(problem));
        let messages = vec![Message::new(Role::User, rubric_prompt(&text))];
        let (mut tried, reply) = match self.ask(QUALITY, messages, SCORING).await? {
            Ok(tried) => tried,
            Err(failed) => return Ok(Err((failed, Settled::Failed(MODEL.into())))),
        };
        let rubric = Digest::of_bytes(rubric_prompt("").as_bytes());
        let verdict = verdict.with("quality_rubric", rubric.as_str());
        let score = if reply.finished {
            parse_score(&reply.text).map_err(|error| error.to_string())
        } else {
            Err("the reply of the judge of quality was cut off".into())
        };
        tried.verdict = match &score {
            Ok(score) => Verdict::new(Outcome::Correct, format!("a score of {score} was read")),
            Err(reason) => Verdict::new(Outcome::Unparseable, reason.clone()),
        };
        self.sample.attempts.push(tried);
        Ok(match score {
            Ok(score) if score >= minimum => Ok(verdict.with("quality", score)),
            Ok(score) => {
                let reason = format!(
                    "{}; scored {score} by the judge of quality, and {minimum} is asked for",
                    verdict.reason
                );
                let verdict = Verdict { reason, ..verdict }.with("quality", score);
                Err((verdict, Settled::Rejected(QUALITY.into())))
            }
            Err(reason) => {
                let reason = format!("{}; {reason}", verdict.reason);
                Err((Verdict { reason, ..verdict }, Settled::Failed("judge".into())))
            }
        })
    }

    /// Checks problem and reply against the benchmarks. The inner result is the verdict that was
    /// there before, with the finding where findings are only reported, or how the item ends when
    /// it may not be trained on.
    async fn check_benchmarks(
        &mut self,
        problem: &Problem,
        reply: &str,
        verdict: Verdict,
    ) -> Result<Result<Verdict, End>, PipelineError> {
        let text = format!("{}\n{}\n{reply}", problem.statement, problem.options.join("\n"));
        let (template, answer) = (self.recipe.wording(), known_answer(problem));
        let registry = self.workshop.registry().clone();
        let check = move || {
            let answer = answer.as_deref();
            let (text, template) = (text.as_str(), template.as_str());
            registry.check(Subject { text, template, answer, ..Subject::default() })
        };
        let checked = self.workshop.on_core(check).await;
        let found = match checked.map_err(|died| PipelineError::Worker(died.to_string()))? {
            // Not known to be clean. The other items are none the worse for it.
            Err(error @ HygieneError::TextTooLong { .. }) => {
                let verdict = Verdict::new(Outcome::OverBudget, error.to_string());
                return Ok(Err((verdict, Settled::Failed("too_long".into()))));
            }
            found => found?,
        };
        let nearest = found.overlaps.first().filter(|_| found.contaminated).cloned();
        self.sample.contamination = Some(found);
        let Some(nearest) = nearest else { return Ok(Ok(verdict)) };
        let verdict = contaminated(verdict, &nearest);
        Ok(match self.workshop.mode() {
            Mode::Report => Ok(verdict),
            Mode::Drop => Err((verdict, Settled::Rejected("contaminated".into()))),
        })
    }
}

/// The final answer of a problem, where it is known before anybody has answered.
fn known_answer(problem: &Problem) -> Option<String> {
    match &problem.expected {
        Expected::Answer { answer } => Some(answer.clone()),
        Expected::Choice { letter } => {
            let options = ('A'..='Z').zip(&problem.options);
            options.into_iter().find(|(named, _)| named == letter).map(|(_, text)| text.clone())
        }
        Expected::Tests { .. } | Expected::Votes { .. } => None,
    }
}

/// The verdict with the evidence of an overlap, which says nothing of right and wrong.
fn contaminated(verdict: Verdict, nearest: &Overlap) -> Verdict {
    let reason = format!(
        "{}; overlaps with item {} of the benchmark {} by {} (score {:.2}): {}",
        verdict.reason,
        nearest.item,
        nearest.benchmark,
        nearest.kind,
        nearest.score,
        nearest.reason
    );
    Verdict { reason, ..verdict }
        .with("overlap", nearest.kind.as_str())
        .with("benchmark", nearest.benchmark.clone())
        .with("item", nearest.item.clone())
        .with("matching_text", nearest.excerpt.clone())
}
