//! Wording that gives away where a text comes from.

use super::segments::{Part, Segments};
use super::{Reason, Rule};

const REFUSALS: [&str; 9] = [
    "as an ai language model",
    "as a large language model",
    "i'm sorry, but i can't",
    "i'm sorry, but i cannot",
    "i cannot assist with",
    "i can't assist with",
    "i am unable to assist",
    "作为一个人工智能",
    "作为一个ai",
];
const PLACEHOLDERS: [&str; 5] =
    ["lorem ipsum", "[insert ", "[your name]", "[your answer here]", "<your answer>"];
const BOILERPLATE: [&str; 11] = [
    "javascript is disabled",
    "enable javascript",
    "cookie policy",
    "use of cookies",
    "privacy policy",
    "terms of use",
    "all rights reserved",
    "subscribe to our newsletter",
    "click here to",
    "版权所有",
    "点击这里",
];
const TEMPLATE: [&str; 5] = ["[/inst]", "[inst]", "<<sys>>", "<start_of_turn>", "<end_of_turn>"];

/// Looks through the prose: code may quote what it likes.
pub(super) fn check(text: &str, segments: &Segments, reasons: &mut Vec<Reason>) {
    let mut prose = String::with_capacity(text.len());
    for part in segments.only(text, Part::Prose) {
        prose.push_str(part);
        prose.push('\n');
    }
    prose.make_ascii_lowercase();
    if prose.contains('’') {
        prose = prose.replace('’', "'");
    }
    for (rule, phrases) in [
        (Rule::Refusal, REFUSALS.as_slice()),
        (Rule::Placeholder, &PLACEHOLDERS),
        (Rule::Boilerplate, &BOILERPLATE),
    ] {
        let found: Vec<_> = phrases.iter().filter(|phrase| prose.contains(**phrase)).collect();
        add(reasons, rule, &found);
    }
    let mut tokens: Vec<&str> =
        TEMPLATE.into_iter().filter(|token| prose.contains(token)).collect();
    tokens.extend(special(&prose));
    add(reasons, Rule::TemplateToken, &tokens);
}

fn add(reasons: &mut Vec<Reason>, rule: Rule, found: &[impl std::fmt::Display]) {
    if found.is_empty() {
        return;
    }
    let list: Vec<_> = found.iter().map(|phrase| format!("{:?}", phrase.to_string())).collect();
    let detail = format!("it says {}", list.join(", "));
    let badness = 1.0 - 1.0 / found.len() as f64;
    reasons.push(Reason::new(rule, found.len() as f64, 0.0, badness, detail));
}

/// The first token of the form `<|name|>`.
fn special(prose: &str) -> Option<&str> {
    prose.match_indices("<|").find_map(|(at, _)| {
        let inside = &prose[at + 2..];
        let length = inside.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        let whole = length > 0 && inside[length..].starts_with("|>");
        whole.then(|| &prose[at..at + length + 4])
    })
}
