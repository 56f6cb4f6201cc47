//! Packages that Python programs may import: a directory of wheels, unpacked once.
//!
//! A wheel is a zip file whose content lies on the interpreter's path as it is
//! (<https://packaging.python.org/specifications/binary-distribution-format/>). Wheels come from
//! elsewhere, so nothing is written outside the new directory, and no link is.

use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use sha2::{Digest, Sha256};

use super::{Program, Python, SandboxError};

/// The most bytes of all packages together.
const MOST: u64 = 4 << 30;
/// The ending of a wheel's name.
const ENDING: &str = "whl";

/// The directory of packages of these wheels for this interpreter, which is made unless it is there.
///
/// A directory that holds packages already (it has a `*.dist-info`) is taken as it is.
///
/// # Errors
/// [`SandboxError::Wheels`]: no wheel, a broken one, one for another interpreter, or too large.
pub(super) fn unpack(directory: &Path, python: &Python) -> Result<PathBuf, SandboxError> {
    let refuse = |what: String| SandboxError::Wheels(format!("{}: {what}", directory.display()));
    let failed = |error: io::Error| refuse(error.to_string());
    let directory = fs::canonicalize(directory).map_err(failed)?;
    let mut wheels = Vec::new();
    let mut unpacked = false;
    for entry in fs::read_dir(&directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        unpacked |= path.extension().is_some_and(|e| e == "dist-info");
        if path.extension().is_some_and(|e| e == ENDING) {
            wheels.push(path);
        }
    }
    wheels.sort();
    if wheels.is_empty() {
        return match unpacked {
            true => shown(directory),
            false => {
                Err(refuse("it holds no wheels (`pip download -d DIR NAME` fetches some)".into()))
            }
        };
    }
    for wheel in &wheels {
        let name = wheel.file_stem().unwrap_or_default().to_string_lossy();
        if !fits(&name, minor(&python.version), std::env::consts::ARCH) {
            return Err(refuse(format!("{name} is not for Python {} here", python.version)));
        }
    }
    let cache = crate::cache::cache_dir()
        .ok_or_else(|| refuse("there is no cache directory; set LEHR_CACHE_DIR".into()))?
        .join("wheels");
    fs::create_dir_all(&cache).map_err(failed)?;
    let target = cache.join(digest(&wheels, &python.version).map_err(failed)?);
    if !target.is_dir() {
        // Aside first: whoever finds the name finds all of it.
        let aside = tempfile::TempDir::new_in(&cache).map_err(failed)?;
        let mut room = MOST;
        for wheel in &wheels {
            let what = |error: io::Error| refuse(format!("{}: {error}", wheel.display()));
            unpack_one(wheel, aside.path(), &mut room).map_err(what)?;
        }
        compile(python, aside.path());
        fs::set_permissions(aside.path(), fs::Permissions::from_mode(0o755)).map_err(failed)?;
        match fs::rename(aside.path(), &target) {
            // It has another name now, under which it stays.
            Ok(()) => drop(aside.keep()),
            // Another was faster, with the same content.
            Err(_) if target.is_dir() => {}
            Err(error) => return Err(failed(error)),
        }
    }
    shown(target)
}

/// The path, unless it lies where the program's own directories are.
fn shown(path: PathBuf) -> Result<PathBuf, SandboxError> {
    let own = [Program::SCRATCH, Program::DIRECTORY, "/dev"];
    match own.iter().find(|own| path.starts_with(own)) {
        None => Ok(path),
        Some(own) => Err(SandboxError::Wheels(format!(
            "{} cannot be shown, for {own} is the program's own in the sandbox; set LEHR_CACHE_DIR \
             to a directory elsewhere",
            path.display()
        ))),
    }
}

fn minor(version: &str) -> u32 {
    version.split('.').nth(1).and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// Whether a wheel of this name is for CPython 3 of this minor version on this kind of processor.
fn fits(name: &str, minor: u32, arch: &str) -> bool {
    let mut tags = name.rsplit('-');
    let (Some(platforms), Some(abis), Some(pythons)) = (tags.next(), tags.next(), tags.next())
    else {
        return false;
    };
    let stable = abis.split('.').any(|abi| abi == "abi3");
    let version = |tag: &str, kind| tag.strip_prefix(kind).and_then(|n| n.parse::<u32>().ok());
    let python = |tag: &str| match (version(tag, "cp3"), version(tag, "py3")) {
        (Some(built), _) => built == minor || stable && built <= minor,
        (_, Some(least)) => least <= minor,
        _ => tag == "py3",
    };
    let platform = |tag: &str| {
        tag == "any"
            || tag.ends_with(&format!("_{arch}"))
                && (tag.starts_with("manylinux") || tag.starts_with("linux_"))
    };
    pythons.split('.').any(python) && platforms.split('.').any(platform)
}

fn digest(wheels: &[PathBuf], version: &str) -> io::Result<String> {
    let mut hash = Sha256::new();
    hash.update(version);
    for wheel in wheels {
        hash.update(wheel.file_name().unwrap_or_default().as_encoded_bytes());
        let mut file = fs::File::open(wheel)?;
        io::copy(&mut file, &mut hash)?;
    }
    Ok(hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect())
}

fn unpack_one(wheel: &Path, into: &Path, room: &mut u64) -> io::Result<()> {
    let bad = |what: String| io::Error::new(io::ErrorKind::InvalidData, what);
    let mut archive = zip::ZipArchive::new(fs::File::open(wheel)?)?;
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place)?;
        let inside = entry
            .enclosed_name()
            .ok_or_else(|| bad(format!("{:?} leads outside", entry.name())))?;
        if entry.is_symlink() {
            return Err(bad(format!("{:?} is a link", entry.name())));
        }
        let path = into.join(installed(&inside));
        if entry.is_dir() {
            make(&path)?;
            continue;
        }
        make(path.parent().unwrap_or(into))?;
        let mut file = fs::File::create(&path)?;
        let mut limited = (&mut entry).take(*room + 1);
        let written = io::copy(&mut limited, &mut file)?;
        file.flush()?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644))?;
        *room = room
            .checked_sub(written)
            .ok_or_else(|| bad(format!("all packages together have more than {MOST} bytes")))?;
    }
    Ok(())
}

/// Where a file of a wheel is installed: `NAME.data/purelib` and `platlib` are the path itself.
fn installed(inside: &Path) -> PathBuf {
    let mut parts = inside.components();
    let data =
        parts.next().is_some_and(|part| part.as_os_str().to_string_lossy().ends_with(".data"));
    let library = parts
        .next()
        .is_some_and(|part| ["purelib", "platlib"].map(Some).contains(&part.as_os_str().to_str()));
    match data && library {
        true => parts.as_path().to_path_buf(),
        false => inside.to_path_buf(),
    }
}

/// Compiles the packages, so that not every program that imports one has to. Nothing of them runs.
fn compile(python: &Python, packages: &Path) {
    let mut command = std::process::Command::new(&python.executable);
    command.args(["-I", "-m", "compileall", "-q", "-j", "0"]).arg(packages);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // What could not be compiled is compiled when it is imported.
    let _ = command.status();
}

fn make(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    // Programs are somebody else.
    fs::set_permissions(directory, fs::Permissions::from_mode(0o755))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn wheels_are_for_an_interpreter_and_a_machine() {
        for (name, fit) in [
            ("sympy-1.13.3-py3-none-any", true),
            ("six-1.16.0-py2.py3-none-any", true),
            ("numpy-2.1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64", true),
            ("numpy-2.1.0-cp312-cp312-manylinux_2_17_x86_64", false),
            ("numpy-2.1.0-cp311-cp311-manylinux_2_17_aarch64", false),
            ("numpy-2.1.0-cp311-cp311-win_amd64", false),
            ("thing-1-cp38-abi3-manylinux_2_17_x86_64", true),
            ("thing-1-cp312-abi3-manylinux_2_17_x86_64", false),
            ("thing-1-1build-py3-none-any", true),
            ("thing-1-py38-none-any", true),
            ("thing-1-py313-none-any", false),
            ("numpy-2.1.0-cp311-cp311-musllinux_1_2_x86_64", false),
            ("thing", false),
        ] {
            assert_eq!(fits(name, 11, "x86_64"), fit, "{name}");
        }
    }

    #[test]
    fn files_go_where_they_are_imported_from() {
        for (inside, at) in [
            ("thing/__init__.py", "thing/__init__.py"),
            ("thing-1.data/purelib/thing/a.py", "thing/a.py"),
            ("thing-1.data/platlib/b.so", "b.so"),
            ("thing-1.data/scripts/run", "thing-1.data/scripts/run"),
        ] {
            assert_eq!(installed(Path::new(inside)), Path::new(at));
        }
    }

    fn wheel(entries: &[(&str, &str)]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        let file = fs::File::create(directory.path().join("thing-1-py3-none-any.whl")).unwrap();
        let mut archive = zip::ZipWriter::new(file);
        for (name, text) in entries {
            archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(text.as_bytes()).unwrap();
        }
        archive.finish().unwrap();
        directory
    }

    #[test]
    fn nothing_is_written_outside_and_no_links_are_made() {
        let into = tempfile::tempdir().unwrap();
        let unpacked = |directory: &tempfile::TempDir, mut room: u64| {
            let wheel = directory.path().join("thing-1-py3-none-any.whl");
            unpack_one(&wheel, into.path(), &mut room).map_err(|error| error.to_string())
        };
        assert!(unpacked(&wheel(&[("thing.py", "x = 1")]), 100).is_ok());
        assert_eq!(fs::read_to_string(into.path().join("thing.py")).unwrap(), "x = 1");
        let said = unpacked(&wheel(&[("../evil.py", "")]), 100).unwrap_err();
        assert!(said.contains("leads outside"), "{said}");
        let said = unpacked(&wheel(&[("big.py", "0123456789")]), 9).unwrap_err();
        assert!(said.contains("more than"), "{said}");
        let link = wheel(&[]);
        let file = fs::File::create(link.path().join("thing-1-py3-none-any.whl")).unwrap();
        let mut archive = zip::ZipWriter::new(file);
        archive.add_symlink("a", "/etc", zip::write::SimpleFileOptions::default()).unwrap();
        archive.finish().unwrap();
        let said = unpacked(&link, 100).unwrap_err();
        assert!(said.contains("is a link"), "{said}");
    }

    #[test]
    fn a_directory_without_wheels_is_refused() {
        let python = super::super::tests::python();
        for (directory, word) in [
            (PathBuf::from("/does/not/exist"), "No such file"),
            (std::env::current_dir().unwrap().join("src"), "no wheels"),
        ] {
            let said = unpack(&directory, &python).unwrap_err().to_string();
            assert!(said.contains(word), "{said}");
        }
    }
}
