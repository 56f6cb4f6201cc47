//! Tests of interpreted languages.

use crate::Language;
use crate::toolchain::{Source, is_module};

/// Loads the program, and sends the word when nothing is left to be done: `beforeExit` does not come
/// where `process.exit` was called. A module and what it is joined to may be of the two kinds there
/// are, so both have `require`. `console.assert` would only print. A script may leave by `return`, so
/// its last line says that it was reached; and what of a script is the solution must be whole, so that
/// no quotation that it opens takes the tests in.
const RUNNER: &str = r#"import { readFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import process from "node:process";
import { compileFunction } from "node:vm";
globalThis.require = createRequire(import.meta.url);
globalThis.module = { exports: {} };
globalThis.exports = globalThis.module.exports;
console.assert = (holds, ...said) => {
  if (!holds) throw new Error("Assertion failed: " + said.join(" "));
};
const solution = readFileSync(new URL("./solution.txt", import.meta.url), "utf8");
if ("FILE".endsWith(".cjs")) compileFunction(solution);
await import("./FILE");
if (!globalThis.lehrReached) process.exit(0);
process.once("beforeExit", (status) => { if (!status) writeSync(3, readFileSync(0)); });
"#;

pub(super) fn joined_js(solution: &str, tests: &str) -> Source {
    let text = format!("{solution}\n;\n{tests}\n;globalThis.lehrReached = true;\n");
    let file = if is_module(&text) { "main.mjs" } else { "main.cjs" };
    let mut source = Source::empty(Language::JavaScript);
    source.add(file, &text, false);
    source.add("solution.txt", solution, false);
    source.add("lehr_end.mjs", &RUNNER.replace("FILE", file), false);
    source.entry = "lehr_end.mjs".into();
    source
}

/// The word is kept on a descriptor that nothing reads by chance. The trap holds where the solution
/// puts `set -e` off; the colon takes what the solution's last line may leave open.
pub(super) fn joined_bash(solution: &str, tests: &str) -> Source {
    const END: &str = "[ $? = 0 ]\ntrap - ERR\nset +e\nIFS= builtin read -r -u 9 lehr_word\n\
                       builtin printf %s \"$lehr_word\" >&3\nbuiltin exit 0\n";
    let text = format!(
        "exec 9<&0 </dev/null\n{solution}\n:\nset -e\ntrap 'builtin exit 1' ERR\n{tests}\n{END}"
    );
    let mut source = Source::empty(Language::Bash);
    source.add("main.sh", &text, false);
    source.entry = "main.sh".into();
    source
}
