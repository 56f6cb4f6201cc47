//! Characters that only look different: full-width digits, minus signs, spaces.

/// A plain form of characters that only look different.
pub(super) fn plain_char(c: char) -> char {
    match c {
        '\u{FF10}'..='\u{FF19}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}' => {
            char::from_u32(c as u32 - 0xFEE0).unwrap_or(c)
        }
        '\u{2212}' | '\u{2013}' | '\u{FF0D}' => '-',
        '\u{FF0E}' => '.',
        '\u{FF0C}' => ',',
        '\u{FF05}' => '%',
        '\u{FF08}' => '(',
        '\u{FF09}' => ')',
        '\u{FF1A}' => ':',
        '\u{FF1D}' => '=',
        '\u{22C5}' | '\u{00B7}' => '×',
        '\u{00F7}' | '\u{2044}' | '\u{2215}' => '/',
        '\u{00A0}' | '\u{2009}' | '\u{202F}' | '\u{3000}' => ' ',
        '\u{2019}' => '\'',
        '\u{03BC}' => 'µ',
        'º' => '°',
        c => c,
    }
}
