use proptest::prelude::*;

use super::*;

/// Weights are made shares.
fn offers(parts: &[(f64, u64, u64, f64)]) -> Vec<Offer> {
    let sum: f64 = parts.iter().map(|part| part.0).sum();
    let offer = |(at, (weight, short, long, max_repeat)): (usize, &(f64, u64, u64, f64))| Offer {
        name: format!("d{at}"),
        share: weight / sum,
        long: *long,
        short: *short,
        min_repeat: 0.0,
        max_repeat: *max_repeat,
    };
    parts.iter().enumerate().map(offer).collect()
}

fn wish(tokens: Option<u64>, long_share: Option<f64>, on_shortfall: OnShortfall) -> Wish {
    Wish { tokens, long_share, on_shortfall }
}

#[test]
fn shares() {
    use OnShortfall::{Accept, Error, Scale};
    let even = [(1.0, 100, 0, 1.0), (1.0, 50, 0, 1.0)];
    let poor = [(3.0, 10, 0, 1.0), (1.0, 100, 0, 1.0)];
    let none = [(1.0, 100, 0, 1.0), (1.0, 0, 0, 1.0)];
    for (parts, target, on, expected) in [
        (&even[..], None, Error, vec![50, 50]),
        (&[(1.0, 100, 0, 1.0), (1.0, 50, 0, 2.0)], None, Error, vec![100, 100]),
        (&[(1.0, 100, 0, 1.0), (1.0, 50, 0, 1.5)], None, Error, vec![75, 75]),
        (&[(3.0, 100, 0, 1.0), (1.0, 100, 0, 1.0)], Some(80), Error, vec![60, 20]),
        (&poor, Some(80), Accept, vec![10, 20]),
        (&poor, Some(80), Scale, vec![10, 3]),
        (&poor, Some(8), Scale, vec![6, 2]),
        // A dataset that has nothing does not empty the others, if that is accepted.
        (&none, None, Accept, vec![100, 0]),
        (&none, Some(50), Accept, vec![25, 0]),
        (&[(1.0, 0, 0, 1.0)], None, Accept, vec![0]),
    ] {
        let plan = plan(&offers(parts), wish(target, None, on));
        let tokens = plan.map(|plan| plan.budgets.iter().map(|b| b.tokens).collect::<Vec<_>>());
        assert_eq!(tokens, Ok(expected), "{parts:?} {target:?} {on:?}");
    }
}

#[test]
fn gaps_say_by_how_much() {
    use OnShortfall::{Error, Scale};
    let poor = offers(&[(3.0, 10, 0, 2.0), (1.0, 100, 0, 1.0)]);
    let none = offers(&[(1.0, 100, 0, 1.0), (1.0, 0, 0, 1.0)]);
    let mut greedy = offers(&[(1.0, 100, 0, 1.0), (1.0, 100, 0, 1.0)]);
    greedy[0].min_repeat = 1.0;
    let long = offers(&[(1.0, 90, 10, 1.0)]);
    let cases = [
        (
            &poor,
            Some(80),
            None,
            Error,
            "d0 should give 60 tokens and has 10 to be used up to 2 times: 40 are missing",
            26,
        ),
        (&none, None, None, Error, "d1 should give 1 tokens and has 0", 0),
        (
            &none,
            Some(10),
            None,
            Scale,
            "d1 should give 5 tokens and has 0 to be used up to 1 times: 5 are missing",
            0,
        ),
        (
            &greedy,
            Some(50),
            None,
            Error,
            "d0 should give 25 tokens and has 100 to be used at least 1 times: 75 too many",
            200,
        ),
        (&greedy, Some(50), None, Scale, "75 too many", 200),
        (
            &long,
            Some(50),
            Some(0.5),
            Error,
            "the long documents should give 25 tokens and can give 10: 15 are missing",
            20,
        ),
        (
            &long,
            Some(95),
            Some(0.0),
            Error,
            "the other documents should give 95 tokens and can give 90: 5 are missing",
            90,
        ),
    ];
    for (offers, target, share, on, expected, largest) in cases {
        let Err(shortfall) = plan(offers, wish(target, share, on)) else { panic!("{expected}") };
        let words: Vec<String> = shortfall.gaps.iter().map(ToString::to_string).collect();
        assert!(words.iter().any(|gap| gap.contains(expected)), "{expected}: {words:?}");
        // Half a token at most is lost to bisection.
        assert!(shortfall.largest.abs_diff(largest) <= 1, "{expected}: {}", shortfall.largest);
    }
}

#[test]
fn long_documents_give_their_share() {
    use OnShortfall::{Accept, Error, Scale};
    let parts = offers(&[(1.0, 100, 100, 1.0), (1.0, 300, 0, 1.0)]);
    for (target, share, on, expected) in [
        (200, 0.25, Error, Some((vec![100, 100], vec![50, 0]))),
        (200, 0.5, Error, Some((vec![100, 100], vec![100, 0]))),
        (200, 0.0, Error, Some((vec![100, 100], vec![0, 0]))),
        (200, 0.75, Error, None),
        (200, 0.75, Scale, None),
        (200, 0.75, Accept, Some((vec![100, 100], vec![100, 0]))),
        (400, 0.1, Error, None),
        (400, 0.1, Accept, Some((vec![200, 200], vec![100, 0]))),
    ] {
        let plan = plan(&parts, wish(Some(target), Some(share), on)).ok().map(|plan| {
            let long = plan.budgets.iter().map(|budget| budget.long.unwrap_or(9));
            (plan.budgets.iter().map(|b| b.tokens).collect::<Vec<_>>(), long.collect::<Vec<_>>())
        });
        assert_eq!(plan, expected, "{target} {share} {on:?}");
    }
}

proptest! {
    /// What is planned can be drawn; a scaled mix keeps its proportions, and no larger one does.
    #[test]
    fn a_plan_keeps_what_it_promises(
        parts in prop::collection::vec((0.01f64..10.0, 0u64..1_000_000, 0u64..100_000, 1.0f64..5.0), 1..6),
        target in prop::option::of(1u64..10_000_000),
        share in prop::option::of(0.0f64..1.0),
        on in prop::sample::select(vec![OnShortfall::Error, OnShortfall::Scale, OnShortfall::Accept]),
    ) {
        let offers = offers(&parts);
        match plan(&offers, wish(target, share, on)) {
            Ok(plan) => for (budget, offer) in plan.budgets.iter().zip(&offers) {
                prop_assert!(budget.tokens as f64 <= offer.most());
                let long = budget.long.unwrap_or(0);
                prop_assert!(long as f64 <= offer.long as f64 * offer.max_repeat + 1.0);
                prop_assert!(long <= budget.tokens + 1);
                if on != OnShortfall::Accept {
                    let exact = plan.tokens as f64 * offer.share;
                    prop_assert!((budget.tokens as f64 - exact).abs() <= 2.0, "{budget:?} {exact}");
                }
            },
            Err(shortfall) => {
                prop_assert!(!shortfall.gaps.is_empty() && on != OnShortfall::Accept);
                if on == OnShortfall::Error && let Some(target) = target {
                    prop_assert!(shortfall.largest <= target);
                }
                if shortfall.largest > 1 {
                    let smaller = wish(Some(shortfall.largest - 1), share, OnShortfall::Error);
                    prop_assert!(plan(&offers, smaller).is_ok());
                }
            }
        }
    }
}
