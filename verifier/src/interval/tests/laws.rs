#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;

fn midpoint(x: &Real) -> f64 {
    let scaled: BigInt = x.low.fixed(200) >> 60;
    scaled.to_string().parse::<f64>().unwrap() / 2f64.powi(140)
}

fn rational(x: f64) -> BigRational {
    BigRational::from_float(x).unwrap()
}

const ONE_ARGUMENT: [Function; 34] = [
    Function::Ln,
    Function::Log,
    Function::Sin,
    Function::Cos,
    Function::Tan,
    Function::Cot,
    Function::Sec,
    Function::Csc,
    Function::Arcsin,
    Function::Arccos,
    Function::Arctan,
    Function::Arccot,
    Function::Arcsec,
    Function::Arccsc,
    Function::Sinh,
    Function::Cosh,
    Function::Tanh,
    Function::Coth,
    Function::Sech,
    Function::Csch,
    Function::Arsinh,
    Function::Arcosh,
    Function::Artanh,
    Function::Abs,
    Function::Floor,
    Function::Ceil,
    Function::Factorial,
    Function::DoubleFactorial,
    Function::Re,
    Function::Im,
    Function::Conjugate,
    Function::Arg,
    Function::Min,
    Function::Gcd,
];
const TWO_ARGUMENTS: [Function; 8] = [
    Function::Root,
    Function::Log,
    Function::Binomial,
    Function::Permutations,
    Function::Lcm,
    Function::Max,
    Function::Mod,
    Function::Gcd,
];

fn expressions() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        (-9i64..10).prop_map(n),
        (-99i64..100, 1i64..20).prop_map(|(a, b)| q(a, b)),
        any::<i64>().prop_map(n),
        (0u32..400).prop_map(tiny),
        Just(pi()),
        Just(i()),
        Just(constant(Constant::E)),
        Just(constant(Constant::Infinity)),
        Just(x()),
        Just(Expr::variable("k")),
    ];
    leaf.prop_recursive(5, 20, 3, |inner| {
        let e = || inner.clone();
        prop_oneof![
            (e(), e()).prop_map(|(a, b)| a.plus(b)),
            (e(), e()).prop_map(|(a, b)| a.times(b)),
            (e(), e()).prop_map(|(a, b)| a.over(b)),
            (e(), e()).prop_map(|(a, b)| a.to_the(b)),
            (0..ONE_ARGUMENT.len(), e()).prop_map(|(f, a)| call(ONE_ARGUMENT[f].clone(), a)),
            (0..TWO_ARGUMENTS.len(), e(), e()).prop_map(|(f, a, b)| call2(
                TWO_ARGUMENTS[f].clone(),
                a,
                b
            )),
            (e(), e()).prop_map(|(to, term)| sum_to(to, term)),
        ]
    })
}

proptest! {
    /// No expression makes it panic, no verdict depends on what was asked before, and an expression
    /// is never different from itself.
    #[test]
    fn every_expression_has_a_verdict(a in expressions(), b in expressions()) {
        let variables = ["x".to_owned()];
        let decide = |a: &Expr, b: &Expr| {
            (same_number(a, b, &mut Budget::of(20_000)),
             same_function(a, b, &variables, &mut Budget::of(40_000)))
        };
        let verdict = decide(&a, &b);
        prop_assert_eq!(&verdict, &decide(&a, &b));
        let again = a.clone().plus(n(0)).times(n(1));
        let (number, function) = decide(&a, &again);
        prop_assert_ne!(number, Identity::Different);
        prop_assert_ne!(function, Identity::Different);
    }

    /// The same value at two precisions is enclosed by rectangles that meet.
    #[test]
    fn rectangles_of_the_same_value_meet(a in expressions()) {
        let mut at = Bindings::with_log_base(LogBase::Ten);
        at.set("x", BigRational::new(5.into(), 7.into()));
        at.set("k", BigRational::new(3.into(), 1.into()));
        let coarse = evaluate(&a, &at, 64, &mut Budget::of(50_000));
        let fine = evaluate(&a, &at, 333, &mut Budget::of(200_000));
        if let (Ok(coarse), Ok(fine)) = (coarse, fine) {
            let difference = coarse.minus(&fine, 400).unwrap();
            prop_assert!(difference.may_be_zero(), "{coarse:?} {fine:?}");
        }
    }

    #[test]
    fn enclosures_are_where_the_machine_says(x in -50.0..50.0f64, bits in 64u32..400) {
        let mut budget = Budget::default();
        let mut work = Work::new(bits, &mut budget);
        let real = Real::rational(&rational(x), bits).unwrap();
        let (sin, cos) = sin_cos(&real, &mut work).unwrap();
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-14 * b.abs().max(1.0);
        prop_assert!(near(midpoint(&sin), x.sin()));
        prop_assert!(near(midpoint(&cos), x.cos()));
        prop_assert!(near(midpoint(&atan(&real, &mut work).unwrap()), x.atan()));
        prop_assert!(near(midpoint(&crate::interval::exp(&real, &mut work).unwrap()), x.exp()));
        if x > 0.0 {
            prop_assert!(near(midpoint(&crate::interval::ln(&real, &mut work).unwrap()), x.ln()));
        }
    }

    /// Enclosures at two precisions meet, and the finer one is narrow.
    #[test]
    fn precisions_agree(a in -2000i64..2000, b in 1i64..300, bits in 64u32..300) {
        let mut budget = Budget::default();
        let value = BigRational::new(a.into(), b.into());
        let mut results = Vec::new();
        for bits in [bits, bits + 37, 900] {
            let mut work = Work::new(bits, &mut budget);
            let real = Real::rational(&value, bits).unwrap();
            let (sin, cos) = sin_cos(&real, &mut work).unwrap();
            let mut row = vec![sin, cos, atan(&real, &mut work).unwrap()];
            row.push(crate::interval::exp(&real, &mut work).unwrap());
            if a > 0 {
                row.push(crate::interval::ln(&real, &mut work).unwrap());
            }
            for enclosure in &row {
                let width = enclosure.width(bits).unwrap();
                prop_assert!(width.is_zero() || width.top() < enclosure.top().max(0) + 24 - i64::from(bits));
            }
            results.push(row);
        }
        for row in results.windows(2) {
            for (coarse, fine) in row[0].iter().zip(&row[1]) {
                prop_assert!(coarse.compare(fine).is_none() || coarse.compare(fine) == Some(std::cmp::Ordering::Equal));
            }
        }
    }

    #[test]
    fn arithmetic_contains_the_exact_result(
        a in any::<i64>(), b in 1..i64::MAX, c in any::<i64>(), d in 1..i64::MAX, power in 0u64..9,
    ) {
        let (p, q) = (BigRational::new(a.into(), b.into()), BigRational::new(c.into(), d.into()));
        let bits = 70;
        let (x, y) = (Real::rational(&p, bits).unwrap(), Real::rational(&q, bits).unwrap());
        prop_assert!(x.contains(&p));
        prop_assert!(x.plus(&y, bits).unwrap().contains(&(&p + &q)));
        prop_assert!(x.minus(&y, bits).unwrap().contains(&(&p - &q)));
        prop_assert!(x.times(&y, bits).unwrap().contains(&(&p * &q)));
        if c != 0 {
            prop_assert!(x.over(&y, bits).unwrap().contains(&(&p / &q)));
        }
        prop_assert!(x.power(power, bits).unwrap().contains(&p.pow(power as i32)));
        let root = x.absolute().root(3, bits).unwrap();
        prop_assert!(root.power(3, 300).unwrap().contains(&p.pow(1).max(-p.clone())));
    }
}
