//! Final answers: finding them in a long reply, reading them, comparing them.
//!
//! The way is one-directional. [`extract`] finds the places where a reply states its answer and
//! decides which of them counts; [`number`] reads such a text into an exact value; [`compare`]
//! holds the value against the known one. [`choice`] does the same for multiple choice.
//!
//! Stated policies, so that a verdict can be foreseen:
//!
//! - **Exact.** Values are rationals of any size; `0.3333` is not `1/3` and `1e-7` is not `2e-7`.
//! - **Percent.** `50%` equals `1/2`. Where only one side has the sign, the bare number may also
//!   be the percentage: gold `50` and reply `50%` agree, gold `50` and reply `0.5` do not.
//! - **Units.** A unit on one side only is tolerated. Two different units are `unsupported`,
//!   because they may be conversions of each other; the same unit is compared by number.
//! - **Which answer counts.** See [`extract`].
//! - **Bounds.** A reply may have [`MAX_REPLY`] bytes, an answer [`MAX_ANSWER`], a number
//!   [`MAX_BITS`] bits; over that the verdict is `over_budget`.

pub mod choice;
pub mod compare;
pub(crate) mod dress;
pub mod extract;
pub mod number;
mod unit;

pub use choice::{check_choice, extract_choice};
pub use compare::{canonical_answer, check_math};
pub use extract::{Extraction, Found, Rule, extract_final};
pub use number::{Number, Reading, read};

/// The longest reply that is searched for an answer, in bytes.
pub const MAX_REPLY: usize = 1 << 20;
/// The longest text that is read as an answer, in bytes.
pub const MAX_ANSWER: usize = 10_000;
/// The largest numerator or denominator, in bits (about 9,800 decimal digits).
pub const MAX_BITS: u64 = 1 << 15;

/// The start of a text, cut at a character border, for evidence.
pub(crate) fn clip(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let mut end = most;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &text[..end])
}
