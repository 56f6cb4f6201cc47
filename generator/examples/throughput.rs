//! Measures how many tokens a second a model gives.
//!
//! `cargo run --example throughput -- [MODEL [CALLS_AT_ONCE,... [TOKENS [SLOTS]]]]`
//!
//! Each line is one measurement with that many calls at once, of which at most SLOTS are computed
//! at a time. "same" asks with prompts of one length; "mixed" with prompts of different lengths, as
//! real work has them.

use std::{sync::Arc, time::Instant};

use anyhow::Context;
use lehr_generator::{
    llm::{Backend, BackendOptions, open},
    model_store::ModelStore,
};
use lehr_record::{Message, Role, Sampling};

const DETAILS: &str = "Explain every step, name the rule that you use, check the result by another \
    method, and then say in which everyday situation one could need it, who found it first, what \
    people get wrong about it, how to teach it to a child, and what comes next to learn.";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let model = args.next().unwrap_or_else(|| "default".to_owned());
    let counts = args.next().unwrap_or_else(|| "1,8,32,64".to_owned());
    let tokens: u32 = args.next().map_or(Ok(128), |text| text.parse()).context("TOKENS")?;
    let slots = args.next().map(|text| text.parse()).transpose().context("SLOTS")?;

    let spec = model.parse()?;
    let store = ModelStore::open(ModelStore::default_dir()?);
    let start = Instant::now();
    let options = BackendOptions { parallel: slots, ..BackendOptions::default() };
    let backend = open(&spec, &store, &options).await?;
    println!("{spec} loaded in {:.1} s, {}", start.elapsed().as_secs_f64(), backend.identity());
    for count in counts.split(',') {
        let count: usize = count.parse().context("CALLS_AT_ONCE")?;
        for mixed in [false, true] {
            if count > 1 || !mixed {
                measure(&backend, count, tokens, mixed).await?;
            }
        }
    }
    Ok(())
}

async fn measure(
    backend: &Arc<dyn Backend>,
    count: usize,
    tokens: u32,
    mixed: bool,
) -> anyhow::Result<()> {
    let words: Vec<&str> = DETAILS.split(' ').collect();
    let start = Instant::now();
    let calls = (0..count).map(|call| {
        let details =
            if mixed { words[..call * 11 % words.len()].join(" ") } else { String::new() };
        // The same number of digits, and so of tokens, in each question.
        let question = format!("What is {} plus {}? {details}", 10 + call % 80, 99 - call % 80);
        let messages = [Message::new(Role::User, question)];
        let seed = call as u64;
        let sampling =
            Sampling { temperature: 0.8, top_p: 0.95, top_k: 50, max_tokens: tokens, seed };
        async move { backend.complete(&messages, &sampling).await }
    });
    let replies = futures::future::try_join_all(calls).await?;
    let seconds = start.elapsed().as_secs_f64();
    let sum = |of: fn(&lehr_record::Reply) -> u32| replies.iter().map(|r| u64::from(of(r))).sum();
    let (prompt, completion): (u64, u64) = (sum(|r| r.prompt_tokens), sum(|r| r.completion_tokens));
    let finished = replies.iter().filter(|reply| reply.finished).count();
    println!(
        "{count:4} at once, {}: {:6.1} tokens/s ({prompt} of prompts and {completion} of replies \
         in {seconds:.1} s; {finished} replies ended by themselves)",
        if mixed { "mixed" } else { "same " },
        completion as f64 / seconds,
    );
    Ok(())
}
