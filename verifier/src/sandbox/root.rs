//! The new root of a program: an empty tmpfs with a few trees of the host bound into it,
//! read-only, and one scratch.

use std::ffi::{CString, OsStr};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use super::sys::attr;
use super::{Limits, Program, Python, SandboxError, Start};

/// The most trees of the host that are shown.
pub(super) const MAX_TREES: usize = 32;

/// What a tree of the host is shown with.
const SHOWN: u64 = attr::RDONLY | attr::NOSUID | attr::NODEV;
/// What a device of the host is shown with.
const DEVICE: u64 = attr::RDONLY | attr::NOSUID | attr::NOEXEC;
/// The devices. Not `zero`: a shared mapping of it is memory that no process's figures show.
const DEVICES: [&str; 4] = ["null", "full", "random", "urandom"];

/// A part of the new root, named from there.
pub(super) enum Entry {
    /// An empty directory.
    Dir(CString),
    /// A file with this content.
    File(CString, Vec<u8>, u32),
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

impl Root {
    /// Lays out the root of a program whose scratch belongs to `(uid, gid)`.
    pub fn new(
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
        root.show(Path::new("/usr"), SHOWN)?;
        for name in ["bin", "sbin", "lib", "lib64", "lib32", "libx32"] {
            let path = Path::new("/").join(name);
            match fs::read_link(&path) {
                Ok(target) => root.entries.push(Entry::Link(c(target)?, c(name)?)),
                Err(_) => root.show(&path, SHOWN)?,
            }
        }
        let needs = match &program.start {
            Start::Command(command) => &command.needs,
            Start::Script(_) | Start::Harness(_) => &python.needs,
        };
        for path in needs {
            root.show(path, SHOWN)?;
        }
        // Where the dynamic linker finds libraries outside its default directories.
        root.show(Path::new("/etc/ld.so.cache"), SHOWN)?;
        for device in DEVICES {
            root.show(&Path::new("/dev").join(device), DEVICE)?;
        }
        // POSIX semaphores and shared memory live in the scratch, and count as such.
        root.entries.push(Entry::Link(c("../tmp")?, c("dev/shm")?));
        let scratch = root.place(Program::SCRATCH)?;
        root.entries.push(Entry::Scratch(scratch));
        let files = root.place(Program::DIRECTORY)?;
        root.entries.push(Entry::Dir(files));
        for file in &program.files {
            let inside = root.place(Path::new(Program::DIRECTORY).join(&file.name))?;
            let mode = if file.executable { 0o555 } else { 0o444 };
            root.entries.push(Entry::File(inside, file.bytes.clone(), mode));
        }
        Ok(root)
    }

    /// Shows a directory or file of the host, where there is one, at the same path.
    fn show(&mut self, path: &Path, attributes: u64) -> Result<(), SandboxError> {
        if !path.exists() {
            return Ok(());
        }
        if self.trees.len() == MAX_TREES {
            return Err(SandboxError::Program(format!(
                "the interpreter needs more than {MAX_TREES} directories"
            )));
        }
        let inside = self.place(path)?;
        self.entries.push(match path.is_dir() {
            true => Entry::Dir(inside.clone()),
            false => Entry::File(inside.clone(), Vec::new(), 0o444),
        });
        self.entries.push(Entry::Tree(self.trees.len(), inside));
        self.trees.push(Tree { source: c(path)?, attributes });
        Ok(())
    }

    /// Makes the directories above a path, and gives the path as seen from the new root.
    fn place(&mut self, path: impl AsRef<Path>) -> Result<CString, SandboxError> {
        let mut inside = PathBuf::new();
        let names: Vec<&OsStr> = path
            .as_ref()
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
pub(super) fn c(text: impl Text) -> Result<CString, SandboxError> {
    CString::new(text.bytes())
        .map_err(|_| SandboxError::Program("a path or argument holds a zero byte".into()))
}

/// What can be handed to the kernel as text.
pub(super) trait Text {
    /// Its bytes, without the zero at the end.
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
