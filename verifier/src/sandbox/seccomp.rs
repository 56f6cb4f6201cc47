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
];
#[cfg(not(target_arch = "x86_64"))]
const ALLOWED_HERE: &[c_long] = &[];

/// The filters as the kernel takes them, in the order in which they are to be set: the last one
/// lets no other be set.
pub(super) fn filters() -> Result<Vec<Vec<u8>>, seccompiler::BackendError> {
    Ok(vec![without_shared_memory()?, listed()?])
}

/// Refuses mappings that are shared and anonymous.
fn without_shared_memory() -> Result<Vec<u8>, seccompiler::BackendError> {
    const FLAGS: u8 = 3;
    let both = (libc::MAP_SHARED | libc::MAP_ANONYMOUS) as u64;
    let rule = only(FLAGS, SeccompCmpOp::MaskedEq(both), both)?;
    program([(libc::SYS_mmap, rule)].into(), SeccompAction::Allow, refused(libc::ENOMEM))
}

/// Lets pass what is listed.
fn listed() -> Result<Vec<u8>, seccompiler::BackendError> {
    let mut rules: BTreeMap<c_long, Vec<SeccompRule>> =
        ALLOWED.iter().chain(ALLOWED_HERE).map(|&number| (number, Vec::new())).collect();
    // A child of its parent's would be a child of the warm interpreter, which does not know it and
    // so never lets its cell end.
    let refused_flags = libc::CLONE_PARENT
        | libc::CLONE_NEWNS
        | libc::CLONE_NEWUSER
        | libc::CLONE_NEWPID
        | libc::CLONE_NEWNET
        | libc::CLONE_NEWIPC
        | libc::CLONE_NEWUTS
        | libc::CLONE_NEWCGROUP;
    let refused_flags = u64::from(refused_flags as u32);
    rules.insert(libc::SYS_clone, only(0, SeccompCmpOp::MaskedEq(refused_flags), 0)?);
    let unix = libc::AF_UNIX as u64;
    rules.insert(libc::SYS_socket, only(0, SeccompCmpOp::Eq, unix)?);
    rules.insert(libc::SYS_socketpair, only(0, SeccompCmpOp::Eq, unix)?);
    rules.insert(libc::SYS_setsockopt, without_socket_filters()?);
    // Pipes with a name, which shells need, and files; no devices.
    rules.insert(libc::SYS_mknodat, pipe_or_file(2)?);
    #[cfg(target_arch = "x86_64")]
    rules.insert(libc::SYS_mknod, pipe_or_file(1)?);
    // Limits of itself, never of another process.
    rules.insert(libc::SYS_prlimit64, only(0, SeccompCmpOp::Eq, 0)?);
    program(rules, refused(libc::ENOSYS), SeccompAction::Allow)
}

/// Socket options but those by which a program is loaded into the kernel.
fn without_socket_filters() -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
    const OPTION: u8 = 2;
    let loads = [
        libc::SO_ATTACH_FILTER,
        libc::SO_ATTACH_BPF,
        libc::SO_ATTACH_REUSEPORT_CBPF,
        libc::SO_ATTACH_REUSEPORT_EBPF,
    ];
    let other = |option| {
        SeccompCondition::new(OPTION, SeccompCmpArgLen::Dword, SeccompCmpOp::Ne, option as u64)
    };
    let all_other: Result<Vec<_>, _> = loads.into_iter().map(other).collect();
    Ok(vec![SeccompRule::new(all_other?)?])
}

/// Rules for a call whose argument is the mode of a new file.
fn pipe_or_file(mode: u8) -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
    let kind = SeccompCmpOp::MaskedEq(u64::from(libc::S_IFMT));
    let of = |value: libc::mode_t| only(mode, kind.clone(), u64::from(value));
    Ok([of(libc::S_IFIFO)?, of(libc::S_IFREG)?, of(0)?].concat())
}

/// A rule for a call whose argument, by its lower half, compares so.
fn only(
    argument: u8,
    operator: SeccompCmpOp,
    value: u64,
) -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
    let condition = SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, value)?;
    Ok(vec![SeccompRule::new(vec![condition])?])
}

fn refused(errno: i32) -> SeccompAction {
    SeccompAction::Errno(errno as u32)
}

fn program(
    rules: BTreeMap<c_long, Vec<SeccompRule>>,
    otherwise: SeccompAction,
    matched: SeccompAction,
) -> Result<Vec<u8>, seccompiler::BackendError> {
    let filter = SeccompFilter::new(rules, otherwise, matched, std::env::consts::ARCH.try_into()?)?;
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
