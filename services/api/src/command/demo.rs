use std::path::PathBuf;

use anyhow::{Result, anyhow};

use super::{Shared, Usage};
use crate::demo::{Demo, Size};

/// Arguments of `lehr demo`. It runs a service of its own, with its data below `--out`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Where everything goes [default: lehr-demo, or lehr-demo-2 and so on when that exists].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// How much to do.
    #[arg(long, value_enum, default_value = "full")]
    size: Size,
}

pub(super) async fn run(shared: &Shared, args: Args) -> Result<()> {
    for (flag, given) in
        [("--data-dir", shared.data_dir.is_some()), ("--server", shared.server.is_some())]
    {
        if given {
            return Err(Usage(anyhow!(
                "the demonstration runs a service of its own and keeps everything below --out; \
                 leave {flag} out"
            ))
            .into());
        }
    }
    let out = args.out.unwrap_or_else(free_directory);
    if out.exists() {
        return Err(Usage(anyhow!(
            "{} exists already; name another directory with --out",
            out.display()
        ))
        .into());
    }
    crate::demo::run(&Demo { out, size: args.size, style: shared.style() }).await
}

fn free_directory() -> PathBuf {
    let numbered = (2u32..).map(|number| PathBuf::from(format!("lehr-demo-{number}")));
    std::iter::once(PathBuf::from("lehr-demo"))
        .chain(numbered)
        .find(|path| !path.exists())
        .unwrap_or_else(|| PathBuf::from("lehr-demo"))
}
