use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

fn words(range: std::ops::Range<usize>) -> String {
    range
        .map(|n| {
            format!("word{}", char::from(b'a' + (n % 26) as u8).to_string().repeat(n / 26 + 1))
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// The numbers of those left out, each with whose duplicate it is.
fn decided(texts: &[(u64, &str, f32)], criteria: &DedupCriteria) -> Vec<(u64, u64, bool)> {
    let dir = TempDir::new().unwrap();
    let mut all = Deduplicator::open(dir.path(), criteria.clone()).unwrap();
    for (id, text, quality) in texts {
        all.add(*id, &Sketch::of(text), *quality).unwrap();
    }
    all.decide().unwrap().iter().map(|d| (d.id, d.of, d.exact)).collect()
}

#[test]
fn the_best_of_each_cluster_stays() {
    let long = words(0..60);
    let near = long.replace("wordaa ", "");
    let other = words(60..120);
    let usual = DedupCriteria::default();
    for (texts, expected) in [
        (
            vec![(1, long.as_str(), 0.0), (2, near.as_str(), 0.0), (3, other.as_str(), 0.0)],
            vec![(2, 1, false)],
        ),
        (vec![(1, &long, 0.0), (2, &near, 0.5)], vec![(1, 2, false)]),
        (vec![(1, "Short one.", 0.0), (2, "short  ONE", 0.0)], vec![(2, 1, true)]),
        (vec![(1, "a short text", 0.0), (2, "one short text", 0.0)], vec![]),
        (vec![], vec![]),
    ] {
        assert_eq!(decided(&texts, &usual), expected, "{texts:?}");
    }
}

#[test]
fn other_numbers_make_another_problem() {
    let a = format!("{} 17 {}", words(0..40), words(40..80));
    let b = a.replace("17", "18");
    let texts = [(1, a.as_str(), 0.0), (2, b.as_str(), 0.0)];
    assert_eq!(decided(&texts, &DedupCriteria::default()), []);
    let loose = DedupCriteria { numbers_matter: false, ..DedupCriteria::default() };
    assert_eq!(decided(&texts, &loose), [(2, 1, false)]);
}

#[test]
fn many_sittings_are_one() {
    let dir = TempDir::new().unwrap();
    let texts: Vec<String> =
        (0..9000).map(|n| format!("{} {n}", words(n % 50..n % 50 + 12))).collect();
    let open = || {
        Deduplicator::open(
            dir.path(),
            DedupCriteria { numbers_matter: false, ..Default::default() },
        )
        .unwrap()
    };
    for part in texts.chunks(4500) {
        let mut all = open();
        let start = all.len();
        for (at, text) in part.iter().enumerate() {
            all.add((start + at) as u64, &Sketch::of(text), 0.0).unwrap();
        }
        all.commit().unwrap();
        // Never committed: a crash.
        all.add(1 << 40, &Sketch::of(&texts[0]), 9.0).unwrap();
        all.shelf.flush().unwrap();
    }
    let mut all = open();
    assert_eq!(all.len(), 9000);
    let duplicates = all.decide().unwrap();
    assert!(
        duplicates.iter().all(|d| d.id % 50 == d.of % 50 && d.of < 50),
        "{:?}",
        &duplicates[..5]
    );
    assert_eq!(duplicates.len(), 8950);
}

#[test]
fn sketches_of_another_version_are_refused() {
    let dir = TempDir::new().unwrap();
    let json = r#"{"format":99,"sets":0,"entries":0,"bands":0}"#;
    std::fs::write(dir.path().join("committed.json"), json).unwrap();
    let error = Deduplicator::open(dir.path(), DedupCriteria::default()).unwrap_err().to_string();
    assert!(error.contains("another version") && error.contains("remove"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn similarity_is_that_of_the_sets(a in prop::collection::btree_set(0u32..60, 0..40), b in prop::collection::btree_set(0u32..60, 0..40)) {
        let both = a.intersection(&b).count() as f64;
        let either = a.union(&b).count() as f64;
        let (x, y): (Vec<_>, Vec<_>) = (a.into_iter().collect(), b.into_iter().collect());
        let found = jaccard(&x, &y);
        prop_assert_eq!(found, jaccard(&y, &x));
        let expected = if either == 0.0 { 1.0 } else { both / either };
        prop_assert!((found - expected).abs() < 1e-12);
    }

    #[test]
    fn the_order_of_coming_does_not_matter(
        cuts in prop::collection::vec((0usize..6, 0usize..6, 0u8..3), 2..24), seed in any::<u64>(),
    ) {
        let texts: Vec<(u64, String, f32)> = cuts.iter().zip(0u64..).map(|((from, gap, quality), id)| {
            let text = words(from * 10..from * 10 + 60);
            (id, text.replacen(&format!("word{} ", char::from(b'a' + *gap as u8)), "", 1), f32::from(*quality))
        }).collect();
        let order = |key: u64| {
            let mut order: Vec<_> = texts.iter().map(|(id, text, quality)| (*id, text.as_str(), *quality)).collect();
            order.sort_by_key(|(id, ..)| (id ^ key).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            order
        };
        let criteria = DedupCriteria::default();
        prop_assert_eq!(decided(&order(0), &criteria), decided(&order(seed), &criteria));
    }
}
