use std::sync::{Arc, Mutex};

use lehr_record::Role;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;

const SAMPLING: Sampling =
    Sampling { temperature: 0.5, top_p: 0.9, top_k: 20, max_tokens: 7, seed: u64::MAX };
const GOOD: &str = r#"{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"four"},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}"#;

/// A server that gives each connection the next answer (the last one again and again), and
/// keeps what it was sent. A status of 0 closes the connection without an answer.
async fn serve(answers: Vec<(u16, &'static str)>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = asked.clone();
    tokio::spawn(async move {
        for turn in 0.. {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !whole(&request) {
                let mut part = [0; 4096];
                let read = socket.read(&mut part).await.unwrap();
                assert!(read > 0, "the request was cut off");
                request.extend_from_slice(&part[..read]);
            }
            log.lock().unwrap().push(String::from_utf8(request).unwrap());
            let (status, body) = answers[turn.min(answers.len() - 1)];
            if status > 0 {
                let head = format!(
                    "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                socket.write_all(head.as_bytes()).await.unwrap();
                socket.write_all(body.as_bytes()).await.unwrap();
            }
        }
    });
    (url, asked)
}

/// Whether the head and the body of a request have arrived.
fn whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

fn quick() -> OpenAiOptions {
    OpenAiOptions {
        attempts: 3,
        backoff: Duration::from_millis(1),
        timeout: Duration::from_secs(20),
        ..OpenAiOptions::default()
    }
}

async fn ask(url: &str, options: OpenAiOptions) -> Result<Reply, LlmError> {
    let backend = OpenAi::new(url, "m", options)?;
    backend.complete(&[Message::new(Role::User, "2+2?")], &SAMPLING).await
}

#[tokio::test]
async fn a_reply_is_read_and_the_question_was_complete() {
    let (url, asked) = serve(vec![(200, GOOD)]).await;
    let reply = ask(&format!("{url}/v1/"), quick()).await.unwrap();
    assert_eq!(reply.text, "four");
    assert!(reply.finished);
    assert_eq!((reply.prompt_tokens, reply.completion_tokens), (5, 2));
    let request = asked.lock().unwrap()[0].clone();
    assert!(request.starts_with("POST /v1/chat/completions "), "{request}");
    assert!(!request.to_ascii_lowercase().contains("authorization"), "{request}");
    let body: serde_json::Value =
        serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap();
    let want = serde_json::json!({
        "model": "m", "messages": [{"role": "user", "content": "2+2?"}], "temperature": 0.5,
        "max_tokens": 7, "top_p": 0.9, "top_k": 20, "seed": i64::MAX,
    });
    assert_eq!(body, want);
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_what_will_not_is_not() {
    let cut = r#"{"choices":[{"message":{"content":"a"},"finish_reason":"length"}],"usage":{"prompt_tokens":1,"completion_tokens":7}}"#;
    /// What the server answers, how often it is called, and what comes of it.
    type Case = (Vec<(u16, &'static str)>, usize, &'static str);
    let cases: [Case; 9] = [
        (vec![(429, "slow down"), (200, GOOD)], 2, "reply four true"),
        (vec![(500, ""), (0, ""), (200, cut)], 3, "reply a false"),
        (vec![(503, "starting")], 3, "failed 3 times"),
        (vec![(0, "")], 3, "failed 3 times"),
        (vec![(400, "no such model")], 1, "status 400: no such model"),
        (vec![(401, "who are you")], 1, "status 401"),
        (vec![(200, "<html>")], 1, "no chat completion"),
        (vec![(200, r#"{"choices":[]}"#)], 1, "no choice"),
        (
            vec![(
                200,
                r#"{"choices":[{"message":{"content":"a"},"finish_reason":"content_filter"}]}"#,
            )],
            1,
            "content_filter",
        ),
    ];
    for (answers, calls, want) in cases {
        let (url, asked) = serve(answers.clone()).await;
        let got = match ask(&url, quick()).await {
            Ok(reply) => format!("reply {} {}", reply.text, reply.finished),
            Err(error) => error.to_string(),
        };
        assert!(got.contains(want), "{answers:?}: {got}");
        assert_eq!(asked.lock().unwrap().len(), calls, "{answers:?}");
    }
}

#[tokio::test]
async fn a_server_that_is_silent_or_absent_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let options = OpenAiOptions { timeout: Duration::from_millis(50), ..quick() };
    assert!(matches!(ask(&url, options).await, Err(LlmError::Timeout { .. })));
    drop(listener);
    assert!(matches!(ask(&url, quick()).await, Err(LlmError::Unavailable { .. })));
}

#[test]
fn an_address_that_is_none_or_may_hold_a_secret_is_refused_and_not_repeated() {
    for (bad, reason) in [
        ("secret", "is none"),
        ("http://user:secret@host:port", "is none"),
        ("ftp://secret", "begin with http"),
        ("http://user:secret@host", "at host has a user name"),
        ("http://secret@host/v1", "at host has a user name"),
        ("http://host/?api_key=secret", "at host has a part behind `?`"),
        ("http://host/v1?api_key=secret", "at host has a part behind `?`"),
        ("http://host/#secret", "at host has a part behind `?` or `#`"),
    ] {
        let error = OpenAi::new(bad, "m", quick()).err().unwrap();
        assert!(matches!(&error, LlmError::Endpoint { .. }), "{error}");
        let text = format!("{error} {error:?}");
        assert!(text.contains(reason) && !text.contains("secret"), "{text}");
    }
    for (url, local) in [
        ("http://localhost:1", true),
        ("http://127.0.0.2", true),
        ("http://[::1]:8000", true),
        ("https://localhost.example", false),
        ("http://10.0.0.1", false),
    ] {
        assert_eq!(loopback(&address(url).unwrap()), local, "{url}");
    }
}

#[test]
fn a_key_that_cannot_be_sent_is_refused_at_once() {
    for (value, wanted) in [
        (Err(VarError::NotPresent), "KEY is not set"),
        (Err(VarError::NotUnicode("".into())), "KEY is empty or has"),
        (Ok(String::new()), "KEY is empty or has"),
        (Ok("secret\n".to_owned()), "KEY is empty or has"),
    ] {
        let error = key("KEY", value).unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(text.contains(wanted) && !text.contains("secret"), "{text}");
    }
    let header = key("KEY", Ok("secret".to_owned())).unwrap();
    assert!(header.is_sensitive() && header == "Bearer secret");
}

#[tokio::test]
async fn the_key_is_sent_and_never_told() {
    // PATH is set wherever tests run; its value stands in for a key.
    let (url, asked) = serve(vec![(400, "bad")]).await;
    let options = OpenAiOptions { key_variable: Some("PATH".into()), ..quick() };
    let error = ask(&url, options).await.unwrap_err();
    let key = std::env::var("PATH").unwrap();
    assert!(asked.lock().unwrap()[0].contains(&format!("Bearer {key}")));
    assert!(!format!("{error} {error:?}").contains(&key));
}
