use std::sync::Arc;

use lehr_record::{Contamination, Digest};

use crate::decontaminate::check;
use crate::snapshot::Snapshot;
use crate::{HygieneError, Rules, Subject};

/// One state of a registry and the rules of its checks: whatever is added meanwhile, all checks
/// against a view are checks against the same benchmarks by the same rules.
pub struct RegistryView {
    snapshot: Arc<Snapshot>,
    rules: Arc<Rules>,
    digest: Digest,
}

impl RegistryView {
    pub(crate) fn new(snapshot: Arc<Snapshot>, rules: Arc<Rules>) -> Self {
        let digest = rules.digest();
        Self { snapshot, rules, digest }
    }

    /// Which state it is; see [`crate::BenchmarkRegistry::version`].
    pub fn version(&self) -> &Digest {
        &self.snapshot.version
    }

    /// The rules of its checks, as [`Rules::digest`].
    pub fn rules(&self) -> &Digest {
        &self.digest
    }

    /// Checks a text of any length: memory is needed for a stretch of it and for the evidence, and
    /// time in proportion to it. Spans are byte offsets in it, at character borders.
    ///
    /// # Errors
    /// When the index cannot be read. The text is then not known to be clean.
    pub fn check<'a>(
        &self,
        subject: impl Into<Subject<'a>>,
    ) -> Result<Contamination, HygieneError> {
        check(&self.snapshot, &self.rules, &self.digest, subject.into())
    }
}
