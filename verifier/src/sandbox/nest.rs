//! The root that cells start from: an empty tmpfs with a few trees of the host bound into it,
//! read-only. It is built once for each set of trees; a cell adds its scratch and its program.

use std::ffi::OsStr;
use std::fs;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Mode, OFlags, mkdirat, openat, symlinkat};
use rustix::io::Errno;
use rustix::mount::{
    FsMountFlags, FsOpenFlags, MountAttrFlags, MountPropagationFlags, MoveMountFlags,
    OpenTreeFlags, UnmountFlags, fsconfig_create, fsconfig_set_string, fsmount, fsopen,
    mount_change, move_mount, open_tree, unmount,
};
use rustix::process::{fchdir, pivot_root};
use serde::{Deserialize, Serialize};

use super::harness::{HARNESS_DIR, Harness};
use super::stage::{Failure, Stage};
use super::{Program, sys, zygote};

/// The devices. Not `zero`: a shared mapping of it is memory that no process's figures show.
const DEVICES: [&str; 4] = ["null", "full", "random", "urandom"];
/// The size of the root itself, which holds directories and the harnesses.
const SIZE: &str = "4194304";

/// A part of the root, named from there.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Entry {
    /// An empty directory.
    Directory(PathBuf),
    /// An empty file, to bind another one over.
    File(PathBuf),
    /// A symbolic link to the first.
    Link(PathBuf, PathBuf),
    /// A tree of the host, at the same place; devices are shown as such.
    Tree { source: PathBuf, device: bool },
}

/// The whole root.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Nest(Vec<Entry>);

impl Nest {
    /// Lays out a root that shows these paths of the host beside the system's.
    pub fn new(needs: &[PathBuf]) -> Self {
        let mut nest = Self(Vec::new());
        nest.show(Path::new("/usr"), false);
        for name in ["bin", "sbin", "lib", "lib64", "lib32", "libx32"] {
            let path = Path::new("/").join(name);
            match fs::read_link(&path) {
                Ok(target) => nest.0.push(Entry::Link(target, name.into())),
                Err(_) => nest.show(&path, false),
            }
        }
        for path in needs {
            nest.show(path, false);
        }
        // Where the dynamic linker finds libraries outside its default directories.
        nest.show(Path::new("/etc/ld.so.cache"), false);
        for device in DEVICES {
            nest.show(&Path::new("/dev").join(device), true);
        }
        // POSIX semaphores and shared memory live in the scratch, and count as such.
        nest.0.push(Entry::Link("../tmp".into(), "dev/shm".into()));
        for own in [Program::SCRATCH, Program::DIRECTORY, HARNESS_DIR] {
            let inside = nest.place(own);
            nest.0.push(Entry::Directory(inside));
        }
        nest
    }

    /// Shows a directory or file of the host, where there is one, at the same path.
    fn show(&mut self, path: &Path, device: bool) {
        if !path.exists() {
            return;
        }
        let inside = self.place(path);
        self.0.push(match path.is_dir() {
            true => Entry::Directory(inside),
            false => Entry::File(inside),
        });
        self.0.push(Entry::Tree { source: path.to_path_buf(), device });
    }

    /// Makes the directories above a path, and gives the path as seen from the root.
    fn place(&mut self, path: impl AsRef<Path>) -> PathBuf {
        let names: Vec<&OsStr> = path
            .as_ref()
            .components()
            .filter_map(|part| match part {
                Component::Normal(name) => Some(name),
                _ => None,
            })
            .collect();
        let mut inside = PathBuf::new();
        for (place, name) in names.iter().enumerate() {
            inside.push(name);
            if place + 1 < names.len() {
                self.0.push(Entry::Directory(inside.clone()));
            }
        }
        inside
    }

    /// Builds the root and moves into it. For a process with a mount namespace of its own.
    pub fn build(&self) -> Result<(), Failure> {
        private_mounts()?;
        // The trees are taken before anything covers them.
        let mut trees = Vec::new();
        for entry in &self.0 {
            if let Entry::Tree { source, device } = entry {
                let tree = copy_of_tree(source).map_err(at(Stage::OpenTree))?;
                let shown = match device {
                    true => sys::RDONLY | sys::NOSUID | sys::NOEXEC,
                    false => sys::RDONLY | sys::NOSUID | sys::NODEV,
                };
                sys::set_attributes(&tree, shown, true).map_err(at(Stage::ReadOnly))?;
                trees.push(tree);
            }
        }
        let top = tmpfs(&[("size", SIZE), ("mode", "0755")], MountAttrFlags::empty())
            .map_err(at(Stage::RootFs))?;
        let base = ["/tmp", "/mnt", "/var"].into_iter().find(|d| Path::new(d).is_dir());
        attach(&top, CWD, Path::new(base.unwrap_or("/usr"))).map_err(at(Stage::Attach))?;
        let mut trees = trees.iter();
        for entry in &self.0 {
            match entry {
                Entry::Directory(path) => directory(&top, path).map_err(at(Stage::Entries))?,
                Entry::File(path) => write(&top, path, b"", 0o444).map_err(at(Stage::Entries))?,
                Entry::Link(target, path) => {
                    symlinkat(target, &top, path).map_err(at(Stage::Entries))?;
                }
                Entry::Tree { source, .. } => {
                    let inside = source.strip_prefix("/").unwrap_or(source);
                    if let Some(tree) = trees.next() {
                        attach(tree, &top, inside).map_err(at(Stage::Attach))?;
                    }
                }
            }
        }
        let own = Harness::ALL.map(|h| (h.module(), h.source()));
        for (module, source) in own.into_iter().chain([(zygote::MODULE, zygote::SOURCE)]) {
            let path = Path::new(HARNESS_DIR).join(format!("{module}.py"));
            let path = path.strip_prefix("/").unwrap_or(&path);
            write(&top, path, source.as_bytes(), 0o444).map_err(at(Stage::Entries))?;
        }
        fchdir(&top).map_err(at(Stage::Pivot))?;
        pivot_root(".", ".").map_err(at(Stage::Pivot))?;
        unmount(".", UnmountFlags::DETACH).map_err(at(Stage::Pivot))?;
        sys::set_attributes(&top, sys::RDONLY, false).map_err(at(Stage::ReadOnly))
    }
}

/// The failure of a stage.
pub(super) fn at(stage: Stage) -> impl Fn(Errno) -> Failure {
    move |errno| Failure { stage, errno: errno.raw_os_error() }
}

/// Makes every mount of this namespace private, so that nothing done here is seen outside.
pub(super) fn private_mounts() -> Result<(), Failure> {
    let private = MountPropagationFlags::PRIVATE | MountPropagationFlags::REC;
    mount_change("/", private).map_err(at(Stage::PrivateMounts))
}

fn copy_of_tree(path: &Path) -> Result<OwnedFd, Errno> {
    let flags = OpenTreeFlags::OPEN_TREE_CLONE
        | OpenTreeFlags::OPEN_TREE_CLOEXEC
        | OpenTreeFlags::AT_RECURSIVE;
    open_tree(CWD, path, flags)
}

/// A new tmpfs that is mounted nowhere yet.
pub(super) fn tmpfs(options: &[(&str, &str)], more: MountAttrFlags) -> Result<OwnedFd, Errno> {
    let tmpfs = fsopen("tmpfs", FsOpenFlags::FSOPEN_CLOEXEC)?;
    for (key, value) in options {
        fsconfig_set_string(&tmpfs, *key, *value)?;
    }
    fsconfig_create(&tmpfs)?;
    let attributes = MountAttrFlags::MOUNT_ATTR_NOSUID | MountAttrFlags::MOUNT_ATTR_NODEV | more;
    fsmount(&tmpfs, FsMountFlags::FSMOUNT_CLOEXEC, attributes)
}

/// Mounts what is mounted nowhere.
pub(super) fn attach(mount: &OwnedFd, directory: impl AsFd, path: &Path) -> Result<(), Errno> {
    move_mount(mount, "", directory, path, MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH)
}

fn directory(top: &OwnedFd, path: &Path) -> Result<(), Errno> {
    match mkdirat(top, path, Mode::from_raw_mode(0o755)) {
        Err(Errno::EXIST) => Ok(()),
        result => result,
    }
}

/// Writes a new file below a directory.
pub(super) fn write(top: &OwnedFd, path: &Path, bytes: &[u8], mode: u32) -> Result<(), Errno> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
    let file = openat(top, path, flags, Mode::from_raw_mode(mode))?;
    let mut rest = bytes;
    while !rest.is_empty() {
        match rustix::io::write(&file, rest) {
            Ok(written) => rest = rest.get(written..).unwrap_or_default(),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error),
        }
    }
    // What the umask took away.
    rustix::fs::chmodat(top, path, Mode::from_raw_mode(mode), AtFlags::empty())
}
