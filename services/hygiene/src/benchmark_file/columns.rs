//! Which columns of a benchmark's file are read for what.
//!
//! Columns that the user names must be there. For what is not named, the names that publishers
//! usually give are looked for, whatever their case and whether words are joined by blanks, hyphens
//! or underscores.

use std::collections::HashSet;

use lehr_record::BenchmarkColumns;
use serde_json::{Map, Value};

/// The columns that questions are usually in. All that are present count, each as a text of its own.
pub const QUESTION_FIELDS: &[&str] = &[
    "question",
    "problem",
    "prompt",
    "text",
    "input",
    "complete_prompt",
    "instruct_prompt",
    "question_content",
    "question_text",
    "question_stem",
    "problem_statement",
    "problem_text",
    "statement",
    "query",
    "ctx",
    "goal",
    "sentence",
];
/// The columns that answers are usually in, in the same way.
pub const ANSWER_FIELDS: &[&str] = &[
    "answer",
    "final_answer",
    "correct_answer",
    "best_answer",
    "expected_answer",
    "reference_answer",
    "answerkey",
    "answer_key",
    "answers",
    "gold",
    "target",
    "output",
    "correct",
];
/// The columns that worked solutions are usually in, in the same way.
pub const SOLUTION_FIELDS: &[&str] = &[
    "solution",
    "worked_solution",
    "reference_solution",
    "rationale",
    "explanation",
    "cot_content",
];
/// The columns that programs are usually in, in the same way.
pub const CODE_FIELDS: &[&str] =
    &["canonical_solution", "code", "reference_code", "solution_code", "program"];
/// The columns that the options of a multiple-choice question are usually in. All together are the
/// options of an item.
pub const CHOICE_FIELDS: &[&str] = &[
    "choices",
    "options",
    "endings",
    "a",
    "b",
    "c",
    "d",
    "e",
    "option1",
    "option2",
    "opa",
    "opb",
    "opc",
    "opd",
    "sol1",
    "sol2",
    "incorrect_answer_1",
    "incorrect_answer_2",
    "incorrect_answer_3",
    "incorrect_answers",
    "distractor1",
    "distractor2",
    "distractor3",
];
/// The columns that an item's identifier is usually in; the first that is present counts, else the
/// number of the row.
pub const ID_FIELDS: &[&str] =
    &["id", "task_id", "question_id", "problem_id", "unique_id", "item_id", "record_id", "uid"];

/// The columns to read.
#[derive(Debug)]
pub(super) struct Columns<'a> {
    named: &'a BenchmarkColumns,
    /// Columns that are named for something are not taken for what their name usually means.
    taken: HashSet<&'a str>,
}

/// The values of an item, by what they are.
#[derive(Debug, Default)]
pub(super) struct Values<'a> {
    pub id: Vec<&'a Value>,
    pub question: Vec<&'a Value>,
    pub answer: Vec<&'a Value>,
    pub solution: Vec<&'a Value>,
    pub code: Vec<&'a Value>,
    pub choices: Vec<&'a Value>,
}

impl<'a> Columns<'a> {
    pub fn new(named: &'a BenchmarkColumns) -> Self {
        let all = [
            &named.id,
            &named.question,
            &named.answer,
            &named.solution,
            &named.code,
            &named.choices,
        ];
        let taken = all.into_iter().flatten().map(String::as_str).collect();
        Self { named, taken }
    }

    /// All columns that were named.
    pub fn named(&self) -> impl Iterator<Item = &'a str> {
        self.taken.iter().copied()
    }

    /// Those of the columns of a file that are read.
    pub fn of_file<'f>(&self, present: &'f [String]) -> Vec<&'f str> {
        let usual = [
            QUESTION_FIELDS,
            ANSWER_FIELDS,
            SOLUTION_FIELDS,
            CODE_FIELDS,
            CHOICE_FIELDS,
            ID_FIELDS,
        ];
        let read = |name: &str| {
            let plain = plain(name);
            self.taken.contains(name) || usual.iter().any(|list| list.contains(&plain.as_str()))
        };
        present.iter().map(String::as_str).filter(|name| read(name)).collect()
    }

    /// The first named column, by name, that is not among those present.
    pub fn missing(&self, present: impl Fn(&str) -> bool) -> Option<&'a str> {
        self.named().filter(|name| !present(name)).min()
    }

    /// The values of a row.
    pub fn values<'r>(&self, row: &'r Map<String, Value>) -> Values<'r> {
        let plain: Vec<_> = row
            .iter()
            .filter(|(name, _)| !self.taken.contains(name.as_str()))
            .map(|(name, value)| (plain(name), value))
            .collect();
        let pick = |named: &[String], usual: &[&str]| -> Vec<&'r Value> {
            if !named.is_empty() {
                return named.iter().filter_map(|name| row.get(name)).collect();
            }
            let mut found = Vec::new();
            for usual in usual {
                let same = plain.iter().filter(|(name, _)| name == usual);
                found.extend(same.map(|(_, value)| *value));
            }
            found
        };
        let named = self.named;
        Values {
            id: pick(&named.id, ID_FIELDS),
            question: pick(&named.question, QUESTION_FIELDS),
            answer: pick(&named.answer, ANSWER_FIELDS),
            solution: pick(&named.solution, SOLUTION_FIELDS),
            code: pick(&named.code, CODE_FIELDS),
            choices: pick(&named.choices, CHOICE_FIELDS),
        }
    }
}

/// A column's name without what publishers vary in it.
fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}
