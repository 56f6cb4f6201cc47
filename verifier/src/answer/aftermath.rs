//! What a reply goes on to say after it has stated its answer: whether it ends with another one.

use super::Reading;
use super::bare::bare;
use super::phrase::sentences;
use super::prose::Lead;
use super::readable::{Readable, contradicts, read_clause, readable};
use super::word::{is_numeral, is_operation, words};

/// How much is looked at, in bytes.
const REACH: usize = 2000;
/// The longest sentence that is read, in bytes.
const MAX_SENTENCE: usize = 200;

fn is(word: &str, list: &[&str]) -> bool {
    list.iter().any(|entry| entry.eq_ignore_ascii_case(word))
}

/// Whether what follows an answer ends with another one, or adds to it.
pub(super) fn overruled(after: &str, answer: &Reading) -> bool {
    let near = after.get(..after.floor_char_boundary(REACH)).unwrap_or(after);
    let said =
        near.trim_start_matches([' ', '\n', '\t', '\r', '.', ',', '$', '*', ')', '}', ']', '\\']);
    if said.is_empty() {
        return false;
    }
    let last = near.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or("");
    let own_line =
        near.trim().len() > last.len() || near.trim_start_matches([' ', '.']).starts_with('\n');
    let numeric = last.contains(|c: char| c.is_ascii_digit());
    if own_line
        && numeric
        && after.len() == near.len()
        && bare(last).is_some_and(|s| states_another(&s.found.reading, answer))
    {
        return true;
    }
    let mut sentences = sentences(said).map(|(_, sentence)| sentence.trim()).peekable();
    let mut place = 0;
    while let Some(sentence) = sentences.next() {
        let few = place == 0 && sentences.peek().is_none();
        place += 1;
        if sentence.len() <= MAX_SENTENCE && (turns(sentence, few) || concludes(sentence, answer)) {
            return true;
        }
    }
    false
}

/// Whether a sentence turns against the answer or goes on computing: `But 6 is possible`, `Not!`,
/// `Next, multiply by 2`.
fn turns(sentence: &str, alone: bool) -> bool {
    const TURNS: [&str; 8] =
        ["but", "however", "or", "also", "alternatively", "hmm", "hm", "another"];
    const JOKES: [&str; 5] = ["kidding", "joking", "forgot", "recount", "nope"];
    const NEXT: [&str; 3] = ["now", "next", "then"];
    let first = words(sentence).next().unwrap_or("");
    let numeric =
        sentence.contains(|c: char| c.is_ascii_digit()) || words(sentence).any(is_numeral);
    let second = words(sentence).nth(1).unwrap_or("");
    let rounded = is(second, &["about", "approximately", "roughly", "equivalently", "simply"]);
    let turned = is(first, &TURNS) && numeric && !rounded;
    let denied = is(first, &["not"]) && second.is_empty();
    let joke = words(sentence).any(|word| is(word, &JOKES));
    let further = alone && is(first, &NEXT) && words(sentence).any(is_operation);
    turned || denied || joke || further
}

/// Whether a sentence concludes with another value: `So the total is 6.`
fn concludes(sentence: &str, answer: &Reading) -> bool {
    const LEADS: [&str; 8] =
        ["so", "thus", "therefore", "hence", "final", "total", "altogether", "finally"];
    const NOUNS: [&str; 11] = [
        "right", "correct", "true", "real", "total", "sum", "count", "result", "value", "answer",
        "number",
    ];
    let mut said = words(sentence);
    let first = said.next().unwrap_or("");
    let second = said.next().unwrap_or("");
    let lead = is(first, &LEADS) || (is(first, &["the"]) && is(second, &NOUNS));
    let stated = match sentence.split_once(':') {
        Some((title, value)) if words(title).nth(3).is_none() => value.trim(),
        _ => sentence,
    };
    lead && states_another(&read_clause(stated, Lead::Prose), answer)
}

fn states_another(reading: &Reading, answer: &Reading) -> bool {
    readable(reading) == Readable::Value && contradicts(reading, answer)
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    #[test]
    fn another_answer_at_the_end_is_noticed() {
        let five = read("5");
        for after in [
            "\n\n6",
            "\n\n**6**",
            "\n\nSo the total is 6.",
            "\n\nTotal: 6",
            "\n\nThe total is 6.",
            "\n\nTherefore x = 6.",
            ". But 6 is also possible.",
            ". Or 6.",
            ". Not!",
            ". Just kidding.",
            "\n\nNext, multiply by 2.",
        ] {
            assert!(overruled(after, &five), "{after}");
        }
        for after in [
            "",
            ".",
            "\n\n5",
            "\n\nSo the total is 5.",
            "\n\nI hope this helps!",
            "\n\nExplanation: she had 2 and got 3.",
            "\n\nCheck: 5 - 3 = 2.",
            "\n\nNote that the order does not count.",
        ] {
            assert!(!overruled(after, &five), "{after}");
        }
    }
}
