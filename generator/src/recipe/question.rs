//! Reads a multiple-choice question that a model wrote.

use lehr_record::{Expected, Problem};

use super::{ParseFailure, Votes};

/// The longest statement and the longest option, in characters.
const LONGEST_STATEMENT: usize = 600;
const LONGEST_OPTION: usize = 200;

/// Reads a statement that ends in a question mark, then four lines `A) …` to `D) …`.
///
/// `Question:` may stand before the statement, the letters may be written `A)`, `A.`, `A:` or `(A)`,
/// and a last line that begins with `Answer` or `Correct answer` is left out: what the model claims
/// about its own question is not used. Anything else is refused, above all a reply that begins with
/// the prompt's own lines: the fact there would give the answer away.
pub(super) fn choice_question(text: &str, votes: Votes) -> Result<Problem, ParseFailure> {
    let mut statement = String::new();
    let mut options: Vec<String> = Vec::new();
    let mut claimed = false;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if claimed {
            return Err(ParseFailure::new("text follows the answer line"));
        }
        match option(line) {
            Some((letter, option)) => {
                let wanted = (b'A' + options.len().min(25) as u8) as char;
                if letter != wanted {
                    return Err(ParseFailure::new(format!(
                        "option {letter} stands where option {wanted} belongs"
                    )));
                }
                options.push(option.to_owned());
            }
            None if options.is_empty() => {
                if let Some(label) = preface(line, statement.is_empty()) {
                    return Err(ParseFailure::new(format!("`{label}` stands in the question")));
                }
                let line = match statement.is_empty() {
                    true => line.strip_prefix("Question:").unwrap_or(line).trim_start(),
                    false => line,
                };
                if !statement.is_empty() {
                    statement.push(' ');
                }
                statement.push_str(line);
            }
            None if is_claim(line) => claimed = true,
            None => return Err(ParseFailure::new("text follows the options")),
        }
    }
    check(&statement, &options)?;
    let Votes { answers, agree } = votes;
    Ok(Problem { statement, options, expected: Expected::Votes { answers, agree } })
}

/// The letter and the text of an option's line.
fn option(line: &str) -> Option<(char, &str)> {
    let (open, rest) = match line.strip_prefix('(') {
        Some(rest) => (true, rest),
        None => (false, line),
    };
    let mut chars = rest.chars();
    let letter = chars.next().filter(char::is_ascii_uppercase)?;
    let mark = chars.next()?;
    let good = if open { mark == ')' } else { matches!(mark, ')' | '.' | ':') };
    let text = chars.as_str();
    (good && (text.is_empty() || text.starts_with(' '))).then(|| (letter, text.trim()))
}

/// The label of a line that is not of the question itself: one of the prompt, or `Question:` behind
/// other text.
fn preface(line: &str, first: bool) -> Option<&'static str> {
    let lower = line.to_lowercase();
    let labels = if first { &PREFACES[1..] } else { PREFACES };
    labels.iter().find(|label| lower.starts_with(&label.to_lowercase())).copied()
}

const PREFACES: &[&str] = &["Question:", "Fact:", "Subject:"];

fn is_claim(line: &str) -> bool {
    let lower = line.to_lowercase();
    ["answer", "correct answer", "the correct answer"].iter().any(|start| lower.starts_with(start))
}

fn check(statement: &str, options: &[String]) -> Result<(), ParseFailure> {
    let fail = |reason: String| Err(ParseFailure::new(reason));
    if statement.chars().count() < 10 {
        return fail("there is no question before the options".into());
    }
    if statement.chars().count() > LONGEST_STATEMENT {
        return fail(format!("the question is longer than {LONGEST_STATEMENT} characters"));
    }
    if !statement.ends_with('?') {
        return fail("the question does not end with a question mark".into());
    }
    if options.len() != 4 {
        return fail(format!("there are {} options instead of four", options.len()));
    }
    let mut seen: Vec<String> = Vec::new();
    for (letter, option) in ('A'..).zip(options) {
        let plain = option.trim_end_matches('.').to_lowercase();
        if plain.is_empty() {
            return fail(format!("option {letter} is empty"));
        }
        if option.chars().count() > LONGEST_OPTION {
            return fail(format!("option {letter} is longer than {LONGEST_OPTION} characters"));
        }
        if seen.contains(&plain) {
            return fail(format!("option {letter} repeats another option"));
        }
        seen.push(plain);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VOTES: Votes = Votes { answers: 3, agree: 2 };

    #[test]
    fn dresses_that_are_read() {
        for text in [
            "Question: What is two plus two?\nA) 3\nB) 4\nC) 5\nD) 6",
            "What is two plus two?\nA. 3\nB. 4\nC. 5\nD. 6\n",
            "\nWhat is\ntwo plus two?\n\n(A) 3\n\n(B) 4\n(C) 5\n(D) 6\n\nAnswer: B",
            "Question: What is two plus two?\r\nA: 3\r\nB: 4\r\nC: 5\r\nD: 6\r\nCorrect answer: B) 4",
        ] {
            let problem = choice_question(text, VOTES).unwrap_or_else(|e| panic!("{e}: {text}"));
            assert_eq!(problem.statement, "What is two plus two?");
            assert_eq!(problem.options, ["3", "4", "5", "6"]);
            assert_eq!(problem.expected, Expected::Votes { answers: 3, agree: 2 });
        }
    }

    #[test]
    fn what_is_refused_and_why() {
        for (text, reason) in [
            ("", "no question"),
            ("A) 1\nB) 2\nC) 3\nD) 4", "no question"),
            ("What is two plus two?", "0 options"),
            ("What is two plus two?\nA) 1\nB) 2\nC) 3", "3 options"),
            ("What is two plus two?\nA) 1\nB) 2\nC) 3\nD) 4\nE) 5", "5 options"),
            ("What is two plus two?\nA) 1\nB) 2\nC) 2.\nD) 4", "option C repeats"),
            ("What is two plus two?\nA) Four\nB) four\nC) 2\nD) 4", "option B repeats"),
            ("What is two plus two?\nA) 1\nB)\nC) 2\nD) 4", "option B is empty"),
            ("What is two plus two?\nA) 1\nC) 2\nB) 3\nD) 4", "option C stands where option B"),
            (
                "Fact: Two plus two is four.\nQuestion: What is two plus two?\nA) 1\nB) 2\nC) 3\nD) 4",
                "`Fact:` stands in",
            ),
            ("subject: maths\nWhat is two plus two?\nA) 1\nB) 2\nC) 3\nD) 4", "`Subject:`"),
            (
                "Two plus two is four.\nQuestion: What is two plus two?\nA) 1\nB) 2\nC) 3\nD) 4",
                "`Question:` stands in",
            ),
            ("Two plus two is four.\nA) 1\nB) 2\nC) 3\nD) 4", "question mark"),
            (
                "What is two plus two?\nA) 1\nB) 2\nC) 3\nD) 4\nHope this helps!",
                "follows the options",
            ),
            (
                "What is two plus two?\nA) 1\nB) 2\nC) 3\nD) 4\nAnswer: D\nWhy?",
                "follows the answer",
            ),
        ] {
            let error = choice_question(text, VOTES).map_err(|failure| failure.reason);
            assert!(error.as_ref().is_err_and(|e| e.contains(reason)), "{text}: {error:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(?s)[A-F().:\n a-zäß?]{0,80}") {
            let _ = choice_question(&text, VOTES);
        }
    }
}
