//! The system calls that a program may make: a list of what is let through, so that a call that
//! the kernel learns tomorrow is refused today. Everything else gives "function not implemented",
//! for which the C library has fallbacks; a foreign architecture is killed.
//!
//! Not on the list, among others: mount and namespaces, ptrace and the memory of other processes,
//! bpf (nor by way of a socket's filter), keyrings, io_uring, perf, userfaultfd, modules, clocks,
//! memfd and shared segments (memory outside the limits), devices, children of one's parent, and
//! every socket that is not a Unix one.
//!
//! A mapping that is shared and anonymous is memory outside the limits too: no process's figures
//! show its pages once the child that touched them has ended. There is none to be had, and the
//! program is told that memory has run out. What processes share lies in files of the scratch.

use std::collections::BTreeMap;

use libc::c_long;
use seccompiler::{
    SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};

use super::allowlist::allowlist;

#[rustfmt::skip]
const ALLOWED: &[c_long] = &[
    // files
    libc::SYS_read, libc::SYS_write, libc::SYS_readv, libc::SYS_writev, libc::SYS_pread64,
    libc::SYS_pwrite64, libc::SYS_preadv, libc::SYS_pwritev, libc::SYS_lseek, libc::SYS_close,
    libc::SYS_close_range, libc::SYS_openat, libc::SYS_fstat, libc::SYS_newfstatat,
    libc::SYS_statx, libc::SYS_statfs, libc::SYS_fstatfs, libc::SYS_faccessat,
    libc::SYS_faccessat2, libc::SYS_readlinkat, libc::SYS_getdents64, libc::SYS_getcwd,
    libc::SYS_chdir, libc::SYS_fchdir, libc::SYS_mkdirat, libc::SYS_unlinkat, libc::SYS_renameat,
    libc::SYS_renameat2, libc::SYS_linkat, libc::SYS_symlinkat, libc::SYS_fchmod,
    libc::SYS_fchmodat, libc::SYS_fchown, libc::SYS_fchownat, libc::SYS_utimensat,
    libc::SYS_truncate, libc::SYS_ftruncate, libc::SYS_fallocate, libc::SYS_fsync,
    libc::SYS_fdatasync, libc::SYS_flock, libc::SYS_fcntl, libc::SYS_ioctl, libc::SYS_dup,
    libc::SYS_dup3, libc::SYS_pipe2, libc::SYS_sendfile, libc::SYS_copy_file_range,
    libc::SYS_fadvise64, libc::SYS_umask, libc::SYS_getxattr, libc::SYS_lgetxattr,
    libc::SYS_fgetxattr, libc::SYS_listxattr, libc::SYS_llistxattr, libc::SYS_flistxattr,
    // waiting
    libc::SYS_ppoll, libc::SYS_pselect6, libc::SYS_epoll_create1, libc::SYS_epoll_ctl,
    libc::SYS_epoll_pwait, libc::SYS_eventfd2, libc::SYS_timerfd_create, libc::SYS_timerfd_settime,
    libc::SYS_timerfd_gettime, libc::SYS_signalfd4, libc::SYS_nanosleep, libc::SYS_clock_nanosleep,
    // sockets that exist already; how they come about is below
    libc::SYS_sendto, libc::SYS_recvfrom, libc::SYS_sendmsg, libc::SYS_recvmsg, libc::SYS_shutdown,
    libc::SYS_getsockopt, libc::SYS_getsockname, libc::SYS_getpeername, libc::SYS_bind,
    libc::SYS_connect, libc::SYS_listen, libc::SYS_accept, libc::SYS_accept4,
    // memory
    libc::SYS_mmap, libc::SYS_munmap, libc::SYS_mremap, libc::SYS_mprotect, libc::SYS_madvise,
    libc::SYS_brk, libc::SYS_msync, libc::SYS_mincore, libc::SYS_membarrier,
    // threads, processes, signals
    libc::SYS_futex, libc::SYS_set_robust_list, libc::SYS_get_robust_list, libc::SYS_rseq,
    libc::SYS_set_tid_address, libc::SYS_getpid, libc::SYS_gettid, libc::SYS_getppid,
    libc::SYS_getuid, libc::SYS_geteuid, libc::SYS_getgid, libc::SYS_getegid, libc::SYS_getresuid,
    libc::SYS_getresgid, libc::SYS_getgroups, libc::SYS_getpgid, libc::SYS_setpgid,
    libc::SYS_getsid, libc::SYS_setsid, libc::SYS_getpriority, libc::SYS_setpriority,
    libc::SYS_sched_yield, libc::SYS_sched_getaffinity, libc::SYS_sched_setaffinity,
    libc::SYS_sched_getparam, libc::SYS_sched_getscheduler, libc::SYS_sched_get_priority_max,
    libc::SYS_sched_get_priority_min, libc::SYS_kill, libc::SYS_tkill, libc::SYS_tgkill,
    libc::SYS_rt_sigaction, libc::SYS_rt_sigprocmask, libc::SYS_rt_sigreturn,
    libc::SYS_rt_sigpending, libc::SYS_rt_sigsuspend, libc::SYS_rt_sigtimedwait,
    libc::SYS_sigaltstack, libc::SYS_setitimer, libc::SYS_getitimer, libc::SYS_timer_create,
    libc::SYS_timer_settime, libc::SYS_timer_gettime, libc::SYS_timer_delete,
    libc::SYS_timer_getoverrun, libc::SYS_wait4, libc::SYS_waitid, libc::SYS_exit,
    libc::SYS_exit_group, libc::SYS_execve, libc::SYS_restart_syscall, libc::SYS_prctl,
    libc::SYS_capget, libc::SYS_getrlimit, libc::SYS_setrlimit, libc::SYS_getrusage,
    libc::SYS_times, libc::SYS_getcpu,
    // with certain arguments only, see below
    libc::SYS_clone, libc::SYS_socket, libc::SYS_socketpair, libc::SYS_setsockopt,
    libc::SYS_mknodat, libc::SYS_prlimit64,
    // the machine
    libc::SYS_clock_gettime, libc::SYS_clock_getres, libc::SYS_gettimeofday, libc::SYS_getrandom,
    libc::SYS_uname, libc::SYS_sysinfo,
];

/// The older names that only this architecture has.
#[cfg(target_arch = "x86_64")]
#[rustfmt::skip]
const ALLOWED_HERE: &[c_long] = &[
    libc::SYS_open, libc::SYS_creat, libc::SYS_stat, libc::SYS_lstat, libc::SYS_access,
    libc::SYS_readlink, libc::SYS_mkdir, libc::SYS_rmdir, libc::SYS_unlink, libc::SYS_rename,
    libc::SYS_link, libc::SYS_symlink, libc::SYS_chmod, libc::SYS_chown, libc::SYS_lchown,
    libc::SYS_utime, libc::SYS_utimes, libc::SYS_futimesat, libc::SYS_getdents, libc::SYS_dup2,
    libc::SYS_pipe, libc::SYS_poll, libc::SYS_select, libc::SYS_epoll_create,
    libc::SYS_epoll_wait, libc::SYS_eventfd, libc::SYS_signalfd, libc::SYS_pause, libc::SYS_alarm,
    libc::SYS_fork, libc::SYS_vfork, libc::SYS_getpgrp, libc::SYS_time, libc::SYS_arch_prctl,
    libc::SYS_mknod,
];
#[cfg(not(target_arch = "x86_64"))]
const ALLOWED_HERE: &[c_long] = &[];

/// The filters as the kernel takes them, in the order in which they are to be set: the last one
/// lets no other be set.
///
/// The list is by far the longest, and the kernel goes through it for every number there is when it is
/// set, so it is a tree ([`allowlist`]). The others look at arguments.
pub(super) fn filters() -> Result<Vec<Vec<u8>>, seccompiler::BackendError> {
    let numbers: Vec<c_long> = ALLOWED.iter().chain(ALLOWED_HERE).copied().collect();
    Ok(vec![without_shared_memory()?, without_bad_arguments()?, allowlist(&numbers)])
}

/// Refuses mappings that are shared and anonymous.
fn without_shared_memory() -> Result<Vec<u8>, seccompiler::BackendError> {
    const FLAGS: u8 = 3;
    let both = (libc::MAP_SHARED | libc::MAP_ANONYMOUS) as u64;
    let rule = vec![when(FLAGS, SeccompCmpOp::MaskedEq(both), both)?];
    program([(libc::SYS_mmap, rule)].into(), refused(libc::ENOMEM))
}

/// Refuses calls of the list for what they would do with certain arguments.
fn without_bad_arguments() -> Result<Vec<u8>, seccompiler::BackendError> {
    // A child of its parent's would be a child of the warm interpreter, which does not know it and
    // so never lets its cell end.
    let flags = [
        libc::CLONE_PARENT,
        libc::CLONE_NEWNS,
        libc::CLONE_NEWUSER,
        libc::CLONE_NEWPID,
        libc::CLONE_NEWNET,
        libc::CLONE_NEWIPC,
        libc::CLONE_NEWUTS,
        libc::CLONE_NEWCGROUP,
    ];
    let flags = flags.map(|flag| u64::from(flag as u32));
    let clone = flags.into_iter().map(|flag| when(0, SeccompCmpOp::MaskedEq(flag), flag));
    let unix = || Ok(vec![when(0, SeccompCmpOp::Ne, libc::AF_UNIX as u64)?]);
    // Options by which a program is loaded into the kernel.
    let loading = [
        libc::SO_ATTACH_FILTER,
        libc::SO_ATTACH_BPF,
        libc::SO_ATTACH_REUSEPORT_CBPF,
        libc::SO_ATTACH_REUSEPORT_EBPF,
    ];
    // Word of what others do with files, and files that nobody else can open for writing.
    let watches = [libc::F_NOTIFY, libc::F_SETLEASE];
    let watches = watches.into_iter().map(|kind| when(1, SeccompCmpOp::Eq, kind as u64));
    let loading = loading.into_iter().map(|option| when(2, SeccompCmpOp::Eq, option as u64));
    let rules = BTreeMap::from([
        (libc::SYS_clone, clone.collect::<Result<_, _>>()?),
        (libc::SYS_socket, unix()?),
        (libc::SYS_socketpair, unix()?),
        (libc::SYS_fcntl, watches.collect::<Result<_, _>>()?),
        (libc::SYS_setsockopt, loading.collect::<Result<_, _>>()?),
        (libc::SYS_mknodat, devices(2)?),
        #[cfg(target_arch = "x86_64")]
        (libc::SYS_mknod, devices(1)?),
        // Limits of itself, never of another process.
        (libc::SYS_prlimit64, vec![when(0, SeccompCmpOp::Ne, 0)?]),
    ]);
    program(rules, refused(libc::ENOSYS))
}

/// Rules that hold when a file of a mode is a device or the like. Pipes with a name, which shells
/// need, and files are none.
fn devices(mode: u8) -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
    let kinds = [libc::S_IFCHR, libc::S_IFBLK, libc::S_IFSOCK, libc::S_IFDIR, libc::S_IFLNK];
    let of = |kind: libc::mode_t| {
        when(mode, SeccompCmpOp::MaskedEq(u64::from(libc::S_IFMT)), u64::from(kind))
    };
    kinds.into_iter().map(of).collect()
}

/// A rule that holds when an argument, by its lower half, compares so.
fn when(
    argument: u8,
    operator: SeccompCmpOp,
    value: u64,
) -> Result<SeccompRule, seccompiler::BackendError> {
    let condition = SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, value)?;
    SeccompRule::new(vec![condition])
}

fn refused(errno: i32) -> SeccompAction {
    SeccompAction::Errno(errno as u32)
}

/// A filter that lets pass what no rule refuses.
fn program(
    rules: BTreeMap<c_long, Vec<SeccompRule>>,
    refusal: SeccompAction,
) -> Result<Vec<u8>, seccompiler::BackendError> {
    let arch = std::env::consts::ARCH.try_into()?;
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, refusal, arch)?;
    let program: seccompiler::BpfProgram = filter.try_into()?;
    Ok(program
        .iter()
        .flat_map(|i| {
            let [c0, c1] = i.code.to_ne_bytes();
            let [k0, k1, k2, k3] = i.k.to_ne_bytes();
            [c0, c1, i.jt, i.jf, k0, k1, k2, k3]
        })
        .collect())
}
