use lehr_record::Domain;

use super::{
    inputs::{alone, ints, pairs},
    task::{Task, draw_task},
};
use crate::seeds::{
    Difficulty::{Easy, Hard, Medium},
    Draw, Family,
};

pub(super) const FAMILY: Family = Family {
    name: "python.numbers",
    domain: Domain::Code,
    about: "Python functions over whole numbers, and a few over floats",
    draw: |draw| {
        draw_task(
            draw,
            &[
                parity,
                multiple_of,
                linear,
                power,
                convert,
                to_fahrenheit,
                larger,
                difference,
                clamp,
                sign,
                digit_sum,
                factorial,
                sum_up_to,
                fizz,
                prime,
                rectangle,
                remainder,
            ],
        )
    },
};

fn parity(draw: &mut Draw) -> Task {
    let even = draw.coin();
    let word = if even { "even" } else { "odd" };
    let name = draw.pick(&["is", "check", "number_is"]);
    let inputs = [ints(draw, 1, 99), vec![0, 1, 2, 7, 10]].concat();
    Task::new(
        Easy,
        format!("{name}_{word}"),
        "n",
        format!("returns `True` if the whole number `n` is {word} and `False` otherwise"),
    )
    .tests(alone(inputs), |(n,)| (n % 2 == 0) == even)
}

fn multiple_of(draw: &mut Draw) -> Task {
    let k = draw.int(3..=25);
    let inputs = [draw.int(2..=9) * k, draw.int(2..=9) * k + 1, 0, k, k + 1, 2 * k, 5 * k - 1];
    let does = if draw.coin() {
        format!("returns `True` if `n` can be divided by {k} without remainder, else `False`")
    } else {
        format!("tells whether the whole number `n` is a multiple of {k}, as `True` or `False`")
    };
    Task::new(Easy, format!("is_multiple_of_{k}"), "n", does)
        .tests(alone(inputs), |(n,)| n % k == 0)
}

fn linear(draw: &mut Draw) -> Task {
    let (factor, more) = (draw.int(2..=12), draw.int(1..=30));
    let inputs = [ints(draw, -20, 50), vec![0, 1, -1]].concat();
    let (name, does, solve): (_, _, fn(i64, i64, i64) -> i64) = match draw.int(0..=3) {
        0 => (format!("add_{more}"), format!("returns `n` plus {more}"), |n, _, more| n + more),
        1 => (
            format!("times_{factor}"),
            format!("returns `n` multiplied by {factor}"),
            |n, factor, _| n * factor,
        ),
        2 => (
            "scale_and_shift".to_owned(),
            format!("multiplies `n` by {factor}, then adds {more}, and returns the result"),
            |n, factor, more| n * factor + more,
        ),
        _ => (
            "shift_and_scale".to_owned(),
            format!(
                "subtracts {more} from `n`, then multiplies by {factor}, and returns the result"
            ),
            |n, factor, more| (n - more) * factor,
        ),
    };
    Task::new(Easy, name, "n", does).tests(alone(inputs), |(n,)| solve(*n, factor, more))
}

fn power(draw: &mut Draw) -> Task {
    let &(name, k) = draw.pick(&[("square", 2), ("cube", 3), ("fourth_power", 4)]);
    let what = ["second", "third", "fourth"][k as usize - 2];
    let inputs = [ints(draw, 2, 20), vec![0, 1, -2]].concat();
    Task::new(Easy, name, "n", format!("returns the {what} power of the whole number `n`"))
        .tests(alone(inputs), |(n,)| n.pow(k))
}

fn convert(draw: &mut Draw) -> Task {
    let &(from, to, factor) = draw.pick(&[
        ("hours", "minutes", 60),
        ("minutes", "seconds", 60),
        ("hours", "seconds", 3600),
        ("days", "hours", 24),
        ("weeks", "days", 7),
        ("feet", "inches", 12),
        ("yards", "feet", 3),
        ("meters", "centimeters", 100),
        ("kilometers", "meters", 1000),
        ("dozens", "pieces", 12),
        ("kilograms", "grams", 1000),
        ("dollars", "cents", 100),
        ("years", "months", 12),
        ("centuries", "years", 100),
        ("decades", "years", 10),
        ("liters", "milliliters", 1000),
    ]);
    let inputs = [ints(draw, 2, 60), vec![0, 1, 10]].concat();
    Task::new(
        Easy,
        format!("{from}_to_{to}"),
        "n",
        format!("converts a whole number `n` of {from} to {to} and returns it as an `int`"),
    )
    .tests(alone(inputs), |(n,)| n * factor)
}

fn to_fahrenheit(draw: &mut Draw) -> Task {
    let name = draw.pick(&["to_fahrenheit", "celsius_to_fahrenheit", "fahrenheit_from_celsius"]);
    let inputs = [ints(draw, -8, 20), vec![0, 20, -8, 2]].concat();
    Task::new(
        Medium,
        *name,
        "celsius",
        "returns the temperature `celsius` in degrees Fahrenheit as a float: `celsius * 9 / 5 + 32`",
    )
    .tests(alone(inputs.into_iter().map(|n| 5 * n)), |(c,)| *c as f64 * 9.0 / 5.0 + 32.0)
}

fn larger(draw: &mut Draw) -> Task {
    let inputs = [pairs(draw, -30, 90), vec![(5, 5), (-1, 0), (0, -1)]].concat();
    let (name, word) = *draw.pick(&[
        ("larger", "larger"),
        ("larger_of", "larger"),
        ("max_of_two", "larger"),
        ("smaller", "smaller"),
        ("smaller_of", "smaller"),
        ("min_of_two", "smaller"),
    ]);
    Task::new(Easy, name, "a, b", format!("returns the {word} one of the two numbers `a` and `b`"))
        .tests(inputs, |&(a, b)| if word == "larger" { a.max(b) } else { a.min(b) })
}

fn difference(draw: &mut Draw) -> Task {
    let name = draw.pick(&["distance", "gap", "absolute_difference", "how_far_apart"]);
    let inputs = [pairs(draw, -30, 90), vec![(4, 4), (3, 8), (8, 3)]].concat();
    Task::new(
        Easy,
        *name,
        "a, b",
        "returns how far apart the numbers `a` and `b` are, as a number that is never negative",
    )
    .tests(inputs, |(a, b)| (a - b).abs())
}

fn clamp(draw: &mut Draw) -> Task {
    let low = draw.int(-10..=10);
    let high = low + draw.int(5..=40);
    let inputs = [ints(draw, low - 10, high + 10), vec![low, high, low - 1, high + 1]].concat();
    Task::new(
        Medium,
        *draw.pick(&["clamp", "limit", "keep_in_range"]),
        "n",
        format!(
            "returns {low} if `n` is less than {low}, {high} if `n` is greater than {high}, and `n` \
             itself otherwise"
        ),
    )
    .tests(alone(inputs), |(n,)| *n.clamp(&low, &high))
}

fn sign(draw: &mut Draw) -> Task {
    let k = draw.int(0..=20);
    let [above, below, equal] = **draw.pick(&[
        &["above", "below", "equal"],
        &["high", "low", "exact"],
        &["bigger", "smaller", "same"],
    ]);
    let inputs = [vec![k + 3, k - 4, k], ints(draw, k - 20, k + 20)].concat();
    Task::new(
        Easy,
        format!("compare_with_{k}"),
        "n",
        format!(
            "returns the string '{above}' if `n` is greater than {k}, '{below}' if it is less, and \
             '{equal}' if it is {k}"
        ),
    )
    .tests(alone(inputs), |&(n,)| {
        if n > k {
            above
        } else if n < k {
            below
        } else {
            equal
        }
    })
}

fn digit_sum(draw: &mut Draw) -> Task {
    let inputs = [ints(draw, 10, 99_999), vec![0, 7, 100]].concat();
    let digits = |n: i64| n.to_string().bytes().map(|b| i64::from(b - b'0')).collect::<Vec<_>>();
    let (name, does, solve): (_, _, fn(Vec<i64>) -> i64) = *draw
        .pick::<(_, _, fn(Vec<i64>) -> i64)>(&[
            ("digit_sum", "the sum of the decimal digits", |d| d.iter().sum()),
            ("count_digits", "the number of decimal digits", |d| d.len() as i64),
            ("largest_digit", "the largest decimal digit", |d| d.into_iter().max().unwrap_or(0)),
            ("count_even_digits", "how many of the decimal digits are even", |d| {
                d.iter().filter(|digit| *digit % 2 == 0).count() as i64
            }),
        ]);
    Task::new(Medium, name, "n", format!("returns {does} of the number `n`, which is not negative"))
        .tests(alone(inputs), |(n,)| solve(digits(*n)))
}

fn factorial(draw: &mut Draw) -> Task {
    let name = draw.pick(&["factorial", "product_up_to", "multiply_up_to"]);
    let inputs = [ints(draw, 2, 12), vec![0, 1, 2, 3, 5, 8]].concat();
    Task::new(
        Medium,
        *name,
        "n",
        "returns the product of all whole numbers from 1 to `n`, and 1 if `n` is 0",
    )
    .tests(alone(inputs), |&(n,)| (1..=n).product::<i64>())
}

fn sum_up_to(draw: &mut Draw) -> Task {
    let k = draw.int(1..=9);
    let (name, what) = if k == 1 {
        ("sum_up_to".to_owned(), "all whole numbers".to_owned())
    } else {
        (format!("sum_multiples_of_{k}"), format!("all multiples of {k}"))
    };
    let inputs = [ints(draw, 4, 60), vec![0, 1, k, 10, 20]].concat();
    Task::new(
        Medium,
        name,
        "n",
        format!("returns the sum of {what} from 1 up to and including `n`"),
    )
    .tests(alone(inputs), |&(n,)| (1..=n).filter(|i| i % k == 0).sum::<i64>())
}

fn fizz(draw: &mut Draw) -> Task {
    let [a, b] = draw.pick_distinct(&[2, 3, 5, 7, 11]);
    let [one, two] = draw.pick_distinct(&["ping", "pong", "tick", "tock", "left", "right", "zig"]);
    let inputs = [vec![*a, *b, a * b, 1, 13], ints(draw, 1, 70)].concat();
    Task::new(
        Hard,
        format!("{one}_{two}"),
        "n",
        format!(
            "returns '{one}{two}' if `n` is divisible by both {a} and {b}, '{one}' if only by {a}, \
             '{two}' if only by {b}, and otherwise `n` as a string"
        ),
    )
    .tests(alone(inputs), |(n,)| match (n % a, n % b) {
        (0, 0) => format!("{one}{two}"),
        (0, _) => (*one).to_owned(),
        (_, 0) => (*two).to_owned(),
        _ => n.to_string(),
    })
}

fn prime(draw: &mut Draw) -> Task {
    let name = draw.pick(&["is_prime", "check_prime"]);
    let inputs = [ints(draw, 10, 200), vec![0, 1, 2, 3, 4, 9, 97]].concat();
    Task::new(
        Hard,
        *name,
        "n",
        "returns `True` if `n` is a prime number and `False` if it is not; numbers below 2 are not \
         prime",
    )
    .tests(alone(inputs), |&(n,)| n >= 2 && (2..n).all(|d| n % d != 0))
}

fn rectangle(draw: &mut Draw) -> Task {
    let inputs = [pairs(draw, 1, 40), vec![(1, 1), (0, 5), (3, 10)]].concat();
    let shape = draw.pick(&["rectangle", "garden", "field", "room"]);
    if draw.coin() {
        let does = format!("returns the area of a {shape} with the sides `width` and `height`");
        Task::new(Easy, format!("{shape}_area"), "width, height", does)
            .tests(inputs, |(w, h)| w * h)
    } else {
        let does = format!(
            "returns the perimeter of a rectangular {shape} with the sides `width` and `height`"
        );
        Task::new(Easy, format!("{shape}_perimeter"), "width, height", does)
            .tests(inputs, |(w, h)| 2 * (w + h))
    }
}

fn remainder(draw: &mut Draw) -> Task {
    let k = draw.int(3..=20);
    let inputs = [ints(draw, 0, 200), vec![0, k, k - 1, k + 1]].concat();
    let thing = draw.pick(&["eggs", "apples", "books", "bottles", "coins", "pens"]);
    if draw.coin() {
        let does = format!(
            "returns how many of `n` {thing} are left over when they are packed into boxes of {k}"
        );
        Task::new(Medium, "left_over", "n", does).tests(alone(inputs), |(n,)| n % k)
    } else {
        let does = format!("returns how many full boxes of {k} can be packed from `n` {thing}");
        Task::new(Medium, "full_boxes", "n", does).tests(alone(inputs), |(n,)| n / k)
    }
}
