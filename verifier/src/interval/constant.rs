//! π and the natural logarithm of two, kept per thread.

use std::cell::RefCell;

use num_bigint::BigInt;

use super::Stop;

/// The precisions at which a constant is computed; a lower one is cut from the next of these, so
/// that the digits do not depend on what was asked before.
const STEPS: [u32; 5] = [512, 2048, 8192, 20480, 40960];
/// Bits beyond a step that take up the errors of its series: fewer than `2^20` terms of at most
/// four units each.
const GUARD: u32 = 32;

type Cache = RefCell<[Option<BigInt>; STEPS.len()]>;

thread_local! {
    static PI: Cache = const { RefCell::new([const { None }; STEPS.len()]) };
    static LN_2: Cache = const { RefCell::new([const { None }; STEPS.len()]) };
}

/// `π · 2^scale`, less than two units away.
pub(super) fn pi(scale: i64) -> Result<BigInt, Stop> {
    // Machin: π/4 = 4 arctan(1/5) - arctan(1/239).
    PI.with(|cache| kept(cache, scale, &[(16, 5), (-4, 239)], true))
}

/// `ln 2 · 2^scale`, less than two units away.
pub(super) fn ln_2(scale: i64) -> Result<BigInt, Stop> {
    // ln 2 = 18 artanh(1/26) - 2 artanh(1/4801) + 8 artanh(1/8749).
    LN_2.with(|cache| kept(cache, scale, &[(18, 26), (-2, 4801), (8, 8749)], false))
}

fn kept(
    cache: &Cache,
    scale: i64,
    series: &[(i32, u32)],
    alternating: bool,
) -> Result<BigInt, Stop> {
    let place = STEPS.iter().position(|step| i64::from(*step) >= scale);
    let (Some(place), 0..) = (place, scale) else { return Err(Stop::too_large()) };
    let step = STEPS.get(place).copied().unwrap_or_default();
    let mut cache = cache.borrow_mut();
    let Some(entry) = cache.get_mut(place) else { return Err(Stop::too_large()) };
    let value = entry.get_or_insert_with(|| {
        let sum: BigInt = series
            .iter()
            .map(|(factor, n)| inverse_series(*n, step + GUARD, alternating) * *factor)
            .sum();
        sum >> GUARD
    });
    Ok(&*value >> (i64::from(step) - scale))
}

/// `Σ ±n^-(2k+1) / (2k+1)` at a scale: every term is cut twice, so it is wrong by less than two
/// units, and the terms left out are less than one unit together.
fn inverse_series(n: u32, scale: u32, alternating: bool) -> BigInt {
    let square = n * n;
    let mut power = (BigInt::from(1) << scale) / n;
    let mut sum = BigInt::from(0);
    let mut odd = 1u32;
    while power.bits() > 0 {
        let term = &power / odd;
        if alternating && odd % 4 == 3 {
            sum -= term;
        } else {
            sum += term;
        }
        power /= square;
        odd += 2;
    }
    sum
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn the_digits_are_those_in_the_books() {
        let digits = |n: BigInt, scale: u32| ((n * BigInt::from(10).pow(50)) >> scale).to_string();
        assert_eq!(
            digits(pi(300).unwrap(), 300),
            "314159265358979323846264338327950288419716939937510"
        );
        assert_eq!(
            digits(ln_2(300).unwrap(), 300),
            "69314718055994530941723212145817656807550013436025"
        );
    }

    #[test]
    fn all_steps_agree() {
        for step in STEPS.into_iter().filter(|step| *step < 10_000) {
            let (low, high) = (i64::from(step) - 10, i64::from(step) + 10);
            for constant in [pi, ln_2] {
                let cut: BigInt = constant(high).unwrap() >> 20;
                assert!((constant(low).unwrap() - cut).bits() <= 1);
            }
        }
        assert!(pi(50_000).is_err());
    }
}
