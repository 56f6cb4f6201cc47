use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

/// Where `lehr`, `trainer` or `verifier` lies, built from the sources as they are now.
///
/// Cargo builds a package's programs for its own tests only; these tests are of another package,
/// so they build what they run.
///
/// # Errors
/// When the programs cannot be built.
pub fn program(name: &str) -> Result<PathBuf> {
    static BUILT: OnceLock<Result<(), String>> = OnceLock::new();
    let built = BUILT.get_or_init(|| build().map_err(|error| format!("{error:#}")));
    if let Err(error) = built {
        bail!("{error}");
    }
    // target/PROFILE/deps/TEST-HASH
    let test = std::env::current_exe().context("where is this test?")?;
    let profile = test.ancestors().nth(2).context("this test does not lie below a profile")?;
    Ok(profile.join(name))
}

/// Runs `lehr` in a directory with its data and cache below it, to its end.
///
/// # Errors
/// When it cannot be run.
pub fn lehr(home: &Path, arguments: &[&str]) -> Result<Output> {
    let mut command = Command::new(program("lehr")?);
    command.args(arguments).env("LEHR_CACHE_DIR", home.join("cache"));
    command.env("LEHR_DATA_DIR", home.join("data")).env_remove("LEHR_SERVER").current_dir(home);
    Ok(command.output()?)
}

/// What a program said on standard error, of which no part may be a panic.
///
/// # Errors
/// When it panicked.
pub fn error_of(output: &Output) -> Result<String> {
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    if error.contains("panicked") {
        bail!("a program panicked: {error}");
    }
    Ok(error)
}

/// Tells a program to end, with SIGTERM.
///
/// # Errors
/// When it is not running.
pub fn terminate(child: &Child) -> Result<()> {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw).context("its number")?;
    Ok(kill_process(pid, Signal::TERM)?)
}

fn build() -> Result<()> {
    let mut build = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // With the tests as well, so that dependencies have the features that `cargo test` gave them.
    build.args(["build", "--quiet", "--workspace", "--bins", "--tests"]);
    build.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    // What cargo told this test about its own package would be taken for news by build scripts
    // (ring's among them), and half of the workspace compiled again.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            build.env_remove(&name);
        }
    }
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    let status = build.status().context("cargo cannot be run")?;
    if !status.success() {
        bail!("{build:?} ended with {status}");
    }
    Ok(())
}
