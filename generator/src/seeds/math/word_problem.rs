use lehr_record::{Expected, Problem};

use crate::seeds::{
    Difficulty, Draw,
    family::{Drawn, vars},
};

/// A story with its calculation.
pub(super) struct WordProblem {
    pub difficulty: Difficulty,
    /// The statement, ending in a question.
    pub statement: String,
    /// The calculation as it would be written on paper, with `+ - * /`, parentheses and decimals.
    pub equation: String,
    /// Its value.
    pub answer: String,
}

impl WordProblem {
    /// A story whose answer is a whole number.
    pub fn whole(difficulty: Difficulty, statement: String, equation: String, answer: i64) -> Self {
        Self { difficulty, statement, equation, answer: answer.to_string() }
    }
}

/// Draws one of a family's stories.
pub(super) fn tell(draw: &mut Draw, stories: &[fn(&mut Draw) -> WordProblem]) -> Drawn {
    let WordProblem { difficulty, statement, equation, answer } = draw.pick(stories)(draw);
    Drawn {
        vars: vars([("difficulty", difficulty.into()), ("equation", equation.into())]),
        problem: Some(Problem {
            statement,
            options: Vec::new(),
            expected: Expected::Answer { answer },
        }),
    }
}

/// A number to add or to take away: up to 12 when easy, 60 when medium, 400 when hard.
pub(super) fn term(draw: &mut Draw, difficulty: Difficulty) -> i64 {
    match difficulty {
        Difficulty::Easy => draw.int(2..=12),
        Difficulty::Medium => draw.int(11..=60),
        Difficulty::Hard => draw.int(45..=400),
    }
}

/// Two numbers to multiply: single digits when easy, the second up to 25 when medium and 60 when hard.
pub(super) fn factors(draw: &mut Draw, difficulty: Difficulty) -> (i64, i64) {
    match difficulty {
        Difficulty::Easy => (draw.int(2..=6), draw.int(2..=9)),
        Difficulty::Medium => (draw.int(3..=9), draw.int(7..=25)),
        Difficulty::Hard => (draw.int(6..=15), draw.int(18..=60)),
    }
}
