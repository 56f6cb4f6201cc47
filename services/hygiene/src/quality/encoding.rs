//! Characters that a wrong decoding leaves.

use super::{Limits, Reason, Rule};

pub(super) fn check(text: &str, limits: &Limits, reasons: &mut Vec<Reason>) {
    let (mut all, mut odd) = (0usize, 0usize);
    let mut before = ' ';
    for ch in text.chars() {
        all += 1;
        let wrong = match ch {
            '\t' | '\n' | '\r' | '\x0c' => false,
            ' '..='~' => false,
            '\u{fffd}' | '\u{e000}'..='\u{f8ff}' => true,
            // UTF-8 that was read as Latin-1 or Windows-1252: `Ã©`, `â€™`.
            '\u{80}'..='\u{bf}' if matches!(before, 'Ã' | 'Â') => true,
            '€' if before == 'â' => true,
            _ => ch.is_control(),
        };
        odd += usize::from(wrong);
        before = ch;
    }
    let share = odd as f64 / all.max(1) as f64;
    if share > limits.odd_characters {
        let most = limits.odd_characters;
        let detail =
            format!("{odd} of {all} characters come from a wrong decoding or are controls");
        reasons.push(Reason::new(Rule::Encoding, share, most, share * 10.0, detail));
    }
}
