//! Chemical formulas: `H_2O`, `\ce{SO4^2-}`, `Fe³⁺`, `^{14}C`.

use super::symbol::superscript_digit;
use super::word::undressed;

/// The longest formula, in bytes.
const MAX_LENGTH: usize = 200;

/// One spelling for all of a chemical formula: indices as plain digits, what stands raised behind
/// a caret. `None` when the text is none.
pub fn formula(text: &str) -> Option<String> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    let plain = undressed(text);
    let mut spelled = String::with_capacity(plain.len());
    let mut raised = false;
    // For each open brace whether its content is raised.
    let mut braces: Vec<bool> = Vec::new();
    for c in plain.chars() {
        if let Some(digit) = superscript_digit(c).filter(|d| *d >= 0) {
            raise(&mut spelled, &mut raised);
            spelled.push(char::from_digit(u32::try_from(digit).ok()?, 10)?);
            continue;
        }
        match c {
            '⁺' | '⁻' => {
                raise(&mut spelled, &mut raised);
                spelled.push(if c == '⁺' { '+' } else { '-' });
            }
            '^' => raise(&mut spelled, &mut raised),
            '_' => raised = false,
            '{' => braces.push(raised),
            '}' => {
                braces.pop()?;
                raised = false;
            }
            '₀'..='₉' => {
                raised = false;
                spelled.push(char::from_digit(c as u32 - '₀' as u32, 10)?);
            }
            '−' | '–' => spelled.push('-'),
            c if c.is_whitespace() => {}
            c if c.is_ascii_alphanumeric() || "()[]+-·".contains(c) => {
                if c.is_ascii_alphabetic() && braces.is_empty() {
                    raised = false;
                }
                spelled.push(c);
            }
            _ => return None,
        }
    }
    if !braces.is_empty() {
        return None;
    }
    is_formula(&spelled).then(|| with_charge(spelled))
}

fn raise(spelled: &mut String, raised: &mut bool) {
    if !*raised {
        spelled.push('^');
        *raised = true;
    }
}

/// Whether letters form symbols of elements: one capital, maybe one small letter.
fn is_formula(spelled: &str) -> bool {
    let mut elements = 0;
    let mut before = ' ';
    for c in spelled.chars() {
        if c.is_ascii_uppercase() {
            elements += 1;
        } else if c.is_ascii_lowercase() && !before.is_ascii_uppercase() {
            return false;
        }
        before = c;
    }
    elements > 0
}

/// `Na+` is `Na^+`, and `Fe3+` is `Fe^3+`: of one element the digit before the sign is its charge.
fn with_charge(spelled: String) -> String {
    let Some(sign) = spelled.chars().next_back().filter(|c| matches!(c, '+' | '-')) else {
        return spelled;
    };
    let body = &spelled[..spelled.len() - 1];
    let digits = body.len() - body.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let element = &body[..body.len() - digits];
    let alone = element.chars().filter(char::is_ascii_uppercase).count() == 1
        && element.chars().all(|c| c.is_ascii_alphabetic());
    if spelled.contains('^') || (digits > 0 && !alone) {
        return spelled;
    }
    format!("{element}^{}{sign}", &body[body.len() - digits..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_formula_are_one() {
        for (same, other) in [
            (
                &["H_2O", "H2O", "\\text{H}_2\\text{O}", "\\ce{H2O}", "H₂O", "\\mathrm{H_{2}O}"][..],
                "HO_2",
            ),
            (&["SO_4^{2-}", "SO4^2-", "\\ce{SO4^2-}", "SO₄²⁻"], "SO_4^{-}"),
            (&["Na^+", "\\mathrm{Na^+}", "Na+", "Na⁺", "\\text{Na}^{+}"], "Na^-"),
            (&["Fe^{3+}", "Fe3+", "Fe³⁺"], "Fe^{2+}"),
            (&["^{14}C", "¹⁴C", "{}^{14}C", "^{14}\\text{C}"], "^{12}C"),
            (&["CO", "\\text{CO}"], "Co"),
            (&["C6H12O6", "C_6H_{12}O_6", "C₆H₁₂O₆"], "C_6H_{12}O_5"),
        ] {
            let wanted = formula(same[0]);
            assert!(wanted.is_some(), "{}", same[0]);
            for spelling in same {
                assert_eq!(formula(spelling), wanted, "{spelling}");
            }
            assert_ne!(formula(other), wanted, "{other}");
        }
        for text in ["water", "5", "x = 3", "\\frac{1}{2}", "photosynthesis"] {
            assert_eq!(formula(text), None, "{text}");
        }
    }
}
