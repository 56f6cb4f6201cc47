#![expect(clippy::unwrap_used, reason = "tests")]

use lehr_record::{Expected, Seed};
use proptest::prelude::*;

use super::FAMILIES;
use crate::seeds::Draw;

/// A number as numerator and denominator.
type Ratio = (i128, i128);

/// Evaluates `+ - * /`, parentheses and decimals: a second way to the answer, which shares nothing
/// with the families.
struct Calculator<'a>(std::iter::Peekable<std::str::Chars<'a>>);

impl Calculator<'_> {
    fn evaluate(text: &str) -> Ratio {
        let compact: String = text.chars().filter(|c| *c != ' ').collect();
        let mut calculator = Calculator(compact.chars().peekable());
        let value = calculator.sum();
        assert_eq!(calculator.0.next(), None, "{text}");
        value
    }

    fn sum(&mut self) -> Ratio {
        let mut value = self.product();
        while let Some(sign) = self.0.next_if(|c| matches!(c, '+' | '-')) {
            let (top, bottom) = self.product();
            let top = if sign == '-' { -top } else { top };
            value = (value.0 * bottom + top * value.1, value.1 * bottom);
        }
        value
    }

    fn product(&mut self) -> Ratio {
        let mut value = self.number();
        while let Some(sign) = self.0.next_if(|c| matches!(c, '*' | '/')) {
            let (top, bottom) = self.number();
            value = match sign {
                '*' => (value.0 * top, value.1 * bottom),
                _ => (value.0 * bottom, value.1 * top),
            };
        }
        value
    }

    fn number(&mut self) -> Ratio {
        if self.0.next_if_eq(&'(').is_some() {
            let value = self.sum();
            assert_eq!(self.0.next(), Some(')'));
            return value;
        }
        let (mut top, mut bottom, mut fraction) = (0, 1, false);
        while let Some(c) = self.0.next_if(|c| c.is_ascii_digit() || *c == '.') {
            match c.to_digit(10) {
                None => fraction = true,
                Some(digit) => {
                    top = top * 10 + i128::from(digit);
                    bottom *= if fraction { 10 } else { 1 };
                }
            }
        }
        (top, bottom)
    }
}

/// The maximal runs of digits with an inner point, as in `$2.50`.
fn numbers(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.')
        .map(|word| word.trim_matches('.').to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

fn answer(seed: &Seed) -> String {
    match &seed.problem.as_ref().unwrap().expected {
        Expected::Answer { answer } => answer.clone(),
        other => panic!("{other:?}"),
    }
}

proptest! {
    #[test]
    fn answers_follow_from_their_equations(seed: u64, at in 0..FAMILIES.len()) {
        let seed = FAMILIES[at].seed(&mut Draw::new(seed, "test"));
        let equation = seed.vars["equation"].as_str().unwrap();
        let (top, bottom) = Calculator::evaluate(equation);
        let (want_top, want_bottom) = Calculator::evaluate(&answer(&seed));
        prop_assert_eq!(top * want_bottom, want_top * bottom, "{:?}", seed);
        prop_assert!(want_top > 0, "{:?}", seed);
    }

    #[test]
    fn every_number_of_an_equation_can_be_read_in_its_story(seed: u64, at in 0..FAMILIES.len()) {
        let seed = FAMILIES[at].seed(&mut Draw::new(seed, "test"));
        let statement = &seed.problem.as_ref().unwrap().statement;
        let mut told = numbers(statement);
        for (word, number) in [
            ("%", "100"), ("wice", "2"), ("three times", "3"), ("four times", "4"), ("Half", "2"),
            ("third", "3"), ("quarter", "4"), ("fifth", "5"),
        ] {
            if statement.contains(word) {
                told.push(number.to_owned());
            }
        }
        for number in numbers(seed.vars["equation"].as_str().unwrap()) {
            prop_assert!(told.contains(&number), "{} is not told in: {}", number, statement);
        }
    }

    #[test]
    fn statements_are_clean_english(seed: u64, at in 0..FAMILIES.len()) {
        let seed = FAMILIES[at].seed(&mut Draw::new(seed, "test"));
        let statement = &seed.problem.as_ref().unwrap().statement;
        prop_assert!(statement.ends_with('?'), "{}", statement);
        prop_assert!(!statement.contains("  ") && !statement.contains(" ."), "{}", statement);
        prop_assert!(
            statement.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()),
            "{}", statement
        );
        let words: Vec<&str> = statement.split_whitespace().collect();
        for pair in words.windows(2) {
            // A lone "1" counts one thing; the stories never do.
            prop_assert!(pair[0] != "1", "{}", statement);
            let vowel = pair[1].starts_with(['a', 'e', 'i', 'o']);
            prop_assert!(pair[0] != "a" || !vowel, "{}", statement);
            let spoken = vowel || pair[1].starts_with('u') || pair[1] == "hour" || pair[1] == "hour.";
            prop_assert!(pair[0] != "an" || spoken, "{}", statement);
        }
    }
}
