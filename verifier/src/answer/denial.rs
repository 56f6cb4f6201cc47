//! Whether a reply takes back an answer near the place where it states it.

use super::chinese::takes_back_in_chinese;
use super::word::is_denial;

/// How far a clause reaches, in bytes.
const REACH: usize = 200;
/// Where a clause ends.
const BORDERS: [char; 11] = [',', ';', '.', '!', '?', '\n', '，', '；', '。', '！', '？'];
/// What encloses a text that is struck out.
const STRUCK: &str = "~~";

/// Whether the clause around `text[start..end]` denies it, doubts it or makes it a condition:
/// `it is not …`, `if … were right`, `… is wrong`, `…?`.
pub(super) fn denied(text: &str, start: usize, end: usize) -> bool {
    let (after, mark) = clause_after(text, end);
    const REASONS: [&str; 2] = ["since", "because"];
    let reason = |word: &&str| REASONS.iter().any(|r| r.eq_ignore_ascii_case(word));
    let said = || words(after).take_while(|word| !reason(word));
    denied_ahead(text, start)
        || matches!(mark, Some('?' | '？'))
        || (!is_contrast(after) && said().any(|word| denies(word) || rejects(word)))
        || after.contains(STRUCK)
        || after.contains(['✗', '✘', '❌'])
}

/// `and not 6`, `(not $\infty$)`: another value is denied.
pub(super) fn is_contrast(after: &str) -> bool {
    let rest = after.trim_start_matches(['$', ')', '*', '}', ' ', '(', '\\', ']']);
    let rest = rest.strip_prefix("and ").unwrap_or(rest);
    let other = ["not ", "rather than ", "instead of "].iter().find_map(|w| rest.strip_prefix(w));
    other.is_some_and(|other| {
        let value = other.split(char::is_whitespace).next().unwrap_or("");
        let single = words(other).nth(1).is_none();
        single && value.starts_with(|c: char| c.is_ascii_digit() || "$\\-".contains(c))
    })
}

/// Whether a word behind an answer says that it will not do.
fn rejects(word: &str) -> bool {
    const REJECTIONS: [&str; 12] = [
        "too",
        "extraneous",
        "contradicts",
        "contradiction",
        "violates",
        "off",
        "would",
        "naive",
        "step",
        "intermediate",
        "inadmissible",
        "might",
    ];
    REJECTIONS.iter().any(|rejection| rejection.eq_ignore_ascii_case(word))
}

/// Whether the clause before `text[start..]` denies what follows, doubts it or makes it a
/// condition.
pub(super) fn denied_ahead(text: &str, start: usize) -> bool {
    const CONDITIONS: [&str; 6] = ["if", "unless", "whether", "suppose", "assume", "assuming"];
    const CONCLUSIONS: [&str; 5] = ["so", "thus", "therefore", "hence", "then"];
    let is_condition = |word: &str| CONDITIONS.iter().any(|c| c.eq_ignore_ascii_case(word));
    let is_conclusion = |word: &str| CONCLUSIONS.iter().any(|c| c.eq_ignore_ascii_case(word));
    let before = clause_before(text, start);
    // What a conclusion is drawn from may well be a denial: `it is not 3 so …`; and `but` at the
    // head of a clause sets it against the one before.
    const TURNS: [&str; 3] = ["but", "however", "instead"];
    let turn = words(before).next().filter(|w| TURNS.iter().any(|t| t.eq_ignore_ascii_case(w)));
    let count = words(before).count() - usize::from(turn.is_some());
    let mut premises = words(before).rev().take(count).take_while(|word| !is_conclusion(word));
    premises.any(|word| denies(word) || is_condition(word)) || before.contains(STRUCK)
}

/// Whether what follows an answer says that it was wrong.
pub(super) fn withdrawn(after: &str) -> bool {
    // The words that came before the present one, the last first.
    let mut before = [""; 4];
    let mut rest = after;
    while let Some(start) = rest.find(|c: char| c.is_alphanumeric()) {
        let gap = rest.get(..start).unwrap_or("");
        let said = rest.get(start..).unwrap_or("");
        let end = said.find(|c: char| !(c.is_alphanumeric() || "'’".contains(c)));
        let (word, next) = said.split_at(end.unwrap_or(said.len()));
        if gap.contains(['.', '!', '?', ';']) {
            before = [""; 4];
        }
        if takes_back(word, before, next) || (!word.is_ascii() && takes_back_in_chinese(word)) {
            return true;
        }
        before = [word, before[0], before[1], before[2]];
        rest = next;
    }
    false
}

fn is(word: &str, list: &[&str]) -> bool {
    list.iter().any(|entry| entry.eq_ignore_ascii_case(word))
}

/// Whether a word takes back an answer, after the words `before` it and with `next` behind it.
fn takes_back(word: &str, before: [&str; 4], next: &str) -> bool {
    const REMARKS: [&str; 13] = [
        "wait",
        "oops",
        "actually",
        "correction",
        "sorry",
        "whoops",
        "hmm",
        "kidding",
        "disregard",
        "recompute",
        "recalculate",
        "redo",
        "meant",
    ];
    const STEMS: [&str; 2] = ["mistake", "apologi"];
    const JUDGEMENTS: [&str; 4] = ["wrong", "incorrect", "false", "impossible"];
    const NEGATED: [&str; 5] = ["right", "correct", "true", "possible", "the"];
    const SUBJECTS: [&str; 5] = ["that", "this", "it", "which", "answer"];
    const COPULAS: [&str; 3] = ["is", "was", "seems"];
    let stem = |stem: &&str| word.get(..stem.len()).is_some_and(|w| w.eq_ignore_ascii_case(stem));
    if is(word, &REMARKS) || STEMS.iter().any(stem) {
        return true;
    }
    if is(word, &["no"]) {
        return next.is_empty() || next.starts_with([',', '.', '!']);
    }
    if is(word, &["edit"]) {
        return next.starts_with(':');
    }
    if is(word, &["that"]) {
        return is(before[0], &["scratch", "ignore", "strike"]);
    }
    let retracted = match word {
        "mind" => is(before[0], &["never"]),
        "back" => is(before[0], &["that"]) && is(before[1], &["take"]),
        "mean" => before[0] == "I",
        "reflection" => is(before[0], &["on"]),
        "error" => is(before[0], &["an"]) && (is(before[1], &["made", "there's"])),
        "fails" => is(before[0], &["it", "that", "this", "check"]),
        "contradiction" | "Contradiction" => {
            before[0].is_empty() || (is(before[0], &["a"]) && !is(before[1], &["by", "get"]))
        }
        "be" => {
            is(before[0], &["should"]) && (before[1].is_empty() || is(before[1], &["it", "that"]))
        }
        _ => false,
    };
    if retracted {
        return true;
    }
    if is(word, &["thought", "thoughts"]) {
        return is(before[0], &["second"]) && is(before[1], &["on"]);
    }
    // `that is`, `that's`, and as the second of two words before the judgement.
    let subject = |word: &str| {
        let bare = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s"));
        bare.is_some_and(|bare| is(bare, &SUBJECTS))
    };
    let judged = |at: usize| {
        let [one, two] = [before.get(at), before.get(at + 1)].map(|w| w.copied().unwrap_or(""));
        subject(one) || (is(one, &COPULAS) && is(two, &SUBJECTS))
    };
    if is(word, &JUDGEMENTS) {
        let i_was = is(before[0], &["was", "am"]) && is(before[1], &["i"]);
        return judged(0) || judged(1) || i_was;
    }
    if is(word, &NEGATED) && is(before[0], &["not"]) {
        return judged(1) || judged(2);
    }
    // `it can't`, `that isn't`, `this does not`.
    let pronoun = |word: &str| is(word, &SUBJECTS[..4]);
    let short = ["n't", "n’t"].iter().find_map(|ending| word.strip_suffix(ending));
    if is(word, &["cannot"]) || short.is_some_and(|w| is(w, &["ca", "could", "is", "was", "does"]))
    {
        return pronoun(before[0]);
    }
    is(word, &["not"])
        && is(before[0], &["could", "is", "was", "does", "can"])
        && pronoun(before[1])
}

/// Whether a word of English or a run of Chinese denies, doubts or makes a condition.
fn denies(word: &str) -> bool {
    const CHINESE: [&str; 15] = [
        "有人",
        "例如",
        "第一问",
        "不是",
        "不为",
        "并非",
        "不可能",
        "不选",
        "不对",
        "错",
        "如果",
        "假设",
        "可能",
        "也许",
        "若",
    ];
    is_denial(word) || (!word.is_ascii() && CHINESE.iter().any(|denial| word.contains(denial)))
}

/// The words of a text, commands and braces of LaTeX apart.
fn words(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.split(|c: char| !(c.is_alphabetic() || "'’-".contains(c))).filter(|word| !word.is_empty())
}

fn clause_before(text: &str, start: usize) -> &str {
    let near = &text[text.ceil_char_boundary(start.saturating_sub(REACH))..start];
    let clause = near.rsplit(BORDERS).next().unwrap_or(near);
    // `None of the values fits: the answer …`
    match clause.rsplit_once(':') {
        Some((reason, "" | " " | " the " | " The " | " so the " | " thus the "))
            if words(reason).nth(3).is_some() =>
        {
            clause.rsplit(':').next().unwrap_or(clause)
        }
        _ => clause,
    }
}

/// The clause after a place and the mark that ends it.
fn clause_after(text: &str, end: usize) -> (&str, Option<char>) {
    let near = &text[end..text.floor_char_boundary(end + REACH)];
    let at = near.find(BORDERS).unwrap_or(near.len());
    (&near[..at], near[at..].chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn denials_are_seen_and_conclusions_from_them_are_not() {
        for (text, expect) in [
            ("It is X.", false),
            ("It is not X.", true),
            ("I doubt that it is X.", true),
            ("It isn't X.", true),
            ("\\text{not }X", true),
            ("~~It is X~~", true),
            ("If X were right, we would see it.", true),
            ("X is wrong.", true),
            ("X is tempting", true),
            ("Is it X?", true),
            ("It is not even, so X is right.", false),
            ("It is not even so X is right.", false),
            ("Not hard. It is X.", false),
            ("It is X, not Y.", false),
            ("答案不是X。", true),
            ("如果答案是X", true),
            ("不是奇数，所以答案是X。", false),
            ("答案是X吗？", true),
        ] {
            let denied = text.find('X').map(|at| denied(text, at, at + 1));
            assert_eq!(denied, Some(expect), "{text}");
        }
        for (after, expect) in [
            (" I hope this helps!", false),
            ("\nWait, I forgot the tax.", true),
            ("\nThat is wrong.", true),
            (" which is not correct", true),
            (" It can't be.", true),
            (" No, that fails.", true),
            ("\n\nNo.", true),
            ("\nCorrection: 6", true),
            (" That is clearly not right.", true),
            (" That’s wrong", true),
            (" That is all. Wrong answers are 3 and 4.", false),
            (" On second thought, 6", true),
            ("\nEDIT: 6", true),
            (" I was wrong", true),
            (" It does not fit", true),
            (" It doesn’t fit", true),
            (" Scratch that", true),
            (" There is no doubt", false),
            ("。不对，应该是6。", true),
            ("。谢谢！", false),
        ] {
            assert_eq!(withdrawn(after), expect, "{after}");
        }
    }
}
