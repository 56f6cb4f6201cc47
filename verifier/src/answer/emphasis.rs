//! Takes emphasis off words: `**5**`, `__5__`, `` `5` ``.

/// Takes `**…**`, `__…__` and `` `…` `` off words that stand apart; a power stays.
pub(super) fn without_emphasis(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let apart = out.chars().next_back().is_none_or(|c| c.is_whitespace() || c == '(');
        if let Some((inner, after)) = emphasised(rest).filter(|_| apart) {
            out.push_str(inner);
            rest = after;
        } else {
            out.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or("");
        }
    }
    out
}

/// What is emphasised at the head of a text, and what follows it.
fn emphasised(text: &str) -> Option<(&str, &str)> {
    let mark = ["**", "__", "`"].into_iter().find(|mark| text.starts_with(mark))?;
    let inner = text.strip_prefix(mark)?;
    let end = inner.find(['*', '_', '`', '\n'])?;
    let (inner, after) = inner.split_at_checked(end)?;
    let after = after.strip_prefix(mark)?;
    let whole = !inner.is_empty() && inner.trim().len() == inner.len();
    let apart = after.is_empty()
        || after.starts_with(|c: char| c.is_whitespace() || ".,;:!?)。，；：！？".contains(c));
    (whole && apart).then_some((inner, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emphasis_goes_and_powers_stay() {
        for (text, plain) in [
            ("it is **42** apples", "it is 42 apples"),
            ("**a** __b__ (`c`), **d**.", "a b (c), d."),
            ("2**3**4", "2**3**4"),
            ("2 ** 3 ** 2", "2 ** 3 ** 2"),
            ("**a__", "**a__"),
            ("****", "****"),
            ("**a\nb**", "**a\nb**"),
        ] {
            assert_eq!(without_emphasis(text), plain, "{text}");
        }
    }
}
