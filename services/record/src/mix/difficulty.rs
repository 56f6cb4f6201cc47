use serde::{Deserialize, Serialize};

/// How hard the training documents are, where it is known. From 0, solved every time, to 1, hardly
/// ever solved; of a dataset that names its own field, that field stretched to the same range.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difficulties {
    /// Documents in each tenth of the range, easiest first.
    pub tenths: [u64; 10],
    /// Documents of unknown difficulty.
    pub unknown: u64,
}

impl Difficulties {
    /// Counts one document. Difficulties outside [0, 1] count as the nearest end.
    pub fn count(&mut self, difficulty: Option<f32>) {
        match difficulty.filter(|difficulty| !difficulty.is_nan()) {
            None => self.unknown += 1,
            // A cast of a float stays within the integer's range.
            Some(difficulty) => self.tenths[((difficulty * 10.0) as usize).min(9)] += 1,
        }
    }

    /// Whether the difficulty of any document is known.
    pub fn is_known(&self) -> bool {
        self.tenths.iter().any(|count| *count > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_is_counted_once() {
        let mut counts = Difficulties::default();
        let values = [0.0, -1.0, 0.05, 0.1, 0.95, 1.0, 7.0, f32::INFINITY, f32::NAN];
        values.into_iter().map(Some).chain([None]).for_each(|value| counts.count(value));
        assert_eq!(counts.tenths, [3, 1, 0, 0, 0, 0, 0, 0, 0, 4]);
        assert_eq!(counts.unknown, 2);
    }
}
