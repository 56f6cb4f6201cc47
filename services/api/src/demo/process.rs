//! The programs that the demonstration runs. None of them outlives it.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::output::Style;

/// How long the service may take to load its model.
const START: Duration = Duration::from_secs(120);

/// How long a program that is told to end may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// `lehr` and `trainer`.
pub(super) struct Programs {
    lehr: PathBuf,
    trainer: PathBuf,
}

impl Programs {
    /// This program, and the trainer beside it; under `cargo run`, which builds only the program
    /// that it runs, the trainer is built first.
    pub async fn find(style: Style) -> Result<Self> {
        let lehr = env::current_exe().context("this program does not know where it lies")?;
        let beside = lehr.with_file_name("trainer");
        if let (Some(cargo), Some(package)) =
            (env::var_os("CARGO"), env::var_os("CARGO_MANIFEST_DIR"))
        {
            style.tell("  building the trainer");
            let mut build = Command::new(cargo);
            // From the workspace's root: the same features as for this program, nothing built twice.
            build.args(["build", "--quiet", "--bin", "trainer"]).current_dir(workspace(&package));
            // What cargo told this program about its own package would be taken for news by build
            // scripts (ring's among them), and the model engine compiled again.
            for (name, _) in env::vars_os() {
                let text = name.to_string_lossy();
                if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
                    build.env_remove(&name);
                }
            }
            if beside.parent().is_some_and(|dir| dir.file_name() == Some(OsStr::new("release"))) {
                build.arg("--release");
            }
            Running::start(build)?.end().await.context("the trainer could not be built")?;
        }
        if !beside.exists() {
            bail!(
                "there is no trainer beside {}; build it with `cargo build --bin trainer`, or \
                 install both programs into one directory",
                lehr.display()
            );
        }
        Ok(Self { lehr, trainer: beside })
    }

    /// Runs `lehr ARGUMENTS --json` to its end and gives its result.
    pub async fn lehr_json(&self, arguments: &[&str]) -> Result<Value> {
        let mut command = Command::new(&self.lehr);
        command.args(arguments).arg("--json");
        lines(command, |_| {}).await
    }

    /// Runs `trainer ARGUMENTS --json` to its end and gives its last line.
    pub async fn trainer_json(&self, arguments: &[&OsStr]) -> Result<Value> {
        let mut command = Command::new(&self.trainer);
        command.args(arguments).arg("--json");
        lines(command, |_| {}).await
    }

    /// Runs `trainer anneal`, handing on each step as it is done; gives the last line.
    pub async fn anneal(
        &self,
        from: &Path,
        mix: &Path,
        out: &Path,
        config: &Path,
        mut step: impl FnMut(&Value),
    ) -> Result<Value> {
        let mut command = Command::new(&self.trainer);
        command.arg("anneal").arg("--from").arg(from).arg("--mix").arg(mix).arg("--out").arg(out);
        command.arg("--config").arg(config).arg("--json");
        lines(command, |line| {
            if line["event"] == "step" {
                step(line);
            }
        })
        .await
    }
}

/// The workspace's root, above the package's directory.
fn workspace(package: &OsStr) -> PathBuf {
    let package = Path::new(package);
    let holds_lockfile = |dir: &&Path| dir.join("Cargo.lock").exists();
    package.ancestors().find(holds_lockfile).unwrap_or(package).to_owned()
}

/// Runs a program that prints JSON lines, and gives the last; its messages for people go where
/// ours go.
async fn lines(mut command: Command, mut each: impl FnMut(&Value)) -> Result<Value> {
    command.stdout(Stdio::piped());
    let mut running = Running::start(command)?;
    let mut last = Value::Null;
    while let Some(line) = running.line().await? {
        last = serde_json::from_str(&line)
            .with_context(|| format!("{} printed {line:?}", running.name))?;
        each(&last);
    }
    running.end().await?;
    Ok(last)
}

/// A running `lehr serve`, stopped when it is dropped.
pub(super) struct Service {
    address: String,
    _running: Running,
}

impl Service {
    /// Starts a service of its own data directory on a free port, and waits until it answers.
    pub async fn start(programs: &Programs, data: &Path) -> Result<Self> {
        let mut command = Command::new(&programs.lehr);
        command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(data);
        command.stdout(Stdio::piped());
        let mut running = Running::start(command)?;
        let address = tokio::time::timeout(START, announced(&mut running))
            .await
            .context("the service did not start in time")??;
        Ok(Self { address, _running: running })
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        &self.address
    }
}

/// The address that the service announces on its first line.
async fn announced(service: &mut Running) -> Result<String> {
    while let Some(line) = service.line().await? {
        if let Some((_, address)) = line.split_once("listening on ") {
            return Ok(address.trim().to_owned());
        }
    }
    bail!("the service ended before it listened; its message is above")
}

/// A program that was started. When this value goes before the program has ended (an error, a
/// signal), the program is told to end, and made to when it does not.
struct Running {
    name: String,
    child: Child,
    output: Option<tokio::io::Lines<BufReader<tokio::process::ChildStdout>>>,
}

impl Running {
    fn start(mut command: Command) -> Result<Self> {
        let name = format!("{:?}", command.as_std());
        let mut child =
            command.stdin(Stdio::null()).spawn().with_context(|| format!("cannot run {name}"))?;
        let output = child.stdout.take().map(|output| BufReader::new(output).lines());
        Ok(Self { name, child, output })
    }

    /// The next line of its output; `None` at the end.
    async fn line(&mut self) -> Result<Option<String>> {
        let Some(output) = &mut self.output else { return Ok(None) };
        output.next_line().await.with_context(|| format!("cannot read from {}", self.name))
    }

    /// Waits until it has ended, which must be a success.
    async fn end(mut self) -> Result<()> {
        let status =
            self.child.wait().await.with_context(|| format!("cannot wait for {}", self.name))?;
        if !status.success() {
            bail!("{} ended with {status}", self.name);
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Without a number it has ended and was waited for.
        let id = self.child.id().and_then(|id| i32::try_from(id).ok());
        let Some(pid) = id.and_then(Pid::from_raw) else { return };
        // Every failure here means that it is gone, which is what is wanted.
        let _ = kill_process(pid, Signal::TERM);
        let told = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            if told.elapsed() > PATIENCE {
                let _ = self.child.start_kill();
                return;
            }
            sleep(Duration::from_millis(20));
        }
    }
}
