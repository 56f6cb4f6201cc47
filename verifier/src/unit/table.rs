//! Finds units by their spelling.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use num_rational::BigRational;

use super::dimension::Dimension;
use super::factor::Factor;
use super::noun::singular;
use super::prefix::{self, Prefix};
use super::row::{Prefixes, SYMBOL_OF_UOM};
use super::rows::ROWS;

/// What a spelling can be taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// A symbol and nothing else.
    Certain,
    /// A symbol when a space or a font sets it apart.
    Apart,
    /// A symbol or variables.
    Doubtful,
    /// A symbol in upright type, and else more likely variables: `dV`.
    Upright,
    /// A symbol only behind a prefix: `b` in `Mb`.
    Prefixed,
    /// A unit spelled out.
    Word,
}

/// What a unit is.
#[derive(Debug)]
pub(super) struct Meaning {
    pub(super) factor: Factor,
    pub(super) offset: Option<BigRational>,
    pub(super) dimension: Dimension,
}

/// A unit without a prefix under one of its spellings.
#[derive(Clone, Debug)]
struct Spelling {
    /// The normal spelling.
    name: &'static str,
    standing: Standing,
    prefixes: Prefixes,
    meaning: Arc<Meaning>,
}

/// A unit that was looked up.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// The normal spelling.
    pub(super) name: Cow<'static, str>,
    pub(super) standing: Standing,
    pub(super) prefix: Option<&'static Prefix>,
    pub(super) meaning: Arc<Meaning>,
}

/// Every spelling without a prefix.
struct Table {
    symbols: HashMap<&'static str, Spelling>,
    words: HashMap<&'static str, Spelling>,
    /// First words of names of two words.
    openings: HashSet<&'static str>,
}

/// Spellings with a capital K, which is no prefix of the SI, and plurals of symbols.
const MISSPELT: [(&str, &str); 17] = [
    ("Kg", "kg"),
    ("KG", "kg"),
    ("Kgs", "kg"),
    ("kgs", "kg"),
    ("KJ", "kJ"),
    ("KN", "kN"),
    ("KV", "kV"),
    ("KW", "kW"),
    ("KHz", "kHz"),
    ("KPa", "kPa"),
    ("KeV", "keV"),
    ("Kcal", "kcal"),
    ("kms", "km"),
    ("cms", "cm"),
    ("mms", "mm"),
    ("mLs", "mL"),
    ("mls", "mL"),
];

static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

impl Table {
    fn new() -> Self {
        let mut table =
            Self { symbols: HashMap::new(), words: HashMap::new(), openings: HashSet::new() };
        for row in ROWS {
            let defined = row.uom.map(|uom| uom());
            let Some(meaning) = row.meaning(defined.as_ref()).map(Arc::new) else { continue };
            let spelling = |name, standing| Spelling {
                name,
                standing,
                prefixes: row.prefixes,
                meaning: Arc::clone(&meaning),
            };
            let of_uom = defined.as_ref().map(|uom| (uom.singular, uom.plural));
            let names = row.names.or(of_uom);
            let symbol = match (row.symbol, &defined) {
                (Some(SYMBOL_OF_UOM), Some(defined)) => Some(defined.symbol),
                (symbol, _) => symbol,
            };
            let normal = symbol.or(names.map(|(one, _)| one)).unwrap_or_default();
            let symbols = symbol.map(|symbol| (row.standing, symbol));
            for (standing, written) in symbols.into_iter().chain(row.aliases.iter().copied()) {
                // `2kt` and `2kn` may be products of variables, and then they differ.
                let name = if standing == Standing::Doubtful { written } else { normal };
                table.symbols.entry(written).or_insert_with(|| spelling(name, standing));
            }
            let others = row.words.split(',').map(str::trim).filter(|word| !word.is_empty());
            if let Some((one, many)) = names {
                for written in [one, many].into_iter().chain(others) {
                    if let Some((first, _)) = written.split_once(' ') {
                        table.openings.insert(first);
                    }
                    table.words.entry(written).or_insert_with(|| spelling(one, Standing::Word));
                }
            }
        }
        table
    }
}

impl Spelling {
    fn found(&self) -> Found {
        Found {
            name: Cow::Borrowed(self.name),
            standing: self.standing,
            prefix: None,
            meaning: Arc::clone(&self.meaning),
        }
    }

    fn takes(&self, prefix: &Prefix) -> bool {
        match self.prefixes {
            Prefixes::None => false,
            Prefixes::Decimal => !prefix.binary,
            Prefixes::DecimalAndBinary => true,
        }
    }
}

/// The unit that a symbol or a word spells. Symbols keep their case: `mW` and `MW`.
pub(super) fn look_up(written: &str) -> Option<Found> {
    symbol(written).or_else(|| {
        let lower = written.to_lowercase();
        word(&lower).or_else(|| {
            let one = singular(&lower);
            if one == lower { None } else { word(&one) }
        })
    })
}

/// The unit that two words spell, the second of which follows the first.
pub(super) fn two_words(first: &str, second: &str) -> Option<Found> {
    let first = first.to_lowercase();
    let opens = TABLE.openings.contains(first.as_str())
        || prefix::names(&first).any(|(_, rest)| TABLE.openings.contains(rest));
    if !opens {
        return None;
    }
    // `degrees C` is not `degrees c`.
    let second = if second.len() == 1 { second.to_owned() } else { second.to_lowercase() };
    word(&format!("{first} {second}"))
}

fn symbol(written: &str) -> Option<Found> {
    if let Some((_, usual)) = MISSPELT.iter().find(|(spelling, _)| *spelling == written) {
        return symbol(usual).map(|found| Found { standing: Standing::Apart, ..found });
    }
    if let Some(spelling) = TABLE.symbols.get(written)
        && spelling.standing != Standing::Prefixed
    {
        return Some(spelling.found());
    }
    prefix::symbols(written).find_map(|(prefix, rest)| {
        let spelling = TABLE.symbols.get(rest).filter(|spelling| spelling.takes(prefix))?;
        let name = format!("{}{}", prefix.symbol, spelling.name);
        Some(Found {
            standing: prefixed(written, prefix, spelling)?,
            name: Cow::Owned(name),
            prefix: Some(prefix),
            meaning: Arc::clone(&spelling.meaning),
        })
    })
}

fn word(written: &str) -> Option<Found> {
    if let Some(spelling) = TABLE.words.get(written) {
        return Some(spelling.found());
    }
    prefix::names(written).find_map(|(prefix, rest)| {
        let spelling = TABLE.words.get(rest).filter(|spelling| spelling.takes(prefix))?;
        Some(Found {
            name: Cow::Owned(format!("{}{}", prefix.name, spelling.name)),
            standing: Standing::Word,
            prefix: Some(prefix),
            meaning: Arc::clone(&spelling.meaning),
        })
    })
}

/// What a symbol with a prefix can be taken for; `None` for words of the language.
fn prefixed(written: &str, prefix: &Prefix, bare: &Spelling) -> Option<Standing> {
    let usual = match prefix.symbol {
        "M" | "G" | "T" | "P" | "E" => true,
        "k" | "m" | "µ" | "n" | "p" | "f" => bare.name != "b",
        "c" | "d" | "h" | "da" => {
            matches!(bare.name, "m" | "g" | "L" | "l" | "N" | "Pa" | "P" | "St")
        }
        _ => prefix.binary,
    };
    Some(match written {
        // Words, and what follows a time of day.
        "as" | "am" | "Am" | "al" | "PM" | "Pm" | "dam" | "das" => return None,
        "us" => Standing::Upright,
        "cm" | "mm" | "km" | "kg" | "kL" | "dL" | "mL" | "cL" | "ml" | "cl" | "kJ" | "MJ"
        | "GJ" | "kN" | "MN" | "kW" | "GW" | "TW" | "kV" | "kB" | "MB" | "GB" | "TB" | "kPa"
        | "MPa" | "hPa" | "keV" | "MeV" | "GeV" | "TeV" | "kWh" | "MWh" | "GWh" | "mAh"
        | "kcal" => Standing::Certain,
        _ if bare.standing == Standing::Certain || bare.standing == Standing::Apart => {
            bare.standing
        }
        _ if !usual => Standing::Upright,
        _ if prefix.symbol == "µ" && !written.starts_with('u') => Standing::Certain,
        // `GiB`, `daN`; but `mpc` are three letters.
        _ if written.len() > 2 && written.contains(|c: char| c.is_ascii_uppercase()) => {
            Standing::Apart
        }
        _ => Standing::Doubtful,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_meaning() {
        for row in ROWS {
            let defined = row.uom.map(|uom| uom());
            assert!(row.meaning(defined.as_ref()).is_some(), "{:?} {:?}", row.names, row.symbol);
        }
    }

    /// Quotients and products of floats have long spellings.
    #[test]
    fn coefficients_taken_from_uom_are_not_rounded() {
        for row in ROWS {
            if let Some(spelling) = row.spelling_of_uom() {
                let digits = spelling.chars().take_while(|&c| c != 'e').count();
                assert!(digits <= 13, "{:?} {:?}: {spelling}", row.names, row.symbol);
            }
        }
    }

    #[test]
    fn coefficients_are_those_of_uom_up_to_its_rounding() {
        for row in ROWS {
            if let Some(distance) = row.distance() {
                assert!(distance < 1e-5, "{:?} {:?}: {distance}", row.names, row.symbol);
            }
        }
    }

    #[test]
    fn normal_spellings_find_themselves() {
        for (written, spelling) in TABLE.symbols.iter().chain(&TABLE.words) {
            if spelling.standing != Standing::Prefixed {
                let found = look_up(spelling.name).or_else(|| {
                    let (first, second) = spelling.name.split_once(' ')?;
                    two_words(first, second)
                });
                let found = found.unwrap_or_else(|| panic!("{written}: no {}", spelling.name));
                assert_eq!(found.name, spelling.name, "{written}");
                assert_eq!(found.meaning.factor, spelling.meaning.factor, "{written}");
                assert_eq!(found.meaning.dimension, spelling.meaning.dimension, "{written}");
            }
        }
    }

    #[test]
    fn case_counts_in_symbols() {
        let name = |written| look_up(written).map(|found| found.name.into_owned());
        assert_eq!(name("mW").as_deref(), Some("mW"));
        assert_eq!(name("MW").as_deref(), Some("MW"));
        assert_eq!(name("Pa").as_deref(), Some("Pa"));
        assert_eq!(name("pa"), None);
        assert_eq!(name("Meters").as_deref(), Some("meter"));
        assert_eq!(name("KILOMETRES").as_deref(), Some("kilometer"));
        assert_eq!(name("milliseconds").as_deref(), Some("millisecond"));
        assert_eq!(name("kkm"), None);
        assert_eq!(name("kft"), None);
    }
}
