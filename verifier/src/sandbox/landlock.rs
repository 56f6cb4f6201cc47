//! Landlock: rules on files, sockets and signals that a process puts on itself and on all that it
//! starts, and that hold even where a mount or a namespace should have a hole.

use std::os::fd::OwnedFd;
use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, PathBeneath, PathFd,
    Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetError, Scope,
};

/// The newest version of the interface that is used; an older kernel keeps what it knows of it.
const NEWEST: ABI = ABI::V6;
/// What may be written beside the scratch: where everything is thrown away, or nothing is taken.
const SINKS: [&str; 2] = ["/dev/null", "/dev/full"];

/// A ruleset: all files may be read and executed, those of the scratch written, no network address
/// used, no socket in the abstract name space and no process outside reached.
///
/// The error is the system's number.
pub(super) fn ruleset(scratch: &Path) -> Result<OwnedFd, i32> {
    let made = make(scratch).map_err(|_| libc::EIO)?;
    // Without Landlock in the kernel there is nothing to make.
    Option::<OwnedFd>::from(made).ok_or(libc::ENOSYS)
}

fn make(scratch: &Path) -> Result<landlock::RulesetCreated, RulesetError> {
    let all = AccessFs::from_all(NEWEST);
    let devices = AccessFs::MakeBlock | AccessFs::MakeChar | AccessFs::IoctlDev;
    let rules = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(all)?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?
        .create()?;
    let rule = |path: &Path, access: BitFlags<AccessFs>| {
        PathFd::new(path).ok().map(|fd| PathBeneath::new(fd, access))
    };
    let sink = AccessFs::WriteFile | AccessFs::ReadFile | AccessFs::IoctlDev;
    let places = [(Path::new("/"), AccessFs::from_read(NEWEST)), (scratch, all & !devices)];
    let places = places.into_iter().chain(SINKS.map(|path| (Path::new(path), sink)));
    rules.add_rules(
        places.filter_map(|(path, access)| rule(path, access)).map(Ok::<_, RulesetError>),
    )
}
