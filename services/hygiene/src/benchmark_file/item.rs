//! The texts of one item.

use serde_json::Value;

use super::columns::Values;
use super::final_answer;
use super::part::{ItemText, Part};

/// The texts of an item that are looked for, each with the item's final answer.
pub(super) fn texts(item: &str, values: &Values<'_>) -> Vec<ItemText> {
    let questions = gather(&values.question);
    let (mut options, mut labels) = (Vec::new(), Vec::new());
    for value in &values.choices {
        flatten(value, &mut options);
        gather_labels(value, &mut labels);
    }
    let answer = answer(values, &options, &labels);
    let mut texts = Vec::new();
    let mut push = |part: Part, text: String| {
        if part.takes(&text) {
            texts.push(ItemText { item: item.to_owned(), part, text, answer: answer.clone() });
        }
    };
    for program in programs(values, &questions) {
        push(Part::Code, program);
    }
    let options = options.join("\n");
    for question in questions {
        if !options.trim().is_empty() {
            push(Part::Options, format!("{question}\n{options}"));
        }
        push(Part::Question, question);
    }
    for (part, values) in [(Part::Answer, &values.answer), (Part::Solution, &values.solution)] {
        gather(values).into_iter().for_each(|text| push(part, text));
    }
    texts
}

/// The item's final answer: an option that is named, else a short answer, else what a solution marks.
fn answer(values: &Values<'_>, options: &[String], labels: &[String]) -> Option<String> {
    let of_answer = |value: &&Value| {
        if let Some(option) = final_answer::option(value, options, labels) {
            return Some(option.clone());
        }
        match value {
            Value::Bool(value) => Some(value.to_string()),
            value => {
                let mut all = Vec::new();
                flatten(value, &mut all);
                // Of several acceptable answers publishers put the canonical one first.
                all.first().and_then(|text| final_answer::of_answer(text))
            }
        }
    };
    let marked = || gather(&values.solution).iter().find_map(|s| final_answer::of_solution(s));
    values.answer.iter().find_map(of_answer).or_else(marked)
}

/// The item's programs. One whose first line is indented continues the prompt.
fn programs(values: &Values<'_>, questions: &[String]) -> Vec<String> {
    let mut programs = Vec::new();
    values.code.iter().for_each(|value| flatten(value, &mut programs));
    let head = questions.iter().find(|text| is_head(text)).or(questions.first());
    for program in &mut programs {
        let first = program.lines().find(|line| !line.trim().is_empty());
        if let (Some(head), true) = (head, first.is_some_and(|l| l.starts_with([' ', '\t']))) {
            let join = if head.ends_with('\n') { "" } else { "\n" };
            *program = format!("{head}{join}{program}");
        }
    }
    programs
}

/// Whether a prompt is the beginning of a program rather than a description of it.
fn is_head(text: &str) -> bool {
    text.lines().any(|line| {
        ["def ", "class ", "async def ", "fn ", "func "].iter().any(|word| line.starts_with(word))
    })
}

/// The text of each value that has one.
fn gather(values: &[&Value]) -> Vec<String> {
    values
        .iter()
        .map(|value| {
            let mut parts = Vec::new();
            flatten(value, &mut parts);
            parts.join("\n")
        })
        .filter(|text| !text.trim().is_empty())
        .collect()
}

/// Text may be wrapped: options as `["..."]`, `[{"text": ...}]`, `{"text": [...]}` or `{"A": ...}`,
/// prompts as messages with `content`, questions as `{"stem": ...}`.
fn flatten(value: &Value, parts: &mut Vec<String>) {
    match value {
        Value::String(text) => parts.push(text.clone()),
        Value::Number(number) => parts.push(number.to_string()),
        Value::Array(values) => values.iter().for_each(|value| flatten(value, parts)),
        Value::Object(object) => {
            let known: Vec<_> =
                ["stem", "text", "content"].iter().filter_map(|key| object.get(*key)).collect();
            if known.is_empty() {
                // In order of the keys: the order in a file is not kept everywhere.
                let mut rest: Vec<_> = object.iter().collect();
                rest.sort_by_key(|(key, _)| *key);
                rest.into_iter().for_each(|(_, value)| flatten(value, parts));
            } else {
                known.into_iter().for_each(|value| flatten(value, parts));
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// The labels of options: `{"text": [...], "label": [...]}` or `[{"text": ..., "label": ...}]`.
fn gather_labels(value: &Value, labels: &mut Vec<String>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| gather_labels(value, labels)),
        Value::Object(object) => {
            for key in ["label", "labels"] {
                object.get(key).into_iter().for_each(|value| flatten(value, labels));
            }
        }
        _ => {}
    }
}
