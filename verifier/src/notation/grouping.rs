//! Where a numeral ends: groups of three digits, exponents, recurring decimals.

pub(super) fn digits(bytes: &[u8], from: usize) -> usize {
    from + bytes[from.min(bytes.len())..].iter().take_while(|b| b.is_ascii_digit()).count()
}

/// The end of a numeral with groups of three digits after commas, `{,}`, thin spaces or spaces.
pub(super) fn grouped(bytes: &[u8], first: usize) -> usize {
    for separator in [
        &b","[..],
        b"{,}",
        b"\\,",
        b"\\!",
        b"\\ ",
        b" ",
        b",\\!",
        b"\xE2\x80\xAF",
        b"\xC2\xA0",
        b"\xE2\x80\x89",
        b"'",
    ] {
        let mut end = first;
        while bytes[end..].starts_with(separator) {
            let from = end + separator.len();
            let to = digits(bytes, from);
            if to - from != 3 {
                break;
            }
            end = to;
        }
        let next = bytes.get(end);
        // `1,234,5` and `1 234 5` are no numerals with groups.
        let broken = bytes[end..].starts_with(separator)
            && bytes.get(end + separator.len()).is_some_and(u8::is_ascii_digit);
        if end > first && !broken && !next.is_some_and(u8::is_ascii_digit) {
            return end;
        }
    }
    first
}

/// Whether a whole number and `e+3` or `e-1` behind it are a sum with Euler's number: nobody writes
/// 2000 as `2e+3`.
pub(super) fn is_sum_with_e(mantissa: &str, exponent: &str) -> bool {
    let sum = match exponent.as_bytes() {
        [b'e', b'+', digit] => matches!(digit, b'1'..=b'3'),
        [b'e', b'-', digit] => *digit == b'1' && mantissa != "1",
        _ => false,
    };
    sum && !mantissa.contains('.')
}

pub(super) fn is_recurring(after_point: &str) -> bool {
    ["\\overline{", "\\bar{", "\\dot{", "("].iter().any(|open| {
        after_point
            .strip_prefix(open)
            .is_some_and(|inner| inner.starts_with(|c: char| c.is_ascii_digit()))
    })
}
