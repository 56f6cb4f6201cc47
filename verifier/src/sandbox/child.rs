//! The child between clone and exec: two processes of straight-line system calls.
//!
//! The first is the init of the new process namespace. It builds the root, forks the program,
//! reaps whatever is left to it, and when the program has ended kills all the rest and tells how
//! it ended. The second gives up its rights, takes its limits and becomes the program. Neither
//! allocates, locks or panics.

use libc::c_int;

use super::root::{Entry, MAX_TREES, Root};
use super::setup::{Identity, Setup, fd};
use super::stage::{End, Failure, Stage};
use super::sys::{self, At, Errno, Sys, attr};

/// The descriptors that the child keeps, by their numbers in the parent.
#[derive(Clone, Copy)]
pub(super) struct Pipes {
    pub stdin: c_int,
    pub stdout: c_int,
    pub stderr: c_int,
    pub channel: c_int,
    /// Where the other of a pair is heard and spoken to; -1 without another.
    pub link: [c_int; 2],
    pub boot: c_int,
    pub status: c_int,
    pub go: c_int,
}

/// The pointers for exec, made before the clone.
pub(super) struct Exec<'a> {
    pub argv: &'a [*const libc::c_char],
    pub envp: &'a [*const libc::c_char],
}

fn at(stage: Stage) -> impl Fn(Errno) -> Failure {
    move |errno| Failure { stage, errno: errno.0 }
}

/// The whole life of the child.
pub(super) fn run(setup: &Setup, pipes: Pipes, exec: &Exec) -> ! {
    // Its number changes on the way, and what else may have that number is the parent's.
    let mut boot = pipes.boot;
    if let Err(failure) = init(setup, pipes, exec, &mut boot) {
        // Without the pipe there is nobody to tell; the parent sees a child that ended silently.
        let _ = sys::write_all(boot, &failure.encode());
    }
    sys::exit(1)
}

fn init(setup: &Setup, pipes: Pipes, exec: &Exec, boot: &mut c_int) -> Result<(), Failure> {
    // Should the thread that waits for us die, so do we, and with us the namespace.
    sys::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL.into()).map_err(at(Stage::Session))?;
    descriptors(setup, pipes, boot).map_err(at(Stage::Descriptors))?;
    // Out of the terminal's process group: an interrupt is for the parent, not for the verdict.
    sys::setsid().map_err(at(Stage::Session))?;
    sys::reset_signals();
    sys::umask(0o022);
    if !sys::read_byte(fd::GO).map_err(at(Stage::Session))? {
        sys::exit(1);
    }
    // From here on nothing of our memory, a copy of the parent's, can be read.
    sys::prctl(libc::PR_SET_DUMPABLE, 0).map_err(at(Stage::Session))?;
    if let Some(root) = &setup.root {
        build(root)?;
    }
    if setup.host_name {
        sys::set_host_name(b"sandbox").map_err(at(Stage::HostName))?;
    }
    if !setup.is_init {
        sys::prctl(libc::PR_SET_CHILD_SUBREAPER, 1).map_err(at(Stage::Session))?;
    }
    let program = sys::fork().map_err(at(Stage::Fork))?;
    if program == 0 {
        sys::close(fd::STATUS);
        let Err(failure) = become_program(setup, exec);
        let _ = sys::write_all(fd::BOOT, &failure.encode());
        sys::exit(127);
    }
    for own in [0, 1, 2, fd::CHANNEL, fd::HEAR, fd::SPEAK, fd::BOOT] {
        sys::close(own);
    }
    wait(setup.is_init, program);
    sys::exit(0)
}

/// Reaps until nobody is left, and tells how the program ended.
///
/// As init of the namespace we kill all the rest ourselves, and tell last, when the time of all is
/// summed up. Without a namespace the rest can only be found from outside: we tell at once, and
/// the parent hunts them.
fn wait(is_init: bool, program: c_int) {
    let mut end = None;
    while let Ok((pid, status)) = sys::wait_any() {
        if pid == program {
            end = Some(status);
            if is_init {
                // Everyone but us. Fails only when nobody is left.
                let _ = sys::kill(-1, libc::SIGKILL);
            } else {
                tell(status);
            }
        }
    }
    if let (Some(status), true) = (end, is_init) {
        tell(status);
    }
}

fn tell(status: c_int) {
    let end = End { status, cpu: sys::children_cpu() };
    // Without the pipe there is nobody to tell.
    let _ = sys::write_all(fd::STATUS, &end.encode());
}

/// Gives the descriptors their numbers and closes all others; `boot` is kept true to what holds.
fn descriptors(setup: &Setup, pipes: Pipes, boot: &mut c_int) -> Sys<()> {
    // First out of the way of the numbers that they are to have.
    let move_up = |number| sys::dup_above(number, 100);
    *boot = move_up(pipes.boot)?;
    let stdin = move_up(pipes.stdin)?;
    let stdout = move_up(pipes.stdout)?;
    let stderr = move_up(pipes.stderr)?;
    let channel = move_up(pipes.channel)?;
    let status = move_up(pipes.status)?;
    let go = move_up(pipes.go)?;
    let link = match setup.link {
        true => [move_up(pipes.link[0])?, move_up(pipes.link[1])?],
        false => pipes.link,
    };
    sys::dup_to(stdin, 0, true)?;
    sys::dup_to(stdout, 1, true)?;
    sys::dup_to(stderr, 2, true)?;
    sys::dup_to(channel, fd::CHANNEL, setup.channel)?;
    sys::dup_to(*boot, fd::BOOT, false)?;
    *boot = fd::BOOT;
    sys::dup_to(status, fd::STATUS, false)?;
    sys::dup_to(go, fd::GO, false)?;
    if setup.link {
        sys::dup_to(link[0], fd::HEAR, true)?;
        sys::dup_to(link[1], fd::SPEAK, true)?;
        return sys::close_from(fd::END);
    }
    sys::close(fd::HEAR);
    sys::close(fd::SPEAK);
    sys::close_from(fd::END)
}

/// Builds the new root and moves into it.
fn build(root: &Root) -> Result<(), Failure> {
    sys::mounts_private().map_err(at(Stage::PrivateMounts))?;
    // The trees are taken before anything covers them.
    let mut trees = [-1; MAX_TREES];
    for (slot, tree) in trees.iter_mut().zip(&root.trees) {
        *slot = sys::open_tree(&tree.source).map_err(at(Stage::OpenTree))?;
        sys::set_attributes(*slot, tree.attributes, true).map_err(at(Stage::ReadOnly))?;
    }
    let options = [(c"size", root.size.as_c_str()), (c"mode", c"0755")];
    let top = sys::tmpfs(&options, attr::NOSUID | attr::NODEV).map_err(at(Stage::RootFs))?;
    sys::attach(top, At(libc::AT_FDCWD, &root.base)).map_err(at(Stage::Attach))?;
    for entry in &root.entries {
        match entry {
            Entry::Dir(path) => sys::mkdir(At(top, path), 0o755).map_err(at(Stage::Entries))?,
            Entry::File(path, bytes, mode) => {
                write_file(At(top, path), bytes, *mode).map_err(at(Stage::Entries))?;
            }
            Entry::Link(target, path) => {
                sys::symlink(target, At(top, path)).map_err(at(Stage::Entries))?;
            }
            Entry::Tree(index, path) => {
                let tree = trees.get(*index).copied().unwrap_or(-1);
                sys::attach(tree, At(top, path)).map_err(at(Stage::Attach))?;
                sys::close(tree);
            }
            Entry::Scratch(path) => scratch(root, At(top, path)).map_err(at(Stage::Scratch))?,
        }
    }
    sys::fchdir(top).map_err(at(Stage::Pivot))?;
    sys::pivot().map_err(at(Stage::Pivot))?;
    sys::set_attributes(top, attr::RDONLY, false).map_err(at(Stage::ReadOnly))?;
    sys::close(top);
    Ok(())
}

fn write_file(at: At, bytes: &[u8], mode: u32) -> Sys<()> {
    let file = sys::open(at, libc::O_WRONLY | libc::O_CREAT | libc::O_EXCL, mode)?;
    sys::write_all(file, bytes)?;
    sys::close(file);
    Ok(())
}

fn scratch(root: &Root, at: At) -> Sys<()> {
    sys::mkdir(at, 0o755)?;
    let options = [
        (c"size", root.scratch_size.as_c_str()),
        (c"nr_inodes", root.scratch_inodes.as_c_str()),
        (c"mode", c"0700"),
        (c"uid", root.scratch_uid.as_c_str()),
        (c"gid", root.scratch_gid.as_c_str()),
    ];
    let mount = sys::tmpfs(&options, attr::NOSUID | attr::NODEV | attr::NOEXEC)?;
    sys::attach(mount, at)?;
    sys::close(mount);
    Ok(())
}

/// Gives up every right, takes every limit, and becomes the program.
fn become_program(setup: &Setup, exec: &Exec) -> Result<std::convert::Infallible, Failure> {
    sys::setsid().map_err(at(Stage::Session))?;
    sys::chdir(&setup.directory).map_err(at(Stage::Directory))?;
    if setup.capabilities {
        // The bounding set first: it takes a capability to give it up.
        let mut capability = 0;
        while sys::prctl(libc::PR_CAPBSET_READ, capability).is_ok_and(|held| held >= 0) {
            match sys::prctl(libc::PR_CAPBSET_DROP, capability) {
                // Without the right to drop there is nothing that could be regained either,
                // because no_new_privs holds.
                Ok(_) | Err(Errno(libc::EPERM)) => {}
                Err(errno) => return Err(at(Stage::Bounding)(errno)),
            }
            capability += 1;
        }
    }
    if let Identity::Changed(id) = setup.identity {
        sys::drop_groups().and_then(|()| sys::set_ids(id, id)).map_err(at(Stage::Ids))?;
    }
    if setup.capabilities {
        sys::clear_capabilities().map_err(at(Stage::Capabilities))?;
    }
    if setup.no_new_privs {
        const PR_SET_NO_NEW_PRIVS: c_int = 38;
        sys::prctl(PR_SET_NO_NEW_PRIVS, 1).map_err(at(Stage::NoNewPrivs))?;
    }
    for &(resource, soft, hard) in &setup.rlimits {
        sys::set_rlimit(resource, soft, hard).map_err(at(Stage::Rlimits))?;
    }
    for filter in &setup.filters {
        sys::set_filter(filter).map_err(at(Stage::Seccomp))?;
    }
    Err(at(Stage::Exec)(sys::exec(&setup.executable, exec.argv, exec.envp)))
}
