//! Any bytes are searched for a final answer and for a letter: without a panic, the same way
//! twice, and every statement begins in the reply where it is said to begin.

#![no_main]

use lehr_verifier::policy::Policy;
use lehr_verifier::{check_choice, check_math, extract_choice, extract_final};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let reply = String::from_utf8_lossy(bytes);
    let found = extract_final(&reply);
    assert_eq!(found, extract_final(&reply), "two searches of {reply:?}");
    if let Ok(found) = found {
        // The text may be put together: of several boxes, of two sides of an equation.
        for statement in found.chain.iter().chain([&found.answer]) {
            assert!(reply.is_char_boundary(statement.at), "{statement:?} in {reply:?}");
        }
    }
    let options = ["5".to_owned(), "-1/2".to_owned(), "isosceles".to_owned(), "none".to_owned()];
    for options in [&options[..], &[]] {
        let letter = extract_choice(options, &reply);
        assert_eq!(letter, extract_choice(options, &reply), "two letters of {reply:?}");
        if let Ok(letter) = letter {
            assert!(letter.is_ascii_uppercase(), "{letter:?} in {reply:?}");
            let verdict = check_choice(&letter.to_string(), options, &reply);
            assert!(verdict.is_correct(), "{letter} in {reply:?}: {verdict:?}");
        }
    }
    for gold in ["5", "-\\frac{1}{2}", "x^2 + 1", "[0, 1)", "12 cm"] {
        let verdict = check_math(gold, &reply, &Policy::math());
        assert_eq!(verdict, check_math(gold, &reply, &Policy::math()), "{gold} and {reply:?}");
    }
});
