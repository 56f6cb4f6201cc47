//! Words that say little about which text they come from.
//!
//! The index learns from its own items which phrases are common, but with one benchmark registered
//! it has seen few of them. This list, the closed-class words of English and the words in which
//! exercises are put, gives it that much from the start. It lowers weights; it never excludes a text.

use std::collections::HashSet;
use std::sync::LazyLock;

const COMMON: &str = "
    a an the this that these those some any each every all both either neither no not none one two
    i you he she it we they me him her us them my your his its our their who whom whose which what
    when where why how if then else than as so such too very just also only even still yet again
    and or but nor for of in on at by to from with without into onto over under between among
    through during before after above below up down out off about against per
    is are was were be been being am do does did done doing has have had having can could will would
    shall should may might must let lets get gets got make makes made take takes took
    there here now today many much more most less least few several other another same different
    first second third last next new old
    how many much total number left altogether amount value answer question problem find calculate
    compute determine solve show explain write given following correct true false statement option
    options choose select best describes explanation final result step steps solution suppose
    function program code return returns returned input output list string integer array example
    examples def self class import assert none int str float bool print python
    say says said he's need needs use uses used using want wants know known give gives gave
    day days week weeks month months year years hour hours minute minutes time times
    dollars cost costs pay paid buy bought sell sold money price each
    = + - * / < > ^ == 0 1 2 3 4 5 6 7 8 9 10 100
";

static WORDS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| COMMON.split_whitespace().collect());

/// Whether a word in normal form is common. Single letters and digits are.
pub fn is_common(word: &str) -> bool {
    let single = word.is_ascii() && word.len() == 1;
    single || WORDS.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_not_common() {
        for (word, common) in [
            ("the", true),
            ("x", true),
            ("7", true),
            ("75", false),
            ("hamlet", false),
            ("水", false),
        ] {
            assert_eq!(is_common(word), common, "{word}");
        }
    }
}
