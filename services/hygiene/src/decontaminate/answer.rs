//! Whether a text comes to an item's answer.

use crate::normalise::fold;

/// How far from its end a text's answer is looked for, in bytes.
const END: usize = 400;

/// Whether the answer is the text's: the one that is known, else one that is stated in a box, after
/// `####` or near the end. `None` when neither text says.
pub fn agrees(stated: Option<&str>, text: &str, expected: Option<&str>) -> Option<bool> {
    let expected = plain(expected?);
    if expected.is_empty() {
        return None;
    }
    if let Some(stated) = stated {
        return Some(plain(stated) == expected);
    }
    let marked = [("\\boxed{", '}'), ("#### ", '\n')].into_iter().find_map(|(open, close)| {
        let rest = &text[text.rfind(open)? + open.len()..];
        rest.split(close).next().map(|answer| plain(answer) == expected)
    });
    if marked.is_some() {
        return marked;
    }
    let mut from = text.len().saturating_sub(END);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let end = plain(&text[from..]);
    let stands = end.match_indices(&expected).any(|(at, _)| {
        let free = |ch: Option<char>| ch.is_none_or(|ch| !ch.is_alphanumeric());
        free(end[..at].chars().next_back()) && free(end[at + expected.len()..].chars().next())
    });
    // That it does not stand there says nothing: the text may give no answer.
    stands.then_some(true)
}

/// Without what only dresses an answer: dollar signs, separators of thousands, a full stop.
fn plain(answer: &str) -> String {
    let folded: String =
        fold(answer).map(|folded| folded.ch).filter(|ch| !matches!(ch, '$' | ',')).collect();
    folded.trim().trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_known_marked_or_stands_near_the_end() {
        for (stated, text, expected, agreed) in [
            (Some("1,800"), "", Some("1800"), Some(true)),
            (Some("17"), "18", Some("18"), Some(false)),
            (None, "so \\boxed{18}, not 4", Some("18"), Some(true)),
            (None, "so \\boxed{17}. 18", Some("18"), Some(false)),
            (None, "#### 18\n", Some("18"), Some(true)),
            (None, "She makes $18.", Some("18"), Some(true)),
            (None, "She makes $180.", Some("18"), None),
            (None, "18", None, None),
        ] {
            assert_eq!(agrees(stated, text, expected), agreed, "{text}");
        }
    }
}
