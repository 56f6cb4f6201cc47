//! Chemical formulas: `H_2O`, `\ce{SO4^2-}`, `Fe³⁺`, `^{14}C`, `NaCl(aq)`, `2H2 + O2 -> 2H2O`, and
//! `sp^3`.

use super::plain::undressed;
use super::symbol::superscript_digit;

/// The longest formula, in bytes.
const MAX_LENGTH: usize = 200;

/// States of matter, as they stand behind a formula.
const STATES: [&str; 4] = ["(s)", "(l)", "(g)", "(aq)"];

/// Arrows, which become `>`, and what stands for an equilibrium, which becomes `<`.
const ARROWS: [(&str, &str); 13] = [
    ("\\longrightarrow", ">"),
    ("\\rightarrow", ">"),
    ("\\rightleftharpoons", "<"),
    ("\\leftrightarrow", "<"),
    ("\\to", ">"),
    ("<=>", "<"),
    ("<->", "<"),
    ("-->", ">"),
    ("->", ">"),
    ("→", ">"),
    ("⟶", ">"),
    ("⇌", "<"),
    ("↔", "<"),
];

/// Hybrid orbitals.
const HYBRIDS: [&str; 8] = ["sp", "sp2", "sp3", "sp3d", "sp3d2", "dsp2", "dsp3", "d2sp3"];

/// One spelling for all of a chemical formula: indices as plain digits, what stands raised behind
/// a caret. `None` when the text is none.
pub fn formula(text: &str) -> Option<String> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    let plain = with_arrows(undressed(text));
    let mut spelled = Spelled::with_capacity(plain.len());
    // For each open brace whether its content is raised.
    let mut braces: Vec<bool> = Vec::new();
    for c in plain.chars() {
        if let Some(digit) = superscript_digit(c).filter(|d| *d >= 0) {
            spelled.raise();
            spelled.push(char::from_digit(u32::try_from(digit).ok()?, 10)?);
            continue;
        }
        match c {
            '⁺' | '⁻' => {
                spelled.raise();
                spelled.push(if c == '⁺' { '+' } else { '-' });
            }
            '^' => spelled.raise(),
            '_' => spelled.lower(),
            '{' => braces.push(spelled.raised),
            '}' => {
                braces.pop()?;
                spelled.lower();
            }
            '₀'..='₉' => {
                spelled.lower();
                spelled.push(char::from_digit(c as u32 - '₀' as u32, 10)?);
            }
            '−' | '–' => spelled.push('-'),
            c if c.is_whitespace() => spelled.space(),
            c if c.is_ascii_alphanumeric() || "()[]+-·<>".contains(c) => {
                if c.is_ascii_alphabetic() && braces.is_empty() {
                    spelled.lower();
                }
                spelled.push(c);
            }
            _ => return None,
        }
    }
    if !braces.is_empty() || spelled.torn {
        return None;
    }
    let spelled = spelled.text;
    let flat: String = spelled.chars().filter(|c| !matches!(c, '^' | '_')).collect();
    if HYBRIDS.contains(&flat.as_str()) {
        return Some(flat);
    }
    is_formula(&spelled).then(|| with_charge(spelled))
}

/// Whether what [`formula`] spelled is a compound, an ion or a molecule rather than one symbol with a
/// number before it, which may be a unit (`5 N`).
pub fn is_compound(spelled: &str) -> bool {
    let symbols = spelled.trim_start_matches(|c: char| c.is_ascii_digit());
    let elements = symbols.chars().filter(char::is_ascii_uppercase).count();
    let marked = symbols.contains(|c: char| c.is_ascii_digit() || c.is_ascii_lowercase());
    // `VI` is a product too.
    elements > 2 || marked && (elements > 1 || !symbols.contains(['^', '(', '-', '·']))
}

/// A formula while it is written.
struct Spelled {
    text: String,
    /// Whether what comes next stands raised.
    raised: bool,
    /// Whether a raised group or a space was left behind the last character.
    lowered: bool,
    spaced: bool,
    /// Whether a space stands between two digits.
    torn: bool,
}

impl Spelled {
    fn with_capacity(capacity: usize) -> Self {
        let text = String::with_capacity(capacity);
        Self { text, raised: false, lowered: false, spaced: false, torn: false }
    }

    fn raise(&mut self) {
        if !self.raised {
            self.text.push('^');
            self.raised = true;
        }
    }

    fn lower(&mut self) {
        self.lowered |= self.raised;
        self.raised = false;
    }

    fn space(&mut self) {
        self.spaced = true;
    }

    fn push(&mut self, c: char) {
        if c.is_ascii_digit() && self.text.ends_with(|last: char| last.is_ascii_digit()) {
            self.torn |= self.spaced && !self.lowered;
            // `^{14}_6C` is not `^{146}C`.
            if self.lowered {
                self.text.push('_');
            }
        }
        (self.lowered, self.spaced) = (false, false);
        self.text.push(c);
    }
}

fn with_arrows(mut text: String) -> String {
    for (arrow, mark) in ARROWS {
        if text.contains(arrow) {
            text = text.replace(arrow, mark);
        }
    }
    text
}

/// Whether letters form symbols of elements: one capital, maybe one small letter.
fn is_formula(spelled: &str) -> bool {
    let mut elements = 0;
    let mut before = ' ';
    let mut rest = spelled;
    while let Some(c) = rest.chars().next() {
        if elements > 0
            && let Some(state) = STATES.iter().find(|state| rest.starts_with(**state))
        {
            rest = &rest[state.len()..];
            before = ')';
            continue;
        }
        if c.is_ascii_uppercase() {
            elements += 1;
        } else if c.is_ascii_lowercase() && !before.is_ascii_uppercase() {
            return false;
        }
        before = c;
        rest = &rest[c.len_utf8()..];
    }
    elements > 0
}

/// The charge at the end in one spelling: `Na+` is `Na^+`, `Fe^{+3}` is `Fe^3+` and so is `Fe3+`, for
/// of one element the digit before the sign is its charge; `NH4+` is `NH4^+`.
fn with_charge(spelled: String) -> String {
    if let Some((ion, state)) = STATES.iter().find_map(|s| Some((spelled.strip_suffix(s)?, s))) {
        return with_charge(ion.to_owned()) + state;
    }
    if let Some((body, charge)) = spelled.split_once('^')
        && !body.is_empty()
        && !charge.contains('^')
    {
        return match charge_of(charge) {
            Some(charge) => format!("{body}^{charge}"),
            None => spelled,
        };
    }
    let Some(sign) = spelled.chars().next_back().filter(|c| matches!(c, '+' | '-')) else {
        return spelled;
    };
    let body = &spelled[..spelled.len() - 1];
    let digits = body.len() - body.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let element = &body[..body.len() - digits];
    let elements = element.chars().filter(char::is_ascii_uppercase).count();
    if spelled.contains(['^', '<', '>']) || element.ends_with(['+', '-']) {
        return spelled;
    }
    // Triiodide and azide are as usual as iodide and nitride.
    if elements == 1 && digits > 0 && matches!(body, "I3" | "Br3" | "N3") {
        return spelled;
    }
    if elements == 1 && element.chars().all(|c| c.is_ascii_alphabetic()) {
        let number = &body[body.len() - digits..];
        return format!("{element}^{}{sign}", if number == "1" { "" } else { number });
    }
    // Of two digits nobody knows which is whose, nor of one behind `2Fe`.
    if digits == 0 || digits == 1 && elements > 1 { format!("{body}^{sign}") } else { spelled }
}

/// `2-`, `-2` and `--` as `2-`; `1+` and `+` as `+`.
fn charge_of(written: &str) -> Option<String> {
    let sign = written.chars().find(|c| matches!(c, '+' | '-'))?;
    let digits = written.trim_matches(sign);
    let signs = written.len() - digits.len();
    let count: usize = match (digits.is_empty(), signs) {
        (true, 1..=4) => signs,
        (false, 1) if digits.len() == 1 => digits.parse().ok()?,
        _ => return None,
    };
    Some(if count == 1 { sign.to_string() } else { format!("{count}{sign}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compounds_are_told_from_quantities() {
        for text in ["C2H6", "H_2O", "NaCl", "O2", "HCN", "Ca(OH)_2"] {
            assert!(is_compound(&formula(text).expect("a formula")), "{text}");
        }
        for text in ["5 N", "10^3 V", "VI", "12 K", "N"] {
            assert!(!formula(text).is_some_and(|f| is_compound(&f)), "{text}");
        }
    }

    #[test]
    fn spellings_of_one_formula_are_one() {
        for (same, other) in [
            (
                &["H_2O", "H2O", "\\text{H}_2\\text{O}", "\\ce{H2O}", "H₂O", "\\mathrm{H_{2}O}"][..],
                "HO_2",
            ),
            (&["SO_4^{2-}", "SO4^2-", "\\ce{SO4^2-}", "SO₄²⁻", "SO_4^{-2}"], "SO_4^{-}"),
            (&["Na^+", "\\mathrm{Na^+}", "Na+", "Na⁺", "\\text{Na}^{+}", "Na^{1+}"], "Na^-"),
            (&["Fe^{3+}", "Fe3+", "Fe³⁺", "Fe^{+3}", "Fe^{+++}"], "Fe^{2+}"),
            (&["NH_4^+", "NH4+", "\\ce{NH4+}", "NH₄⁺"], "NH4^-"),
            (&["^{14}C", "¹⁴C", "{}^{14}C", "^{14}\\text{C}"], "^{12}C"),
            (&["^{14}_{6}C", "^{14}_6\\text{C}", "¹⁴₆C"], "^{146}C"),
            (&["CO", "\\text{CO}"], "Co"),
            (&["C6H12O6", "C_6H_{12}O_6", "C₆H₁₂O₆"], "C_6H_{12}O_5"),
            (&["NaCl(aq)", "NaCl (aq)", "\\text{NaCl}_{(aq)}"], "NaCl(s)"),
            (&["Na+(aq)", "Na^+(aq)", "Na⁺(aq)"], "Na^-(aq)"),
            (
                &["2H2 + O2 -> 2H2O", "2H_2 + O_2 \\rightarrow 2H_2O", "2H₂ + O₂ → 2H₂O"],
                "2H2O -> 2H2 + O2",
            ),
            (&["sp3", "sp^3", "sp³", "sp^{3}", "\\text{sp}^3"], "sp2"),
        ] {
            let wanted = formula(same[0]);
            assert!(wanted.is_some(), "{}", same[0]);
            for spelling in same {
                assert_eq!(formula(spelling), wanted, "{spelling}");
            }
            assert_ne!(formula(other), wanted, "{other}");
        }
        for text in
            ["water", "5", "x = 3", "\\frac{1}{2}", "photosynthesis", "1 2 N", "(s)", "N(k)"]
        {
            assert_eq!(formula(text), None, "{text}");
        }
    }
}
