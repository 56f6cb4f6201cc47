//! Seeds: where every sample starts.
//!
//! A [`Family`] draws problems of one kind without end: it makes up the story, computes the answer
//! itself, in exact arithmetic, and hands out a [`lehr_record::Seed`]. A family of topics draws no
//! problem but a topic with a key fact, and a recipe has the model write the problem. Families read
//! no clock and no file, so that a plan depends on nothing but its seed number: [`plan_seeds`] gives
//! the same seeds on every machine, and a longer plan begins with the shorter one.

mod draw;
mod family;
mod math;
mod plan;
mod python;
mod science;
mod words;

pub use draw::Draw;
pub use family::{Difficulty, Family, families, family};
pub use plan::{SeedError, plan_seeds};
