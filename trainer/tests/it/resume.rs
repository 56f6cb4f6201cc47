//! A run that is stopped or killed and resumed ends with the same bits as one left alone, and the
//! border between two phases keeps step, schedule and data position.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use lehr_trainer::checkpoint::{Checkpoint, Dtype, state};
use lehr_trainer::run::{AnnealRequest, Device, Event, Outcome, RunError, StepRecord, anneal};
use serde_json::Value;

use crate::common;

fn request(home: &Path, out: &Path, resume: bool) -> AnnealRequest {
    AnnealRequest {
        from: home.join("ckpt"),
        mix: home.join("data.jsonl"),
        out: out.to_owned(),
        config: (!resume).then(|| home.join("anneal.toml")),
        cache: None,
        device: Device::Cpu,
        resume,
    }
}

fn run(request: &AnnealRequest) -> Result<Outcome, RunError> {
    anneal(request, &AtomicBool::new(false), &mut |_| {})
}

fn metrics(out: &Path) -> Vec<StepRecord> {
    let text = fs::read_to_string(out.join("metrics.jsonl")).unwrap();
    let records = text.lines().map(|line| serde_json::from_str(line).unwrap());
    // The clock is the one thing that differs from run to run.
    records.map(|record| StepRecord { tokens_per_s: 0.0, ..record }).collect()
}

fn same(a: &Path, b: &Path) {
    assert_eq!(metrics(a), metrics(b));
    for name in ["model.safetensors", "config.json"] {
        let bytes = |run: &Path| fs::read(run.join("checkpoints/final").join(name)).unwrap();
        assert!(bytes(a) == bytes(b), "{name} differs");
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn stopped_and_killed_runs_end_with_the_same_bits() {
    for dtype in [Dtype::F32, Dtype::Bf16] {
        let (_home, home) = common::bench(dtype);
        let whole = home.join("whole");
        // What a kill after step `n` leaves behind: the directory as it is at that moment. After
        // step 1 there is no checkpoint yet, after 5 the last one is that of step 4.
        let outcome =
            anneal(&request(&home, &whole, false), &AtomicBool::new(false), &mut |event| {
                if let Event::Step(record) = event {
                    copy(&whole, &home.join(format!("killed-{}", record.step)));
                }
            });
        let Outcome::Finished { checkpoint, report } = outcome.unwrap() else { panic!() };
        assert_eq!(checkpoint, whole.join("checkpoints/final"));
        assert!(report.is_file());
        for step in [1, 3, 5] {
            let killed = home.join(format!("killed-{step}"));
            // A kill in the middle of a line and of a checkpoint.
            let mut torn = fs::read_to_string(killed.join("metrics.jsonl")).unwrap();
            torn += "{\"step\":";
            fs::write(killed.join("metrics.jsonl"), torn).unwrap();
            let partial = killed.join("checkpoints/.step-6.partial");
            fs::create_dir_all(&partial).unwrap();
            fs::write(partial.join("model.safetensors"), "half").unwrap();
            run(&request(&home, &killed, true)).unwrap();
            same(&whole, &killed);
        }

        let stopped = home.join("stopped");
        for step in [3, 4] {
            let stop = AtomicBool::new(false);
            let outcome = anneal(&request(&home, &stopped, step > 3), &stop, &mut |event| {
                if let Event::Step(record) = event {
                    stop.store(record.step == step, Ordering::Relaxed);
                }
            });
            let checkpoint = stopped.join(format!("checkpoints/step-{step}"));
            assert_eq!(outcome.unwrap(), Outcome::Stopped { step, checkpoint });
        }
        run(&request(&home, &stopped, true)).unwrap();
        same(&whole, &stopped);
        // Once more: the run is complete and stays as it is.
        run(&request(&home, &stopped, true)).unwrap();
        same(&whole, &stopped);
    }
}

#[test]
fn the_border_between_phases() {
    let (_home, home) = common::bench(Dtype::F32);
    let out = home.join("out");
    run(&request(&home, &out, false)).unwrap();
    let steps = metrics(&out);
    let column: Vec<_> = steps
        .iter()
        .map(|s| (s.step, s.phase.as_str(), s.context, s.rope_theta, s.tokens))
        .collect();
    assert_eq!(
        column,
        [
            (1, "short", 32, 1e4, 672),
            (2, "short", 32, 1e4, 1344),
            (3, "short", 32, 1e4, 2016),
            (4, "long", 224, 4.9e5, 2688),
            (5, "long", 224, 4.9e5, 3360),
            (6, "long", 224, 4.9e5, 4032),
        ]
    );
    for (done, step) in steps.iter().enumerate() {
        let expected = 0.01 * (1.0 - (done as f64 / 6.0).sqrt());
        assert!((step.lr - expected).abs() < 1e-15, "one schedule over both phases");
        assert!(step.loss.is_finite() && step.grad_norm > 0.0);
    }
    let shown: Vec<_> = steps.iter().map(|s| s.hidden_variance.is_some()).collect();
    assert_eq!(shown, [true, false, false, true, false, true]);
    assert_eq!(steps[0].hidden_variance.as_ref().unwrap().len(), 2);

    // The border is a checkpoint of its own; its data position is where the fourth step begins.
    let border = state::read(&out.join("checkpoints/step-3")).unwrap();
    assert_eq!((border.state.step, border.state.tokens), (3, 2016));
    assert_eq!(border.checkpoint.config.model.rope_theta, 1e4);
    assert_eq!(border.checkpoint.config.model.max_positions, 64, "the old base keeps its context");
    let position = border.state.position;
    let after = state::read(&out.join("checkpoints/step-4")).unwrap().state.position;
    let taken = |p: &lehr_trainer::data::Position| -> Vec<_> {
        p.taken.iter().map(|taken| (taken.context, taken.rows)).collect()
    };
    assert_eq!((position.epoch, taken(&position)), (0, vec![(32, 63)]));
    assert_eq!((after.epoch, taken(&after)), (0, vec![(32, 63), (224, 3)]));

    let last = Checkpoint::read(&out.join("checkpoints/final")).unwrap();
    assert_eq!((last.config.model.rope_theta, last.config.model.max_positions), (4.9e5, 224));
    let tokenizer = fs::read(out.join("checkpoints/final/tokenizer_config.json")).unwrap();
    let tokenizer: Value = serde_json::from_slice(&tokenizer).unwrap();
    assert_eq!(tokenizer["model_max_length"], 224);
    assert!(!out.join("checkpoints/final/optimizer.safetensors").exists());
}

#[test]
fn a_damaged_checkpoint_gives_way_to_the_one_before() {
    let (_home, home) = common::bench(Dtype::F32);
    let (whole, damaged) = (home.join("whole"), home.join("damaged"));
    run(&request(&home, &whole, false)).unwrap();
    copy(&whole, &damaged);
    fs::remove_dir_all(damaged.join("checkpoints/final")).unwrap();
    fs::write(damaged.join("checkpoints/step-4/optimizer.safetensors"), "x").unwrap();
    let mut warnings = Vec::new();
    let outcome = anneal(&request(&home, &damaged, true), &AtomicBool::new(false), &mut |event| {
        if let Event::Warning(text) = event {
            warnings.push(text.clone());
        }
    });
    outcome.unwrap();
    assert!(warnings[0].contains("step-4/optimizer.safetensors"), "{warnings:?}");
    same(&whole, &damaged);
    let names = |run: &Path| common::tree(&run.join("checkpoints")).into_keys();
    let relative = |run: &Path| -> Vec<_> {
        names(run).map(|path| path.strip_prefix(run).unwrap().to_owned()).collect()
    };
    assert_eq!(relative(&whole), relative(&damaged), "the damaged one is replaced");
}

/// Changes one thing after a run was stopped, in the bench or in the request.
type Change = fn(&Path, &mut AnnealRequest);

#[test]
fn a_resumed_run_must_be_the_same_run() {
    let cases: [(&str, Change, &str); 7] = [
        (
            "configuration",
            |home, request| {
                let other = common::CONFIG.replace("[batch]", "[optim]\nlr = 0.5\n[batch]");
                fs::write(home.join("other.toml"), other).unwrap();
                request.config = Some(home.join("other.toml"));
            },
            "other.toml differs from it; leave out --config",
        ),
        (
            "data",
            |home, _| fs::write(home.join("data.jsonl"), "{\"text\": \"else\"}\n").unwrap(),
            "the data are not those of the run",
        ),
        (
            "weights",
            |home, request| {
                request.from = home.join("other");
                common::write_checkpoint(&request.from, true, Dtype::Bf16);
            },
            "the checkpoint is not the one that the run was started with",
        ),
        (
            "model configuration",
            |home, _| {
                let path = home.join("ckpt/config.json");
                let text = fs::read_to_string(&path).unwrap();
                fs::write(&path, text.replace("10000.0", "20000.0")).unwrap();
            },
            "the checkpoint is not the one that the run was started with",
        ),
        (
            "empty run.toml",
            |home, _| fs::write(home.join("out/run.toml"), "").unwrap(),
            "run.toml: is damaged",
        ),
        (
            "torn run.toml",
            |home, _| {
                let path = home.join("out/run.toml");
                let text = fs::read_to_string(&path).unwrap();
                fs::write(&path, &text[..text.find("[batch]").unwrap()]).unwrap();
            },
            "is missing; put a copy of it back",
        ),
        (
            "no run.toml",
            |home, _| fs::remove_file(home.join("out/run.toml")).unwrap(),
            "there is no run.toml in it",
        ),
    ];
    for (name, change, part) in cases {
        let (_home, home) = common::bench(Dtype::F32);
        let out = home.join("out");
        let stop = AtomicBool::new(true);
        anneal(&request(&home, &out, false), &stop, &mut |_| {}).unwrap();
        let mut resumed = request(&home, &out, true);
        change(&home, &mut resumed);
        let before = common::tree(&home);
        let message = run(&resumed).unwrap_err().to_string();
        assert!(message.contains(part), "{name}: {part:?} not in {message:?}");
        common::same_tree(&before, &home, name);
    }
}

#[test]
fn the_configuration_may_be_given_again_and_is_written_once() {
    let (_home, home) = common::bench(Dtype::F32);
    let out = home.join("out");
    let stop = AtomicBool::new(true);
    // Nothing is there yet: with a configuration, resuming is starting.
    let again =
        AnnealRequest { config: Some(home.join("anneal.toml")), ..request(&home, &out, true) };
    anneal(&again, &stop, &mut |_| {}).unwrap();
    let written = fs::metadata(out.join("run.toml")).unwrap().ino();
    anneal(&again, &stop, &mut |_| {}).unwrap();
    assert_eq!(fs::metadata(out.join("run.toml")).unwrap().ino(), written);
}

#[test]
fn the_original_is_needed_only_at_the_start() {
    let (_home, home) = common::bench(Dtype::F32);
    let out = home.join("out");
    let outcome = anneal(&request(&home, &out, false), &AtomicBool::new(false), &mut |event| {
        if matches!(event, Event::Started { .. }) {
            fs::remove_dir_all(home.join("ckpt")).unwrap();
        }
    });
    outcome.unwrap();
    for name in ["tokenizer.json", "tokenizer_config.json", "generation_config.json"] {
        for checkpoint in ["step-3", "final"] {
            assert!(out.join("checkpoints").join(checkpoint).join(name).is_file(), "{name}");
        }
    }
}

#[test]
fn another_rotary_base_at_the_start_is_told() {
    for (theta, warned) in
        [("", false), ("rope_theta = 10000.0\n", false), ("rope_theta = 5.0\n", true)]
    {
        let (_home, home) = common::bench(Dtype::F32);
        let text = common::CONFIG.replace("context = 32\n", &format!("context = 32\n{theta}"));
        fs::write(home.join("anneal.toml"), text).unwrap();
        let mut warnings = Vec::new();
        let stop = AtomicBool::new(true);
        let outcome = anneal(&request(&home, &home.join("out"), false), &stop, &mut |event| {
            if let Event::Warning(text) = event {
                warnings.push(text.clone());
            }
        });
        outcome.unwrap();
        assert_eq!(warnings.len(), usize::from(warned), "{warnings:?}");
        assert!(warnings.iter().all(|text| text.contains("rope_factor = 1.0")), "{warnings:?}");
    }
}
