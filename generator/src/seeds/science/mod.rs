//! Science: questions with a known answer, and topics for questions that a model writes.
//!
//! [`facts`] turns a table of facts into multiple-choice questions whose wrong options are the
//! right answers of other facts of the same group; [`formulas`] does the same with calculations and
//! units, where the wrong options are the usual slips; [`topics`] hands out topics with a key fact.

mod choice;
mod facts;
mod formulas;
mod topics;

use super::Family;

pub(super) const FAMILIES: &[Family] = &[facts::FAMILY, formulas::FAMILY, topics::FAMILY];

#[cfg(test)]
mod tests;
