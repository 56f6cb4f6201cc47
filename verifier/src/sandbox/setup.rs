//! All that the child does between clone and exec, laid out beforehand.
//!
//! The child may not allocate. So the parent writes down every path, option and limit as the
//! kernel takes them, and the child only walks through the lists.

use std::collections::BTreeSet;
use std::ffi::CString;
use std::fs;
use std::path::{Path, PathBuf};

use libc::{c_char, c_int};

use super::root::{Root, c};
use super::{Layer, Limits, Program, Python, SandboxError, Start};

/// The user and group that a program has, seen from inside.
pub(super) const INSIDE_ID: u32 = 1000;
/// The identity that root's programs have on the host: nobody.
pub(super) const NOBODY: u32 = 65534;

/// How identities are changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Identity {
    /// The program keeps the only identity there is.
    Kept,
    /// The program changes to this user and group before it starts.
    Changed(u32),
}

/// Everything the child needs.
pub(super) struct Setup {
    pub flags: u64,
    pub root: Option<Root>,
    pub host_name: bool,
    pub is_init: bool,
    pub identity: Identity,
    pub capabilities: bool,
    pub no_new_privs: bool,
    pub rlimits: Vec<(u32, u64, u64)>,
    /// System call filters, in the order in which they are set.
    pub filters: Vec<Vec<libc::sock_filter>>,
    pub directory: CString,
    pub executable: CString,
    argv: Vec<CString>,
    envp: Vec<CString>,
    pub channel: bool,
    /// Whether there is another program to speak with.
    pub link: bool,
}

/// Root's programs become somebody else, where there is somebody else to become.
pub(super) fn identity(layers: &BTreeSet<Layer>) -> Identity {
    match (rustix::process::geteuid().is_root() && two_ids(), layers.contains(&Layer::User)) {
        (true, true) => Identity::Changed(INSIDE_ID),
        (true, false) => Identity::Changed(NOBODY),
        (false, _) => Identity::Kept,
    }
}

/// A null-terminated list of pointers, as exec takes it; it borrows the strings.
pub(super) fn pointers(strings: &[CString]) -> Vec<*const c_char> {
    strings.iter().map(|s| s.as_ptr()).chain([std::ptr::null()]).collect()
}

impl Setup {
    /// Lays out one run. `host_dir` holds the program's files when there is no new root.
    pub fn new(
        layers: &BTreeSet<Layer>,
        python: &Python,
        program: &Program,
        limits: &Limits,
        host_dir: Option<&Path>,
        link: bool,
    ) -> Result<Self, SandboxError> {
        let holds = |layer| layers.contains(&layer);
        let identity = identity(layers);
        let owner = match identity {
            Identity::Changed(id) => (id, id),
            Identity::Kept if holds(Layer::User) => (INSIDE_ID, INSIDE_ID),
            Identity::Kept => {
                let (uid, gid) = (rustix::process::geteuid(), rustix::process::getegid());
                (uid.as_raw(), gid.as_raw())
            }
        };
        let (program_dir, scratch_dir) = match host_dir {
            Some(dir) => (dir.join("program"), dir.join("scratch")),
            None => (PathBuf::from(Program::DIRECTORY), PathBuf::from(Program::SCRATCH)),
        };
        let root = match host_dir {
            Some(_) => None,
            None => Some(Root::new(python, program, limits, owner)?),
        };
        let interpreter = |file: &str| -> Result<Vec<CString>, SandboxError> {
            Ok(vec![c(&python.executable)?, c("-s")?, c("-B")?, c(program_dir.join(file))?])
        };
        let (executable, mut argv) = match &program.start {
            Start::Script(entry) => (c(&python.executable)?, interpreter(entry)?),
            Start::Harness(harness) => {
                (c(&python.executable)?, interpreter(&format!("{}.py", harness.module()))?)
            }
            Start::Command(command) => {
                let executable = c(&command.executable)?;
                let args: Result<Vec<_>, _> = command.args.iter().map(c).collect();
                (executable.clone(), [vec![executable], args?].concat())
            }
        };
        for argument in &program.args {
            argv.push(c(argument)?);
        }
        let filters = match holds(Layer::Seccomp) {
            true => super::seccomp::filters().map_err(|e| SandboxError::Filter(e.to_string()))?,
            false => Vec::new(),
        };
        Ok(Self {
            flags: flags(layers),
            root,
            host_name: holds(Layer::Uts),
            is_init: holds(Layer::Pid),
            identity,
            capabilities: holds(Layer::Capabilities),
            no_new_privs: holds(Layer::NoNewPrivs),
            rlimits: if holds(Layer::Rlimits) {
                rlimits(limits, identity, program)
            } else {
                Vec::new()
            },
            filters,
            directory: c(&scratch_dir)?,
            executable,
            argv,
            envp: environment(python, program, &scratch_dir)?,
            channel: program.channel,
            link,
        })
    }

    /// The arguments, for exec.
    pub fn argv(&self) -> Vec<*const c_char> {
        pointers(&self.argv)
    }

    /// The environment, for exec.
    pub fn envp(&self) -> Vec<*const c_char> {
        pointers(&self.envp)
    }
}

/// The namespaces to make.
pub(super) fn flags(layers: &BTreeSet<Layer>) -> u64 {
    let flag = |layer| match layer {
        Layer::User => libc::CLONE_NEWUSER,
        Layer::Mount => libc::CLONE_NEWNS,
        Layer::Pid => libc::CLONE_NEWPID,
        Layer::Network => libc::CLONE_NEWNET,
        Layer::Ipc => libc::CLONE_NEWIPC,
        Layer::Uts => libc::CLONE_NEWUTS,
        Layer::Cgroup => libc::CLONE_NEWCGROUP,
        _ => 0,
    };
    layers.iter().fold(0, |all, &layer| all | u64::from(flag(layer) as u32))
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

fn rlimits(limits: &Limits, identity: Identity, program: &Program) -> Vec<(u32, u64, u64)> {
    /// Room for mapped files and code beside the private memory.
    const MAPPED: u64 = 1 << 30;
    let seconds = limits.cpu.as_secs() + u64::from(limits.cpu.subsec_nanos() > 0);
    // The process that waits counts too where the program has the same identity.
    let processes = u64::from(limits.processes) + u64::from(identity == Identity::Kept);
    let both = |resource: u32, value: u64| (resource, value, value);
    let reserves = matches!(&program.start, Start::Command(command) if command.reserves);
    let addresses = match reserves {
        true => vec![],
        false => vec![
            both(libc::RLIMIT_DATA, limits.memory),
            both(libc::RLIMIT_AS, limits.memory.saturating_add(MAPPED)),
        ],
    };
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
    all.extend(addresses);
    all
}

/// Nothing of the host's environment; the rest makes runs repeatable and thrifty.
fn environment(
    python: &Python,
    program: &Program,
    scratch: &Path,
) -> Result<Vec<CString>, SandboxError> {
    let (executable, variables) = match &program.start {
        Start::Command(command) => (&command.executable, command.variables.as_slice()),
        Start::Script(_) | Start::Harness(_) => (&python.executable, [].as_slice()),
    };
    let own = variables.iter().map(|(name, value)| format!("{name}={value}"));
    let beside = executable.parent().unwrap_or(Path::new("/usr/bin")).display();
    let scratch = scratch.display();
    [
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
    .into_iter()
    .chain(own)
    .map(c)
    .collect()
}

/// The numbers that descriptors have in the child.
pub(super) mod fd {
    use super::c_int;
    /// The channel for results, in the program.
    pub const CHANNEL: c_int = 3;
    /// Where the other of a pair is heard, in the program.
    pub const HEAR: c_int = 4;
    /// Where the other of a pair is spoken to, in the program.
    pub const SPEAK: c_int = 5;
    /// Where set-up failures are told; closed when the program starts.
    pub const BOOT: c_int = 6;
    /// Where the end is told; only the init process has it.
    pub const STATUS: c_int = 7;
    /// The parent's leave to go on.
    pub const GO: c_int = 8;
    /// The first number that is closed at once.
    pub const END: c_int = 9;
}
