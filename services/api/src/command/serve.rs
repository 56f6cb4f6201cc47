use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use lehr_generator::llm::{self, BackendOptions, ModelSpec};
use lehr_generator::model_store::ModelStore;
use lehr_generator::recipe::Recipes;
use lehr_hygiene::BenchmarkRegistry;
use lehr_hygiene::corpus::Corpora;
use lehr_pipeline::{Catalogue, Scheduler, Workshop, WorkshopParts};
use lehr_store::Store;
use lehr_verifier::sandbox::{Sandbox, SandboxOptions};
use tokio::net::TcpListener;

use super::{Shared, Usage};
use crate::config::{Config, data_dir, models_dir};
use crate::http::{self, Service};
use crate::output::line;
use crate::signal::Signals;

/// How long the work may take to come to rest when the service is told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// The exit status of a program that a second signal ends.
const INTERRUPTED: i32 = 130;

/// Arguments of `lehr serve`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The configuration file.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// The model: default, a GGUF file, a safetensors directory, hf:ORG/NAME, openai:URL#MODEL or
    /// replay:FILE.
    #[arg(long)]
    model: Option<String>,
}

pub(super) async fn run(shared: &Shared, args: Args) -> Result<()> {
    let mut config = match &args.config {
        Some(path) => Config::read(path).map_err(Usage)?,
        None => Config::default(),
    };
    if let Some(listen) = args.listen {
        config.listen = listen;
    }
    if let Some(model) = args.model {
        config.model = model;
    }
    let spec: ModelSpec = config.model.parse().map_err(|error| Usage(anyhow::Error::new(error)))?;
    let data = data_dir(shared.data_dir.as_deref()).map_err(Usage)?;
    // The journal first: it keeps a second service out before anything slow is done.
    let store = Arc::new(Store::open(&data)?);
    let listener = TcpListener::bind(&config.listen)
        .await
        .with_context(|| format!("cannot listen on {}; choose another --listen", config.listen))
        .map_err(Usage)?;
    let recipes = match &config.prompts {
        Some(directory) => Recipes::load(directory).map_err(|e| Usage(e.into()))?,
        None => Recipes::builtin(),
    };
    let registry = Arc::new(BenchmarkRegistry::open(data.join("benchmarks"))?);
    let options = SandboxOptions {
        allow_degraded: config.allow_degraded.clone(),
        wheels: config.wheels.clone(),
        ..SandboxOptions::default()
    };
    let sandbox = Sandbox::new(options).map(Arc::new).map_err(|error| error.to_string());
    if let Err(reason) = &sandbox {
        tracing::warn!(%reason, "there is no sandbox here: recipes that run programs are refused");
    }
    let models = ModelStore::open(models_dir().map_err(Usage)?);
    let options = BackendOptions {
        timeout: Duration::from_secs(config.call_seconds),
        parallel: config.parallel,
        key_variable: config.key_variable.clone(),
    };
    let backend = llm::open(&spec, &models, &options).await?;
    let catalogue = Arc::new(Catalogue::open(Arc::clone(&store), &data.join("search"))?);
    let workshop = Workshop::new(WorkshopParts { store, recipes, backend, registry, sandbox });
    let scheduler = Scheduler::start(Arc::new(workshop))?;

    tokio::spawn(Arc::clone(&catalogue).follow());

    let imports_home = data.join("imports");
    std::fs::create_dir_all(&imports_home)
        .with_context(|| format!("cannot make {}", imports_home.display()))?;
    let mut imports = config.import_dirs.clone();
    imports.push(imports_home);
    let service = Service {
        scheduler: Arc::clone(&scheduler),
        catalogue,
        corpora: Corpora::open(data.join("corpora"))?,
        mixes: data.join("mixes"),
        imports,
        model: spec.to_string(),
        body_limit: config.body_limit,
        client_time: Duration::from_secs(config.client_seconds),
    };
    let address = listener.local_addr().context("the listening socket has no address")?;
    let mut signals = Signals::take();
    if let Err(error) = line(&format!("lehr is listening on http://{address}")) {
        tracing::warn!(%error, "nobody was told that lehr is listening on http://{address}");
    }
    let client_time = service.client_time;
    http::serve(listener, http::router(Arc::new(service)), client_time, async move {
        signals.next().await;
        tokio::spawn(async move {
            signals.next().await;
            // Whoever asks twice does not want to wait; the journal is whole at every moment.
            std::process::exit(INTERRUPTED);
        });
    })
    .await;
    if tokio::time::timeout(GRACE, scheduler.shut_down()).await.is_err() {
        tracing::warn!("some work did not come to rest; it is done again after the next start");
    }
    Ok(())
}
