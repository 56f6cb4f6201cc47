//! Tests of Java.

use std::sync::LazyLock;

use regex::Regex;

use crate::Language;
use crate::answer::dress::regex;
use crate::toolchain::{Source, declares_type};

/// The class that runs the tests' `main` and sends the word when that has returned. Descriptor 3 has
/// no name where there is no `/proc`, so it is opened by its number.
const END: &str = r#"PACKAGE
public class LehrEnd {
    public static void main(String[] args) throws Throwable {
        java.lang.reflect.Method main = Class.forName("CLASS").getDeclaredMethod("main", String[].class);
        main.setAccessible(true);
        try {
            main.invoke(null, (Object) args);
        } catch (java.lang.reflect.InvocationTargetException error) {
            throw error.getCause();
        }
        java.lang.reflect.Constructor<java.io.FileDescriptor> open =
            java.io.FileDescriptor.class.getDeclaredConstructor(int.class);
        open.setAccessible(true);
        byte[] word = new byte[64];
        int had = 0, came;
        java.io.FileInputStream input = new java.io.FileInputStream(java.io.FileDescriptor.in);
        while (had < word.length && (came = input.read(word, had, word.length - had)) > 0) had += came;
        java.io.FileOutputStream output = new java.io.FileOutputStream(open.newInstance(3));
        output.write(word, 0, had);
    }
}
"#;

/// The class of tests that are statements, and the file of those that are in no public class.
const TESTS: &str = "LehrTests";

pub(super) fn joined(solution: &str, tests: &str) -> Source {
    let mut source = Source::of(Language::Java, solution);
    // Tests that were written as the rest of one file use what the file imports.
    let lent: String = match imports(tests).next() {
        Some(_) => String::new(),
        None => imports(solution).map(|line| format!("{line}\n")).collect(),
    };
    let (class, text) = match declares_type(tests) {
        true if tests.trim_start().starts_with("package") => {
            (class_with_main(tests), tests.to_owned())
        }
        true => (class_with_main(tests), format!("{}{lent}{tests}", in_package(&source.package))),
        false => {
            let text = in_class(&format!("{lent}{tests}"));
            (TESTS.to_owned(), format!("{}{text}", in_package(&source.package)))
        }
    };
    let file = Source::of(Language::Java, &text).entry;
    // Two files of one name would be one file.
    let taken = source.files.iter().any(|other| other.name == format!("{file}.java"));
    let file = if taken { TESTS.to_owned() } else { file };
    source.add(&format!("{file}.java"), &text, true);
    let full = match source.package.as_str() {
        "" => class,
        package => format!("{package}.{class}"),
    };
    let end = END.replace("PACKAGE", &in_package(&source.package)).replace("CLASS", &full);
    source.add("LehrEnd.java", &end, true);
    source.entry = "LehrEnd".into();
    source.open = true;
    source
}

/// The line that puts a file into the solution's package.
fn in_package(package: &str) -> String {
    match package {
        "" => String::new(),
        package => format!("package {package};\n"),
    }
}

/// The lines that import.
fn imports(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| line.starts_with("import ") && line.ends_with(';'))
}

/// Statements as the `main` of a class; imports go first.
fn in_class(tests: &str) -> String {
    let is_import = |line: &&str| line.trim_start().starts_with("import ");
    let imports: Vec<&str> = tests.lines().filter(is_import).collect();
    let statements: Vec<&str> = tests.lines().filter(|line| !is_import(line)).collect();
    format!(
        "{}\nclass {TESTS} {{\npublic static void main(String[] args) throws Throwable {{\n{}\n}}\n\
         }}\n",
        imports.join("\n"),
        statements.join("\n")
    )
}

/// The last class that is named before `main`.
fn class_with_main(tests: &str) -> String {
    static MAIN: LazyLock<Regex> = LazyLock::new(|| regex(r"static\s+(?:final\s+)?void\s+main\b"));
    static CLASS: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"(?m)^(?:[a-z]+[ \t]+)*(?:class|enum|record|interface)[ \t]+(\w+)")
    });
    let before = MAIN.find(tests).map_or(tests, |main| tests.get(..main.start()).unwrap_or(tests));
    CLASS.captures_iter(before).last().map_or_else(|| TESTS.to_owned(), |found| found[1].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_a_class_or_become_one() {
        for (tests, files, class) in [
            ("assert Adder.add(1, 2) == 3;", ["Adder.java", "Main.java"], "\"LehrTests\""),
            (
                "public class T { public static void main(String[] a) {} }",
                ["Adder.java", "T.java"],
                "\"T\"",
            ),
            (
                "class H {}\nclass T {\n  static void main(String[] a) {}\n}\nclass Z {}",
                ["Adder.java", "Main.java"],
                "\"T\"",
            ),
        ] {
            let source = joined("public class Adder {}", tests);
            let names: Vec<&str> = source.files.iter().map(|f| f.name.as_str()).collect();
            assert_eq!(names, [files[0], files[1], "LehrEnd.java"], "{tests}");
            let end = String::from_utf8_lossy(&source.files[2].bytes);
            assert!(end.contains(class), "{end}");
        }
    }
}
