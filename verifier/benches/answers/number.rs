//! Numbers in their dresses, and numbers beside them.

use crate::pair::Answers;
use crate::random::Random;

/// `1,234,567`.
fn grouped(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut text = String::from(if n < 0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `digits · 10^(-places)` as a decimal.
pub(crate) fn decimals(digits: i64, places: usize) -> String {
    let sign = if digits < 0 { "-" } else { "" };
    let text = format!("{:0>width$}", digits.unsigned_abs(), width = places + 1);
    let (whole, part) = text.split_at(text.len() - places);
    if places == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

pub(crate) fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}

/// `\frac{a}{b}` in lowest terms, or the integer.
pub(crate) fn quotient(a: i64, b: i64) -> String {
    let divisor = gcd(a, b) * b.signum();
    let (a, b) = (a / divisor, b / divisor);
    let sign = if a < 0 { "-" } else { "" };
    if b == 1 { a.to_string() } else { format!("{sign}\\frac{{{}}}{{{b}}}", a.abs()) }
}

pub(crate) fn integer(random: &mut Random, same: bool) -> Answers {
    let n = match random.below(10) {
        0..=4 => random.within(0, 100),
        5 | 6 => random.within(101, 9_999),
        7 => random.within(10_000, 9_999_999),
        8 => random.within(-500, -1),
        _ => random.within(1_000_000_000, 1_000_000_000_000),
    };
    let m = if same {
        n
    } else {
        match random.below(5) {
            0 => n + 1,
            1 => n - 1,
            2 => n * 10 + 10,
            3 if n != 0 => -n,
            _ => n + random.nonzero(-20, 20),
        }
    };
    let answer = match random.below(8) {
        0 => grouped(m),
        1 => format!("{m}.0"),
        2 if m >= 0 => format!("\\${m}"),
        3 => format!("\\text{{{m}}}"),
        4 => format!("x = {m}"),
        _ => m.to_string(),
    };
    Answers::new(n.to_string(), answer, same)
}

pub(crate) fn decimal(random: &mut Random, same: bool) -> Answers {
    let places = random.within(1, 4) as usize;
    let scale = 10i64.pow(places as u32);
    // The last digit is not zero, so that one more digit or one less is another number.
    let digits = random.nonzero(-20, 9_999) * 10 + random.within(1, 9);
    let gold = decimals(digits, places);
    let answer = if same {
        match random.below(6) {
            0 => format!("{gold}0"),
            1 => quotient(digits, scale),
            2 => format!("{} \\times 10^{{{}}}", decimals(digits, 1), 1 - places as i64),
            3 if digits > 0 => format!("{}.0/{scale}", digits),
            _ => gold.clone(),
        }
    } else {
        match random.below(4) {
            0 => decimals(digits + 1, places),
            1 => decimals(digits / 10, places - 1),
            2 => decimals(digits, places + 1),
            _ => decimals(digits + scale, places),
        }
    };
    Answers::new(gold, answer, same)
}

pub(crate) fn fraction(random: &mut Random, same: bool) -> Answers {
    let (a, b) = loop {
        let (a, b) = (random.nonzero(-30, 99), random.within(2, 60));
        if gcd(a, b) == 1 {
            break (a, b);
        }
    };
    let gold = quotient(a, b);
    let answer = if same {
        let k = random.within(2, 9);
        match random.below(7) {
            0 => format!("{a}/{b}"),
            1 => format!("\\frac{{{}}}{{{}}}", a * k, b * k),
            2 => gold.replace("\\frac", "\\dfrac"),
            3 if a > b => format!("{}\\frac{{{}}}{{{b}}}", a / b, a % b),
            4 if 10_000 % b == 0 => decimals(a * (10_000 / b), 4),
            5 => format!("\\frac{{{}}}{{{}}}", -a, -b),
            _ => gold.clone(),
        }
    } else {
        match random.below(5) {
            0 => quotient(a + 1, b),
            1 => quotient(a, b + 1),
            2 if a.abs() != 1 => format!("\\frac{{{b}}}{{{a}}}"),
            3 => decimals((a * 100) / b, 2).replace(".00", ".01"),
            _ => quotient(-a, b),
        }
    };
    // A decimal cut off may be exact after all.
    let same = same || (100 % b == 0 && answer == decimals(a * (100 / b), 2));
    Answers::new(gold, answer, same)
}

pub(crate) fn percent(random: &mut Random, same: bool) -> Answers {
    let n = random.within(2, 150);
    let gold = format!("{n}\\%");
    let answer = if same {
        match random.below(6) {
            0 => format!("{n}"),
            1 => quotient(n, 100),
            2 => decimals(n, 2),
            3 => format!("{n} \\text{{ percent}}"),
            _ => format!("{n}\\%"),
        }
    } else {
        match random.below(4) {
            0 => format!("{}\\%", n + 1),
            1 => format!("{n}0\\%"),
            2 => format!("{}\\%", decimals(n, 2)),
            _ => decimals(n, 3),
        }
    };
    Answers::new(gold, answer, same)
}

pub(crate) fn unit(random: &mut Random, same: bool) -> Answers {
    /// A unit, its names, a smaller unit, and how many of it make one.
    const UNITS: [(&str, &str, &str, i64); 10] = [
        ("cm", "centimeters", "mm", 10),
        ("m", "meters", "cm", 100),
        ("km", "kilometers", "m", 1000),
        ("kg", "kilograms", "g", 1000),
        ("hours", "hours", "minutes", 60),
        ("minutes", "minutes", "seconds", 60),
        ("m^2", "square meters", "cm^2", 10_000),
        ("km/h", "km/h", "m/h", 1000),
        ("feet", "feet", "inches", 12),
        ("kJ", "kilojoules", "J", 1000),
    ];
    let (short, long, small, factor) = UNITS[random.below(UNITS.len())];
    let n = random.within(2, 400);
    let gold = format!("{n}\\text{{ {short}}}");
    let answer = if same {
        match random.below(6) {
            0 => format!("{n}\\,\\mathrm{{{short}}}"),
            1 => format!("{n}"),
            2 => format!("{} \\text{{ {small}}}", n * factor),
            3 => format!("{n} \\text{{ {long}}}"),
            _ => gold.clone(),
        }
    } else {
        match random.below(4) {
            0 => format!("{n}\\text{{ {small}}}"),
            1 => format!("{} \\text{{ {small}}}", n * factor * 10),
            2 => format!("{}", n + 1),
            _ => format!("{}\\text{{ {short}}}", n + random.within(1, 9)),
        }
    };
    Answers::new(gold, answer, same)
}
