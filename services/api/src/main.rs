//! The `lehr` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    lehr_api::command::main()
}
