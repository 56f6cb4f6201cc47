//! The programs that the demonstration runs.

use std::env;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncRead};
use tokio::process::Child;

/// How long the service may take to load its model.
const START: Duration = Duration::from_secs(120);

/// `lehr` and `trainer`.
pub(super) struct Programs {
    lehr: PathBuf,
    trainer: PathBuf,
}

impl Programs {
    /// This program, and the trainer beside it; under `cargo run`, which builds only the program
    /// that it runs, the trainer is built first.
    pub fn find() -> Result<Self> {
        let lehr = env::current_exe().context("this program does not know where it lies")?;
        let beside = lehr.with_file_name("trainer");
        if let (Some(cargo), Some(package)) =
            (env::var_os("CARGO"), env::var_os("CARGO_MANIFEST_DIR"))
        {
            println!("  building the trainer");
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
            let status = build.status().context("cannot run cargo to build the trainer")?;
            if !status.success() {
                bail!("the trainer could not be built: {build:?} ended with {status}");
            }
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
    pub fn lehr_json(&self, arguments: &[&str]) -> Result<Value> {
        let mut command = Command::new(&self.lehr);
        command.args(arguments).arg("--json");
        last_line(&mut command)
    }

    /// Runs `trainer ARGUMENTS --json` to its end and gives its last line.
    pub fn trainer_json(&self, arguments: &[&OsStr]) -> Result<Value> {
        let mut command = Command::new(&self.trainer);
        command.args(arguments).arg("--json");
        last_line(&mut command)
    }

    /// Runs `trainer anneal`, handing on each step as it is done; gives the last line.
    pub fn anneal(
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
        lines(&mut command, |line| {
            if line["event"] == "step" {
                step(line);
            }
        })
    }
}

/// The workspace's root, above the package's directory.
fn workspace(package: &OsStr) -> PathBuf {
    let package = Path::new(package);
    let holds_lockfile = |dir: &&Path| dir.join("Cargo.lock").exists();
    package.ancestors().find(holds_lockfile).unwrap_or(package).to_owned()
}

fn last_line(command: &mut Command) -> Result<Value> {
    lines(command, |_| {})
}

/// Runs a program that prints JSON lines; its messages for people go where ours go.
fn lines(command: &mut Command, mut each: impl FnMut(&Value)) -> Result<Value> {
    let name = format!("{command:?}");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {name}"))?;
    let mut last = Value::Null;
    for line in child.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines) {
        let line = line.with_context(|| format!("cannot read from {name}"))?;
        last = serde_json::from_str(&line).with_context(|| format!("{name} printed {line:?}"))?;
        each(&last);
    }
    let status = child.wait().with_context(|| format!("cannot wait for {name}"))?;
    if !status.success() {
        bail!("{name} ended with {status}");
    }
    Ok(last)
}

/// A running `lehr serve`, stopped when it is dropped.
pub(super) struct Service {
    address: String,
    _child: Child,
}

impl Service {
    /// Starts a service of its own data directory on a free port, and waits until it answers.
    pub async fn start(programs: &Programs, data: &Path) -> Result<Self> {
        let mut child = tokio::process::Command::new(&programs.lehr)
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start the service")?;
        let output = child.stdout.take().context("the service has no output")?;
        let address = tokio::time::timeout(START, announced(output))
            .await
            .context("the service did not start in time")??;
        Ok(Self { address, _child: child })
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        &self.address
    }
}

/// The address that the service announces on its first line.
async fn announced(output: impl AsyncRead + Unpin) -> Result<String> {
    let mut lines = tokio::io::BufReader::new(output).lines();
    while let Some(line) = lines.next_line().await.context("cannot read from the service")? {
        if let Some((_, address)) = line.split_once("listening on ") {
            return Ok(address.trim().to_owned());
        }
    }
    bail!("the service ended before it listened; its message is above")
}
