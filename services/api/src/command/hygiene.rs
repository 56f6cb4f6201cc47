mod check;
mod quality;

use anyhow::Result;

use super::Shared;

/// `lehr hygiene ...`.
#[derive(clap::Subcommand)]
pub(super) enum Action {
    /// Check documents `{"id","text"}` or `{"id","messages"}`, one a line, against the registered
    /// benchmarks. Finding contaminated ones is no failure.
    Check(check::Args),
    /// Assess the quality of documents: language, length, repetition, symbols, formatting, with reasons.
    /// Finding bad ones is no failure.
    Quality(quality::Args),
}

pub(super) async fn run(shared: &Shared, action: Action) -> Result<()> {
    match action {
        Action::Check(args) => check::run(shared, args).await,
        Action::Quality(args) => quality::run(shared, args),
    }
}
