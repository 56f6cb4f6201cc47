//! Calls to the whole engine.

use lehr_record::Role;

use super::*;
use crate::{
    llm::{
        Mistral,
        llama::work::{begin, step},
    },
    model_store::{self, ModelFiles},
};

async fn model(slots: usize, memory: usize) -> Llama {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("m.gguf");
    save(&tensors(), &[], &path);
    let options = LlamaOptions { slots, memory, ..LlamaOptions::default() };
    Llama::load(&path, "sha256:test", options).await.unwrap().unwrap()
}

fn call(text: &str, seed: u64) -> (Vec<Message>, Sampling) {
    let sampling = Sampling { temperature: 1.5, top_p: 1.0, top_k: 0, max_tokens: 16, seed };
    (vec![Message::new(Role::User, text)], sampling)
}

#[tokio::test]
async fn a_call_has_the_same_reply_in_any_company() {
    let calls: Vec<_> = (0..12).map(|n| call(&"abc def"[..1 + n % 7], n as u64 / 2)).collect();
    assert_eq!(model(1, 0).await.identity(), "sha256:test+llama.2");
    let mut texts = Vec::new();
    // Memory for five calls, for one, and for none, which are computed all the same.
    for (slots, memory) in [(5, 1 << 20), (5, 20_000), (1, 0)] {
        let model = model(slots, memory).await;
        let replies = calls.iter().map(|(messages, sampling)| model.complete(messages, sampling));
        let replies = futures::future::try_join_all(replies).await.unwrap();
        texts.push(replies.iter().map(|reply| reply.text.clone()).collect::<Vec<_>>());
        for ((messages, _), reply) in calls.iter().zip(replies) {
            assert_eq!(reply.finished, reply.completion_tokens < 16);
            // "<|im_start|>user\n", the text, "<|im_end|>\n<|im_start|>", a token a character.
            assert_eq!(reply.prompt_tokens as usize, 9 + messages[0].content.len());
        }
    }
    assert_eq!(texts[0], texts[1]);
    assert_eq!(texts[0], texts[2]);
}

#[test]
fn calls_that_arrive_together_compute_what_they_share_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("m.gguf");
    save(&tensors(), &[], &path);
    let (vocabulary, weights) = read(&path).unwrap();
    let job = |last| Job {
        prompt: [&sequence(0, 59)[..], &[last]].concat(),
        sampling: call("", 0).1,
        room: 4,
        given_up: Arc::default(),
        answer: oneshot::channel().0,
    };
    let mut sequences: Vec<_> = (10..18).map(|last| begin(job(last), &weights)).collect();
    // The first step has rows for two of the eight prompts, the second for the ends of all others.
    for _ in 0..2 {
        step(&weights, &vocabulary, &mut sequences);
    }
    assert!(sequences.iter().all(|sequence| sequence.computed >= 60));
}

#[tokio::test]
async fn calls_that_do_not_fit_or_are_given_up_do_no_harm() {
    let model = model(1, 1 << 20).await;
    let (messages, sampling) = call(&"x".repeat(60), 0);
    let error = model.complete(&messages, &sampling).await.unwrap_err();
    assert!(matches!(error, LlmError::TooLong { prompt: 69, context: 64 }), "{error}");
    // A reply ends where the context does.
    let (messages, mut sampling) = call(&"x".repeat(50), 0);
    sampling.max_tokens = 1000;
    let reply = model.complete(&messages, &sampling).await.unwrap();
    assert!(reply.completion_tokens <= 5, "{reply:?}");
    for seed in 0..50 {
        let (messages, sampling) = call("y", seed);
        let call = model.complete(&messages, &sampling);
        drop(tokio::time::timeout(Duration::from_micros(seed * 20), call).await);
    }
    let (messages, sampling) = call("z", 0);
    model.complete(&messages, &sampling).await.unwrap();
    // Nobody works on these jobs.
    let (jobs, _receiver) = channel();
    let options = LlamaOptions { timeout: Duration::ZERO, ..model.options };
    let impatient = Llama { options, jobs: Mutex::new(jobs), ..model };
    let error = impatient.complete(&messages, &sampling).await.unwrap_err();
    assert!(matches!(error, LlmError::Timeout { .. }), "{error}");
}

/// The same file on both engines. With weights that are not quantised they differ by rounding only,
/// until the reply comes to a control token that is not the end: mistralrs passes over it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mistralrs_gives_the_same_replies() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("m.gguf");
    save(&tensors(), &[], &path);
    let ours = Llama::load(&path, "sha256:test", LlamaOptions::default()).await.unwrap().unwrap();
    let files =
        ModelFiles { identity: "sha256:test".into(), weights: model_store::Weights::Gguf(path) };
    let theirs = Mistral::load(files, Duration::from_secs(60)).await.unwrap();
    for seed in 0..4 {
        for temperature in [0.0, 1.0] {
            let (messages, sampling) = call("abc", seed);
            let sampling = Sampling { temperature, ..sampling };
            let one = ours.complete(&messages, &sampling).await.unwrap();
            let other = theirs.complete(&messages, &sampling).await.unwrap();
            // mistralrs drops leading white space.
            let (text, same) = (one.text.trim_start(), one.completion_tokens == 16);
            assert!(
                other.text == text || !same && other.text.starts_with(text),
                "{one:?} {other:?}"
            );
            assert_eq!(one.prompt_tokens, other.prompt_tokens);
        }
    }
}
