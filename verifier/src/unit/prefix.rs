//! Prefixes of the SI, and the binary ones of IEC 80000-13 for bits and bytes.

use std::collections::HashMap;
use std::sync::LazyLock;

use num_bigint::BigInt;
use num_rational::BigRational;

use super::factor::{Factor, power_of_ten};

/// A prefix.
#[derive(Debug)]
pub(super) struct Prefix {
    /// `k`
    pub(super) symbol: &'static str,
    /// `kilo`
    pub(super) name: &'static str,
    /// Whether it is a power of two.
    pub(super) binary: bool,
    /// What it multiplies by.
    pub(super) factor: Factor,
}

/// The power of ten, the symbol and the name of each.
const DECIMAL: [(i32, &str, &str); 24] = [
    (30, "Q", "quetta"),
    (27, "R", "ronna"),
    (24, "Y", "yotta"),
    (21, "Z", "zetta"),
    (18, "E", "exa"),
    (15, "P", "peta"),
    (12, "T", "tera"),
    (9, "G", "giga"),
    (6, "M", "mega"),
    (3, "k", "kilo"),
    (2, "h", "hecto"),
    (1, "da", "deca"),
    (-1, "d", "deci"),
    (-2, "c", "centi"),
    (-3, "m", "milli"),
    (-6, "µ", "micro"),
    (-9, "n", "nano"),
    (-12, "p", "pico"),
    (-15, "f", "femto"),
    (-18, "a", "atto"),
    (-21, "z", "zepto"),
    (-24, "y", "yocto"),
    (-27, "r", "ronto"),
    (-30, "q", "quecto"),
];
/// The power of 1024, the symbol and the name of each.
const BINARY: [(u32, &str, &str); 8] = [
    (1, "Ki", "kibi"),
    (2, "Mi", "mebi"),
    (3, "Gi", "gibi"),
    (4, "Ti", "tebi"),
    (5, "Pi", "pebi"),
    (6, "Ei", "exbi"),
    (7, "Zi", "zebi"),
    (8, "Yi", "yobi"),
];
/// Other spellings.
const ALIASES: [(&str, &str); 3] = [("u", "µ"), ("μ", "µ"), ("deka", "deca")];

/// Symbols and names of prefixes in one map: none is both.
static PREFIXES: LazyLock<HashMap<&'static str, Prefix>> = LazyLock::new(|| {
    let mut prefixes = HashMap::new();
    let mut add = |symbol, name, binary, factor: &BigRational| {
        let factor = Factor::of(factor.clone());
        for written in [symbol, name] {
            prefixes.insert(written, Prefix { symbol, name, binary, factor: factor.clone() });
        }
        for (alias, written) in ALIASES {
            if written == symbol || written == name {
                prefixes.insert(alias, Prefix { symbol, name, binary, factor: factor.clone() });
            }
        }
    };
    for (power, symbol, name) in DECIMAL {
        add(symbol, name, false, &power_of_ten(power));
    }
    for (power, symbol, name) in BINARY {
        add(symbol, name, true, &BigRational::from(BigInt::from(1024).pow(power)));
    }
    prefixes
});

/// Every way to read the head of a symbol as the symbol of a prefix.
pub(super) fn symbols(text: &str) -> impl Iterator<Item = (&'static Prefix, &str)> {
    heads(text, 1..=2)
}

/// Every way to read the head of a word as the name of a prefix.
pub(super) fn names(text: &str) -> impl Iterator<Item = (&'static Prefix, &str)> {
    heads(text, 3..=6)
}

fn heads(
    text: &str,
    lengths: std::ops::RangeInclusive<usize>,
) -> impl Iterator<Item = (&'static Prefix, &str)> {
    lengths.filter_map(move |length| {
        let (at, _) = text.char_indices().nth(length)?;
        let (head, rest) = text.split_at(at);
        Some((PREFIXES.get(head)?, rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_can_be_more_than_one_prefix() {
        let read =
            |text| symbols(text).map(|(prefix, rest)| (prefix.name, rest)).collect::<Vec<_>>();
        assert_eq!(read("km"), [("kilo", "m")]);
        assert_eq!(read("dag"), [("deci", "ag"), ("deca", "g")]);
        assert_eq!(read("um"), [("micro", "m")]);
        assert_eq!(read("m"), []);
        let named: Vec<_> = names("exabyte").map(|(prefix, rest)| (prefix.symbol, rest)).collect();
        assert_eq!(named, [("E", "byte")]);
    }
}
