//! Models from Hugging Face, for those who can reach it.
//!
//! The files lie in the hub's own cache layout under the store. `config.json` is fetched last, so
//! that its presence says that the others are there.

use std::path::{Path, PathBuf};

use hf_hub::{Cache, Repo, api::tokio::ApiBuilder};

use super::{PullStep, StoreError};

const LAST: &str = "config.json";

/// Fetches the files of a repository that the engine reads.
pub(super) async fn pull(
    dir: &Path,
    id: &str,
    force: bool,
    progress: &(dyn Fn(PullStep) + Send + Sync),
) -> Result<(), StoreError> {
    if !force && locate(dir, id).is_ok() {
        return Ok(());
    }
    let error = |reason: String| StoreError::Hub { id: id.to_owned(), reason };
    let mut builder = ApiBuilder::from_env().with_cache_dir(dir.to_owned()).with_progress(false);
    if let Ok(token) = std::env::var("HF_TOKEN") {
        builder = builder.with_token(Some(token));
    }
    let api = builder.build().map_err(|e| error(e.to_string()))?;
    let repo = api.model(id.to_owned());
    let info = repo.info().await.map_err(|e| error(e.to_string()))?;
    let mut files: Vec<String> = info
        .siblings
        .into_iter()
        .map(|file| file.rfilename)
        .filter(|name| !name.contains('/'))
        .filter(|name| [".safetensors", ".json", ".jinja"].iter().any(|end| name.ends_with(end)))
        .collect();
    if !files.iter().any(|name| name.ends_with(".safetensors")) {
        return Err(error("it has no safetensors; choose a repository that has".to_owned()));
    }
    files.sort_by_key(|name| name == LAST);
    for file in files {
        progress(PullStep::Download(format!("{id}/{file}")));
        if force {
            repo.download(&file).await.map_err(|e| error(e.to_string()))?;
        } else {
            repo.get(&file).await.map_err(|e| error(e.to_string()))?;
        }
    }
    Ok(())
}

/// The directory with the files of a repository that was pulled.
pub(super) fn locate(dir: &Path, id: &str) -> Result<PathBuf, StoreError> {
    let found = Cache::new(dir.to_owned()).repo(Repo::model(id.to_owned())).get(LAST);
    let snapshot = found.as_deref().and_then(Path::parent).map(Path::to_owned);
    snapshot.ok_or_else(|| StoreError::NotPulled { name: format!("hf:{id}") })
}
