//! Models from Hugging Face, for those who can reach it.
//!
//! The files lie in the hub's own cache layout under the store. All are fetched at the one revision
//! that the repository has when the pull begins. `revisions/ORG/NAME`, which names it, is written
//! last, so that its presence says that the others are there.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use hf_hub::{Cache, Repo, RepoType, api::tokio::ApiBuilder};

use super::{PullStep, StoreError};

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
    let info = api.model(id.to_owned()).info().await.map_err(|e| error(e.to_string()))?;
    let files = wanted(info.siblings.into_iter().map(|file| file.rfilename).collect());
    if !files.iter().any(|name| is_weights(name)) {
        return Err(error("it has no safetensors; choose a repository that has".to_owned()));
    }
    let repo = api.repo(at(id, &info.sha));
    for file in files {
        progress(PullStep::Download(format!("{id}/{file}")));
        if force {
            repo.download(&file).await.map_err(|e| error(e.to_string()))?;
        } else {
            repo.get(&file).await.map_err(|e| error(e.to_string()))?;
        }
    }
    complete(dir, id, &info.sha)
}

/// The directory with the files of a repository that was pulled.
pub(super) fn locate(dir: &Path, id: &str) -> Result<PathBuf, StoreError> {
    let revision = std::fs::read_to_string(marker(dir, id)).ok();
    let config = |revision: String| {
        Cache::new(dir.to_owned()).repo(at(id, revision.trim())).get("config.json")
    };
    let snapshot = revision.and_then(config).as_deref().and_then(Path::parent).map(Path::to_owned);
    snapshot.ok_or_else(|| StoreError::NotPulled { name: format!("hf:{id}") })
}

/// Says that all files of a repository are there, at this revision.
fn complete(dir: &Path, id: &str, revision: &str) -> Result<(), StoreError> {
    let marker = marker(dir, id);
    let disk = StoreError::disk(&marker);
    let parent = marker.parent().unwrap_or(dir);
    std::fs::create_dir_all(parent).map_err(&disk)?;
    let mut file = tempfile::NamedTempFile::new_in(parent).map_err(&disk)?;
    writeln!(file, "{revision}").map_err(&disk)?;
    file.persist(&marker).map_err(|error| disk(error.error))?;
    Ok(())
}

fn marker(dir: &Path, id: &str) -> PathBuf {
    dir.join("revisions").join(id)
}

fn at(id: &str, revision: &str) -> Repo {
    Repo::with_revision(id.to_owned(), RepoType::Model, revision.to_owned())
}

/// The files of a repository that the engine reads. Where there are weights called `model…`, as
/// the hub's own library writes them, others are the same again in another layout.
fn wanted(mut files: Vec<String>) -> Vec<String> {
    let ends = [".safetensors", ".json", ".jinja"];
    files.retain(|name| !name.contains('/') && ends.iter().any(|end| name.ends_with(end)));
    let usual = |name: &str| is_weights(name) && name.starts_with("model");
    if files.iter().any(|name| usual(name)) {
        files.retain(|name| usual(name) || !is_weights(name));
    }
    files
}

fn is_weights(name: &str) -> bool {
    name.ends_with(".safetensors")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_repository_is_there_when_its_pull_came_to_the_end() {
        let dir = tempfile::tempdir().unwrap();
        let absent = || matches!(locate(dir.path(), "a/b"), Err(StoreError::NotPulled { .. }));
        assert!(absent());
        // What the hub's library leaves of two revisions.
        let cache = Cache::new(dir.path().to_owned());
        let mut snapshots = Vec::new();
        for revision in ["1a", "2b"] {
            let snapshot = dir.path().join("models--a--b/snapshots").join(revision);
            std::fs::create_dir_all(&snapshot).unwrap();
            std::fs::write(snapshot.join("config.json"), "{}").unwrap();
            cache.repo(at("a/b", revision)).create_ref(revision).unwrap();
            snapshots.push(snapshot);
        }
        assert!(absent(), "a pull that was cut off counts as none");
        for (revision, snapshot) in ["1a", "2b"].into_iter().zip(snapshots) {
            complete(dir.path(), "a/b", revision).unwrap();
            assert_eq!(locate(dir.path(), "a/b").unwrap(), snapshot);
        }
        complete(dir.path(), "a/b", "3c").unwrap();
        assert!(absent(), "its files were removed");
    }

    #[test]
    fn only_what_the_engine_reads_is_fetched_and_no_weights_twice() {
        for (files, want) in [
            (
                "README.md config.json model-1-of-2.safetensors model-2-of-2.safetensors \
                 model.safetensors.index.json consolidated.safetensors original/x.safetensors",
                "config.json model-1-of-2.safetensors model-2-of-2.safetensors \
                 model.safetensors.index.json",
            ),
            (
                "weights.safetensors pytorch_model.bin tokenizer.json chat_template.jinja",
                "weights.safetensors tokenizer.json chat_template.jinja",
            ),
        ] {
            let files = files.split_whitespace().map(str::to_owned).collect();
            assert_eq!(wanted(files), want.split_whitespace().collect::<Vec<_>>());
        }
    }
}
