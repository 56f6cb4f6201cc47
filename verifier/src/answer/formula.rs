//! The last formula of a reply that concludes with it: `Therefore $x = 5$.`

use super::around::{Around, around};
use super::delimiter::{Formula, formulas};
use super::denial::denied_ahead;
use super::equation::is_supposing;
use super::extract::{Found, Rule, tail};
use super::last_number::{assigned, goes_on};
use super::phrase::{first_sentence, sentences};
use super::prose::{joins, leaves};
use super::read;
use super::readable::{Readable, differ, readable, with_unit};
use super::statement::{Statement, ends_reply};
use super::word::{is_denial, is_numeral, is_operation, is_plain, words};

/// How much of the end of a reply is searched, in bytes.
const MAX_TAIL: usize = 4096;
/// Words after which a formula is a conclusion.
const CONCLUDING: [&str; 38] = [
    "is",
    "are",
    "was",
    "be",
    "equals",
    "equal",
    "to",
    "get",
    "gets",
    "gives",
    "give",
    "giving",
    "obtain",
    "obtains",
    "have",
    "has",
    "find",
    "finds",
    "conclude",
    "yields",
    "yield",
    "becomes",
    "thus",
    "therefore",
    "hence",
    "so",
    "then",
    "that",
    "exactly",
    "just",
    "simply",
    "only",
    "about",
    "approximately",
    "consequently",
    "finally",
    "namely",
    "now",
];
/// Chinese characters after which a formula is a conclusion.
const CONCLUDING_CHINESE: [&str; 10] =
    ["是", "为", "得", "得到", "等于", "故", "所以", "因此", "即", "有"];

/// The last formula, if the reply concludes with it and nothing beside it changes it.
pub(super) fn concluding_formula(body: &str) -> Option<Statement> {
    let near = tail(body, MAX_TAIL);
    let base = body.len() - near.len();
    let formulas = formulas(near);
    let last = formulas.last()?;
    let text =
        near.get(last.content.clone())?.trim().trim_end_matches(['.', ',', ';', '。']).trim_end();
    let after = near.get(last.whole.end..)?;
    let Around::Free(unit) = around(near, &last.whole) else { return None };
    if !(leads(near, &formulas, base > 0) && settles(after)) || goes_on(after) {
        return None;
    }
    let before = near.get(..last.whole.start)?;
    if sentences(before).last().is_some_and(|(_, sentence)| is_supposing(sentence)) {
        return None;
    }
    // Two roots, and no correction of the first.
    let beside = formulas.iter().rev().skip(1).take(8).any(|earlier| {
        let earlier = near.get(earlier.content.clone()).and_then(assigned);
        match (earlier, assigned(text)) {
            (Some((name, one)), Some((other, two))) => {
                name == other && differ(&read(one), &read(two))
            }
            _ => false,
        }
    });
    if beside {
        return None;
    }
    // The whole statement is the answer, and not its last side.
    let text = match subject(near, &formulas) {
        Some(subject) => format!("{subject} = {text}"),
        None => text.to_owned(),
    };
    let reading = with_unit(read(&text), unit);
    if readable(&reading) == Readable::Empty {
        return None;
    }
    let content = near.get(last.content.clone())?;
    let at = base + last.content.start + (content.len() - content.trim_start().len());
    let denied = denied_ahead(body, base + last.whole.start);
    let found = Found { text, rule: Rule::Formula, at, reading };
    Some(Statement { found, end: base + last.whole.end, denied })
}

/// The formula that the last one is said to equal, where a sentence is about a formula and nothing
/// else: `2x` of `Thus $2x$ is $10$`.
fn subject<'a>(text: &'a str, formulas: &[Formula]) -> Option<&'a str> {
    const LEADS: [&str; 8] =
        ["so", "thus", "therefore", "hence", "then", "finally", "now", "consequently"];
    const COPULAS: [&str; 5] = ["is", "equals", "equal", "to", "are"];
    let is = |list: &[&str], word: &str| list.iter().any(|w| w.eq_ignore_ascii_case(word));
    let [.., named, last] = formulas else { return None };
    let mut between = words(text.get(named.whole.end..last.whole.start)?);
    let (_, lead) = sentences(text.get(..named.whole.start)?).last().unwrap_or((0, ""));
    let alone = lead.trim_end().ends_with(['.', '!']) || words(lead).all(|w| is(&LEADS, w));
    (alone && between.all(|w| is(&COPULAS, w))).then(|| text.get(named.content.clone()))?
}

/// Whether the words before the last formula lead to it and leave it as it is.
fn leads(text: &str, formulas: &[Formula], cut: bool) -> bool {
    let [earlier @ .., last] = formulas else { return false };
    let Some(before) = text.get(..last.whole.start) else { return false };
    if earlier.last().is_some_and(|f| before.trim_end().len() <= f.whole.end) {
        // Side by side they are one formula in pieces, unless a line begins between them.
        return before.ends_with('\n');
    }
    // `One is $5$ and the other is $6$` says two things.
    let both = |f: &Formula| {
        let between = before.get(f.whole.end..).unwrap_or("");
        words(between).any(|word| ["and", "while"].iter().any(|w| w.eq_ignore_ascii_case(word)))
            && sentences(between).nth(1).is_none()
    };
    if earlier.last().is_some_and(both) {
        return false;
    }
    let line_start = before.trim_end_matches([' ', '\t']);
    let own_line = line_start.is_empty() || line_start.ends_with('\n');
    let before = before.trim_end();
    let (from, sentence) = sentences(before).last().unwrap_or((0, ""));
    // What starts before the tail may start with a denial.
    if cut && from == 0 {
        return false;
    }
    if sentence.ends_with(['.', '!', '。', '！', '\n']) || sentence.trim().is_empty() {
        return own_line || sentence.ends_with(['.', '!', '。', '！']);
    }
    // Earlier formulas of the sentence are names of what is spoken of.
    let mut lead = String::with_capacity(sentence.len());
    let mut at = from;
    for formula in earlier.iter().filter(|f| f.whole.start >= from) {
        lead.push_str(text.get(at..formula.whole.start).unwrap_or(""));
        lead.push(' ');
        at = formula.whole.end;
    }
    lead.push_str(text.get(at..before.len()).unwrap_or(""));
    let lead = lead.trim_end().trim_end_matches(['*', '_']).trim_end();
    if lead.is_empty() {
        return false;
    }
    let colon = lead.ends_with([':', '：']);
    if !lead.is_ascii() && lead.contains(|c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c)) {
        let end = lead.trim_end_matches(['：', ':', '，', ' ']);
        return colon || CONCLUDING_CHINESE.iter().any(|word| end.ends_with(word));
    }
    let written = |c: char| c.is_alphabetic() || c.is_whitespace() || ",;:'’()*_".contains(c);
    let last_word = words(lead).next_back().unwrap_or("");
    let concludes = CONCLUDING.iter().any(|word| word.eq_ignore_ascii_case(last_word));
    lead.chars().all(written)
        && words(lead).all(|word| is_harmless(word) || word.ends_with("ing"))
        && (!joins(lead) || lead.ends_with("ing,"))
        && (concludes || colon || lead.ends_with("ing,"))
}

/// Whether a word leads to a formula without a say in its value; here `sum` is no product of
/// variables.
fn is_harmless(word: &str) -> bool {
    let spelled = word.chars().filter(|c| c.is_alphabetic()).nth(2).is_some();
    is_plain(word) || (spelled && !is_numeral(word) && !is_operation(word) && !is_denial(word))
}

/// Whether what follows the last formula leaves it as it is.
fn settles(after: &str) -> bool {
    let glued = after.trim_start_matches(['*', '_', '"', ')']);
    let sentence = first_sentence(glued).trim_end_matches(['\n', ' ']);
    let rest = glued.get(sentence.len()..).unwrap_or("");
    let sentence = sentence.trim_end_matches(['。', '！', '*']);
    leaves(sentence) && ends_reply(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_that_concludes_is_found() {
        for (text, expect) in [
            ("Therefore $x = 5$.", "x = 5"),
            ("So the sum is $\\frac{3}{4}$.", "\\frac{3}{4}"),
            ("Since $a = 2$, the sum is $7$.", "7"),
            ("We get:\n\\[ x = 5. \\]", "x = 5"),
            ("Hence\n$$\n7\n$$\n", "7"),
            ("We obtain \\(7\\). I hope this helps!", "7"),
            ("It costs $5 or more. So the sum is $\\$7$.", "\\$7"),
            ("The area of $\\triangle ABC$ is **$7$**.", "7"),
            ("因此面积为 $7$。", "7"),
        ] {
            let found = concluding_formula(text).map(|s| s.found.text);
            assert_eq!(found.as_deref(), Some(expect), "{text}");
        }
    }

    #[test]
    fn a_statement_about_a_formula_is_no_value() {
        for (text, expect) in [
            ("Thus $2x$ is $10$.", "2x = 10"),
            ("Thus $x$ is $10$.", "x = 10"),
            ("Thus $2 + 3$ equals $5$.", "2 + 3 = 5"),
        ] {
            let found = concluding_formula(text).map(|s| s.found.text);
            assert_eq!(found.as_deref(), Some(expect), "{text}");
        }
    }

    #[test]
    fn a_formula_that_is_changed_is_not() {
        for text in [
            "So it is half of $5$.",
            "It is less than $5$.",
            "It is $5$ or so.",
            "It is $5$ million.",
            "It is $5$ times $x$",
            "It is not $5$.",
            "It is $5$?",
            "It is $5$!",
            "It is $-$$5$",
            "Twice $x$ is $5$.",
            "Step $5$",
            "Let $x$ be the answer because $x > 0$.",
            "It is $5$. Then add 6.",
            "It is $5$. No, it is six.",
            "Divide by $5$",
            "So $x > $ $5$",
            "She makes 9 * $2 = $18 every day.",
            "It costs $5, or $6",
            "So $2x =$ $10$",
            "One is $5$ and the other is $6$.",
            "It is about $5$ and a half",
        ] {
            assert!(concluding_formula(text).is_none(), "{text}");
        }
    }
}
