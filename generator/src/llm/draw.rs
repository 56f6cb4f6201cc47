//! Drawing the next token from the logits.
//!
//! With one random stream for all calls, what is drawn for a call depends on the calls beside it.
//! Here each call has its own: the noise of a token depends on the call's seed, its prompt, the
//! place in the reply and the token, and on nothing else. The draw is the
//! Gumbel-max trick (Gumbel 1954; Maddison, Tarlow and Minka 2014): the argmax of
//! `logit / temperature + g`, with `g = -ln(-ln u)` and `u` uniform, has the distribution of the
//! softmax. Noise that belongs to a token, and not to its rank, keeps the draw the same when
//! rounding makes two tokens of nearly equal probability change places.

use lehr_record::Sampling;

/// The noise of one call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noise(u64);

impl Noise {
    /// The noise of the call with this seed and prompt.
    pub(super) fn new(seed: u64, prompt: &[u32]) -> Self {
        Self(prompt.iter().fold(mix(seed), |state, &token| mix(state ^ u64::from(token))))
    }

    /// Gumbel noise for a token at a place in the reply.
    fn gumbel(self, place: usize, token: u32) -> f64 {
        let bits = mix(mix(self.0 ^ place as u64) ^ (u64::from(token) << 32));
        // The middle of one of 2^53 equal parts of the unit interval: never 0 and never 1.
        let u = ((bits >> 11) as f64 + 0.5) * 2f64.powi(-53);
        -(-u.ln()).ln()
    }
}

/// The output function of SplitMix64 (Steele, Lea and Flood 2014), on the next state.
fn mix(state: u64) -> u64 {
    let z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Draws the token at a `place` (from 0) of a reply, or `None` when no logit is a finite number.
///
/// Only the `top_k` likeliest tokens are considered (all, when it is 0), and of these the nucleus:
/// the smallest set of the likeliest whose share of their probability reaches `top_p`. Temperature
/// 0 takes the likeliest; of equals, the one with the lower number.
pub(super) fn draw(logits: &[f32], sampling: &Sampling, noise: Noise, place: usize) -> Option<u32> {
    if sampling.temperature == 0.0 {
        return likeliest(logits, 1).first().map(|candidate| candidate.token);
    }
    let k = if sampling.top_k == 0 { logits.len() } else { sampling.top_k as usize };
    let candidates = likeliest(logits, k);
    let best = candidates.first()?.logit;
    let scaled = |c: &Candidate| f64::from(c.logit - best) / sampling.temperature;
    let total: f64 = candidates.iter().map(|c| scaled(c).exp()).sum();
    let mut reached = 0.0;
    let mut drawn: Option<(f64, u32)> = None;
    for candidate in &candidates {
        let score = scaled(candidate) + noise.gumbel(place, candidate.token);
        if drawn.is_none_or(|(highest, _)| score > highest) {
            drawn = Some((score, candidate.token));
        }
        reached += scaled(candidate).exp();
        if reached >= sampling.top_p * total {
            break;
        }
    }
    drawn.map(|(_, token)| token)
}

/// A token that may come next.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Candidate {
    logit: f32,
    token: u32,
}

impl Candidate {
    /// The likelier first; of equals, the lower number.
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        other.logit.total_cmp(&self.logit).then(self.token.cmp(&other.token))
    }
}

/// The `k` likeliest tokens with finite logits, in order.
///
/// One pass over the vocabulary: candidates are gathered while they beat the k-th best so far, and
/// cut back to `k` whenever twice as many have come together, so that few are ever sorted.
fn likeliest(logits: &[f32], k: usize) -> Vec<Candidate> {
    let k = k.clamp(1, logits.len().max(1));
    let mut kept: Vec<Candidate> = Vec::with_capacity(2 * k);
    let mut floor = f32::NEG_INFINITY;
    for (token, &logit) in (0u32..).zip(logits) {
        // False for NaN and for minus infinity; plus infinity is a broken model.
        if logit > floor && logit < f32::INFINITY {
            kept.push(Candidate { logit, token });
            if kept.len() == 2 * k {
                kept.select_nth_unstable_by(k - 1, Candidate::order);
                kept.truncate(k);
                floor = kept[k - 1].logit;
            }
        }
    }
    kept.sort_unstable_by(Candidate::order);
    kept.truncate(k);
    kept
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sampling(temperature: f64, top_k: u32, top_p: f64, seed: u64) -> Sampling {
        Sampling { temperature, top_p, top_k, max_tokens: 1, seed }
    }

    #[test]
    fn greedy_takes_the_likeliest_and_the_lower_of_equals() {
        for (logits, want) in [
            (vec![0.0, 3.0, 1.0], Some(1)),
            (vec![2.0, 2.0], Some(0)),
            (vec![f32::NAN, -1.0, f32::NEG_INFINITY], Some(1)),
            (vec![f32::NAN, f32::NAN], None),
            (vec![], None),
        ] {
            let noise = Noise::new(0, &[]);
            assert_eq!(draw(&logits, &sampling(0.0, 50, 1.0, 0), noise, 0), want, "{logits:?}");
        }
    }

    #[test]
    fn the_draw_has_the_distribution_of_the_softmax() {
        // Probabilities 0.5, 0.3, 0.2 at temperature 1.
        let logits: Vec<f32> = [0.2f32, 0.5, 0.3].iter().map(|p| p.ln()).collect();
        for (options, want) in [
            (sampling(1.0, 0, 1.0, 9), [0.2, 0.5, 0.3]),
            (sampling(1.0, 2, 1.0, 9), [0.0, 0.625, 0.375]),
            (sampling(1.0, 0, 0.6, 9), [0.0, 0.625, 0.375]),
            (sampling(1.0, 0, 0.5, 9), [0.0, 1.0, 0.0]),
            (sampling(0.5, 0, 1.0, 9), [0.04 / 0.38, 0.25 / 0.38, 0.09 / 0.38]),
        ] {
            let noise = Noise::new(options.seed, &[1, 2]);
            let mut counts = [0u32; 3];
            for place in 0..20_000 {
                counts[draw(&logits, &options, noise, place).unwrap() as usize] += 1;
            }
            for (count, p) in counts.into_iter().zip(want) {
                // Five standard deviations of a binomial share.
                let bound = 5.0 * (p * (1.0 - p) / 20_000f64).sqrt();
                let share = f64::from(count) / 20_000.0;
                assert!((share - p).abs() <= bound, "{options:?}: {counts:?}");
            }
        }
    }

    #[test]
    fn seed_prompt_and_place_each_change_the_noise() {
        let logits = vec![0.0; 1000];
        let at = |seed, prompt: &[u32], place| {
            draw(&logits, &sampling(1.0, 0, 1.0, seed), Noise::new(seed, prompt), place)
        };
        let base = at(1, &[5, 6], 3);
        assert_eq!(base, at(1, &[5, 6], 3));
        for other in [at(2, &[5, 6], 3), at(1, &[6, 5], 3), at(1, &[5, 6], 4)] {
            assert_ne!(base, other);
        }
    }

    proptest! {
        #[test]
        fn the_likeliest_are_those_of_a_full_sort(
            logits in prop::collection::vec(-4i8..4, 1..300),
            k in 1usize..40,
        ) {
            let logits: Vec<f32> = logits.into_iter().map(f32::from).collect();
            let mut all: Vec<Candidate> =
                (0..).zip(&logits).map(|(token, &logit)| Candidate { logit, token }).collect();
            all.sort_by(Candidate::order);
            all.truncate(k);
            prop_assert_eq!(likeliest(&logits, k), all);
        }

        #[test]
        fn small_changes_of_the_logits_rarely_change_the_draw(seed: u64) {
            // Two equal tokens that change places in the order of likelihood.
            let noise = Noise::new(seed, &[]);
            let options = sampling(1.0, 2, 1.0, seed);
            let one = draw(&[1.0, 1.000_000_1, 0.0], &options, noise, 0);
            let two = draw(&[1.000_000_1, 1.0, 0.0], &options, noise, 0);
            prop_assert_eq!(one, two);
        }
    }
}
