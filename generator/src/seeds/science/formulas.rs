use lehr_record::Domain;

use super::choice::choice;
use crate::seeds::{
    Difficulty, Draw, Family,
    family::{Drawn, vars},
};

pub(super) const FAMILY: Family = Family {
    name: "science.formulas",
    domain: Domain::Science,
    about: "multiple-choice questions solved by one product or quotient with units",
    draw,
};

/// A law `product = left * right` between three quantities.
struct Law {
    topic: &'static str,
    /// The story with `{a}` for `left` and `{b}` for `right`, asking for the product.
    product: &'static str,
    product_unit: &'static str,
    /// The story with `{a}` for the product and `{b}` for `right`, asking for `left`.
    left: &'static str,
    left_unit: &'static str,
    right_unit: &'static str,
    /// The largest `left` and `right`.
    most: (i64, i64),
}

const LAWS: &[Law] = &[
    Law {
        topic: "speed",
        product: "An object moves at a constant speed of {a} for {b}. What distance does it cover?",
        product_unit: "m",
        left: "An object covers {a} in {b} at a constant speed. What is its speed?",
        left_unit: "m/s",
        right_unit: "s",
        most: (30, 30),
    },
    Law {
        topic: "force",
        product: "What net force gives a mass of {b} an acceleration of {a}?",
        product_unit: "N",
        left: "A net force of {a} acts on a mass of {b}. What is the acceleration of the mass?",
        left_unit: "m/s²",
        right_unit: "kg",
        most: (12, 40),
    },
    Law {
        topic: "density",
        product: "A substance has a density of {a}. What is the mass of {b} of it?",
        product_unit: "g",
        left: "A sample has a mass of {a} and a volume of {b}. What is its density?",
        left_unit: "g/cm³",
        right_unit: "cm³",
        most: (19, 40),
    },
    Law {
        topic: "work",
        product: "A force of {a} moves a box by {b} in the direction of the force. How much work is \
                  done?",
        product_unit: "J",
        left: "A constant force does {a} of work over a distance of {b} in its own direction. How \
               large is the force?",
        left_unit: "N",
        right_unit: "m",
        most: (60, 20),
    },
    Law {
        topic: "electric resistance",
        product: "A current of {a} flows through a resistor of {b}. What is the voltage across the \
                  resistor?",
        product_unit: "V",
        left: "A voltage of {a} is applied to a resistor of {b}. What current flows?",
        left_unit: "A",
        right_unit: "Ω",
        most: (10, 60),
    },
    Law {
        topic: "power",
        product: "A device works with a power of {a} for {b}. How much energy does it use?",
        product_unit: "J",
        left: "A device uses {a} of energy in {b}. What is its power?",
        left_unit: "W",
        right_unit: "s",
        most: (100, 30),
    },
    Law {
        topic: "electric power",
        product: "A lamp is connected to {b} and carries a current of {a}. What is its electric power?",
        product_unit: "W",
        left: "A heater has an electric power of {a} at a voltage of {b}. What current flows?",
        left_unit: "A",
        right_unit: "V",
        most: (10, 60),
    },
    Law {
        topic: "momentum",
        product: "A ball with a mass of {b} moves at {a}. What is its momentum?",
        product_unit: "kg·m/s",
        left: "A cart with a mass of {b} has a momentum of {a}. What is its speed?",
        left_unit: "m/s",
        right_unit: "kg",
        most: (20, 30),
    },
    Law {
        topic: "pressure",
        product: "A pressure of {a} acts evenly on an area of {b}. How large is the force on this area?",
        product_unit: "N",
        left: "A force of {a} acts evenly on an area of {b}. What is the pressure?",
        left_unit: "Pa",
        right_unit: "m²",
        most: (60, 12),
    },
    Law {
        topic: "waves",
        product: "A wave has a frequency of {a} and a wavelength of {b}. What is its speed?",
        product_unit: "m/s",
        left: "A wave travels at {a} and has a wavelength of {b}. What is its frequency?",
        left_unit: "Hz",
        right_unit: "m",
        most: (50, 12),
    },
    Law {
        topic: "electric charge",
        product: "A current of {a} flows for {b}. How much electric charge passes through the wire?",
        product_unit: "C",
        left: "A charge of {a} passes through a wire in {b}. What is the current?",
        left_unit: "A",
        right_unit: "s",
        most: (12, 60),
    },
    Law {
        topic: "concentration",
        product: "A solution contains {a} of salt. How much salt is in {b} of it?",
        product_unit: "g",
        left: "A total of {a} of salt is dissolved to make {b} of solution. What is its \
               concentration?",
        left_unit: "g/L",
        right_unit: "L",
        most: (40, 12),
    },
];

fn draw(draw: &mut Draw) -> Drawn {
    let law = draw.pick(LAWS);
    let (left, right) = (draw.int(2..=law.most.0), draw.int(3..=law.most.1));
    let product = left * right;
    let (story, given, other, answer, unit, equation) = if draw.coin() {
        let given = format!("{left} {}", law.left_unit);
        let equation = format!("{left} * {right}");
        (law.product, given, right, product, law.product_unit, equation)
    } else {
        let given = format!("{product} {}", law.product_unit);
        let equation = format!("{product} / {right}");
        (law.left, given, right, left, law.left_unit, equation)
    };
    let other = format!("{other} {}", law.right_unit);
    let statement = story.replace("{a}", &given).replace("{b}", &other);
    let wrong = wrong_answers(draw, left, right, answer).map(|number| format!("{number} {unit}"));
    let problem = choice(draw, statement, format!("{answer} {unit}"), wrong);
    let easy = left <= 12 && right <= 12;
    let difficulty = if easy { Difficulty::Easy } else { Difficulty::Medium };
    Drawn {
        vars: vars([
            ("difficulty", difficulty.into()),
            ("equation", equation.into()),
            ("subject", if law.topic == "concentration" { "chemistry" } else { "physics" }.into()),
            ("topic", law.topic.into()),
        ]),
        problem: Some(problem),
    }
}

/// Three numbers that come from usual slips: the wrong operation, a wrong power of ten, a near miss.
fn wrong_answers(draw: &mut Draw, left: i64, right: i64, answer: i64) -> [i64; 3] {
    let product = left * right;
    let mut slips =
        vec![left + right, product * right, answer * 10, answer + 1, (left - right).abs()];
    slips.extend([answer * 2, answer + 2]);
    let mut wrong: Vec<i64> = Vec::new();
    for slip in slips {
        if slip > 0 && slip != answer && !wrong.contains(&slip) {
            wrong.push(slip);
        }
    }
    draw.pick_distinct::<_, 3>(&wrong).map(|number| *number)
}
