//! What a word does to a number beside it: stands for a number itself, makes it a part of
//! something larger, takes it back, or none of these.
//!
//! The lists err on one side. A harmless word that is in them costs an answer that could have been
//! read; a harmful word that is missing would let a wrong answer pass.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Words for numbers, parts and multiples.
const NUMERALS: &str = "zero first one two three four five six seven eight nine ten eleven twelve \
    thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty \
    seventy eighty ninety hundred hundreds thousand thousands million millions billion billions \
    trillion trillions quadrillion quintillion lakh crore mil mill grand gross score scores tens \
    ones twos threes dozen dozens half halves third thirds quarter quarters fourth fourths fifth \
    fifths sixth sixths seventh sevenths eighth eighths ninth ninths tenth tenths eleventh twelfth \
    twelfths hundredth hundredths thousandth thousandths millionth millionths billionth once twice \
    thrice double triple quadruple twofold threefold tenfold googol infinity infinite infinitely \
    undefined none nothing several";

/// Words that compute, compare, join, choose or set a condition.
const OPERATIONS: &str = "plus minus times over mod modulo log ln lg sin cos tan cot sec csc exp \
    sqrt root roots square squares squared cube cubes cubed power powers raised factorial divide \
    divides divided dividing divisible multiply multiplies multiplied multiplying multiple \
    multiples add adds added adding subtract subtracts subtracted subtracting increase increased \
    increases decrease decreased decreases choose permute remainder repeating recurring repeated \
    prime base binary octal decimal hexadecimal hex nearly almost close before above upwards below under short inverse reciprocal opposite complement negative absolute modulus logarithm frac \
    less fewer more greater larger bigger smaller higher lower than most least exceed exceeds \
    exceeding between within until through or nor either if unless when whenever where whether \
    provided otherwise except excluding depending assuming suppose assume let say given without \
    pi tau phi psi chi eta rho too unequal different distinct unlike alpha beta gamma delta epsilon zeta theta iota kappa lambda sigma \
    omega infty euler";

/// Words that deny, doubt or correct what is said.
const DENIALS: &str = "not no never neither nor none cannot cant isnt wasnt dont doesnt wrong \
    incorrect incorrectly wrongly false mistake mistaken mistakenly error erroneous impossible \
    invalid but however although though instead rather unlikely doubt doubtful unsure uncertain \
    unclear maybe perhaps possibly probably might could guess guessed try thought reject rejected \
    eliminate eliminated exclude excluded actually wait oops trap tempting distractor fails claims claimed claim says intermediate tentative naive naively extraneous contradicts contradiction sorry rule ruled discard discarded cross crossed least";

/// Words of at most three letters that are neither numbers nor, as a whole, variables.
const SHORT: &str = "buy eat fly dig ask sew mow a i am an as at be by do go he in is it me my of on so to up us we pm \
    ago all and any are bed can did due end far few for get got had has her him his how its may \
    new now off old our out own per put ran run saw see she the too use via was way who why yet \
    you ant art bag bar bat bee bit box boy bus cap car cat cow cup cut day dog ear egg eye fan \
    fox gem gun hat hen hit hut ice jar job joy key kid lap law leg lot man map mat men mug net \
    nut oil pan pay pea pen pet pie pig pin pit pot ram rat row sea set sky spy sun tax tea tie \
    tin tip toe ton top toy tub van win yen gum ham hay hrs lbs oz fee bid ate won fed led met sat \
    air jug arm bay bow bug bus cab cop cot cub den dew dip dot dye elm fig fin fir fog fur gas gel \
    gap gym hip hog hub ink inn jam jet kit lab lid lip mud nap nun oak oar oat pit pod pub pup \
    rib rod rug rye saw sip sky sod spa tab tap tar zoo";

/// What the lists say of a word.
const NUMERAL: u8 = 1;
const OPERATION: u8 = 2;
const DENIAL: u8 = 4;
const BRIEF: u8 = 8;

/// The longest word of the lists, in bytes.
const LONGEST: usize = 16;

/// The lists that have this word, whatever its case.
fn lists_with(word: &str) -> u8 {
    static LISTS: LazyLock<HashMap<&[u8], u8>> = LazyLock::new(|| {
        let mut lists = HashMap::new();
        for (list, words) in
            [(NUMERAL, NUMERALS), (OPERATION, OPERATIONS), (DENIAL, DENIALS), (BRIEF, SHORT)]
        {
            for word in words.split_ascii_whitespace() {
                *lists.entry(word.as_bytes()).or_insert(0) |= list;
            }
        }
        lists
    });
    let lower;
    let word = if word.is_ascii() {
        word
    } else {
        lower = word.to_lowercase();
        &lower
    };
    let mut folded = [0; LONGEST];
    let Some(folded) = folded.get_mut(..word.len()) else { return 0 };
    folded.copy_from_slice(word.as_bytes());
    folded.make_ascii_lowercase();
    LISTS.get(&*folded).copied().unwrap_or(0)
}

/// The lists that have a word or a part of it between hyphens.
fn lists_with_part(word: &str) -> u8 {
    let whole = lists_with(word);
    if word.contains('-') {
        word.split('-').fold(whole, |lists, part| lists | lists_with(part))
    } else {
        whole
    }
}

/// Whether a word stands for a number or multiplies one: `five`, `million`, `halves`.
pub(crate) fn is_numeral(word: &str) -> bool {
    lists_with_part(word) & NUMERAL != 0
}

/// Whether a word computes, compares, joins, or sets a condition: `plus`, `squared`, `than`, `if`.
pub(crate) fn is_operation(word: &str) -> bool {
    lists_with_part(word) & OPERATION != 0
}

/// Whether a word takes back what is said, or doubts it: `not`, `wrong`, `isn't`, `maybe`.
pub(crate) fn is_denial(word: &str) -> bool {
    word.ends_with("n't") || word.ends_with("n’t") || lists_with_part(word) & DENIAL != 0
}

/// Whether a word leaves a number beside it as it is. Letters alone and runs of letters that are
/// no word (`xy`, `mgh`) may be variables, and do not.
pub(crate) fn is_plain(word: &str) -> bool {
    let lists = lists_with_part(word);
    if lists & (NUMERAL | OPERATION | DENIAL) != 0 || is_denial(word) {
        return false;
    }
    let (mut letters, mut vowel) = (0, false);
    for c in word.chars() {
        if c.is_alphabetic() {
            letters += 1;
            vowel |= "aeiouyAEIOUY".contains(c);
        } else if !"-'’".contains(c) {
            return false;
        }
    }
    // Names may have three letters.
    let capital =
        word.starts_with(char::is_uppercase) && !word.chars().skip(1).any(char::is_uppercase);
    let pronounced = (letters > 3 || (letters == 3 && capital)) && vowel;
    pronounced || lists_with(word) & BRIEF != 0
}

/// Whether a word may name what is counted: `clips`, `cups`.
pub(crate) fn is_noun(word: &str) -> bool {
    word.chars().count() > 2 && is_plain(word) && word.chars().all(char::is_alphabetic)
}

/// The words of a text, without the punctuation around them.
pub(super) fn words(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.split_whitespace()
        .map(|word| word.trim_matches(|c: char| ".,;:!?()[]\"'“”‘’—*_`$".contains(c)))
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_words_are_plain() {
        for word in
            ["clips", "cups", "cup", "Apples", "farmers'", "in", "altogether", "week-long", "Ann"]
        {
            assert!(is_plain(word), "{word}");
        }
        for word in [
            "x",
            "xy",
            "mgh",
            "gh",
            "ab",
            "abc",
            "ABC",
            "million",
            "halves",
            "one-half",
            "twenty-one",
            "if",
            "less",
            "than",
            "not",
            "isn't",
            "doesn’t",
            "squared",
            "pi",
            "theta",
            "5",
            "a+b",
            "wxzz",
        ] {
            assert!(!is_plain(word), "{word}");
        }
    }
}
