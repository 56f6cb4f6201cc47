//! What is made of a reply: the verdict of the verifier that fits the problem.

use std::sync::Arc;

use lehr_record::{Expected, Outcome, Problem, Verdict};
use lehr_verifier::policy::{Percent, Policy};
use lehr_verifier::sandbox::Limits;
use lehr_verifier::{Language, answer, code};

use crate::Workshop;

/// Judges one reply by what the problem expects.
pub(crate) async fn judge(workshop: &Workshop, problem: &Problem, reply: &str) -> Verdict {
    let (problem, reply) = (problem.clone(), reply.to_owned());
    let sandbox = workshop.sandbox().map(Arc::clone).map_err(str::to_owned);
    let judged = workshop.on_core(move || match &problem.expected {
        Expected::Answer { answer: gold } => answer::check_math(gold, &reply, &policy()),
        Expected::Choice { letter } => {
            answer::check_choice(&letter.to_string(), &problem.options, &reply)
        }
        Expected::Tests { tests } => {
            let sandbox = match sandbox {
                Ok(sandbox) => sandbox,
                Err(reason) => return Verdict::new(Outcome::Error, reason),
            };
            match code::extract_program(&reply, Language::Python, &tests.function) {
                Ok(program) => {
                    let verdict =
                        code::check_program(&sandbox, &program, tests, &Limits::default());
                    verdict.with("program", program)
                }
                Err(verdict) => verdict,
            }
        }
        Expected::Votes { .. } => read_vote(&problem, &reply),
    });
    // A verifier that panics says nothing about the reply.
    judged
        .await
        .unwrap_or_else(|died| Verdict::new(Outcome::Error, format!("the verifier failed: {died}")))
}

/// One vote: the option that the reply names. It is not judged before all votes are in.
fn read_vote(problem: &Problem, reply: &str) -> Verdict {
    match answer::extract_choice(&problem.options, reply) {
        Ok(letter) => Verdict::new(Outcome::Ambiguous, format!("a vote for {letter}"))
            .with("vote", letter.to_string()),
        Err(verdict) => verdict,
    }
}

/// Settles votes: the letter that at least `agree` of them name, if there is exactly one.
///
/// Gives the place of the first reply that names it, and the verdicts of all replies; without a
/// winner every vote stays ambiguous.
pub(crate) fn settle_votes(agree: u32, votes: &mut [Verdict]) -> (Option<usize>, Verdict) {
    let mut tally = std::collections::BTreeMap::<String, u32>::new();
    let letter =
        |vote: &Verdict| vote.evidence.get("vote").and_then(|v| v.as_str().map(str::to_owned));
    for vote in votes.iter() {
        if let Some(letter) = letter(vote) {
            *tally.entry(letter).or_default() += 1;
        }
    }
    let evidence = serde_json::json!(tally);
    let most = tally.values().copied().max().unwrap_or_default();
    let leaders: Vec<&String> =
        tally.iter().filter(|(_, count)| **count == most).map(|(letter, _)| letter).collect();
    let winner = match leaders.as_slice() {
        [one] if most >= agree.max(1) => (*one).clone(),
        _ => {
            let reason = format!("no option has {agree} of {} votes", votes.len());
            let verdict = Verdict::new(Outcome::Ambiguous, reason).with("votes", evidence);
            return (None, verdict);
        }
    };
    let mut first = None;
    for (at, vote) in votes.iter_mut().enumerate() {
        match letter(vote) {
            Some(named) if named == winner => {
                first = first.or(Some(at));
                vote.verdict = Outcome::Correct;
                vote.reason = format!("agrees with the majority for {winner}");
            }
            Some(_) => {
                vote.verdict = Outcome::Wrong;
                vote.reason = format!("disagrees with the majority for {winner}");
            }
            None => {}
        }
    }
    let reason = format!("{most} of {} votes agree on {winner}", votes.len());
    let verdict =
        Verdict::new(Outcome::Correct, reason).with("votes", evidence).with("letter", winner);
    (first, verdict)
}

/// The rules for known answers of datasets: these leave percent signs out.
fn policy() -> Policy {
    Policy { percent: Percent::Lenient, ..Policy::math() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn votes(letters: &str) -> Vec<Verdict> {
        letters
            .chars()
            .map(|letter| match letter {
                '?' => Verdict::new(Outcome::Unparseable, "no letter"),
                letter => Verdict::new(Outcome::Ambiguous, "").with("vote", letter.to_string()),
            })
            .collect()
    }

    #[test]
    fn majorities() {
        for (letters, agree, first, outcome) in [
            ("AABA", 3, Some(0), Outcome::Correct),
            ("BAAA", 3, Some(1), Outcome::Correct),
            ("AABB", 2, None, Outcome::Ambiguous),
            ("AAB?", 3, None, Outcome::Ambiguous),
            ("????", 1, None, Outcome::Ambiguous),
            ("", 1, None, Outcome::Ambiguous),
            ("A", 0, Some(0), Outcome::Correct),
        ] {
            let mut replies = votes(letters);
            let (winner, verdict) = settle_votes(agree, &mut replies);
            assert_eq!((winner, verdict.verdict), (first, outcome), "{letters} {agree}");
            for (reply, letter) in replies.iter().zip(letters.chars()) {
                let expected = match (first, letter) {
                    (_, '?') => Outcome::Unparseable,
                    (None, _) => Outcome::Ambiguous,
                    (Some(at), letter) if letters.chars().nth(at) == Some(letter) => {
                        Outcome::Correct
                    }
                    _ => Outcome::Wrong,
                };
                assert_eq!(reply.verdict, expected, "{letters}: {letter}");
            }
        }
    }
}
