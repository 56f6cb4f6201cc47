//! Loading a model into the engine, from local files only.

use std::{num::NonZeroUsize, path::Path, sync::Arc, time::Duration};

use mistralrs::core::{
    AutoDeviceMapParams, DefaultSchedulerMethod, DeviceMapSetting, GGUFLoaderBuilder,
    GGUFSpecificConfig, Loader, MistralRsBuilder, ModelDType, NormalLoaderBuilder,
    NormalSpecificConfig, Pipeline, SchedulerConfig, TokenSource,
};
use tokio::sync::Semaphore;

use super::{ENGINE, Mistral};
use crate::{
    llm::LlmError,
    model_store::{ModelFiles, Weights},
};

/// See [`Mistral::load`].
pub(super) async fn load(files: ModelFiles, timeout: Duration) -> Result<Mistral, LlmError> {
    let path = files.weights.path().to_owned();
    let error = |reason: String| LlmError::Load { path: path.clone(), reason };
    let weights = files.weights;
    // Loading computes for seconds and uses blocking clients inside.
    let pipeline = tokio::task::spawn_blocking(move || read(&weights))
        .await
        .map_err(|panic| error(panic.to_string()))?
        .map_err(|e| error(format!("{e:#}")))?;
    let (context, end_of_text, controls) = {
        let pipeline = pipeline.lock().await;
        let metadata = pipeline.get_metadata();
        let added = pipeline.tokenizer().map(|tokenizer| tokenizer.get_added_tokens_decoder());
        let added = added.into_iter().flatten().filter(|(_, token)| token.special);
        let mut controls: Vec<String> = added.map(|(_, token)| token.content).collect();
        controls.sort();
        (metadata.max_seq_len, metadata.eos_tok.first().copied(), controls)
    };
    let end_of_text =
        end_of_text.ok_or_else(|| error("it names no token that ends a reply".to_owned()))?;
    let method = DefaultSchedulerMethod::Fixed(NonZeroUsize::MIN);
    let scheduler = SchedulerConfig::DefaultScheduler { method };
    let runner = MistralRsBuilder::new(pipeline.clone(), scheduler, false, None)
        // A cached prefix is computed in other batches, and so rounded otherwise.
        .with_no_prefix_cache(true)
        .build()
        .await;
    Ok(Mistral {
        identity: format!("{}+{ENGINE}", files.identity),
        timeout,
        pipeline,
        runner,
        turn: Arc::new(Semaphore::new(1)),
        end_of_text,
        controls,
        context,
    })
}

pub(super) type SharedPipeline = Arc<tokio::sync::Mutex<dyn Pipeline + Send + Sync>>;

/// Reads a model's files; computes for seconds.
pub(super) fn read(weights: &Weights) -> anyhow::Result<SharedPipeline> {
    let loader = match weights {
        Weights::Gguf(path) => gguf(path)?,
        Weights::Safetensors(directory) => safetensors(directory)?,
    };
    loader.load_model_from_hf(
        None,
        TokenSource::None,
        // Computing in half precision is slower on CPUs, which convert at each step.
        &ModelDType::F32,
        &candle_core::Device::Cpu,
        true,
        DeviceMapSetting::Auto(AutoDeviceMapParams::default_text()),
        None,
        None,
    )
}

fn gguf(path: &Path) -> anyhow::Result<Box<dyn Loader>> {
    let path = std::fs::canonicalize(path)?;
    let (Some(directory), Some(file)) = (path.parent(), path.file_name()) else {
        anyhow::bail!("it is not a file");
    };
    // The tokenizer and the chat template come from the file itself.
    let (directory, files) = (text(directory)?, vec![text(Path::new(file))?]);
    let config = GGUFSpecificConfig::default();
    Ok(GGUFLoaderBuilder::new(None, None, directory, files, config, false, None).build())
}

fn safetensors(directory: &Path) -> anyhow::Result<Box<dyn Loader>> {
    let directory = text(&std::fs::canonicalize(directory)?)?;
    let config = NormalSpecificConfig::default();
    // The architecture is read from the directory's config.json.
    NormalLoaderBuilder::new(config, None, None, Some(directory), false, None).build(None)
}

fn text(path: &Path) -> anyhow::Result<String> {
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| anyhow::anyhow!("the engine needs a path in Unicode; rename it"))
}
