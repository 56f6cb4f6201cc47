use lehr_record::{BenchmarkColumns, BenchmarkInfo};

/// How a benchmark is added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddOptions {
    /// Which columns hold what.
    pub columns: BenchmarkColumns,
    /// Whether another benchmark of the name is replaced.
    pub replace: bool,
}

/// What became of a benchmark that was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is new.
    New(BenchmarkInfo),
    /// It took the place of another of its name.
    Replaced(BenchmarkInfo),
    /// The same file with the same columns was there already; nothing was changed.
    Same(BenchmarkInfo),
}

impl Added {
    /// The benchmark.
    pub fn info(&self) -> &BenchmarkInfo {
        match self {
            Self::New(info) | Self::Replaced(info) | Self::Same(info) => info,
        }
    }

    /// The benchmark.
    pub fn into_info(self) -> BenchmarkInfo {
        match self {
            Self::New(info) | Self::Replaced(info) | Self::Same(info) => info,
        }
    }
}
