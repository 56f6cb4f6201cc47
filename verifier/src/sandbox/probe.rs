//! Tries which layers hold, by running a real program under them.
//!
//! Every layer is applied by a step that must succeed before a program starts. So a run that
//! works shows that all its steps were taken. When one fails, its layer is left out and the rest
//! is tried again. What the kernel grants but may not enforce is looked at from inside, by what
//! the program can see and do.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener};

use super::cgroup::Cgroups;
use super::launch::INSIDE_ID;
use super::pool::Pool;
use super::run::{Task, run_in};
use super::slot::failed;
use super::{Execution, Layer, LayerState, Limits, Program, Python, SandboxError};

/// Asks from inside; writes one `name problem` line for each layer that does not hold, then
/// [`DONE`]. The arguments are the identity that it should have and the name of a socket that it
/// should not find.
const QUESTION: &str = r#"
import os, socket, sys, time

def lacks(layer, problem):
    print(layer, problem)

if os.getuid() != int(sys.argv[1]):
    lacks("user", "the program has the identity %d" % os.getuid())
if os.getpid() != 2 or os.getppid() > 1:
    lacks("pid", "the program sees the process numbers of the host")
if os.path.exists("/proc/self") or os.path.exists("/sys/kernel"):
    lacks("mount", "the files of the host are seen")
if os.uname().nodename != "sandbox":
    lacks("uts", "the name of the host is seen")
try:
    socket.socket(socket.AF_UNIX).connect("\0" + sys.argv[2])
    lacks("network", "a socket of the host is reached")
except OSError:
    pass
try:
    os.memfd_create("probe")
    lacks("seccomp", "a call that is not on the list is let through")
except OSError:
    pass
started = 0
try:
    while started < 12:
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)
        started += 1
except OSError:
    pass
if started >= 8:
    lacks("processes", "%d more processes started under a limit of 8" % started)
print("done", flush=True)
os._exit(0)
"#;

/// The last line of an answer; without it the question was not asked to its end.
const DONE: &str = "done";

/// The state of each layer, and where cgroups are made when they can be.
pub(super) fn probe(python: &Python) -> Result<(Vec<LayerState>, Option<Cgroups>), SandboxError> {
    let mut layers: BTreeSet<Layer> = Layer::ALL.into_iter().collect();
    let mut problems: BTreeMap<Layer, String> = BTreeMap::new();
    if !std::path::Path::new("/proc/thread-self/children").exists() {
        problems.insert(Layer::Watch, "/proc does not list children".into());
        layers.remove(&Layer::Watch);
    }
    let cgroups = Cgroups::find();
    if let Err(problem) = &cgroups {
        problems.insert(Layer::CgroupLimits, problem.clone());
        layers.remove(&Layer::CgroupLimits);
    }
    let answer = loop {
        match ask(&layers, python) {
            Ok(answer) => break answer,
            Err(SandboxError::Setup { step, layer: Some(layer), error })
                if layers.remove(&layer) =>
            {
                problems.insert(layer, format!("failed at {step}: {error}"));
            }
            Err(error) => return Err(error),
        }
    };
    for (layer, problem) in findings(python, &answer)? {
        problems.entry(layer).or_insert(problem);
    }
    Ok((LayerState::all(&problems), cgroups.ok()))
}

/// Runs the question under these layers.
fn ask(layers: &BTreeSet<Layer>, python: &Python) -> Result<Execution, SandboxError> {
    // An abstract socket can be reached from its own network namespace alone, without files.
    let name = format!("lehr-probe-{:016x}", RandomState::new().build_hasher().finish());
    let address = SocketAddr::from_abstract_name(&name).map_err(failed("a socket to look for"))?;
    let socket = UnixListener::bind_addr(&address).map_err(failed("a socket to look for"))?;
    let mut program = Program::of_source(QUESTION);
    program.args = vec![INSIDE_ID.to_string(), name];
    let limits = Limits { processes: 8, ..Limits::default() };
    // Whether the kernel keeps the limit on processes shows only where the watch does not.
    let mut unwatched = layers.clone();
    unwatched.remove(&Layer::Watch);
    let pool = Pool::of_layers(unwatched, python);
    let task = Task { program: &program, limits: &limits, link: None, over: None };
    let answer = pool.turn().and_then(|turn| run_in(&turn, task));
    drop(socket);
    answer
}

/// What the program found, by layer.
fn findings(python: &Python, answer: &Execution) -> Result<BTreeMap<Layer, String>, SandboxError> {
    let text = String::from_utf8_lossy(&answer.stdout);
    let mut lines: Vec<&str> = text.lines().collect();
    if !answer.succeeded() || lines.pop() != Some(DONE) {
        return Err(SandboxError::Python {
            command: python.executable.display().to_string(),
            problem: format!(
                "does not work in the sandbox ({:?}): {}",
                answer.exit,
                String::from_utf8_lossy(&answer.stderr).trim()
            ),
        });
    }
    let finding = |line: &str| {
        let (name, problem) = line.split_once(' ')?;
        Some((Layer::parse(name)?, problem.to_owned()))
    };
    Ok(lines.into_iter().filter_map(finding).collect())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::Exit;
    use super::super::tests::{holding, python};
    use super::*;

    fn answer(exit: Exit, stdout: &str) -> Execution {
        Execution {
            exit,
            limit: None,
            stdout: stdout.into(),
            stderr: Vec::new(),
            results: Vec::new(),
            files: Vec::new(),
            cpu: std::time::Duration::ZERO,
            wall: std::time::Duration::ZERO,
            peak_memory: None,
        }
    }

    #[test]
    fn an_answer_counts_only_when_it_is_whole() {
        let read = |exit, text: &str| findings(&python(), &answer(exit, text)).ok();
        let found = |layers: &[(Layer, &str)]| {
            Some(layers.iter().map(|&(layer, problem)| (layer, problem.to_owned())).collect())
        };
        let good = Exit::Code(0);
        assert_eq!(read(good, "done\n"), found(&[]));
        assert_eq!(
            read(good, "network it is there\npid 77 is seen\ndone\n"),
            found(&[(Layer::Network, "it is there"), (Layer::Pid, "77 is seen")])
        );
        for (exit, text) in [
            (good, ""),
            (good, "network it is there\n"),
            (good, "done\nnetwork it is there\n"),
            (Exit::Code(1), "done\n"),
            (Exit::Signal(9), "done\n"),
            (Exit::Killed, "done\n"),
        ] {
            assert_eq!(read(exit, text), None, "{exit:?} {text}");
        }
    }

    #[test]
    fn a_layer_that_is_left_out_is_found_missing() {
        let all = holding();
        assert_eq!(findings(&python(), &ask(&all, &python()).unwrap()).unwrap(), BTreeMap::new());
        for (left_out, found) in [
            (Layer::Pid, Layer::Pid),
            (Layer::Network, Layer::Network),
            (Layer::Uts, Layer::Uts),
            (Layer::Seccomp, Layer::Seccomp),
            (Layer::Rlimits, Layer::Processes),
        ] {
            let mut layers = all.clone();
            layers.remove(&left_out);
            // It keeps programs from the host's sockets too.
            layers.remove(&Layer::Landlock);
            let problems = findings(&python(), &ask(&layers, &python()).unwrap()).unwrap();
            assert_eq!(problems.into_keys().collect::<Vec<_>>(), [found], "{left_out:?}");
        }
    }
}
