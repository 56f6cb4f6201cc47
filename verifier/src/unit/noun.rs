//! Nouns: what is counted.

/// Nouns on `-ie`, whose plurals look like those on `-y`.
const ON_IE: [&str; 16] = [
    "cookie", "pie", "movie", "tie", "brownie", "zombie", "calorie", "smoothie", "hoodie",
    "rookie", "veggie", "birdie", "die", "genie", "selfie", "collie",
];

/// The singular of a noun, near enough to compare. Short words keep their case: `Cal` and `cal`.
pub(super) fn singular(word: &str) -> String {
    if word.chars().count() < 4 {
        return if word == "men" { "man".to_owned() } else { word.to_owned() };
    }
    let word = word.to_lowercase();
    let stem = match word.as_str() {
        "feet" => "foot",
        "people" => "person",
        "children" => "child",
        "women" => "woman",
        "mice" => "mouse",
        "geese" => "goose",
        "teeth" => "tooth",
        word if ["xes", "ches", "shes", "sses"].iter().any(|end| word.ends_with(end)) => {
            word.strip_suffix("es").unwrap_or(word)
        }
        word if word.ends_with("ies") => {
            let shorter = word.strip_suffix('s').unwrap_or(word);
            let stem = word.strip_suffix("ies").unwrap_or(word);
            if ON_IE.contains(&shorter) {
                shorter
            } else {
                return format!("{stem}y");
            }
        }
        word if word.ends_with('s') && !word.ends_with("ss") => {
            word.strip_suffix('s').unwrap_or(word)
        }
        word => word,
    };
    stem.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_share_their_singular() {
        for (plural, one) in [
            ("Apples", "apple"),
            ("boxes", "box"),
            ("glass", "glass"),
            ("people", "person"),
            ("berries", "berry"),
            ("cookies", "cookie"),
            ("Cal", "Cal"),
        ] {
            assert_eq!(singular(plural), one);
            assert_eq!(singular(one), one);
        }
    }
}
