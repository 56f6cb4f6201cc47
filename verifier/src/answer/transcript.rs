//! The part of a reply that is searched for an answer: what stands in the tags of an answer, or
//! all after the thinking, without the tokens that end a turn.

use lehr_record::{Outcome, Verdict};

use super::MAX_REPLY;
use super::extract::{refused, tail};

/// Tags around thinking.
const THOUGHTS: [(&str, &str); 6] = [
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<reasoning>", "</reasoning>"),
    ("<scratchpad>", "</scratchpad>"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
];
/// Tags around the answer.
const ANSWERS: [(&str, &str); 3] = [
    ("<answer>", "</answer>"),
    ("<final_answer>", "</final_answer>"),
    ("<|begin_of_solution|>", "<|end_of_solution|>"),
];
/// Tokens that end a turn.
const ENDS: [&str; 8] = [
    "</s>",
    "<|im_end|>",
    "<|eot_id|>",
    "<|endoftext|>",
    "<|end_of_text|>",
    "<end_of_turn>",
    "<eos>",
    "<|end|>",
];

/// The part of a reply that is searched, with its offset.
///
/// # Errors
/// A verdict `over_budget` for a reply that is too long, `unparseable` for one that ends inside its
/// thinking.
pub(crate) fn conclusion(reply: &str) -> Result<(usize, &str), Verdict> {
    if reply.len() > MAX_REPLY {
        let reason =
            format!("the reply has {} bytes; at most {MAX_REPLY} are searched", reply.len());
        return Err(refused(Outcome::OverBudget, "reply_too_long", reason).with("limit", "reply"));
    }
    if !has_tag(reply) {
        return Ok((0, reply));
    }
    let closed = THOUGHTS.iter().filter_map(|(_, close)| Some(reply.rfind(close)? + close.len()));
    let start = closed.max().unwrap_or(0);
    let rest = reply.get(start..).unwrap_or("");
    if THOUGHTS.iter().any(|(open, _)| rest.contains(open)) {
        let reason = "the reply ends inside its thinking";
        return Err(
            refused(Outcome::Unparseable, "inside_thinking", reason).with("tail", tail(reply, 200))
        );
    }
    let mut body = rest;
    while let Some(shorter) = ENDS.iter().find_map(|end| body.trim_end().strip_suffix(end)) {
        body = shorter;
    }
    match ANSWERS.iter().find_map(|(open, close)| enclosed(body, open, close)) {
        Some((at, inner)) => Ok((start + at, inner)),
        None => Ok((start, body)),
    }
}

/// Whether a `<` may begin a tag or a token: in most replies it compares two numbers.
fn has_tag(reply: &str) -> bool {
    let begins =
        |at: usize| reply.as_bytes().get(at + 1).is_some_and(|b| b"/|tTrRsSaAfFeE".contains(b));
    reply.match_indices('<').any(|(at, _)| begins(at))
}

/// What stands in the only pair of tags of a text, when it ends with them and no answer is stated
/// before.
fn enclosed<'a>(text: &'a str, open: &str, close: &str) -> Option<(usize, &'a str)> {
    let inner_end = text.trim_end().strip_suffix(close)?.len();
    let at = text.find(open)? + open.len();
    let inner = text.get(at..inner_end)?;
    let before = text.get(..at)?;
    let stated = ["\\boxed", "\\fbox", "####"].iter().any(|mark| before.contains(mark));
    (!stated && !inner.contains(open) && !inner.contains(close)).then_some((at, inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_that_concludes_is_found() {
        for (reply, body) in [
            ("It is 5.", Some("It is 5.")),
            ("<think>6</think>5", Some("5")),
            ("6</think>5", Some("5")),
            ("<thinking>6</thinking>5", Some("5")),
            ("<reasoning>6</reasoning><answer>5</answer>", Some("5")),
            ("<answer>5</answer><|im_end|>", Some("5")),
            ("So <answer>5", Some("So <answer>5")),
            ("<answer>5</answer><answer>6</answer>", Some("<answer>5</answer><answer>6</answer>")),
            ("\\boxed{6} <answer>5</answer>", Some("\\boxed{6} <answer>5</answer>")),
            ("It is 5.</s></s>\n", Some("It is 5.")),
            ("x < 5", Some("x < 5")),
            ("<think>5", None),
            ("<think>5</think><think>6", None),
            ("<thinking>5", None),
        ] {
            let found = conclusion(reply).ok();
            assert_eq!(found.map(|(_, text)| text), body, "{reply}");
            assert!(found.is_none_or(|(at, text)| reply[at..].starts_with(text)), "{reply}");
        }
    }
}
