use std::time::Instant;

use lehr_record::Outcome;

use crate::pair::{Class, Pair};

/// What checking some pairs several times has shown.
pub(crate) struct Measured {
    /// The verdict on each pair.
    pub verdicts: Vec<Outcome>,
    /// Of each pair the median time of the passes, in microseconds.
    times: Vec<f64>,
    /// Checks a second, the median of the passes.
    pub rate: f64,
    /// Those of the slowest and of the fastest pass: far apart on a machine with other work.
    range: (f64, f64),
}

/// Checks all pairs, one after the other on this thread, so many times.
pub(crate) fn measure(pairs: &[Pair], passes: usize) -> Measured {
    let mut times = vec![Vec::with_capacity(passes); pairs.len()];
    let mut verdicts = Vec::new();
    let mut rates = Vec::new();
    for _ in 0..passes {
        verdicts.clear();
        let start = Instant::now();
        for (pair, times) in pairs.iter().zip(&mut times) {
            let start = Instant::now();
            let verdict = std::hint::black_box(pair.check());
            times.push(start.elapsed().as_secs_f64() * 1e6);
            verdicts.push(verdict.verdict);
        }
        rates.push(pairs.len() as f64 / start.elapsed().as_secs_f64());
    }
    let times = times.into_iter().map(|mut times| quantile(&mut times, 0.5)).collect();
    let range = (quantile(&mut rates, 0.0), quantile(&mut rates, 1.0));
    Measured { verdicts, times, rate: quantile(&mut rates, 0.5), range }
}

/// The value below which this part of the values lies.
pub(crate) fn quantile(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    values.get((last as f64 * part).round() as usize).copied().unwrap_or(f64::NAN)
}

impl Measured {
    /// The time of half of the checks, in microseconds.
    pub(crate) fn median(&self) -> f64 {
        quantile(&mut self.times.clone(), 0.5)
    }

    /// Prints times and verdicts, of all and of each class.
    pub(crate) fn print(&self, pairs: &[Pair]) {
        let (slowest, fastest) = self.range;
        println!(
            "{:.0} checks/s on one core, the median of the passes ({slowest:.0} to {fastest:.0})",
            self.rate
        );
        println!(
            "\n{:<12}{:>6}{:>9}{:>9}{:>9}{:>9}{:>9}   of the same: correct wrong other | of the \
             different: correct wrong other",
            "µs a check", "pairs", "mean", "p50", "p99", "p99.9", "max"
        );
        let classes = Class::ALL.iter().map(|(class, _)| Some(*class));
        for class in std::iter::once(None).chain(classes) {
            let of_class = |pair: &Pair| class.is_none_or(|class| class == pair.class);
            let chosen: Vec<usize> = (0..pairs.len()).filter(|&at| of_class(&pairs[at])).collect();
            let mut times: Vec<f64> = chosen.iter().map(|&at| self.times[at]).collect();
            let name = class.map_or_else(|| String::from("all"), Class::name);
            let mean = times.iter().sum::<f64>() / times.len() as f64;
            print!("{name:<12}{:>6}{mean:>9.2}", times.len());
            for part in [0.5, 0.99, 0.999, 1.0] {
                print!("{:>9.2}", quantile(&mut times, part));
            }
            for same in [true, false] {
                let count = |test: fn(Outcome) -> bool| {
                    let of = chosen.iter().filter(|&&at| pairs[at].same == same);
                    of.filter(|&&at| test(self.verdicts[at])).count()
                };
                print!(
                    "{}{:>7} {:>5} {:>5}",
                    if same { "               " } else { "                  | " },
                    count(|o| o == Outcome::Correct),
                    count(|o| o == Outcome::Wrong),
                    count(|o| !matches!(o, Outcome::Correct | Outcome::Wrong)),
                );
            }
            println!();
        }
    }

    /// Prints pairs that got the opposite of the right verdict, at most so many.
    pub(crate) fn print_mistakes(&self, pairs: &[Pair], most: usize) {
        let mistaken = |same: bool, verdict: Outcome| match verdict {
            Outcome::Correct => !same,
            Outcome::Wrong => same,
            _ => false,
        };
        let mut mistakes =
            pairs.iter().zip(&self.verdicts).filter(|(pair, v)| mistaken(pair.same, **v));
        for (pair, verdict) in mistakes.by_ref().take(most) {
            let tail: String = pair.reply.chars().rev().take(80).collect();
            let tail: String = tail.chars().rev().collect();
            println!("{} {}: {:?} and …{tail:?}", verdict.as_str(), pair.id, pair.gold);
        }
        println!("{} more mistakes", mistakes.count());
    }
}
