use std::sync::LazyLock;

use lehr_record::{Outcome, Verdict};
use regex::Regex;

use crate::Language;
use crate::answer::dress::regex;
use crate::answer::extract::{conclusion, tail};

/// The program that a reply gives, exactly as it stands there.
///
/// The last fenced block of the language that defines `function`; a block without a language
/// counts where none has one. A reply without any fence counts when it is itself the program: when
/// a line of it defines the function and its first line is code.
///
/// # Errors
/// A verdict `unparseable` (no block, none that defines the function, or a reply that ends inside
/// its block) or `over_budget` (a reply over [`MAX_REPLY`](crate::answer::MAX_REPLY) bytes).
pub fn extract_program(reply: &str, language: Language, function: &str) -> Result<String, Verdict> {
    let (_, body) = conclusion(reply)?;
    let blocks = fenced(body);
    let refused = |reason: String| {
        Err(Verdict::new(Outcome::Unparseable, reason)
            .with("blocks", blocks.len())
            .with("tail", tail(body, 200)))
    };
    if blocks.is_empty() {
        return match defines(body, function) && starts_as_code(body) {
            true => Ok(body.to_owned()),
            false => refused("the reply has no program".into()),
        };
    }
    let named: Vec<&Block> =
        blocks.iter().filter(|b| language.fences().contains(&b.language.as_str())).collect();
    let candidates: Vec<&Block> = if named.is_empty() {
        blocks.iter().filter(|b| b.language.is_empty()).collect()
    } else {
        named
    };
    match candidates.iter().rev().find(|b| defines(b.text, function)) {
        Some(block) if block.closed => Ok(block.text.to_owned()),
        Some(_) => refused("the reply ends inside its program".into()),
        None => refused(format!(
            "no {} block of the reply defines the function {function}",
            language.as_str()
        )),
    }
}

struct Block<'a> {
    language: String,
    text: &'a str,
    closed: bool,
}

/// The blocks between lines of three or more backticks or tildes.
fn fenced(body: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    // The fence that is open, its language, and where its text starts.
    let mut open: Option<(&str, String, usize)> = None;
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        let text = line.trim();
        let mark = text.len() - text.trim_start_matches(['`', '~']).len();
        let (fence, after) = text.split_at(mark);
        match &open {
            None if mark >= 3 && !after.contains('`') => {
                let language = after.split_whitespace().next().unwrap_or("").to_lowercase();
                open = Some((fence, language, at + line.len()));
            }
            Some((opening, language, from)) if after.is_empty() && fence.starts_with(opening) => {
                blocks.push(Block {
                    language: language.clone(),
                    text: &body[*from..at],
                    closed: true,
                });
                open = None;
            }
            _ => {}
        }
        at += line.len();
    }
    if let Some((_, language, from)) = open {
        blocks.push(Block { language, text: &body[from..], closed: false });
    }
    blocks
}

/// Whether a line defines or assigns the name at the top level.
fn defines(text: &str, function: &str) -> bool {
    text.lines().any(|line| {
        let line = line.strip_prefix("async ").unwrap_or(line);
        let name = line.strip_prefix("def ").or(line.strip_prefix("class ")).unwrap_or(line);
        name.trim_start().strip_prefix(function).is_some_and(|rest| {
            match line.starts_with("def ") || line.starts_with("class ") {
                true => rest.trim_start().starts_with(['(', ':', '[']),
                false => {
                    let rest = rest.trim_start();
                    rest.starts_with('=') && !rest.starts_with("==")
                }
            }
        }) && !line.starts_with([' ', '\t'])
    })
}

fn starts_as_code(body: &str) -> bool {
    static CODE: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r#"^(?:#|@|"""|'''|import |from \w[\w.]* import |def |class |async def |\w+ *(?::[^=\n]+)?= ?\S)"#,
        )
    });
    body.lines().find(|l| !l.trim().is_empty()).is_some_and(|line| CODE.is_match(line))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::answer::MAX_REPLY;

    #[test]
    fn the_program_is_found_and_not_edited() {
        for (reply, program) in [
            ("Here:\n```python\ndef f(x):\n    return x\n```\nDone.", "def f(x):\n    return x\n"),
            ("```py\ndef f(): pass\n```", "def f(): pass\n"),
            ("```\ndef f(): pass\n```", "def f(): pass\n"),
            ("def f(): pass", "def f(): pass"),
            ("import os\n\ndef f(): pass\n", "import os\n\ndef f(): pass\n"),
            ("```python\ndef f(): 1\n```\n```python\nprint(f())\n```", "def f(): 1\n"),
            ("```python\ndef f(): 1\n```\nBetter:\n```python\ndef f(): 2\n```", "def f(): 2\n"),
            ("```bash\ndef f(): 0\n```\n```python\ndef f(): 2\n```", "def f(): 2\n"),
            ("```python\ns = '''\n````\n'''\ndef f(): 2\n", ""),
            ("~~~python\ndef f(): 1\n~~~", "def f(): 1\n"),
            ("````python\n'''\n```\n'''\ndef f(): 1\n````", "'''\n```\n'''\ndef f(): 1\n"),
            ("```python\nf = lambda x: x\n```", "f = lambda x: x\n"),
            (
                "<think>```python\ndef f(): 0\n```</think>\n```python\ndef f(): 1\n```",
                "def f(): 1\n",
            ),
            ("```python\r\ndef f(): 1\r\n```\r\n", "def f(): 1\r\n"),
        ] {
            let found = extract_program(reply, Language::Python, "f");
            if program.is_empty() {
                assert_eq!(found.map_err(|v| v.verdict), Err(Outcome::Unparseable), "{reply}");
            } else {
                assert_eq!(found.as_deref(), Ok(program), "{reply}");
            }
        }
    }

    #[test]
    fn a_reply_without_a_program_is_said_to_have_none() {
        for reply in [
            "",
            "I cannot.",
            "Use def f(x) to do it.",
            "The idea:\ndef f(x) is simple",
            "```python\ndef g(): 1\n```",
            "```python\ndef ff(): 1\n```",
            "```python\n    def f(): 1\n```",
            "```rust\nfn f() {}\n```",
            "```python\ndef f(): 1",
            "<think>```python\ndef f(): 1\n```",
        ] {
            let verdict = extract_program(reply, Language::Python, "f").map_err(|v| v.verdict);
            assert_eq!(verdict, Err(Outcome::Unparseable), "{reply}");
        }
        let long = "x".repeat(MAX_REPLY + 1);
        let verdict = extract_program(&long, Language::Python, "f").map_err(|v| v.verdict);
        assert_eq!(verdict, Err(Outcome::OverBudget));
    }

    proptest! {
        #[test]
        fn any_reply_is_searched_without_a_panic(reply in "(```|python|~~~|\n|def f\\(\\)|é|`| |=)*") {
            let _ = extract_program(&reply, Language::Python, "f");
        }
    }
}
