use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StringArray, TimestampMillisecondArray};
use lehr_hygiene::AddOptions;
use lehr_record::{
    DatasetCount, DatasetSource, Digest, MixDedup, MixManifest, MixRecipe, OnShortfall,
    RecipeDataset,
};
use parquet::arrow::ArrowWriter;
use serde_json::json;
use tempfile::TempDir;

use super::build::build_mix;
use super::create::state;
use super::source::Found;
use super::*;
use crate::testing::{LEAK, silent, workshop};
use crate::{MixError, Workshop};

struct Bench {
    home: TempDir,
    workshop: Arc<Workshop>,
}

impl Bench {
    fn new() -> Self {
        let home = TempDir::new().unwrap();
        let workshop = workshop(home.path(), silent);
        Self { home, workshop }
    }

    fn file(&self, name: &str, content: &str) -> String {
        let path = self.home.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path.to_string_lossy().into_owned()
    }

    /// A JSONL file of documents of 100 tokens each.
    fn jsonl(&self, name: &str, documents: usize) -> String {
        let line = |n: usize| json!({"text": text(name, n)}).to_string() + "\n";
        self.file(name, &(0..documents).map(line).collect::<String>())
    }

    fn mixes(&self) -> PathBuf {
        self.home.path().join("mixes")
    }

    fn build(&self, recipe: &MixRecipe, into: &Path) -> Result<MixManifest, MixError> {
        let (benchmarks, registered) = state(&self.workshop)?;
        build_mix(self.workshop.store(), &benchmarks, registered, recipe, into)
    }

    async fn create(&self, recipe: &MixRecipe) -> Result<MadeMix, MixError> {
        create_mix(&self.workshop, recipe.clone(), self.mixes()).await
    }

    fn documents(&self, path: &Path) -> Result<Vec<Document>, MixError> {
        let dataset = dataset("all", 1.0, &path.to_string_lossy());
        let mut documents = Vec::new();
        source::read(self.workshop.store(), &self.mixes(), &dataset, |found| {
            if let Found::Document(document) = found {
                documents.push(document);
            }
            Ok(())
        })?;
        Ok(documents)
    }
}

/// A text of 400 bytes.
fn text(name: &str, number: usize) -> String {
    let text = format!("{name} {number} ");
    let filler = "lorem ipsum dolor sit amet ".repeat(15);
    format!("{text}{}", &filler[..400 - text.len()])
}

fn dataset(name: &str, weight: f64, path: &str) -> RecipeDataset {
    let source = DatasetSource::Path(path.to_owned());
    RecipeDataset { weight: Some(weight), ..RecipeDataset::of(name, source) }
}

fn recipe(datasets: Vec<RecipeDataset>) -> MixRecipe {
    let dedup = MixDedup { near: false, ..MixDedup::default() };
    MixRecipe { seed: 5, dedup, ..MixRecipe::of("m", datasets) }
}

/// A Parquet file with a column that has no JSON form here.
fn parquet(bench: &Bench, documents: usize) -> String {
    let texts: Vec<_> = (0..documents).map(|n| text("parquet", n)).collect();
    let when = TimestampMillisecondArray::from(vec![0; documents]).with_timezone("Europe/Berlin");
    let columns: [(&str, ArrayRef); 2] =
        [("when", Arc::new(when)), ("text", Arc::new(StringArray::from(texts)))];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let path = bench.home.path().join("b.parquet");
    let file = fs::File::create(&path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    path.to_string_lossy().into_owned()
}

#[test]
fn a_mix_keeps_weights_and_leaves_out_what_it_must() {
    let bench = Bench::new();
    let a = bench.jsonl("a.jsonl", 90);
    let more = [text("a.jsonl", 3).to_uppercase(), LEAK.to_owned()];
    let more = more.map(|text| json!({"text": text}).to_string());
    fs::write(&a, fs::read_to_string(&a).unwrap() + &more.join("\n")).unwrap();
    let mut recipe = recipe(vec![
        dataset("a", 3.0, &a),
        RecipeDataset { max_repeat: 2.0, ..dataset("b", 1.0, &parquet(&bench, 40)) },
        dataset("none", 1.0, &bench.file("none.jsonl", "\n")),
    ]);
    recipe.heldout = 0.1;
    recipe.target_tokens = Some(10_000);
    recipe.on_shortfall = OnShortfall::Accept;
    let made = bench.build(&recipe, &bench.mixes()).unwrap();
    let [a, b, none] = &made.counts[..] else { panic!("{:?}", made.counts) };
    let left_out = |count: &DatasetCount| (count.dropped.duplicate, count.dropped.contaminated);
    assert_eq!((a.available, left_out(a), a.heldout, a.usable), (92, (1, 1), 9, 81));
    assert_eq!((b.available, left_out(b), b.heldout, b.usable), (40, (0, 0), 4, 36));
    assert_eq!((none.available, none.documents), (0, 0));
    assert_eq!((a.tokens, b.tokens), (6000, 2000));
    assert!((a.share_asked - 0.6).abs() < 1e-9 && (a.share_reached - 0.75).abs() < 1e-9);

    // Two thousand tokens of 36 documents: none twice. Held-out ones are not trained on.
    let mix = bench.mixes().join("m");
    let training = bench.documents(&mix).unwrap();
    let texts = |documents: &[Document]| {
        documents.iter().map(Document::text).collect::<std::collections::HashSet<_>>()
    };
    assert_eq!((training.len(), texts(&training).len()), (80, 80));
    assert_eq!((made.files[0].rows, made.heldout[0].rows), (80, 13));
    let heldout = bench.documents(&mix.join(&made.heldout[0].path)).unwrap();
    assert!(texts(&heldout).is_disjoint(&texts(&training)));
    for file in made.files.iter().chain(&made.heldout) {
        assert_eq!(Digest::of_bytes(&fs::read(mix.join(&file.path)).unwrap()), file.sha256);
    }

    // The same bytes in another place; repetitions when there is too little.
    assert_eq!(bench.build(&recipe, &bench.home.path().join("again")).unwrap(), made);
    recipe.target_tokens = Some(30_000);
    let made = bench.build(&recipe, &bench.home.path().join("more")).unwrap();
    assert_eq!((made.counts[0].documents, made.counts[1].documents), (81, 60));
}

#[test]
fn a_document_longer_than_one_check_is_mixed() {
    let bench = Bench::new();
    let long = json!({"text": "x".repeat(5 << 20)}).to_string();
    let made = bench
        .build(&recipe(vec![dataset("a", 1.0, &bench.file("a.jsonl", &long))]), &bench.mixes());
    assert_eq!(made.unwrap().counts[0].documents, 1);
}

#[test]
fn a_domain_leaves_others_out_and_names_those_without() {
    let bench = Bench::new();
    let lines = ["math", "code", ""].map(|domain| {
        json!({"text": text("d", domain.len()), "domain": domain, "id": domain}).to_string()
    });
    let mut dataset = dataset("a", 1.0, &bench.file("a.jsonl", &lines.join("\n")));
    dataset.domain = Some(lehr_record::Domain::Math);
    let made = bench.build(&recipe(vec![dataset]), &bench.mixes()).unwrap();
    assert_eq!((made.counts[0].available, made.counts[0].dropped.other_kind), (3, 1));
    let documents = bench.documents(&bench.mixes().join("m")).unwrap();
    assert!(documents.iter().all(|document| document.domain == "math"), "{documents:?}");
}

#[test]
fn a_mix_as_a_dataset_gives_its_training_files_as_they_were() {
    let bench = Bench::new();
    let mut first = recipe(vec![dataset("a", 1.0, &bench.jsonl("a.jsonl", 20))]);
    first.heldout = 0.5;
    let made = bench.build(&first, &bench.mixes()).unwrap();
    let mix = bench.mixes().join("m");
    let second =
        MixRecipe { name: "n".into(), ..recipe(vec![dataset("m", 1.0, &mix.to_string_lossy())]) };
    assert_eq!(bench.build(&second, &bench.mixes()).unwrap().counts[0].available, 10);

    let reason = || bench.documents(&mix).unwrap_err().to_string();
    let file = mix.join(&made.files[0].path);
    let mut bytes = fs::read(&file).unwrap();
    bytes[9] ^= 1;
    fs::write(&file, bytes).unwrap();
    assert!(reason().contains("part-00000.parquet: its SHA-256 is"), "{}", reason());
    for name in ["../../secret.jsonl", "/etc/passwd", "..", ""] {
        let manifest = json!({"files": [{"path": name, "sha256": made.digest, "rows": 1}]});
        fs::write(mix.join("mix.json"), manifest.to_string()).unwrap();
        assert!(reason().contains("names no file of the mix"), "{name}: {}", reason());
    }
}

#[test]
fn a_mix_that_fails_names_the_place_and_leaves_nothing_behind() {
    let bench = Bench::new();
    let good = json!({"text": text("a", 1)}).to_string();
    let cases = [
        ("{\"text\":", "EOF while parsing"),
        ("{\"txt\":\"a\"}", "a.jsonl:2: needs exactly one of text"),
        ("{\"text\":\"a\",\"messages\":[]}", "a.jsonl:2: needs exactly one of text"),
        ("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}", "a.jsonl:2: messages: none is"),
    ];
    for (line, expected) in cases {
        let path = bench.file("a.jsonl", &format!("{good}\n{line}\n"));
        let error =
            bench.build(&recipe(vec![dataset("a", 1.0, &path)]), &bench.mixes()).unwrap_err();
        assert!(matches!(error, MixError::Source { .. }), "{error}");
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(bench.mixes().read_dir().unwrap().count(), 0, "{line}");
    }
    fs::create_dir(bench.home.path().join("bare")).unwrap();
    for (name, content, expected) in
        [("b.parquet", "?", "b.parquet: "), ("c.jsonl", "\n", "would be empty")]
    {
        let path = bench.file(name, content);
        let error =
            bench.build(&recipe(vec![dataset("a", 1.0, &path)]), &bench.mixes()).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(bench.mixes().read_dir().unwrap().count(), 0, "{name}");
    }
    for (path, expected) in [("bare", "holds no .jsonl"), ("absent", "No such file")] {
        let path = bench.home.path().join(path);
        let error = bench.documents(&path).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[tokio::test]
async fn a_mix_is_made_once() {
    let bench = Bench::new();
    let recipe = recipe(vec![dataset("a", 1.0, &bench.jsonl("a.jsonl", 5))]);
    // Sent twice at once: one is built, and both get it.
    let (one, two) = tokio::join!(bench.create(&recipe), bench.create(&recipe));
    let (MadeMix::New(one), MadeMix::Before(two)) = (one.unwrap(), two.unwrap()) else {
        panic!("one is new, one was there");
    };
    assert_eq!((one.manifest, one.created_ms), (two.manifest, two.created_ms));
    let other = MixRecipe { seed: 6, ..recipe.clone() };
    assert!(matches!(bench.create(&other).await, Err(MixError::Exists(_))));
    let file = bench.home.path().join("leak.jsonl");
    bench.workshop.registry().add("more", &file, &AddOptions::default()).unwrap();
    let error = bench.create(&recipe).await.unwrap_err();
    assert!(matches!(error, MixError::Outdated { .. }), "{error}");
    bench.workshop.registry().remove("more").unwrap();
    assert!(matches!(bench.create(&recipe).await, Ok(MadeMix::Before(_))));

    let absent = dataset("a", 1.0, "/absent");
    let failed = MixRecipe { name: "f".into(), datasets: vec![absent], ..recipe.clone() };
    assert!(create_mix(&bench.workshop, failed, bench.home.path().join("new")).await.is_err());
    assert!(!bench.home.path().join("new").exists());

    fs::create_dir(bench.mixes().join("foreign")).unwrap();
    let foreign = MixRecipe { name: "foreign".into(), ..recipe };
    assert!(matches!(bench.create(&foreign).await, Err(MixError::Exists(_))));
}

/// A process that was killed after the mix was built and before it was journaled, and one that was
/// killed while it wrote.
#[tokio::test]
async fn what_a_killed_process_left_is_taken_up_or_swept() {
    let bench = Bench::new();
    let recipe = recipe(vec![dataset("a", 1.0, &bench.jsonl("a.jsonl", 5))]);
    let built = bench.build(&recipe, &bench.mixes()).unwrap();
    assert!(bench.workshop.store().mix("m").unwrap().is_none());
    let Ok(MadeMix::Before(row)) = bench.create(&recipe).await else { panic!("it was there") };
    assert_eq!(row.manifest, built);
    assert_eq!(bench.workshop.store().mix("m").unwrap().unwrap().manifest, built);

    let half = bench.mixes().join(".building-m-x");
    fs::create_dir(&half).unwrap();
    fs::write(half.join("part-00000.parquet"), "half").unwrap();
    let next = MixRecipe { name: "n".into(), ..recipe };
    assert!(matches!(bench.create(&next).await, Ok(MadeMix::New(_))));
    assert!(!half.exists());
}

mod recipes;
