//! What the tests of the whole product share: the programs, a running service, and a model server
//! that answers by rule.
//!
//! The tests here know the product from outside only: command lines, HTTP and files.

mod adder;
pub mod labelled;
mod programs;
mod service;
mod sums;
mod tree;

pub use adder::Adder;
pub use programs::{error_of, lehr, program, terminate};
pub use service::{JSON, NOBODY, Service};
pub use sums::{adds_up, settled, sum_of, sums};
pub use tree::Tree;
