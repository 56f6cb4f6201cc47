//! How a program is started: its command line, environment and limits, and the identity it has.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::harness::HARNESS_DIR;
use super::{Layer, Limits, Program, Python, SandboxError, Start, sys};

/// The user and group that a program has, seen from inside.
pub(super) const INSIDE_ID: u32 = 1000;
/// The identity that root's programs have on the host: nobody.
pub(super) const NOBODY: u32 = 65534;

/// How identities are changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Identity {
    /// The program keeps the only identity there is.
    Kept,
    /// The program changes to this user and group before it starts.
    Changed(u32),
}

impl Identity {
    /// Root's programs become somebody else, where there is somebody else to become.
    pub fn here(layers: &BTreeSet<Layer>) -> Self {
        let several = rustix::process::geteuid().is_root() && two_ids();
        match (several, layers.contains(&Layer::User)) {
            (true, true) => Self::Changed(INSIDE_ID),
            (true, false) => Self::Changed(NOBODY),
            (false, _) => Self::Kept,
        }
    }

    /// The user and group of a program's files, seen from where they are made.
    pub fn owner(self, layers: &BTreeSet<Layer>) -> (u32, u32) {
        match self {
            Self::Changed(id) => (id, id),
            Self::Kept if layers.contains(&Layer::User) => (INSIDE_ID, INSIDE_ID),
            Self::Kept => {
                let (uid, gid) = (rustix::process::geteuid(), rustix::process::getegid());
                (uid.as_raw(), gid.as_raw())
            }
        }
    }
}

/// Whether root here can lend the identity of nobody to a program.
fn two_ids() -> bool {
    // Lines of "first inside, first outside, count"; in the first namespace it is everything.
    let covers = |file: &str| {
        fs::read_to_string(file).is_ok_and(|map| {
            map.lines().any(|line| {
                let mut numbers = line.split_ascii_whitespace().map(|n| n.parse::<u64>());
                match (numbers.next(), numbers.nth(1)) {
                    (Some(Ok(first)), Some(Ok(count))) => {
                        (first..first + count).contains(&u64::from(NOBODY))
                    }
                    _ => false,
                }
            })
        })
    };
    covers("/proc/self/uid_map") && covers("/proc/self/gid_map")
}

/// A limit of the kernel on one process: the resource, the soft and the hard limit.
pub(super) type Rlimit = (u32, u64, u64);

/// The limits of the kernel for a program.
pub(super) fn rlimits(limits: &Limits, identity: Identity, start: &Start) -> Vec<Rlimit> {
    /// Room for mapped files and code beside the private memory.
    const MAPPED: u64 = 1 << 30;
    let seconds = limits.cpu.as_secs() + u64::from(limits.cpu.subsec_nanos() > 0);
    // The process that waits counts too where the program has the same identity.
    let processes = u64::from(limits.processes) + u64::from(identity == Identity::Kept);
    let both = |resource: u32, value: u64| (resource, value, value);
    let reserves = matches!(start, Start::Command(command) if command.reserves);
    let mut all = vec![
        (libc::RLIMIT_CPU, seconds.max(1), seconds.max(1) + 1),
        both(libc::RLIMIT_STACK, (8 << 20).min(limits.memory)),
        both(libc::RLIMIT_NPROC, processes),
        both(libc::RLIMIT_FSIZE, limits.file_size),
        both(libc::RLIMIT_NOFILE, u64::from(limits.open_files)),
        both(libc::RLIMIT_CORE, 0),
        both(libc::RLIMIT_MEMLOCK, 0),
        both(libc::RLIMIT_MSGQUEUE, 0),
        both(libc::RLIMIT_SIGPENDING, 256),
    ];
    if !reserves {
        all.push(both(libc::RLIMIT_DATA, limits.memory));
        all.push(both(libc::RLIMIT_AS, limits.memory.saturating_add(MAPPED)));
    }
    // Nobody here may raise what this program itself was given.
    let given = |(resource, soft, hard): Rlimit| {
        let most = sys::hard_limit(resource);
        (resource, soft.min(most), hard.min(most))
    };
    all.into_iter().map(given).collect()
}

/// What is given to exec.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct CommandLine {
    /// The executable.
    pub executable: PathBuf,
    /// Its name and arguments.
    pub argv: Vec<String>,
    /// Its environment, as `NAME=value`.
    pub environment: Vec<String>,
    /// Where it starts.
    pub directory: PathBuf,
}

impl CommandLine {
    /// The command line of a program. `host` holds the program's files where there is no new root.
    pub fn new(
        python: &Python,
        program: &Program,
        host: Option<&Path>,
    ) -> Result<Self, SandboxError> {
        let place = |own: &str, outside: &str| match host {
            Some(directory) => directory.join(outside),
            None => PathBuf::from(own),
        };
        let files = place(Program::DIRECTORY, "program");
        let scratch = place(Program::SCRATCH, "scratch");
        let interpreter = |file: &Path| {
            let words = [&python.executable, Path::new("-s"), Path::new("-B"), file];
            words.into_iter().map(text).collect::<Result<Vec<_>, _>>()
        };
        let (executable, mut argv, variables) = match &program.start {
            Start::Script(entry) => {
                (&python.executable, interpreter(&files.join(entry))?, [].as_slice())
            }
            Start::Harness(harness) => {
                let file = place(HARNESS_DIR, "program").join(format!("{}.py", harness.module()));
                let argv = [interpreter(&file)?, vec![text(&files)?]].concat();
                (&python.executable, argv, [].as_slice())
            }
            Start::Command(command) => {
                let argv = [vec![text(&command.executable)?], command.args.clone()].concat();
                (&command.executable, argv, command.variables.as_slice())
            }
        };
        argv.extend(program.args.iter().cloned());
        let mut environment = environment(executable, &scratch);
        if !matches!(program.start, Start::Command(_)) {
            environment.extend(packages(python));
        }
        environment.extend(variables.iter().map(|(name, value)| format!("{name}={value}")));
        if argv.iter().chain(&environment).any(|word| word.contains('\0')) {
            let what = "an argument or a variable holds a zero byte";
            return Err(SandboxError::Program(what.into()));
        }
        Ok(Self { executable: executable.clone(), argv, environment, directory: scratch })
    }

    /// The command line of the interpreter that forks programs.
    pub fn zygote(python: &Python) -> Result<Self, SandboxError> {
        let file = Path::new(HARNESS_DIR).join(format!("{}.py", super::zygote::MODULE));
        let words = [&python.executable, Path::new("-s"), Path::new("-B"), &file];
        Ok(Self {
            executable: python.executable.clone(),
            argv: words.into_iter().map(text).collect::<Result<_, _>>()?,
            environment: environment(&python.executable, Path::new(Program::SCRATCH))
                .into_iter()
                .chain(packages(python))
                .collect(),
            directory: "/".into(),
        })
    }
}

fn text(path: &Path) -> Result<String, SandboxError> {
    path.to_str()
        .map(str::to_owned)
        .ok_or_else(|| SandboxError::Program(format!("the path {} is not Unicode", path.display())))
}

/// Where an interpreter finds further packages.
fn packages(python: &Python) -> Option<String> {
    python.packages.as_ref().map(|packages| format!("PYTHONPATH={}", packages.display()))
}

/// Nothing of the host's environment; the rest makes runs repeatable and thrifty.
fn environment(executable: &Path, scratch: &Path) -> Vec<String> {
    let beside = executable.parent().unwrap_or(Path::new("/usr/bin")).display();
    let scratch = scratch.display();
    vec![
        format!("PATH={beside}:/usr/bin:/bin"),
        format!("HOME={scratch}"),
        format!("TMPDIR={scratch}"),
        "LANG=C.UTF-8".into(),
        "LC_ALL=C.UTF-8".into(),
        "PYTHONHASHSEED=0".into(),
        "MALLOC_ARENA_MAX=1".into(),
        "OMP_NUM_THREADS=1".into(),
        "OPENBLAS_NUM_THREADS=1".into(),
    ]
}

/// The namespaces to make.
pub(super) fn namespaces(layers: &BTreeSet<Layer>) -> u64 {
    layers.iter().fold(0, |all, &layer| all | namespace(layer))
}

/// The namespace that a layer is; 0 when it is none.
pub(super) fn namespace(layer: Layer) -> u64 {
    let flag = match layer {
        Layer::User => libc::CLONE_NEWUSER,
        Layer::Mount => libc::CLONE_NEWNS,
        Layer::Pid => libc::CLONE_NEWPID,
        Layer::Network => libc::CLONE_NEWNET,
        Layer::Ipc => libc::CLONE_NEWIPC,
        Layer::Uts => libc::CLONE_NEWUTS,
        Layer::Cgroup => libc::CLONE_NEWCGROUP,
        _ => 0,
    };
    u64::from(flag as u32)
}
