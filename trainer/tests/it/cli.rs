//! The program as people and scripts use it: exit status, messages, signals, machine output.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use lehr_trainer::checkpoint::Dtype;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::common;

fn trainer(home: &Path, arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trainer"));
    command.current_dir(home).args(arguments.split_whitespace());
    command
}

fn run(home: &Path, arguments: &str) -> Output {
    trainer(home, arguments).output().unwrap()
}

fn error_of(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The JSON lines of a successful command.
fn lines_of(output: &Output) -> Vec<Value> {
    assert!(output.status.success(), "{}", error_of(output));
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

const ANNEAL: &str = "anneal --from ckpt --mix data.jsonl --out out --config anneal.toml";

const RESUME: &str = "anneal --from ckpt --mix data.jsonl --out out --resume";

/// Makes one thing wrong in a good directory.
type Spoil = fn(&Path);

#[test]
fn bad_input_is_named_and_leaves_everything_as_it_was() {
    let cases: [(&str, Spoil, &str, i32, &[&str]); 30] = [
        (
            "unknown key",
            |h| append(h, "anneal.toml", "rate = 1"),
            ANNEAL,
            2,
            &["anneal.toml", "rate"],
        ),
        ("bad value", |h| append(h, "anneal.toml", "tokens = -1"), ANNEAL, 2, &["anneal.toml"]),
        (
            "step and context",
            |h| fs::write(h.join("anneal.toml"), "[batch]\ntokens = 1000").unwrap(),
            ANNEAL,
            2,
            &["batch.tokens", "4096 would be"],
        ),
        (
            "no configuration",
            |h| fs::remove_file(h.join("anneal.toml")).unwrap(),
            ANNEAL,
            2,
            &["anneal.toml: cannot be read", "give the path"],
        ),
        (
            "huge step",
            |h| fs::write(h.join("anneal.toml"), "[batch]\ntokens = 4611686018427387904").unwrap(),
            ANNEAL,
            2,
            &["batch.tokens", "from 1 to 268435456"],
        ),
        ("nothing to resume", |_| {}, RESUME, 2, &["out: there is no run to resume", "--config"]),
        (
            "output is a file",
            |h| fs::write(h.join("out"), "x").unwrap(),
            ANNEAL,
            2,
            &["--out", "is a file"],
        ),
        (
            "no checkpoint",
            |h| fs::remove_dir_all(h.join("ckpt")).unwrap(),
            ANNEAL,
            1,
            &["ckpt/config.json", "check the path"],
        ),
        (
            "a GGUF file as checkpoint",
            |h| fs::write(h.join("m.gguf"), "GGUF").unwrap(),
            "anneal --from m.gguf --mix data.jsonl --out out --config anneal.toml",
            1,
            &["m.gguf", "`trainer import m.gguf --out CKPT`"],
        ),
        (
            "pickled weights",
            |h| {
                let weights = |name| h.join("ckpt").join(name);
                fs::rename(weights("model.safetensors"), weights("pytorch_model.bin")).unwrap();
            },
            ANNEAL,
            1,
            &["ckpt: has its weights in pytorch_model.bin", "safetensors"],
        ),
        (
            "endless layers",
            |h| config(h, "num_hidden_layers", json!(2_147_483_647)),
            ANNEAL,
            1,
            &["num_hidden_layers", "from 1 to 4096"],
        ),
        (
            "other model",
            |h| config(h, "model_type", json!("mamba")),
            ANNEAL,
            1,
            &["ckpt/config.json", "model_type", "\"llama\""],
        ),
        (
            "scaled positions",
            |h| config(h, "rope_scaling", json!({"rope_type": "yarn"})),
            ANNEAL,
            1,
            &["rope_scaling", "without scaled"],
        ),
        (
            "other shape",
            |h| config(h, "intermediate_size", json!(64)),
            ANNEAL,
            1,
            &["shape", "[32, 64]"],
        ),
        (
            "no tokenizer",
            |h| fs::remove_file(h.join("ckpt/tokenizer.json")).unwrap(),
            ANNEAL,
            1,
            &["ckpt/tokenizer.json"],
        ),
        (
            "small vocabulary",
            |h| config(h, "vocab_size", json!(100)),
            ANNEAL,
            1,
            &["beyond the model's 100"],
        ),
        ("no data", |h| fs::remove_file(h.join("data.jsonl")).unwrap(), ANNEAL, 1, &["data.jsonl"]),
        (
            "bad row",
            |h| append(h, "data.jsonl", "{\"text\": 3}"),
            ANNEAL,
            1,
            &["data.jsonl: row 41"],
        ),
        (
            "no text",
            |h| fs::write(h.join("data.jsonl"), "{\"text\": \"\"}").unwrap(),
            ANNEAL,
            1,
            &["no documents with text"],
        ),
        (
            "no chat template",
            |h| fs::write(h.join("ckpt/tokenizer_config.json"), "{}").unwrap(),
            ANNEAL,
            1,
            &["row 1", "no chat template"],
        ),
        (
            "wrong hash",
            |h| mix(h, |manifest| manifest["files"][0]["sha256"] = json!("0".repeat(64))),
            "anneal --from ckpt --mix mix --out out",
            1,
            &["mix/part.jsonl", "SHA-256", "make the mix again"],
        ),
        (
            "cuda",
            |_| {},
            "anneal --from ckpt --mix data.jsonl --out out --device cuda:0",
            2,
            &["cuda:0", "CPU"],
        ),
        (
            "device",
            |_| {},
            "anneal --from ckpt --mix data.jsonl --out out --device tpu",
            2,
            &["tpu", "cuda:N"],
        ),
        ("argument", |_| {}, "anneal --from ckpt --mix data.jsonl", 2, &["--out"]),
        (
            "endless context",
            |_| {},
            "eval ckpt --data data.jsonl --context 1000000000000",
            2,
            &["--context", "from 2 to 1048576"],
        ),
        (
            "nothing to predict",
            |h| fs::write(h.join("data.jsonl"), "{\"text\": \"<|im_end|>\"}").unwrap(),
            "eval ckpt --data data.jsonl",
            1,
            &["data.jsonl", "nothing to predict", "longer documents"],
        ),
        ("import over", |_| {}, "import m.gguf --out ckpt", 2, &["ckpt already exists"]),
        ("import of nothing", |_| {}, "import m.gguf --out m", 1, &["m.gguf", "check the path"]),
        ("export over", |_| {}, "export ckpt --to llama --out ckpt", 2, &["ckpt already exists"]),
        ("export to no name", |_| {}, "export ckpt --to llama --out .", 2, &["./checkpoint"]),
    ];
    for (name, spoil, arguments, status, parts) in cases {
        let (_home, home) = common::bench(Dtype::F32);
        spoil(&home);
        let before = common::tree(&home);
        let output = run(&home, arguments);
        let message = error_of(&output);
        assert_eq!(output.status.code(), Some(status), "{name}: {message}");
        for part in parts {
            assert!(message.contains(part), "{name}: {part:?} not in {message:?}");
        }
        common::same_tree(&before, &home, name);
    }
}

fn append(home: &Path, name: &str, line: &str) {
    let mut file = fs::File::options().append(true).open(home.join(name)).unwrap();
    writeln!(file, "{line}").unwrap();
}

fn config(home: &Path, field: &str, value: Value) {
    let path = home.join("ckpt/config.json");
    let mut config: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    config[field] = value;
    fs::write(path, config.to_string()).unwrap();
}

/// Makes `mix/` of the documents, the first ten held out.
fn mix(home: &Path, edit: impl FnOnce(&mut Value)) {
    use sha2::{Digest, Sha256};
    fs::create_dir(home.join("mix")).unwrap();
    let text = fs::read_to_string(home.join("data.jsonl")).unwrap();
    let lines: Vec<_> = text.lines().collect();
    let file = |name: &str, lines: &[&str]| {
        let text = lines.join("\n");
        fs::write(home.join("mix").join(name), &text).unwrap();
        json!({"path": name, "sha256": hex::encode(Sha256::digest(text)), "rows": lines.len()})
    };
    let mut manifest = json!({
        "name": "tiny", "digest": "0".repeat(64), "recipe": {}, "counts": [],
        "files": [file("part.jsonl", &lines[10..])],
        "heldout": [file("heldout.jsonl", &lines[..10])],
    });
    edit(&mut manifest);
    fs::write(home.join("mix/mix.json"), manifest.to_string()).unwrap();
}

#[test]
fn a_mix_from_start_to_evaluation() {
    let (_home, home) = common::bench(Dtype::F32);
    mix(&home, |_| {});
    let arguments = "--json anneal --from ckpt --mix mix --out runs/a --config anneal.toml";
    let events = lines_of(&run(&home, arguments));
    let names: Vec<_> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "started",
            "step",
            "step",
            "checkpoint",
            "step",
            "checkpoint",
            "step",
            "checkpoint",
            "step",
            "step",
            "finished"
        ]
    );
    assert_eq!(events[0]["documents"], 30);
    assert_eq!(events[10]["checkpoint"], "runs/a/checkpoints/final");
    let metrics = fs::read_to_string(home.join("runs/a/metrics.jsonl")).unwrap();
    let first: Value = serde_json::from_str(metrics.lines().next().unwrap()).unwrap();
    for key in [
        "step",
        "phase",
        "context",
        "rope_theta",
        "lr",
        "loss",
        "z_loss",
        "grad_norm",
        "tokens",
        "tokens_per_s",
        "hidden_variance",
    ] {
        assert!(!first[key].is_null(), "{key}");
    }
    assert_eq!(first.get("mfu"), Some(&Value::Null), "a CPU has no known peak");

    // The resolved configuration is a configuration.
    let again = "anneal --from ckpt --mix mix --out b --config runs/a/run.toml";
    assert!(run(&home, again).status.success());
    let text = |run: &str| fs::read_to_string(home.join(run).join("run.toml")).unwrap();
    assert_eq!(text("runs/a"), text("b"));

    // A checkpoint within the run, as a plain model in half the size.
    let export = "export runs/a/checkpoints/step-4 --to llama --out plain --dtype bf16";
    assert!(run(&home, export).status.success());
    let size = |name: &str| fs::metadata(home.join(name).join("model.safetensors")).unwrap().len();
    assert!(size("plain") < 6 * size("ckpt") / 10);
    assert!(!home.join("plain/optimizer.safetensors").exists());
    assert_eq!(run(&home, export).status.code(), Some(2), "never written over");

    let loss = |checkpoint: &str| {
        let arguments = format!("--json eval {checkpoint} --data mix --heldout --context 64");
        let found = lines_of(&run(&home, &arguments)).pop().unwrap();
        assert_eq!((&found["documents"], &found["context"]), (&json!(10), &json!(64)));
        let perplexity = found["perplexity"].as_f64().unwrap();
        let loss = found["loss"].as_f64().unwrap();
        assert!((loss.exp() - perplexity).abs() < 1e-9 * perplexity);
        loss
    };
    let (before, after) = (loss("ckpt"), loss("runs/a/checkpoints/final"));
    assert!((before - 300f64.ln()).abs() < 0.5, "a random model knows nothing: {before}");
    assert!(after < before - 0.2, "annealing teaches: {before} to {after}");

    // The context may be longer than the one that the model promises, which is 64.
    let longer = lines_of(&run(&home, "--json eval ckpt --data mix --heldout --context 300"));
    assert_eq!(longer[0]["context"], 300);
}

#[test]
fn an_output_directory_in_use_is_left_alone() {
    for file in ["thesis.tex", "data/tokens.u32"] {
        let (_home, home) = common::bench(Dtype::F32);
        let path = home.join("out").join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "years of work").unwrap();
        let before = common::tree(&home);
        for (arguments, part) in
            [(ANNEAL.to_owned(), "not empty"), (format!("{ANNEAL} --resume"), "no run.toml")]
        {
            let output = run(&home, &arguments);
            assert_eq!(output.status.code(), Some(2));
            assert!(error_of(&output).contains(part), "{}", error_of(&output));
            common::same_tree(&before, &home, file);
        }
    }
}

/// A running trainer that does not outlive its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn a_signal_stops_with_a_checkpoint_and_a_second_trainer_waits_outside() {
    let (_home, home) = common::bench(Dtype::F32);
    // More steps than any machine does before the signal comes.
    let long = common::CONFIG.replace("tokens = 2000", "tokens = 2_000_000_000");
    fs::write(home.join("anneal.toml"), long).unwrap();
    let mut command = trainer(&home, &format!("--json {ANNEAL}"));
    let mut running = Running(command.stdout(Stdio::piped()).spawn().unwrap());
    let mut lines = BufReader::new(running.0.stdout.take().unwrap()).lines();
    let event = |line: Option<std::io::Result<String>>| -> Value {
        serde_json::from_str(&line.unwrap().unwrap()).unwrap()
    };
    while event(lines.next())["event"] != "step" {}

    let second = run(&home, &format!("{ANNEAL} --resume"));
    assert_eq!(second.status.code(), Some(1));
    assert!(error_of(&second).contains("another trainer is running"), "{}", error_of(&second));

    kill_process(Pid::from_child(&running.0), Signal::TERM).unwrap();
    let last = lines.map(|line| event(Some(line))).last().unwrap();
    assert_eq!(running.0.wait().unwrap().code(), Some(1));
    assert_eq!(last["event"], "stopped");
    let step = last["step"].as_u64().unwrap();
    assert!(home.join(format!("out/checkpoints/step-{step}/trainer_state.json")).is_file());
    let metrics = fs::read_to_string(home.join("out/metrics.jsonl")).unwrap();
    assert_eq!(metrics.lines().count() as u64, step);
    assert!(home.join("out/report.html").is_file());
}

#[test]
fn packing_is_reported_and_tokens_are_kept() {
    let (_home, home) = common::bench(Dtype::F32);
    let text = fs::read_to_string(home.join("data.jsonl")).unwrap();
    let named: String = text
        .lines()
        .enumerate()
        .map(|(at, line)| {
            let mut row: Value = serde_json::from_str(line).unwrap();
            row["source"] = json!(if at % 2 == 0 { "a" } else { "b" });
            format!("{row}\n")
        })
        .collect();
    fs::write(home.join("data.jsonl"), named + "{\"text\": \"\"}\n").unwrap();
    mix(&home, |manifest| {
        manifest["counts"] = json!([
            {"name": "a", "share_asked": 0.5}, {"name": "b", "share_asked": 0.4},
            {"name": "c", "share_asked": 0.1},
        ]);
    });
    let pack = "--json pack --mix mix --from ckpt --cache cache --context 32 --context 224";
    let events = lines_of(&run(&home, pack));
    let packed = &events[0];
    assert_eq!((&packed["event"], &packed["documents"]), (&json!("packed"), &json!(30)));
    assert_eq!(packed["empty_documents"], 1);
    let sum = |field: &str| -> u64 {
        let datasets = packed["datasets"].as_array().unwrap();
        datasets.iter().map(|dataset| dataset[field].as_u64().unwrap()).sum()
    };
    assert_eq!((sum("documents"), sum("tokens")), (30, packed["tokens"].as_u64().unwrap()));
    for context in packed["contexts"].as_array().unwrap() {
        let number = |field: &str| context[field].as_u64().unwrap();
        assert_eq!(number("rows") * number("context"), number("tokens") + number("padding"));
        assert!(context["efficiency"].as_f64().unwrap() > 0.85, "{context}");
    }
    let warned = |events: &[Value]| -> bool {
        let text = |event: &Value| event["message"].as_str().unwrap_or_default().to_owned();
        events.iter().any(|event| text(event).contains("\"c\" has 0.00% of an epoch's tokens"))
    };
    assert!(warned(&events), "{events:?}");
    // A run with the same cache finds the tokens and keeps none of its own.
    let shards = common::tree(&home.join("cache"));
    let anneal = "--json anneal --from ckpt --mix mix --out out --config anneal.toml --cache cache";
    assert!(warned(&lines_of(&run(&home, anneal))));
    common::same_tree(&shards, &home.join("cache"), "cache");
    assert!(!home.join("out/trainer-tokens").exists());
    let kept: Value =
        serde_json::from_slice(&fs::read(home.join("out/packing.json")).unwrap()).unwrap();
    assert_eq!(kept["contexts"], packed["contexts"]);
    let page = fs::read_to_string(home.join("out/report.html")).unwrap();
    for part in ["<h2>Documents</h2>", "share asked", "places were padding"] {
        assert!(page.contains(part), "{part}");
    }
    let refused = run(&home, "pack --mix mix --from ckpt --context 1");
    assert_eq!(refused.status.code(), Some(2));
    assert!(error_of(&refused).contains("from 2 to 1048576"), "{}", error_of(&refused));
}

#[test]
fn plan_counts() {
    let (_home, home) = common::bench(Dtype::F32);
    let plan = lines_of(&run(&home, "plan --json --from ckpt --config anneal.toml")).pop().unwrap();
    let layer = 32 * (32 + 2 * 16 + 32 + 3 * 48) + 2 * 32;
    assert_eq!(plan["parameters"], 300 * 32 + 2 * layer + 32);
    assert_eq!((&plan["steps"], &plan["step_tokens"]), (&json!(6), &json!(672)));
    assert_eq!(plan["phases"][1]["rope_theta"], 4.9e5);
    let output = run(&home, "plan --from ckpt");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("19378 steps of 4128768 tokens"), "{text}");
}
