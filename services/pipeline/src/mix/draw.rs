//! Draws the training documents of a mix.

use lehr_record::{DatasetCount, MixRecipe};

use super::gather::bounded;
use super::plan::{Budget, Offer, Shortfall, Wish, plan};
use super::spool::Place;
use crate::MixError;

/// Takes documents of each dataset, from the front and over again, until its budget is met; gives
/// them with the size that was aimed at, in tokens.
pub(crate) fn draw(
    places: &[Vec<Place>],
    counts: &mut [DatasetCount],
    recipe: &MixRecipe,
) -> Result<(Vec<Place>, u64), MixError> {
    let is_long = |place: &Place| u64::from(place.tokens) >= recipe.long_tokens;
    let shares = recipe.shares();
    let offers: Vec<Offer> = places
        .iter()
        .zip(&recipe.datasets)
        .zip(&shares)
        .map(|((places, dataset), share)| {
            let all: u64 = places.iter().map(|place| u64::from(place.tokens)).sum();
            let long: u64 = places.iter().filter(|p| is_long(p)).map(|p| u64::from(p.tokens)).sum();
            Offer {
                name: dataset.name.clone(),
                share: *share,
                long,
                short: all - long,
                min_repeat: dataset.min_repeat,
                max_repeat: dataset.max_repeat,
            }
        })
        .collect();
    if offers.iter().all(|offer| offer.long + offer.short == 0) {
        return Err(MixError::Empty(recipe.name.clone()));
    }
    let wish = Wish {
        tokens: recipe.asked_tokens(),
        long_share: recipe.long_share,
        on_shortfall: recipe.on_shortfall,
    };
    let plan = plan(&offers, wish).map_err(|Shortfall { gaps, largest }| MixError::Shortfall {
        mix: recipe.name.clone(),
        gaps,
        largest,
    })?;
    let mut training = Vec::new();
    for ((places, count), Budget { tokens, long }) in
        places.iter().zip(counts.iter_mut()).zip(plan.budgets)
    {
        let mut take = |wanted: u64, which: &dyn Fn(&Place) -> bool| {
            let mut again = places.iter().filter(|place| which(place)).cycle();
            let mut taken = 0;
            while taken < wanted
                && let Some(place) = again.next()
            {
                taken += u64::from(place.tokens);
                if is_long(place) {
                    count.long_tokens += u64::from(place.tokens);
                }
                count.documents += 1;
                training.push(*place);
                bounded(training.len(), &count.name)?;
            }
            count.tokens += taken;
            Ok::<_, MixError>(())
        };
        match long {
            None => take(tokens, &|_| true)?,
            Some(long) => {
                take(long, &is_long)?;
                take(tokens.saturating_sub(long), &|place| !is_long(place))?;
            }
        }
    }
    let total: u64 = counts.iter().map(|count| count.tokens).sum();
    for count in counts {
        count.share_reached = count.tokens as f64 / total.max(1) as f64;
    }
    Ok((training, plan.tokens))
}

/// Stretches the known difficulties of a dataset so that the least is 0 and the greatest is 1.
pub(crate) fn stretch(places: &mut [Place]) {
    let known = || places.iter().map(|place| f64::from(place.difficulty)).filter(|d| !d.is_nan());
    let (low, high) =
        (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
    let range = high - low;
    for place in places.iter_mut().filter(|place| !place.difficulty.is_nan()) {
        let above = f64::from(place.difficulty) - low;
        // All equally hard: in the middle.
        place.difficulty = if range > 0.0 { (above / range) as f32 } else { 0.5 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretched_difficulties() {
        for (given, expected) in [
            (&[3.0, 1.0, 5.0][..], &["0.5", "0", "1"][..]),
            (&[2.0, f32::NAN, 2.0], &["0.5", "NaN", "0.5"]),
            (&[f32::MAX, f32::MIN], &["1", "0"]),
            (&[], &[]),
        ] {
            let mut places: Vec<Place> =
                given.iter().map(|difficulty| Place::empty(0, *difficulty)).collect();
            stretch(&mut places);
            let found: Vec<String> = places.iter().map(|p| p.difficulty.to_string()).collect();
            assert_eq!(found, expected);
        }
    }
}
