//! Ways in which a quote is changed without becoming another text.

use super::Draw;

/// Words that stand in for others.
const REPLACEMENTS: &[&str] =
    &["quite", "really", "certain", "given", "exact", "usual", "present", "whole", "entire"];

/// A long text with about one word in sixteen changed, and in disguise now and then. Numbers stay as they
/// are.
pub fn lightly(text: &str, draw: &mut Draw) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let mut changed = Vec::with_capacity(words.len());
    for word in words {
        let plain = word.len() > 3 && word.bytes().all(|b| b.is_ascii_lowercase());
        match if plain { draw.between(0, 63) } else { 63 } {
            0 => changed.push((*draw.one_of(REPLACEMENTS)).to_owned()),
            1 => {}
            2 => changed.push(typo(word)),
            3 => changed.push(format!("{word} {}", draw.one_of(REPLACEMENTS))),
            _ => changed.push(word.to_owned()),
        }
    }
    disguised(&changed.join(" "), draw)
}

/// A short text as somebody types it from memory: every word is there, or only an article is missing.
pub fn retyped(text: &str, draw: &mut Draw) -> String {
    let text = match draw.between(0, 3) {
        0 => text.to_lowercase(),
        1 => text.trim_end_matches(['?', '.']).to_owned(),
        2 => text.replacen("the ", "", 1),
        _ => text.to_uppercase(),
    };
    disguised(&text, draw)
}

/// The same letters in a form that looks alike to a reader.
fn disguised(text: &str, draw: &mut Draw) -> String {
    match draw.between(0, 5) {
        0 => text.chars().map(full_width).collect(),
        1 => text.replace(' ', "\u{a0}"),
        2 => text.replace("ti", "t\u{200b}i"),
        3 => text.replace(' ', "  "),
        _ => text.to_owned(),
    }
}

fn full_width(letter: char) -> char {
    match letter {
        '!'..='~' => char::from_u32(u32::from(letter) + 0xfee0).unwrap_or(letter),
        _ => letter,
    }
}

fn typo(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    letters.swap(1, 2);
    letters.into_iter().collect()
}
