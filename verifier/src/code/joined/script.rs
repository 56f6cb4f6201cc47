//! Tests of interpreted languages.

use crate::Language;
use crate::toolchain::{Source, is_module};

/// Loads the program, and sends the word when nothing is left to be done: `beforeExit` does not come
/// where `process.exit` was called. A module and what it is joined to may be of the two kinds there
/// are, so both have `require`. `console.assert` would only print.
const RUNNER: &str = r#"import { readFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import process from "node:process";
globalThis.require = createRequire(import.meta.url);
globalThis.module = { exports: {} };
globalThis.exports = globalThis.module.exports;
console.assert = (holds, ...said) => {
  if (!holds) throw new Error("Assertion failed: " + said.join(" "));
};
await import("./FILE");
process.once("beforeExit", (status) => { if (!status) writeSync(3, readFileSync(0)); });
"#;

pub(super) fn joined_js(solution: &str, tests: &str) -> Source {
    let text = format!("{solution}\n;\n{tests}\n");
    let file = if is_module(&text) { "main.mjs" } else { "main.cjs" };
    let mut source = Source::empty(Language::JavaScript);
    source.add(file, &text, false);
    source.add("lehr_end.mjs", &RUNNER.replace("FILE", file), false);
    source.entry = "lehr_end.mjs".into();
    source
}

/// The word is kept on a descriptor that nothing reads by chance.
pub(super) fn joined_bash(solution: &str, tests: &str) -> Source {
    let text = format!(
        "exec 9<&0 </dev/null\n{solution}\nset -e\n{tests}\n[ $? = 0 ]\nset +e\nIFS= builtin read -r -u 9 \
         lehr_word\nbuiltin printf %s \"$lehr_word\" >&3\nbuiltin exit 0\n"
    );
    let mut source = Source::empty(Language::Bash);
    source.add("main.sh", &text, false);
    source.entry = "main.sh".into();
    source
}
