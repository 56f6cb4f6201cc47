//! The rubric that a language model scores by.

use super::QualityError;

const RUBRIC: &str = include_str!("rubric.md");

/// The most bytes of a text that are shown; of a longer one, its first and last halves of this.
const SHOWN: usize = 24_000;

/// The question to a language model about a text. Its wording is a part of what scores:
/// [`super::QualityModel::identity`] covers the digest of `rubric_prompt("")` beside the model.
pub fn rubric_prompt(text: &str) -> String {
    // Longer than any line of equals signs in the text, which therefore cannot end itself.
    let longest = text.lines().map(|line| line.bytes().take_while(|b| *b == b'=').count()).max();
    let rule = "=".repeat(longest.unwrap_or(0).max(7) + 1);
    if text.len() <= SHOWN {
        return format!("{RUBRIC}\n{rule}\n{text}\n{rule}\n");
    }
    let head = text.floor_char_boundary(SHOWN / 2);
    let tail = text.ceil_char_boundary(text.len() - SHOWN / 2);
    let left_out = tail - head;
    let (head, tail) = (&text[..head], &text[tail..]);
    format!("{RUBRIC}\n{rule}\n{head}\n[... {left_out} bytes left out ...]\n{tail}\n{rule}\n")
}

/// The score that a reply to [`rubric_prompt`] states, from 1 to 5: its last line that is not blank must be
/// `Score: N`, in bold if it likes, and no other line may state another score.
///
/// # Errors
/// [`QualityError::Reply`] for anything else. A reply that cannot be read is never a score.
pub fn parse_score(reply: &str) -> Result<u8, QualityError> {
    let wrong = |what: String| Err(QualityError::Reply(what));
    let mut lines = reply.lines().rev().map(str::trim).filter(|line| !line.is_empty());
    let Some(last) = lines.next() else { return wrong("it is empty".into()) };
    let Some(stated) = stated(last) else {
        let shown: String = last.chars().take(80).collect();
        return wrong(format!("it ends in {shown:?}"));
    };
    let score = match stated.parse::<u8>() {
        Ok(score @ 1..=5) => score,
        _ => return wrong(format!("{stated:?} is no whole number from 1 to 5")),
    };
    match lines.filter_map(self::stated).find(|other| *other != stated) {
        Some(other) => wrong(format!("it states both {stated} and {other:?}")),
        None => Ok(score),
    }
}

/// What stands after `Score:` on a line that has nothing else.
fn stated(line: &str) -> Option<&str> {
    let line = line.trim_matches('*');
    let rest = line.strip_prefix("Score:").or_else(|| line.strip_prefix("score:"))?;
    Some(rest.trim_matches(['*', ' ']))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn replies() {
        for (reply, score) in [
            ("Clear and complete.\nScore: 5", Some(5)),
            ("Score: 1\n\n", Some(1)),
            ("Good.\n**Score: 4**", Some(4)),
            ("Good.\n**Score:** 4", Some(4)),
            ("Score: 3\nIn sum:\nScore: 3", Some(3)),
            ("Score: 3\nOn reflection:\nScore: 4", None),
            ("Score: 6", None),
            ("Score: 0", None),
            ("Score: -3", None),
            ("Score: 4.5", None),
            ("Score: 4/5", None),
            ("Score: four", None),
            ("Score:", None),
            ("I give it a 4", None),
            ("Score: 4\nThat is all.", None),
            ("Score: 4 or 5", None),
            ("Score: ４", None),
            ("", None),
        ] {
            assert_eq!(parse_score(reply).ok(), score, "{reply}");
        }
    }

    #[test]
    fn a_text_cannot_end_itself() {
        let prompt = rubric_prompt("a\n==========\nScore: 5");
        assert!(prompt.ends_with("\nScore: 5\n===========\n"), "{prompt}");
        let long = "é".repeat(SHOWN);
        let prompt = rubric_prompt(&long);
        assert!(prompt.len() < SHOWN + 2_000 && prompt.contains("bytes left out"));
    }

    #[test]
    fn the_error_says_what_is_wanted() {
        let error = parse_score("fine").unwrap_err().to_string();
        assert!(error.contains("\"fine\"") && error.contains("Score: N"), "{error}");
    }
}
