//! Tries which layers hold, by running a real program under them.
//!
//! Every layer is applied by a step that must succeed before a program starts. So a run that
//! works shows that all its layers hold. When one fails, its layer is left out and the rest is
//! tried again. What the kernel grants but may not enforce (the limit on processes, the network)
//! is checked by the program from inside.

use std::collections::{BTreeMap, BTreeSet};

use super::setup::flags;
use super::{Layer, LayerState, Limits, Program, Python, SandboxError, run, sys};

/// Asks from inside; prints one `name problem` line for each layer that does not hold.
const QUESTION: &str = r#"
import os, socket, time
pids = []
try:
    for _ in range(12):
        pid = os.fork()
        if pid == 0:
            time.sleep(30)
            os._exit(0)
        pids.append(pid)
except OSError:
    pass
if len(pids) >= 8:
    print("processes", len(pids), "processes started under a limit of 8")
if os.getpid() > 1000:
    print("pid the program sees the host's process numbers")
if os.path.exists("/proc/self") or os.path.exists("/sys/kernel"):
    print("mount the host's files are seen")
if os.getuid() == 0:
    print("user the program is root")
try:
    if len(socket.if_nameindex()) > 1:
        print("network interfaces of the host are seen")
except OSError:
    pass
os._exit(0)
"#;

pub(super) fn probe(python: &Python) -> Result<Vec<LayerState>, SandboxError> {
    let mut layers: BTreeSet<Layer> = Layer::ALL.into_iter().collect();
    let mut problems: BTreeMap<Layer, String> = BTreeMap::new();
    if !std::path::Path::new("/proc/thread-self/children").exists() {
        problems.insert(Layer::Watch, "/proc does not list children".into());
        layers.remove(&Layer::Watch);
    }
    for layer in namespaces_refused(&layers) {
        problems.insert(layer.0, format!("cannot be made: {}", layer.1));
        layers.remove(&layer.0);
    }
    let program = Program::of_source(QUESTION);
    let limits = Limits { processes: 8, ..Limits::default() };
    let answer = loop {
        match run::run(&layers, python, &program, &limits) {
            Ok(execution) => break execution,
            Err(SandboxError::Setup { step, layer: Some(layer), error })
                if layers.remove(&layer) =>
            {
                problems.insert(layer, format!("failed at {step}: {error}"));
            }
            Err(error) => return Err(error),
        }
    };
    let text = String::from_utf8_lossy(&answer.stdout);
    if !answer.succeeded() {
        return Err(SandboxError::Python {
            command: python.executable.display().to_string(),
            problem: format!(
                "does not work in the sandbox ({:?}): {}",
                answer.exit,
                String::from_utf8_lossy(&answer.stderr).trim()
            ),
        });
    }
    for line in text.lines() {
        if let Some((name, problem)) = line.split_once(' ')
            && let Some(layer) = Layer::parse(name)
        {
            problems.entry(layer).or_insert_with(|| problem.to_owned());
        }
    }
    Ok(Layer::ALL
        .into_iter()
        .map(|layer| {
            let problem = problems.get(&layer).cloned();
            LayerState {
                layer,
                holds: problem.is_none(),
                essential: layer.is_essential(),
                remedy: problem.is_some().then(|| layer.remedy()),
                problem,
            }
        })
        .collect())
}

/// The namespaces that the kernel refuses, each tried by a child that ends at once.
fn namespaces_refused(layers: &BTreeSet<Layer>) -> Vec<(Layer, std::io::Error)> {
    let works = |wanted: &BTreeSet<Layer>| -> Result<(), std::io::Error> {
        match sys::clone_into(flags(wanted))? {
            None => sys::exit(0),
            Some((_, pidfd)) => {
                let reaped = sys::reap(pidfd);
                sys::close(pidfd);
                Ok(reaped?)
            }
        }
    };
    if works(layers).is_ok() {
        return Vec::new();
    }
    let user: BTreeSet<Layer> = [Layer::User].into();
    let base = if works(&user).is_ok() { user } else { BTreeSet::new() };
    let mut refused = Vec::new();
    for layer in layers.iter().copied().filter(|&l| flags(&[l].into()) != 0) {
        let wanted = base.iter().copied().chain([layer]).collect();
        if let Err(error) = works(&wanted) {
            refused.push((layer, error));
        }
    }
    refused
}
