//! C and C++.

use std::path::Path;

use super::discover::{ask, command, may_show, on_path, parts, version};
use super::{ARTIFACT, Kit, Source, Toolchain};
use crate::Language;
use crate::sandbox::Program;

pub(super) const REMEDY: &str =
    "install a C compiler (`apt-get install gcc libc6-dev`) and have it on the path";
pub(super) const REMEDY_CPP: &str =
    "install a C++ compiler (`apt-get install g++`) and have it on the path";

pub(super) fn find(language: Language) -> Result<Toolchain, String> {
    let names = match language {
        Language::Cpp => ["c++", "g++", "clang++"],
        _ => ["cc", "gcc", "clang"],
    };
    let executable = names
        .iter()
        .find_map(|name| on_path(name))
        .ok_or_else(|| format!("none of {} is on the path", names.join(", ")))?;
    let said = ask(command(&executable, &["-dumpfullversion", "-dumpversion"]))?;
    let prefix = executable.parent().and_then(Path::parent).unwrap_or(Path::new("/"));
    may_show(prefix)?;
    let needs = parts(
        prefix,
        &["bin", "lib", "lib64", "libexec", "include", "share", "x86_64-conda-linux-gnu"],
    );
    Ok(Toolchain {
        language,
        version: version(&format!("{said}.")).trim_end_matches('.').to_owned(),
        executable,
        needs,
        variables: Vec::new(),
        kit: Kit::Alone,
    })
}

pub(super) fn arguments(toolchain: &Toolchain, source: &Source) -> Vec<String> {
    let (dialect, libraries): (_, &[&str]) = match toolchain.language {
        Language::Cpp => ("-std=gnu++20", &["-pthread"]),
        _ => ("-std=gnu17", &["-lm", "-pthread"]),
    };
    // The first faults say what is wrong; the rest is a flood.
    let mut arguments =
        vec![dialect.to_owned(), "-O2".into(), "-w".into(), "-fmax-errors=5".into()];
    arguments.extend(["-o".into(), format!("{}/{ARTIFACT}", Program::SCRATCH)]);
    arguments.extend(source.compiled.iter().map(|file| format!("{}/{file}", Program::DIRECTORY)));
    if source.hooked {
        arguments.push("-Wl,--wrap=main".into());
    }
    arguments.extend(libraries.iter().map(|&library| library.to_owned()));
    arguments
}
