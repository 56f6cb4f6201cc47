use super::*;

#[test]
fn the_same_numbers_are_equal() {
    let golden = n(1).plus(sqrt(n(5))).over(n(2));
    let half_turn = pi().over(n(2));
    let cases: Vec<(Expr, Expr)> = vec![
        (q(1, 2), q(2, 4)),
        (sqrt(n(8)), n(2).times(sqrt(n(2)))),
        (sqrt(n(4)), n(2)),
        (cbrt(n(-8)), n(-2)),
        (sqrt(q(4, 9)), q(2, 3)),
        (n(-8).to_the(q(1, 3)), n(1).plus(i().times(sqrt(n(3))))),
        (n(1).over(sqrt(n(2))), sqrt(n(2)).over(n(2))),
        (sqrt(n(2)).plus(sqrt(n(3))), sqrt(n(5).plus(n(2).times(sqrt(n(6)))))),
        (cbrt(n(2).plus(sqrt(n(5)))).plus(cbrt(n(2).minus(sqrt(n(5))))), n(1)),
        (golden.clone().to_the(n(2)), golden.clone().plus(n(1))),
        (golden.clone().to_the(n(-1)), golden.minus(n(1))),
        (exp(i().times(pi())), n(-1)),
        (exp(i().times(pi()).over(n(3))), q(1, 2).plus(i().times(sqrt(n(3))).over(n(2)))),
        (i().to_the(i()), exp(half_turn.clone().negated())),
        (n(1).plus(i()).to_the(n(8)), n(16)),
        (sqrt(n(-4)), n(2).times(i())),
        (call(Function::Sin, pi().over(n(6))), q(1, 2)),
        (call(Function::Cos, pi().over(n(12))), sqrt(n(6)).plus(sqrt(n(2))).over(n(4))),
        (call(Function::Tan, pi().over(n(3))), sqrt(n(3))),
        (call(Function::Arctan, q(1, 2)).plus(call(Function::Arctan, q(1, 3))), pi().over(n(4))),
        (call(Function::Arcsin, n(1)), half_turn.clone()),
        (call(Function::Arccos, sqrt(n(3)).over(n(2))), pi().over(n(6))),
        (call(Function::Arccot, n(-1)), q(3, 4).times(pi())),
        (ln(n(8)), n(3).times(ln(n(2)))),
        (ln(n(-1)), i().times(pi())),
        (call2(Function::Log, n(2), n(8)), n(3)),
        (call2(Function::Log, n(4), n(8)), q(3, 2)),
        (call(Function::Log, n(8)), n(3).times(call(Function::Log, n(2)))),
        (call(Function::Arsinh, n(1)), ln(n(1).plus(sqrt(n(2))))),
        (call(Function::Artanh, q(1, 3)), ln(n(2)).over(n(2))),
        (call(Function::Factorial, n(5)), n(120)),
        (call(Function::DoubleFactorial, n(7)), n(105)),
        (call2(Function::Binomial, n(10), n(3)), n(120)),
        (call2(Function::Binomial, q(1, 2), n(2)), q(-1, 8)),
        (call2(Function::Permutations, n(5), n(2)), n(20)),
        (call2(Function::Gcd, n(12), n(18)), n(6)),
        (call2(Function::Lcm, n(4), n(6)), n(12)),
        (call2(Function::Mod, n(-7), n(3)), n(2)),
        (call(Function::Floor, q(7, 2)), n(3)),
        (call(Function::Ceil, sqrt(n(2))), n(2)),
        (call2(Function::Max, sqrt(n(2)), q(7, 5)), sqrt(n(2))),
        (call(Function::Abs, n(3).plus(n(4).times(i()))), n(5)),
        (call(Function::Arg, n(1).plus(i())), pi().over(n(4))),
        (call(Function::Re, n(3).plus(n(4).times(i()))), n(3)),
        (sum_to(n(10), Expr::variable("k")), n(55)),
        (sum_to(constant(Constant::Infinity), q(1, 2).to_the(Expr::variable("k"))), n(2)),
        (constant(Constant::Infinity), constant(Constant::Infinity)),
        (n(2).to_the(n(20_000)), n(4).to_the(n(10_000))),
    ];
    for (a, b) in cases {
        let identity = numbers(&a, &b);
        assert!(matches!(identity, Identity::Equal { .. }), "{a:?}\n{b:?}\n{identity:?}");
    }
}

#[test]
fn numbers_that_are_nearly_the_same_differ() {
    let ramanujan = exp(pi().times(sqrt(n(163))));
    let cases: Vec<(Expr, Expr)> = vec![
        (q(1, 3), q(333_333, 1_000_000)),
        (ramanujan, n(640_320).to_the(n(3)).plus(n(744))),
        (sqrt(n(1).plus(tiny(500))), n(1)),
        (call(Function::Sin, tiny(200)), tiny(200)),
        (tiny(300).times(sqrt(n(2))), tiny(300).times(sqrt(n(3)))),
        (tiny(300).times(pi()), tiny(300).times(constant(Constant::E))),
        (pi(), q(355, 113)),
        (exp(n(-600)).plus(n(1)), n(1)),
        (exp(n(-600)).plus(pi()), pi()),
        (ln(n(-1)), i().times(pi()).negated()),
        (n(-8).to_the(q(1, 3)), n(-2)),
        (sqrt(n(2)), sqrt(n(2)).negated()),
        (pi(), n(3)),
        (call(Function::Tanh, n(1000)), n(1)),
        (call(Function::Tan, i().times(n(1000))), i()),
        (
            call(Function::Sin, call(Function::Tan, exp(n(-100)))),
            call(Function::Tan, call(Function::Sin, exp(n(-100)))),
        ),
        (constant(Constant::Infinity), constant(Constant::Infinity).negated()),
        (call(Function::Sinh, tiny(100)), tiny(100)),
    ];
    for (a, b) in cases {
        assert_eq!(numbers(&a, &b), Identity::Different, "{a:?}\n{b:?}");
    }
}

#[test]
fn what_has_no_value_is_not_decided() {
    let undefined = [
        n(0).to_the(n(-1)),
        ln(n(0)),
        constant(Constant::Infinity).plus(n(1)),
        call(Function::Factorial, q(1, 2)),
        call(Function::Factorial, n(-1)),
        call(Function::Tan, pi().over(n(2))),
        n(0).to_the(n(0)),
    ];
    for a in undefined {
        assert_eq!(numbers(&a, &n(1)), Identity::Unknown(Stop::Undefined), "{a:?}");
        assert_eq!(numbers(&a, &a), Identity::Unknown(Stop::Undefined), "{a:?}");
    }
    let jump = call(Function::Floor, sqrt(n(2)).times(sqrt(n(2))));
    assert_eq!(numbers(&jump, &n(2)), Identity::Unknown(Stop::Undecided));
    let unknown = call(Function::Unknown("f".to_owned()), n(1));
    assert!(matches!(numbers(&unknown, &n(1)), Identity::Unknown(Stop::Unsupported(_))));
    for huge in [
        n(2).to_the(n(10).to_the(n(10))),
        n(10).to_the(n(10).to_the(n(10).to_the(n(10)))),
        call(Function::Factorial, n(1_000_000)),
        exp(n(-100_000)).plus(n(1)).plus(n(-1).times(n(1))),
    ] {
        assert!(matches!(numbers(&huge, &pi()), Identity::OverBudget(_) | Identity::Different));
    }
    let vanishing = exp(n(-100_000)).plus(pi());
    assert!(matches!(numbers(&vanishing, &pi()), Identity::OverBudget(_)));
}

#[test]
fn a_logarithm_without_a_base_is_equal_for_some() {
    let a = call(Function::Log, n(100));
    assert_eq!(numbers(&a, &n(2)), Identity::SomewhereEqual(Domain::LogBase));
    let b = call(Function::Log, constant(Constant::E));
    assert_eq!(numbers(&b, &n(1)), Identity::SomewhereEqual(Domain::LogBase));
    assert_eq!(numbers(&b, &n(2)), Identity::Different);
}

#[test]
fn algebraic_numbers_are_proven_equal() {
    let identity = numbers(&sqrt(n(8)), &n(2).times(sqrt(n(2))));
    assert!(matches!(identity, Identity::Equal { how: How::Separation { .. } }));
}

#[test]
fn functions_are_compared_at_points() {
    let (y, k) = (Expr::variable("y"), Expr::variable("n"));
    let square = |e: Expr| e.to_the(n(2));
    let equal: Vec<(Expr, Expr)> = vec![
        (square(x().plus(n(1))), square(x()).plus(n(2).times(x())).plus(n(1))),
        (square(x()).minus(square(y.clone())), x().plus(y.clone()).times(x().minus(y.clone()))),
        (square(call(Function::Sin, x())).plus(square(call(Function::Cos, x()))), n(1)),
        (square(x()).minus(n(1)).over(x().minus(n(1))), x().plus(n(1))),
        (exp(x()).times(exp(y.clone())), exp(x().plus(y.clone()))),
        (
            call(Function::Factorial, k.clone())
                .over(call(Function::Factorial, k.clone().minus(n(1)))),
            k.clone(),
        ),
        (
            call2(Function::Binomial, k.clone(), n(2)),
            k.clone().times(k.clone().minus(n(1))).over(n(2)),
        ),
        (sqrt(square(x())), sqrt(x().times(x()))),
    ];
    for (a, b) in equal {
        let identity = functions(&a, &b);
        assert!(matches!(identity, Identity::Equal { .. }), "{a:?}\n{b:?}\n{identity:?}");
    }
    let different: Vec<(Expr, Expr)> = vec![
        (square(x().plus(n(1))), square(x()).plus(n(1))),
        (x(), y.clone()),
        (exp(x()).plus(tiny(100)), exp(x())),
        (x().plus(tiny(100)), x()),
        (square(call(Function::Sin, x())), square(call(Function::Cos, x()))),
    ];
    for (a, b) in different {
        assert_eq!(functions(&a, &b), Identity::Different, "{a:?}\n{b:?}");
    }
    let somewhere: Vec<(Expr, Expr, Domain)> = vec![
        (ln(square(x())), n(2).times(ln(x())), Domain::Positive),
        (sqrt(square(x())), x(), Domain::Positive),
        (sqrt(x()).times(sqrt(y.clone())), sqrt(x().times(y)), Domain::Positive),
        (n(-1).to_the(k.clone()), call(Function::Cos, pi().times(k.clone())), Domain::Natural),
        (call(Function::Floor, k.clone()), k, Domain::Natural),
    ];
    for (a, b, domain) in somewhere {
        assert_eq!(functions(&a, &b), Identity::SomewhereEqual(domain), "{a:?}\n{b:?}");
    }
}
