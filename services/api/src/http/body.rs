//! Reading a JSON body so that every fault has its own answer.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// A JSON body of type `T`; the status of a fault is 413, 415, 400 (not JSON) or 422 (not a `T`).
pub(crate) struct JsonBody<T>(pub T);

impl<T, S> FromRequest<S> for JsonBody<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let json = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
        if !json {
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body must be JSON")
                .remedy("send the header Content-Type: application/json"));
        }
        parse(&bytes(request, state).await?).map(Self)
    }
}

/// The whole body, within the limit.
pub(crate) async fn bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection| {
        let status = rejection.status();
        let problem = Problem::new(status, rejection.body_text());
        if status == StatusCode::PAYLOAD_TOO_LARGE {
            problem.remedy("send less at a time, or raise body_limit in lehr.toml")
        } else {
            problem
        }
    })
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader);
    match value {
        Ok(value) => reader.end().map(|()| value).map_err(|error| syntax(&error)),
        Err(error) if error.inner().is_data() => {
            let field = error.path().to_string();
            let detail = error.inner().to_string();
            // An unknown field is at fault itself, not the object that holds it.
            let unknown = detail
                .strip_prefix("unknown field `")
                .and_then(|rest| rest.split('`').next())
                .map(|name| if field == "." { name.to_owned() } else { join(&field, name) });
            Err(Problem::unprocessable(unknown.unwrap_or(field), detail)
                .remedy("see /openapi.json for the fields"))
        }
        Err(error) => Err(syntax(error.inner())),
    }
}

/// serde_path_to_error names the unknown field itself in some positions and its parent in others.
fn join(path: &str, name: &str) -> String {
    if path == name || path.ends_with(&format!(".{name}")) {
        path.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

fn syntax(error: &serde_json::Error) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, format!("the body is not JSON: {error}"))
        .remedy("mend the body at the line and column named")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use lehr_record::RequestSpec;

    use super::*;

    #[test]
    fn faults_name_the_field_or_the_place() {
        for (body, status, field) in [
            ("", 400, None),
            ("{", 400, None),
            (r#"{"jobs":[]} x"#, 400, None),
            (r#"{"jobs":[],"colour":1}"#, 422, Some("colour")),
            (r#"{"jobs":[{"recipe":"a","size":1}]}"#, 422, Some("jobs[0].size")),
            (r#"{"jobs":[{"recipe":"a","count":-1}]}"#, 422, Some("jobs[0].count")),
            (r#"{"jobs":[{"recipe":1}]}"#, 422, Some("jobs[0].recipe")),
            (r#"[]"#, 422, Some(".")),
        ] {
            let problem = parse::<RequestSpec>(body.as_bytes()).unwrap_err();
            let json = serde_json::to_value(problem).unwrap();
            assert_eq!(json["status"], status, "{body}: {json}");
            assert_eq!(json.get("field").and_then(|f| f.as_str()), field, "{body}: {json}");
        }
    }
}
