//! Units: what may stand beside a number without being a part of it.
//!
//! The list is closed. A letter beside a number is as often a variable as a unit (`5 m`), and so
//! are some pairs (`2 mg` is twice a weight): such units are [`Kind::Doubtful`].

use super::word::is_noun;

/// A unit in its normal spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// `cm`, `m/s^2`, `dollar`, `mile/hour`; nouns in the singular.
    pub name: String,
    /// How sure it is that these letters are a unit.
    pub kind: Kind,
}

/// What the letters of a unit can be taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A unit and nothing else.
    Certain,
    /// A unit or a product of variables.
    Doubtful,
    /// The name of what is counted.
    Noun,
}

/// Symbols that nobody takes for variables.
const CERTAIN: &str = "° °C °F cm mm km kg µm µg µs µA µF kL dL mL cL ml cl kHz MHz GHz Hz kPa \
    MPa hPa atm kJ MJ GJ kN MN kW GW TW kWh mmol mol keV MeV GeV kV mph kph lbs hrs hr mins min \
    secs sec gal kcal kB MB GB TB dB USD EUR GBP Ω kΩ MΩ";
/// Symbols that are units only when a space or a font sets them apart.
const CERTAIN_APART: &str = "ft lb yd oz in mi";
/// Symbols that may be variables.
const DOUBTFUL: &str = "m s g h t N J W V A K C L F T l mg nm cd lm lx ms ns pm mW MW mN mJ mA mV \
    mK mM mF kA Pa Wb eV";
/// Quotients of doubtful symbols that are certain together.
const CERTAIN_QUOTIENTS: [&str; 4] = ["m/s", "m/s^2", "g/mol", "g/cm^3"];
/// Words that may be written without a space, in the singular.
const WORDS: &str = "dollar cent euro pound penny yen rupee meter metre centimeter centimetre \
    millimeter millimetre kilometer kilometre inch foot mile yard second minute hour day week month \
    year gram kilogram milligram ounce ton tonne liter litre milliliter millilitre gallon degree \
    radian newton joule watt volt ampere kelvin pascal hertz mole unit";

fn listed(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|entry| entry == word)
}

/// The unit that a currency sign stands for.
pub(super) fn currency(sign: char) -> Option<Unit> {
    let name = match sign {
        '$' | '\u{FF04}' => "dollar",
        '€' => "euro",
        '£' => "pound",
        '¥' => "yen",
        '₹' => "rupee",
        _ => return None,
    };
    Some(Unit { name: name.to_owned(), kind: Kind::Certain })
}

/// The unit at the head of a text, and what follows it.
///
/// `apart` says whether a space stands between the number and the text.
pub(super) fn take(text: &str, apart: bool) -> Option<(Unit, &str)> {
    let first = text.chars().next()?;
    if let Some(unit) = currency(first) {
        return ends(&text[first.len_utf8()..]).map(|rest| (unit, rest));
    }
    let (Unit { mut name, mut kind }, mut rest) = term(text, apart)?;
    while let Some((joint, next)) = joint(rest) {
        let joined = term(next, true);
        match (joint, joined) {
            // Two symbols side by side are a product; of anything with a word the rest is prose.
            (" ", None) => break,
            (" ", Some((unit, _))) if is_word(&name) || is_word(&unit.name) => break,
            (_, None) => return None,
            (_, Some((unit, after))) => {
                name = name + joint + &unit.name;
                rest = after;
            }
        }
    }
    if apart && CERTAIN_QUOTIENTS.contains(&name.as_str()) {
        kind = Kind::Certain;
    }
    // `5 in the box`
    if name == "in" && !rest.is_empty() {
        return None;
    }
    ends(rest).map(|rest| (Unit { name, kind }, rest))
}

/// Whether a unit is a word rather than a symbol; `in` is more often the preposition.
fn is_word(name: &str) -> bool {
    name == "in" || listed(WORDS, name) || is_noun(name)
}

/// What joins two units, in its normal spelling, and the text after it.
fn joint(text: &str) -> Option<(&'static str, &str)> {
    for (written, normal) in
        [(" per ", "/"), (" / ", "/"), ("/", "/"), (" × ", "×"), ("×", "×"), (" ", " ")]
    {
        if let Some(rest) = text.strip_prefix(written) {
            return Some((normal, rest));
        }
    }
    None
}

/// One symbol or word with its power.
fn term(text: &str, apart: bool) -> Option<(Unit, &str)> {
    let end = text.find(|c: char| !(c.is_alphabetic() || c == '°')).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    for dimension in ["square", "cubic"] {
        if word == dimension
            && let Some((unit, rest)) = rest.strip_prefix(' ').and_then(|next| term(next, true))
        {
            return Some((Unit { name: format!("{dimension} {}", unit.name), ..unit }, rest));
        }
    }
    let symbol = match word {
        _ if listed(CERTAIN, word) || (apart && listed(CERTAIN_APART, word)) => Kind::Certain,
        _ if listed(DOUBTFUL, word) || listed(CERTAIN_APART, word) => Kind::Doubtful,
        _ => return spelled(word, apart).map(|unit| scale(unit, rest)),
    };
    let (power, rest) = power(rest)?;
    let name = if word == "°" { "degree".to_owned() } else { format!("{word}{power}") };
    Some(scale(Unit { name, kind: symbol }, rest))
}

/// `degree Celsius` and `° C` are one unit.
fn scale(unit: Unit, rest: &str) -> (Unit, &str) {
    if unit.name == "degree" {
        for (word, name) in [(" Celsius", "°C"), (" Fahrenheit", "°F"), (" C", "°C"), (" F", "°F")]
        {
            if let Some(rest) = rest.strip_prefix(word)
                && !rest.starts_with(char::is_alphanumeric)
            {
                return (Unit { name: name.to_owned(), ..unit }, rest);
            }
        }
    }
    (unit, rest)
}

/// A unit or a noun written out.
fn spelled(word: &str, apart: bool) -> Option<Unit> {
    let name = singular(word);
    if listed(WORDS, &name) {
        return Some(Unit { name, kind: Kind::Certain });
    }
    (apart && is_noun(word)).then_some(Unit { name, kind: Kind::Noun })
}

/// The power after a symbol as `^n`, or nothing; `None` when it is not a small whole one.
fn power(text: &str) -> Option<(String, &str)> {
    for (sign, power) in [("²", "^2"), ("³", "^3")] {
        if let Some(rest) = text.strip_prefix(sign) {
            return Some((power.to_owned(), rest));
        }
    }
    let Some(written) = text.strip_prefix('^') else { return Some((String::new(), text)) };
    let (braced, written) = match written.strip_prefix('{') {
        Some(inner) => (true, inner),
        None => (false, written),
    };
    let digit = usize::from(written.starts_with('-'));
    let end = digit + 1;
    written.as_bytes().get(digit).filter(|b| b.is_ascii_digit())?;
    let rest = if braced { written[end..].strip_prefix('}')? } else { &written[end..] };
    Some((format!("^{}", &written[..end]), rest))
}

/// The text after a unit, if a unit can end before it.
fn ends(rest: &str) -> Option<&str> {
    let glued = rest.trim_start_matches([',', '.', ';', ':', ')', '!', '?', '"']);
    (glued.is_empty() || glued.starts_with(' ')).then_some(rest)
}

/// The singular of a noun, near enough to compare. Short words keep their case: `Cal` and `cal`.
fn singular(word: &str) -> String {
    if word.chars().count() < 4 {
        return word.to_owned();
    }
    let word = word.to_lowercase();
    let stem = match word.as_str() {
        "feet" => "foot",
        "pennies" => "penny",
        "inches" => "inch",
        word if ["xes", "ches", "shes", "sses"].iter().any(|end| word.ends_with(end)) => {
            &word[..word.len() - 2]
        }
        word if word.ends_with('s') && !word.ends_with("ss") => &word[..word.len() - 1],
        word => word,
    };
    stem.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_taken_and_variables_are_not() {
        use Kind::{Certain, Doubtful, Noun};
        for (text, apart, name, kind, rest) in [
            ("cm", false, "cm", Certain, ""),
            ("cm^2", true, "cm^2", Certain, ""),
            ("cm^{2}", true, "cm^2", Certain, ""),
            ("m²", true, "m^2", Doubtful, ""),
            ("m", true, "m", Doubtful, ""),
            ("m/s", true, "m/s", Certain, ""),
            ("m/s", false, "m/s", Doubtful, ""),
            ("m/s^2 down", true, "m/s^2", Certain, " down"),
            ("km/h", true, "km/h", Certain, ""),
            ("kg m/s", true, "kg m/s", Certain, ""),
            ("mW/m^2", true, "mW/m^2", Doubtful, ""),
            ("MW/m^2", true, "MW/m^2", Doubtful, ""),
            ("mg", false, "mg", Doubtful, ""),
            ("ft", true, "ft", Certain, ""),
            ("ft", false, "ft", Doubtful, ""),
            ("feet", true, "foot", Certain, ""),
            ("square feet of cloth", true, "square foot", Certain, " of cloth"),
            ("miles per hour", true, "mile/hour", Certain, ""),
            ("meters", false, "meter", Certain, ""),
            ("clips in May", true, "clip", Noun, " in May"),
            ("Boxes.", true, "box", Noun, "."),
            ("°", false, "degree", Certain, ""),
            ("°C", true, "°C", Certain, ""),
            ("degrees Celsius", true, "°C", Certain, ""),
            ("$", false, "dollar", Certain, ""),
        ] {
            let unit = Unit { name: name.to_owned(), kind };
            assert_eq!(take(text, apart), Some((unit, rest)), "{text}");
        }
        for (text, apart) in [
            ("x", true),
            ("xy", false),
            ("ab", true),
            ("gh", true),
            ("mv^2", true),
            ("clips", false),
            ("n", true),
            ("i", true),
            ("k", true),
            ("m(x)", true),
            ("m_1", true),
            ("m^x", true),
            ("m/n", true),
            ("cm+1", true),
            ("cm-x", true),
            ("m.s", true),
            ("trillion", true),
            ("halves", true),
            ("less than x", true),
            ("if n is even", true),
            ("squared", true),
            ("in total", true),
            ("-x", true),
        ] {
            let taken = take(text, apart);
            assert!(taken.is_none(), "{text}: {taken:?}");
        }
    }
}
