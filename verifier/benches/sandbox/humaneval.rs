//! The solutions of HumanEval, whole and broken.

use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use anyhow::{Context, ensure};
use lehr_verifier::code::{FileTests, Tests, check};
use lehr_verifier::{Language, Limits, Sandbox};
use serde::Deserialize;

use crate::mutant::ways;
use crate::plain::{median, python, spread};

/// A line of the file.
#[derive(Deserialize)]
struct Problem {
    task_id: String,
    prompt: String,
    entry_point: String,
    canonical_solution: String,
    test: String,
}

/// A solution with its tests and what it must be.
struct Job {
    name: String,
    solution: String,
    tests: String,
    verdict: &'static str,
}

impl Job {
    /// All in one program, as a plain process runs it.
    fn plain(&self) -> String {
        format!("{}\n{}", self.solution, self.tests)
    }
}

/// The most findings that are shown.
const SHOWN: usize = 20;
/// The longest that a plain process may take to show that a solution is broken.
const LONG: Duration = Duration::from_secs(8);

/// Judges every canonical solution and a broken one of each.
///
/// # Errors
/// When a verdict is not what it must be.
pub(crate) fn measure(
    sandbox: &Sandbox,
    path: &Path,
    rounds: usize,
    threads: usize,
) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let jobs = jobs(sandbox, &text, threads)?;
    let findings = Mutex::new(Vec::new());
    let judge = |place: usize| {
        let Some(job) = jobs.get(place) else { return Ok(()) };
        let tests = Tests::File(FileTests { file: job.tests.clone() });
        // Plain processes have no limits; these shall decide nothing either.
        let limits = Limits {
            cpu: Duration::from_secs(20),
            wall: Duration::from_secs(60),
            ..Limits::default()
        };
        let verdict = check(sandbox, Language::Python, &job.solution, &tests, &limits);
        if verdict.verdict.as_str() != job.verdict {
            let what = format!(
                "{} is {}, not {}: {}",
                job.name,
                verdict.verdict.as_str(),
                job.verdict,
                verdict.reason
            );
            findings.lock().map_err(|_| anyhow::anyhow!("a thread panicked"))?.push(what);
        }
        Ok(())
    };
    let plain = |place: usize| {
        let Some(job) = jobs.get(place) else { return Ok(()) };
        let passed = python(sandbox, &job.plain(), Duration::MAX)?;
        ensure!(passed == (job.verdict == "correct"), "{} in a plain process", job.name);
        Ok(())
    };
    let mut seconds = [Vec::new(), Vec::new()];
    for round in 0..rounds {
        seconds[0].push(spread(jobs.len(), threads, judge)?.1);
        seconds[1].push(spread(jobs.len(), threads, plain)?.1);
        let found = findings.lock().map_err(|_| anyhow::anyhow!("a thread panicked"))?;
        if round == 0 {
            let half = jobs.len() / 2;
            println!("\n{half} canonical and {half} broken solutions:");
            println!("{} verdicts are not what they must be", found.len());
            found.iter().take(SHOWN).for_each(|what| println!("  {what}"));
        }
        ensure!(found.is_empty(), "{} verdicts are not what they must be", found.len());
    }
    let [sandboxed, plain] = seconds.map(median);
    println!(
        "all {}: {sandboxed:.2} s in the sandbox, {plain:.2} s in plain python3 processes, the \
         medians of {rounds} rounds",
        jobs.len()
    );
    Ok(())
}

/// The canonical solutions, and of each a broken one: by the first way that makes its tests fail in
/// a plain process.
fn jobs(sandbox: &Sandbox, text: &str, threads: usize) -> anyhow::Result<Vec<Job>> {
    let problems: Vec<Problem> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()
        .context("a line is no problem of HumanEval")?;
    ensure!(!problems.is_empty(), "the file has no problems");
    let broken = Mutex::new(Vec::new());
    spread(problems.len(), threads, |place| {
        let Some(problem) = problems.get(place) else { return Ok(()) };
        let tests = problem.tests();
        for way in ways(place, &problem.prompt, &problem.canonical_solution, &problem.entry_point) {
            // What goes on without end is no use beside processes without limits: it ends by an
            // alarm here, and is passed over.
            let timed = format!(
                "import signal, os\nsignal.signal(signal.SIGALRM, lambda *_: os._exit(0))\n\
                 signal.alarm(4)\n{way}\n{tests}"
            );
            if !python(sandbox, &timed, LONG)? {
                let name = format!("{} broken", problem.task_id);
                let job = Job { name, solution: way, tests, verdict: "wrong" };
                let mut all = broken.lock().map_err(|_| anyhow::anyhow!("a thread panicked"))?;
                all.push((place, job));
                return Ok(());
            }
        }
        anyhow::bail!("{} could not be broken", problem.task_id)
    })?;
    let mut broken = broken.into_inner().map_err(|_| anyhow::anyhow!("a thread panicked"))?;
    broken.sort_by_key(|(place, _)| *place);
    let canonical = problems.iter().map(|problem| Job {
        name: format!("{} canonical", problem.task_id),
        solution: format!("{}{}", problem.prompt, problem.canonical_solution),
        tests: problem.tests(),
        verdict: "correct",
    });
    Ok(canonical.chain(broken.into_iter().map(|(_, job)| job)).collect())
}

impl Problem {
    fn tests(&self) -> String {
        format!("{}\ncheck({})\n", self.test, self.entry_point)
    }
}
