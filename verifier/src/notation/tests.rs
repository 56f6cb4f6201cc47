//! What texts are read as, by the kind of value and its normal print.

use super::{Stop, read};
use crate::value::Value;

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Quantity(_) => "quantity",
        Value::List(_) => "list",
        Value::Tuple(_) => "tuple",
        Value::Set(_) => "set",
        Value::Interval(_) => "interval",
        Value::Union(_) => "union",
        Value::Intersection(_) => "intersection",
        Value::Difference(..) => "difference",
        Value::Named(_) => "named",
        Value::Builder { .. } => "builder",
        Value::Matrix(_) => "matrix",
        Value::Relation(_) => "relation",
        Value::Member { .. } => "member",
        Value::Ratio(_) => "ratio",
        Value::Based { .. } => "based",
        Value::Date { .. } => "date",
        Value::Time { .. } => "time",
        Value::Text(_) => "text",
    }
}

#[test]
fn texts_are_read() {
    let mut misread = Vec::new();
    for (text, expect, print) in [
        ("1,234,567", "quantity", "1234567"),
        ("1 234 567", "quantity", "1234567"),
        ("1{,}234", "quantity", "1234"),
        ("1,23", "list", "1, 23"),
        ("0.1\\overline{6}", "quantity", "\\frac{1}{6}"),
        ("0.(142857)", "quantity", "\\frac{1}{7}"),
        ("0.333\\ldots", "quantity", "\\frac{1}{3}"),
        ("3 1/2", "quantity", "\\frac{7}{2}"),
        ("3\\frac12", "quantity", "\\frac{7}{2}"),
        ("\\frac12", "quantity", "\\frac{1}{2}"),
        ("{1 \\over 2}", "quantity", "\\frac{1}{2}"),
        ("½", "quantity", "\\frac{1}{2}"),
        ("1.5 \\times 10^{-7}", "quantity", "\\frac{3}{2} \\cdot 10^{-7}"),
        ("2e3", "quantity", "2000"),
        ("7.25 x 10^4", "quantity", "\\frac{29}{4} \\cdot 10^{4}"),
        ("-x^2", "quantity", "-x^{2}"),
        ("x^12", "quantity", "x^{12}"),
        ("2^3^2", "quantity", "2^{3^{2}}"),
        ("1/2x", "quantity", "\\frac{1}{2} \\cdot x"),
        ("\\sin^2 x", "quantity", "\\sin\\left(x\\right)^{2}"),
        ("\\sin^{-1} x", "quantity", "\\arcsin\\left(x\\right)"),
        (
            "\\sin 2x \\cos x",
            "quantity",
            "\\sin\\left(2 \\cdot x\\right) \\cdot \\cos\\left(x\\right)",
        ),
        ("\\log_2 8", "quantity", "\\log_{2}\\left(8\\right)"),
        ("\\sqrt[3]{8}", "quantity", "\\sqrt[3]{8}"),
        ("√2", "quantity", "\\sqrt[2]{2}"),
        ("|x|", "quantity", "\\left|\\left(x\\right)\\right|"),
        ("5!!", "quantity", "5!!"),
        ("x_{12}", "quantity", "x_{12}"),
        ("AB", "quantity", "AB"),
        ("5 cm", "quantity", "5 \\text{ cm}"),
        ("5 \\text{ m/s}^2", "quantity", "5 \\text{ m/s^2}"),
        ("\\$5", "quantity", "5 \\text{ dollar}"),
        ("12.5\\%", "quantity", "\\frac{25}{2}\\%"),
        ("twenty-one", "quantity", "21"),
        ("three quarters", "quantity", "\\frac{3}{4}"),
        ("negative infinity", "quantity", "-\\infty"),
        ("\\pm 3", "list", "3, -3"),
        ("2 and 3", "list", "2, 3"),
        ("x = 2 \\text{ or } x = 3", "list", "x = 2, x = 3"),
        ("(1, 2)", "interval", "(1, 2)"),
        ("[0, 1[", "interval", "[0, 1)"),
        ("(1, 2, 3)", "tuple", "\\langle 1, 2, 3\\rangle"),
        ("\\{1, 2\\}", "set", "\\{1, 2\\}"),
        ("(0,1) \\cup [2,3)", "union", "(0, 1) \\cup [2, 3)"),
        ("x < 1 \\text{ or } x > 3", "union", "x < 1 \\cup x > 3"),
        ("x > 1 \\text{ and } x < 3", "intersection", "x > 1 \\cap x < 3"),
        ("\\mathbb{R} \\setminus \\{0\\}", "difference", "\\mathbb{R} \\setminus \\{0\\}"),
        ("\\varnothing", "named", "\\emptyset"),
        ("no solution", "named", "\\emptyset"),
        ("all real numbers", "named", "\\mathbb{R}"),
        ("\\{x \\in \\mathbb{Z} \\mid x > 3\\}", "builder", "\\{x \\in \\mathbb{Z} \\mid x > 3\\}"),
        (
            "\\begin{bmatrix} 1 & 2 \\\\ 3 & 4 \\end{bmatrix}",
            "matrix",
            "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}",
        ),
        (
            "\\begin{vmatrix} 1 & 2 \\\\ 3 & 4 \\end{vmatrix}",
            "quantity",
            "1 \\cdot 4 + -\\left(2 \\cdot 3\\right)",
        ),
        ("1 < x \\le 2", "relation", "1 < x \\le 2"),
        ("x \\in [0, 1]", "member", "x \\in [0, 1]"),
        ("3 : 4", "ratio", "3 : 4"),
        ("1011_2", "based", "1011_{2}"),
        ("0x2A", "based", "2A_{16}"),
        ("May 5, 2024", "date", "2024-05-05"),
        ("3:05 pm", "time", "15:05"),
        ("isosceles", "text", "isosceles"),
        ("\\text{Yes}", "text", "yes"),
    ] {
        match read(text) {
            Ok(value) if (kind(&value), value.to_string().as_str()) == (expect, print) => {}
            Ok(value) => misread.push(format!("{text}: {} {value}", kind(&value))),
            Err(stop) => misread.push(format!("{text}: {stop:?}")),
        }
    }
    assert!(misread.is_empty(), "{misread:#?}");
}

#[test]
fn what_can_be_meant_in_two_ways_is_not_read() {
    for text in ["1/2\\pi", "x/2y", "\\sin \\pi/6", "2\\frac{4}{3}", "3\\frac{1}{6} \\cdot 4"] {
        assert!(matches!(read(text), Err(Stop::Ambiguous(_))), "{text}: {:?}", read(text));
    }
    for text in [
        "\\int_0^1 x",
        "\\lim_{x \\to 0} x",
        "\\begin{cases} 1 & x > 0 \\\\ 0 & x < 0 \\end{cases}",
    ] {
        assert!(matches!(read(text), Err(Stop::Unsupported(_))), "{text}: {:?}", read(text));
    }
    for text in ["(", "1.2.3", "x y )", "~~5~~", "2 3", "\\frac{1}"] {
        assert!(matches!(read(text), Ok(Value::Text(_))), "{text}: {:?}", read(text));
    }
}

#[test]
fn what_nests_or_grows_is_bounded() {
    let nested = |open: &str, inner: &str, close: &str, times: usize| {
        format!("{}{inner}{}", open.repeat(times), close.repeat(times))
    };
    assert!(matches!(read(&nested("(", "5", ")", 500)), Ok(Value::Quantity(_))));
    assert!(matches!(read(&nested("{", "5", "}", 500)), Ok(Value::Quantity(_))));
    for text in [
        nested("\\sqrt{", "5", "}", 500),
        nested("\\frac{1}{", "5", "}", 500),
        nested("2^{", "5", "}", 500),
        "1+".repeat(50_000),
        "9".repeat(50_000),
        "1e99999999".to_owned(),
    ] {
        assert!(matches!(read(&text), Err(Stop::OverBudget(_))), "{:.20}", text);
    }
}

#[test]
fn a_fraction_cut_short_beside_a_number_ends() {
    // Reading the unit went back to the open brace, again and again.
    for text in ["2s{\\#1t\\tfrac6}", "2 {s \\frac}", "5 \\text{m}\\frac{s}", "2{\\frac 1 s}"] {
        let _ = read(text);
    }
}
