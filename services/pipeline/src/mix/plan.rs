//! How much of each dataset goes into a mix, and what to say when there is too little.

use std::fmt;

use lehr_record::OnShortfall;

/// What one dataset offers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Offer {
    /// Its name in the recipe.
    pub name: String,
    /// The share of the mix that it is asked for, above 0 and at most 1.
    pub share: f64,
    /// The tokens of its long documents, once through.
    pub long: u64,
    /// The tokens of all others, once through.
    pub short: u64,
    /// How often its tokens must be there at least.
    pub min_repeat: f64,
    /// How often they may be there at most.
    pub max_repeat: f64,
}

impl Offer {
    fn tokens(&self) -> f64 {
        (self.long + self.short) as f64
    }

    /// The most it can give.
    fn most(&self) -> f64 {
        self.tokens() * self.max_repeat
    }

    /// The least that it must give.
    fn least(&self) -> f64 {
        self.tokens() * self.min_repeat
    }

    /// The least and the most of its long documents among `tokens` tokens of it.
    fn long_within(&self, tokens: f64) -> (f64, f64) {
        let low = (tokens - self.short as f64 * self.max_repeat).max(0.0);
        // Where all of it is used the two are equal, but for what sums of floats differ by.
        (low, tokens.min(self.long as f64 * self.max_repeat).max(low))
    }
}

/// What is wanted of all datasets together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Wish {
    /// The tokens of the mix; as many as there can be when absent.
    pub tokens: Option<u64>,
    /// The share of them that comes from long documents.
    pub long_share: Option<f64>,
    /// What is done when it cannot be.
    pub on_shortfall: OnShortfall,
}

/// The tokens to draw of one dataset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Budget {
    /// All of them.
    pub tokens: u64,
    /// Those of long documents, where the recipe asks for a share of them.
    pub long: Option<u64>,
}

/// What keeps a mix from being what its recipe asks for. Amounts are tokens at 4 bytes each.
#[derive(Clone, Debug, PartialEq)]
pub enum Gap {
    /// A dataset has too little.
    Missing {
        /// The dataset.
        dataset: String,
        /// What its weight or its tokens ask for.
        wanted: u64,
        /// What it has, once through.
        there: u64,
        /// How often that may be repeated.
        max_repeat: f64,
    },
    /// A dataset must give more than its share.
    Beyond {
        /// The dataset.
        dataset: String,
        /// What its weight or its tokens ask for.
        wanted: u64,
        /// What it has, once through.
        there: u64,
        /// How often that must be repeated at least.
        min_repeat: f64,
    },
    /// There is too little of the long documents, or of the others.
    Length {
        /// Whether it is the long ones.
        long: bool,
        /// What the share of the long documents asks for.
        wanted: u64,
        /// What can be had within the datasets' shares, repetitions counted.
        there: u64,
    },
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { dataset, wanted, there, max_repeat } => {
                let most = (*there as f64 * max_repeat) as u64;
                write!(
                    f,
                    "dataset {dataset} should give {wanted} tokens and has {there} to be used up to \
                     {max_repeat} times: {} are missing",
                    wanted.saturating_sub(most)
                )
            }
            Self::Beyond { dataset, wanted, there, min_repeat } => {
                let least = (*there as f64 * min_repeat) as u64;
                write!(
                    f,
                    "dataset {dataset} should give {wanted} tokens and has {there} to be used at \
                     least {min_repeat} times: {} too many",
                    least.saturating_sub(*wanted)
                )
            }
            Self::Length { long, wanted, there } => write!(
                f,
                "the {} documents should give {wanted} tokens and can give {there}: {} are missing",
                if *long { "long" } else { "other" },
                wanted.saturating_sub(*there)
            ),
        }
    }
}

/// What a plan aims at and what it draws.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    /// The size aimed at: each dataset is asked for its share of it.
    pub tokens: u64,
    /// What is drawn, in the order of the offers.
    pub budgets: Vec<Budget>,
}

/// Why there is no plan: every gap, and the size of the largest mix with the proportions asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shortfall {
    pub gaps: Vec<Gap>,
    pub largest: u64,
}

/// Shares out the tokens of a mix.
///
/// The sizes at which every dataset can give its share, and its long documents theirs, are an
/// interval: each bound is one of a function that is monotone in the size.
pub(crate) fn plan(offers: &[Offer], wish: Wish) -> Result<Plan, Shortfall> {
    let ratio = |offers: &[Offer], of: fn(&Offer) -> f64| -> Vec<f64> {
        offers.iter().map(|offer| of(offer) / offer.share).collect()
    };
    let accept = wish.on_shortfall == OnShortfall::Accept;
    let asked = wish.tokens.map(|tokens| tokens as f64);
    let by_share = ratio(offers, Offer::most).into_iter().fold(f64::INFINITY, f64::min);
    let largest = with_length(offers, by_share, wish.long_share);
    let total = match asked {
        Some(asked) if wish.on_shortfall == OnShortfall::Scale => asked.min(largest),
        Some(asked) => asked,
        None if accept => {
            let some = ratio(offers, Offer::most).into_iter().filter(|tokens| *tokens > 0.0);
            Some(some.fold(f64::INFINITY, f64::min)).filter(|t| t.is_finite()).unwrap_or(0.0)
        }
        None => largest,
    };
    let mut budgets: Vec<f64> = offers.iter().map(|offer| total * offer.share).collect();
    if accept {
        for (budget, offer) in budgets.iter_mut().zip(offers) {
            *budget = budget.clamp(offer.least(), offer.most());
        }
    } else {
        // Nothing can be scaled to nothing: then the gaps are those of the size asked for.
        let tried = if total < 1.0 { asked.unwrap_or(1.0).max(1.0) } else { total };
        let gaps = gaps(offers, tried, wish.long_share);
        if !gaps.is_empty() {
            return Err(Shortfall { gaps, largest: largest as u64 });
        }
    }
    let long = wish.long_share.map(|share| long_parts(offers, &budgets, share));
    let budgets = budgets.iter().zip(offers).enumerate().map(|(at, (tokens, offer))| Budget {
        tokens: whole(*tokens).min(offer.most() as u64),
        long: long.as_ref().map(|parts| whole(parts[at])),
    });
    Ok(Plan { tokens: whole(total), budgets: budgets.collect() })
}

fn whole(tokens: f64) -> u64 {
    tokens.round() as u64
}

/// The largest size up to `most` at which the long documents can give exactly their share.
fn with_length(offers: &[Offer], most: f64, long_share: Option<f64>) -> f64 {
    let Some(share) = long_share else { return most };
    let fits = |total: f64| {
        let (low, high) = long_range(offers, offers.iter().map(|offer| total * offer.share));
        low <= share * total + rounding(total) && high + rounding(total) >= share * total
    };
    if !most.is_finite() || fits(most) {
        return most;
    }
    let (mut good, mut bad) = (0.0, most);
    while bad - good > 0.5 {
        let middle = f64::midpoint(good, bad);
        if fits(middle) { good = middle } else { bad = middle }
    }
    // Bisection ends within half a token of a size at which nothing fits.
    if good < 1.0 { 0.0 } else { good }
}

/// Less than half a token is no gap.
const SLACK: f64 = 0.5;

/// What sums of floats may differ by.
fn rounding(total: f64) -> f64 {
    total * 1e-9 + 1e-6
}

fn long_range(offers: &[Offer], budgets: impl Iterator<Item = f64>) -> (f64, f64) {
    offers.iter().zip(budgets).fold((0.0, 0.0), |(low, high), (offer, tokens)| {
        let (least, most) = offer.long_within(tokens);
        (low + least, high + most)
    })
}

/// Everything that keeps a mix of a size from being made.
fn gaps(offers: &[Offer], total: f64, long_share: Option<f64>) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for offer in offers {
        let (wanted, dataset) = (total * offer.share, || offer.name.clone());
        let (rounded, there) = (whole(wanted), offer.long + offer.short);
        if wanted > offer.most() + SLACK || there == 0 {
            let max_repeat = offer.max_repeat;
            gaps.push(Gap::Missing { dataset: dataset(), wanted: rounded, there, max_repeat });
        }
        if wanted + SLACK < offer.least() {
            let min_repeat = offer.min_repeat;
            gaps.push(Gap::Beyond { dataset: dataset(), wanted: rounded, there, min_repeat });
        }
    }
    if let Some(share) = long_share.filter(|_| gaps.is_empty()) {
        let wanted = share * total;
        let (low, high) = long_range(offers, offers.iter().map(|offer| total * offer.share));
        if wanted > high + rounding(total) {
            gaps.push(Gap::Length { long: true, wanted: whole(wanted), there: high as u64 });
        }
        if wanted + rounding(total) < low {
            let (wanted, there) = (whole(total - wanted), (total - low) as u64);
            gaps.push(Gap::Length { long: false, wanted, there });
        }
    }
    gaps
}

/// The long tokens of each dataset: as its documents have them, moved towards what it can give at
/// most or must give at least, by the same part of the way for all.
fn long_parts(offers: &[Offer], budgets: &[f64], share: f64) -> Vec<f64> {
    let range: Vec<_> =
        offers.iter().zip(budgets).map(|(o, tokens)| o.long_within(*tokens)).collect();
    let natural: Vec<f64> = offers
        .iter()
        .zip(budgets)
        .zip(&range)
        .map(|((offer, tokens), (low, high))| {
            (tokens * offer.long as f64 / offer.tokens().max(1.0)).clamp(*low, *high)
        })
        .collect();
    let wanted = share * budgets.iter().sum::<f64>();
    let sum: f64 = natural.iter().sum();
    let ends: Vec<f64> =
        range.iter().map(|(low, high)| if wanted > sum { *high } else { *low }).collect();
    let way = ends.iter().sum::<f64>() - sum;
    let part = if way == 0.0 { 0.0 } else { ((wanted - sum) / way).clamp(0.0, 1.0) };
    natural.iter().zip(ends).map(|(from, to)| from + part * (to - from)).collect()
}

#[cfg(test)]
mod tests;
