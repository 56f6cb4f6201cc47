//! Where a reply says in the first person which letter it takes: "I'd go with B", "my choice is B".

/// A choice in the first person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chosen {
    /// Where the letter begins, with its dress.
    pub letter: usize,
    /// The end of the sentence or line.
    pub end: usize,
    /// Whether the words say less than a choice: `so B`, `it is B`.
    pub weak: bool,
}

/// The longest clause that is read from a letter on, in bytes.
const MAX_CLAUSE: usize = 300;

/// The last choices of a text, at most as many as `most`.
pub(super) fn chosen(body: &str, most: usize) -> Vec<Chosen> {
    let mut found: Vec<Chosen> = Vec::new();
    let mut near: Vec<&str> = Vec::with_capacity(8);
    let mut at = 0;
    while let Some(start) =
        body.get(at..).and_then(|rest| rest.find(|c: char| c.is_ascii_alphabetic()))
    {
        let start = at + start;
        let Some(rest) = body.get(start..) else { break };
        let end = rest.find(|c: char| !(c.is_ascii_alphabetic() || "'’".contains(c)));
        let end = start + end.unwrap_or(rest.len());
        // Words of another sentence lead to nothing.
        if body.get(at..start).is_some_and(|gap| gap.contains(['.', '!', '?', '\n', ';'])) {
            near.clear();
        }
        if near.len() == 8 {
            near.remove(0);
        }
        near.push(body.get(start..end).unwrap_or(""));
        at = end;
        let weak = concludes(&near);
        if (weak || announces(&near))
            && let Some(letter) = letter_behind(body, end)
            && !(weak && begins_words(body, letter))
        {
            let clause =
                body.get(letter..body.floor_char_boundary(letter + MAX_CLAUSE)).unwrap_or("");
            let end = letter + clause.find('\n').unwrap_or(clause.len());
            found.push(Chosen { letter, end, weak });
            at = letter + 1;
            near.clear();
        }
    }
    found.split_off(found.len().saturating_sub(most))
}

fn is(word: &str, list: &[&str]) -> bool {
    list.iter().any(|entry| entry.eq_ignore_ascii_case(word))
}

/// Whether the last of some words announces a choice.
fn announces(near: &[&str]) -> bool {
    const VERBS: [&str; 10] = [
        "choose",
        "chose",
        "pick",
        "picked",
        "select",
        "selected",
        "choosing",
        "picking",
        "selecting",
        "chosen",
    ];
    const GOING: [&str; 3] = ["go", "going", "went"];
    const PERSONS: [&str; 10] =
        ["I", "I'd", "I’d", "I'll", "I’ll", "we", "I'm", "I’m", "we'd", "we'll"];
    let Some((last, before)) = near.split_last() else { return false };
    let mut ahead = before.iter().rev();
    if is(last, &["is", "be"]) {
        let is_noun = |word: &&&str| is(word, &["choice", "pick", "selection"]);
        // `my final choice would be`
        return ahead.by_ref().take(2).any(|word| is_noun(&word))
            && ahead.take(2).any(|word| is(word, &["my", "our"]));
    }
    let verb = if is(last, &["with"]) {
        ahead.next().is_some_and(|verb| is(verb, &GOING))
    } else {
        is(last, &VERBS)
    };
    // `I would therefore choose`: a word or two may stand between.
    verb && ahead.take(4).any(|word| is(word, &PERSONS))
}

/// Whether the last of some words leads to a conclusion: `so B`, `answer B`, `it must be B`, `I'd
/// say B`.
fn concludes(near: &[&str]) -> bool {
    const CONCLUSIONS: [&str; 7] = ["so", "thus", "therefore", "hence", "answer", "it's", "it’s"];
    let Some((last, before)) = near.split_last() else { return false };
    let mut ahead = before.iter().rev();
    if is(last, &CONCLUSIONS) {
        return true;
    }
    if is(last, &["say"]) {
        return ahead.take(2).any(|word| is(word, &["I", "I'd", "I’d"]));
    }
    let verb = is(last, &["is"])
        || (is(last, &["be"]) && ahead.next().is_some_and(|word| is(word, &["must"])));
    verb && ahead.next().is_some_and(|word| is(word, &["it"]))
}

/// Whether the letter at a place is a word before others: `I think`, `A whale`.
fn begins_words(body: &str, letter: usize) -> bool {
    let rest = body.get(letter..).unwrap_or("");
    let next = rest.get(1..).unwrap_or("");
    rest.starts_with(['I', 'A'])
        && next.starts_with(' ')
        && next.trim_start().starts_with(|c: char| c.is_lowercase())
}

/// Where a letter in its dress begins, right behind a place.
fn letter_behind(body: &str, at: usize) -> Option<usize> {
    let mut rest = body.get(at..)?;
    let mut named = false;
    loop {
        rest = rest.trim_start_matches([' ', ':']);
        let word = ["the ", "option ", "choice ", "answer ", "letter ", "Option "]
            .iter()
            .find_map(|lead| rest.strip_prefix(lead).map(|after| (*lead, after)));
        let Some((lead, after)) = word else { break };
        named |= lead != "the ";
        rest = after;
    }
    let inner = rest.trim_start_matches(['(', '[', '$', '*', '_']);
    let dress = rest.get(..rest.len() - inner.len()).unwrap_or("");
    let bracketed = dress.contains(['(', '[']);
    let mut chars = inner.chars();
    let letter = chars.next()?;
    let capital =
        letter.is_ascii_uppercase() || (letter.is_ascii_lowercase() && (named || bracketed));
    let apart = chars.next().is_none_or(|c| !(c.is_alphanumeric() || "'’_-".contains(c)));
    (capital && apart).then(|| body.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_in_the_first_person_are_found() {
        for (text, expect) in [
            ("I'd go with B.", Some("B.")),
            ("So I would go with (B).", Some("(B).")),
            ("I choose option b", Some("b")),
            ("My final choice is: B", Some("B")),
            ("my choice would be B", Some("B")),
            ("We therefore pick the option C", Some("C")),
            ("I will select B\nbye", Some("B")),
            ("I choose a letter", None),
            ("They choose B", None),
            ("I. Choose B", None),
            ("the choice is B", None),
            ("I choose B'", None),
            ("I go with Bob", None),
        ] {
            let found: Vec<&str> = chosen(text, 9).iter().map(|c| &text[c.letter..c.end]).collect();
            assert_eq!(found, expect.into_iter().collect::<Vec<_>>(), "{text}");
        }
    }
}
