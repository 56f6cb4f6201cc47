//! What the child says to its parent before and after the program: how the set-up failed, how the
//! program ended. Both travel as a few bytes over pipes, because the child may not allocate.

use std::io;

use libc::c_int;

use super::{Layer, SandboxError};

/// A step of the child before exec. The number travels over the pipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Stage {
    Descriptors,
    Session,
    PrivateMounts,
    OpenTree,
    RootFs,
    Entries,
    Scratch,
    Attach,
    ReadOnly,
    Pivot,
    HostName,
    Fork,
    Bounding,
    Ids,
    Capabilities,
    NoNewPrivs,
    Rlimits,
    Directory,
    Seccomp,
    Exec,
}

impl Stage {
    const ALL: [Self; 20] = [
        Self::Descriptors,
        Self::Session,
        Self::PrivateMounts,
        Self::OpenTree,
        Self::RootFs,
        Self::Entries,
        Self::Scratch,
        Self::Attach,
        Self::ReadOnly,
        Self::Pivot,
        Self::HostName,
        Self::Fork,
        Self::Bounding,
        Self::Ids,
        Self::Capabilities,
        Self::NoNewPrivs,
        Self::Rlimits,
        Self::Directory,
        Self::Seccomp,
        Self::Exec,
    ];

    /// The step in words, and the layer that does not hold where it fails.
    fn means(self) -> (&'static str, Option<Layer>) {
        match self {
            Self::Descriptors => ("the descriptors (is `ulimit -n` below 128?)", None),
            Self::Session => ("the session", None),
            Self::PrivateMounts => ("making mounts private", Some(Layer::Mount)),
            Self::OpenTree => ("taking a copy of a system directory", Some(Layer::Mount)),
            Self::RootFs => ("a new root", Some(Layer::Mount)),
            Self::Entries => ("the entries of the new root", Some(Layer::Mount)),
            Self::Scratch => ("the scratch", Some(Layer::Mount)),
            Self::Attach => ("mounting into the new root", Some(Layer::Mount)),
            Self::ReadOnly => ("making the new root read-only", Some(Layer::Mount)),
            Self::Pivot => ("moving into the new root", Some(Layer::Mount)),
            Self::HostName => ("the host name", Some(Layer::Uts)),
            Self::Fork => ("starting the program's process", None),
            Self::Bounding => ("dropping the bounding set", Some(Layer::Capabilities)),
            Self::Ids => ("changing identity", Some(Layer::User)),
            Self::Capabilities => ("dropping capabilities", Some(Layer::Capabilities)),
            Self::NoNewPrivs => ("no_new_privs", Some(Layer::NoNewPrivs)),
            Self::Rlimits => ("the resource limits", Some(Layer::Rlimits)),
            Self::Directory => ("entering the scratch", None),
            Self::Seccomp => ("the system call filter", Some(Layer::Seccomp)),
            Self::Exec => ("starting the interpreter", None),
        }
    }
}

/// A failure before exec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub stage: Stage,
    pub errno: c_int,
}

impl Failure {
    pub const SIZE: usize = 8;

    pub fn encode(self) -> [u8; Self::SIZE] {
        let e = self.errno.to_ne_bytes();
        [self.stage as u8, 0, 0, 0, e[0], e[1], e[2], e[3]]
    }

    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let bytes: [u8; Self::SIZE] = bytes.get(..Self::SIZE)?.try_into().ok()?;
        let stage = Stage::ALL.into_iter().find(|s| *s as u8 == bytes[0])?;
        let errno = c_int::from_ne_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
        Some(Self { stage, errno })
    }

    /// The failure as an error; `executable` is what was to be started.
    pub fn explain(self, executable: &std::ffi::CStr) -> SandboxError {
        let (step, layer) = self.stage.means();
        let step = match self.stage {
            Stage::Exec => format!("{step} {}", executable.to_string_lossy()),
            _ => step.to_owned(),
        };
        SandboxError::Setup { step, layer, error: io::Error::from_raw_os_error(self.errno) }
    }
}

/// How the program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    /// The wait status of the program.
    pub status: c_int,
    /// Processor time of all that ran and was waited for, in microseconds.
    pub cpu: u64,
}

impl End {
    pub const SIZE: usize = 16;

    pub fn encode(self) -> [u8; Self::SIZE] {
        let mut bytes = [0; Self::SIZE];
        let (left, right) = bytes.split_at_mut(8);
        left.copy_from_slice(&i64::from(self.status).to_ne_bytes());
        right.copy_from_slice(&self.cpu.to_ne_bytes());
        bytes
    }

    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let status = i64::from_ne_bytes(bytes.get(..8)?.try_into().ok()?);
        let cpu = u64::from_ne_bytes(bytes.get(8..16)?.try_into().ok()?);
        Some(Self { status: status as c_int, cpu })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_heard() {
        for stage in Stage::ALL {
            let failure = Failure { stage, errno: libc::EPERM };
            assert_eq!(Failure::decode(&failure.encode()), Some(failure));
            assert_eq!(Failure::decode(&failure.encode()[1..]), None);
        }
        let end = End { status: 0x8b, cpu: 1 << 40 };
        assert_eq!(End::decode(&end.encode()), Some(end));
        assert_eq!(End::decode(&end.encode()[1..]), None);
    }

    #[test]
    fn a_failure_names_its_step_and_layer() {
        let said =
            |stage| Failure { stage, errno: libc::EACCES }.explain(c"/opt/python").to_string();
        assert_eq!(
            said(Stage::Exec),
            "the sandbox failed at starting the interpreter /opt/python: \
             Permission denied (os error 13)"
        );
        assert!(said(Stage::Pivot).contains("moving into the new root"));
        let error = Failure { stage: Stage::Seccomp, errno: 1 }.explain(c"");
        assert!(matches!(error, SandboxError::Setup { layer: Some(Layer::Seccomp), .. }));
    }
}
