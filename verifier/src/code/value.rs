//! Values that a program returned, and how they compare with JSON.
//!
//! The comparison is strict in types, after the rule that `1`, `1.0`, `true` and `"1"` are four
//! values:
//!
//! - an integer is expected: an `int` of the same value;
//! - a number with a point or exponent: a `float` within the tolerance of the policy, usually 1e-9
//!   relative to what is expected (where 0 is, an absolute 1e-12); NaN and the infinities equal
//!   nothing;
//! - JavaScript has one type of number: one equals an expected integer of exactly its value, and an
//!   expected number with a point within the tolerance; a `BigInt` is an integer;
//! - an array: a `list` or a `tuple`, element by element, because JSON cannot say which;
//! - an object: a `dict` with the same string keys, each once;
//! - subclasses, sets and other objects equal nothing: their own `__eq__` is never asked.

use std::collections::HashMap;

use num_bigint::BigInt;
use num_rational::BigRational;
use serde::Deserialize;
use serde_json::Value;

use super::floats::Floats;

/// A value as the driver sends it.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Returned {
    Plain(Plain),
    Typed(Typed),
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Plain {
    None,
    Bool(bool),
    Text(String),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Typed {
    Int(String),
    Float(String),
    /// A number of a language that has one type for both.
    Number(String),
    List(Vec<Returned>),
    Tuple(Vec<Returned>),
    Dict(Vec<(Returned, Returned)>),
    Other(String),
}

/// Whether JSON, as this program reads it, can hold the expected value exactly.
///
/// An integer beyond 64 bits has become a float on the way, and nobody can tell it from a float
/// that was meant as one.
pub(super) fn is_exact(expect: &Value) -> bool {
    // From -2^63 to 2^64: what lies between and is not an integer was written as a float.
    let within = |f| -9_223_372_036_854_775_808.0 < f && f < 18_446_744_073_709_551_616.0;
    match expect {
        Value::Number(n) => n.is_i64() || n.is_u64() || n.as_f64().is_some_and(within),
        Value::Array(items) => items.iter().all(is_exact),
        Value::Object(fields) => fields.values().all(is_exact),
        _ => true,
    }
}

/// Whether a returned value is the expected one.
pub(super) fn equals(expect: &Value, returned: &Returned, floats: &Floats) -> bool {
    match (expect, returned) {
        (Value::Null, Returned::Plain(Plain::None)) => true,
        (Value::Bool(a), Returned::Plain(Plain::Bool(b))) => a == b,
        (Value::String(a), Returned::Plain(Plain::Text(b))) => a == b,
        (Value::Number(n), Returned::Typed(Typed::Int(hex))) => {
            integer(n).is_some_and(|n| Some(n) == BigInt::parse_bytes(hex.as_bytes(), 16))
        }
        (Value::Number(n), Returned::Typed(Typed::Float(text))) => {
            let float = !n.is_i64() && !n.is_u64();
            match (n.as_f64(), text.parse::<f64>()) {
                (Some(a), Ok(b)) => float && floats.close(a, b),
                _ => false,
            }
        }
        (Value::Number(n), Returned::Typed(Typed::Number(text))) => {
            match (text.parse::<f64>(), integer(n), n.as_f64()) {
                (Ok(returned), Some(n), _) => {
                    BigRational::from_float(returned) == Some(BigRational::from_integer(n))
                }
                (Ok(returned), None, Some(n)) => floats.close(n, returned),
                _ => false,
            }
        }
        (Value::Array(a), Returned::Typed(Typed::List(b) | Typed::Tuple(b))) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equals(a, b, floats))
        }
        (Value::Object(a), Returned::Typed(Typed::Dict(b))) => {
            // A key that comes twice, which no dict has, makes the map smaller than the list.
            let fields: Option<HashMap<&str, &Returned>> = b
                .iter()
                .map(|(key, value)| match key {
                    Returned::Plain(Plain::Text(key)) => Some((key.as_str(), value)),
                    _ => None,
                })
                .collect();
            fields.is_some_and(|fields| {
                b.len() == a.len()
                    && fields.len() == a.len()
                    && a.iter().all(|(key, expect)| {
                        fields.get(key.as_str()).is_some_and(|value| equals(expect, value, floats))
                    })
            })
        }
        _ => false,
    }
}

/// The integer that JSON holds.
fn integer(n: &serde_json::Number) -> Option<BigInt> {
    n.as_i64().map(BigInt::from).or_else(|| n.as_u64().map(BigInt::from))
}

/// The value in Python's spelling, cut at `most` bytes or a little over.
pub(super) fn show(value: &Returned, most: usize) -> String {
    let mut text = String::new();
    write(value, &mut text, most);
    super::super::answer::clip(&text, most)
}

fn write(value: &Returned, into: &mut String, most: usize) {
    if into.len() > most {
        return;
    }
    let mut list = |open: &str, items: &[Returned], close: &str| {
        into.push_str(open);
        for (place, item) in items.iter().enumerate() {
            if into.len() > most {
                break;
            }
            into.push_str(if place > 0 { ", " } else { "" });
            write(item, into, most);
        }
        into.push_str(close);
    };
    match value {
        Returned::Plain(Plain::None) => into.push_str("None"),
        Returned::Plain(Plain::Bool(b)) => into.push_str(if *b { "True" } else { "False" }),
        Returned::Plain(Plain::Text(t)) => {
            into.push_str(&format!("{:?}", super::super::answer::clip(t, most)))
        }
        Returned::Typed(Typed::Int(hex)) => match i128::from_str_radix(hex, 16) {
            Ok(number) => into.push_str(&number.to_string()),
            Err(_) => into.push_str(&super::super::answer::clip(&format!("0x{hex}"), most)),
        },
        Returned::Typed(Typed::Float(text) | Typed::Number(text)) => into.push_str(text),
        Returned::Typed(Typed::List(items)) => list("[", items, "]"),
        Returned::Typed(Typed::Tuple(items)) => {
            list("(", items, if items.len() == 1 { ",)" } else { ")" });
        }
        Returned::Typed(Typed::Dict(fields)) => {
            into.push('{');
            for (key, field) in fields {
                if into.len() > most {
                    break;
                }
                write(key, into, most);
                into.push_str(": ");
                write(field, into, most);
                into.push_str(", ");
            }
            into.push('}');
        }
        Returned::Typed(Typed::Other(kind)) => into.push_str(&format!("<{kind}>")),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn types_are_kept_apart() {
        let int = |n: i64| json!({"int": format!("{n:x}")});
        for (expect, returned, equal) in [
            (json!(1), int(1), true),
            (json!(1), json!({"float": "1.0"}), false),
            (json!(1), json!(true), false),
            (json!(1), json!("1"), false),
            (json!(1.0), json!({"float": "1.0"}), true),
            (json!(1.0), int(1), false),
            (json!(0.3), json!({"float": "0.30000000000000004"}), true),
            (json!(0.3), json!({"float": "0.3001"}), false),
            (json!(0.0), json!({"float": "1e-13"}), true),
            (json!(0.0), json!({"float": "-0.0"}), true),
            (json!(0.0), json!({"float": "1e-11"}), false),
            (json!(0.0), json!({"float": "nan"}), false),
            (json!(1.6e-19), json!({"float": "1.6000000001e-19"}), true),
            (json!(1.6e-19), json!({"float": "1.7e-19"}), false),
            (json!(1.6e-19), json!({"float": "0.0"}), false),
            (json!(-1.6e-19), json!({"float": "1.6e-19"}), false),
            (json!(5e-324), json!({"float": "5e-324"}), true),
            (json!(1.5), json!({"float": "inf"}), false),
            (json!(-1.5), json!({"float": "-inf"}), false),
            (json!(f64::MAX), json!({"float": "inf"}), false),
            (json!(1.5), json!({"float": "nan"}), false),
            (json!(true), json!(true), true),
            (json!(true), int(1), false),
            (json!(null), json!(null), true),
            (json!(null), json!(false), false),
            (json!("a"), json!("a"), true),
            (json!([1, 2]), json!({"list": [{"int": "1"}, {"int": "2"}]}), true),
            (json!([1, 2]), json!({"tuple": [{"int": "1"}, {"int": "2"}]}), true),
            (json!([1]), json!({"list": [{"int": "1"}, {"int": "2"}]}), false),
            (json!({"a": 1}), json!({"dict": [["a", {"int": "1"}]]}), true),
            (json!({"a": 1}), json!({"dict": []}), false),
            (json!({"1": 1}), json!({"dict": [[{"int": "1"}, {"int": "1"}]]}), false),
            (json!({"a": 1, "b": null}), json!({"dict": [["b", null], ["a", {"int": "1"}]]}), true),
            (
                json!({"a": 1, "b": 2}),
                json!({"dict": [["a", {"int": "1"}], ["c", {"int": "2"}]]}),
                false,
            ),
            (
                json!({"a": 1, "b": 2}),
                json!({"dict": [["a", {"int": "1"}], ["a", {"int": "1"}]]}),
                false,
            ),
            (json!({"a": 1}), json!({"dict": [["a", {"int": "1"}], ["a", {"int": "1"}]]}), false),
            (json!([]), json!({"other": "set"}), false),
            (json!(u64::MAX), json!({"int": "ffffffffffffffff"}), true),
            (json!(1), json!({"number": "1"}), true),
            (json!(1), json!({"number": "1.5"}), false),
            (json!(1), json!({"number": "1.0000000001"}), false),
            (json!(1.0), json!({"number": "1"}), true),
            (json!(0.3), json!({"number": "0.30000000000000004"}), true),
            (json!(0), json!({"number": "NaN"}), false),
            (json!(9_007_199_254_740_993i64), json!({"number": "9007199254740992"}), false),
            (json!("1"), json!({"number": "1"}), false),
        ] {
            let value: Returned = serde_json::from_value(returned.clone()).unwrap();
            assert_eq!(equals(&expect, &value, &Floats::Usual), equal, "{expect} {returned}");
        }
        let negative: Returned = serde_json::from_value(json!({"int": "-a"})).unwrap();
        assert!(equals(&json!(-10), &negative, &Floats::Usual));
        assert_eq!(show(&negative, 20), "-10");
    }

    #[test]
    fn integers_that_json_loses_are_told() {
        for (text, exact) in [
            ("[1, 340282366920938463463374607431768211456]", false),
            ("{\"a\": -9223372036854775809000}", false),
            ("1e30", false),
            ("-9223372036854775809", false),
            ("18446744073709551616", false),
            ("[1, 2.5, 1e3, 18446744073709551615, -9223372036854775808]", true),
            ("1.2e19", true),
        ] {
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(is_exact(&value), exact, "{text}");
        }
    }
}
