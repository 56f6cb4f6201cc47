//! Final answers: finding them in a long reply, reading them, comparing them.
//!
//! The way is one-directional. [`extract`] finds the places where a reply states its answer and
//! decides which of them counts, [`crate::notation`] reads it into a value, [`crate::compare`]
//! holds the value against the known one by a [`Policy`](crate::policy::Policy). [`choice`] does
//! the same for multiple choice.
//!
//! A reader that is unsure does not read. What it leaves alone is `unsupported`, `unparseable` or
//! `ambiguous`, and costs a sample; a wrong answer that passes would cost more.

mod aftermath;
mod anchor;
mod around;
mod bare;
mod boxed;
mod character;
mod check;
mod chinese;
pub mod choice;
#[cfg(test)]
mod choice_probes;
mod chosen;
mod definition;
mod delimiter;
mod denial;
mod doubt;
pub(crate) mod dress;
mod emphasis;
mod equation;
pub mod extract;
mod formula;
mod gold;
mod group;
mod json;
mod label;
mod last_number;
mod lead;
mod letter;
mod lettered;
mod mention;
mod parallel;
mod phrase;
mod predicate;
#[cfg(test)]
mod probes;
mod prose;
mod readable;
mod reading;
#[cfg(test)]
mod rules;
mod scope;
mod settle;
mod statement;
pub(crate) mod transcript;
pub(crate) mod word;

pub use check::{check_math, check_science};
pub use choice::{check_choice, extract_choice};
pub use extract::{Extraction, Found, Rule, extract_final};
pub use reading::{Reading, read};

/// The longest reply that is searched for an answer, in bytes.
pub const MAX_REPLY: usize = 1 << 20;

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
