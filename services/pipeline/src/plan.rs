//! From a request to its work items.

use std::collections::HashSet;

use lehr_generator::recipe::{AnswerFormat, Recipe};
use lehr_generator::seeds::SeedError;
use lehr_record::{
    Digest, Domain, Expected, RequestId, RequestSpec, RequestState, Seed, SpecError, SpecLimits,
    SuppliedProblem,
};
use lehr_store::PlannedItem;

use crate::{PipelineError, Workshop};

/// Seeds of a job that are drawn to see that they can be: a family that runs dry does so early, and
/// a client must not wait for a million.
const TRIED_SEEDS: usize = 20_000;

/// Checks a specification against its bounds, the recipes and what this machine can do.
///
/// # Errors
/// Names the first field at fault and the remedy.
pub fn check_spec(workshop: &Workshop, spec: &RequestSpec) -> Result<(), SpecError> {
    spec.check(SpecLimits::default())?;
    let mut earlier = Vec::new();
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
            let field = |field: &str| format!("problems[{number}].{field}");
            if let Err(unfit) = recipe.accepts(&supplied.problem()) {
                return error(&field(unfit.field), unfit.message);
            }
            // Votes are counted by the letters of options.
            if matches!(supplied.expected, Expected::Votes { .. })
                && recipe.answer.format != AnswerFormat::ChoiceLetter
            {
                return error(
                    &field("expected"),
                    format!("is of type `votes`, and {} asks for no letter", job.recipe),
                );
            }
        }
        if job.problems.is_some() {
            earlier.push(Vec::new());
            continue;
        }
        let wanted = job.count.unwrap_or_default() as usize;
        // The second draw fails like the first, and tells of the number that is wanted.
        let drawn = draw(recipe, spec, &earlier, wanted.min(TRIED_SEEDS))
            .or_else(|_| draw(recipe, spec, &earlier, wanted));
        match drawn {
            Ok(seeds) => earlier.push(seeds),
            Err(refused) => {
                let field = if job.families.is_some() { "families" } else { "count" };
                return error(field, refused.to_string());
            }
        }
    }
    Ok(())
}

/// Reads what a request asks for, and writes its plan down if it is still queued.
pub(crate) fn prepare(workshop: &Workshop, id: &RequestId) -> Result<RequestSpec, PipelineError> {
    let store = workshop.store();
    let spec = store.spec(id)?;
    if store.request(id)?.state == RequestState::Queued {
        store.plan(id, spec.jobs.len(), &items(workshop, &spec)?)?;
    }
    Ok(spec)
}

/// The work items of a request, in order.
fn items(workshop: &Workshop, spec: &RequestSpec) -> Result<Vec<PlannedItem>, PipelineError> {
    let mut jobs: Vec<Vec<Seed>> = Vec::new();
    for job in &spec.jobs {
        let gone = |reason: String| PipelineError::Recipe { recipe: job.recipe.clone(), reason };
        let recipe = workshop.recipes().get(&job.recipe).map_err(|e| gone(e.to_string()))?;
        let count = job.count.map_or(usize::MAX, |count| count as usize);
        jobs.push(match &job.problems {
            Some(problems) => problems.iter().take(count).map(supplied_seed).collect(),
            None => draw(recipe, spec, &jobs, count).map_err(|e| gone(e.to_string()))?,
        });
    }
    let mut items = Vec::new();
    for (number, seeds) in jobs.into_iter().enumerate() {
        let count = seeds.len() as f64;
        for (at, seed) in seeds.into_iter().enumerate() {
            items.push(((at as f64 + 0.5) / count, PlannedItem { job: number as u32, seed }));
        }
    }
    // Every job advances at its own pace from the start; equal places keep the order of the jobs.
    items.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    Ok(items.into_iter().map(|(_, item)| item).collect())
}

fn supplied_seed(supplied: &SuppliedProblem) -> Seed {
    Seed {
        source: supplied.source.clone(),
        vars: serde_json::Map::new(),
        problem: Some(supplied.problem()),
    }
}

/// Draws seeds for the job after those of `earlier`: of its recipe's families, those that no
/// earlier job of the recipe has.
fn draw(
    recipe: &Recipe,
    spec: &RequestSpec,
    earlier: &[Vec<Seed>],
    count: usize,
) -> Result<Vec<Seed>, SeedError> {
    let job = &spec.jobs[earlier.len()];
    let families = job.families.as_deref();
    let of_family = |seed: &&Seed| {
        let family = seed.source.strip_prefix("family:").unwrap_or_default();
        families.is_none_or(|names| names.iter().any(|name| name == family))
    };
    let taken: HashSet<Digest> = spec
        .jobs
        .iter()
        .zip(earlier)
        .filter(|(other, _)| other.recipe == job.recipe && other.problems.is_none())
        .flat_map(|(_, seeds)| seeds.iter().filter(of_family))
        .map(Seed::digest)
        .collect();
    // All seeds drawn are distinct, so that enough are left.
    let mut seeds = recipe.seeds(families, spec.seed, count + taken.len())?;
    seeds.retain(|seed| !taken.contains(&seed.digest()));
    seeds.truncate(count);
    Ok(seeds)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use lehr_generator::recipe::Recipes;

    use super::*;
    use crate::testing::{silent, workshop};

    fn jobs(json: &str) -> Vec<Vec<Seed>> {
        let spec: RequestSpec = serde_json::from_str(json).unwrap();
        let recipes = Recipes::builtin();
        let mut drawn = Vec::new();
        for job in &spec.jobs {
            let recipe = recipes.get(&job.recipe).unwrap();
            drawn.push(draw(recipe, &spec, &drawn, job.count.unwrap() as usize).unwrap());
        }
        drawn
    }

    #[test]
    fn votes_are_for_letters() {
        let home = tempfile::tempdir().unwrap();
        let workshop = workshop(home.path(), silent);
        let spec = |recipe: &str, options: &[&str], agree: u32| -> RequestSpec {
            let problem = serde_json::json!({"source": "s", "statement": "Which?",
                "options": options, "expected": {"type": "votes", "answers": 5, "agree": agree}});
            let jobs = serde_json::json!([{"recipe": recipe, "problems": [problem]}]);
            serde_json::from_value(serde_json::json!({ "jobs": jobs })).unwrap()
        };
        for (recipe, options, agree, field) in [
            ("science.choice", &["a", "b"][..], 3, ""),
            ("science.choice", &["a", "b"], 2, "jobs[0].problems[0].expected.agree"),
            ("science.choice", &[], 3, "jobs[0].problems[0].options"),
            ("math.word", &[], 3, "jobs[0].problems[0].expected"),
        ] {
            let checked = check_spec(&workshop, &spec(recipe, options, agree));
            assert_eq!(checked.err().map(|e| e.field).unwrap_or_default(), field, "{recipe}");
        }
    }

    #[test]
    fn what_cannot_be_planned_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let workshop = workshop(home.path(), silent);
        for (families, count, field) in [
            (r#"["science.facts"]"#, 10, ""),
            (r#"["science.facts"]"#, 100_000, "jobs[0].families"),
            (r#"["math.addition"]"#, 10, "jobs[0].families"),
        ] {
            let spec = format!(
                r#"{{"jobs":[{{"recipe":"science.choice","count":{count},"families":{families}}}]}}"#
            );
            let checked = check_spec(&workshop, &serde_json::from_str(&spec).unwrap());
            let error = checked.err();
            assert_eq!(error.as_ref().map_or("", |e| e.field.as_str()), field, "{families}");
            if count > TRIED_SEEDS {
                assert!(error.unwrap().message.contains("100000 are wanted"));
            }
        }
    }

    #[test]
    fn jobs_of_one_recipe_share_no_seed() {
        let facts = r#"{"recipe":"science.choice","count":150,"families":["science.facts"]}"#;
        let both = r#"{"recipe":"science.choice","count":60}"#;
        let words = r#"{"recipe":"math.word","count":40}"#;
        for list in [[facts, facts], [facts, both], [both, facts], [words, words], [words, both]] {
            let spec = |jobs: &[&str]| format!(r#"{{"seed":3,"jobs":[{}]}}"#, jobs.join(","));
            let drawn = jobs(&spec(&list));
            let all = || drawn.iter().flatten().map(Seed::digest);
            assert_eq!(all().collect::<HashSet<_>>().len(), all().count(), "{list:?}");
            assert_eq!(drawn, jobs(&spec(&list)), "{list:?}");
            assert_eq!(drawn[..1], jobs(&spec(&list[..1])), "{list:?}");
        }
    }
}
