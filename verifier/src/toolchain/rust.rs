//! Rust.

use std::path::PathBuf;

use super::discover::{ask, command, is_executable, may_show, on_path, parts, version};
use super::{ARTIFACT, Kit, Source, Toolchain};
use crate::Language;
use crate::sandbox::Program;

pub(super) const REMEDY: &str = "install Rust (https://rustup.rs, or `apt-get install rustc`) and \
                                 a C compiler (`apt-get install gcc`), which links, and have both \
                                 on the path";

pub(super) fn find() -> Result<Toolchain, String> {
    if on_path("rustc").is_none() {
        return Err("rustc is not on the path".into());
    }
    // By its name on the path: a proxy tells by it which program it stands for.
    let sysroot = PathBuf::from(ask(command("rustc", &["--print", "sysroot"]))?);
    let executable = sysroot.join("bin/rustc");
    if !is_executable(&executable) {
        return Err(format!("{} is not an executable", executable.display()));
    }
    let said = ask(command(&executable, &["--version"]))?;
    may_show(&sysroot)?;
    let linker = super::find(Language::C).map_err(|_| "there is no C compiler to link with")?;
    let mut needs = parts(&sysroot, &["bin", "lib"]);
    needs.extend(linker.needs.iter().cloned());
    Ok(Toolchain {
        language: Language::Rust,
        version: version(&said),
        executable,
        needs,
        variables: vec![("LD_LIBRARY_PATH".into(), sysroot.join("lib").display().to_string())],
        kit: Kit::Linker(linker.executable.clone()),
    })
}

pub(super) fn arguments(toolchain: &Toolchain, source: &Source) -> Vec<String> {
    let mut arguments: Vec<String> =
        ["--edition", "2021", "-O", "--cap-lints", "allow", "--color", "never", "-C"]
            .map(str::to_owned)
            .into();
    if let Kit::Linker(linker) = &toolchain.kit {
        arguments.push(format!("linker={}", linker.display()));
    }
    arguments.extend(["-o".into(), format!("{}/{ARTIFACT}", Program::SCRATCH)]);
    if source.test_harness {
        arguments.push("--test".into());
    }
    for (place, file) in source.compiled.iter().enumerate() {
        let file = format!("{}/{file}", Program::DIRECTORY);
        // What comes after the first is C, which the linker, a C compiler, compiles on its way.
        match place {
            0 => arguments.push(file),
            _ => arguments.extend(["-C".into(), format!("link-arg={file}")]),
        }
    }
    if source.hooked {
        arguments.extend(["-C".into(), "link-arg=-Wl,--wrap=main".into()]);
        // Tests may say what they assert by `debug_assert` as well.
        arguments.extend(["-C".into(), "debug-assertions=on".into()]);
    }
    arguments
}
