//! Tasks that ask for one Python function. Every family holds several shapes of task; a shape draws
//! its name, wording and constants, and computes what each test call must return with a solver of
//! its own. Values are what plain Python gives: `/` makes floats, everything else here stays an int.

mod dicts;
mod inputs;
mod lists;
mod numbers;
mod strings;
mod task;

use super::Family;

pub(super) const FAMILIES: &[Family] =
    &[numbers::FAMILY, strings::FAMILY, lists::FAMILY, dicts::FAMILY];

#[cfg(test)]
mod tests;
