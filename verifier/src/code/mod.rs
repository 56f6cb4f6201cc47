//! Programs, judged by tests in one of three forms ([`Tests`]).
//!
//! - Calls of one function: the sandbox gets the program and the arguments. What each call returns
//!   comes back over a channel of its own and is compared here ([`check_program`]).
//! - Runs of the whole program: each gets its input, and what it prints is compared here.
//! - A file of tests: for Python its assertions are judged beside the program, not in it; for other
//!   languages it is joined to the program and both run as one, which the evidence says
//!   (`"judged": "in_process"`).
//!
//! In the first two the expected values never leave this process; those of Python's test files stay
//! in a sandbox beside the program's. So a program that prints, exits
//! early, walks the stack or overloads `__eq__` finds nothing to forge with: it can only return or
//! print values, and those are what is judged. Lines on the channel carry a random word; anything
//! else found there is `tampered` and wrong.
//!
//! Every verdict has a `code` in its evidence, for machines: `passed`, `wrong_value`,
//! `wrong_output`, `raised`, `failed_tests`, `early_exit`, `no_function`, `load_error`,
//! `compile_error`, `tampered`, `limit_…` with the name of the limit, `no_toolchain`, `form`,
//! `policy`, `weak_tests`, `audit`, `inexact_number`, `bad_tests` or `sandbox`; for files of Python tests also
//! `assertion_failed`, `missing_name`, `solution_ended`, `unjudged`, `unsupported_test`,
//! `unsupported_value`, `missing_module`, `shadowed_builtin`, `files`, `no_tests`,
//! `solution_unused`, `tests_syntax`, `tests_channel` or `tests_ended`.

mod audit;
mod check;
mod evidence;
mod extract;
mod file;
mod floats;
mod form;
mod joined;
mod judge;
mod stream;
mod value;

pub(crate) use audit::AuditAsked;
pub use audit::{Audit, AuditOptions, check_with_audit};
pub use check::{check, check_by};
pub use extract::extract_program;
pub use floats::CodePolicy;
pub use form::{FileTests, StreamCase, StreamTests, Tests};
pub use judge::check_program;
