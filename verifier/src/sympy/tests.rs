use std::process::Command;

use super::*;

#[test]
fn only_equality_changes_a_verdict() {
    let before = || Verdict::new(Outcome::Unsupported, "not judged").with("answer", "x");
    for (says, outcome, told) in [
        (Says::Equal, Outcome::Correct, "simplifies to 0"),
        (Says::Different, Outcome::Unsupported, "not judged; SymPy"),
        (Says::Unknown, Outcome::Unsupported, "cannot tell"),
    ] {
        let verdict = with_opinion(before(), "1.0", says, None);
        assert_eq!(verdict.verdict, outcome);
        assert!(verdict.reason.contains(told), "{}", verdict.reason);
        let opinion = json!({"by": "sympy", "version": "1.0", "says": says});
        assert_eq!(verdict.evidence.get("second_opinion"), Some(&opinion));
    }
}

/// Answer, known answer, and what is said of them.
const PAIRS: &[(&str, &str, &str)] = &[
    ("1+x", "x+1", "equal"),
    (r"\dfrac12", "0.5", "equal"),
    (r"\sin(x)^2+\cos^2 x", "1", "equal"),
    (r"2\sin x\cos x", r"\sin 2x", "equal"),
    (r"\cosh(x)", r"\frac{e^x+e^{-x}}{2}", "equal"),
    (r"\sin^{-1}(1)", r"\frac{\pi}{2}", "equal"),
    (r"\operatorname{tan}\left(x\right)", r"\frac{\sin x}{\cos x}", "equal"),
    (r"\Gamma(5)", "4!", "equal"),
    (r"\zeta(2)", r"\frac{\pi^2}{6}", "equal"),
    (r"\binom{5}{2}", "10", "equal"),
    (r"\log_{2} 8", "3", "equal"),
    (r"\log 8", r"3\log 2", "equal"),
    (r"\ln 8", r"3 \ln(2)", "equal"),
    ("e^{i\\pi}", "-1", "equal"),
    ("x_{12}y+x_1", r"x_1+y\cdot x_{12}", "equal"),
    ("xy", "y x", "equal"),
    ("-2^2", "-4", "equal"),
    ("2^-1", "1/2", "equal"),
    ("sqrt(2)/2", "1/sqrt(2)", "equal"),
    (r"\sqrt[3]{8}", "2", "equal"),
    (r"\left|-3\right|+\lfloor 2.5\rfloor", "5", "equal"),
    ("x+1", "x+2", "different"),
    (r"\zeta(3)", r"\zeta(2)", "different"),
    (r"3.14", r"\pi", "different"),
    // Equal for some values only, or by one of two readings.
    (r"\sqrt{x^2}", "x", "unknown"),
    (r"\ln(x^2)", r"2\ln x", "unknown"),
    (r"|x|", "x", "unknown"),
    (r"\log 100", "2", "unknown"),
    ("1/2x", "x/2", "unknown"),
    ("a/b/c", "a/(bc)", "unknown"),
    (r"1\frac12", r"\frac{1}{2}", "unknown"),
    (r"1\frac12", r"\frac{3}{2}", "unknown"),
    ("2 3", "6", "unknown"),
    ("x2", "2x", "unknown"),
    ("1,000", "1000", "unknown"),
    ("50%", "50", "unknown"),
    (r"x^10\pi", r"x^{10}\pi", "unknown"),
    (r"\sqrt12", r"\sqrt{12}", "unknown"),
    ("e^2x", "e^{2x}", "unknown"),
    ("2^xy", "2^{xy}", "unknown"),
    (r"\sin xy", r"\sin(xy)", "unknown"),
    ("f(x)", "fx", "unknown"),
    ("speed", "deeps", "unknown"),
    (r"\sqrt[3]{-8}", "-2", "unknown"),
    (r"(-8)^{1/3}", r"1+\sqrt{3}i", "unknown"),
    // Not one finite expression.
    ("1/0", "1/0", "unknown"),
    (r"\infty", r"\infty", "unknown"),
    ("(1,2)", "(1,2)", "unknown"),
    ("x=1", "1", "unknown"),
    (r"\{1\}", "1", "unknown"),
    ("", "", "unknown"),
    ("(x", "x", "unknown"),
    ("(x]", "x", "unknown"),
    ("x)", "x", "unknown"),
    ("x_", "x", "unknown"),
    (r"\frac", "1", "unknown"),
    ("x!!", "x!", "unknown"),
    // Code.
    ("__import__('os').write(3,b'x')", "1", "unknown"),
    ("exec(x)", "1", "unknown"),
    ("x.__class__", "x", "unknown"),
];

/// The driver's opinions, outside the sandbox and all in one process, where there is SymPy.
#[test]
fn opinions() {
    const HARNESS: &str = "import json, sys, sympy\n\
        sys.path.insert(0, sys.argv[1])\n\
        import driver\n\
        for answer, gold, _ in json.loads(sys.argv[2]):\n\
        \x20   try: print(driver.opinion(sympy, {'answer': answer, 'gold': gold})[0])\n\
        \x20   except Exception as error: print('unknown', error)\n";
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("driver.py"), DRIVER).unwrap();
    std::fs::write(dir.path().join("expression.py"), EXPRESSION).unwrap();
    let mut python = Command::new("python3");
    python.args(["-s", "-B", "-c", HARNESS]).arg(dir.path()).arg(json!(PAIRS).to_string());
    let output = python.output();
    let Some(output) = output.ok().filter(|output| output.status.success()) else { return };
    let said = String::from_utf8_lossy(&output.stdout);
    let said: Vec<&str> = said.lines().map(|l| l.split(' ').next().unwrap_or(l)).collect();
    assert_eq!(said.len(), PAIRS.len());
    for ((answer, gold, expected), said) in PAIRS.iter().zip(said) {
        // To say less than one might is no fault.
        let fits = said == *expected || *expected == "unknown" && said == "different";
        assert!(fits, "{answer} for {gold}: {said}");
    }
}
