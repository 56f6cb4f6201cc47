//! System calls that no safe crate offers.
#![expect(unsafe_code, reason = "system calls that no safe crate offers")]

use std::ffi::CString;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::time::Duration;

use libc::{c_int, c_long};

/// The number of a system error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Errno(pub c_int);

impl Errno {
    fn last() -> Self {
        Self(std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO))
    }
}

impl From<Errno> for std::io::Error {
    fn from(errno: Errno) -> Self {
        Self::from_raw_os_error(errno.0)
    }
}

/// Makes a call of a [`Plan`](super::plan::Plan): at most six arguments, each a number or a pointer
/// to memory that outlives the call and is as long as the kernel reads.
pub(super) fn planned(number: c_long, args: &[c_long]) -> Result<(), Errno> {
    let arg = |place: usize| args.get(place).copied().unwrap_or(0);
    // SAFETY: the plan's calls only read memory, and by its construction as much as there is.
    let result = unsafe { libc::syscall(number, arg(0), arg(1), arg(2), arg(3), arg(4), arg(5)) };
    if result < 0 { Err(Errno::last()) } else { Ok(()) }
}

/// Attributes of a mount, as the kernel numbers them (`linux/mount.h`).
pub(super) const RDONLY: u64 = 0x1;
pub(super) const NOSUID: u64 = 0x2;
pub(super) const NODEV: u64 = 0x4;
pub(super) const NOEXEC: u64 = 0x8;

/// Sets attributes of a mount, and with `recursive` of all below it.
pub(super) fn set_attributes(
    mount: &OwnedFd,
    attributes: u64,
    recursive: bool,
) -> rustix::io::Result<()> {
    #[repr(C)]
    struct MountAttr {
        set: u64,
        clear: u64,
        propagation: u64,
        userns_fd: u64,
    }
    let wanted = MountAttr { set: attributes, clear: 0, propagation: 0, userns_fd: 0 };
    let flags = libc::AT_EMPTY_PATH | if recursive { libc::AT_RECURSIVE } else { 0 };
    // SAFETY: the kernel reads a path and the structure, whose size it is told.
    let result = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            mount.as_raw_fd(),
            c"".as_ptr(),
            flags,
            &raw const wanted,
            size_of::<MountAttr>(),
        )
    };
    match result {
        0 => Ok(()),
        _ => Err(rustix::io::Errno::from_raw_os_error(Errno::last().0)),
    }
}

/// Copies this process, which has one thread, into new namespaces. In the copy it gives `None`, in
/// this process the copy's number and a descriptor of it.
pub(super) fn clone_into(namespaces: u64) -> Result<Option<(i32, OwnedFd)>, Errno> {
    let mut pidfd: c_int = -1;
    // SAFETY: all fields are integers, for which zero is a value.
    let mut arguments: libc::clone_args = unsafe { std::mem::zeroed() };
    arguments.flags = namespaces | libc::CLONE_PIDFD as u64;
    arguments.pidfd = (&raw mut pidfd) as u64;
    arguments.exit_signal = libc::SIGCHLD as u64;
    // SAFETY: without CLONE_VM the copy has its own memory, and with one thread no lock is held in it
    // that nobody would let go.
    let pid = unsafe {
        libc::syscall(libc::SYS_clone3, &raw const arguments, size_of::<libc::clone_args>())
    };
    match pid {
        ..0 => Err(Errno::last()),
        0 => Ok(None),
        // SAFETY: the kernel has just made the descriptor for us; nobody else knows it.
        pid => Ok(Some((pid as i32, unsafe { OwnedFd::from_raw_fd(pidfd) }))),
    }
}

/// Copies this process, which has one thread; 0 in the copy.
pub(super) fn fork() -> Result<i32, Errno> {
    // SAFETY: with one thread no lock is held in the copy that nobody would let go.
    match unsafe { libc::fork() } {
        ..0 => Err(Errno::last()),
        pid => Ok(pid),
    }
}

/// Takes standard input into ownership. To be called once, by a process that was given it.
pub(super) fn standard_input() -> OwnedFd {
    // SAFETY: the caller was started with this descriptor and uses it by no other name.
    unsafe { OwnedFd::from_raw_fd(0) }
}

/// Gives a descriptor another number, under which it stays open over exec unless `private`.
pub(super) fn renumber(fd: c_int, number: c_int, private: bool) -> Result<(), Errno> {
    // SAFETY: numbers only; what the number meant before is let go by the caller's intent.
    match unsafe { libc::dup3(fd, number, if private { libc::O_CLOEXEC } else { 0 }) } {
        ..0 => Err(Errno::last()),
        _ => Ok(()),
    }
}

/// A copy of a descriptor whose number is at least `least`.
pub(super) fn above(fd: c_int, least: c_int) -> Result<c_int, Errno> {
    // SAFETY: numbers only.
    match unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, least) } {
        ..0 => Err(Errno::last()),
        number => Ok(number),
    }
}

/// Closes every descriptor from a number on.
pub(super) fn close_from(first: c_int) {
    // SAFETY: numbers only; the caller owns no descriptor from there on, or exits before it uses it.
    unsafe { libc::syscall(libc::SYS_close_range, first, c_int::MAX, 0) };
}

/// Closes one descriptor by its number.
pub(super) fn close(fd: c_int) {
    // SAFETY: numbers only; the caller uses it no more.
    unsafe { libc::close(fd) };
}

/// A descriptor by its number, which the caller has given it and keeps open.
pub(super) fn borrowed(fd: c_int) -> BorrowedFd<'static> {
    // SAFETY: the caller keeps the descriptor open until its process ends.
    unsafe { BorrowedFd::borrow_raw(fd) }
}

/// Waits for any child (`None`) or for one: its number, wait status and processor time, that of its
/// own ended children included.
pub(super) fn wait(child: Option<i32>) -> Result<(i32, c_int, Duration), Errno> {
    let mut status = 0;
    // SAFETY: all fields are integers, for which zero is a value.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    loop {
        // SAFETY: the kernel writes to both, which live long enough.
        let pid = unsafe {
            libc::wait4(child.unwrap_or(-1), &raw mut status, libc::__WALL, &raw mut usage)
        };
        if pid >= 0 {
            let time = |t: libc::timeval| {
                Duration::from_secs(t.tv_sec as u64) + Duration::from_micros(t.tv_usec as u64)
            };
            return Ok((pid, status, time(usage.ru_utime) + time(usage.ru_stime)));
        }
        match Errno::last() {
            Errno(libc::EINTR) => {}
            errno => return Err(errno),
        }
    }
}

/// Whether a child has ended that was not waited for.
pub(super) fn has_ended_child() -> bool {
    // SAFETY: all fields are integers, for which zero is a value; the kernel writes to it.
    unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        let flags = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT | libc::__WALL;
        libc::waitid(libc::P_ALL, 0, &raw mut info, flags) == 0 && info.si_pid() != 0
    }
}

/// Kills a child and waits for its end.
pub(super) fn end(child: i32) {
    // SAFETY: numbers only; nobody else waits for our children, so the number is still the child's.
    unsafe { libc::kill(child, libc::SIGKILL) };
    // Fails only for one that was waited for already.
    let _ = wait(Some(child));
}

/// The most that this process may limit a resource to.
pub(super) fn hard_limit(resource: u32) -> u64 {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: the kernel writes to the structure. Without an answer there is no bound to keep.
    unsafe { libc::getrlimit(resource as _, &raw mut limit) };
    limit.rlim_max
}

/// Limits a resource of this process.
pub(super) fn set_rlimit(resource: u32, soft: u64, hard: u64) -> Result<(), Errno> {
    let limit = libc::rlimit { rlim_cur: soft, rlim_max: hard };
    // SAFETY: the kernel reads the structure.
    match unsafe { libc::setrlimit(resource as _, &raw const limit) } {
        0 => Ok(()),
        _ => Err(Errno::last()),
    }
}

/// Every signal gets its default action and none is blocked.
pub(super) fn reset_signals() {
    // SAFETY: the default action is one for every signal; those that refuse are at it anyway.
    unsafe {
        for signal in 1..=64 {
            libc::signal(signal, libc::SIG_DFL);
        }
        let mut none: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut none);
        libc::sigprocmask(libc::SIG_SETMASK, &raw const none, std::ptr::null_mut());
    }
}

/// A descriptor that can be read when a child has ended. The signal of it is blocked from now on.
pub(super) fn child_signals() -> Result<OwnedFd, Errno> {
    // SAFETY: the set lives through both calls, and the descriptor is new.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        libc::sigaddset(&raw mut set, libc::SIGCHLD);
        libc::sigprocmask(libc::SIG_BLOCK, &raw const set, std::ptr::null_mut());
        match libc::signalfd(-1, &raw const set, libc::SFD_CLOEXEC | libc::SFD_NONBLOCK) {
            ..0 => Err(Errno::last()),
            fd => Ok(OwnedFd::from_raw_fd(fd)),
        }
    }
}

/// Replaces this process; returns only when that fails.
pub(super) fn exec(path: &CString, argv: &[CString], envp: &[CString]) -> Errno {
    let pointers = |strings: &[CString]| -> Vec<*const libc::c_char> {
        strings.iter().map(|s| s.as_ptr()).chain([std::ptr::null()]).collect()
    };
    // SAFETY: both lists end with a null pointer, and the strings live until the call returns.
    unsafe { libc::execve(path.as_ptr(), pointers(argv).as_ptr(), pointers(envp).as_ptr()) };
    Errno::last()
}

/// Ends this process at once.
pub(super) fn exit(status: c_int) -> ! {
    // SAFETY: always.
    unsafe { libc::_exit(status) }
}

/// How many capabilities the kernel has.
pub(super) fn capabilities() -> u32 {
    // SAFETY: numbers only.
    let known = |n: u32| unsafe { libc::prctl(libc::PR_CAPBSET_READ, n, 0, 0, 0) >= 0 };
    (0..64).take_while(|&n| known(n)).count() as u32
}
