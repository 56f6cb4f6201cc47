//! The steps before a program, and how they fail.

use std::io;
use std::path::Path;

use libc::c_int;
use serde::{Deserialize, Serialize};

use super::{Layer, SandboxError};

/// A step on the way to a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Stage {
    Namespace(Layer),
    Clone,
    Identities,
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
    Ruleset,
    Join,
    Fork,
    Bounding,
    Ids,
    Capabilities,
    NoNewPrivs,
    Rlimits,
    Directory,
    Landlock,
    Seccomp,
    Exec,
}

impl Stage {
    /// The step in words, and the layer that does not hold where it fails.
    fn means(self) -> (&'static str, Option<Layer>) {
        match self {
            Self::Namespace(layer) => ("making a namespace", Some(layer)),
            Self::Clone => ("the clone into new namespaces", Some(Layer::User)),
            Self::Identities => ("the mapping of identities", Some(Layer::User)),
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
            Self::Ruleset => ("the Landlock ruleset", Some(Layer::Landlock)),
            Self::Join => ("joining the namespaces", None),
            Self::Fork => ("starting the program's process", None),
            Self::Bounding => ("dropping the bounding set", Some(Layer::Capabilities)),
            Self::Ids => ("changing identity", Some(Layer::User)),
            Self::Capabilities => ("dropping capabilities", Some(Layer::Capabilities)),
            Self::NoNewPrivs => ("no_new_privs", Some(Layer::NoNewPrivs)),
            Self::Rlimits => ("the resource limits", Some(Layer::Rlimits)),
            Self::Directory => ("entering the scratch", None),
            Self::Landlock => ("the Landlock restriction", Some(Layer::Landlock)),
            Self::Seccomp => ("the system call filter", Some(Layer::Seccomp)),
            Self::Exec => ("starting the program", None),
        }
    }
}

/// A failure on the way to a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Failure {
    pub stage: Stage,
    pub errno: c_int,
}

impl Failure {
    /// The failure as an error; `executable` is what was to be started.
    pub fn explain(self, executable: &Path) -> SandboxError {
        let (step, layer) = self.stage.means();
        let step = match self.stage {
            Stage::Exec => format!("{step} {}", executable.display()),
            _ => step.to_owned(),
        };
        SandboxError::Setup { step, layer, error: io::Error::from_raw_os_error(self.errno) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_its_step_and_layer() {
        let failure = |stage| Failure { stage, errno: libc::EACCES };
        let said = |stage| failure(stage).explain(Path::new("/opt/python")).to_string();
        assert_eq!(
            said(Stage::Exec),
            "the sandbox failed at starting the program /opt/python: Permission denied (os error 13)"
        );
        assert!(said(Stage::Pivot).contains("moving into the new root"));
        for stage in [Stage::Seccomp, Stage::Namespace(Layer::Seccomp)] {
            let error = failure(stage).explain(Path::new(""));
            assert!(matches!(error, SandboxError::Setup { layer: Some(Layer::Seccomp), .. }));
        }
    }
}
