//! Radicals, polynomials, and values of functions.

use crate::number::quotient;
use crate::pair::Answers;
use crate::random::Random;

pub(crate) fn radical(random: &mut Random, same: bool) -> Answers {
    const SQUAREFREE: [i64; 12] = [2, 3, 5, 6, 7, 10, 11, 13, 14, 15, 17, 21];
    let (a, root) = (random.within(2, 15), SQUAREFREE[random.below(SQUAREFREE.len())]);
    let shift = random.within(1, 20);
    let summed = random.one_in(3);
    let write = |a: i64, shift: i64| {
        if summed {
            format!("{shift} + {a}\\sqrt{{{root}}}")
        } else {
            format!("{a}\\sqrt{{{root}}}")
        }
    };
    let gold = write(a, shift);
    let answer = match (same, summed, random.below(5)) {
        (true, true, 0) => format!("{a}\\sqrt{{{root}}}+{shift}"),
        (true, true, 1) => format!("{shift}+\\sqrt{{{}}}", a * a * root),
        (true, true, 2) => {
            // (s + a√r) = (s² - a²r) / (s - a√r); the norm is never zero.
            let norm = shift * shift - a * a * root;
            format!("\\frac{{{norm}}}{{{shift}-{a}\\sqrt{{{root}}}}}")
        }
        (true, false, 0) => format!("\\sqrt{{{}}}", a * a * root),
        (true, false, 1) => format!("\\frac{{{}}}{{\\sqrt{{{root}}}}}", a * root),
        // Without braces it takes one digit.
        (true, false, 2) if root < 10 => format!("{a}\\sqrt {root}"),
        (true, false, 3) => format!("\\sqrt{{{root}}} + {}\\sqrt{{{root}}}", a - 1),
        (true, ..) => gold.clone(),
        (false, true, 0) => format!("{} + {a}\\sqrt{{{root}}}", shift + 1),
        (false, true, 1) => format!("{shift} - {a}\\sqrt{{{root}}}"),
        (false, false, 0) => format!("{a} + \\sqrt{{{root}}}"),
        (false, false, 1) => format!("\\sqrt{{{}}}", a * root),
        (false, _, 2) => {
            let value = a as f64 * (root as f64).sqrt() + if summed { shift as f64 } else { 0.0 };
            format!("{value:.3}")
        }
        (false, ..) => write(a + 1, shift),
    };
    Answers::new(gold, answer, same)
}

/// A polynomial by its coefficients, the highest power first.
pub(crate) fn polynomial_text(coefficients: &[i64], variable: &str) -> String {
    let mut text = String::new();
    for (place, &c) in coefficients.iter().enumerate() {
        let power = coefficients.len() - 1 - place;
        if c == 0 {
            continue;
        }
        text.push_str(match (text.is_empty(), c < 0) {
            (true, true) => "-",
            (true, false) => "",
            (false, true) => " - ",
            (false, false) => " + ",
        });
        if c.abs() != 1 || power == 0 {
            text.push_str(&c.abs().to_string());
        }
        match power {
            0 => {}
            1 => text.push_str(variable),
            _ => text.push_str(&format!("{variable}^{power}")),
        }
    }
    if text.is_empty() { String::from("0") } else { text }
}

fn multiply(a: &[i64], b: &[i64]) -> Vec<i64> {
    let mut product = vec![0; a.len() + b.len() - 1];
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            product[i + j] += x * y;
        }
    }
    product
}

pub(crate) fn polynomial(random: &mut Random, same: bool) -> Answers {
    if random.one_in(4) {
        return two_variables(random, same);
    }
    let variable = random.pick(&["x", "x", "x", "n", "t", "a"]);
    let mut factors: Vec<Vec<i64>> = (0..random.within(2, 4))
        .map(|_| {
            vec![if random.one_in(3) { random.within(2, 5) } else { 1 }, random.nonzero(-12, 12)]
        })
        .collect();
    if random.one_in(5) {
        let repeated = factors[0].clone();
        factors = vec![repeated; random.within(2, 5) as usize];
    }
    let expand = |factors: &[Vec<i64>]| factors.iter().fold(vec![1], |p, f| multiply(&p, f));
    let factored = |factors: &[Vec<i64>]| -> String {
        let same = factors.windows(2).all(|two| two[0] == two[1]);
        let texts: Vec<String> =
            factors.iter().map(|f| format!("({})", polynomial_text(f, variable))).collect();
        if same { format!("{}^{}", texts[0], texts.len()) } else { texts.concat() }
    };
    let (whole, gold_factored) = (expand(&factors), random.one_in(3));
    let gold = if gold_factored { factored(&factors) } else { polynomial_text(&whole, variable) };
    let mut changed = whole.clone();
    if !same {
        let at = random.below(factors.len());
        if random.one_in(2) {
            factors[at][1] += if factors[at][1] == -1 { 2 } else { 1 };
            changed = expand(&factors);
        } else {
            let at = random.below(changed.len());
            changed[at] += random.nonzero(-2, 2);
            return Answers::new(gold, polynomial_text(&changed, variable), false);
        }
    }
    let answer = match random.below(4) {
        0 | 1 => {
            random.shuffle(&mut factors);
            factored(&factors)
        }
        2 => {
            // The same sum from the lowest power up.
            let terms = changed.iter().enumerate().rev().filter(|(_, c)| **c != 0);
            let terms: Vec<String> = terms
                .map(|(place, c)| {
                    let mut alone = vec![0; changed.len() - place];
                    alone[0] = *c;
                    polynomial_text(&alone, variable)
                })
                .collect();
            terms.join(" + ").replace("+ -", "- ")
        }
        _ => polynomial_text(&changed, variable),
    };
    Answers::new(gold, answer, same)
}

/// `(x + a y)(x + b y)`, and quotients of sums.
fn two_variables(random: &mut Random, same: bool) -> Answers {
    let (a, b) = (random.within(2, 9), random.within(2, 9));
    let d = if same { 0 } else { random.within(1, 3) };
    match random.below(3) {
        0 => Answers::new(
            format!("(x + {a}y)(x - {b}y)"),
            match a - b {
                0 => format!("x^2 - {}y^2", a * b + d),
                n => format!("x^2 + {n}xy - {}y^2", a * b + d).replace("+ -", "- "),
            },
            same,
        ),
        1 => Answers::new(
            format!("\\frac{{x + {a}}}{{x - {b}}}"),
            format!("1 + \\frac{{{}}}{{x - {b}}}", a + b + d),
            same,
        ),
        _ => Answers::new(
            format!("\\frac{{{a}}}{{x}} + \\frac{{{b}}}{{y}}"),
            format!("\\frac{{{}y + {b}x}}{{xy}}", a + d),
            same,
        ),
    }
}

pub(crate) fn function(random: &mut Random, same: bool) -> Answers {
    let (base, k) = (random.within(2, 7), random.within(2, 6));
    let value = if same { k } else { k + random.within(1, 3) };
    let (m, n) = (random.within(2, 12), random.within(2, 12));
    let off = i64::from(!same);
    let (gold, answer) = match random.below(9) {
        0 => (k.to_string(), format!("\\log_{{{base}}} {}", base.pow(value as u32))),
        1 => (format!("\\ln {}", m * n + off), format!("\\ln {m} + \\ln {n}")),
        2 => (format!("{k}\\ln {base}"), format!("\\ln({})", base.pow(value as u32))),
        3 => (base.pow(k as u32).to_string(), format!("e^{{{value}\\ln {base}}}")),
        4 => {
            const SINES: [(&str, &str, &str); 6] = [
                ("\\frac{1}{2}", "\\sin\\frac{\\pi}{6}", "\\cos\\frac{\\pi}{6}"),
                ("\\frac{\\sqrt{3}}{2}", "\\sin 60^\\circ", "\\sin 30^\\circ"),
                (
                    "\\frac{\\sqrt{2}}{2}",
                    "\\cos\\left(\\frac{\\pi}{4}\\right)",
                    "\\tan\\frac{\\pi}{4}",
                ),
                ("\\sqrt{3}", "\\tan\\frac{\\pi}{3}", "\\tan\\frac{\\pi}{6}"),
                ("-\\frac{1}{2}", "\\cos\\frac{2\\pi}{3}", "\\cos\\frac{\\pi}{3}"),
                ("-1", "\\cos\\pi", "\\sin\\pi"),
            ];
            let (gold, right, wrong) = SINES[random.below(SINES.len())];
            (gold.to_owned(), if same { right } else { wrong }.to_owned())
        }
        5 => (format!("{m}\\pi"), format!("\\frac{{{}\\pi}}{{{n}}}", m * n + off)),
        6 => {
            let angle = quotient(m, 12);
            (format!("{angle}\\pi"), format!("\\frac{{{}\\pi}}{{{}}}", m * n + off, 12 * n))
        }
        7 => (format!("{m} e^{{2x}}"), format!("{} (e^x)^2", m + off)),
        _ => ("\\sin 2x".to_owned(), format!("{}\\sin x \\cos x", if same { 2 } else { k + 1 })),
    };
    Answers::new(gold, answer, same)
}
