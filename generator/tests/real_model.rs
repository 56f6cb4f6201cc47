//! The embedded engine with the real default model, fetched the way a user fetches it into the
//! user's own cache, where it stays for the next run.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{sync::Arc, time::Duration};

use futures::future::join_all;
use lehr_generator::{
    llm::{Backend, BackendOptions, LlmError, ModelSpec, open},
    model_store::ModelStore,
};
use lehr_record::{Message, Reply, Role, Sampling};

const GREEDY: Sampling =
    Sampling { temperature: 0.0, top_p: 1.0, top_k: 0, max_tokens: 24, seed: 0 };
const DRAWN: Sampling =
    Sampling { temperature: 0.9, top_p: 0.95, top_k: 40, max_tokens: 24, seed: 11 };

fn user(text: &str) -> Vec<Message> {
    vec![Message::new(Role::User, text)]
}

async fn ask(model: &Arc<dyn Backend>, text: &str, sampling: Sampling) -> Reply {
    model.complete(&user(text), &sampling).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_default_model_answers() {
    let store = ModelStore::open(ModelStore::default_dir().unwrap());
    store.pull(&ModelSpec::default(), false, Arc::new(|_| {})).await.unwrap();
    let options = BackendOptions { timeout: Duration::from_secs(120), ..BackendOptions::default() };
    let model = open(&ModelSpec::default(), &store, &options).await.unwrap();
    assert!(model.identity().starts_with("sha256:"), "{}", model.identity());

    // Greedy. The published chat template with its own system message makes 37 tokens of this.
    let capital = ask(&model, "What is the capital of France?", GREEDY).await;
    assert!(capital.text.contains("Paris"), "{capital:?}");
    assert_eq!(capital.prompt_tokens, 37);
    assert!(capital.completion_tokens <= 24 && capital.seconds > 0.0);
    assert_eq!(capital.finished, capital.completion_tokens < 24);

    // Eight at once, of different lengths, each as it would be alone.
    let texts: Vec<String> =
        (1..=8).map(|n| format!("Tell me about {}.", "very ".repeat(n) + "old trees")).collect();
    let batch = |seed| {
        let calls = texts.iter().map(|text| {
            let model = &model;
            async move { ask(model, text, Sampling { seed, ..DRAWN }).await.text }
        });
        join_all(calls)
    };
    let first = batch(11).await;
    assert_eq!(first, batch(11).await, "the same calls give the same replies");
    assert_eq!(first[3], ask(&model, &texts[3], DRAWN).await.text, "alone as among others");
    assert_ne!(first, batch(12).await, "another seed gives other replies");

    // A call that is given up does not hold up or spoil the others.
    let long = Sampling { max_tokens: 4000, ..DRAWN };
    let prompt = user("Count to ten thousand, one number a line.");
    let given_up = tokio::time::timeout(Duration::from_secs(1), model.complete(&prompt, &long));
    let (given_up, beside) = tokio::join!(given_up, ask(&model, &texts[3], DRAWN));
    assert!(given_up.is_err());
    assert_eq!(beside.text, first[3]);

    // A conversation that does not fit is refused, and the engine lives on.
    let error = model.complete(&user(&"word ".repeat(9000)), &GREEDY).await.unwrap_err();
    assert!(matches!(error, LlmError::TooLong { context: 8192, .. }), "{error}");
    let again = ask(&model, "What is the capital of France?", GREEDY).await;
    assert_eq!(again.text, capital.text);
}
