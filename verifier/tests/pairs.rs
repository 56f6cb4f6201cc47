//! Labelled pairs of a known answer and a reply, in `pairs/`, one file a class: how often the
//! checker agrees with the labels, and that it never accepts what is labelled wrong.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::thread;

use lehr_verifier::policy::Policy;
use lehr_verifier::{check_choice, check_math, check_science};
use serde_json::Value;

/// One line of a file.
struct Pair {
    class: String,
    kind: Kind,
    gold: String,
    pred: String,
    right: bool,
}

/// Which of the checks a pair is for.
#[derive(PartialEq, Eq, Hash)]
enum Kind {
    Math,
    Science,
    Choice(Vec<String>),
}

/// What became of a pair.
struct Judged {
    right: bool,
    verdict: &'static str,
    reason: String,
}

/// What became of the pairs of one class.
#[derive(Default)]
struct Tally {
    pairs: usize,
    right: usize,
    false_accepts: usize,
    false_rejects: usize,
}

impl Tally {
    fn add(&mut self, label: bool, accepted: bool) {
        self.pairs += 1;
        match (label, accepted) {
            (true, false) => self.false_rejects += 1,
            (false, true) => self.false_accepts += 1,
            _ => self.right += 1,
        }
    }

    fn row(&self, name: &str) -> String {
        let Self { pairs, right, false_accepts, false_rejects } = self;
        format!("{name:<32}{pairs:>7}{right:>7}{false_accepts:>15}{false_rejects:>15}\n")
    }
}

/// Every line of every file, in the order of the files' names.
fn pairs() -> Vec<Pair> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pairs");
    let mut paths: Vec<_> =
        fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    paths.sort();
    let mut pairs = Vec::new();
    for path in paths {
        for (index, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            let place = format!("{}:{}", path.display(), index + 1);
            pairs.push(pair(line).unwrap_or_else(|| panic!("{place} is not a pair: {line}")));
        }
    }
    pairs
}

fn pair(line: &str) -> Option<Pair> {
    let object: Value = serde_json::from_str(line).ok()?;
    let text = |name: &str| Some(object.get(name)?.as_str()?.to_owned());
    let kind = match text("kind")?.as_str() {
        "math" => Kind::Math,
        "science" => Kind::Science,
        "choice" => {
            let options = object.get("options")?.as_array()?.iter();
            Kind::Choice(options.map(|o| o.as_str().map(str::to_owned)).collect::<Option<_>>()?)
        }
        _ => return None,
    };
    let right = object.get("right")?.as_bool()?;
    Some(Pair { class: text("class")?, kind, gold: text("gold")?, pred: text("pred")?, right })
}

fn judge(pair: &Pair) -> Judged {
    let Pair { gold, pred, .. } = pair;
    let verdict = match &pair.kind {
        Kind::Math => check_math(gold, pred, &Policy::math()),
        Kind::Science => check_science(gold, pred, &Policy::science()),
        Kind::Choice(options) => check_choice(gold, options, pred),
    };
    let right = verdict.is_correct() == pair.right;
    Judged { right, verdict: verdict.verdict.as_str(), reason: verdict.reason }
}

/// Judges the pairs on all cores; the order stays.
fn judge_all(pairs: &[Pair]) -> Vec<Judged> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let chunks = pairs.chunks(pairs.len().div_ceil(threads).max(1));
    thread::scope(|scope| {
        let running: Vec<_> = chunks
            .map(|chunk| scope.spawn(move || chunk.iter().map(judge).collect::<Vec<_>>()))
            .collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn the_labels_are_agreed_with() {
    let pairs = pairs();
    let judged = judge_all(&pairs);
    let mut classes: Vec<(&str, Tally)> = Vec::new();
    let mut total = Tally::default();
    let mut misjudged = String::new();
    for (pair, Judged { right, verdict, reason }) in pairs.iter().zip(&judged) {
        let accepted = *right == pair.right;
        let known = classes.iter().position(|(class, _)| *class == pair.class);
        let at = known.unwrap_or_else(|| {
            classes.push((&pair.class, Tally::default()));
            classes.len() - 1
        });
        classes[at].1.add(pair.right, accepted);
        total.add(pair.right, accepted);
        if !right {
            let Pair { class, gold, pred, .. } = pair;
            let label = if pair.right { "right" } else { "WRONG" };
            writeln!(misjudged, "{class}: labelled {label}, judged {verdict} ({reason})").unwrap();
            writeln!(misjudged, "    gold {gold:?}\n    pred {pred:?}").unwrap();
        }
    }
    println!("class                             pairs  right  false accepts  false rejects");
    classes.iter().for_each(|(class, tally)| print!("{}", tally.row(class)));
    print!("{}\n{misjudged}", total.row("all"));

    assert_eq!(total.false_accepts, 0, "a wrong answer was accepted");
    assert!(total.right * 100 >= total.pairs * 98, "{} of {}", total.right, total.pairs);
}

#[test]
fn the_suite_is_large_and_hard_enough() {
    let pairs = pairs();
    assert!(pairs.len() >= 800, "{} pairs", pairs.len());
    let wrong = pairs.iter().filter(|pair| !pair.right).count();
    assert!(wrong * 3 >= pairs.len(), "{wrong} of {} pairs are labelled wrong", pairs.len());
    let mut seen = HashMap::new();
    for Pair { class, kind, gold, pred, .. } in &pairs {
        if let Some(first) = seen.insert((kind, gold, pred), class) {
            panic!("twice, in {first} and {class}: {gold:?} and {pred:?}");
        }
    }
}
