//! Any server that speaks the OpenAI chat completion protocol: vLLM, SGLang, llama.cpp and others.

use std::{
    env::VarError,
    net::IpAddr,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use lehr_record::{Message, Reply, Sampling};
use reqwest::{
    StatusCode, Url,
    header::{AUTHORIZATION, HeaderValue, RETRY_AFTER},
};
use serde::{Deserialize, Serialize};

use super::{Backend, LlmError, check_sampling};

/// The most bytes of an answer that are read.
const MAX_ANSWER: usize = 16 << 20;

/// How a server is called.
#[derive(Clone, Debug)]
pub struct OpenAiOptions {
    /// The environment variable that holds the key, sent as a bearer token; no key when absent.
    pub key_variable: Option<String>,
    /// How many calls are worth having in flight.
    pub parallel: usize,
    /// The longest one call may take, retries included.
    pub timeout: Duration,
    /// How often a call is tried at most, at least 1.
    pub attempts: u32,
    /// The wait before the second try; doubled before each further one, up to a minute. The true
    /// wait is drawn from its upper half, so that calls refused together do not return together.
    pub backoff: Duration,
    /// Whether to send `top_k`, which vLLM, SGLang and llama.cpp know and OpenAI itself refuses.
    pub top_k: bool,
}

impl Default for OpenAiOptions {
    fn default() -> Self {
        Self {
            key_variable: None,
            parallel: 64,
            timeout: Duration::from_secs(30 * 60),
            attempts: 6,
            backoff: Duration::from_millis(500),
            top_k: true,
        }
    }
}

/// A model served by an OpenAI-compatible server.
///
/// A reply is reproducible only as far as the server honours `seed`.
pub struct OpenAi {
    http: reqwest::Client,
    endpoint: String,
    model: String,
    identity: String,
    /// The header that carries it.
    key: Option<HeaderValue>,
    options: OpenAiOptions,
}

impl OpenAi {
    /// Prepares calls to `model` at `base_url`, such as `http://localhost:8000` with or without
    /// `/v1`. Nothing is sent yet.
    ///
    /// # Errors
    /// [`LlmError::Endpoint`] for an address that is none or may hold a secret,
    /// [`LlmError::KeyMissing`] when the key's variable is not set, [`LlmError::KeyUnusable`] when it
    /// holds no key.
    pub fn new(base_url: &str, model: &str, options: OpenAiOptions) -> Result<Self, LlmError> {
        let base = address(base_url).map_err(|reason| LlmError::Endpoint { reason })?;
        let variable = options.key_variable.as_deref();
        let key = variable.map(|name| key(name, std::env::var(name))).transpose()?;
        let mut client = reqwest::Client::builder().connect_timeout(Duration::from_secs(10));
        if loopback(&base) {
            client = client.no_proxy();
        }
        let reason = |error| format!("cannot be called: {}", chain(&error));
        let http = client.build().map_err(|error| LlmError::Endpoint { reason: reason(error) })?;
        let base = base.as_str().trim_end_matches('/');
        let endpoint = format!("{base}/v1/chat/completions");
        let identity = format!("openai:{base}#{model}");
        Ok(Self { http, endpoint, model: model.to_owned(), identity, key, options })
    }

    /// Tries once.
    async fn attempt(&self, ask: &Ask<'_>) -> Result<Answer, Failure> {
        let mut request = self.http.post(&self.endpoint).json(ask);
        if let Some(key) = &self.key {
            request = request.header(AUTHORIZATION, key);
        }
        let again = |e: reqwest::Error| Failure::Again { reason: chain(&e), wait: None };
        let mut response = request.send().await.map_err(again)?;
        let status = response.status();
        let wait = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok()?.parse().ok())
            .map(Duration::from_secs);
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(again)? {
            body.extend_from_slice(&chunk);
            if body.len() > MAX_ANSWER {
                return Err(self.bad(format!("is longer than {MAX_ANSWER} bytes")));
            }
        }
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|e| self.bad(e.to_string()));
        }
        let body: String = String::from_utf8_lossy(&body).chars().take(500).collect();
        let retried = status.is_server_error()
            || [StatusCode::TOO_MANY_REQUESTS, StatusCode::REQUEST_TIMEOUT].contains(&status);
        Err(if retried {
            Failure::Again { reason: format!("status {}: {body}", status.as_u16()), wait }
        } else {
            let endpoint = self.endpoint.clone();
            Failure::Final(LlmError::Refused { endpoint, status: status.as_u16(), body })
        })
    }

    fn bad(&self, reason: String) -> Failure {
        Failure::Final(LlmError::BadReply { endpoint: self.endpoint.clone(), reason })
    }

    /// Tries until there is an answer, a refusal, or no try left.
    async fn persist(&self, ask: &Ask<'_>) -> Result<Answer, LlmError> {
        let mut backoff = self.options.backoff;
        let mut attempt = 1;
        loop {
            match self.attempt(ask).await {
                Ok(answer) => return Ok(answer),
                Err(Failure::Final(error)) => return Err(error),
                Err(Failure::Again { reason, .. }) if attempt >= self.options.attempts => {
                    return Err(LlmError::Unavailable {
                        endpoint: self.endpoint.clone(),
                        attempts: attempt,
                        reason,
                    });
                }
                Err(Failure::Again { reason, wait }) => {
                    let jittered = backoff.mul_f64(0.5 + 0.5 * rand::random::<f64>());
                    let wait = wait.unwrap_or(jittered).min(Duration::from_secs(60));
                    tracing::debug!(%reason, attempt, ?wait, "calling the model again");
                    tokio::time::sleep(wait).await;
                    backoff = (backoff * 2).min(Duration::from_secs(60));
                    attempt += 1;
                }
            }
        }
    }
}

#[async_trait]
impl Backend for OpenAi {
    fn identity(&self) -> &str {
        &self.identity
    }

    fn parallel(&self) -> usize {
        self.options.parallel
    }

    async fn complete(&self, messages: &[Message], sampling: &Sampling) -> Result<Reply, LlmError> {
        check_sampling(sampling)?;
        let ask = Ask::new(&self.model, messages, sampling, self.options.top_k);
        let start = Instant::now();
        let timeout = self.options.timeout;
        let answer = tokio::time::timeout(timeout, self.persist(&ask))
            .await
            .map_err(|_| LlmError::Timeout { identity: self.identity.clone(), timeout })??;
        let seconds = start.elapsed().as_secs_f64();
        answer
            .reply(seconds)
            .map_err(|reason| LlmError::BadReply { endpoint: self.endpoint.clone(), reason })
    }
}

/// The address of a server, without `/v1` at its end; or what is wrong with it, without repeating
/// it.
///
/// It is written down with every sample, so it may have no part in which people put secrets.
pub(super) fn address(text: &str) -> Result<Url, String> {
    let base = text.trim_end_matches('/');
    let base = base.strip_suffix("/v1").unwrap_or(base);
    let url = Url::parse(base).map_err(|error| format!("is none: {error}"))?;
    if !["http", "https"].contains(&url.scheme()) {
        return Err("does not begin with http:// or https://".to_owned());
    }
    let host = url.host_str().unwrap_or_default();
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!("at {host} has a user name or a password; name the variable of a key"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!("at {host} has a part behind `?` or `#`; leave it out"));
    }
    Ok(url)
}

/// Whether a server is on this machine, where no proxy leads.
fn loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The header with the key that a variable holds.
fn key(variable: &str, value: Result<String, VarError>) -> Result<HeaderValue, LlmError> {
    let variable = variable.to_owned();
    let header = match value {
        Err(VarError::NotPresent) => return Err(LlmError::KeyMissing { variable }),
        Ok(key) if !key.is_empty() => HeaderValue::from_str(&format!("Bearer {key}")).ok(),
        Ok(_) | Err(VarError::NotUnicode(_)) => None,
    };
    let mut header = header.ok_or(LlmError::KeyUnusable { variable })?;
    header.set_sensitive(true);
    Ok(header)
}

/// How one try failed.
enum Failure {
    /// It may be tried again, after `wait` where the server named one.
    Again { reason: String, wait: Option<Duration> },
    /// It will fail again.
    Final(LlmError),
}

/// An error with its causes: reqwest's own message hides them.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// The request body.
#[derive(Serialize)]
struct Ask<'a> {
    model: &'a str,
    messages: &'a [Message],
    temperature: f64,
    max_tokens: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_p: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_k: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
}

impl<'a> Ask<'a> {
    fn new(model: &'a str, messages: &'a [Message], sampling: &Sampling, top_k: bool) -> Self {
        let Sampling { temperature, max_tokens, .. } = *sampling;
        let drawn = temperature > 0.0;
        Self {
            model,
            messages,
            temperature,
            max_tokens,
            top_p: drawn.then_some(sampling.top_p),
            top_k: (drawn && top_k && sampling.top_k > 0).then_some(sampling.top_k),
            // Servers keep the seed as a signed 64-bit number.
            seed: drawn.then_some(sampling.seed & (u64::MAX >> 1)),
        }
    }
}

/// The part of the response body that is read.
#[derive(Deserialize)]
struct Answer {
    choices: Vec<AnswerChoice>,
    usage: Option<AnswerUsage>,
}

#[derive(Deserialize)]
struct AnswerChoice {
    message: AnswerMessage,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct AnswerMessage {
    content: Option<String>,
}

#[derive(Deserialize)]
struct AnswerUsage {
    prompt_tokens: u32,
    completion_tokens: u32,
}

impl Answer {
    fn reply(self, seconds: f64) -> Result<Reply, String> {
        let choice = self.choices.into_iter().next().ok_or("it has no choice")?;
        let text = choice.message.content.ok_or("its message has no content")?;
        let finished = match choice.finish_reason.as_deref() {
            Some("stop") => true,
            Some("length") => false,
            other => return Err(format!("its finish_reason is {other:?}")),
        };
        let usage = self.usage.ok_or("it has no usage")?;
        let AnswerUsage { prompt_tokens, completion_tokens } = usage;
        Ok(Reply { text, finished, prompt_tokens, completion_tokens, seconds })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
