//! Bash.

use super::discover::{ask, command, may_show, on_path, version};
use super::{Kit, Source, Toolchain};
use crate::Language;
use crate::sandbox::{Command, Program};

pub(super) const REMEDY: &str = "install Bash (`apt-get install bash`) and have it on the path";

pub(super) fn find() -> Result<Toolchain, String> {
    let executable = on_path("bash").ok_or("bash is not on the path")?;
    let said = ask(command(&executable, &["--version"]))?;
    let mut needs = Vec::new();
    if !executable.starts_with("/usr") && !executable.starts_with("/bin") {
        may_show(executable.parent().unwrap_or(&executable))?;
        needs.push(executable.clone());
    }
    Ok(Toolchain {
        language: Language::Bash,
        version: version(&said),
        executable,
        needs,
        variables: Vec::new(),
        kit: Kit::Alone,
    })
}

pub(super) fn start(toolchain: &Toolchain, source: &Source) -> Command {
    Command {
        executable: toolchain.executable.clone(),
        args: vec![format!("{}/{}", Program::DIRECTORY, source.entry)],
        needs: toolchain.needs.clone(),
        variables: Vec::new(),
        reserves: false,
    }
}
