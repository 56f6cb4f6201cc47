use lehr_record::{Expected, Problem};

use crate::seeds::Draw;

/// A question with four options in random order, of which the first given is right.
pub(super) fn choice(
    draw: &mut Draw,
    statement: String,
    right: String,
    wrong: [String; 3],
) -> Problem {
    let [one, two, three] = wrong;
    let mut options = vec![right.clone(), one, two, three];
    draw.shuffle(&mut options);
    let letter = ('A'..='D').zip(&options).find(|(_, option)| **option == right);
    let letter = letter.map_or('A', |(letter, _)| letter);
    Problem { statement, options, expected: Expected::Choice { letter } }
}
