//! Reading a text once, for shingles that some item may have.

use crate::filter::Filter;
use crate::shingle::{ShingleId, WIDTH, Widths, Word, Words};

/// A shingle of the text that some item may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Which.
    pub id: ShingleId,
    /// The index of its first word in the stretch.
    pub at: usize,
}

/// A stretch of a text. Long texts are taken in stretches that overlap by half, so that memory and
/// the cost of a comparison do not grow with the text, and items quoted by chance somewhere in a long
/// text do not crowd out one that is quoted in full.
#[derive(Debug, Default)]
pub struct Stretch {
    /// Its words.
    pub words: Vec<Word>,
    /// The shingles in it that pass the filter, in order of their last words.
    pub hits: Vec<Hit>,
}

/// Calls `settle` with the stretches of a text that have hits; every quote of at most `half` words
/// lies in one of them as a whole.
pub fn stretches<E>(
    text: &str,
    filter: &Filter,
    widths: Widths,
    half: usize,
    mut settle: impl FnMut(&Stretch) -> Result<(), E>,
) -> Result<(), E> {
    let widths: Vec<usize> = widths.iter().collect();
    let mut stretch = Stretch::default();
    let mut recent = [0u64; WIDTH];
    for (read, word) in Words::new(text).enumerate() {
        recent.rotate_left(1);
        recent[WIDTH - 1] = word.hash;
        if stretch.words.len() == 2 * half {
            settle_if_hit(&stretch, &mut settle)?;
            stretch.words.drain(..half);
            stretch.hits.retain(|hit| hit.at >= half);
            stretch.hits.iter_mut().for_each(|hit| hit.at -= half);
        }
        stretch.words.push(word);
        for &width in widths.iter().take_while(|width| **width <= read + 1) {
            let id = ShingleId::of_words(recent[WIDTH - width..].iter().copied());
            if filter.may_contain(id.bits()) {
                // A shingle over the border of the first stretch stands whole in the one before.
                if let Some(at) = stretch.words.len().checked_sub(width) {
                    stretch.hits.push(Hit { id, at });
                }
            }
        }
    }
    settle_if_hit(&stretch, &mut settle)
}

fn settle_if_hit<E>(
    stretch: &Stretch,
    settle: &mut impl FnMut(&Stretch) -> Result<(), E>,
) -> Result<(), E> {
    if stretch.hits.is_empty() { Ok(()) } else { settle(stretch) }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;
    use crate::shingle::item_shingles;

    #[test]
    fn a_text_gives_the_shingles_of_the_items_it_quotes() {
        for (item, text) in [
            ("one two three four five six", "zero, one two THREE four five-six seven"),
            ("two words", "here are two words to find"),
            ("solo", "han solo"),
            ("3+4", "it is 3 + 4"),
        ] {
            let ids = item_shingles(&Words::new(item).collect::<Vec<_>>());
            let mut widths = Widths::default();
            widths.add_item(Words::new(item).count());
            let mut filter = Filter::with_room(ids.len());
            ids.iter().for_each(|id| filter.insert(id.bits()));
            for filler in [0, 5, 6, 7, 11, 20] {
                let text = format!("{}{text}", "filler ".repeat(filler));
                let mut found = Vec::new();
                let done = stretches(&text, &filter, widths, 8, |stretch| {
                    found.extend(stretch.hits.iter().map(|hit| hit.id));
                    Ok::<_, Infallible>(())
                });
                assert!(done.is_ok() && ids.iter().all(|id| found.contains(id)), "{item:?}");
            }
        }
    }
}
