//! Texts that can be meant in two ways are not read in one of them.

use super::{Stop, read};

#[test]
fn two_meanings_are_none() {
    for text in [
        r"\sqrt12",
        "sqrt 12",
        r"\sin x (1+\cos x)",
        r"\sin x e^x",
        r"\ln 2 \sqrt{3}",
        "2^3!",
        "2^n!",
        "6/2(1+2)",
        r"(\pm 1, \pm 2)",
        r"\pm 1 \pm 2",
        r"\log_23 5",
    ] {
        assert!(matches!(read(text), Err(Stop::Ambiguous(_))), "{text}: {:?}", read(text));
    }
}

#[test]
fn what_is_not_judged() {
    for text in [r"\frac{d}{dx}x^2", r"\sum_{k=1}^{3} x_k", r"x=0 \text{ or } y=0"] {
        assert!(matches!(read(text), Err(Stop::Unsupported(_))), "{text}: {:?}", read(text));
    }
}

#[test]
fn same_readings() {
    for (text, plain) in [
        (r"\log_10 5", r"\log_{10} 5"),
        (r"\sin x/\cos x", r"\frac{\sin x}{\cos x}"),
        ("dy/dx", r"\frac{dy}{dx}"),
        ("2e+3", "2e + 3"),
        ("(0, 1) U (2, 3)", r"(0, 1) \cup (2, 3)"),
        (r"x \ne 1, 2", r"x \ne 1, x \ne 2"),
        (r"\textcolor{red}{12}", "{12}"),
    ] {
        assert_eq!(read(text), read(plain), "{text}");
    }
}
