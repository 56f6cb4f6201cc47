//! What the tests of the whole product share: the programs, a running service, and a model server
//! that answers by rule.
//!
//! The tests here know the product from outside only: command lines, HTTP and files.

mod adder;
mod programs;
mod service;

pub use adder::Adder;
pub use programs::program;
pub use service::Service;
