//! The last steps before a program: system calls that give up every right for good.
//!
//! They are laid down once, as numbers, and taken by whoever becomes a program: a process that is
//! about to exec takes them here, a fork of a warm interpreter in `zygote.py`. So both are sealed by
//! the same list.

use std::collections::BTreeSet;

use libc::c_long;
use serde::{Deserialize, Serialize};

use super::launch::Identity;
use super::stage::{Failure, Stage};
use super::{Layer, SandboxError, sys};

/// The steps, in order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Plan(pub Vec<Step>);

/// One system call.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Step {
    /// What fails when it does.
    pub stage: Stage,
    /// The number of the call.
    pub number: c_long,
    pub args: Vec<Arg>,
}

/// An argument of a call.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Arg {
    /// A number.
    Number(c_long),
    /// A pointer to these bytes.
    Bytes(Vec<u8>),
    /// A pointer to a `sock_fprog` of this filter program.
    Filter(Vec<u8>),
    /// The descriptor of the cell's Landlock ruleset.
    Ruleset,
}

impl Plan {
    /// The steps for these layers, on a kernel with so many capabilities.
    pub fn new(
        layers: &BTreeSet<Layer>,
        identity: Identity,
        capabilities: u32,
    ) -> Result<Self, SandboxError> {
        let holds = |layer| layers.contains(&layer);
        let mut steps = Vec::new();
        let mut step = |stage, number, args: Vec<Arg>| steps.push(Step { stage, number, args });
        let prctl = |option: i32, value: c_long| vec![n(option.into()), n(value), n(0), n(0), n(0)];
        step(Stage::Session, libc::SYS_setsid, vec![]);
        if holds(Layer::Capabilities) {
            // The bounding set first: it takes a capability to give it up.
            for capability in 0..c_long::from(capabilities) {
                step(Stage::Bounding, libc::SYS_prctl, prctl(libc::PR_CAPBSET_DROP, capability));
            }
        }
        if let Identity::Changed(id) = identity {
            let id = || n(id.into());
            step(Stage::Ids, libc::SYS_setgroups, vec![n(0), n(0)]);
            step(Stage::Ids, libc::SYS_setresgid, vec![id(), id(), id()]);
            step(Stage::Ids, libc::SYS_setresuid, vec![id(), id(), id()]);
        }
        if holds(Layer::Capabilities) {
            const VERSION_3: u32 = 0x2008_0522;
            let header = [VERSION_3, 0].map(u32::to_ne_bytes).concat();
            let args = vec![Arg::Bytes(header), Arg::Bytes(vec![0; 24])];
            step(Stage::Capabilities, libc::SYS_capset, args);
        }
        if holds(Layer::NoNewPrivs) {
            step(Stage::NoNewPrivs, libc::SYS_prctl, prctl(libc::PR_SET_NO_NEW_PRIVS, 1));
        }
        if holds(Layer::Landlock) {
            let args = vec![Arg::Ruleset, n(0)];
            step(Stage::Landlock, libc::SYS_landlock_restrict_self, args);
        }
        if holds(Layer::Seccomp) {
            for filter in super::seccomp::filters()
                .map_err(|error| SandboxError::Filter(error.to_string()))?
            {
                let mode = n(libc::SECCOMP_SET_MODE_FILTER.into());
                step(Stage::Seccomp, libc::SYS_seccomp, vec![mode, n(0), Arg::Filter(filter)]);
            }
        }
        Ok(Self(steps))
    }

    /// Takes the steps. `ruleset` is the descriptor of the cell's Landlock ruleset.
    pub fn take(&self, ruleset: i32) -> Result<(), Failure> {
        for step in &self.0 {
            let programs: Vec<libc::sock_fprog> = step.args.iter().map(program).collect();
            let args: Vec<c_long> = step
                .args
                .iter()
                .zip(&programs)
                .map(|(arg, program)| match arg {
                    Arg::Number(number) => *number,
                    Arg::Bytes(bytes) => bytes.as_ptr() as c_long,
                    Arg::Filter(_) => std::ptr::from_ref(program) as c_long,
                    Arg::Ruleset => ruleset.into(),
                })
                .collect();
            match sys::planned(step.number, &args) {
                Ok(()) => {}
                // Without the right to drop one there is nothing that could be regained either,
                // because no_new_privs holds.
                Err(sys::Errno(libc::EPERM)) if step.stage == Stage::Bounding => {}
                Err(errno) => return Err(Failure { stage: step.stage, errno: errno.0 }),
            }
        }
        Ok(())
    }
}

fn n(number: c_long) -> Arg {
    Arg::Number(number)
}

/// What the kernel takes a filter as; empty for other arguments.
fn program(arg: &Arg) -> libc::sock_fprog {
    let (length, filter) = match arg {
        Arg::Filter(bytes) => (bytes.len() / size_of::<libc::sock_filter>(), bytes.as_ptr()),
        _ => (0, std::ptr::null()),
    };
    libc::sock_fprog { len: length as u16, filter: filter.cast_mut().cast() }
}
