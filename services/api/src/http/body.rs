//! Reading a body, within its size and its time, so that every fault has its own answer.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

use super::Service;
use super::problem::Problem;

/// A JSON body of type `T`; the status of a fault is 408, 413, 415, 400 (not JSON) or 422 (not a
/// `T`).
pub(crate) struct JsonBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<Service>> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, service: &Arc<Service>) -> Result<Self, Problem> {
        parse(&json_bytes(request, service).await?).map(Self)
    }
}

/// A body of type `T` in JSON, or in TOML where the header says `application/toml`; faults are
/// answered as those of [`JsonBody`].
pub(crate) struct JsonOrTomlBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<Service>> for JsonOrTomlBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, service: &Arc<Service>) -> Result<Self, Problem> {
        if !is_kind(&request, "application/toml") {
            let JsonBody(value) = JsonBody::from_request(request, service).await?;
            return Ok(Self(value));
        }
        let bytes = bytes(request, service).await?;
        let syntax = |error: String| {
            Problem::new(StatusCode::BAD_REQUEST, format!("the body is not TOML: {error}"))
                .remedy("mend the body at the line and column named")
        };
        let text = std::str::from_utf8(&bytes).map_err(|error| syntax(error.to_string()))?;
        let value: toml::Value = toml::from_str(text).map_err(|error| syntax(error.to_string()))?;
        // The fields are those of the JSON form, and so are the names of their faults.
        let json = serde_json::to_vec(&value).map_err(|error| syntax(error.to_string()))?;
        parse(&json).map(Self)
    }
}

fn is_kind(request: &Request, kind: &str) -> bool {
    request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|given| given.trim().eq_ignore_ascii_case(kind))
}

/// The whole body of a request that says it is JSON.
pub(crate) async fn json_bytes(request: Request, service: &Arc<Service>) -> Result<Bytes, Problem> {
    if !is_kind(&request, "application/json") {
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body must be JSON")
            .remedy("send the header Content-Type: application/json"));
    }
    bytes(request, service).await
}

/// The whole body, within the limits of size and time.
///
/// The time is that of the whole body: a byte now and then does not prolong it.
pub(crate) async fn bytes(request: Request, service: &Arc<Service>) -> Result<Bytes, Problem> {
    let time = service.client_time;
    let Ok(body) = tokio::time::timeout(time, Bytes::from_request(request, service)).await else {
        let detail = format!("the body did not come within {} s", time.as_secs());
        return Err(Problem::new(StatusCode::REQUEST_TIMEOUT, detail)
            .remedy("send less at a time, or raise client_seconds in lehr.toml"));
    };
    body.map_err(|rejection| match rejection.status() {
        status @ StatusCode::PAYLOAD_TOO_LARGE => {
            let detail = format!("the body is over the limit of {} bytes", service.body_limit);
            Problem::new(status, detail)
                .remedy("send less at a time, or raise body_limit in lehr.toml")
        }
        status => Problem::new(status, rejection.body_text()).remedy("send the whole body again"),
    })
}

/// A `T` out of JSON; a fault names the field.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader);
    match value {
        Ok(value) => reader.end().map(|()| value).map_err(|error| syntax(&error)),
        Err(error) if error.inner().is_data() => {
            let field = error.path().to_string();
            let detail = error.inner().to_string();
            // A field that is unknown or missing is at fault itself, not the object that holds it
            // or lacks it.
            let itself = ["unknown field `", "missing field `"]
                .iter()
                .find_map(|what| detail.strip_prefix(what))
                .and_then(|rest| rest.split('`').next())
                .map(|name| if field == "." { name.to_owned() } else { join(&field, name) });
            Err(Problem::unprocessable(itself.unwrap_or(field), detail)
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
            (r#"{}"#, 422, Some("jobs")),
            (r#"{"jobs":[{"count":1}]}"#, 422, Some("jobs[0].recipe")),
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
