use std::sync::OnceLock;

use lehr_generator::llm::LlmError;
use lehr_hygiene::Mode;
use lehr_record::{Expected, Problem, RequestState, Seed};
use lehr_store::{PlannedItem, SampleFilter, Store, StoreError};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::testing::{LEAK, create, silent, workshop, workshop_of};
use crate::{QualityRule, Scheduler};

fn samples(workshop: &Workshop, id: &RequestId) -> Vec<Sample> {
    workshop.store().samples(id, &SampleFilter::default(), 500).unwrap()
}

/// A request for sums, with a text before each.
fn sums(statement: &str, count: usize) -> Value {
    let problem = |n: usize| {
        json!({"source": format!("t:{n}"), "statement": format!("{statement}What is {n} + 1?"),
               "expected": {"type": "answer", "answer": (n + 1).to_string()}})
    };
    json!({"jobs": [{"recipe": "math.word", "problems": (0..count).map(problem).collect::<Vec<_>>()}]})
}

/// Answers `What is N + 1?`.
fn add(question: &str) -> String {
    let (_, sum) = question.rsplit_once("What is ").unwrap();
    let n: usize = sum.split(' ').next().unwrap().parse().unwrap();
    format!("{n} + 1 = {sum}\n#### {sum}", sum = n + 1)
}

fn choice(votes: Value) -> Value {
    json!({"jobs": [{"recipe": "science.choice", "problems": [{
        "source": "t:1", "statement": "Which planet is the third from the Sun?",
        "options": ["Mars", "Earth", "Venus"], "expected": votes}]}]})
}

/// What is said for each call of a vote; `!` is a call that fails.
fn vote(letters: &'static str) -> impl Fn(usize, &str) -> Result<String, LlmError> {
    move |number, _| match letters.as_bytes()[number] {
        b'!' => silent(number, ""),
        letter => Ok(format!("It follows Venus and Mercury. The answer is {}.", letter as char)),
    }
}

#[tokio::test]
async fn votes_settle_an_item_and_a_lost_one_loses_no_other() {
    for (letters, settled, attempts, rate) in [
        ("CBB", Settled::Accepted, 3, Some(2.0 / 3.0)),
        ("CBA", Settled::Rejected("ambiguous".into()), 3, Some(0.0)),
        ("B!B", Settled::Failed("model".into()), 2, None),
        ("!BB", Settled::Failed("model".into()), 2, None),
    ] {
        let home = TempDir::new().unwrap();
        let workshop = workshop(home.path(), vote(letters));
        let id = create(&workshop, &choice(json!({"type": "votes", "answers": 3, "agree": 2})));
        run(&workshop, &id, || ()).await.unwrap();
        let sample = samples(&workshop, &id).remove(0);
        assert_eq!(sample.settled, settled, "{letters}: {:?}", sample.verdict);
        assert_eq!((sample.attempts.len(), sample.pass_rate), (attempts, rate), "{letters}");
        if sample.is_accepted() {
            assert_eq!(sample.verdict.evidence["votes"], json!({"B": 2, "C": 1}));
            assert_eq!(sample.messages[1].content, sample.attempts[1].reply);
        }
    }
}

#[tokio::test]
async fn a_question_that_the_model_writes_is_settled_by_votes() {
    let home = TempDir::new().unwrap();
    let workshop = workshop(home.path(), |_, asked| {
        Ok(if asked.contains("Write one quiz question") {
            "Question: How many legs has a spider?\nA) 4\nB) 8\nC) 6\nD) 10".into()
        } else {
            "Spiders are arachnids, with eight legs. The answer is B.".into()
        })
    });
    let id = create(&workshop, &json!({"jobs": [{"recipe": "science.quiz", "count": 2}]}));
    run(&workshop, &id, || ()).await.unwrap();
    let samples = samples(&workshop, &id);
    assert_eq!(samples[0].settled, Settled::Accepted, "{:?}", samples[0].verdict);
    // The second item has the same question and answer.
    assert_eq!(samples[1].settled, Settled::Rejected("duplicate".into()));
}

/// Right or not, what overlaps with a benchmark is turned away; the verdict stays the judge's.
#[tokio::test]
async fn overlaps_are_found_in_the_problem_and_in_the_reply() {
    for (statement, reply, outcome, attempts) in
        [(LEAK, "", Outcome::Unsupported, 0), ("", LEAK, Outcome::Correct, 1)]
    {
        let home = TempDir::new().unwrap();
        let rule = move |_: usize, asked: &str| Ok(format!("{reply}\n{}", add(asked)));
        let workshop = workshop(home.path(), rule);
        let id = create(&workshop, &sums(statement, 1));
        run(&workshop, &id, || ()).await.unwrap();
        let sample = samples(&workshop, &id).remove(0);
        assert_eq!(sample.settled, Settled::Rejected("contaminated".into()));
        assert_eq!(sample.verdict.verdict, outcome);
        assert_eq!(sample.verdict.evidence["benchmark"], "bench");
        assert!(sample.verdict.reason.contains("item leak"), "{}", sample.verdict.reason);
        assert!(sample.contamination.unwrap().contaminated);
        assert_eq!((sample.attempts.len(), sample.messages.len()), (attempts, 0));
    }
}

/// Where findings are only reported, the sample is accepted with its finding.
#[tokio::test]
async fn overlaps_may_be_reported_only() {
    for (statement, reply) in [(LEAK, ""), ("", LEAK)] {
        let home = TempDir::new().unwrap();
        let rule = move |_: usize, asked: &str| Ok(format!("{reply}\n{}", add(asked)));
        let workshop = workshop_of(home.path(), Mode::Report, QualityRule::default(), rule);
        let id = create(&workshop, &sums(statement, 1));
        run(&workshop, &id, || ()).await.unwrap();
        let sample = samples(&workshop, &id).remove(0);
        assert!(sample.is_accepted(), "{:?}", sample.verdict);
        assert_eq!(sample.verdict.evidence["benchmark"], "bench");
        assert!(sample.verdict.is_correct());
        let found = sample.contamination.unwrap();
        let view = workshop.registry().view().unwrap();
        assert!(found.contaminated);
        assert_eq!((&found.index_version, &found.rules), (view.version(), view.rules()));
    }
}

/// Right is not enough where a score is asked for; a judge that gives none is not taken for one.
#[tokio::test]
async fn the_judge_of_quality_has_the_last_word() {
    for (said, settled) in [
        (Some("Clear.\nScore: 4"), Settled::Accepted),
        (Some("Fine.\nScore: 3"), Settled::Accepted),
        (Some("No reasons.\nScore: 2"), Settled::Rejected("quality".into())),
        (Some("Very good!"), Settled::Failed("judge".into())),
        (None, Settled::Failed("model".into())),
    ] {
        let home = TempDir::new().unwrap();
        let rule = move |number: usize, asked: &str| match said {
            _ if !asked.contains("Score: N") => Ok(add(asked)),
            Some(said) => Ok(said.to_owned()),
            None => silent(number, asked),
        };
        let quality = QualityRule { minimum: Some(3) };
        let workshop = workshop_of(home.path(), Mode::Drop, quality, rule);
        let id = create(&workshop, &sums("", 1));
        run(&workshop, &id, || ()).await.unwrap();
        let sample = samples(&workshop, &id).remove(0);
        assert_eq!(sample.settled, settled, "{said:?}: {:?}", sample.verdict);
        assert_eq!(sample.messages.is_empty(), !sample.is_accepted(), "{said:?}");
        assert_eq!(sample.pass_rate, Some(1.0), "{said:?}");
        let stages: Vec<_> = sample.attempts.iter().map(|tried| tried.stage.as_str()).collect();
        assert_eq!(stages, ["answer", "quality"][..1 + usize::from(said.is_some())], "{said:?}");
        if let Some(score) = said.and_then(|said| said.split_once("Score: ")) {
            assert_eq!(sample.verdict.evidence["quality"], json!(score.1.parse::<u8>().unwrap()));
        }
    }
}

#[tokio::test]
async fn what_is_broken_ends_the_request() {
    let program = "Here it is:\n```python\ndef f(x):\n    return x\n```\nThat is all.";
    let programs = json!({"jobs": [{"recipe": "code.function", "count": 40}]});
    for (expected, spec) in [("model", sums("", 40)), ("verifier", programs)] {
        let home = TempDir::new().unwrap();
        let workshop = workshop(home.path(), move |number, asked| match expected {
            "model" => silent(number, asked),
            _ => Ok(program.to_owned()),
        });
        let id = create(&workshop, &spec);
        let error = run(&workshop, &id, || ()).await.unwrap_err();
        let PipelineError::Broken { part, items, .. } = &error else { panic!("{error}") };
        assert_eq!((part.as_str(), *items), (expected, FAILURES), "{error}");
        let funnel = &workshop.store().funnels(&id).unwrap()[0];
        assert_eq!((funnel.failed[expected], funnel.pending), (16, 24));
        // One error is enough: the second try of an item would fail like the first.
        assert!(samples(&workshop, &id).iter().all(|sample| sample.attempts.len() <= 1));
    }
}

#[tokio::test]
async fn failures_between_successes_do_not_end_it() {
    let home = TempDir::new().unwrap();
    let workshop = workshop(home.path(), |number, asked| {
        let answer = add(asked);
        if answer.starts_with("15 ") || answer.starts_with("31 ") {
            return Ok(answer);
        }
        silent(number, asked)
    });
    let id = create(&workshop, &sums("", 47));
    run(&workshop, &id, || ()).await.unwrap();
    let funnel = &workshop.store().funnels(&id).unwrap()[0];
    assert_eq!((funnel.accepted, funnel.failed["model"], funnel.pending), (2, 45, 0));
}

/// No client can send such a text, and no model; it must not take the others along all the same.
#[tokio::test]
async fn a_text_too_long_to_check_fails_alone() {
    let home = TempDir::new().unwrap();
    let workshop = workshop(home.path(), |_, asked| Ok(add(asked)));
    let id = create(&workshop, &sums("", 2));
    let item = |statement: String| PlannedItem {
        job: 0,
        seed: Seed {
            source: "t".into(),
            vars: serde_json::Map::new(),
            problem: Some(Problem {
                statement,
                options: vec![],
                expected: Expected::Answer { answer: "2".into() },
            }),
        },
    };
    let items = [item("x".repeat(5 << 20)), item("What is 1 + 1?".into())];
    workshop.store().plan(&id, 1, &items).unwrap();
    run(&workshop, &id, || ()).await.unwrap();
    let funnel = &workshop.store().funnels(&id).unwrap()[0];
    assert_eq!((funnel.failed["too_long"], funnel.accepted), (1, 1));
}

/// The client's wish comes while an item is worked on: nothing more is settled, and nobody minds.
#[tokio::test]
async fn a_request_that_is_cancelled_meanwhile_ends_quietly() {
    let home = TempDir::new().unwrap();
    let journal = Arc::new(OnceLock::<Arc<Store>>::new());
    let held = Arc::clone(&journal);
    let workshop = workshop(home.path(), move |_, asked| {
        let id = RequestId::parse("req-1").unwrap();
        held.get().unwrap().set_state(&id, &RequestState::Cancelled, 9).unwrap();
        Ok(add(asked))
    });
    assert!(journal.set(Arc::clone(workshop.store())).is_ok());
    let id = create(&workshop, &sums("", 3));
    let error = run(&workshop, &id, || ()).await.unwrap_err();
    assert!(matches!(error, PipelineError::Store(StoreError::Stopped(_))), "{error}");
    assert!(samples(&workshop, &id).is_empty());
    assert_eq!(workshop.store().request(&id).unwrap().state, RequestState::Cancelled);
}

#[tokio::test]
async fn a_panic_fails_its_request_and_no_other() {
    let home = TempDir::new().unwrap();
    let workshop = workshop(home.path(), |_, asked| {
        assert!(!asked.contains("bad luck"), "planned by this test");
        Ok(add(asked))
    });
    let scheduler = Scheduler::start(Arc::clone(&workshop)).unwrap();
    let mut ends = Vec::new();
    for (name, statement) in [("req-1", "bad luck. "), ("req-2", "")] {
        let id = RequestId::parse(name).unwrap();
        let spec = serde_json::from_value(sums(statement, 1)).unwrap();
        let mut changes = scheduler.changes();
        scheduler.submit(&spec, &id, None).unwrap();
        let state = || workshop.store().request(&id).unwrap().state;
        while !state().is_final() {
            changes.changed().await.unwrap();
        }
        ends.push(state());
    }
    assert!(matches!(&ends[0], RequestState::Failed { reason } if reason.contains("panicked")));
    assert_eq!(ends[1], RequestState::Completed);
}
