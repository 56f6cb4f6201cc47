//! What the program prints: text for people, or one JSON object a line for programs.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use serde_json::{Value, json};

/// Where output goes and in which form. Results go to standard output, progress to standard error.
pub struct Output {
    json: bool,
    bar: ProgressBar,
}

impl Output {
    /// Output as JSON lines or text.
    pub fn new(json: bool) -> Self {
        let target = if !json && io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        Self { json, bar: ProgressBar::with_draw_target(None, target) }
    }

    /// Whether a progress bar can be seen.
    pub fn has_bar(&self) -> bool {
        !self.bar.is_hidden()
    }

    /// Tells one event: the JSON object with its name, or the text.
    pub fn event(&self, name: &str, value: &impl Serialize, text: &str) {
        if self.json {
            let mut object = json!({ "event": name });
            if let (Value::Object(all), Ok(Value::Object(own))) =
                (&mut object, serde_json::to_value(value))
            {
                all.extend(own);
            }
            self.line(&object.to_string());
        } else if !text.is_empty() {
            self.bar.suspend(|| self.line(text));
        }
    }

    /// A line on standard output. A reader that has gone away is no error of ours.
    fn line(&self, text: &str) {
        let mut out = io::stdout().lock();
        drop(writeln!(out, "{text}").and_then(|()| out.flush()));
    }

    /// Tells an error with its causes.
    pub fn error(&self, error: &anyhow::Error) {
        self.bar.finish_and_clear();
        if self.json {
            self.event("error", &json!({ "message": format!("{error:#}") }), "");
        }
        eprintln!("error: {error:#}");
    }

    /// Tells something that the user should know.
    pub fn warning(&self, message: &str) {
        if self.json {
            self.event("warning", &json!({ "message": message }), "");
        } else {
            self.bar.suspend(|| eprintln!("warning: {message}"));
        }
    }

    /// A bar of `length` units, of which `done` are behind us.
    pub fn begin(&self, length: u64, done: u64) {
        self.style("{elapsed_precise} [{bar:32}] {pos}/{len}  {msg}  eta {eta}");
        self.bar.set_length(length);
        self.bar.reset();
        self.bar.set_position(done);
        self.bar.reset_eta();
        self.bar.enable_steady_tick(Duration::from_secs(1));
    }

    /// Moves the bar.
    pub fn at(&self, position: u64, message: String) {
        self.bar.set_position(position);
        self.bar.set_message(message);
    }

    /// A line that changes in place, for work of unknown length.
    pub fn spin(&self, message: String) {
        self.style("{spinner} {msg}");
        self.bar.set_message(message);
        self.bar.tick();
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }

    fn style(&self, template: &str) {
        // A template that does not parse would only cost the looks.
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style.progress_chars("=> "));
        }
    }
}
