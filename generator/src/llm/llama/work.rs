//! The thread that computes: it takes calls in, computes a step for all of them, draws, answers.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, TryRecvError},
    },
};

use lehr_record::Sampling;
use rayon::prelude::*;
use tokio::sync::oneshot;

use super::{attention::Cache, forward::Row, vocabulary::Vocabulary, weights::Weights};
use crate::llm::draw::{Noise, draw};

/// The most tokens of prompts that are computed in one step: a long prompt must not keep those
/// waiting that already have theirs.
const PROMPT_ROWS: usize = 128;

/// A call, rendered.
pub(super) struct Job {
    /// Not empty, and shorter than the context.
    pub prompt: Vec<u32>,
    pub sampling: Sampling,
    /// The most tokens of the reply; with the prompt, no more than the context.
    pub room: usize,
    pub given_up: Arc<AtomicBool>,
    pub answer: oneshot::Sender<Result<Reached, String>>,
}

/// How a reply ended.
pub(super) struct Reached {
    /// Its tokens, without the one that ended it.
    pub tokens: Vec<u32>,
    /// Whether the model ended it.
    pub finished: bool,
}

/// A call that is computed.
pub(super) struct Sequence {
    job: Job,
    noise: Noise,
    cache: Cache,
    /// The prompt and the reply so far.
    tokens: Vec<u32>,
    /// How many of the tokens are in the cache.
    pub computed: usize,
}

impl Job {
    /// The most tokens that the call may come to keep in memory.
    fn tokens(&self) -> usize {
        self.prompt.len() + self.room
    }
}

/// What may be computed at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Calls.
    pub calls: usize,
    /// Tokens of all calls together, at their longest. A call that is longer by itself is computed
    /// alone.
    pub tokens: usize,
}

/// Works until the senders of `jobs` are gone.
pub(super) fn work(
    weights: &Weights,
    vocabulary: &Vocabulary,
    bounds: Bounds,
    jobs: &Receiver<Job>,
) {
    let mut waiting: VecDeque<Job> = VecDeque::new();
    let mut sequences: Vec<Sequence> = Vec::new();
    loop {
        loop {
            let idle = sequences.is_empty() && waiting.is_empty();
            let next = if idle {
                jobs.recv().map_err(|_| TryRecvError::Disconnected)
            } else {
                jobs.try_recv()
            };
            match next {
                Ok(job) => waiting.push_back(job),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) if idle => return,
                Err(TryRecvError::Disconnected) => break,
            }
        }
        let kept = |given_up: &AtomicBool| !given_up.load(Ordering::Relaxed);
        waiting.retain(|job| kept(&job.given_up));
        sequences.retain(|sequence| kept(&sequence.job.given_up));
        let mut tokens: usize = sequences.iter().map(|sequence| sequence.job.tokens()).sum();
        while let Some(first) = waiting.front()
            && (sequences.is_empty()
                || sequences.len() < bounds.calls && tokens + first.tokens() <= bounds.tokens)
            && let Some(job) = waiting.pop_front()
        {
            tokens += job.tokens();
            sequences.push(begin(job, weights));
        }
        step(weights, vocabulary, &mut sequences);
    }
}

/// Starts a call: nothing of it is computed yet.
pub(super) fn begin(job: Job, weights: &Weights) -> Sequence {
    let noise = Noise::new(job.sampling.seed, &job.prompt);
    let cache = Cache::new(weights.layers.len(), weights.heads);
    Sequence { noise, cache, tokens: job.prompt.clone(), computed: 0, job }
}

/// Lets a sequence of which nothing is computed begin with what another one's memory holds of the
/// same tokens. The calls of one template share the greater part of their prompts.
///
/// This is done when its turn comes and not when it arrives: of calls that arrive together, all but
/// the first then find the first one's prompt computed.
fn share(sequences: &mut [Sequence], index: usize, ready: &[usize], weights: &Weights) {
    let prompt = &sequences[index].tokens;
    let shared = |donor: usize| {
        let pairs = sequences[donor].tokens.iter().zip(prompt);
        let same = pairs.take_while(|(one, other)| one == other).count();
        // The last token of the prompt must be computed: its scores are wanted.
        same.min(ready[donor]).min(prompt.len() - 1)
    };
    let donor = (0..sequences.len()).map(|donor| (shared(donor), donor)).max();
    if let Some((tokens, donor)) = donor.filter(|(tokens, _)| *tokens > 0) {
        let cache = sequences[donor].cache.prefix(tokens, weights.heads.size);
        sequences[index].cache = cache;
        sequences[index].computed = tokens;
    }
}

/// Computes the next token of each sequence, or a part of its prompt, and answers those that end.
pub(super) fn step(weights: &Weights, vocabulary: &Vocabulary, sequences: &mut Vec<Sequence>) {
    let mut rows = Vec::new();
    let mut prompt_rows = PROMPT_ROWS;
    let mut scored = Vec::new();
    // What memories hold before this step.
    let ready: Vec<usize> = sequences.iter().map(|sequence| sequence.computed).collect();
    for index in 0..sequences.len() {
        if ready[index] == 0 && prompt_rows > 0 {
            share(sequences, index, &ready, weights);
        }
        let sequence = &mut sequences[index];
        let missing = sequence.tokens.len() - sequence.computed;
        let taken = if missing > 1 { missing.min(prompt_rows) } else { missing };
        if missing > 1 {
            prompt_rows -= taken;
        }
        for position in sequence.computed..sequence.computed + taken {
            let last = position + 1 == sequence.tokens.len();
            rows.push(Row {
                sequence: index,
                token: sequence.tokens[position],
                position,
                scored: last,
            });
            if last {
                scored.push(index);
            }
        }
        sequence.computed += taken;
    }
    let mut caches: Vec<&mut Cache> = sequences.iter_mut().map(|s| &mut s.cache).collect();
    let scores = weights.step(&rows, &mut caches);

    let drawn: Vec<Option<u32>> = scored
        .par_iter()
        .zip(&scores)
        .map(|(&index, scores)| {
            let sequence = &sequences[index];
            let place = sequence.tokens.len() - sequence.job.prompt.len();
            draw(scores, &sequence.job.sampling, sequence.noise, place)
        })
        .collect();
    // From the back, so that removing one does not move those still to be looked at.
    for (index, drawn) in scored.into_iter().zip(drawn).rev() {
        let sequence = &mut sequences[index];
        let prompt = sequence.job.prompt.len();
        let ended = match drawn {
            None => Some(Err("the model's scores are not numbers; its file is broken".to_owned())),
            Some(token) if vocabulary.ends(token) => {
                Some(Ok(Reached { tokens: sequence.tokens[prompt..].to_vec(), finished: true }))
            }
            Some(token) => {
                sequence.tokens.push(token);
                (sequence.tokens.len() - prompt >= sequence.job.room).then(|| {
                    Ok(Reached { tokens: sequence.tokens[prompt..].to_vec(), finished: false })
                })
            }
        };
        if let Some(reached) = ended {
            let sequence = sequences.remove(index);
            // Nobody listens any more when the call was given up.
            let _ = sequence.job.answer.send(reached);
        }
    }
}
