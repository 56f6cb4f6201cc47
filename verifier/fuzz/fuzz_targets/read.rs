//! Any text is read as an answer: without a panic, the same way twice, and what was read can be
//! printed.

#![no_main]

use lehr_verifier::answer::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let once = format!("{:?}", read(text));
    let twice = format!("{:?}", read(text));
    assert_eq!(once, twice, "two readings of {text:?}");
});
