//! JavaScript, by Node.js.

use std::path::{Path, PathBuf};

use super::discover::{ask, command, may_show, on_path, parts, version};
use super::{Kit, Source, Toolchain};
use crate::Language;
use crate::sandbox::{Command, Program};

pub(super) const REMEDY: &str =
    "install Node.js (https://nodejs.org, or `apt-get install nodejs`) and have `node` on the path";

pub(super) fn find() -> Result<Toolchain, String> {
    if on_path("node").is_none() {
        return Err("node is not on the path".into());
    }
    let said = ask(command("node", &["-p", "process.execPath + ' ' + process.version"]))?;
    let (executable, said) = said.rsplit_once(' ').ok_or("node did not say where it is")?;
    let executable = PathBuf::from(executable);
    let prefix = executable.parent().and_then(Path::parent).unwrap_or(Path::new("/"));
    may_show(prefix)?;
    let needs = parts(prefix, &["bin", "lib"]);
    Ok(Toolchain {
        language: Language::JavaScript,
        version: version(said),
        executable,
        needs,
        variables: Vec::new(),
        kit: Kit::Alone,
    })
}

pub(super) fn start(toolchain: &Toolchain, source: &Source, memory: u64) -> Command {
    // What V8 itself needs beside the heap is about 60 MiB.
    let heap = (memory >> 20).saturating_sub(64).max(16);
    Command {
        executable: toolchain.executable.clone(),
        args: vec![
            format!("--max-old-space-size={heap}"),
            format!("{}/{}", Program::DIRECTORY, source.entry),
        ],
        needs: toolchain.needs.clone(),
        variables: vec![("UV_USE_IO_URING".into(), "0".into()), ("NO_COLOR".into(), "1".into())],
        reserves: true,
    }
}
