use std::collections::BTreeMap;

use lehr_record::Domain;

use super::{
    inputs::{alone, dicts, word_lists, words},
    task::{Task, draw_task},
};
use crate::seeds::{
    Difficulty::{Easy, Hard, Medium},
    Draw, Family,
};

pub(super) const FAMILY: Family = Family {
    name: "python.dicts",
    domain: Domain::Code,
    about: "Python functions over dictionaries with string keys",
    draw: |draw| {
        draw_task(
            draw,
            &[
                total,
                best,
                keys_compared,
                count_words,
                first_letters,
                value_or,
                sorted_keys,
                scale,
                filter,
                zip,
                merge,
                count_value,
            ],
        )
    },
};

type Dict = BTreeMap<String, i64>;

/// Parameter name and what it holds: the same dictionary under several stories.
const STORIES: &[(&str, &str, &str)] = &[
    ("prices", "names of things", "prices"),
    ("ages", "names of people", "ages"),
    ("scores", "names of players", "scores"),
    ("stock", "names of goods", "numbers of pieces"),
];

fn with(draw: &mut Draw, more: &[&[(&str, i64)]]) -> Vec<(Dict,)> {
    let mut all = dicts(draw, 1, 40);
    all.extend(
        more.iter().map(|dict| dict.iter().map(|(key, n)| ((*key).to_owned(), *n)).collect()),
    );
    alone(all)
}

fn total(draw: &mut Draw) -> Task {
    let &(param, keys, values) = draw.pick(STORIES);
    let inputs = with(draw, &[&[], &[("a", 3)]]);
    let does = format!(
        "returns the sum of the values of the dictionary `{param}` from {keys} to {values}"
    );
    Task::new(Easy, format!("total_{param}"), param, does)
        .tests(inputs, |(dict,)| dict.values().sum::<i64>())
}

fn best(draw: &mut Draw) -> Task {
    let &(param, keys, values) = draw.pick(STORIES);
    let (largest, word) = *draw.pick(&[(true, "largest"), (false, "smallest")]);
    // Different values only: which of two equal ones wins would be open.
    let mut inputs: Vec<(Dict,)> = dicts(draw, 1, 40)
        .into_iter()
        .map(|dict| {
            let spread = dict.into_iter().enumerate();
            (spread.map(|(at, (key, n))| (key, n * 7 + at as i64)).collect(),)
        })
        .collect();
    inputs.push((Dict::from([("a".into(), 1)]),));
    inputs.push((Dict::from([("a".into(), 2), ("b".into(), 9), ("c".into(), 5)]),));
    let does = format!(
        "returns the key with the {word} value in the dictionary `{param}` from {keys} to {values}; \
         it is not empty and all values differ"
    );
    Task::new(Medium, format!("key_of_{word}"), param, does).tests(inputs, |(dict,)| {
        let by_value = dict.iter().map(|(key, n)| (if largest { *n } else { -n }, key));
        by_value.max().map(|(_, key)| key.clone())
    })
}

fn keys_compared(draw: &mut Draw) -> Task {
    let &(param, keys, values) = draw.pick(STORIES);
    let (k, over) = (draw.int(5..=35), draw.coin());
    let (short, long) = if over { ("over", "greater than") } else { ("below", "less than") };
    let inputs = with(draw, &[&[], &[("x", k)], &[("b", k + 1), ("a", k + 2), ("c", k - 1)]]);
    let does = format!(
        "takes a dictionary `{param}` from {keys} to {values} and returns the sorted list of the keys \
         whose value is {long} {k}"
    );
    Task::new(Medium, format!("keys_{short}_{k}"), param, does).tests(inputs, |(dict,)| {
        let holds = |n: i64| if over { n > k } else { n < k };
        dict.iter().filter(|(_, n)| holds(**n)).map(|(key, _)| key.clone()).collect::<Vec<_>>()
    })
}

fn count_words(draw: &mut Draw) -> Task {
    let name = draw.pick(&["count_each", "tally", "occurrences", "frequency"]);
    let mut inputs = word_lists(draw);
    inputs.extend([vec![], vec!["a".into()], vec!["b".into(), "a".into(), "b".into()]]);
    let does = "returns a dictionary that tells for every string in the list `words` how many times \
                it occurs";
    Task::new(Medium, *name, "words", does).tests(alone(inputs), |(words,)| {
        let mut counts = Dict::new();
        for word in words {
            *counts.entry(word.clone()).or_default() += 1;
        }
        counts
    })
}

fn first_letters(draw: &mut Draw) -> Task {
    let name = draw.pick(&["group_by_letter", "by_first_letter", "index_words"]);
    let mut inputs = word_lists(draw);
    inputs.extend([vec![], vec!["b".into(), "ab".into(), "ba".into()]]);
    let does = "returns a dictionary from each first letter to the list of the strings in `words` that \
                begin with it, in their given order; no string is empty";
    Task::new(Hard, *name, "words", does).tests(alone(inputs), |(words,)| {
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for word in words {
            groups.entry(word[..1].to_owned()).or_default().push(word.clone());
        }
        groups
    })
}

fn value_or(draw: &mut Draw) -> Task {
    let (key, default) = (words(draw).swap_remove(0), draw.int(0..=9));
    let inputs = with(draw, &[&[(&key, 25)], &[], &[(&key, 11), ("x", 2)], &[("y", 30)]]);
    let does = format!(
        "returns the value of the key '{key}' in the dictionary `data`, or {default} if the key is \
         missing"
    );
    Task::new(Easy, format!("get_{key}"), "data", does)
        .tests(inputs, |(dict,)| dict.get(&key).copied().unwrap_or(default))
}

fn sorted_keys(draw: &mut Draw) -> Task {
    let down = draw.coin();
    let (name, order) =
        if down { ("keys_descending", "from Z to A") } else { ("sorted_keys", "from A to Z") };
    let inputs = with(draw, &[&[], &[("b", 1), ("a", 2)]]);
    let does = format!(
        "returns a list of the keys of the dictionary `data`, which are lower-case words, sorted {order}"
    );
    Task::new(Easy, name, "data", does).tests(inputs, |(dict,)| {
        let mut keys: Vec<String> = dict.keys().cloned().collect();
        if down {
            keys.reverse();
        }
        keys
    })
}

fn scale(draw: &mut Draw) -> Task {
    let &(param, keys, values) = draw.pick(STORIES);
    let (k, times) = (draw.int(2..=12), draw.coin());
    let inputs = with(draw, &[&[], &[("a", 0)]]);
    let (short, long) = if times { ("multiply", "multiplied by") } else { ("raise", "raised by") };
    let does = format!(
        "takes a dictionary `{param}` from {keys} to {values} and returns a new one with every value \
         {long} {k}"
    );
    Task::new(Easy, format!("{short}_{param}"), param, does).tests(inputs, |(dict,)| {
        let change = |n: i64| if times { n * k } else { n + k };
        dict.iter().map(|(key, n)| (key.clone(), change(*n))).collect::<Dict>()
    })
}

fn filter(draw: &mut Draw) -> Task {
    let &(param, keys, values) = draw.pick(STORIES);
    let k = draw.int(5..=35);
    let inputs = with(draw, &[&[], &[("a", k)], &[("a", k - 1), ("b", k + 1)]]);
    let does = format!(
        "takes a dictionary `{param}` from {keys} to {values} and returns a new one with only those \
         entries whose value is at least {k}"
    );
    Task::new(Medium, format!("keep_at_least_{k}"), param, does).tests(inputs, |(dict,)| {
        dict.iter().filter(|(_, n)| **n >= k).map(|(key, n)| (key.clone(), *n)).collect::<Dict>()
    })
}

fn zip(draw: &mut Draw) -> Task {
    let name = draw.pick(&["make_dict", "pair_up", "to_dictionary"]);
    let &(param, ..) = draw.pick(STORIES);
    let (params, second) = match param {
        "prices" => ("names, prices", "prices"),
        "ages" => ("names, ages", "ages"),
        "scores" => ("names, scores", "scores"),
        _ => ("names, amounts", "amounts"),
    };
    let mut inputs: Vec<(Vec<String>, Vec<i64>)> = Vec::new();
    for size in [3, 2, 0, 1, 4, 5] {
        let keys: Vec<String> = words(draw).into_iter().take(size).collect();
        let values = keys.iter().map(|_| draw.int(1..=50)).collect();
        inputs.push((keys, values));
    }
    let does = format!(
        "returns a dictionary from each string of the list `names` to the number at the same place in \
         the list `{second}`; both lists have the same length and no name comes twice"
    );
    Task::new(Easy, *name, params, does).tests(inputs, |(keys, values)| {
        keys.iter().cloned().zip(values.iter().copied()).collect::<Dict>()
    })
}

fn merge(draw: &mut Draw) -> Task {
    let add = draw.coin();
    let (name, rule) = if add {
        ("add_dicts", "a key of both gets the sum of its two values")
    } else {
        ("merge_dicts", "a key of both gets its value from `b`")
    };
    let (firsts, seconds) = (dicts(draw, 1, 30), dicts(draw, 1, 30));
    let mut inputs: Vec<(Dict, Dict)> = firsts.into_iter().zip(seconds).collect();
    let one = |key: &str, n| Dict::from([(key.to_owned(), n)]);
    inputs.extend([
        (one("a", 1), one("a", 2)),
        (Dict::new(), one("b", 3)),
        (one("c", 4), Dict::new()),
    ]);
    let does = format!("returns a new dictionary with the entries of `a` and `b`; {rule}");
    Task::new(Hard, name, "a, b", does).tests(inputs, |(a, b)| {
        let mut all = a.clone();
        for (key, n) in b {
            let entry = all.entry(key.clone()).or_default();
            *entry = if add { *entry + n } else { *n };
        }
        all
    })
}

fn count_value(draw: &mut Draw) -> Task {
    let &(param, keys, values) = draw.pick(STORIES);
    let k = draw.int(1..=9);
    let mut inputs: Vec<(Dict,)> = alone(dicts(draw, k - 1, k + 1));
    inputs.push((Dict::new(),));
    inputs.push((Dict::from([("a".into(), k), ("b".into(), k), ("c".into(), k + 1)]),));
    let does = format!(
        "returns how many entries of the dictionary `{param}` from {keys} to {values} have the value \
         {k}"
    );
    Task::new(Easy, format!("count_value_{k}"), param, does)
        .tests(inputs, |(dict,)| dict.values().filter(|n| **n == k).count())
}
