//! What holds for every unit.

use num_rational::BigRational;
use proptest::prelude::*;

use super::*;

/// A unit of a few factors as people write it.
fn written() -> impl Strategy<Value = String> {
    let word = proptest::sample::select(vec![
        "m",
        "cm",
        "km",
        "kg",
        "g",
        "s",
        "ms",
        "h",
        "N",
        "kPa",
        "J",
        "mol",
        "K",
        "°C",
        "µm",
        "Ω",
        "rad",
        "ft",
        "lb",
        "gal",
        "L",
        "mL",
        "meters",
        "seconds",
        "miles",
        "degrees",
        "dollars",
        "apples",
        "light years",
        "watt hours",
        "rpm",
        "GiB",
        "pc",
        "psi",
        "tons",
    ]);
    let power = proptest::sample::select(vec!["", "", "", "^2", "^{3}", "^-1", "²"]);
    let joint = proptest::sample::select(vec!["/", " ", "×", " per ", "·", "-"]);
    (word.clone(), power.clone(), proptest::collection::vec((joint, word, power), 0..5)).prop_map(
        |(word, power, more)| {
            let mut text = format!("{word}{power}");
            for (joint, word, power) in more {
                text.push_str(&format!("{joint}{word}{power}"));
            }
            text
        },
    )
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC*", apart: bool) {
        let _ = (take(&text, apart), take_upright(&text));
    }

    #[test]
    fn no_text_of_the_alphabet_of_units_panics(
        text in "[a-zA-Zµ°Ω²³⁻¹$ /()^{}0-9×·. -]{0,40}", apart: bool
    ) {
        let _ = (take(&text, apart), take_upright(&text));
    }

    #[test]
    fn what_follows_is_the_tail(text in written(), apart: bool) {
        if let Some((_, rest)) = take(&text, apart) {
            prop_assert!(text.ends_with(rest));
        }
    }

    #[test]
    fn a_name_is_its_own_normal_spelling(text in written()) {
        if let Some((unit, _)) = take(&text, true) {
            let again = parse(&unit.name, true);
            prop_assert!(again.is_some(), "{text}: {}", unit.name);
            if let Some(again) = again {
                prop_assert_eq!(&again.name, &unit.name, "{}", text);
                prop_assert!(again.same_unit(&unit), "{}", text);
            }
        }
    }

    #[test]
    fn there_and_back(
        numerator in -1000_i64..1000, denominator in 1_i64..1000, from in written(), to in written()
    ) {
        let value = BigRational::new(numerator.into(), denominator.into());
        if let (Some((from, _)), Some((to, _))) = (take(&from, true), take(&to, true))
            && let Some((there, power)) = from.convert(&value, &to)
        {
            prop_assert_eq!(to.convert(&there, &from), Some((value, -power)));
        }
    }

    #[test]
    fn temperatures_go_there_and_back(numerator in -1000_i64..1000, pair in (0_usize..4, 0_usize..4)) {
        let scales = ["°C", "°F", "K", "°R"].map(|scale| parse(scale, true).expect("a scale"));
        let value = BigRational::from(num_bigint::BigInt::from(numerator));
        let (from, to) = (&scales[pair.0], &scales[pair.1]);
        let (there, _) = from.convert(&value, to).expect("both are temperatures");
        prop_assert_eq!(to.convert(&there, from), Some((value, 0)));
    }
}
