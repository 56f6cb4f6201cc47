//! Inputs that were made to take long, to overflow the stack or to fill the memory.

use std::io::Write;
use std::time::Instant;

use crate::pair::check;

/// The longest reply that is searched at all.
const MEGABYTE: usize = 1 << 20;

/// The stack of a thread as the service makes them.
const STACK: usize = 2 << 20;

/// A name, the known answer and a reply.
type Case = (String, String, String);

/// Checks every case on a small stack, and prints each with its time as it ends.
///
/// # Panics
/// When a check does.
pub(crate) fn measure() {
    let run = || {
        let (mut slowest, mut total) = (0.0f64, 0.0);
        for (name, gold, reply) in cases() {
            // The name comes first, should the check never end.
            print!("{name:<52}");
            std::io::stdout().flush().ok();
            let start = Instant::now();
            let verdict = check(&gold, &reply);
            let time = start.elapsed().as_secs_f64() * 1e3;
            println!("{time:>10.3} ms  {}", verdict.verdict.as_str());
            (slowest, total) = (slowest.max(time), total + time);
        }
        println!("slowest {slowest:.3} ms, together {total:.1} ms");
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(run);
    thread.expect("a thread can be started").join().expect("a hostile input ends in a verdict");
}

fn boxed(answer: &str) -> String {
    format!("\\boxed{{{answer}}}")
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    // An answer beside a plain one, both ways, and beside itself.
    for (name, answer) in large_answers().into_iter().chain(deep_answers()) {
        cases.push((format!("{name}, as answer"), "5".to_owned(), boxed(&answer)));
        cases.push((format!("{name}, as known answer"), answer.clone(), boxed("5")));
        cases.push((format!("{name}, both"), answer.clone(), boxed(&answer)));
    }
    for (name, gold, answer) in couples() {
        cases.push((name.to_owned(), gold, boxed(&answer)));
    }
    cases.extend(replies());
    cases
}

/// Short texts for large numbers, and long sums and products.
fn large_answers() -> Vec<(&'static str, String)> {
    let variables: Vec<String> = (0..100).map(|k| format!("x_{{{k}}}")).collect();
    let sums: Vec<String> = variables.iter().map(|x| format!("({x} + 1)")).collect();
    let terms: Vec<String> = (0..10_000).map(|k| format!("{}x^{{{k}}}", k % 17 + 1)).collect();
    vec![
        ("9^9^9^9", "9^9^9^9".to_owned()),
        ("10^{10^{10}}", "10^{10^{10}}".to_owned()),
        ("2^{-10^{10}}", "2^{-10^{10}}".to_owned()),
        ("1e999999999", "1e999999999".to_owned()),
        ("1000!^{1000!}", "1000!^{1000!}".to_owned()),
        ("5!!!!!!!!!!!!", "5!!!!!!!!!!!!".to_owned()),
        ("binomial of 10^9", "\\binom{10^9}{5 \\cdot 10^8}".to_owned()),
        ("sum to 10^9", "\\sum_{k=1}^{10^9} k".to_owned()),
        ("product to 10^9", "\\prod_{k=1}^{10^9} k".to_owned()),
        ("sum of sums", "\\sum_{k=1}^{999} \\sum_{j=1}^{999} \\sum_{i=1}^{999} ijk".to_owned()),
        ("sin of 10^{100000}", "\\sin(10^{100000})".to_owned()),
        ("e^{e^{e^{10}}}", "e^{e^{e^{10}}}".to_owned()),
        ("x^{10^9}", "x^{10^9}".to_owned()),
        ("(a+b+c+d)^{60}", "(a+b+c+d)^{60}".to_owned()),
        ("(x+1)^{1000}", "(x+1)^{1000}".to_owned()),
        ("((x+1)^{100}+1)^{100}", "((x+1)^{100}+1)^{100}".to_owned()),
        ("gcd of large powers", "\\gcd(2^{4000} - 1, 3^{2500} - 1)".to_owned()),
        ("100 variables multiplied", variables.concat()),
        ("100 sums multiplied", sums.concat()),
        ("100 variables to the 20th", format!("({})^{{20}}", variables.join(" + "))),
        ("10,000 terms", terms.join(" + ")),
        ("800 terms", terms[..800].join(" + ")),
        ("50 radicals", (2..52).map(|k| format!("\\sqrt{{{k}}}")).collect::<Vec<_>>().join(" + ")),
        (
            "50 fractions",
            (2..52).map(|k| format!("\\frac{{1}}{{x+{k}}}")).collect::<Vec<_>>().join("+"),
        ),
        ("a million digits", "7".repeat(1_000_000)),
        ("9,000 digits", "7".repeat(9_000)),
        ("9,000 digits behind a point", format!("0.{}", "7".repeat(9_000))),
        ("a period of 900 digits", format!("0.\\overline{{{}1}}", "0".repeat(899))),
    ]
}

/// Nestings.
fn deep_answers() -> Vec<(&'static str, String)> {
    let nested = |open: &str, close: &str, depth: usize| {
        format!("{}1{}", open.repeat(depth), close.repeat(depth))
    };
    vec![
        ("500 parentheses", nested("(", ")", 500)),
        ("4,000 parentheses", nested("(", ")", 4_000)),
        ("500 braces", nested("{", "}", 500)),
        ("500 \\left(", nested("\\left(", "\\right)", 500)),
        ("500 fractions", nested("\\frac{1}{", "}", 500)),
        ("50 fractions of sums", nested("\\frac{1}{x+", "}", 50)),
        ("500 roots", nested("\\sqrt{", "}", 500)),
        ("40 roots of sums", nested("\\sqrt{2+", "}", 40)),
        ("500 exponents", nested("2^{", "}", 500)),
        ("500 indices", nested("x_{", "}", 500)),
        ("500 absolute values", nested("|", "|", 500)),
        ("500 sines", nested("\\sin(", ")", 500)),
        ("500 sets", nested("\\{", "\\}", 500)),
        ("500 minus signs", format!("{}1", "-".repeat(500))),
        ("500 \\text", nested("\\text{", "}", 500)),
        ("300 \\begin", nested("\\begin{pmatrix}", "\\end{pmatrix}", 300)),
    ]
}

/// Two answers that take long to compare.
fn couples() -> Vec<(&'static str, String, String)> {
    let set = |items: &mut dyn Iterator<Item = usize>| {
        format!("\\{{{}\\}}", items.map(|n| n.to_string()).collect::<Vec<_>>().join(","))
    };
    let radicals = |items: &mut dyn Iterator<Item = usize>| {
        format!("\\{{{}\\}}", items.map(|n| format!("\\sqrt{{{n}}}")).collect::<Vec<_>>().join(","))
    };
    let row = |n: usize| vec!["x"; n].join(" & ");
    let matrix =
        |n: usize| format!("\\begin{{pmatrix}}{}\\end{{pmatrix}}", vec![row(n); n].join("\\\\"));
    vec![
        // So many fill the longest answer that is read.
        ("a set of 1,800 in another order", set(&mut (0..1_800)), set(&mut (0..1_800).rev())),
        ("a set of 1,800 and another", set(&mut (0..1_800)), set(&mut (1..1_801).rev())),
        (
            "a set of 100 thirty times over",
            set(&mut (0..3_000).map(|n| n % 100)),
            set(&mut (0..3_000).map(|n| n * 7 % 100)),
        ),
        ("a set of 3,000 in another order", set(&mut (0..3_000)), set(&mut (0..3_000).rev())),
        ("a set of 3,000 and another", set(&mut (0..3_000)), set(&mut (1..3_001).rev())),
        ("a set of 700 roots", radicals(&mut (0..700)), radicals(&mut (0..700).rev())),
        ("a matrix of 40 by 40", matrix(40), matrix(40)),
        (
            "(x+1)^{1000} partly expanded",
            "(x+1)^{1000}".to_owned(),
            "x(x+1)^{999} + (x+1)^{999}".to_owned(),
        ),
        (
            "(a+b+c+d)^{60} partly expanded",
            "(a+b+c+d)^{60}".to_owned(),
            "(a+b+c+d)^{59}(a+b) + (a+b+c+d)^{59}(c+d)".to_owned(),
        ),
        ("x^{10^9} times x", "x^{1000000001}".to_owned(), "x \\cdot x^{1000000000}".to_owned()),
        ("x^{10^9} - 1 divided", "\\frac{x^{1000000000}-1}{x-1}".to_owned(), "x^2+1".to_owned()),
        ("nearly zero", "0".to_owned(), "\\sqrt{10^{400}+1} - 10^{200}".to_owned()),
        ("zero in disguise", "0".to_owned(), "\\sqrt{5+2\\sqrt{6}}-\\sqrt{2}-\\sqrt{3}".to_owned()),
        ("pi to 900 places", "\\pi".to_owned(), format!("3.14159{}", "2".repeat(900))),
        ("factorials", "\\frac{1000!}{998!}".to_owned(), "999000".to_owned()),
    ]
}

/// A megabyte of one thing, alone and before an answer.
fn replies() -> Vec<Case> {
    const PIECES: [&str; 32] = [
        "\\boxed{",
        "\\boxed{5}",
        "\\boxed ",
        "the answer is ",
        "the answer is not ",
        "Final answer: 5. ",
        "$",
        "(",
        "^",
        "{",
        "}",
        "1+",
        "\\frac",
        "\\left(",
        "x_",
        "##",
        "#### 5\n",
        "\\",
        "\n",
        " ",
        "5 ",
        "-",
        "<think>",
        "</think>",
        "**",
        "\\text{",
        "1,000,",
        "option B ",
        "\u{301}",
        "\u{200b}",
        "\u{1f600}\u{202e}",
        "\u{ff15}\u{2212}\u{d7}\u{221a}\u{bd}\u{b2}",
    ];
    let mut cases = Vec::new();
    for piece in PIECES {
        let end = "\n\\boxed{5}";
        let filled = piece.repeat((MEGABYTE - end.len()) / piece.len());
        let name = format!("1 MB of {piece:?}");
        cases.push((name.clone(), "5".to_owned(), filled.clone()));
        cases.push((format!("{name}, then a box"), "5".to_owned(), filled + end));
        let inside = piece.repeat(9_000 / piece.len());
        cases.push((format!("9 kB of {piece:?} in a box"), "5".to_owned(), boxed(&inside)));
    }
    let letters: String = (0..MEGABYTE / 4)
        .filter_map(|n| char::from_u32(0x20 + (n as u32 * 7_919) % 0x2_ffff))
        .collect();
    let cut = letters.floor_char_boundary(MEGABYTE - 100);
    cases.push(("1 MB of unicode".to_owned(), "5".to_owned(), letters[..cut].to_owned()));
    let few: String = letters.chars().take(2_000).collect();
    cases.push(("2,000 characters in a box".to_owned(), "5".to_owned(), boxed(&few)));
    cases.push(("2,000 characters as known answer".to_owned(), few, boxed("5")));
    cases
}
