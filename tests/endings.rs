//! How things end: a service that is told to stop, and clients that never finish a request.

use std::io::{Read, Write};
use std::net::TcpStream;

use anyhow::{Context, Result};
use lehr_tests::{Adder, NOBODY, Service, sums};
use serde_json::json;
use tempfile::TempDir;

/// SIGTERM ends the service with status 0, though a client follows a request that does not end,
/// and the request goes on after the next start.
#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_told_to_stop_stops() -> Result<()> {
    let data = TempDir::new()?;
    let model = Adder::start().await?;
    let service = Service::start(data.path(), &model.model(), "parallel = 1\n")?;
    let id = service.request(&json!({"jobs": [sums(0..5, 1)]})).await?;
    model.holds(1).await?;
    let mut stream = service.events(&id).await?;
    stream.chunk().await?.context("no event")?;
    assert_eq!(service.terminate()?.code(), Some(0));

    model.holds(0).await?;
    model.answer_all();
    let service = Service::start(data.path(), &model.model(), "parallel = 1\n")?;
    assert_eq!(service.wait(&id, |_| false).await?["state"], "completed");
    Ok(())
}

fn connect(service: &Service) -> Result<TcpStream> {
    let address = service.address().trim_start_matches("http://");
    Ok(TcpStream::connect(address)?)
}

/// A byte now and then does not keep a request open: the whole body has one time.
#[test]
fn a_body_that_never_ends_is_answered() -> Result<()> {
    let data = TempDir::new()?;
    let service = Service::start(data.path(), NOBODY, "client_seconds = 1\n")?;
    for path in ["/v1/requests", "/v1/benchmarks/b"] {
        let mut client = connect(&service)?;
        let mut feed = client.try_clone()?;
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: lehr\r\nContent-Type: application/json\r\n\
             Content-Length: 1000000\r\nConnection: close\r\n\r\n"
        );
        feed.write_all(head.as_bytes())?;
        let feeder = std::thread::spawn(move || {
            // Until the service hangs up.
            while feed.write_all(b" ").is_ok() {
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
        });
        let mut answer = Vec::new();
        // What comes after the answer is a connection that was cut while we were writing.
        let _ = client.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with("HTTP/1.1 408 "), "{path}: {answer:?}");
        assert!(answer.contains("application/problem+json"), "{path}: {answer}");
        assert!(answer.contains("client_seconds"), "{path}: {answer}");
        drop(client);
        feeder.join().ok().context("the feeder failed")?;
    }
    Ok(())
}

/// A connection on which no request comes, or half of one, is closed.
#[test]
fn a_head_that_never_ends_is_cut_off() -> Result<()> {
    let data = TempDir::new()?;
    let service = Service::start(data.path(), NOBODY, "client_seconds = 1\n")?;
    for sent in ["", "GET /healthz HTTP/1.1\r\nHost: lehr\r\n"] {
        let mut client = connect(&service)?;
        client.write_all(sent.as_bytes())?;
        let mut answer = String::new();
        client.read_to_string(&mut answer)?;
        assert!(!answer.contains("200"), "{sent:?}: {answer}");
    }
    Ok(())
}
