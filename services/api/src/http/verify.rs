use std::fmt;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use futures::{StreamExt, stream};
use lehr_pipeline::Workshop;
use lehr_record::{Outcome, Verdict};
use lehr_verifier::task::{Judged, Task};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize as Derived, Serialize};

use super::Service;
use super::body::{json_bytes, parse};
use super::problem::Problem;
use super::requests::idempotency_key;

/// The most tasks of a batch.
const MOST_TASKS: usize = 1000;

/// Tasks of one batch at work at once, so that others get their turn on the cores.
const AT_WORK: usize = 16;

/// Several tasks.
#[derive(Derived)]
#[serde(deny_unknown_fields)]
struct Batch {
    tasks: Vec<Task>,
}

/// What is answered: one verdict to one task, else as many as there are tasks, in their order.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Answer {
    One(Box<Judged>),
    Several { verdicts: Vec<Judged> },
}

/// `POST /v1/verify`: the verdict on a task, or on each task of a batch.
///
/// Nothing is kept, so the same body sent again is judged again; an Idempotency-Key is taken and
/// makes no difference.
pub(crate) async fn judge(
    State(service): State<Arc<Service>>,
    headers: HeaderMap,
    request: Request,
) -> Result<Json<Answer>, Problem> {
    idempotency_key(&headers)?;
    let body = json_bytes(request, &service).await?;
    let workshop = service.scheduler.workshop();
    if parse::<Shape>(&body).is_ok_and(|shape| shape.is_batch) {
        let tasks = parse::<Batch>(&body)?.tasks;
        drop(body);
        if tasks.len() > MOST_TASKS {
            let detail = format!("there are {} tasks; send at most {MOST_TASKS}", tasks.len());
            return Err(Problem::unprocessable("tasks", detail).remedy("send them in batches"));
        }
        for (at, task) in tasks.iter().enumerate() {
            accept(workshop, task, &format!("tasks[{at}].kind"))?;
        }
        let verdicts = stream::iter(tasks.into_iter().map(|task| verdict(workshop, task)))
            .buffered(AT_WORK)
            .collect()
            .await;
        Ok(Json(Answer::Several { verdicts }))
    } else {
        let task: Task = parse(&body)?;
        drop(body);
        accept(workshop, &task, "kind")?;
        Ok(Json(Answer::One(Box::new(verdict(workshop, task).await))))
    }
}

/// Refuses a program where this machine has no sandbox, as a request for programs is refused.
fn accept(workshop: &Workshop, task: &Task, field: &str) -> Result<(), Problem> {
    match workshop.sandbox() {
        Err(reason) if task.needs_sandbox() => {
            let detail = format!("programs are run, and this machine has no sandbox: {reason}");
            Err(Problem::unprocessable(field, detail)
                .remedy("see what `verifier doctor` says there, or send no programs"))
        }
        _ => Ok(()),
    }
}

async fn verdict(workshop: &Workshop, task: Task) -> Judged {
    let (id, sandbox) = (task.id.clone(), workshop.sandbox().cloned().map_err(str::to_owned));
    let judged = workshop.on_core(move || {
        let sandbox = sandbox.as_deref().map_err(String::as_str);
        task.judge(|| sandbox)
    });
    // A verifier that panics says nothing about this task, and the others have their verdicts.
    let verdict = judged.await.unwrap_or_else(|died| {
        Verdict::new(Outcome::Error, format!("the verifier failed: {died}"))
    });
    Judged::new(id, verdict)
}

/// Whether a body is a batch, told before it is read as one or the other, so that a fault in it is
/// told of the one that was meant.
struct Shape {
    is_batch: bool,
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_map(ShapeReader)
    }
}

struct ShapeReader;

impl<'de> Visitor<'de> for ShapeReader {
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Shape, A::Error> {
        let mut is_batch = false;
        while let Some(key) = map.next_key::<String>()? {
            is_batch |= key == "tasks";
            map.next_value::<IgnoredAny>()?;
        }
        Ok(Shape { is_batch })
    }
}
