use serde::{Deserialize, Serialize};

/// A language whose programs can be run, where its toolchain is found on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Python 3.
    Python,
    /// C, by the system's C compiler.
    C,
    /// C++, by the system's C++ compiler.
    Cpp,
    /// Rust, by rustc.
    Rust,
    /// JavaScript, by Node.js.
    #[serde(rename = "javascript")]
    JavaScript,
    /// Go.
    Go,
    /// Java, by a JDK.
    Java,
    /// Bash.
    Bash,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 8] = [
        Self::Python,
        Self::C,
        Self::Cpp,
        Self::Rust,
        Self::JavaScript,
        Self::Go,
        Self::Java,
        Self::Bash,
    ];

    /// The name used in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::C => "c",
            Self::Cpp => "cpp",
            Self::Rust => "rust",
            Self::JavaScript => "javascript",
            Self::Go => "go",
            Self::Java => "java",
            Self::Bash => "bash",
        }
    }

    /// Reads a name, or a word by which people call the language.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        Self::ALL.into_iter().find(|l| l.as_str() == name || l.fences().contains(&name.as_str()))
    }

    /// The words that open a fenced block of this language.
    pub(crate) fn fences(self) -> &'static [&'static str] {
        match self {
            Self::Python => &["python", "python3", "py", "py3"],
            Self::C => &["c"],
            Self::Cpp => &["cpp", "c++", "cxx", "cc"],
            Self::Rust => &["rust", "rs"],
            Self::JavaScript => &["javascript", "js", "node"],
            Self::Go => &["go", "golang"],
            Self::Java => &["java"],
            Self::Bash => &["bash", "sh", "shell"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for language in Language::ALL {
            assert_eq!(Language::parse(language.as_str()), Some(language));
            assert_eq!(serde_json::json!(language), language.as_str());
        }
        assert_eq!(Language::parse("C++"), Some(Language::Cpp));
        assert_eq!(Language::parse("cobol"), None);
    }
}
