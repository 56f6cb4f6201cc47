use serde::Deserialize;

/// How good a sample must be, beyond being right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QualityRule {
    /// The least score from 1 to 5 that the language model gives an accepted sample; no score is
    /// asked for when absent.
    pub minimum: Option<u8>,
}

impl QualityRule {
    /// Checks the bounds.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn check(&self) -> Result<(), String> {
        match self.minimum {
            Some(minimum) if !(1..=5).contains(&minimum) => {
                Err(format!("minimum is {minimum}; scores are from 1 to 5"))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minimum_is_a_score() {
        for (minimum, good) in [(None, true), (Some(0), false), (Some(1), true), (Some(6), false)] {
            assert_eq!(QualityRule { minimum }.check().is_ok(), good, "{minimum:?}");
        }
    }
}
