//! Two answers, one a line, are held against each other, each as the known one.
//!
//! - The same question has the same verdict twice, with the same reason and evidence.
//! - An answer in a box is never `wrong` against itself.
//! - One order never says `correct` and the other `wrong`, except where a percent sign is on one
//!   side only, which weighs more in the known answer.

#![no_main]

use lehr_record::{Outcome, Verdict};
use libfuzzer_sys::fuzz_target;

/// The verdict under the rules that are tried here.
fn verdict(gold: &str, reply: &str) -> Verdict {
    lehr_verifier::check_math(gold, reply, &lehr_verifier::policy::Policy::math())
}

fuzz_target!(|text: &str| {
    let (a, b) = text.split_once('\n').unwrap_or((text, text));
    let one = checked(a, b);
    let other = checked(b, a);
    if !boxable(a) || !boxable(b) {
        return;
    }
    for answer in [a, b] {
        let same = checked(answer, answer);
        assert_ne!(same.verdict, Outcome::Wrong, "{answer:?} against itself: {same:?}");
    }
    let opposed = matches!(
        (one.verdict, other.verdict),
        (Outcome::Correct, Outcome::Wrong) | (Outcome::Wrong, Outcome::Correct)
    );
    let percent = |text: &str| text.contains('%') || text.to_lowercase().contains("percent");
    // Of several lines a known answer is a worked solution, and an answer none.
    let lines = a.contains('\n') || b.contains('\n');
    if opposed && !lines && percent(a) == percent(b) {
        panic!("{a:?} and {b:?}: {one:?}, the other way round {other:?}");
    }
});

/// The verdict on a boxed answer, asked for twice.
fn checked(gold: &str, answer: &str) -> Verdict {
    let reply = format!("\\boxed{{{answer}}}");
    let once = verdict(gold, &reply);
    let twice = verdict(gold, &reply);
    assert_eq!(once, twice, "two verdicts on {gold:?} and {answer:?}");
    once
}

/// Whether a box around this text holds all of it and nothing else: its braces are balanced and it
/// has no boxes, markers or thinking of its own.
fn boxable(text: &str) -> bool {
    if ["\\boxed", "\\fbox", "think>", "####"].iter().any(|mark| text.contains(mark)) {
        return false;
    }
    let (mut depth, mut escaped) = (0usize, false);
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' => depth += 1,
            '}' if depth == 0 => return false,
            '}' => depth -= 1,
            _ => {}
        }
    }
    depth == 0 && !escaped
}
