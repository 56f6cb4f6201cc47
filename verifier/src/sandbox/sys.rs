//! Raw system calls for the time between clone and exec.
//!
//! The caller has many threads, so its child may take no lock and allocate nothing: every function
//! here is one system call on memory that was laid out before.
#![expect(unsafe_code, reason = "system calls that no safe crate offers after a raw clone")]

use std::ffi::CStr;

use libc::{c_char, c_int, c_long};

/// The number of a system error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Errno(pub c_int);

impl From<Errno> for std::io::Error {
    fn from(errno: Errno) -> Self {
        Self::from_raw_os_error(errno.0)
    }
}

pub(super) type Sys<T> = Result<T, Errno>;

/// Names a file below an open directory.
#[derive(Clone, Copy)]
pub(super) struct At<'a>(pub c_int, pub &'a CStr);

macro_rules! call {
    ($number:expr $(, $argument:expr)* $(,)?) => {{
        // SAFETY: every argument is an integer, or a pointer to memory that outlives the call and
        // is as long as the kernel reads or writes; the wrappers below see to it by their types.
        // Each is widened, because the kernel reads whole registers.
        let result: c_long = unsafe { libc::syscall($number $(, $argument as c_long)*) };
        if result < 0 {
            // SAFETY: the location belongs to this thread.
            Err(Errno(unsafe { *libc::__errno_location() }))
        } else {
            Ok(result)
        }
    }};
}

pub(super) fn prctl(option: c_int, argument: c_long) -> Sys<c_long> {
    call!(libc::SYS_prctl, option, argument, 0, 0, 0)
}

pub(super) fn dup_above(fd: c_int, least: c_int) -> Sys<c_int> {
    call!(libc::SYS_fcntl, fd, libc::F_DUPFD_CLOEXEC, least).map(|fd| fd as c_int)
}

/// Duplicates onto a given number; `exec` tells whether it stays open over exec.
pub(super) fn dup_to(fd: c_int, to: c_int, exec: bool) -> Sys<()> {
    call!(libc::SYS_dup3, fd, to, if exec { 0 } else { libc::O_CLOEXEC }).map(drop)
}

pub(super) fn close_from(first: c_int) -> Sys<()> {
    call!(libc::SYS_close_range, first as libc::c_uint, libc::c_uint::MAX, 0).map(drop)
}

pub(super) fn close(fd: c_int) {
    // The number is free afterwards whatever the call says.
    let _ = call!(libc::SYS_close, fd);
}

pub(super) fn setsid() -> Sys<()> {
    call!(libc::SYS_setsid).map(drop)
}

pub(super) fn umask(mask: libc::mode_t) {
    let _ = call!(libc::SYS_umask, mask);
}

pub(super) fn read_byte(fd: c_int) -> Sys<bool> {
    let mut byte = 0u8;
    loop {
        match call!(libc::SYS_read, fd, &raw mut byte, 1usize) {
            Err(Errno(libc::EINTR)) => {}
            result => return result.map(|n| n == 1),
        }
    }
}

pub(super) fn write_all(fd: c_int, mut bytes: &[u8]) -> Sys<()> {
    while !bytes.is_empty() {
        match call!(libc::SYS_write, fd, bytes.as_ptr(), bytes.len()) {
            Ok(0) => return Err(Errno(libc::EIO)),
            Ok(n) => bytes = bytes.get(n as usize..).unwrap_or(&[]),
            Err(Errno(libc::EINTR)) => {}
            Err(errno) => return Err(errno),
        }
    }
    Ok(())
}

pub(super) fn open(at: At, flags: c_int, mode: libc::mode_t) -> Sys<c_int> {
    let flags = flags | libc::O_CLOEXEC;
    call!(libc::SYS_openat, at.0, at.1.as_ptr(), flags, mode).map(|fd| fd as c_int)
}

pub(super) fn mkdir(at: At, mode: libc::mode_t) -> Sys<()> {
    match call!(libc::SYS_mkdirat, at.0, at.1.as_ptr(), mode) {
        Ok(_) | Err(Errno(libc::EEXIST)) => Ok(()),
        Err(errno) => Err(errno),
    }
}

pub(super) fn symlink(target: &CStr, at: At) -> Sys<()> {
    call!(libc::SYS_symlinkat, target.as_ptr(), at.0, at.1.as_ptr()).map(drop)
}

pub(super) fn chdir(path: &CStr) -> Sys<()> {
    call!(libc::SYS_chdir, path.as_ptr()).map(drop)
}

pub(super) fn fchdir(fd: c_int) -> Sys<()> {
    call!(libc::SYS_fchdir, fd).map(drop)
}

/// Makes every mount of this namespace private, so that nothing done here is seen outside.
pub(super) fn mounts_private() -> Sys<()> {
    let flags = libc::MS_REC | libc::MS_PRIVATE;
    let none = std::ptr::null::<c_char>();
    call!(libc::SYS_mount, none, c"/".as_ptr(), none, flags, none).map(drop)
}

/// A detached copy of the tree at a path.
pub(super) fn open_tree(path: &CStr) -> Sys<c_int> {
    const CLONE: c_int = 1;
    let flags = CLONE | libc::O_CLOEXEC | libc::AT_RECURSIVE;
    call!(libc::SYS_open_tree, libc::AT_FDCWD, path.as_ptr(), flags).map(|fd| fd as c_int)
}

/// Attributes of a mount, as the kernel numbers them (`linux/mount.h`).
pub(super) mod attr {
    pub const RDONLY: u64 = 0x1;
    pub const NOSUID: u64 = 0x2;
    pub const NODEV: u64 = 0x4;
    pub const NOEXEC: u64 = 0x8;
}

pub(super) fn set_attributes(mount: c_int, attributes: u64, recursive: bool) -> Sys<()> {
    #[repr(C)]
    struct MountAttr {
        set: u64,
        clear: u64,
        propagation: u64,
        userns_fd: u64,
    }
    let wanted = MountAttr { set: attributes, clear: 0, propagation: 0, userns_fd: 0 };
    let flags = libc::AT_EMPTY_PATH | if recursive { libc::AT_RECURSIVE } else { 0 };
    call!(
        libc::SYS_mount_setattr,
        mount,
        c"".as_ptr(),
        flags,
        &raw const wanted,
        size_of::<MountAttr>()
    )
    .map(drop)
}

/// A new, detached tmpfs with the given options.
pub(super) fn tmpfs(options: &[(&CStr, &CStr)], attributes: u64) -> Sys<c_int> {
    const CLOEXEC: c_int = 1;
    const SET_STRING: c_int = 1;
    const CREATE: c_int = 6;
    let fs = call!(libc::SYS_fsopen, c"tmpfs".as_ptr(), CLOEXEC)? as c_int;
    for (key, value) in options {
        call!(libc::SYS_fsconfig, fs, SET_STRING, key.as_ptr(), value.as_ptr(), 0)?;
    }
    let none = std::ptr::null::<c_char>();
    call!(libc::SYS_fsconfig, fs, CREATE, none, none, 0)?;
    let mount = call!(libc::SYS_fsmount, fs, CLOEXEC, attributes as c_int)? as c_int;
    close(fs);
    Ok(mount)
}

/// Attaches a detached mount.
pub(super) fn attach(mount: c_int, at: At) -> Sys<()> {
    const FROM_EMPTY_PATH: c_int = 4;
    call!(libc::SYS_move_mount, mount, c"".as_ptr(), at.0, at.1.as_ptr(), FROM_EMPTY_PATH).map(drop)
}

/// Makes the working directory the root and lets go of the old one.
pub(super) fn pivot() -> Sys<()> {
    call!(libc::SYS_pivot_root, c".".as_ptr(), c".".as_ptr())?;
    call!(libc::SYS_umount2, c".".as_ptr(), libc::MNT_DETACH).map(drop)
}

pub(super) fn set_host_name(name: &[u8]) -> Sys<()> {
    call!(libc::SYS_sethostname, name.as_ptr(), name.len()).map(drop)
}

/// Copies this process; 0 in the copy.
pub(super) fn fork() -> Sys<c_int> {
    call!(libc::SYS_clone, libc::SIGCHLD, 0, 0, 0, 0).map(|pid| pid as c_int)
}

pub(super) fn drop_groups() -> Sys<()> {
    call!(libc::SYS_setgroups, 0usize, std::ptr::null::<libc::gid_t>()).map(drop)
}

pub(super) fn set_ids(uid: libc::uid_t, gid: libc::gid_t) -> Sys<()> {
    call!(libc::SYS_setresgid, gid, gid, gid)?;
    call!(libc::SYS_setresuid, uid, uid, uid).map(drop)
}

/// Gives up every capability of this process.
pub(super) fn clear_capabilities() -> Sys<()> {
    const VERSION_3: u32 = 0x2008_0522;
    let header = [VERSION_3, 0];
    let nothing = [0u32; 6];
    call!(libc::SYS_capset, header.as_ptr(), nothing.as_ptr()).map(drop)
}

pub(super) fn set_rlimit(resource: u32, soft: u64, hard: u64) -> Sys<()> {
    let limit = [soft, hard];
    let none = std::ptr::null::<u64>();
    call!(libc::SYS_prlimit64, 0, resource, limit.as_ptr(), none).map(drop)
}

pub(super) fn set_filter(filter: &[libc::sock_filter]) -> Sys<()> {
    let program = libc::sock_fprog { len: filter.len() as u16, filter: filter.as_ptr().cast_mut() };
    call!(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, 0, &raw const program).map(drop)
}

/// Every signal gets its default action and none is blocked.
pub(super) fn reset_signals() {
    // The kernel's struct sigaction is at most four words: handler, flags, restorer, mask.
    let default = [0u64; 4];
    for signal in 1..=64 {
        // SIGKILL and SIGSTOP refuse, and are at their default anyway.
        let none = std::ptr::null::<u64>();
        let _ = call!(libc::SYS_rt_sigaction, signal, default.as_ptr(), none, 8usize);
    }
    let (empty, none) = (0u64, std::ptr::null::<u64>());
    let _ = call!(libc::SYS_rt_sigprocmask, libc::SIG_SETMASK, &raw const empty, none, 8usize);
}

/// Waits for any child: its number and wait status.
pub(super) fn wait_any() -> Sys<(c_int, c_int)> {
    let mut status: c_int = 0;
    let none = std::ptr::null::<libc::rusage>();
    loop {
        match call!(libc::SYS_wait4, -1, &raw mut status, libc::__WALL, none) {
            Err(Errno(libc::EINTR)) => {}
            result => return result.map(|pid| (pid as c_int, status)),
        }
    }
}

pub(super) fn kill(pid: c_int, signal: c_int) -> Sys<()> {
    call!(libc::SYS_kill, pid, signal).map(drop)
}

/// Processor time of all children that were waited for, in microseconds.
pub(super) fn children_cpu() -> u64 {
    // Times come first: user and system, each as seconds and microseconds.
    let mut usage = [0i64; 18];
    match call!(libc::SYS_getrusage, libc::RUSAGE_CHILDREN, usage.as_mut_ptr()) {
        Ok(_) => ((usage[0] + usage[2]) * 1_000_000 + usage[1] + usage[3]) as u64,
        Err(_) => 0,
    }
}

/// Replaces this process; returns only when that fails.
///
/// The lists end with a null pointer, and every other entry points to a C string.
pub(super) fn exec(path: &CStr, argv: &[*const c_char], envp: &[*const c_char]) -> Errno {
    match call!(libc::SYS_execve, path.as_ptr(), argv.as_ptr(), envp.as_ptr()) {
        Ok(_) => Errno(0),
        Err(errno) => errno,
    }
}

pub(super) fn exit(status: c_int) -> ! {
    loop {
        let _ = call!(libc::SYS_exit_group, status);
    }
}

/// Starts a child in new namespaces. In the child it gives `None`, in the parent the child's
/// number and a descriptor of it.
///
/// The child is a copy of the calling thread alone. It sends no signal when it ends and a plain
/// `wait` elsewhere in this program does not find it.
pub(super) fn clone_into(flags: u64) -> Sys<Option<(c_int, c_int)>> {
    const CLEAR_SIGHAND: u64 = 0x1_0000_0000;
    let mut pidfd: c_int = -1;
    // SAFETY: all fields are integers, for which zero is a value.
    let mut arguments: libc::clone_args = unsafe { std::mem::zeroed() };
    arguments.flags = flags | CLEAR_SIGHAND | libc::CLONE_PIDFD as u64;
    arguments.pidfd = (&raw mut pidfd) as u64;
    let size = size_of::<libc::clone_args>();
    // Without CLONE_VM the child has its own copy of this stack.
    let pid = call!(libc::SYS_clone3, &raw const arguments, size)? as c_int;
    Ok((pid != 0).then_some((pid, pidfd)))
}

/// Waits until the child of a descriptor has ended, and lets it go.
pub(super) fn reap(pidfd: c_int) -> Sys<()> {
    let none = std::ptr::null::<libc::siginfo_t>();
    let flags = libc::WEXITED | libc::__WALL;
    loop {
        let waited = call!(
            libc::SYS_waitid,
            libc::P_PIDFD,
            pidfd,
            none,
            flags,
            std::ptr::null::<libc::rusage>()
        );
        match waited {
            Err(Errno(libc::EINTR)) => {}
            result => return result.map(drop),
        }
    }
}
