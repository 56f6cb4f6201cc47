//! Runs an attack, and holds what came of it against what must.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process;

use anyhow::{Context, ensure};
use lehr_verifier::code::{Tests, check};
use lehr_verifier::sandbox::{Command, Execution, Exit, Program, ProgramFile, Start};
use lehr_verifier::{Language, Limits, Sandbox};
use serde_json::{Value, json};

use crate::attack::{Attack, Expected};
use crate::host::Host;

/// What came of one run, each fact in words.
pub(crate) type Facts = BTreeMap<&'static str, String>;

/// What came of an attack.
pub(crate) enum Played {
    /// It did what it must.
    Held,
    /// It cannot be tried here.
    Skipped(String),
    /// What came of it, which is not what must.
    Failed(String),
}

/// Plays attacks in a sandbox.
pub(crate) struct Player<'a> {
    pub(crate) sandbox: &'a Sandbox,
    pub(crate) host: &'a Host,
    /// Where programs are compiled that are to be run as they are.
    pub(crate) workshop: PathBuf,
}

impl Player<'_> {
    /// Runs an attack as often as it says.
    ///
    /// # Errors
    /// When the attack cannot be made into a program, or the sandbox fails.
    pub(crate) fn play(&self, attack: &Attack) -> anyhow::Result<Played> {
        if let Some(needed) = &attack.needs
            && needed != std::env::consts::ARCH
        {
            return Ok(Played::Skipped(format!("needs {needed}")));
        }
        if let Some(tests) = &attack.tests {
            return self.rounds(attack, || Ok(self.judged(attack, tests)));
        }
        let Some(program) = self.program(attack)? else {
            return Ok(Played::Skipped(format!("no toolchain for {}", attack.language.as_str())));
        };
        self.rounds(attack, || Ok(facts(&self.sandbox.run(&program, &attack.limits)?)))
    }

    fn rounds(
        &self,
        attack: &Attack,
        run: impl Fn() -> anyhow::Result<Facts> + Sync,
    ) -> anyhow::Result<Played> {
        for _ in 0..attack.runs {
            let rounds: Vec<anyhow::Result<Facts>> = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..attack.at_once).map(|_| scope.spawn(&run)).collect();
                let end = |t: std::thread::ScopedJoinHandle<'_, _>| t.join();
                threads.into_iter().filter_map(|t| end(t).ok()).collect()
            });
            ensure!(rounds.len() == attack.at_once, "a run panicked");
            for facts in rounds {
                let facts = facts?;
                if facts.get("verdict").is_some_and(|v| v == "unsupported") {
                    let reason = facts.get("reason").cloned().unwrap_or_default();
                    // Without a toolchain there is nothing to attack; a missing form is a failure.
                    if attack.language != Language::Python {
                        return Ok(Played::Skipped(reason));
                    }
                }
                if !holds(&attack.expect, &facts) {
                    return Ok(Played::Failed(show(&facts)));
                }
            }
        }
        Ok(Played::Held)
    }

    fn judged(&self, attack: &Attack, tests: &Tests) -> Facts {
        let verdict = check(self.sandbox, attack.language, &attack.source, tests, &attack.limits);
        let mut facts = Facts::from([
            ("verdict", verdict.verdict.as_str().to_owned()),
            ("reason", verdict.reason.clone()),
        ]);
        for name in ["code", "tampered", "passed"] {
            if let Some(value) = verdict.evidence.get(name) {
                facts.insert(name, value.as_str().map_or(value.to_string(), str::to_owned));
            }
        }
        facts
    }

    /// The attack as it is run; `None` without a toolchain.
    fn program(&self, attack: &Attack) -> anyhow::Result<Option<Program>> {
        let command = |executable: &Path, args: Vec<String>| Command {
            executable: executable.to_owned(),
            args,
            needs: outside_usr(executable),
            variables: Vec::new(),
            reserves: attack.language == Language::JavaScript,
        };
        let file = |name: &str| format!("{}/{name}", Program::DIRECTORY);
        let source = attack.source.as_bytes();
        let mut program = match attack.language {
            Language::Python => Program::of_source(source),
            Language::Bash | Language::JavaScript => {
                let name = if attack.language == Language::Bash { "bash" } else { "node" };
                let Some(found) = find(name) else { return Ok(None) };
                let start = Start::Command(command(&found, vec![file("main")]));
                Program { files: vec![ProgramFile::new("main", source)], ..Program::new(start) }
            }
            _ => {
                let Some(bytes) = self.compile(attack)? else { return Ok(None) };
                let start = Start::Command(command(file("main").as_ref(), Vec::new()));
                let main = ProgramFile { executable: true, ..ProgramFile::new("main", bytes) };
                Program { files: vec![main], ..Program::new(start) }
            }
        };
        program.args = attack.args.iter().map(|word| self.host.tells(word)).collect();
        program.channel = attack.channel;
        program.collect.clone_from(&attack.collect);
        Ok(Some(program))
    }

    /// Compiles one of our own programs outside, to be run as it is.
    fn compile(&self, attack: &Attack) -> anyhow::Result<Option<Vec<u8>>> {
        let Some(compiler) = find("cc") else { return Ok(None) };
        let output = self.workshop.join(attack.name.replace(['/', '.'], "-"));
        if !output.exists() {
            let input = output.with_extension("c");
            fs::write(&input, &attack.source)?;
            let ended = process::Command::new(compiler)
                .args(["-w", "-O1", "-pthread", "-o"])
                .args([&output, &input])
                .output()
                .context("the compiler")?;
            ensure!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        }
        Ok(Some(fs::read(output)?))
    }
}

/// An executable by its name.
fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&path).map(|d| d.join(name)).find(|p| p.is_file())?;
    fs::canonicalize(found).ok()
}

/// The installation of an executable, where it is not that of the system.
fn outside_usr(executable: &Path) -> Vec<PathBuf> {
    let own = executable.starts_with("/usr") || executable.starts_with(Program::DIRECTORY);
    match executable.parent().and_then(Path::parent) {
        Some(prefix) if !own => vec![prefix.to_owned()],
        _ => Vec::new(),
    }
}

fn facts(run: &Execution) -> Facts {
    let exit = match run.exit {
        Exit::Code(code) => code.to_string(),
        Exit::Signal(signal) => format!("signal:{signal}"),
        Exit::Killed => "killed".to_owned(),
    };
    let mut names: Vec<&str> = run.files.iter().map(|f| f.name.as_str()).collect();
    names.sort_unstable();
    let files = if names.is_empty() { "none".to_owned() } else { names.join(",") };
    let collected: usize = run.files.iter().map(|f| f.bytes.len()).sum();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    Facts::from([
        ("exit", exit),
        ("limit", run.limit.map_or("none", |l| l.as_str()).to_owned()),
        ("stdout", text(&run.stdout)),
        ("stdout_bytes", run.stdout.len().to_string()),
        ("stderr", text(&run.stderr)),
        ("stderr_bytes", run.stderr.len().to_string()),
        ("results_bytes", run.results.len().to_string()),
        ("files", files),
        ("collected_at_most", collected.to_string()),
    ])
}

/// Whether one of the lists holds.
fn holds(lists: &[Vec<Expected>], facts: &Facts) -> bool {
    let is_right = |expected: &Expected| {
        let Some(got) = facts.get(expected.fact.as_str()) else { return false };
        let number = |text: &str| text.parse::<u64>().unwrap_or(u64::MAX);
        match expected.fact.as_str() {
            "collected_at_most" => expected.values.iter().any(|most| number(got) <= number(most)),
            _ => expected.values.contains(got),
        }
    };
    lists.iter().any(|list| list.iter().all(is_right))
}

fn show(facts: &Facts) -> String {
    let clip = |text: &str| match text.char_indices().nth(400) {
        // The end of an error says what it was.
        Some(_) => {
            let end: Vec<char> = text.chars().rev().take(300).collect();
            format!("…{:?}", end.into_iter().rev().collect::<String>())
        }
        None => format!("{text:?}"),
    };
    let telling = facts.iter().filter(|(_, v)| !v.is_empty() && *v != "0" && *v != "none");
    telling.map(|(name, value)| format!("{name}={}", clip(value))).collect::<Vec<_>>().join(" ")
}

/// Whether a trivial solution is judged as it deserves; what is said instead, otherwise.
pub(crate) fn next_job(sandbox: &Sandbox, limits: &Limits) -> Result<(), String> {
    for (body, right) in [("x * x", "correct"), ("x + x", "wrong")] {
        let tests = json!({"function": "f", "cases": [{"args": [3], "expect": 9}]});
        let tests = serde_json::from_value(tests).map_err(|e| e.to_string())?;
        let solution = format!("def f(x):\n    return {body}\n");
        let verdict =
            check(sandbox, Language::Python, &solution, &Tests::Calls(tests), limits);
        if verdict.verdict.as_str() != right {
            let evidence = Value::Object(verdict.evidence);
            return Err(format!(
                "the next job is {}, not {right}: {} {evidence}",
                verdict.verdict.as_str(),
                verdict.reason
            ));
        }
    }
    Ok(())
}
