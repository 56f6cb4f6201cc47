//! All that the child does between clone and exec, laid out beforehand.
//!
//! The child may not allocate. So the parent writes down every path, option and limit as the
//! kernel takes them, and the child only walks through the lists.

use std::collections::BTreeSet;
use std::ffi::{CStr, CString, OsStr};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use libc::{c_char, c_int};

use super::{Layer, Limits, Program, Python, SandboxError};

/// The user and group that a program has, seen from inside.
pub(super) const INSIDE_ID: u32 = 1000;
/// The identity that root's programs have on the host: nobody.
pub(super) const NOBODY: u32 = 65534;
/// The directory of the program's files.
pub(super) const PROGRAM_DIR: &str = "/program";
/// The working directory, home and place for temporary files.
pub(super) const SCRATCH_DIR: &str = "/tmp";
/// The most trees of the host that are shown.
pub(super) const MAX_TREES: usize = 32;

/// A part of the new root, named from there.
pub(super) enum Entry {
    /// An empty directory.
    Dir(CString),
    /// A file with this content.
    File(CString, Vec<u8>),
    /// A symbolic link to the first.
    Link(CString, CString),
    /// The `index`-th tree of the host.
    Tree(usize, CString),
    /// The scratch.
    Scratch(CString),
}

/// A tree of the host.
pub(super) struct Tree {
    pub source: CString,
    pub attributes: u64,
}

/// The whole new root.
pub(super) struct Root {
    /// A directory of the host over which the root is mounted for a moment.
    pub base: CString,
    pub size: CString,
    pub trees: Vec<Tree>,
    pub entries: Vec<Entry>,
    pub scratch_size: CString,
    pub scratch_inodes: CString,
    pub scratch_uid: CString,
    pub scratch_gid: CString,
}

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
    pub filter: Vec<libc::sock_filter>,
    pub directory: CString,
    pub stdin: CString,
    pub executable: CString,
    argv: Vec<CString>,
    envp: Vec<CString>,
    pub channel: bool,
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
            None => (PathBuf::from(PROGRAM_DIR), PathBuf::from(SCRATCH_DIR)),
        };
        let root = match host_dir {
            Some(_) => None,
            None => Some(Root::new(python, program, limits, owner)?),
        };
        let mut argv = vec![c(&python.executable)?, c("-s")?, c("-B")?];
        argv.push(c(program_dir.join(&program.entry))?);
        for argument in &program.args {
            argv.push(c(argument)?);
        }
        let stdin = match program.stdin {
            Some(_) => c(program_dir.join(Program::STDIN))?,
            None => c("/dev/null")?,
        };
        let filter = match holds(Layer::Seccomp) {
            true => super::seccomp::filter().map_err(|e| SandboxError::Filter(e.to_string()))?,
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
            rlimits: if holds(Layer::Rlimits) { rlimits(limits, identity) } else { Vec::new() },
            filter,
            directory: c(&scratch_dir)?,
            stdin,
            executable: c(&python.executable)?,
            argv,
            envp: environment(python, &scratch_dir)?,
            channel: program.channel,
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

impl Root {
    fn new(
        python: &Python,
        program: &Program,
        limits: &Limits,
        (uid, gid): (u32, u32),
    ) -> Result<Self, SandboxError> {
        let mut root = Self {
            base: c(["/tmp", "/mnt", "/var", "/usr"]
                .into_iter()
                .find(|d| Path::new(d).is_dir())
                .unwrap_or("/"))?,
            size: c((4 << 20) + program.files.iter().map(|f| 2 * f.bytes.len()).sum::<usize>())?,
            trees: Vec::new(),
            entries: Vec::new(),
            scratch_size: c(limits.scratch)?,
            scratch_inodes: c(limits.inodes)?,
            scratch_uid: c(uid)?,
            scratch_gid: c(gid)?,
        };
        let shown = super::sys::attr::RDONLY | super::sys::attr::NOSUID;
        root.tree(Path::new("/usr"), shown | super::sys::attr::NODEV)?;
        for name in ["bin", "sbin", "lib", "lib64", "lib32", "libx32"] {
            let path = Path::new("/").join(name);
            match fs::read_link(&path) {
                Ok(target) => root.entries.push(Entry::Link(c(target)?, c(name)?)),
                Err(_) if path.is_dir() => root.tree(&path, shown | super::sys::attr::NODEV)?,
                Err(_) => {}
            }
        }
        for path in &python.roots {
            root.tree(path, shown | super::sys::attr::NODEV)?;
        }
        // Where the dynamic linker finds libraries outside its default directories.
        root.file_of_host("/etc/ld.so.cache", shown | super::sys::attr::NODEV)?;
        for device in ["null", "zero", "full", "random", "urandom"] {
            root.file_of_host(&format!("/dev/{device}"), shown | super::sys::attr::NOEXEC)?;
        }
        // POSIX semaphores and shared memory live in the scratch, and count as such.
        root.entries.push(Entry::Link(c("../tmp")?, c("dev/shm")?));
        root.entries.push(Entry::Scratch(c("tmp")?));
        root.entries.push(Entry::Dir(c("program")?));
        for file in &program.files {
            root.entries
                .push(Entry::File(c(format!("program/{}", file.name))?, file.bytes.clone()));
        }
        if let Some(stdin) = &program.stdin {
            let path = format!("program/{}", Program::STDIN);
            root.entries.push(Entry::File(c(path)?, stdin.clone()));
        }
        Ok(root)
    }

    /// Shows a directory of the host at the same path.
    fn tree(&mut self, path: &Path, attributes: u64) -> Result<(), SandboxError> {
        let inside = self.parents(path)?;
        self.entries.push(Entry::Dir(inside.clone()));
        self.bind(path, inside, attributes)
    }

    fn file_of_host(&mut self, path: &str, attributes: u64) -> Result<(), SandboxError> {
        if Path::new(path).exists() {
            let inside = self.parents(Path::new(path))?;
            self.entries.push(Entry::File(inside.clone(), Vec::new()));
            self.bind(Path::new(path), inside, attributes)?;
        }
        Ok(())
    }

    fn bind(&mut self, path: &Path, inside: CString, attributes: u64) -> Result<(), SandboxError> {
        if self.trees.len() == MAX_TREES {
            return Err(SandboxError::Program(format!(
                "the interpreter needs more than {MAX_TREES} directories"
            )));
        }
        self.entries.push(Entry::Tree(self.trees.len(), inside));
        self.trees.push(Tree { source: c(path)?, attributes });
        Ok(())
    }

    /// Makes the directories above a path, and gives the path as seen from the new root.
    fn parents(&mut self, path: &Path) -> Result<CString, SandboxError> {
        let mut inside = PathBuf::new();
        let names: Vec<&OsStr> = path
            .components()
            .filter_map(|part| match part {
                Component::Normal(name) => Some(name),
                _ => None,
            })
            .collect();
        for (place, name) in names.iter().enumerate() {
            inside.push(name);
            if place + 1 < names.len() {
                self.entries.push(Entry::Dir(c(&inside)?));
            }
        }
        c(inside)
    }
}

/// Text as the kernel takes it.
fn c(text: impl Text) -> Result<CString, SandboxError> {
    CString::new(text.bytes())
        .map_err(|_| SandboxError::Program("a path or argument holds a zero byte".into()))
}

/// What can be handed to the kernel as text.
trait Text {
    fn bytes(self) -> Vec<u8>;
}

macro_rules! text {
    ($($kind:ty => |$value:ident| $bytes:expr;)*) => {
        $(impl Text for $kind { fn bytes(self) -> Vec<u8> { let $value = self; $bytes } })*
    };
}

text! {
    &str => |t| t.as_bytes().to_vec();
    String => |t| t.into_bytes();
    &String => |t| t.as_bytes().to_vec();
    &Path => |p| p.as_os_str().as_bytes().to_vec();
    PathBuf => |p| p.as_os_str().as_bytes().to_vec();
    &PathBuf => |p| p.as_os_str().as_bytes().to_vec();
    u64 => |n| n.to_string().into_bytes();
    u32 => |n| n.to_string().into_bytes();
    usize => |n| n.to_string().into_bytes();
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

fn rlimits(limits: &Limits, identity: Identity) -> Vec<(u32, u64, u64)> {
    /// Room for mapped files and code beside the private memory.
    const MAPPED: u64 = 1 << 30;
    let seconds = limits.cpu.as_secs() + u64::from(limits.cpu.subsec_nanos() > 0);
    // The process that waits counts where the program has the same identity.
    let processes = u64::from(limits.processes) + u64::from(identity == Identity::Kept);
    let both = |resource: u32, value: u64| (resource, value, value);
    vec![
        (libc::RLIMIT_CPU, seconds.max(1), seconds.max(1) + 1),
        both(libc::RLIMIT_DATA, limits.memory),
        both(libc::RLIMIT_AS, limits.memory.saturating_add(MAPPED)),
        both(libc::RLIMIT_STACK, (8 << 20).min(limits.memory)),
        both(libc::RLIMIT_NPROC, processes),
        both(libc::RLIMIT_FSIZE, limits.file_size),
        both(libc::RLIMIT_NOFILE, u64::from(limits.open_files)),
        both(libc::RLIMIT_CORE, 0),
        both(libc::RLIMIT_MEMLOCK, 0),
        both(libc::RLIMIT_MSGQUEUE, 0),
        both(libc::RLIMIT_SIGPENDING, 256),
    ]
}

/// Nothing of the host's environment; the rest makes runs repeatable and thrifty.
fn environment(python: &Python, scratch: &Path) -> Result<Vec<CString>, SandboxError> {
    let beside = python.executable.parent().unwrap_or(Path::new("/usr/bin")).display();
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
    .map(c)
    .collect()
}

/// The numbers that descriptors have in the child.
pub(super) mod fd {
    use super::c_int;
    /// The channel for results, in the program.
    pub const CHANNEL: c_int = 3;
    /// Where set-up failures are told; closed when the program starts.
    pub const BOOT: c_int = 4;
    /// Where the end is told; only the init process has it.
    pub const STATUS: c_int = 5;
    /// The parent's leave to go on.
    pub const GO: c_int = 6;
    /// The first number that is closed at once.
    pub const END: c_int = 7;
}

/// A C string as text, for messages.
pub(super) fn shown(text: &CStr) -> String {
    text.to_string_lossy().into_owned()
}
