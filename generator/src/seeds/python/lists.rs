use std::collections::HashSet;

use lehr_record::Domain;

use super::{
    inputs::{alone, list, lists, word_lists},
    task::{Task, draw_task},
};
use crate::seeds::{
    Difficulty::{Easy, Hard, Medium},
    Draw, Family,
};

pub(super) const FAMILY: Family = Family {
    name: "python.lists",
    domain: Domain::Code,
    about: "Python functions over lists of numbers and words",
    draw: |draw| {
        draw_task(
            draw,
            &[
                extreme,
                total,
                sum_of_powers,
                count_compared,
                keep_compared,
                keep_multiples,
                map_each,
                second,
                unique,
                average,
                every_kth,
                ends,
                contains,
                count_of,
                merge,
                running_total,
                index_of,
                spread,
                lengths,
                filter_words,
                count_up,
                dot,
                join,
            ],
        )
    },
};

/// Lists of numbers with the given ones after them.
fn with(draw: &mut Draw, more: &[&[i64]]) -> Vec<(Vec<i64>,)> {
    let mut all = lists(draw, -20, 60);
    all.extend(more.iter().map(|list| list.to_vec()));
    alone(all)
}

fn extreme(draw: &mut Draw) -> Task {
    let largest = draw.coin();
    let (name, word) = if largest {
        (*draw.pick(&["largest", "max_of_list", "find_largest"]), "largest")
    } else {
        (*draw.pick(&["smallest", "min_of_list", "find_smallest"]), "smallest")
    };
    let empty = draw.int(0..=3);
    let expect = if empty == 0 { "0".to_owned() } else { format!("-{empty}") };
    let inputs = with(draw, &[&[], &[4], &[-5, -2]]);
    let does =
        format!("returns the {word} number of the list `numbers`, or {expect} if it is empty");
    Task::new(Easy, name, "numbers", does).tests(inputs, |(all,)| {
        let found = if largest { all.iter().max() } else { all.iter().min() };
        found.copied().unwrap_or(-empty)
    })
}

fn total(draw: &mut Draw) -> Task {
    let start = draw.int(0..=20);
    let inputs = with(draw, &[&[], &[7], &[-3, 3]]);
    let (name, does) = if start == 0 {
        ("add_all".to_owned(), "returns the sum of the list `numbers`".to_owned())
    } else {
        (
            format!("sum_plus_{start}"),
            format!("returns {start} plus the sum of the list `numbers`, which may be empty"),
        )
    };
    Task::new(Easy, name, "numbers", does).tests(inputs, |(all,)| start + all.iter().sum::<i64>())
}

fn sum_of_powers(draw: &mut Draw) -> Task {
    let &(name, what, k) =
        draw.pick(&[("sum_of_squares", "squares", 2), ("sum_of_cubes", "cubes", 3)]);
    let inputs = with(draw, &[&[], &[3], &[-2, 2]]);
    let does = format!(
        "returns the sum of the {what} of the numbers in the list `numbers`, 0 if it is empty"
    );
    Task::new(Easy, name, "numbers", does)
        .tests(inputs, |(all,)| all.iter().map(|n| n.pow(k)).sum::<i64>())
}

/// A comparison with a constant, in words for names and for sentences.
fn comparison(draw: &mut Draw) -> (String, String, impl Fn(i64) -> bool + use<>, i64) {
    let (above, k) = (draw.coin(), draw.int(-5..=40));
    let (short, long) = if above { ("over", "greater than") } else { ("below", "less than") };
    let number = if k < 0 { format!("minus_{}", -k) } else { k.to_string() };
    (
        format!("{short}_{number}"),
        format!("{long} {k}"),
        move |n| if above { n > k } else { n < k },
        k,
    )
}

fn count_compared(draw: &mut Draw) -> Task {
    let (short, long, holds, k) = comparison(draw);
    let inputs = with(draw, &[&[], &[k], &[k - 1, k + 1], &[k - 1, k, k - 2]]);
    let does = format!("returns how many numbers of the list `numbers` are {long}");
    Task::new(Easy, format!("count_{short}"), "numbers", does)
        .tests(inputs, |(all,)| all.iter().filter(|n| holds(**n)).count())
}

fn keep_compared(draw: &mut Draw) -> Task {
    let (short, long, holds, k) = comparison(draw);
    let inputs = with(draw, &[&[], &[k], &[k - 1, k + 1], &[k, k + 2, k - 2]]);
    let does =
        format!("returns a list of the numbers in `numbers` that are {long}, in the same order");
    Task::new(Easy, format!("keep_{short}"), "numbers", does)
        .tests(inputs, |(all,)| all.iter().copied().filter(|n| holds(*n)).collect::<Vec<_>>())
}

fn keep_multiples(draw: &mut Draw) -> Task {
    let k = draw.int(2..=12);
    let inputs = [lists(draw, 0, 60), vec![vec![], vec![k], vec![1], vec![0, k, k + 1, 3 * k]]];
    let inputs = alone(inputs.concat());
    let what = if k == 2 { "even".to_owned() } else { format!("divisible by {k}") };
    if draw.coin() {
        let does = format!(
            "returns a list of the numbers in `numbers` that are {what}, in the same order"
        );
        Task::new(Easy, format!("keep_multiples_of_{k}"), "numbers", does)
            .tests(inputs, |(all,)| all.iter().filter(|n| *n % k == 0).copied().collect::<Vec<_>>())
    } else {
        let does = format!("returns how many numbers of the list `numbers` are {what}");
        Task::new(Easy, format!("count_multiples_of_{k}"), "numbers", does)
            .tests(inputs, |(all,)| all.iter().filter(|n| *n % k == 0).count())
    }
}

fn map_each(draw: &mut Draw) -> Task {
    let k = draw.int(2..=20);
    let inputs = with(draw, &[&[], &[0], &[1, 1]]);
    if draw.coin() {
        let does =
            format!("returns a new list with {k} added to every number of the list `numbers`");
        Task::new(Easy, format!("add_{k}_to_all"), "numbers", does)
            .tests(inputs, |(all,)| all.iter().map(|n| n + k).collect::<Vec<_>>())
    } else {
        let does = format!("returns a new list with every number of the list `numbers` times {k}");
        Task::new(Easy, format!("multiply_all_by_{k}"), "numbers", does)
            .tests(inputs, |(all,)| all.iter().map(|n| n * k).collect::<Vec<_>>())
    }
}

fn second(draw: &mut Draw) -> Task {
    let largest = draw.coin();
    let word = if largest { "largest" } else { "smallest" };
    let inputs = with(draw, &[&[], &[5], &[5, 5], &[1, 2], &[3, 3, 2]]);
    let does = format!(
        "returns the second {word} of the different numbers in the list `numbers`, or `None` if there \
         are fewer than two different numbers"
    );
    Task::new(Hard, format!("second_{word}"), "numbers", does).tests(inputs, |(all,)| {
        let mut sorted = all.clone();
        sorted.sort_unstable();
        sorted.dedup();
        if largest {
            sorted.reverse();
        }
        sorted.get(1).copied()
    })
}

fn unique(draw: &mut Draw) -> Task {
    let name = draw.pick(&["remove_duplicates", "unique", "without_repeats"]);
    let mut inputs = lists(draw, 1, 4);
    inputs.extend([vec![], vec![1], vec![2, 2, 2], vec![3, 1, 3, 2, 1]]);
    let does = "returns a list of the numbers in `numbers` without repeats: every number stays at the \
                place where it comes first";
    Task::new(Medium, *name, "numbers", does).tests(alone(inputs), |(all,)| {
        let mut seen = HashSet::new();
        all.iter().copied().filter(|n| seen.insert(*n)).collect::<Vec<_>>()
    })
}

fn average(draw: &mut Draw) -> Task {
    let name = draw.pick(&["average", "mean", "average_of_list", "mean_value"]);
    let inputs = with(draw, &[&[], &[4], &[1, 2], &[2, 4, 6]]);
    let does = "returns the average of the list `numbers` as a float, and 0.0 if the list is empty";
    Task::new(Easy, *name, "numbers", does).tests(inputs, |(all,)| {
        if all.is_empty() { 0.0 } else { all.iter().sum::<i64>() as f64 / all.len() as f64 }
    })
}

fn every_kth(draw: &mut Draw) -> Task {
    let &(k, word) = draw.pick(&[(2, "second"), (3, "third"), (4, "fourth")]);
    let inputs = with(draw, &[&[], &[1], &[1, 2, 3, 4, 5, 6, 7, 8]]);
    let does = format!(
        "returns a list of every {word} item of the list `items`, beginning with the first item"
    );
    Task::new(Medium, format!("every_{word}"), "items", does)
        .tests(inputs, |(all,)| all.iter().copied().step_by(k).collect::<Vec<_>>())
}

fn ends(draw: &mut Draw) -> Task {
    let k = draw.int(2..=5) as usize;
    let inputs = with(draw, &[&[], &[1], &[1, 2, 3, 4, 5, 6]]);
    let tail = "or all of them if there are fewer";
    let (name, does): (_, _) = match draw.int(0..=2) {
        0 => {
            ("first", format!("returns a list of the first {k} items of the list `items`, {tail}"))
        }
        1 => ("last", format!("returns a list of the last {k} items of the list `items`, {tail}")),
        _ => ("skip", format!("returns a list of all items of the list `items` but the first {k}")),
    };
    Task::new(Easy, format!("{name}_{k}"), "items", does).tests(inputs, |(all,)| {
        let part = match name {
            "first" => &all[..k.min(all.len())],
            "last" => &all[all.len().saturating_sub(k)..],
            _ => &all[k.min(all.len())..],
        };
        part.to_vec()
    })
}

fn contains(draw: &mut Draw) -> Task {
    let k = draw.int(0..=30);
    let inputs = with(draw, &[&[k, 1], &[], &[k + 1], &[2, k]]);
    let does = format!(
        "returns `True` if the number {k} is in the list `numbers` and `False` if it is not"
    );
    Task::new(Easy, format!("contains_{k}"), "numbers", does)
        .tests(inputs, |(all,)| all.contains(&k))
}

fn count_of(draw: &mut Draw) -> Task {
    let k = draw.int(0..=9);
    let mut inputs: Vec<Vec<i64>> =
        (0..7).map(|_| [list(draw, 1, 0, 9), vec![k; draw.int(0..=2) as usize]].concat()).collect();
    inputs.extend([vec![], vec![k], vec![k, k, k]]);
    let does = format!("returns how many times the number {k} occurs in the list `numbers`");
    Task::new(Easy, format!("count_{k}s"), "numbers", does)
        .tests(alone(inputs), |(all,)| all.iter().filter(|n| **n == k).count())
}

fn merge(draw: &mut Draw) -> Task {
    let down = draw.coin();
    let order = if down { "from largest to smallest" } else { "from smallest to largest" };
    let name = draw.pick(&["merge_sorted", "join_and_sort", "combine_lists"]);
    let (firsts, seconds) = (lists(draw, 0, 40), lists(draw, 0, 40));
    let mut inputs: Vec<_> = firsts.into_iter().zip(seconds).collect();
    inputs.extend([(vec![], vec![]), (vec![3], vec![]), (vec![2, 1], vec![2])]);
    let does =
        format!("returns one list with all numbers of the lists `a` and `b`, sorted {order}");
    Task::new(Medium, *name, "a, b", does).tests(inputs, |(a, b)| {
        let mut all = [a.as_slice(), b].concat();
        all.sort_unstable();
        if down {
            all.reverse();
        }
        all
    })
}

fn running_total(draw: &mut Draw) -> Task {
    let name = draw.pick(&["running_total", "partial_sums", "cumulative_sum"]);
    let start = draw.int(0..=10);
    let does = match start {
        0 => {
            "returns a list in which each item is the sum of `numbers` up to that place".to_owned()
        }
        _ => format!(
            "returns a list in which each item is {start} plus the sum of `numbers` up to that place"
        ),
    };
    let inputs = with(draw, &[&[], &[5], &[1, 1, 1]]);
    Task::new(Medium, *name, "numbers", does).tests(inputs, |(all,)| {
        all.iter()
            .scan(start, |sum, n| {
                *sum += n;
                Some(*sum)
            })
            .collect::<Vec<_>>()
    })
}

fn index_of(draw: &mut Draw) -> Task {
    let k = draw.int(0..=30);
    let shown = vec![draw.int(31..=60), draw.int(31..=60), k, draw.int(0..=60)];
    let inputs = [vec![(shown,)], with(draw, &[&[1, k, k], &[], &[k], &[31, 32]])].concat();
    let does = format!(
        "returns the index of the first {k} in the list `numbers`, counted from 0, or -1 if there is \
         none"
    );
    Task::new(Medium, format!("find_{k}"), "numbers", does)
        .tests(inputs, |(all,)| all.iter().position(|n| *n == k).map_or(-1, |at| at as i64))
}

fn spread(draw: &mut Draw) -> Task {
    let name = draw.pick(&["spread", "value_range", "max_minus_min"]);
    let inputs = with(draw, &[&[], &[5], &[3, 9], &[-2, 2]]);
    let does = "returns the difference between the largest and the smallest number of the list \
                `numbers`, and 0 if it is empty";
    Task::new(Easy, *name, "numbers", does).tests(inputs, |(all,)| {
        all.iter().max().zip(all.iter().min()).map_or(0, |(most, least)| most - least)
    })
}

fn lengths(draw: &mut Draw) -> Task {
    let name = draw.pick(&["word_lengths", "lengths", "count_letters_of_each"]);
    let inputs = [word_lists(draw), vec![vec![], vec!["a".into()], vec![String::new()]]].concat();
    let does = "returns a list of the lengths of the strings in the list `words`";
    Task::new(Easy, *name, "words", does)
        .tests(alone(inputs), |(all,)| all.iter().map(String::len).collect::<Vec<_>>())
}

fn filter_words(draw: &mut Draw) -> Task {
    let inputs =
        alone([word_lists(draw), vec![vec![], vec!["sun".into(), "umbrella".into()]]].concat());
    if draw.coin() {
        let k = draw.int(3..=6) as usize;
        let does = format!(
            "returns a list of the strings in `words` that have more than {k} characters, in the same \
             order"
        );
        return Task::new(Easy, format!("words_over_{k}"), "words", does).tests(inputs, |(all,)| {
            all.iter().filter(|word| word.len() > k).cloned().collect::<Vec<_>>()
        });
    }
    let letter = *draw.pick(&['a', 'b', 'c', 'f', 'm', 'o', 's', 'w']);
    let does = format!(
        "returns a list of the strings in `words` that begin with '{letter}', in the same order"
    );
    let mut inputs = inputs;
    inputs.push((vec![format!("{letter}b"), format!("x{letter}")],));
    Task::new(Easy, format!("words_with_{letter}"), "words", does).tests(inputs, |(all,)| {
        all.iter().filter(|word| word.starts_with(letter)).cloned().collect::<Vec<_>>()
    })
}

fn count_up(draw: &mut Draw) -> Task {
    let k = draw.int(1..=9);
    if draw.coin() {
        let does =
            format!("returns the list of the first `n` multiples of {k}, beginning with {k}");
        Task::new(Easy, format!("multiples_of_{k}"), "n", does)
            .tests(alone([4, 0, 1, 2, 7, 10]), |&(n,)| (1..=n).map(|i| i * k).collect::<Vec<i64>>())
    } else {
        let does = format!(
            "returns the list of the whole numbers from `n` down to {k}, which is empty if `n` is less \
             than {k}"
        );
        Task::new(Easy, format!("countdown_to_{k}"), "n", does)
            .tests(alone([k + 3, 0, k - 1, k, k + 1, k + 6]), |&(n,)| {
                (k..=n).rev().collect::<Vec<i64>>()
            })
    }
}

fn dot(draw: &mut Draw) -> Task {
    let sum = draw.coin();
    let (name, does) = if sum {
        ("add_lists", "returns a list of the sums of the items of `a` and `b` at the same places")
    } else {
        (
            "multiply_lists",
            "returns a list of the products of the items of `a` and `b` at the same places",
        )
    };
    let does = format!("{does}; both lists have the same length");
    let mut inputs: Vec<(Vec<i64>, Vec<i64>)> = lists(draw, -9, 20)
        .into_iter()
        .map(|a| {
            let b = a.iter().map(|_| draw.int(-9..=20)).collect();
            (a, b)
        })
        .collect();
    inputs.extend([(vec![], vec![]), (vec![2], vec![3])]);
    Task::new(Medium, name, "a, b", does).tests(inputs, |(a, b)| {
        let pairs = a.iter().zip(b);
        pairs.map(|(x, y)| if sum { x + y } else { x * y }).collect::<Vec<_>>()
    })
}

fn join(draw: &mut Draw) -> Task {
    let (mark, name) = *draw.pick(&[
        (", ", "commas"),
        ("-", "hyphens"),
        (" and ", "and"),
        (" or ", "or"),
        ("/", "slashes"),
        (" + ", "plus"),
        (" > ", "arrows"),
        ("; ", "semicolons"),
    ]);
    let inputs = [word_lists(draw), vec![vec![], vec!["one".into()]]].concat();
    let does = format!(
        "returns one string with the strings of the list `words` joined by '{mark}', and an empty \
         string for an empty list"
    );
    Task::new(Easy, format!("join_with_{name}"), "words", does)
        .tests(alone(inputs), |(all,)| all.join(mark))
}
