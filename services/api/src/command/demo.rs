use std::path::PathBuf;

use anyhow::Result;

use super::Shared;
use crate::demo::{Demo, Size};

/// Arguments of `lehr demo`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Where everything goes [default: lehr-demo, or lehr-demo-2 and so on when that exists].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// How much to do.
    #[arg(long, value_enum, default_value = "full")]
    size: Size,
}

pub(super) async fn run(_shared: &Shared, args: Args) -> Result<()> {
    let out = args.out.unwrap_or_else(free_directory);
    crate::demo::run(&Demo { out, size: args.size }).await
}

fn free_directory() -> PathBuf {
    let numbered = (2u32..).map(|number| PathBuf::from(format!("lehr-demo-{number}")));
    std::iter::once(PathBuf::from("lehr-demo"))
        .chain(numbered)
        .find(|path| !path.exists())
        .unwrap_or_else(|| PathBuf::from("lehr-demo"))
}
