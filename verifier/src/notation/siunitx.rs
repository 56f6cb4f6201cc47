//! Quantities in the commands of the LaTeX package siunitx: `\SI{9.8}{m/s^2}`,
//! `\qty{5}{\kilo\gram}`, `3\,\si{\meter\per\second}`, `\ang{30}`.

use crate::value::Value;

/// The longest text that is read, in bytes.
const MAX_LENGTH: usize = 300;

/// Macros that are not the name of their unit.
const SPELT: [(&str, &str); 6] = [
    ("celsius", "°C"),
    ("degreeCelsius", "°C"),
    ("percent", "percent"),
    ("angstrom", "Å"),
    ("ohm", "Ω"),
    ("degree", "°"),
];

const PREFIXES: [&str; 14] = [
    "peta", "tera", "giga", "mega", "kilo", "hecto", "deca", "deci", "centi", "milli", "micro",
    "nano", "pico", "femto",
];

/// What such a text says; `None` for any other.
pub(super) fn read(text: &str) -> Option<Value> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    let (before, command, rest) = ["\\SI{", "\\qty{", "\\num{", "\\si{", "\\unit{", "\\ang{"]
        .iter()
        .find_map(|command| text.split_once(command).map(|(b, rest)| (b, *command, rest)))?;
    let (first, rest) = argument(rest)?;
    let plain = match command {
        "\\SI{" | "\\qty{" => {
            let (second, rest) = argument(rest.trim_start().strip_prefix('{')?)?;
            format!("{before}{}\\text{{ {} }}{rest}", numeral(first), unit(second)?)
        }
        "\\num{" => format!("{before}{}{rest}", numeral(first)),
        "\\ang{" => format!("{before}{}^\\circ{rest}", numeral(first)),
        _ => format!("{before}\\text{{ {} }}{rest}", unit(first)?),
    };
    // One quantity, and no text with another in it.
    match super::read(&plain) {
        Ok(value @ (Value::Quantity(_) | Value::Relation(_))) => Some(value),
        _ => None,
    }
}

/// The argument whose opening brace was taken off, and what follows it.
fn argument(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some((text.get(..at)?, text.get(at + 1..)?)),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// `3.0e8` is a numeral for the reader too, `3.0 x 10^8` with a cross.
fn numeral(text: &str) -> String {
    text.trim().replace('x', "\\times ")
}

/// The unit in plain letters: `\kilo\gram\per\second\squared` is `kilogram/(second^2)`.
fn unit(text: &str) -> Option<String> {
    let text = text.trim();
    if !text.contains('\\') {
        return Some(text.replace(['.', '~'], "·"));
    }
    let (mut above, mut below) = (Vec::new(), Vec::new());
    let (mut per, mut prefix, mut power) = (false, "", "");
    for name in text.split('\\').map(str::trim) {
        match name {
            "" | "," => {}
            "per" => per = true,
            "square" => power = "^2",
            "cubic" => power = "^3",
            "squared" | "cubed" => {
                let last: &mut String = if per { &mut below } else { &mut above }.last_mut()?;
                last.push_str(if name == "squared" { "^2" } else { "^3" });
            }
            name if PREFIXES.contains(&name) && prefix.is_empty() => prefix = name,
            name if name.bytes().all(|b| b.is_ascii_alphabetic()) => {
                let spelt = SPELT.iter().find(|(known, _)| *known == name);
                let name = spelt.map_or(name, |(_, spelt)| spelt);
                // A `\per` is of the next unit only.
                let behind = !below.is_empty();
                if behind && !per {
                    return None;
                }
                let side = if per { &mut below } else { &mut above };
                side.push(format!("{prefix}{name}{power}"));
                (prefix, power) = ("", "");
            }
            _ => return None,
        }
    }
    let (above, below) = (above.join("·"), below.join("·"));
    match (above.is_empty(), below.is_empty()) {
        (false, true) => Some(above),
        (false, false) => Some(format!("{above}/({below})")),
        (true, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_become_quantities() {
        for (text, number, name) in [
            ("\\SI{9.8}{m/s^2}", "49/5", "m/s^2"),
            ("\\qty{5}{\\kilo\\gram}", "5", "kilogram"),
            ("\\SI{9.8}{\\meter\\per\\second\\squared}", "49/5", "meter/square second"),
            ("\\SI{9.8}{m.s^{-2}}", "49/5", "m/s^2"),
            ("9.8\\,\\si{m/s^2}", "49/5", "m/s^2"),
            ("\\SI{3e8}{\\metre\\per\\second}", "300000000", "meter/second"),
            ("\\SI{25}{\\celsius}", "25", "°C"),
            ("\\SI{25}{\\degreeCelsius}", "25", "°C"),
            ("\\SI{8}{\\joule\\per\\mole\\per\\kelvin}", "8", "joule/(mole×kelvin)"),
            ("\\ang{30}", "30", "degree"),
        ] {
            let Some(Value::Quantity(quantity)) = read(text) else { panic!("{text} is not read") };
            let value = quantity.value.as_number().map(ToString::to_string);
            let unit = quantity.unit.map(|unit| unit.name);
            assert_eq!((value.as_deref(), unit.as_deref()), (Some(number), Some(name)), "{text}");
        }
        for text in ["\\SI{5", "\\SI", "water"] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
