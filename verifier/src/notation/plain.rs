//! Plain words and symbols: without the dress of LaTeX, in one case, in one spelling.

use crate::answer::word::is_plain;

/// Without `\text{…}` and other dress of words; linear.
pub(super) fn undressed(text: &str) -> String {
    const FONTS: [&str; 13] = [
        "\\text",
        "\\textbf",
        "\\textit",
        "\\textrm",
        "\\mathrm",
        "\\mathbf",
        "\\mathit",
        "\\mbox",
        "\\operatorname",
        "\\textnormal",
        "\\mathsf",
        "\\emph",
        "\\ce",
    ];
    let mut plain = String::with_capacity(text.len());
    // For each open brace whether it belongs to a font.
    let mut fonts: Vec<bool> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first == '\\' {
            let end =
                1 + rest[1..].find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len() - 1);
            if FONTS.contains(&&rest[..end]) && rest[end..].trim_start().starts_with('{') {
                let brace = end + rest[end..].find('{').unwrap_or(0) + 1;
                fonts.push(true);
                rest = &rest[brace..];
                continue;
            }
            if end == 1 {
                let escaped = rest[1..].chars().next();
                match escaped {
                    Some(',' | ';' | ':' | ' ' | '!' | '(' | ')' | '[' | ']') => plain.push(' '),
                    Some(c) => plain.push(c),
                    None => {}
                }
                rest = &rest[1 + escaped.map_or(0, char::len_utf8)..];
                continue;
            }
            plain.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        match first {
            '~' if rest.starts_with("~~") => {
                plain.push_str("~~");
                rest = &rest[1..];
            }
            '{' => {
                fonts.push(false);
                plain.push('{');
            }
            '}' => {
                if !fonts.pop().unwrap_or(false) {
                    plain.push('}');
                }
            }
            '$' | '~' => plain.push(' '),
            '’' => plain.push('\''),
            c => plain.push(c),
        }
        rest = &rest[first.len_utf8()..];
    }
    plain
}

/// Folds the case of words, single spaces, no article; of symbols (`mW`, `MW`, `CO`) the case
/// carries the meaning.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len().min(MAX_WORDS));
    for word in text.split_whitespace() {
        let word = word.trim_matches(|c: char| "*_`\"“”".contains(c));
        if word.is_empty() {
            continue;
        }
        if !folded.is_empty() {
            folded.push(' ');
        }
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        let capitals = has_inner_capital(word);
        let shouted = letters > 3 && word.chars().all(|c| !c.is_lowercase());
        if ((letters > 3 || is_plain(word) || is_small_word(word)) && !capitals) || shouted {
            folded.push_str(&word.to_lowercase());
        } else {
            folded.push_str(word);
        }
    }
    let plain = folded.trim_end_matches(['.', '!', ',', ';']);
    let plain = ["the ", "an ", "a "].iter().find_map(|a| plain.strip_prefix(a)).unwrap_or(plain);
    plain.to_owned()
}

/// Words that are no nouns and have at most three letters.
fn is_small_word(word: &str) -> bool {
    ["no", "yes", "not", "one", "two", "six", "ten", "odd", "and", "or", "the", "red"]
        .iter()
        .any(|w| w.eq_ignore_ascii_case(word))
}

/// Without what never carries meaning: delimiters, sizes, spaces that do not keep letters apart.
pub fn squash(text: &str) -> String {
    let mut plain = undressed(text);
    for (from, to) in
        [("\\left", ""), ("\\right", ""), ("\\dfrac", "\\frac"), ("\\tfrac", "\\frac")]
    {
        if plain.contains(from) {
            // `\leftarrow` is another command.
            plain = replace_command(&plain, from, to);
        }
    }
    let mut squashed = String::with_capacity(plain.len());
    // Dashes of all lengths are one.
    if plain.contains(['−', '–']) {
        plain = plain.replace(['−', '–'], "-");
    }
    let mut words = plain.split_whitespace().peekable();
    while let Some(word) = words.next() {
        squashed.push_str(word);
        let meets = words.peek().is_some_and(|next| next.starts_with(char::is_alphanumeric));
        if meets && word.ends_with(|c: char| c.is_alphanumeric()) {
            squashed.push(' ');
        }
    }
    squashed
}

fn replace_command(text: &str, from: &str, to: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut parts = text.split(from);
    replaced.push_str(parts.next().unwrap_or(""));
    for part in parts {
        let other = part.starts_with(|c: char| c.is_ascii_alphabetic());
        replaced.push_str(if other { from } else { to });
        replaced.push_str(part);
    }
    replaced
}

/// The longest text that is compared as words, in bytes.
const MAX_WORDS: usize = 1 << 17;

/// Whether a capital stands behind a letter, as in symbols: `mW`, `CaCO3`.
pub fn has_inner_capital(word: &str) -> bool {
    let mut letter = false;
    word.chars().any(|c| {
        let found = letter && c.is_uppercase();
        letter = c.is_alphabetic();
        found
    })
}
