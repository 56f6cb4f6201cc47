//! Runs an attack once, and holds what came of it against what must.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process;

use anyhow::{Context, ensure};
use lehr_verifier::code::{FileTests, Tests, check};
use lehr_verifier::sandbox::{Command, Execution, Exit, Program, ProgramFile, Start};
use lehr_verifier::{Language, Limits, Sandbox};

use crate::attack::{Attack, Expected};
use crate::host::Host;

/// What came of one run, each fact in words.
pub(crate) type Facts = BTreeMap<&'static str, String>;

/// Plays attacks in a sandbox.
pub(crate) struct Player<'a> {
    pub(crate) sandbox: &'a Sandbox,
    pub(crate) host: &'a Host,
    /// Where programs are compiled that are to be run as they are.
    pub(crate) workshop: PathBuf,
}

impl Player<'_> {
    /// Runs an attack once; `None` where that cannot be, for want of a toolchain or a machine.
    ///
    /// # Errors
    /// When the attack cannot be made into a program, or the sandbox fails.
    pub(crate) fn once(&self, attack: &Attack) -> anyhow::Result<Option<Facts>> {
        if attack.needs.as_deref().is_some_and(|needed| needed != std::env::consts::ARCH) {
            return Ok(None);
        }
        if let Some(tests) = &attack.tests {
            return Ok(Some(self.judged(attack, tests)));
        }
        let Some(program) = self.program(attack)? else { return Ok(None) };
        Ok(Some(facts(&self.sandbox.run(&program, &attack.limits)?)))
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
            let made = self.workshop.join(format!("made-{:?}", std::thread::current().id()));
            let ended = process::Command::new(compiler)
                .args(["-w", "-O1", "-pthread", "-o"])
                .args([&made, &input])
                .output()
                .context("the compiler")?;
            ensure!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
            // At once there or not: another thread may look for it.
            fs::rename(&made, &output)?;
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
pub(crate) fn holds(lists: &[Vec<Expected>], facts: &Facts) -> bool {
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

/// Lets everything be made that is kept for the next job, of each kind as many as run at once.
pub(crate) fn warm_up(sandbox: &Sandbox, limits: &Limits) -> anyhow::Result<()> {
    let source = "import time\ntime.sleep(0.2)\n";
    let python = Program::of_source(source);
    let command = |executable: &Path| Command {
        executable: executable.to_owned(),
        args: Vec::new(),
        needs: outside_usr(executable),
        variables: Vec::new(),
        reserves: true,
    };
    let shells = ["bash", "node"].into_iter().filter_map(find).map(|found| {
        let stdin = b"sleep 0.2 2>&1 || true".to_vec();
        Program { stdin, ..Program::new(Start::Command(command(&found))) }
    });
    // Test files take two at once for each job.
    std::thread::scope(|scope| {
        let run = || sandbox.run_pair((&python, limits), (&python, limits));
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(run)).collect();
        for thread in threads {
            thread.join().map_err(|_| anyhow::anyhow!("a thread panicked"))??;
        }
        anyhow::Ok(())
    })?;
    let file = "import time\ntime.sleep(0.2)\nassert f() == 1\n".to_owned();
    let tests = Tests::File(FileTests { file });
    std::thread::scope(|scope| {
        let run = || check(sandbox, Language::Python, "def f(): return 1", &tests, limits);
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(run)).collect();
        for thread in threads {
            thread.join().map_err(|_| anyhow::anyhow!("a thread panicked"))?;
        }
        anyhow::Ok(())
    })?;
    for program in shells {
        std::thread::scope(|scope| {
            let run = || sandbox.run(&program, limits);
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(run)).collect();
            for thread in threads {
                thread.join().map_err(|_| anyhow::anyhow!("a thread panicked"))??;
            }
            anyhow::Ok(())
        })?;
    }
    Ok(())
}
