//! The order of the training documents.

use lehr_record::MixOrder;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::spool::Place;

/// Puts documents in order, phase after phase. Documents are equal in all but their places when
/// they are drawn repeatedly; the generator decides between those of equal difficulty.
pub(crate) fn arrange(
    documents: &mut [Place],
    order: MixOrder,
    phase: impl Fn(&Place) -> u32,
    rng: &mut ChaCha8Rng,
) {
    documents.shuffle(rng);
    documents.sort_by_key(&phase);
    if order == MixOrder::Curriculum {
        documents.chunk_by_mut(|a, b| phase(a) == phase(b)).for_each(by_difficulty);
    }
}

/// Easy ones first. Each document's key is its quantile among those of its sort: so documents of
/// unknown difficulty are spread evenly among the others.
fn by_difficulty(documents: &mut [Place]) {
    let unknown = |place: &Place| place.difficulty.is_nan();
    documents
        .sort_by(|a, b| unknown(a).cmp(&unknown(b)).then(a.difficulty.total_cmp(&b.difficulty)));
    let known = documents.partition_point(|place| !unknown(place));
    let quantiles = |count: usize| (0..count).map(move |at| (at as f64 + 0.5) / count as f64);
    let mut keyed: Vec<(f64, Place)> = quantiles(known)
        .chain(quantiles(documents.len() - known))
        .zip(documents.to_vec())
        .collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (document, (_, place)) in documents.iter_mut().zip(keyed) {
        *document = place;
    }
}

#[cfg(test)]
mod tests {
    use rand_chacha::rand_core::SeedableRng;

    use super::*;

    #[test]
    fn phases_then_difficulty_with_the_unknown_between() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut documents: Vec<Place> =
            [0.9, 0.1, f32::NAN, 0.5, f32::NAN, 0.3].map(|d| Place::empty(1, d)).to_vec();
        documents.extend([0.8, 0.2].map(|d| Place::empty(0, d)));
        arrange(&mut documents, MixOrder::Curriculum, |p| u32::from(p.dataset), &mut rng);
        let order: Vec<String> = documents.iter().map(|p| p.difficulty.to_string()).collect();
        assert_eq!(order, ["0.2", "0.8", "0.1", "NaN", "0.3", "0.5", "NaN", "0.9"]);

        arrange(&mut documents, MixOrder::Shuffle, |p| u32::from(1 - p.dataset), &mut rng);
        let datasets: Vec<u16> = documents.iter().map(|p| p.dataset).collect();
        assert_eq!(datasets, [1, 1, 1, 1, 1, 1, 0, 0]);
    }
}
