//! Packed documents: what one pass of the model reads.

/// A row of `T` tokens that holds one or more documents end to end.
///
/// Attention looks back inside a document only, and positions start again at 0 in each.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// The `T` tokens.
    pub tokens: Vec<u32>,
    /// For each token the one that the model should predict after it. Where the weight is 0 any
    /// token of the vocabulary will do.
    pub targets: Vec<u32>,
    /// Loss weight of each target, 0 or more; 0 masks it.
    pub weights: Vec<f32>,
    /// Offsets of the documents: strictly rising from 0 to `T`, so one more than documents.
    pub documents: Vec<usize>,
}

/// What is wrong with a [`Batch`].
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum BatchError {
    /// There is nothing to read.
    #[error("the batch has no tokens")]
    Empty,
    /// The parts disagree on the number of tokens.
    #[error("the batch has {tokens} tokens but {found} {part}")]
    Length {
        /// Number of tokens.
        tokens: usize,
        /// Which part.
        part: &'static str,
        /// Its length.
        found: usize,
    },
    /// A token or a target is not in the vocabulary.
    #[error(
        "{part} {index} of the batch is {token}, outside the vocabulary of {vocab_size}; \
         does the tokenizer belong to this checkpoint?"
    )]
    Vocabulary {
        /// `token` or `target`.
        part: &'static str,
        /// Its place.
        index: usize,
        /// Its value.
        token: u32,
        /// Size of the vocabulary.
        vocab_size: usize,
    },
    /// A loss weight is negative or no number.
    #[error("loss weight {index} of the batch is {weight}; it must be 0 or more")]
    Weight {
        /// Its place.
        index: usize,
        /// Its value.
        weight: f32,
    },
    /// Document offsets do not cut the row into documents.
    #[error("document offsets must rise strictly from 0 to {tokens}; found {documents:?}")]
    Documents {
        /// Number of tokens.
        tokens: usize,
        /// At most the first few offsets.
        documents: Vec<usize>,
    },
}

impl Batch {
    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether there are no tokens.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// Sum of the loss weights.
    pub fn weight(&self) -> f64 {
        self.weights.iter().map(|&weight| f64::from(weight)).sum()
    }

    /// Checks what the engines rely on.
    ///
    /// # Errors
    /// The first part that is not as the fields' documentation says.
    pub fn validate(&self, vocab_size: usize) -> Result<(), BatchError> {
        let tokens = self.tokens.len();
        if tokens == 0 {
            return Err(BatchError::Empty);
        }
        for (part, found) in [("targets", self.targets.len()), ("weights", self.weights.len())] {
            if found != tokens {
                return Err(BatchError::Length { tokens, part, found });
            }
        }
        for (part, values) in [("token", &self.tokens), ("target", &self.targets)] {
            if let Some(index) = values.iter().position(|&token| token as usize >= vocab_size) {
                let token = values[index];
                return Err(BatchError::Vocabulary { part, index, token, vocab_size });
            }
        }
        if let Some(index) = self.weights.iter().position(|w| !(w.is_finite() && *w >= 0.0)) {
            return Err(BatchError::Weight { index, weight: self.weights[index] });
        }
        let offsets = &self.documents;
        let rising = offsets.windows(2).all(|pair| pair[0] < pair[1]);
        if offsets.first() != Some(&0) || offsets.last() != Some(&tokens) || !rising {
            let documents = offsets.iter().take(8).copied().collect();
            return Err(BatchError::Documents { tokens, documents });
        }
        Ok(())
    }
}
