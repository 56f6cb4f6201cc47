//! From a request to its work items.

use lehr_generator::recipe::Recipe;
use lehr_record::{Domain, Job, RequestSpec, Seed, SpecError, SpecLimits};
use lehr_store::{PlannedItem, RequestRow};

use crate::{PipelineError, Workshop};

/// The longest statement of a client's problem.
const STATEMENT_BYTES: usize = 64 << 10;

/// Checks a specification against its bounds, the recipes and what this machine can do.
///
/// # Errors
/// Names the first field at fault and the remedy.
pub fn check_spec(workshop: &Workshop, spec: &RequestSpec) -> Result<(), SpecError> {
    spec.check(SpecLimits::default())?;
    for (at, job) in spec.jobs.iter().enumerate() {
        let error = |field: &str, message: String| {
            Err(SpecError { field: format!("jobs[{at}].{field}"), message })
        };
        let recipe = match workshop.recipes().get(&job.recipe) {
            Ok(recipe) => recipe,
            Err(unknown) => return error("recipe", unknown.to_string()),
        };
        if recipe.domain == Domain::Code
            && let Err(reason) = workshop.sandbox()
        {
            return error(
                "recipe",
                format!("{} runs programs, and this machine has no sandbox: {reason}", job.recipe),
            );
        }
        for (number, supplied) in job.problems.iter().flatten().enumerate() {
            if supplied.statement.len() > STATEMENT_BYTES {
                return error(
                    &format!("problems[{number}].statement"),
                    format!("is longer than {STATEMENT_BYTES} bytes; shorten it"),
                );
            }
            if let Err(unfit) = recipe.accepts(&supplied.problem()) {
                return error(&format!("problems[{number}].{}", unfit.field), unfit.message);
            }
        }
        // Seeds are cheap to draw: what cannot be planned is refused now, not when it runs.
        if let Err(message) = seeds(recipe, spec, job) {
            return error(if job.families.is_some() { "families" } else { "count" }, message);
        }
    }
    Ok(())
}

/// Writes the plan of a queued request down.
pub(crate) fn plan(workshop: &Workshop, request: &RequestRow) -> Result<(), PipelineError> {
    let mut items = Vec::new();
    for (number, job) in request.spec.jobs.iter().enumerate() {
        let gone = |reason: String| PipelineError::Recipe { recipe: job.recipe.clone(), reason };
        let recipe = workshop.recipes().get(&job.recipe).map_err(|e| gone(e.to_string()))?;
        let seeds = seeds(recipe, &request.spec, job).map_err(gone)?;
        let count = seeds.len() as f64;
        for (at, seed) in seeds.into_iter().enumerate() {
            items.push(((at as f64 + 0.5) / count, PlannedItem { job: number as u32, seed }));
        }
    }
    // Every job advances at its own pace from the start; equal places keep the order of the jobs.
    items.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let items: Vec<PlannedItem> = items.into_iter().map(|(_, item)| item).collect();
    workshop.store().plan(&request.id, request.spec.jobs.len(), &items)?;
    Ok(())
}

/// The seeds of a job: the client's own problems, or drawn from the recipe's families.
fn seeds(recipe: &Recipe, spec: &RequestSpec, job: &Job) -> Result<Vec<Seed>, String> {
    let Some(problems) = &job.problems else {
        let count = job.count.unwrap_or_default() as usize;
        return recipe
            .seeds(job.families.as_deref(), spec.seed, count)
            .map_err(|error| error.to_string());
    };
    let count = job.count.map_or(usize::MAX, |count| count as usize);
    let seeds = problems.iter().take(count).map(|supplied| Seed {
        source: supplied.source.clone(),
        vars: serde_json::Map::new(),
        problem: Some(supplied.problem()),
    });
    Ok(seeds.collect())
}
