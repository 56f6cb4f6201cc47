use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::{program, terminate};

/// A model that cannot be reached, for tests that make no call.
pub const NOBODY: &str = "openai:http://127.0.0.1:9/v1#nobody";

/// The header of a JSON body.
pub const JSON: (&str, &str) = ("Content-Type", "application/json");

/// A running `lehr serve`, killed when it is dropped.
pub struct Service {
    address: String,
    child: Child,
    http: reqwest::Client,
}

impl Service {
    /// Starts a service on a free port, with a configuration file in its data directory.
    ///
    /// # Errors
    /// When it ends before it listens.
    pub fn start(data: &Path, model: &str, config: &str) -> Result<Self> {
        std::fs::create_dir_all(data)?;
        let file = data.join("lehr.toml");
        std::fs::write(&file, config)?;
        let mut child = Command::new(program("lehr")?)
            .args(["serve", "--listen", "127.0.0.1:0", "--model", model, "--config"])
            .arg(&file)
            .arg("--data-dir")
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("lehr cannot be started")?;
        let output = child.stdout.take().context("lehr has no output")?;
        for line in BufReader::new(output).lines() {
            if let Some((_, address)) = line?.split_once("listening on ") {
                let address = address.trim().to_owned();
                let http = reqwest::Client::builder().no_proxy().build()?;
                return Ok(Self { address, child, http });
            }
        }
        bail!("lehr ended before it listened: {}", child.wait()?)
    }

    /// Where it listens, such as `http://127.0.0.1:4000`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Tells the process to end, and waits until it has.
    ///
    /// # Errors
    /// When it is not running.
    pub fn terminate(mut self) -> Result<ExitStatus> {
        terminate(&self.child)?;
        Ok(self.child.wait()?)
    }

    /// Kills the process as a power cut would: no signal handler runs.
    ///
    /// # Errors
    /// When it cannot be killed.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// One request to the service; status and JSON of the answer.
    ///
    /// # Errors
    /// When the service cannot be reached or does not answer in JSON.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> Result<(StatusCode, Value)> {
        let mut request = self.http.request(method, format!("{}{path}", self.address)).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await?;
        let status = response.status();
        let bytes = response.bytes().await?;
        let text = String::from_utf8_lossy(&bytes);
        let json = serde_json::from_slice(&bytes).with_context(|| format!("{path}: {text}"))?;
        Ok((status, json))
    }

    /// `GET` that must succeed.
    ///
    /// # Errors
    /// When it does not.
    pub async fn get(&self, path: &str) -> Result<Value> {
        let (status, json) = self.call(Method::GET, path, &[], "").await?;
        if !status.is_success() {
            bail!("GET {path}: {status} {json}");
        }
        Ok(json)
    }

    /// `POST` of JSON that must succeed.
    ///
    /// # Errors
    /// When it does not.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let (status, json) = self.call(Method::POST, path, &[JSON], body.to_string()).await?;
        if !status.is_success() {
            bail!("POST {path}: {status} {json}");
        }
        Ok(json)
    }

    /// Makes a request and gives its name.
    ///
    /// # Errors
    /// When the service does not take it.
    pub async fn request(&self, spec: &Value) -> Result<String> {
        let created = self.post("/v1/requests", spec).await?;
        Ok(created["id"].as_str().context("the request has no name")?.to_owned())
    }

    /// Opens the events of a request, to be read piece by piece.
    ///
    /// # Errors
    /// When the service refuses.
    pub async fn events(&self, id: &str) -> Result<reqwest::Response> {
        let path = format!("{}/v1/requests/{id}/events", self.address);
        Ok(self.http.get(path).send().await?.error_for_status()?)
    }

    /// Waits until a request is final, or until `until` says so; gives the last progress.
    ///
    /// # Errors
    /// When the service fails, or it takes more than two minutes.
    pub async fn wait(&self, id: &str, until: impl Fn(&Value) -> bool) -> Result<Value> {
        let mut progress = Value::Null;
        for _ in 0..2400 {
            progress = self.get(&format!("/v1/requests/{id}")).await?;
            let state = progress["state"].as_str().unwrap_or_default();
            if until(&progress) || ["completed", "cancelled", "failed"].contains(&state) {
                return Ok(progress);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("{id} did not end in two minutes: {progress}")
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may be gone already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
