//! A few hundred jobs, a tenth of them hostile, several at the same time. The soak of ten thousand
//! is `cargo bench -p lehr-verifier --bench sandbox -- --soak 10000`.

#[path = "attacks/attack.rs"]
mod attack;
#[path = "attacks/host.rs"]
mod host;
#[path = "attacks/play.rs"]
mod play;
#[path = "attacks/soak.rs"]
mod soak;

use lehr_verifier::{Sandbox, SandboxOptions};

#[test]
fn every_verdict_of_many_is_right_and_nothing_is_left() -> anyhow::Result<()> {
    let sandbox = Sandbox::new(SandboxOptions::default())?;
    let soaked = soak::soak(&sandbox, 300, 4)?;
    assert!(soaked.findings.is_empty(), "{soaked}");
    Ok(())
}
