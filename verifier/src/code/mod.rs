//! Programs: one function, judged by calls with known results, or a file of tests ([`check`]).
//!
//! The sandbox gets the program and the arguments. What each call returns comes back over a
//! channel of its own and is compared here; the expected values never leave this process. So a
//! program that prints, exits early, walks the stack or overloads `__eq__` finds nothing to forge
//! with: it can only return values, and those are what is judged. Lines on the channel carry a
//! random word; anything else found there is `tampered` and wrong. A file of tests runs in a sandbox
//! beside the program's, and decides its assertions there.

mod check;
mod extract;
mod file;
mod form;
mod judge;
mod value;

pub use check::check;
pub use extract::extract_program;
pub use form::{FileTests, StreamCase, StreamTests, Tests};
pub use judge::check_program;
