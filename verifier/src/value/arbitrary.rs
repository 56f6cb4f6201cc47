//! Random values for the tests of laws.

use num_rational::BigRational;
use proptest::prelude::*;

use super::{Constant, Expr, Function, Interval, Quantity, Value};

/// Expressions in the form in which the reader leaves them.
pub(crate) fn expression() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        (0i64..1000).prop_map(Expr::integer),
        (1i64..50, 2i64..50).prop_map(|(a, b)| Expr::Number(BigRational::new(a.into(), b.into()))),
        prop_oneof![Just("x"), Just("y"), Just("n"), Just("a_1"), Just("\\alpha")]
            .prop_map(Expr::variable),
        prop_oneof![Just(Constant::Pi), Just(Constant::E), Just(Constant::I)]
            .prop_map(Expr::Constant),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::Sum),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::Product),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| a.to_the(b)),
            (inner.clone(), 2i64..5)
                .prop_map(|(x, n)| Expr::Call(Function::Root, vec![x, Expr::integer(n)])),
            (
                prop_oneof![
                    Just(Function::Sin),
                    Just(Function::Ln),
                    Just(Function::Arctan),
                    Just(Function::Abs),
                    Just(Function::Floor),
                    Just(Function::Factorial),
                ],
                inner.clone()
            )
                .prop_map(|(f, x)| Expr::Call(f, vec![x])),
            (inner.clone(), inner).prop_map(|(n, k)| Expr::Call(Function::Binomial, vec![n, k])),
        ]
    })
}

/// Values of most kinds.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    let quantity = || expression().prop_map(|e| Value::Quantity(Quantity::plain(e)));
    prop_oneof![
        quantity(),
        prop::collection::vec(quantity(), 2..4).prop_map(Value::List),
        prop::collection::vec(quantity(), 3..5).prop_map(Value::Tuple),
        prop::collection::vec(quantity(), 1..4).prop_map(Value::Set),
        (expression(), expression(), any::<bool>(), any::<bool>()).prop_map(
            |(low, high, low_closed, high_closed)| Value::Interval(Interval {
                low,
                high,
                low_closed,
                high_closed
            })
        ),
        prop::collection::vec(prop::collection::vec(expression(), 2), 1..3).prop_map(Value::Matrix),
    ]
}
