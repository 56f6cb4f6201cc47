//! Final answers: finding them in a long reply, reading them, comparing them.
//!
//! The way is one-directional. [`extract`] finds the places where a reply states its answer and
//! decides which of them counts; [`number`] reads such a text into an exact value; [`compare`]
//! holds the value against the known one. [`choice`] does the same for multiple choice.
//!
//! A reader that is unsure does not read. What it leaves alone is `unsupported`, `unparseable` or
//! `ambiguous`, and costs a sample; a wrong answer that passes would cost more.
//!
//! Stated policies, so that a verdict can be foreseen:
//!
//! - **Exact.** Values are rationals of any size; `0.3333` is not `1/3` and `1e-7` is not `2e-7`.
//! - **Percent.** `50%` equals `1/2`. Where only one side has the sign, the bare number may also
//!   be the percentage if it is larger than 1: gold `50` and reply `50%` agree, gold `50` and reply
//!   `0.5` do not. A gold `0.5` takes `0.5%` at its word, and a gold `0.5%` leaves `0.5` ambiguous.
//! - **Units.** A unit on one side only is tolerated when it cannot be a variable (`5 cm`, `5
//!   clips`, and not `5 m`). Two different units are `unsupported`, because they may be conversions
//!   of each other; the same unit is compared by number.
//! - **Which answer counts.** See [`extract`].
//! - **Bounds.** A reply may have [`MAX_REPLY`] bytes, an answer [`MAX_ANSWER`], a number
//!   [`MAX_BITS`] bits; over that the verdict is `over_budget`.

mod boxed;
pub mod choice;
pub mod compare;
mod denial;
pub(crate) mod dress;
pub mod extract;
mod last_number;
mod letter;
mod mention;
pub mod number;
mod phrase;
#[cfg(test)]
mod probes;
mod prose;
mod reader;
mod unit;
mod word;

pub use choice::{check_choice, extract_choice};
pub use compare::check_math;
pub use extract::{Extraction, Found, Rule, extract_final};
pub use number::{Number, Reading, read};
pub use unit::{Kind, Unit};

/// The longest reply that is searched for an answer, in bytes.
pub const MAX_REPLY: usize = 1 << 20;
/// The longest text that is read as an answer, in bytes.
pub const MAX_ANSWER: usize = 10_000;
/// The largest numerator or denominator, in bits (about 1,230 decimal digits).
pub const MAX_BITS: u64 = 1 << 12;

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
