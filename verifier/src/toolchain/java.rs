//! Java.
//!
//! The file of a public class has its name, and one class has `main`: both are read from the
//! program, which may name them as it likes. The compiled classes are put into one archive.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

use super::discover::{ask, command, is_executable, may_show, on_path, parts};
use super::{Kit, Source, Toolchain};
use crate::Language;
use crate::answer::dress::regex;
use crate::sandbox::{Command, Program, ProgramFile};

pub(super) const REMEDY: &str = "install a JDK (`apt-get install default-jdk-headless`) and have \
                                 `java` and `javac` on the path";

/// The directory of the scratch with the classes.
pub(super) const CLASSES: &str = "classes";
/// The archive of the classes.
const ARCHIVE: &str = "program.jar";

pub(super) fn find() -> Result<Toolchain, String> {
    let any = ["javac", "java"].iter().find_map(|name| on_path(name));
    let any = any.ok_or("neither javac nor java is on the path")?;
    let launcher = any.with_file_name("java");
    let launcher = if is_executable(&launcher) { launcher } else { "java".into() };
    // Said on the standard error, like the version; both are wanted.
    let mut question =
        command("/bin/sh", &["-c", "\"$0\" -XshowSettings:properties -version 2>&1"]);
    question.arg(&launcher);
    let said = ask(question)?;
    let property = |name: &str| {
        let lines = said.lines().filter_map(|line| line.trim().split_once(" = "));
        lines.filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).next()
    };
    let home = property("java.home").map(PathBuf::from).ok_or("java did not say where it is")?;
    // An old JDK names the runtime inside it.
    let home = match home.file_name().is_some_and(|n| n == "jre") {
        true => home.parent().map(Path::to_path_buf).unwrap_or(home),
        false => home,
    };
    let (executable, java) = (home.join("bin/javac"), home.join("bin/java"));
    for tool in [&executable, &java] {
        if !is_executable(tool) {
            return Err(format!("{} is not there: a JRE has no compiler", tool.display()));
        }
    }
    may_show(&home)?;
    let mut needs = parts(&home, &["bin", "lib", "conf", "jre", "release"]);
    needs.extend(configuration(&home));
    let libraries = ["lib", "lib/server", "lib/jli", "lib/amd64/jli", "jre/lib/amd64/jli"]
        .map(|part| home.join(part).display().to_string())
        .join(":");
    Ok(Toolchain {
        language: Language::Java,
        version: property("java.version").unwrap_or_else(|| "unknown".into()),
        executable,
        needs,
        variables: vec![("LD_LIBRARY_PATH".into(), libraries)],
        kit: Kit::Java { java },
    })
}

/// What the JDK's links name in `/etc`, where distributions keep its configuration.
fn configuration(home: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for part in ["", "conf", "conf/security", "lib", "lib/security", "lib/server"] {
        let Ok(entries) = fs::read_dir(home.join(part)) else { continue };
        for entry in entries.flatten().filter(|e| e.file_type().is_ok_and(|t| t.is_symlink())) {
            let Ok(real) = fs::canonicalize(entry.path()) else { continue };
            let Ok(below) = real.strip_prefix("/etc") else { continue };
            let Some(first) = below.components().next() else { continue };
            if first.as_os_str().to_string_lossy().starts_with("java") {
                found.insert(Path::new("/etc").join(first));
            }
        }
    }
    found
}

/// A shell script that compiles and lays the classes of one package side by side.
const SCRIPT: &str = r#"javac=$1 package=$2; shift 2
mkdir -p "$TMPDIR/tree/$package" "$TMPDIR/classes" && "$javac" -d "$TMPDIR/tree" "$@" &&
mv "$TMPDIR/tree/$package"/*.class "$TMPDIR/classes""#;

pub(super) fn compile(toolchain: &Toolchain, source: &Source, memory: u64) -> Vec<String> {
    let heap = (memory >> 20) * 3 / 4;
    let mut arguments = vec!["-c".to_owned(), SCRIPT.to_owned(), "sh".to_owned()];
    arguments.push(toolchain.executable.display().to_string());
    arguments.push(source.package.replace('.', "/"));
    arguments.extend(machine(heap).into_iter().map(|option| format!("-J{option}")));
    // A compiler does not live long enough for the second compiler of the machine to pay.
    arguments.push("-J-XX:TieredStopAtLevel=1".into());
    arguments.extend(
        ["-proc:none", "-nowarn", "-encoding", "UTF-8", "-Xmaxerrs", "5"].map(str::to_owned),
    );
    arguments.extend(source.compiled.iter().map(|file| format!("{}/{file}", Program::DIRECTORY)));
    arguments
}

/// What the machine is told: a heap of so many MiB, few threads, no files of its own.
fn machine(heap: u64) -> Vec<String> {
    let mut options = vec![format!("-Xmx{heap}m"), "-Xss8m".into()];
    options.extend(
        [
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-XX:ActiveProcessorCount=2",
            "-XX:ReservedCodeCacheSize=64m",
            "-Xshare:auto",
        ]
        .map(str::to_owned),
    );
    options
}

pub(super) fn start(
    toolchain: &Toolchain,
    source: &Source,
    made: &[ProgramFile],
    memory: u64,
) -> Command {
    let executable = match &toolchain.kit {
        Kit::Java { java } => java.clone(),
        _ => toolchain.executable.clone(),
    };
    // The machine itself, its compiled code and its classes take the rest.
    let total = memory >> 20;
    let mut args = machine(total.saturating_sub((total / 4).max(128)).max(16));
    if source.open {
        args.push("-ea".into());
        if !toolchain.version.starts_with("1.") {
            args.extend(["--add-opens".into(), "java.base/java.io=ALL-UNNAMED".into()]);
        }
    }
    args.extend(["-cp".into(), format!("{}/{ARCHIVE}", Program::DIRECTORY)]);
    let class = main_class(source, made);
    args.push(match source.package.is_empty() {
        true => class,
        false => format!("{}.{class}", source.package),
    });
    Command {
        executable,
        args,
        needs: toolchain.needs.clone(),
        variables: toolchain.variables.clone(),
        reserves: true,
    }
}

/// The class that is started: the one whose file it is, else `Main`, else the first with `main`.
fn main_class(source: &Source, made: &[ProgramFile]) -> String {
    let with_main: Vec<&str> = made
        .iter()
        .filter(|file| has_main(&file.bytes))
        .filter_map(|file| file.name.strip_suffix(".class"))
        .collect();
    let named = [source.entry.as_str(), "Main"].into_iter().find(|n| with_main.contains(n));
    named.or(with_main.first().copied()).unwrap_or(&source.entry).to_owned()
}

/// Whether a class file names `main(String[])` among its constants.
fn has_main(class: &[u8]) -> bool {
    let holds = |text: &str| {
        let mut constant = vec![1, 0, text.len() as u8];
        constant.extend_from_slice(text.as_bytes());
        class.windows(constant.len()).any(|window| window == constant)
    };
    holds("main") && holds("([Ljava/lang/String;)V")
}

/// The classes in one archive, under their package.
pub(super) fn archive(source: &Source, made: &[ProgramFile]) -> std::io::Result<ProgramFile> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let plain =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let package = match source.package.is_empty() {
        true => String::new(),
        false => format!("{}/", source.package.replace('.', "/")),
    };
    for class in made {
        archive.start_file(format!("{package}{}", class.name), plain)?;
        archive.write_all(&class.bytes)?;
    }
    Ok(ProgramFile::new(ARCHIVE, archive.finish()?.into_inner()))
}

/// The name of the public class of a file, else `Main`.
pub(super) fn file_class(text: &str) -> String {
    static PUBLIC: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"\bpublic\s+(?:(?:final|abstract|sealed|strictfp)\s+)*(?:class|interface|enum|record)\s+(\w+)",
        )
    });
    let outside = outside(text);
    PUBLIC.captures(&outside).map_or_else(|| "Main".to_owned(), |found| found[1].to_owned())
}

/// Whether a type is declared at the top level.
pub(crate) fn declares_type(text: &str) -> bool {
    static TYPE: LazyLock<Regex> =
        LazyLock::new(|| regex(r"\b(?:class|interface|enum|record)\s+\w+"));
    TYPE.is_match(&outside(text))
}

/// The package that a file names, or nothing.
pub(super) fn package(text: &str) -> String {
    static PACKAGE: LazyLock<Regex> =
        LazyLock::new(|| regex(r"^\s*package\s+([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*;"));
    PACKAGE.captures(&outside(text)).map_or_else(String::new, |found| found[1].to_owned())
}

/// The text outside braces, comments and literals.
fn outside(text: &str) -> String {
    let (mut kept, mut depth, mut rest) = (String::new(), 0usize, text);
    while let Some(first) = rest.chars().next() {
        let past = |mark: &str, from: usize| {
            rest.get(from..)
                .and_then(|r| r.find(mark))
                .map_or(rest.len(), |at| from + at + mark.len())
        };
        let skipped = match first {
            '/' if rest.starts_with("//") => past("\n", 2),
            '/' if rest.starts_with("/*") => past("*/", 2),
            '"' if rest.starts_with("\"\"\"") => past("\"\"\"", 3),
            '"' | '\'' => literal(rest, first),
            '{' | '}' => {
                depth = if first == '{' { depth + 1 } else { depth.saturating_sub(1) };
                1
            }
            other => {
                if depth == 0 {
                    kept.push(other);
                }
                other.len_utf8()
            }
        };
        if depth == 0 && !matches!(first, '{' | '}') && skipped > first.len_utf8() {
            kept.push(' ');
        }
        rest = rest.get(skipped..).unwrap_or_default();
    }
    kept
}

/// The length of a literal that starts and ends with this mark; it does not go past its line.
fn literal(text: &str, mark: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' => return at,
            c if c == mark => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_file_has_the_name_of_the_public_class() {
        for (text, class, package_name) in [
            ("public class Adder { }", "Adder", ""),
            ("package a.b;\npublic final class Adder { }", "Adder", "a.b"),
            ("/* package z; */ package a; class X {}", "Main", "a"),
            ("class X { public class Inner {} }", "Main", ""),
            ("// public class No {}\nclass X {}\npublic record Yes(int a) {}", "Yes", ""),
            ("class X { String s = \"}\"; public class No {} }", "Main", ""),
            ("class X { char c = '}'; public class No {} }", "Main", ""),
            ("class X { String s = \"\"\"\n}\n\"\"\"; public class No {} }", "Main", ""),
            ("import java.util.*;\npublic interface Shape {}", "Shape", ""),
            ("", "Main", ""),
        ] {
            assert_eq!(file_class(text), class, "{text}");
            assert_eq!(package(text), package_name, "{text}");
        }
        assert!(declares_type("class X {}"));
        assert!(!declares_type("assert new Object() { int x; } != null;"));
    }

    proptest! {
        #[test]
        fn any_text_is_walked_through(text in "(public class A|\"|'|\\\\|/|\\*|\\{|\\}|\n|é| ){0,20}") {
            let _ = (file_class(&text), package(&text));
        }
    }
}
