use std::sync::LazyLock;

use regex::Regex;

use super::java;
use crate::Language;
use crate::answer::dress::regex;
use crate::sandbox::ProgramFile;

/// The text of a program, laid out as files of its language.
#[derive(Clone, Debug)]
pub struct Source {
    /// The language.
    pub language: Language,
    /// The files.
    pub files: Vec<ProgramFile>,
    /// The names of those that the compiler is given.
    pub(crate) compiled: Vec<String>,
    /// The file that an interpreter is given, or the name of the class that has Java's `main`.
    pub(crate) entry: String,
    /// The package of Java's classes, empty when they are in none.
    pub(crate) package: String,
    /// Whether `main` is wrapped: the linker calls `__wrap_main` in its place.
    pub(crate) hooked: bool,
    /// Whether `main` is that of Rust's test harness.
    pub(crate) test_harness: bool,
    /// Whether Java's assertions hold and its descriptors may be opened by number.
    pub(crate) open: bool,
}

impl Source {
    /// A program in one text.
    pub fn of(language: Language, text: &str) -> Self {
        let mut source = Self::empty(language);
        match language {
            Language::Java => {
                let (name, package) = (java::file_class(text), java::package(text));
                source.add(&format!("{name}.java"), text, true);
                source.entry = name;
                source.package = package;
            }
            _ => {
                let name = file_name(language, text);
                source.add(name, text, true);
                source.entry = name.to_owned();
            }
        }
        source
    }

    /// No file so far.
    pub(crate) fn empty(language: Language) -> Self {
        Self {
            language,
            files: Vec::new(),
            compiled: Vec::new(),
            entry: String::new(),
            package: String::new(),
            hooked: false,
            test_harness: false,
            open: false,
        }
    }

    /// Adds a file; the compiler is told of it or finds it by itself.
    pub(crate) fn add(&mut self, name: &str, text: &str, told: bool) {
        self.files.push(ProgramFile::new(name, text));
        if told {
            self.compiled.push(name.to_owned());
        }
    }
}

/// The name of a file that holds a whole program.
pub(crate) fn file_name(language: Language, text: &str) -> &'static str {
    match language {
        Language::Python => "main.py",
        Language::C => "main.c",
        Language::Cpp => "main.cpp",
        Language::Rust => "main.rs",
        Language::JavaScript if is_module(text) => "main.mjs",
        Language::JavaScript => "main.js",
        Language::Go => "main.go",
        Language::Java => "Main.java",
        Language::Bash => "main.sh",
    }
}

/// Whether JavaScript is written as a module: a line of it is an `import` or `export`.
pub(crate) fn is_module(text: &str) -> bool {
    static MODULE: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r#"(?m)^(?:import\s*(?:["'{*]|[\w$]+\s*(?:,|from\b))|export\s*(?:[{*]|(?:default|const|let|var|function|class|async)\b))"#,
        )
    });
    MODULE.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_lies_in_the_file_that_its_language_expects() {
        for (language, text, file, entry) in [
            (Language::C, "int main(void) { return 0; }", "main.c", "main.c"),
            (Language::JavaScript, "console.log(1)", "main.js", "main.js"),
            (Language::JavaScript, "import fs from 'fs'", "main.mjs", "main.mjs"),
            (Language::JavaScript, "import { a } from 'a'", "main.mjs", "main.mjs"),
            (Language::JavaScript, "import 'a'", "main.mjs", "main.mjs"),
            (Language::JavaScript, "f();\nexport default f", "main.mjs", "main.mjs"),
            (Language::JavaScript, "/*\nimport of goods\n*/", "main.js", "main.js"),
            (Language::JavaScript, "exports.f = 1", "main.js", "main.js"),
            (Language::JavaScript, "const a = import('fs'); imported", "main.js", "main.js"),
            (Language::Java, "class A {}", "Main.java", "Main"),
            (Language::Java, "public class Adder {}", "Adder.java", "Adder"),
        ] {
            let source = Source::of(language, text);
            assert_eq!(source.files[0].name, file, "{text}");
            assert_eq!(source.entry, entry, "{text}");
        }
    }
}
