//! Intervals, sets, tuples, matrices, equations and inequalities.

use crate::algebra::polynomial_text;
use crate::number::quotient;
use crate::pair::Answers;
use crate::random::Random;

pub(crate) fn interval(random: &mut Random, same: bool) -> Answers {
    let a = random.within(-20, 20);
    let b = a + random.within(1, 30);
    let (low, high) = (random.pick(&["[", "("]), random.pick(&["]", ")"]));
    // A pair of numbers in round brackets is also a point; here one bracket is square.
    let high = if low == "(" { "]" } else { high };
    let unbounded = random.one_in(3);
    let gold = if unbounded {
        format!("(-\\infty, {a}] \\cup [{b}, \\infty)")
    } else {
        format!("{low}{a}, {b}{high}")
    };
    let sign = |bracket: &str| if "[]".contains(bracket) { "\\le" } else { "<" };
    let answer = match (same, unbounded, random.below(4)) {
        (true, _, 0) => gold.replace('[', "\\left[").replace(')', "\\right)"),
        (true, true, 1) => format!("[{b}, +\\infty) \\cup (-\\infty, {a}]"),
        (true, false, 1) => format!("{a} {} x {} {b}", sign(low), sign(high)),
        (true, _, 2) => gold.replace(&format!("{b}"), &format!("\\frac{{{}}}{{2}}", 2 * b)),
        (true, ..) => gold.clone(),
        (false, true, 0) => format!("(-\\infty, {a}) \\cup [{b}, \\infty)"),
        (false, true, _) => format!("(-\\infty, {}] \\cup [{b}, \\infty)", a - 1),
        (false, false, 0) if low == "[" => format!("({a}, {b}{high}"),
        (false, false, 1) => format!("{low}{}, {b}{high}", a - 1),
        (false, false, _) => format!("{low}{a}, {}{high}", b + 1),
    };
    // Where both ends are written alike, replacing one replaces the other.
    let answer = if same && a.to_string().contains(&b.to_string()) { gold.clone() } else { answer };
    Answers::new(gold, answer, same)
}

pub(crate) fn set(random: &mut Random, same: bool) -> Answers {
    let size = random.within(2, 6) as usize;
    let mut items: Vec<i64> = Vec::new();
    while items.len() < size {
        let item = random.within(-30, 60);
        if !items.contains(&item) {
            items.push(item);
        }
    }
    items.sort_unstable();
    let join = |items: &[i64]| items.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    let braces = random.one_in(2);
    let gold = if braces { format!("\\{{{}\\}}", join(&items)) } else { join(&items) };
    if !same {
        let at = random.below(size);
        match random.below(3) {
            0 => drop(items.remove(at)),
            1 => items.push(61),
            _ => items[at] = 61 + items[at].abs(),
        }
    }
    random.shuffle(&mut items);
    let answer = match random.below(3) {
        0 if !braces && items.len() > 1 => {
            let (last, first) = items.split_last().expect("it has more than one item");
            format!("{} \\text{{ and }} {last}", join(first))
        }
        _ if braces => format!("\\{{{}\\}}", join(&items)),
        _ => join(&items),
    };
    Answers::new(gold, answer, same)
}

pub(crate) fn tuple(random: &mut Random, same: bool) -> Answers {
    let size = if random.one_in(3) { 3 } else { 2 };
    let mut items: Vec<(i64, i64)> = (0..size)
        .map(|_| (random.within(-30, 30), if random.one_in(4) { random.within(2, 9) } else { 1 }))
        .collect();
    // Two open ends in order would as well be an interval.
    items[0].0 = items[1].0.abs() + 31;
    items[0].1 = 1;
    items[1].1 = 1;
    let write = |items: &[(i64, i64)]| {
        items.iter().map(|(a, b)| quotient(*a, *b)).collect::<Vec<_>>().join(", ")
    };
    let gold = format!("({})", write(&items));
    if !same {
        match random.below(3) {
            0 => items.swap(0, 1),
            1 => items[size - 1].0 += items[size - 1].1,
            _ => items[0].0 *= -1,
        }
    }
    let answer = match random.below(4) {
        0 => format!("\\left({}\\right)", write(&items)),
        1 if size == 2 => format!("x = {}, y = {}", items[0].0, items[1].0),
        _ => format!("({})", write(&items)),
    };
    Answers::new(gold, answer, same)
}

pub(crate) fn matrix(random: &mut Random, same: bool) -> Answers {
    let (rows, columns) = (random.within(2, 3) as usize, random.within(1, 3) as usize);
    let mut entries: Vec<Vec<i64>> = (0..rows)
        .map(|row| {
            (0..columns).map(|c| random.within(-9, 9) + (row * 20 + c * 60) as i64).collect()
        })
        .collect();
    let write = |entries: &[Vec<i64>], name: &str, scale: i64| {
        let rows: Vec<String> = entries
            .iter()
            .map(|row| {
                let row: Vec<String> = row
                    .iter()
                    .map(|n| match scale {
                        1 => n.to_string(),
                        _ => format!("\\frac{{{}}}{{{scale}}}", n * scale),
                    })
                    .collect();
                row.join(" & ")
            })
            .collect();
        format!("\\begin{{{name}}} {} \\end{{{name}}}", rows.join(" \\\\ "))
    };
    let gold = write(&entries, "pmatrix", 1);
    if !same {
        let (row, column) = (random.below(rows), random.below(columns));
        match random.below(3) {
            0 => entries.swap(0, 1),
            1 => entries[row][column] += 1,
            _ => entries[row][column] += 100,
        }
    }
    let answer = match random.below(3) {
        0 => write(&entries, "bmatrix", 1),
        1 => write(&entries, "pmatrix", 2),
        _ => write(&entries, "pmatrix", 1),
    };
    Answers::new(gold, answer, same)
}

pub(crate) fn equation(random: &mut Random, same: bool) -> Answers {
    let (slope, shift) = (random.nonzero(-9, 9), random.nonzero(-20, 20));
    let right = |slope, shift| polynomial_text(&[slope, shift], "x");
    let gold = format!("y = {}", right(slope, shift));
    let (m, b) = match (same, random.below(3)) {
        (true, _) => (slope, shift),
        (false, 0) => (-slope, shift),
        (false, 1) => (slope, -shift),
        (false, _) => (slope, shift + 1),
    };
    let answer = match random.below(5) {
        0 => format!("{} = y", right(m, b)),
        1 => format!("{} - y = 0", right(m, b)),
        2 => format!("2y = {}", right(2 * m, 2 * b)),
        3 => format!("y - ({}) = 0", right(m, b)),
        _ => format!("y = {}", right(m, b)),
    };
    Answers::new(gold, answer, same)
}

pub(crate) fn inequality(random: &mut Random, same: bool) -> Answers {
    const SIGNS: [(&str, &str, &str); 4] =
        [("<", ">", "\\le"), (">", "<", "\\ge"), ("\\le", "\\ge", "<"), ("\\ge", "\\le", ">")];
    let (sign, flipped, loose) = SIGNS[random.below(4)];
    let a = random.within(-40, 40);
    let gold = format!("x {sign} {a}");
    let answer = match (same, random.below(4)) {
        (true, 0) => format!("{a} {flipped} x"),
        (true, 1) => format!("2x {sign} {}", 2 * a),
        (true, 2) => match sign {
            "<" => format!("(-\\infty, {a})"),
            ">" => format!("({a}, \\infty)"),
            "\\le" => format!("(-\\infty, {a}]"),
            _ => format!("[{a}, \\infty)"),
        },
        (true, _) => gold.clone(),
        (false, 0) => format!("x {loose} {a}"),
        (false, 1) => format!("x {flipped} {a}"),
        (false, 2) => format!("{a} {sign} x"),
        (false, _) => format!("x {sign} {}", a + 1),
    };
    Answers::new(gold, answer, same)
}
