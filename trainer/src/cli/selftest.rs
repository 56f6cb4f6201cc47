//! `trainer selftest`.

use lehr_trainer::engine::check::{F32_BOUND, selftest};
use lehr_trainer::engine::cpu::Cpu;
use lehr_trainer::run::RunError;
use serde_json::json;

use super::output::Output;
use super::{DeviceArgument, Ending};

#[derive(Debug, clap::Args)]
pub(super) struct Selftest {
    #[command(flatten)]
    device: DeviceArgument,
}

impl Selftest {
    pub(super) fn run(&self, output: &Output) -> anyhow::Result<Ending> {
        self.device.device.require_cpu().map_err(RunError::from)?;
        let checks = selftest(|| Ok(Cpu::new()), F32_BOUND)?;
        for check in &checks {
            let passed = check.passed();
            let verdict = if passed { "ok  " } else { "FAIL" };
            let text = format!(
                "{verdict}  {:40}  error {:.1e}, bound {:.1e}",
                check.name, check.error, check.bound
            );
            let value = json!({
                "name": check.name, "passed": passed, "error": check.error, "bound": check.bound,
            });
            output.event("check", &value, &text);
        }
        let failed = checks.iter().filter(|check| !check.passed()).count();
        anyhow::ensure!(failed == 0, "{failed} of {} checks failed", checks.len());
        output.event("selftest", &json!({ "passed": checks.len() }), "all checks passed");
        Ok(Ending::Done)
    }
}
