//! An attack: a program in a file, whose first comment says what must become of it.
//!
//! ```text
//! # What it does, in a sentence.
//! # form: run | calls | stdin | file      how it is run (run)
//! # tests: {...}                          the tests of the other three forms
//! # expect: limit=memory or exit=0 stdout=denied
//! # limits: processes=16 cpu=0.5 memory=96M
//! # args: {canary}                        what of the host it is told
//! # channel: yes                          descriptor 3 is a channel for results
//! # collect: file directory               what it leaves is brought back
//! # runs: 3                               so many runs, of each of which it holds
//! # at_once: 2                            so many runs at the same time
//! # needs: x86_64                         only on such a machine
//! ```
//!
//! An expectation is a list of `fact=value` that must all hold, where `value` may be `one|another`;
//! `or` parts such lists. The facts are those of [`FACTS`].

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use lehr_verifier::code::Tests;
use lehr_verifier::{Language, Limits};

/// What can be expected of a run, or of a verdict.
pub(crate) const FACTS: [&str; 12] = [
    "exit",
    "limit",
    "stdout",
    "stdout_bytes",
    "stderr_bytes",
    "results_bytes",
    "files",
    "collected_at_most",
    "verdict",
    "code",
    "tampered",
    "passed",
];

/// A fact with the values that are right.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    pub(crate) fact: String,
    pub(crate) values: Vec<String>,
}

/// A program with what must become of it.
#[derive(Clone, Debug)]
pub(crate) struct Attack {
    /// Its path below the directory of all: `limits/busy_loop.py`.
    pub(crate) name: String,
    pub(crate) source: String,
    pub(crate) language: Language,
    /// Its tests; `None` where it is only run.
    pub(crate) tests: Option<Tests>,
    /// The lists one of which must hold.
    pub(crate) expect: Vec<Vec<Expected>>,
    pub(crate) limits: Limits,
    pub(crate) args: Vec<String>,
    pub(crate) channel: bool,
    pub(crate) collect: Vec<String>,
    pub(crate) runs: usize,
    pub(crate) at_once: usize,
    /// The architecture that it needs.
    pub(crate) needs: Option<String>,
}

/// The limits of an attack that names none: short and small, so that the suite is.
pub(crate) fn usual() -> Limits {
    Limits {
        cpu: Duration::from_secs(2),
        wall: Duration::from_secs(12),
        memory: 192 << 20,
        file_size: 8 << 20,
        scratch: 32 << 20,
        inodes: 2048,
        results: 1 << 20,
        ..Limits::default()
    }
}

impl Attack {
    /// Every attack, sorted by name.
    pub(crate) fn all() -> anyhow::Result<Vec<Self>> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attacks/programs");
        let mut attacks = Vec::new();
        for folder in std::fs::read_dir(&root)? {
            for file in std::fs::read_dir(folder?.path())? {
                let path = file?.path();
                let name = path.strip_prefix(&root)?.display().to_string();
                let source = std::fs::read_to_string(&path)?;
                attacks.push(Self::read(&name, source).with_context(|| name.clone())?);
            }
        }
        attacks.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(attacks)
    }

    /// Reads a program by its first comment.
    pub(crate) fn read(name: &str, source: String) -> anyhow::Result<Self> {
        let (language, comment) = match Path::new(name).extension().and_then(|e| e.to_str()) {
            Some("py") => (Language::Python, "# "),
            Some("sh") => (Language::Bash, "# "),
            Some("c") => (Language::C, "// "),
            Some("cpp") => (Language::Cpp, "// "),
            Some("js") => (Language::JavaScript, "// "),
            other => bail!("no language has the ending {other:?}"),
        };
        let mut attack = Self {
            name: name.to_owned(),
            source: String::new(),
            language,
            tests: None,
            expect: Vec::new(),
            limits: usual(),
            args: Vec::new(),
            channel: false,
            collect: Vec::new(),
            runs: 1,
            at_once: 1,
            needs: None,
        };
        let (mut form, mut tests) = ("run", None);
        let header = source.lines().map_while(|line| line.strip_prefix(comment));
        for line in header.skip(1) {
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
            match line.split_once(": ").with_context(|| format!("the line {line:?}"))? {
                ("form", value) => form = value,
                ("tests", value) => tests = Some(value),
                ("expect", value) => attack.expect = expectations(value)?,
                ("limits", value) => set_limits(&mut attack.limits, value)?,
                ("args", value) => attack.args = words(value),
                ("collect", value) => attack.collect = words(value),
                ("channel", "yes") => attack.channel = true,
                ("runs", value) => attack.runs = value.parse()?,
                ("at_once", value) => attack.at_once = value.parse()?,
                ("needs", value) => attack.needs = Some(value.to_owned()),
                (key, value) => bail!("{key:?} with {value:?} means nothing"),
            }
        }
        ensure!(!attack.expect.is_empty(), "it says not what is expected");
        ensure!(attack.runs > 0 && attack.at_once > 0, "it is never run");
        attack.tests = match (form, tests) {
            ("run", None) => None,
            ("calls", Some(text)) => Some(Tests::Calls(serde_json::from_str(text)?)),
            ("stdin", Some(text)) => Some(Tests::Streams(serde_json::from_str(text)?)),
            ("file", Some(text)) => Some(Tests::File(serde_json::from_str(text)?)),
            _ => bail!("form {form:?} and its tests do not fit"),
        };
        // What is expected stands nowhere in the program.
        let is_told = |line: &&str| !line.starts_with(&format!("{comment}tests: "));
        attack.source = source.lines().filter(is_told).map(|line| format!("{line}\n")).collect();
        Ok(attack)
    }
}

fn expectations(text: &str) -> anyhow::Result<Vec<Vec<Expected>>> {
    let one = |word: &str| {
        let (fact, values) = word.split_once('=').with_context(|| format!("{word:?}"))?;
        ensure!(FACTS.contains(&fact), "there is no fact {fact:?}");
        let values = values.split('|').map(str::to_owned).collect();
        Ok(Expected { fact: fact.to_owned(), values })
    };
    text.split(" or ").map(|list| list.split_whitespace().map(one).collect()).collect()
}

fn set_limits(limits: &mut Limits, text: &str) -> anyhow::Result<()> {
    for word in text.split_whitespace() {
        let (name, value) = word.split_once('=').with_context(|| format!("{word:?}"))?;
        let seconds = || anyhow::Ok(Duration::try_from_secs_f64(value.parse()?)?);
        match name {
            "cpu" => limits.cpu = seconds()?,
            "wall" => limits.wall = seconds()?,
            "compile" => limits.compile = seconds()?,
            "memory" => limits.memory = size(value)?,
            "processes" => limits.processes = value.parse()?,
            "file_size" => limits.file_size = size(value)?,
            "scratch" => limits.scratch = size(value)?,
            "inodes" => limits.inodes = value.parse()?,
            "open_files" => limits.open_files = value.parse()?,
            "output" => limits.output = size(value)? as usize,
            "results" => limits.results = size(value)? as usize,
            "compile_size" => limits.compile_size = size(value)?,
            _ => bail!("there is no limit {name:?}"),
        }
    }
    Ok(limits.check()?)
}

/// A number of bytes: `4096`, `256K`, `8M`, `1T`.
fn size(text: &str) -> anyhow::Result<u64> {
    let unit = match text.chars().last() {
        Some('K') => 10,
        Some('M') => 20,
        Some('G') => 30,
        Some('T') => 40,
        _ => return Ok(text.parse()?),
    };
    Ok(text.get(..text.len() - 1).unwrap_or_default().parse::<u64>()? << unit)
}
