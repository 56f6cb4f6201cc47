//! Go.

use std::path::{Path, PathBuf};

use super::discover::{ask, command, is_executable, may_show, on_path, parts, version};
use super::{ARTIFACT, Kit, Source, Toolchain};
use crate::Language;
use crate::cache::cache_dir;
use crate::sandbox::{Command, Program, ProgramFile, Start};

pub(super) const REMEDY: &str =
    "install Go (https://go.dev/dl, or `apt-get install golang-go`) and have `go` on the path";

/// The file that says where the compiled packages lie.
const PACKAGES: &str = "importcfg";

pub(super) fn find() -> Result<Toolchain, String> {
    let go = on_path("go").ok_or("go is not on the path")?;
    let cache = cache_dir().map(|dir| dir.join("go")).ok_or(
        "there is no cache directory for its standard library; name one in LEHR_CACHE_DIR",
    )?;
    let asked = |args: &[&str]| {
        let mut command = command(&go, args);
        command
            .envs([("GOENV", "off"), ("GOFLAGS", ""), ("GO111MODULE", "off"), ("GOWORK", "off")])
            .envs([("GOTOOLCHAIN", "local"), ("CGO_ENABLED", "0"), ("GOTELEMETRY", "off")])
            .env_remove("GOROOT")
            .env("GOCACHE", &cache);
        ask(command)
    };
    let said = asked(&["env", "GOROOT", "GOTOOLDIR", "GOVERSION"])?;
    let lines: Vec<&str> = said.lines().collect();
    let [root, tools, said] = lines.as_slice() else {
        return Err(format!("go env answered {said:?}"));
    };
    let (root, tools) = (Path::new(root), Path::new(tools));
    may_show(root)?;
    let (executable, linker) = (tools.join("compile"), tools.join("link"));
    for tool in [&executable, &linker] {
        if !is_executable(tool) {
            return Err(format!("{} is not an executable", tool.display()));
        }
    }
    // Compiles what is not compiled yet, once for this user.
    let format = "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}";
    let listed = asked(&["list", "-export", "-f", format, "std"])?;
    let showable = may_show(&cache).is_ok();
    let packages: Vec<&str> = listed
        .lines()
        .filter(|line| !line.is_empty())
        .filter(|line| showable || !line.contains(&*cache.to_string_lossy()))
        .collect();
    if !packages.iter().any(|line| line.starts_with("packagefile fmt=")) {
        return Err(format!(
            "its compiled standard library lies in {}, which the sandbox cannot show; name another \
             place in LEHR_CACHE_DIR",
            cache.display()
        ));
    }
    let mut needs = parts(root, &["bin", "pkg", "lib", "VERSION"]);
    if showable {
        needs.push(cache);
    }
    Ok(Toolchain {
        language: Language::Go,
        version: version(said),
        executable,
        needs,
        variables: Vec::new(),
        kit: Kit::Go { linker, packages: packages.join("\n") },
    })
}

/// A shell script that compiles and links; its arguments are paths.
const SCRIPT: &str = r#"compile=$1 link=$2 packages=$3 out=$4; shift 4
"$compile" -o "$out.a" -p main -complete -pack -importcfg "$packages" "$@" &&
exec "$link" -s -w -importcfg "$packages" -o "$out" "$out.a""#;

pub(super) fn arguments(toolchain: &Toolchain, source: &Source) -> Vec<String> {
    let linker = match &toolchain.kit {
        Kit::Go { linker, .. } => linker.clone(),
        _ => PathBuf::new(),
    };
    let inside = |name: &str| format!("{}/{name}", Program::DIRECTORY);
    let mut arguments = vec!["-c".to_owned(), SCRIPT.to_owned(), "sh".to_owned()];
    arguments.extend([&toolchain.executable, &linker].map(|path| path.display().to_string()));
    arguments.extend([inside(PACKAGES), format!("{}/{ARTIFACT}", Program::SCRATCH)]);
    arguments.extend(source.compiled.iter().map(|file| inside(file)));
    arguments
}

/// Adds what the compiler reads beside the source.
pub(super) fn prepare(toolchain: &Toolchain, program: &mut Program) {
    if let Kit::Go { packages, .. } = &toolchain.kit {
        program.files.push(ProgramFile::new(PACKAGES, packages.as_str()));
    }
    if let Start::Command(command) = &mut program.start {
        command.reserves = true;
        command.variables.push(processors());
    }
}

/// Runs what the linker made.
pub(super) fn start() -> Command {
    Command { reserves: true, variables: vec![processors()], ..super::native() }
}

/// As many threads as processors would be one thing here and another there.
fn processors() -> (String, String) {
    ("GOMAXPROCS".into(), "2".into())
}
