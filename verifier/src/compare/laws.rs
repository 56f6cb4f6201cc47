//! Laws of the comparison, over random values.

use num_rational::BigRational;
use proptest::prelude::*;

use super::same;
use crate::answer::check_math;
use crate::budget::Budget;
use crate::policy::{MissingUnit, Percent, Policy, Tolerance};
use crate::value::arbitrary::{expression, value};
use crate::value::{Expr, Quantity, Relation, Symbol, Value};

/// No leniency, so that both sides weigh the same.
fn strict() -> Policy {
    Policy {
        tolerance: Tolerance::Exact,
        missing_unit: MissingUnit::Required,
        percent: Percent::Exact,
    }
}

fn agree(a: &Value, b: &Value) -> bool {
    same(a, b, &strict(), &mut Budget::default()).is_correct()
}

fn quantity(expr: Expr) -> Value {
    Value::Quantity(Quantity::plain(expr))
}

fn equation(left: Expr, right: Expr) -> Value {
    Value::Relation(Relation { terms: vec![left, right], symbols: vec![Symbol::Equal] })
}

/// The same text in another dress.
fn rewritten(text: &str, dress: u8) -> String {
    match dress {
        0 => text.replace("\\frac", "\\dfrac"),
        1 => text.replace("\\left", "").replace("\\right", ""),
        2 => text.replace(" + ", "+").replace(" \\cdot ", "\\cdot "),
        3 => format!("$ {text} $."),
        4 => text.replace(" \\cdot ", " \\times "),
        5 => text.replace(' ', "~"),
        _ => text.replace('(', "( ").replace(" + ", "  +  "),
    }
}

proptest! {
    #[test]
    fn every_value_equals_itself(value in value()) {
        let text = value.to_string();
        let verdict = check_math(&text, &format!("So it is $\\boxed{{{text}}}$."), &Policy::math());
        prop_assert!(verdict.is_correct(), "{text}: {verdict:?}");
    }

    #[test]
    fn agreement_is_symmetric(a in value(), b in value()) {
        prop_assert_eq!(agree(&a, &b), agree(&b, &a), "{} and {}", a, b);
    }

    #[test]
    fn agreement_is_symmetric_for_expressions(a in expression(), b in expression()) {
        // Of equal ones there are too few by chance.
        let scaled = quantity(b.clone().times(a.clone()).plus(a.clone()));
        let other = quantity(a.clone().times(b.plus(Expr::integer(1))));
        let judge = |a, b| same(a, b, &strict(), &mut Budget::default());
        let (forth, back) = (judge(&scaled, &other), judge(&other, &scaled));
        // The steps may be enough in one direction only.
        prop_assert!(!(forth.is_correct() && back.is_wrong()), "{} and {}", scaled, other);
        prop_assert!(!(forth.is_wrong() && back.is_correct()), "{} and {}", scaled, other);
    }

    #[test]
    fn the_dress_does_not_matter(value in value(), dress in 0u8..7) {
        let (text, other) = (value.to_string(), rewritten(&value.to_string(), dress));
        let verdict = check_math(&text, &format!("\\boxed{{{other}}}"), &Policy::math());
        prop_assert!(verdict.is_correct(), "{text} and {other}: {verdict:?}");
    }

    #[test]
    fn a_set_has_no_order(elements in prop::collection::vec(expression(), 2..6), turn in 0usize..6) {
        let set: Vec<Value> = elements.into_iter().map(quantity).collect();
        let mut turned = set.clone();
        let middle = turn % turned.len();
        turned.rotate_left(middle);
        let (set, turned) = (Value::Set(set), Value::Set(turned));
        prop_assert!(agree(&set, &turned), "{set} and {turned}");
    }

    #[test]
    fn an_equation_may_be_scaled(
        slope in 1i64..9, shift in -9i64..9, power in 1i64..4,
        factor in prop_oneof![-9i64..0, 1i64..9], below in 1i64..9,
    ) {
        let x = || Expr::variable("x");
        let right = x().to_the(Expr::integer(power)).times(Expr::integer(slope)).plus(Expr::integer(shift));
        let left = Expr::variable("y").times(x());
        let factor = Expr::Number(BigRational::new(factor.into(), below.into()));
        let scaled = equation(factor.clone().times(left.clone()), factor.times(right.clone()));
        prop_assert!(agree(&equation(left, right), &scaled), "{scaled}");
    }

    #[test]
    fn one_more_is_another_number(expr in expression()) {
        let more = expr.clone().plus(Expr::integer(1));
        let finding = same(&quantity(expr.clone()), &quantity(more), &strict(), &mut Budget::default());
        prop_assert!(!finding.is_correct(), "{expr}: {finding:?}");
    }

    #[test]
    fn a_verdict_is_the_same_each_time(a in value(), b in value()) {
        let judge = || same(&a, &b, &Policy::math(), &mut Budget::default());
        prop_assert_eq!(judge(), judge());
    }
}
