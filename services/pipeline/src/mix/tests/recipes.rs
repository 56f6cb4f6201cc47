//! What a recipe can ask for.

use std::collections::BTreeMap;

use lehr_record::{Decontamination, DropExample, MixOrder};

use super::*;

/// Every file of a directory with its bytes.
fn bytes(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = directory.read_dir().unwrap().map(|entry| entry.unwrap());
    entries
        .map(|e| (e.file_name().to_string_lossy().into_owned(), fs::read(e.path()).unwrap()))
        .collect()
}

fn bench_with(lines: impl Iterator<Item = serde_json::Value>) -> (Bench, String) {
    let bench = Bench::new();
    let path =
        bench.file("a.jsonl", &lines.map(|line| line.to_string() + "\n").collect::<String>());
    (bench, path)
}

#[test]
fn the_same_bytes_whatever_the_threads_and_the_order_of_the_directory() {
    let bench = Bench::new();
    let directories = ["one", "two"].map(|name| bench.home.path().join(name).join("data"));
    for (directory, order) in directories.iter().zip([[0, 1, 2], [2, 0, 1]]) {
        fs::create_dir_all(directory).unwrap();
        for number in order {
            // Half of each file is in the next one too.
            let line = |n: usize| json!({"text": text("d", number * 30 + n)}).to_string();
            let lines: Vec<String> =
                (0..60).map(line).chain([json!({"text": LEAK}).to_string()]).collect();
            fs::write(directory.join(format!("{number}.jsonl")), lines.join("\n")).unwrap();
        }
    }
    let mut made = Vec::new();
    for (threads, directory) in [(1, &directories[0]), (4, &directories[1])] {
        // The recipe names the path: it must be the same one.
        let link = bench.home.path().join("link");
        let _ = fs::remove_file(&link);
        std::os::unix::fs::symlink(directory, &link).unwrap();
        let mut recipe = recipe(vec![dataset("a", 1.0, &link.to_string_lossy())]);
        recipe.heldout = 0.1;
        let into = bench.home.path().join(format!("mixes{threads}"));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| bench.build(&recipe, &into)).unwrap();
        made.push(bytes(&into.join("m")));
    }
    assert_eq!(made[0].keys().collect::<Vec<_>>(), made[1].keys().collect::<Vec<_>>());
    assert!(made[0].len() >= 4 && made[0] == made[1]);
}

#[test]
fn a_shortfall_is_an_error_that_says_by_how_much() {
    let bench = Bench::new();
    let mut recipe = recipe(vec![
        dataset("a", 3.0, &bench.jsonl("a.jsonl", 10)),
        RecipeDataset { max_repeat: 1.5, ..dataset("b", 1.0, &bench.jsonl("b.jsonl", 10)) },
    ]);
    recipe.target_tokens = Some(8000);
    let error = bench.build(&recipe, &bench.mixes()).unwrap_err();
    assert!(matches!(error, MixError::Shortfall { largest: 1333, .. }), "{error:?}");
    let error = error.to_string();
    for part in [
        "dataset a should give 6000 tokens and has 1000 to be used up to 1 times: 5000 are missing",
        "dataset b should give 2000 tokens and has 1000 to be used up to 1.5 times: 500 are missing",
        "has 1333 tokens",
    ] {
        assert!(error.contains(part), "{part}: {error}");
    }
    assert_eq!(bench.mixes().read_dir().unwrap().count(), 0);

    recipe.on_shortfall = OnShortfall::Scale;
    let made = bench.build(&recipe, &bench.mixes()).unwrap();
    assert_eq!(made.targets.iter().map(|t| t.tokens).collect::<Vec<_>>(), [1000, 333]);
    assert_eq!(made.counts.iter().map(|c| c.tokens).collect::<Vec<_>>(), [1000, 400]);
    recipe.on_shortfall = OnShortfall::Accept;
    let made = bench.build(&recipe, &bench.home.path().join("accept")).unwrap();
    assert_eq!(made.targets.iter().map(|t| t.tokens).collect::<Vec<_>>(), [6000, 2000]);
    assert_eq!(made.counts.iter().map(|c| c.tokens).collect::<Vec<_>>(), [1000, 1500]);
}

#[test]
fn datasets_may_say_their_tokens() {
    let bench = Bench::new();
    let by_tokens = |name: &str, tokens| RecipeDataset {
        weight: None,
        tokens: Some(tokens),
        ..dataset(name, 1.0, &bench.jsonl(&format!("{name}.jsonl"), 10))
    };
    let made = bench.build(&recipe(vec![by_tokens("a", 300), by_tokens("b", 900)]), &bench.mixes());
    let made = made.unwrap();
    assert_eq!(made.counts.iter().map(|c| c.tokens).collect::<Vec<_>>(), [300, 900]);
    assert_eq!(made.targets[0].share, 0.25);
}

#[test]
fn easy_documents_come_first_in_a_curriculum_and_phases_before_that() {
    let level = |n: usize| json!({"text": text("a", n), "level": (n * 7) % 10});
    let (bench, path) = bench_with((0..10).map(level));
    let rated = |n: usize| {
        json!({"text": text("b", n), "meta": json!({"pass_rate": n as f64 / 10.0}).to_string()})
            .to_string()
    };
    let later = bench.file("b.jsonl", &(0..10).map(rated).collect::<Vec<_>>().join("\n"));
    let mut recipe = recipe(vec![
        RecipeDataset { phase: 1, ..dataset("b", 1.0, &later) },
        RecipeDataset { difficulty: Some("level".into()), ..dataset("a", 1.0, &path) },
    ]);
    recipe.order = MixOrder::Curriculum;
    let made = bench.build(&recipe, &bench.mixes()).unwrap();
    assert_eq!(made.difficulty.tenths.iter().sum::<u64>(), 20);
    let rows = bench.documents(&bench.mixes().join("m")).unwrap();
    let order: Vec<usize> =
        rows.iter().map(|row| row.text().split(' ').nth(1).unwrap().parse().unwrap()).collect();
    assert_eq!(
        order[..10].iter().map(|n| (n * 7) % 10).collect::<Vec<_>>(),
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    );
    assert_eq!(order[10..], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
}

#[test]
fn long_documents_give_the_share_that_is_asked_for() {
    let line = |n: usize| {
        let times = if n.is_multiple_of(5) { 8 } else { 1 };
        let words: Vec<String> = (0..times).map(|k| text("a", n * 100 + k)).collect();
        json!({"text": words.join(" ")})
    };
    let (bench, path) = bench_with((0..100).map(line));
    let mut recipe = recipe(vec![dataset("a", 1.0, &path)]);
    (recipe.target_tokens, recipe.long_tokens, recipe.long_share) = (Some(8000), 500, Some(0.25));
    let made = bench.build(&recipe, &bench.mixes()).unwrap();
    assert!((made.long.share_reached - 0.25).abs() < 0.05, "{:?}", made.long);
    recipe.max_tokens = Some(600);
    recipe.long_share = None;
    let made = bench.build(&recipe, &bench.home.path().join("short")).unwrap();
    assert_eq!((made.counts[0].dropped.too_long, made.long.share_reached), (20, 0.0));
}

#[test]
fn what_overlaps_with_a_benchmark_may_be_reported_only() {
    let leak = |n: usize| json!({"text": if n == 3 { LEAK.to_owned() } else { text("a", n) }});
    let (bench, path) = bench_with((0..5).map(leak));
    let mut recipe = recipe(vec![dataset("a", 1.0, &path)]);
    for (mode, documents) in [(Decontamination::Drop, 4), (Decontamination::Report, 5)] {
        recipe.decontaminate = mode;
        let into = bench.home.path().join(format!("{mode:?}"));
        let made = bench.build(&recipe, &into).unwrap();
        let count = &made.counts[0];
        assert_eq!((count.documents, count.dropped.contaminated + count.reported), (documents, 1));
        let [DropExample { id, overlap: Some(overlap), .. }] = &made.examples[..] else {
            panic!("{:?}", made.examples)
        };
        assert_eq!((id.as_str(), overlap.benchmark.as_str()), ("a/a.jsonl:4", "bench"));
        assert_eq!((made.flagged[0].documents, made.benchmarks[0].items), (1, 1));
        let card = fs::read_to_string(into.join("m/card.html")).unwrap();
        assert!(card.contains("harbour library") && card.contains("<svg"), "{card}");
    }
}

#[test]
fn a_card_escapes_what_others_wrote() {
    let (bench, path) = bench_with((0..2).map(|_| json!({"text": "</pre><script>"})));
    let mut dataset = dataset("a", 1.0, &path);
    (dataset.licence, dataset.description) = ("<u>".into(), "<i>".into());
    bench.build(&recipe(vec![dataset]), &bench.mixes()).unwrap();
    let card = fs::read_to_string(bench.mixes().join("m/card.html")).unwrap();
    for markup in ["<script", "<u>", "<i>", "</pre><s"] {
        assert!(!card.contains(markup), "{markup}");
    }
}

#[tokio::test]
async fn a_mix_of_mixes_is_one_by_name_and_never_of_itself() {
    let bench = Bench::new();
    let of_mix = |name: &str, mix: &str| {
        let source = DatasetSource::Mix(mix.into());
        let dataset = RecipeDataset { weight: Some(1.0), ..RecipeDataset::of("d", source) };
        MixRecipe { name: name.into(), ..recipe(vec![dataset]) }
    };
    let first = recipe(vec![dataset("a", 1.0, &bench.jsonl("a.jsonl", 5))]);
    assert!(matches!(bench.create(&of_mix("n", "m")).await, Err(MixError::NoMix { .. })));
    bench.create(&first).await.unwrap();
    let Ok(MadeMix::New(second)) = bench.create(&of_mix("n", "m")).await else { panic!("new") };
    assert_eq!(second.manifest.counts[0].documents, 5);
    assert_eq!(second.manifest.sources[0].sha256, {
        let files = &bench.workshop.store().mix("m").unwrap().unwrap().manifest.files;
        files[0].sha256.clone()
    });

    // The first one is to be made anew, of what was made of it.
    fs::remove_dir_all(bench.mixes().join("m")).unwrap();
    let by_path = bench.mixes().join("m").to_string_lossy().into_owned();
    for (recipe, cycle) in [
        (of_mix("x", "x"), "x -> x;"),
        (of_mix("m", "n"), "m -> n -> m;"),
        (recipe(vec![dataset("a", 1.0, &by_path)]), "m -> m;"),
    ] {
        let error = bench.create(&recipe).await.unwrap_err();
        assert!(matches!(error, MixError::Cycle(_)), "{error}");
        assert!(error.to_string().contains(cycle), "{cycle} {error}");
    }
}

#[test]
fn the_example_is_the_papers_table() {
    let example: MixRecipe = toml::from_str(EXAMPLE_RECIPE).unwrap();
    assert_eq!(example.check(), Ok(()));
    let volumes = [64.65, 3.07, 0.61, 0.10, 1.42, 6.66, 2.39, 0.04, 1.06];
    let weights: Vec<f64> = example.datasets.iter().filter_map(|d| d.weight).collect();
    assert_eq!(weights, volumes);
    assert!((weights.iter().sum::<f64>() - 80.0).abs() < 1e-9);
    assert_eq!(example.asked_tokens(), Some(80_000_000_000));
}

#[test]
fn near_duplicates_are_left_out_across_datasets_and_told_with_their_likeness() {
    let words = |n: usize| -> String {
        (0..60).map(|k| format!("word{} ", (k * 37 + n * 1009) % 9973)).collect()
    };
    let line = |text: String| json!({ "text": text }).to_string() + "\n";
    let bench = Bench::new();
    let a: String = (0..6).map(|n| line(words(n))).collect();
    // Two of the second dataset are those of the first with an ending.
    let b: String = (4..9).map(|n| line(words(n) + "at last")).collect();
    let mut recipe = recipe(vec![
        dataset("a", 1.0, &bench.file("a.jsonl", &a)),
        dataset("b", 1.0, &bench.file("b.jsonl", &b)),
    ]);
    recipe.on_shortfall = OnShortfall::Accept;
    for (near, dropped) in [(false, 0), (true, 2)] {
        recipe.dedup.near = near;
        let made = bench.build(&recipe, &bench.home.path().join(format!("{near}"))).unwrap();
        let (a, b) = (&made.counts[0], &made.counts[1]);
        assert_eq!((a.usable, a.dropped.total()), (6, 0));
        assert_eq!((b.usable, b.dropped.near_duplicate), (5 - dropped, dropped));
        assert_eq!(made.examples.len() as u64, dropped);
        let told = |example: &DropExample| example.why.contains("with a/a.jsonl:5 of a");
        assert!(!near || told(&made.examples[0]), "{:?}", made.examples);
    }
}
