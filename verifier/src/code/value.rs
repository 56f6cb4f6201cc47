//! Values that a program returned, and how they compare with JSON.
//!
//! The comparison is strict in types, after the rule that `1`, `1.0`, `true` and `"1"` are four
//! values:
//!
//! - an integer is expected: an `int` of the same value;
//! - a number with a point or exponent: a `float` within a relative 1e-9 (near zero, an absolute
//!   1e-12); NaN equals nothing;
//! - an array: a `list` or a `tuple`, element by element, because JSON cannot say which;
//! - an object: a `dict` with the same string keys;
//! - subclasses, sets and other objects equal nothing: their own `__eq__` is never asked.

use num_bigint::BigInt;
use serde::Deserialize;
use serde_json::Value;

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
    List(Vec<Returned>),
    Tuple(Vec<Returned>),
    Dict(Vec<(Returned, Returned)>),
    Other(String),
}

/// Whether JSON, as this program reads it, can hold the expected value exactly.
pub(super) fn is_exact(expect: &Value) -> bool {
    match expect {
        // An integer over 64 bits has become a float on the way, and its type is lost.
        Value::Number(n) => {
            n.is_i64()
                || n.is_u64()
                || n.as_f64().is_some_and(|f| f.abs() < 9.2e18 || f.fract() != 0.0)
        }
        Value::Array(items) => items.iter().all(is_exact),
        Value::Object(fields) => fields.values().all(is_exact),
        _ => true,
    }
}

/// Whether a returned value is the expected one.
pub(super) fn equals(expect: &Value, returned: &Returned) -> bool {
    match (expect, returned) {
        (Value::Null, Returned::Plain(Plain::None)) => true,
        (Value::Bool(a), Returned::Plain(Plain::Bool(b))) => a == b,
        (Value::String(a), Returned::Plain(Plain::Text(b))) => a == b,
        (Value::Number(n), Returned::Typed(Typed::Int(hex))) => {
            let expected = n.as_i64().map(BigInt::from).or_else(|| n.as_u64().map(BigInt::from));
            expected.is_some() && expected == BigInt::parse_bytes(hex.as_bytes(), 16)
        }
        (Value::Number(n), Returned::Typed(Typed::Float(text))) => {
            let float = !n.is_i64() && !n.is_u64();
            match (n.as_f64(), text.parse::<f64>()) {
                (Some(a), Ok(b)) => float && close(a, b),
                _ => false,
            }
        }
        (Value::Array(a), Returned::Typed(Typed::List(b) | Typed::Tuple(b))) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equals(a, b))
        }
        (Value::Object(a), Returned::Typed(Typed::Dict(b))) => {
            a.len() == b.len()
                && b.iter().all(|(key, value)| match key {
                    Returned::Plain(Plain::Text(key)) => {
                        a.get(key).is_some_and(|expect| equals(expect, value))
                    }
                    _ => false,
                })
        }
        _ => false,
    }
}

fn close(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= (1e-9 * a.abs().max(b.abs())).max(1e-12)
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
        Returned::Typed(Typed::Float(text)) => into.push_str(text),
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
            (json!(0.0), json!({"float": "nan"}), false),
            (json!(true), json!(true), true),
            (json!(true), int(1), false),
            (json!(null), json!(null), true),
            (json!(null), json!(false), false),
            (json!("a"), json!("a"), true),
            (json!([1, 2]), json!({"list": [{"int": "1"}, {"int": "2"}]}), true),
            (json!([1, 2]), json!({"tuple": [{"int": "1"}, {"int": "2"}]}), true),
            (json!([1]), json!({"list": [{"int": "1"}, {"int": "2"}]}), false),
            (json!({"a": 1}), json!({"dict": [["a", {"int": "1"}]]}), true),
            (json!({"1": 1}), json!({"dict": [[{"int": "1"}, {"int": "1"}]]}), false),
            (json!([]), json!({"other": "set"}), false),
            (json!(u64::MAX), json!({"int": "ffffffffffffffff"}), true),
        ] {
            let value: Returned = serde_json::from_value(returned.clone()).unwrap();
            assert_eq!(equals(&expect, &value), equal, "{expect} {returned}");
        }
        let negative: Returned = serde_json::from_value(json!({"int": "-a"})).unwrap();
        assert!(equals(&json!(-10), &negative));
        assert_eq!(show(&negative, 20), "-10");
    }

    #[test]
    fn integers_that_json_loses_are_told() {
        let big: Value =
            serde_json::from_str("[1, 340282366920938463463374607431768211456]").unwrap();
        assert!(!is_exact(&big));
        assert!(is_exact(&json!([1, 2.5, 1e3, u64::MAX])));
    }
}
