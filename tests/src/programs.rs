use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};

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
