//! The signals that end a program.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGTERM and SIGINT, taken over from the system.
pub(crate) struct Signals(Option<(Signal, Signal)>);

impl Signals {
    /// Takes the signals over. Where that cannot be done the system's way stands: the signal ends
    /// the process, which nothing here depends on surviving.
    pub fn take() -> Self {
        let (terminate, interrupt) =
            (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
        Self(terminate.ok().zip(interrupt.ok()))
    }

    /// Waits for the next of them.
    pub async fn next(&mut self) {
        match &mut self.0 {
            Some((terminate, interrupt)) => tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            },
            None => std::future::pending().await,
        }
    }
}
