//! The final answer of an item, short enough to be compared.

/// The most bytes of a final answer; what is longer is a text.
const ANSWER_BYTES: usize = 200;

/// The final answer in a text: what follows the last `####`, else the last `\boxed{}`, else the text
/// itself. `None` when it is not one short line, or empty.
pub(super) fn of_answer(text: &str) -> Option<String> {
    of_solution(text).or_else(|| short(text))
}

/// The final answer that a worked solution marks: what follows the last `####`, else the last
/// `\boxed{}`.
pub(super) fn of_solution(text: &str) -> Option<String> {
    let marked = text.rsplit_once("####").map(|(_, rest)| rest.trim_start());
    let marked = marked.map(|rest| rest.lines().next().unwrap_or_default());
    short(marked.or_else(|| boxed(text))?)
}

fn short(text: &str) -> Option<String> {
    let text = text.trim();
    let good = !text.is_empty() && text.len() <= ANSWER_BYTES && !text.contains('\n');
    good.then(|| text.to_owned())
}

/// What is in the last `\boxed{}` or `\fbox{}` whose braces close.
fn boxed(text: &str) -> Option<&str> {
    let starts = ["\\boxed{", "\\fbox{"];
    let last = starts.iter().filter_map(|s| text.rfind(s).map(|at| at + s.len())).max()?;
    let (mut depth, mut escaped) = (1, false);
    for (at, byte) in text[last..].bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'{' => depth += 1,
            b'}' if depth == 1 => return Some(&text[last..last + at]),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The option that an answer names: by its place from 0 when it is a number, by its label (or, where
/// there are none, by `A` for the first) when it is a text. `None` when it names none.
pub(super) fn option<'a>(
    answer: &serde_json::Value,
    options: &'a [String],
    labels: &[String],
) -> Option<&'a String> {
    if let Some(place) = answer.as_u64() {
        return options.get(usize::try_from(place).ok()?);
    }
    let name = answer.as_str()?.trim().trim_matches(['(', ')', '.']);
    let same = |label: &String| label.trim().trim_matches(['(', ')', '.']) == name;
    if !labels.is_empty() {
        return options.get(labels.iter().position(same)?);
    }
    match name.as_bytes() {
        [letter @ b'A'..=b'Z'] => options.get(usize::from(letter - b'A')),
        [letter @ b'a'..=b'z'] => options.get(usize::from(letter - b'a')),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_last_mark_counts() {
        for (text, answer, solution) in [
            ("She makes $18.\n#### 18", Some("18"), Some("18")),
            ("#### 1\nno, #### 2 \nmore", Some("2"), Some("2")),
            (
                r"so \boxed{1}, hence $\boxed{\frac{1}{2}}$.",
                Some(r"\frac{1}{2}"),
                Some(r"\frac{1}{2}"),
            ),
            (r"\boxed{\{1, 2\}}", Some(r"\{1, 2\}"), Some(r"\{1, 2\}")),
            (r"\boxed{\text{never closed}", Some(r"\boxed{\text{never closed}"), None),
            (" 42 ", Some("42"), None),
            ("二十一", Some("二十一"), None),
            ("two\nlines", None, None),
            ("####", Some("####"), None),
            ("", None, None),
        ] {
            assert_eq!(of_answer(text).as_deref(), answer, "{text}");
            assert_eq!(of_solution(text).as_deref(), solution, "{text}");
        }
        assert_eq!(of_answer(&"long ".repeat(50)), None);
    }

    #[test]
    fn options_are_named_by_place_or_label() {
        let options = ["red", "green", "blue"].map(String::from);
        let labels = ["1", "2", "3"].map(String::from);
        for (answer, labels, expected) in [
            (json!(0), &[][..], Some("red")),
            (json!(3), &[], None),
            (json!("B"), &[], Some("green")),
            (json!("(c)"), &[], Some("blue")),
            (json!("Z"), &[], None),
            (json!("blue"), &[], None),
            (json!("2"), &labels, Some("green")),
            (json!("B"), &labels, None),
            (json!(null), &[], None),
        ] {
            assert_eq!(option(&answer, &options, labels).map(String::as_str), expected, "{answer}");
        }
    }
}
