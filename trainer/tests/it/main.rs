//! The trainer from outside: its library and its program on a tiny random checkpoint.

#![expect(clippy::unwrap_used, reason = "tests")]

mod checkpoint;
mod cli;
mod common;
mod gguf;
mod resume;
