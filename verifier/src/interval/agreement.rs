//! Whether two functions agree at random points.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::One;

use super::Stop;
use super::decision::{Comparison, Outcome};
use super::evaluate::{Bindings, LogBase};
use super::identity::{Domain, How, Identity, POINT_AGREEMENT};
use super::survey::Survey;
use crate::budget::Budget;
use crate::value::Expr;

/// Points of agreement that make two functions the same.
const ENOUGH: u32 = 8;
/// Points of agreement wanted of each kind.
const POSITIVE: u32 = 5;
const SIGNED: u32 = 4;
/// Points more of functions that may bend: beyond all bends and near them.
const BENT: u32 = 6;
/// Exact values of more bits are enclosed instead: a random point has no use for them.
const EXACT_BITS: u64 = 640;
/// Denominators of most points, at which polynomials are exact in binary.
const BINARY: [u64; 3] = [64, 128, 256];
/// Denominators of the others, at which `⌊256 x⌋` and the like are seen.
const ODD: [u64; 6] = [7 * 41, 11 * 37, 13 * 31, 17 * 29, 19 * 23, 541];
/// How large points are: numerators over the denominator lie between these multiples of a sixtieth.
const RANGES: [(u64, u64); 5] = [(60, 300), (8, 56), (240, 720), (1, 8), (900, 3600)];

/// A generator of numbers with its state in one word (SplitMix).
#[derive(Debug)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From `low` to `high`, both included.
    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high.saturating_sub(low) + 1)
    }

    fn pick<T: Copy + Default>(&mut self, list: &[T]) -> T {
        let place = self.next() % list.len().max(1) as u64;
        list.get(place as usize).copied().unwrap_or_default()
    }

    /// A positive fraction of the size of the given range.
    fn fraction(&mut self, denominators: &[u64], (low, high): (u64, u64)) -> BigRational {
        let denominator = self.pick(denominators).max(1);
        let numerator = self.between(low * denominator / 60, high * denominator / 60).max(1);
        BigRational::new(BigInt::from(numerator), BigInt::from(denominator))
    }
}

/// A positive number to stand for the logarithm of an unknown base.
pub(super) fn random_logarithm(seed: u64) -> BigRational {
    Random(seed).fraction(&ODD, (60, 300))
}

/// Whether a variable stands for the constant of integration, whose sign is beside the point.
fn is_added(name: &str) -> bool {
    name == "C"
}

/// Kinds of points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// All variables are positive fractions.
    Positive,
    /// At least one is negative.
    Signed,
    /// All are natural numbers.
    Natural,
}

/// What points of one kind say.
#[derive(Clone, Debug, Default)]
struct Tally {
    agreed: u32,
    differs: bool,
    /// Whether they also differ where neither is real.
    differs_beyond: bool,
    /// Why the last point without a value had none.
    skipped: Option<Stop>,
}

/// Two functions and the points to compare them at.
pub(super) struct Points<'e> {
    comparison: Comparison<'e>,
    variables: &'e [String],
    discrete: bool,
    log_base: Option<LogBase>,
    /// Whether values that are not real are beside the point at negative numbers.
    real: bool,
    /// How far from zero functions with bends are looked at, and near which numbers.
    bends: Option<(BigRational, Vec<BigRational>)>,
    random: Random,
}

impl<'e> Points<'e> {
    pub(super) fn new(
        a: &'e Expr,
        b: &'e Expr,
        variables: &'e [String],
        survey: &Survey,
        log_base: Option<LogBase>,
    ) -> Self {
        let agreement = POINT_AGREEMENT.saturating_add(survey.bits.saturating_mul(4));
        Self {
            comparison: Comparison { a, b, limit: EXACT_BITS, agreement },
            variables,
            discrete: survey.discrete,
            log_base,
            real: survey.real && variables.iter().filter(|name| !is_added(name)).count() == 1,
            bends: survey.bent.then(|| (survey.reach(), survey.turns.clone())),
            random: Random(survey.seed()),
        }
    }

    pub(super) fn identity(&mut self, budget: &mut Budget) -> Result<Identity, Stop> {
        let bent = if self.bends.is_some() { BENT } else { 0 };
        let positive = self.tally(Kind::Positive, POSITIVE + bent, budget)?;
        let mut positive = positive;
        positive.differs |= positive.differs_beyond;
        if positive.differs && !self.discrete {
            return Ok(Identity::Different);
        }
        let natural = match self.discrete {
            true => self.tally(Kind::Natural, ENOUGH, budget)?,
            false => Tally::default(),
        };
        if natural.differs || natural.differs_beyond {
            return Ok(Identity::Different);
        }
        if positive.differs {
            return Ok(match natural.agreed {
                ENOUGH.. => Identity::SomewhereEqual(Domain::Natural),
                _ => Identity::Different,
            });
        }
        let signed = self.tally(Kind::Signed, SIGNED + bent, budget)?;
        let agreed = positive.agreed + natural.agreed;
        // Real at no negative number, neither has a value there.
        let nowhere = self.real && signed.agreed == 0;
        if signed.differs || (signed.differs_beyond && !nowhere) {
            return Ok(match agreed {
                POSITIVE.. => Identity::SomewhereEqual(Domain::Positive),
                _ => Identity::Different,
            });
        }
        let mut count = agreed + signed.agreed;
        if count < ENOUGH && positive.agreed >= POSITIVE {
            // Not defined for negative numbers: the positive ones have to do.
            let more = self.tally(Kind::Positive, ENOUGH, budget)?;
            if more.differs {
                return Ok(Identity::Different);
            }
            count += more.agreed;
        }
        if count >= ENOUGH {
            return Ok(Identity::Equal { how: How::Points { count } });
        }
        let mut skipped = [positive.skipped, natural.skipped, signed.skipped].into_iter().flatten();
        Err(skipped.next().unwrap_or(Stop::Undecided))
    }

    /// Compares at so many points of a kind, and at more when some have no value.
    fn tally(&mut self, kind: Kind, wanted: u32, budget: &mut Budget) -> Result<Tally, Stop> {
        let mut tally = Tally::default();
        // Where hardly any point has a value, the other kinds can make up for it.
        let mut attempts = 2 * wanted + if kind == Kind::Natural { 16 } else { 0 };
        let mut seen: Vec<Bindings> = Vec::new();
        let mut round = 0;
        while tally.agreed < wanted && attempts > 0 {
            attempts -= 1;
            let point = self.point(kind, round);
            round += 1;
            if seen.iter().any(|other| other.same_values(&point)) {
                continue;
            }
            // What differs mostly does so at the first point and at once.
            let first = if tally.agreed == 0 { 64 } else { 320 };
            match self.comparison.at(&point, first, |_| Ok(None), budget) {
                Ok(Outcome::Equal(_)) => tally.agreed += 1,
                Ok(Outcome::Different) => {
                    tally.differs = true;
                    return Ok(tally);
                }
                // `\sqrt{x^3}` and `x \sqrt{x}` are two of the same kind.
                Ok(Outcome::DifferentBeyondReals) => {
                    tally.differs_beyond = true;
                    if kind != Kind::Signed || !self.real {
                        return Ok(tally);
                    }
                }
                Err(Stop::OverBudget(over)) if over.limit != "bits" => return Err(over.into()),
                Err(stop @ Stop::Unsupported(_)) => return Err(stop),
                Err(stop) => tally.skipped = Some(stop),
            }
            seen.push(point);
        }
        Ok(tally)
    }

    /// A positive number beyond all bends, or near one of them.
    fn far(&mut self, round: u32) -> BigRational {
        let turn = self.random.next() as usize;
        let Some((reach, turns)) = &self.bends else { return BigRational::one() };
        match turns.get(turn % turns.len().max(1)) {
            Some(turn) if !round.is_multiple_of(3) => {
                let (turn, near) = (turn.clone(), self.random.fraction(&BINARY, (8, 56)));
                let near = near / BigRational::from_integer(64.into());
                let sign = self.random.next().is_multiple_of(2);
                &turn + &turn * if sign { near } else { -near }
            }
            _ => {
                let reach = reach.clone();
                reach * self.random.fraction(&BINARY, (90, 240))
            }
        }
    }

    fn point(&mut self, kind: Kind, round: u32) -> Bindings {
        let mut bindings = Bindings::new();
        let negative = self.random.next() as usize % self.variables.len().max(1);
        for (place, variable) in self.variables.iter().enumerate() {
            let range = RANGES.get((round as usize + place) % RANGES.len());
            let range = range.copied().unwrap_or((60, 300));
            let value = match kind {
                Kind::Positive | Kind::Signed if round >= POSITIVE && self.bends.is_some() => {
                    self.far(round)
                }
                Kind::Natural => {
                    // Small ones first, where conditions such as k <= n are met at times.
                    let high = if round < 4 { 6 } else { 12 + 2 * u64::from(round) };
                    BigRational::from_integer(self.random.between(1, high).into())
                }
                _ if round % 3 == 2 => self.random.fraction(&ODD, range),
                _ => self.random.fraction(&BINARY, range),
            };
            let flip = match kind {
                Kind::Signed if self.real => !is_added(variable),
                Kind::Signed => place == negative || self.random.next().is_multiple_of(2),
                Kind::Positive | Kind::Natural => false,
            };
            bindings.set(variable.clone(), if flip { -value } else { value });
        }
        bindings.log_base = match &self.log_base {
            Some(base) => base.clone(),
            None => LogBase::WithLogarithm(self.random.fraction(&ODD, (60, 300))),
        };
        bindings
    }
}
