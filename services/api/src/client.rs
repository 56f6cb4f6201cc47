//! A client of the REST interface. Every command that works with a service goes through it.

use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use futures::StreamExt;
use reqwest::{Method, RequestBuilder, Response, Url};
use serde_json::Value;

/// A service and how to reach it.
pub struct Client {
    base: String,
    http: reqwest::Client,
}

impl Client {
    /// A client of the service at an address such as `http://127.0.0.1:8730`.
    ///
    /// # Errors
    /// When the system gives no TLS or sockets.
    pub fn new(base: &str) -> Result<Self> {
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(10))
            // Well before the service closes a connection on which nothing comes.
            .pool_idle_timeout(Duration::from_secs(15))
            .no_proxy()
            .build()
            .context("cannot set up an HTTP client")?;
        Ok(Self { base: base.trim_end_matches('/').to_owned(), http })
    }

    /// The service's address.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// `GET` of a path, with the JSON of the answer.
    ///
    /// # Errors
    /// The service cannot be reached, or what its problem detail says.
    pub async fn get(&self, path: &str) -> Result<Value> {
        self.json(self.request(Method::GET, path)).await
    }

    /// `POST` of a JSON body. `key` is the Idempotency-Key: the same key and body twice do the
    /// thing once.
    ///
    /// # Errors
    /// As for [`Client::get`].
    pub async fn post(&self, path: &str, body: &Value, key: Option<&str>) -> Result<Value> {
        let mut request = self.request(Method::POST, path).json(body);
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        self.json(request).await
    }

    /// `POST` of a file's bytes, or `PUT` where it may replace what is there. `query` is added to the
    /// path.
    ///
    /// # Errors
    /// As for [`Client::get`].
    pub async fn send_file(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        bytes: Vec<u8>,
    ) -> Result<Value> {
        let mut url = Url::parse(&format!("{}{path}", self.base))
            .with_context(|| format!("{} is no address of a service", self.base))?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let request = self.http.request(method, url);
        // What it is, is seen from its first bytes.
        self.json(request.header("Content-Type", "application/octet-stream").body(bytes)).await
    }

    /// `DELETE` of a path.
    ///
    /// # Errors
    /// As for [`Client::get`].
    pub async fn delete(&self, path: &str) -> Result<Value> {
        self.json(self.request(Method::DELETE, path)).await
    }

    /// All entries of a listing, page by page.
    ///
    /// # Errors
    /// As for [`Client::get`].
    pub async fn pages(&self, path: &str) -> Result<Vec<Value>> {
        let (mut entries, mut cursor) = (Vec::new(), None::<u64>);
        let join = if path.contains('?') { '&' } else { '?' };
        loop {
            let after = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
            let mut page = self.get(&format!("{path}{join}limit=500{after}")).await?;
            if let Some(Value::Array(data)) = page.get_mut("data").map(Value::take) {
                entries.extend(data);
            }
            cursor = page["next"].as_u64();
            if cursor.is_none() {
                return Ok(entries);
            }
        }
    }

    /// Follows a request until it is final, handing each progress on; gives the last.
    ///
    /// A connection that breaks is taken up again; every event holds the whole progress.
    ///
    /// # Errors
    /// As for [`Client::get`], when the service stays away for half a minute.
    pub async fn watch(&self, id: &str, mut each: impl FnMut(&Value)) -> Result<Value> {
        const TRIES: u32 = 30;
        let mut tries = 0;
        loop {
            match self.watch_once(id, &mut each).await {
                Ok(Some(last)) => return Ok(last),
                Ok(None) => tries = 0,
                Err(error) if tries >= TRIES || error.is::<Refused>() => return Err(error),
                Err(_) => tries += 1,
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    /// One connection's worth of events; `None` when it ended before the request did.
    async fn watch_once(&self, id: &str, each: &mut impl FnMut(&Value)) -> Result<Option<Value>> {
        let request = self.request(Method::GET, &format!("/v1/requests/{id}/events"));
        let mut stream = self.send(request).await?.bytes_stream();
        let mut buffer = Vec::new();
        while let Some(chunk) = stream.next().await {
            let Ok(chunk) = chunk else { return Ok(None) };
            buffer.extend_from_slice(&chunk);
            // An event ends with an empty line.
            while let Some(end) = buffer.windows(2).position(|pair| pair == b"\n\n") {
                let event: Vec<u8> = buffer.drain(..end + 2).collect();
                let event = String::from_utf8_lossy(&event);
                let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
                let Some(data) = field("data: ").or_else(|| field("data:")) else { continue };
                let Ok(progress) = serde_json::from_str::<Value>(data) else { continue };
                each(&progress);
                if field("event:").is_some_and(|name| name.trim() == "end") {
                    return Ok(Some(progress));
                }
            }
        }
        Ok(None)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base))
    }

    async fn json(&self, request: RequestBuilder) -> Result<Value> {
        let response = self.send(request).await?;
        response.json().await.with_context(|| format!("{} did not answer in JSON", self.base))
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response> {
        let response = request.send().await.with_context(|| {
            format!(
                "cannot reach lehr at {}; start it with `lehr serve`, or name it with --server",
                self.base
            )
        })?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status();
        let problem: Value = response.json().await.unwrap_or_default();
        Err(anyhow!(Refused::new(status.as_u16(), &problem)))
    }
}

/// The service turned a request away.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub struct Refused {
    /// The HTTP status.
    pub status: u16,
    text: String,
}

impl Refused {
    fn new(status: u16, problem: &Value) -> Self {
        let detail = problem["detail"].as_str().unwrap_or("no reason given");
        let mut text = format!("the service refused ({status}): {detail}");
        if let Some(field) = problem["field"].as_str().filter(|field| !detail.contains(*field)) {
            text.push_str(&format!(" (field {field})"));
        }
        if let Some(remedy) = problem["remedy"].as_str() {
            text.push_str(&format!("; {remedy}"));
        }
        Self { status, text }
    }
}
