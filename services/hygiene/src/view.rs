use std::sync::Arc;

use lehr_record::{Contamination, Digest};

use crate::HygieneError;
use crate::decontaminate::check;
use crate::snapshot::Snapshot;

/// One state of a registry: whatever is added meanwhile, all checks against a view are checks
/// against the same benchmarks.
pub struct RegistryView(Arc<Snapshot>);

impl RegistryView {
    pub(crate) fn new(snapshot: Arc<Snapshot>) -> Self {
        Self(snapshot)
    }

    /// Which state it is; see [`crate::BenchmarkRegistry::version`].
    pub fn version(&self) -> &Digest {
        &self.0.version
    }

    /// Checks a text of any length: memory is needed for a stretch of it and for the evidence, and
    /// time in proportion to it. Spans are byte offsets in it, at character borders.
    ///
    /// # Errors
    /// When the index cannot be read. The text is then not known to be clean.
    pub fn check(&self, text: &str) -> Result<Contamination, HygieneError> {
        check(&self.0, text)
    }
}
