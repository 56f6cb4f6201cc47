use lehr_record::{Funnel, RequestId, RequestState};
use lehr_store::{Store, StoreError, Usage};
use serde::Serialize;

/// Where a request stands: what a client sees of it, live and afterwards.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Progress {
    /// The request.
    pub id: RequestId,
    /// Its label.
    pub name: String,
    /// When it was created, in milliseconds since 1970.
    pub created_ms: u64,
    /// When it reached a final state.
    pub finished_ms: Option<u64>,
    /// Queued, running, completed, cancelled or failed.
    #[serde(flatten)]
    pub state: RequestState,
    /// All its items.
    pub funnel: Funnel,
    /// Its items job by job. Empty until the plan is made.
    pub jobs: Vec<JobProgress>,
    /// What the settled items took.
    pub usage: Usage,
}

/// Where one job of a request stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct JobProgress {
    /// The recipe.
    pub recipe: String,
    /// The job's items.
    pub funnel: Funnel,
}

impl Progress {
    /// Reads where a request stands now.
    ///
    /// # Errors
    /// [`StoreError::NoRequest`] when there is none of that name.
    pub fn read(store: &Store, id: &RequestId) -> Result<Self, StoreError> {
        // The state first: counts read after a final state are final.
        let row = store.request(id)?;
        let funnels = store.funnels(id)?;
        let mut funnel = Funnel::default();
        funnels.iter().for_each(|job| funnel.add(job));
        let jobs = row.recipes.into_iter().zip(funnels);
        let jobs = jobs.map(|(recipe, funnel)| JobProgress { recipe, funnel }).collect();
        Ok(Self {
            id: row.id,
            name: row.name,
            created_ms: row.created_ms,
            finished_ms: row.finished_ms,
            state: row.state,
            funnel,
            jobs,
            usage: row.usage,
        })
    }
}
