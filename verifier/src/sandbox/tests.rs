//! Runs with layers left out, as they are where the machine does not grant them.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use super::*;

/// This machine's interpreter.
pub(super) fn python() -> Python {
    Python::find(None).unwrap()
}

/// The layers that hold here.
pub(super) fn holding() -> BTreeSet<Layer> {
    probe::probe(&python()).unwrap().0.into_iter().filter(|s| s.holds).map(|s| s.layer).collect()
}

fn without(left_out: &[Layer]) -> BTreeSet<Layer> {
    holding().into_iter().filter(|layer| !left_out.contains(layer)).collect()
}

/// Runs a program with just these layers.
fn run_with(
    layers: BTreeSet<Layer>,
    python: &Python,
    program: &Program,
    limits: &Limits,
) -> Result<Execution, SandboxError> {
    let pool = Pool::of_layers(layers, python);
    let task = Task { program, limits, link: None, over: None };
    run::run_in(&pool.turn()?, task)
}

fn limits() -> Limits {
    Limits { cpu: Duration::from_secs(3), wall: Duration::from_secs(30), ..Limits::default() }
}

/// Processes on this machine whose command line holds a word.
fn alive(word: &str) -> usize {
    std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok())
        .filter(|line| String::from_utf8_lossy(line).contains(word))
        .count()
}

#[test]
fn a_sandbox_without_an_essential_layer_is_refused_unless_it_is_allowed() {
    let problems = [(Layer::Network, "cannot be made".to_owned())].into();
    let states = LayerState::all(&problems);
    let of = |states, allowed: &[Layer]| {
        let allow_degraded = allowed.iter().copied().collect();
        Sandbox::of(
            python(),
            states,
            None,
            &SandboxOptions { allow_degraded, ..SandboxOptions::default() },
        )
    };
    let refused = of(states.clone(), &[]).unwrap_err();
    assert!(
        matches!(&refused, SandboxError::Missing(m) if m.iter().map(|s| s.layer).eq([Layer::Network]))
    );
    assert!(refused.to_string().contains("network (cannot be made)"), "{refused}");
    assert!(of(states.clone(), &[Layer::Pid]).is_err());
    let allowed = of(states, &[Layer::Network]).unwrap();
    assert!(!allowed.pool.blueprint().layers.contains(&Layer::Network));
    assert!(allowed.pool.blueprint().layers.contains(&Layer::Pid));
}

#[test]
fn the_watch_keeps_the_limit_on_processes_where_the_kernel_does_not() {
    let source =
        "import os, time\nfor _ in range(40):\n    if os.fork() == 0: break\ntime.sleep(60)";
    let program = Program::of_source(source);
    let layers = without(&[Layer::Rlimits, Layer::Processes]);
    let execution = run_with(layers.clone(), &python(), &program, &limits()).unwrap();
    assert_eq!(execution.limit, Some(Limit::Processes), "{execution:?}");
}

#[test]
fn nothing_outlives_its_run_without_a_process_namespace() {
    let layers = without(&[Layer::Pid]);
    for (name, source, code) in [
        (
            "orphan",
            "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(60)\n    os._exit(0)\nos.wait()",
            Some(Exit::Code(0)),
        ),
        ("bomb", "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass", None),
        (
            "bomb that is left behind",
            "import os, sys\nif os.fork(): sys.exit(3)\nwhile True:\n    try: os.fork()\n    except OSError: pass",
            Some(Exit::Code(3)),
        ),
    ] {
        let word = format!("lehr-{name}-{}", std::process::id());
        let mut program = Program::of_source(source);
        program.args = vec![word.clone()];
        let execution = run_with(layers.clone(), &python(), &program, &limits()).unwrap();
        assert!(code.is_none_or(|code| execution.exit == code), "{name}: {execution:?}");
        assert!(code.is_some() || execution.limit.is_some(), "{name}: {execution:?}");
        assert_eq!(alive(&word), 0, "{name}");
    }
}

#[test]
fn without_a_new_root_a_program_runs_in_a_directory_of_its_own() {
    // Root's programs run as nobody, who may not enter root's home; the system's interpreter will
    // do there.
    let system = Path::new("/usr/bin/python3");
    let python = Python::find(system.exists().then_some(system)).unwrap();
    let source = "import os\nopen('y', 'w').close()\ntry: open('/usr/x', 'w')\nexcept OSError: pass\ntry: open(__file__, 'a')\nexcept OSError: print(os.getcwd())";
    let layers = without(&[Layer::Mount]);
    let execution = run_with(layers, &python, &Program::of_source(source), &limits()).unwrap();
    assert!(execution.succeeded(), "{execution:?}");
    let scratch = String::from_utf8(execution.stdout).unwrap();
    assert!(scratch.trim().ends_with("/scratch"), "{scratch}");
    assert!(!Path::new(scratch.trim()).exists(), "it is gone with the run");
}
