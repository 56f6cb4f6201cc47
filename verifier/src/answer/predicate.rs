//! What a reply of one sentence says of its subject: `The gas is CO_2.`, `Gametes form by meiosis.`,
//! `The train arrives at 3:05 p.m.`

use super::equation::is_supposing;
use super::extract::{Found, Rule};
use super::read;
use super::readable::{Readable, is_plain_number, is_time, readable};
use super::statement::Statement;
use super::word::{is_denial, is_numeral, is_operation, words};
use crate::notation::{formula, trimmed};

/// The longest reply that is read as one sentence, in bytes.
const MAX_SENTENCE: usize = 120;

/// Verbs that say what the subject is.
const COPULAS: [&str; 5] = [" is ", " are ", " was ", " we obtain ", " we get "];
/// Words before where or by what something happens.
const PREPOSITIONS: [&str; 4] = [" at ", " by ", " with ", " on "];

/// The predicate of the only sentence of a reply, or the `Yes` before it. Of numbers only those in
/// words are read here.
pub(super) fn predicate(body: &str) -> Option<Statement> {
    let sentence = body.trim();
    let refused = sentence.len() > MAX_SENTENCE
        || sentence.contains(['\n', '?', '？', ';', '#', '|'])
        || sentence.contains(". ");
    if refused {
        return None;
    }
    if let Some(decided) = decision(body, sentence) {
        return Some(decided);
    }
    let doubtful = |word: &str| is_denial(word) || word == "or" || word == "may";
    if words(sentence).any(doubtful) || is_supposing(sentence) {
        return None;
    }
    let copula = COPULAS.iter().filter_map(|c| Some((sentence.find(c)?, *c))).min();
    let (at, copula) = match copula {
        Some(found) => found,
        None => PREPOSITIONS.iter().filter_map(|c| Some((sentence.rfind(c)?, *c))).max()?,
    };
    let subject = sentence.get(..at)?;
    let mut said = sentence.get(at + copula.len()..)?;
    for lead in ["called ", "at ", "the "] {
        said = said.strip_prefix(lead).unwrap_or(said);
    }
    let text = trimmed(said);
    let reading = read(text);
    let single = is_plain_number(&reading);
    if text.is_empty() || words(subject).any(|word| changes(word, single)) {
        return None;
    }
    let numeric = text.contains(|c: char| c.is_ascii_digit());
    let is_formula = formula(text).is_some() && text.starts_with(|c: char| c.is_ascii_uppercase());
    let named = COPULAS.contains(&copula);
    let settled = match readable(&reading) {
        Readable::Value if is_time(&reading) => text.contains(char::is_alphabetic),
        Readable::Value => named && (is_formula || !numeric || !single),
        Readable::Unread => is_formula || (!numeric && words(text).nth(3).is_none()),
        Readable::Empty | Readable::TooMuch => false,
    };
    let at = body.find(text)?;
    let found = Found { text: text.to_owned(), rule: Rule::Bare, at, reading };
    settled.then_some(Statement { found, end: at + text.len(), denied: false })
}

/// Whether a word of the subject may change what is said of it.
fn changes(word: &str, single: bool) -> bool {
    const NOUNS: [&str; 6] = ["root", "roots", "sum", "remainder", "product", "given"];
    let noun = NOUNS.iter().any(|noun| noun.eq_ignore_ascii_case(word));
    word.contains(|c: char| c.is_ascii_digit())
        || (single && is_numeral(word))
        || (is_operation(word) && !noun)
}

/// `Yes, the block slides.`
fn decision(body: &str, sentence: &str) -> Option<Statement> {
    let (text, reason) = sentence.split_once(',')?;
    let yes = text.eq_ignore_ascii_case("yes");
    let refused = words(reason).any(|word| {
        let not = word.eq_ignore_ascii_case("not") && !yes;
        (is_denial(word) && !not)
            || ["yes", "no", "or"].iter().any(|other| other.eq_ignore_ascii_case(word))
            || word.contains(|c: char| c.is_ascii_digit())
    });
    if refused || !(yes || text.eq_ignore_ascii_case("no")) {
        return None;
    }
    let at = body.find(text)?;
    let found = Found { text: text.to_owned(), rule: Rule::Bare, at, reading: read(text) };
    Some(Statement { found, end: at + text.len(), denied: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predicates_are_found() {
        for (text, expect) in [
            ("The gas is CO_2.", Some("CO_2")),
            ("Gametes form by meiosis.", Some("meiosis")),
            ("The process is called meiosis.", Some("meiosis")),
            ("The train arrives at 3:05 p.m.", Some("3:05 p.m.")),
            ("So the point is (3, 4).", Some("(3, 4)")),
            ("The roots are 2 and 3.", Some("2 and 3")),
            ("The total is one hundred and five.", Some("one hundred and five")),
            ("Oxidation takes place at the anode.", Some("anode")),
            ("Yes, the block slides.", Some("Yes")),
            ("No, it is not.", Some("No")),
            ("Yes, but no.", None),
            ("No, that is wrong.", None),
            ("It is half of $5$.", None),
            ("It fell by 7.", None),
            ("It is not meiosis.", None),
            ("It is meiosis or mitosis.", None),
            ("The opposite is meiosis.", None),
            ("It is 5.", None),
            ("Is it meiosis?", None),
            ("It is here. It is meiosis.", None),
        ] {
            let found = predicate(text).map(|s| s.found.text);
            assert_eq!(found.as_deref(), expect, "{text}");
        }
    }
}
