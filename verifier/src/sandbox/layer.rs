use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// One thing that stands between a program and the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// A user namespace: the program's identity has no rights outside.
    User,
    /// A mount namespace with a new root: nothing of the host's files but system directories and
    /// the interpreter, read-only.
    Mount,
    /// A process namespace: the program sees only itself, and everything it started dies with it.
    Pid,
    /// A network namespace without any interface that is up.
    Network,
    /// A namespace for System V and POSIX inter-process objects.
    Ipc,
    /// A namespace for the host name.
    Uts,
    /// A cgroup namespace: the host's cgroup paths are not seen.
    Cgroup,
    /// `no_new_privs`: no set-user-id program gives rights back.
    NoNewPrivs,
    /// Every capability is dropped, for good.
    Capabilities,
    /// A seccomp filter that lets pass only the system calls that programs need.
    Seccomp,
    /// Landlock rules on files, sockets and signals, put on by the program's own process.
    Landlock,
    /// Resource limits of the kernel on each process.
    Rlimits,
    /// The kernel's limit on processes binds for the identity that the program has.
    Processes,
    /// Limits of the kernel on memory and number of all processes together, and its account of their
    /// processor time.
    CgroupLimits,
    /// Memory, processor time and number of all processes together are watched from outside.
    Watch,
}

impl Layer {
    /// Every layer, in the order in which they are listed.
    pub const ALL: [Self; 15] = [
        Self::User,
        Self::Mount,
        Self::Pid,
        Self::Network,
        Self::Ipc,
        Self::Uts,
        Self::Cgroup,
        Self::NoNewPrivs,
        Self::Capabilities,
        Self::Seccomp,
        Self::Landlock,
        Self::Rlimits,
        Self::Processes,
        Self::CgroupLimits,
        Self::Watch,
    ];

    /// The name used in JSON, options and messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Mount => "mount",
            Self::Pid => "pid",
            Self::Network => "network",
            Self::Ipc => "ipc",
            Self::Uts => "uts",
            Self::Cgroup => "cgroup",
            Self::NoNewPrivs => "no_new_privs",
            Self::Capabilities => "capabilities",
            Self::Seccomp => "seccomp",
            Self::Landlock => "landlock",
            Self::Rlimits => "rlimits",
            Self::Processes => "processes",
            Self::CgroupLimits => "cgroup_limits",
            Self::Watch => "watch",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.as_str() == name)
    }

    /// Whether nothing runs without it unless the options name it.
    ///
    /// Of [`Layer::Processes`], [`Layer::CgroupLimits`] and [`Layer::Watch`] one is enough to bound
    /// what many processes use together, so the first and the last are essential only `without` the
    /// others.
    fn is_essential(self, without: &BTreeSet<Self>) -> bool {
        let bounds = [Self::Processes, Self::CgroupLimits, Self::Watch];
        match self {
            Self::Uts | Self::Cgroup | Self::Landlock | Self::CgroupLimits => false,
            Self::Processes | Self::Watch => bounds.iter().all(|bound| without.contains(bound)),
            _ => true,
        }
    }

    /// What it does, in a few words.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::User => "user namespace: an identity without rights outside",
            Self::Mount => "mount namespace: a new root, read-only but for a bounded scratch",
            Self::Pid => "process namespace: nothing survives the run",
            Self::Network => "network namespace: no network",
            Self::Ipc => "inter-process namespace: no shared objects of the host",
            Self::Uts => "host name namespace",
            Self::Cgroup => "cgroup namespace",
            Self::NoNewPrivs => "no_new_privs: no rights by set-user-id programs",
            Self::Capabilities => "all capabilities dropped",
            Self::Seccomp => "system call filter",
            Self::Landlock => "Landlock: rules on files, sockets and signals",
            Self::Rlimits => "resource limits on each process",
            Self::Processes => "the kernel's limit on processes binds",
            Self::CgroupLimits => "cgroup limits on all processes together",
            Self::Watch => "memory, processor time and number of all processes together, watched",
        }
    }

    /// What to do where it does not hold.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::User | Self::Pid | Self::Network | Self::Ipc | Self::Uts | Self::Cgroup => {
                "allow unprivileged user namespaces (sysctl user.max_user_namespaces above 0, \
                 kernel.unprivileged_userns_clone=1 or \
                 kernel.apparmor_restrict_unprivileged_userns=0 where they exist); in a container \
                 use a seccomp profile that allows clone3 and unshare"
            }
            Self::Mount => {
                "needs Linux 5.14 or later and the right to mount in a user namespace; in a \
                 container use an AppArmor and seccomp profile that allows mount and pivot_root"
            }
            Self::NoNewPrivs | Self::Capabilities | Self::Rlimits => {
                "needs Linux 5.14 or later; a seccomp profile around this program may forbid it"
            }
            Self::Seccomp => "needs a kernel with CONFIG_SECCOMP_FILTER",
            Self::Landlock => {
                "needs Linux 5.13 or later with CONFIG_SECURITY_LANDLOCK and `landlock` in the list \
                 of the boot parameter lsm="
            }
            Self::CgroupLimits => {
                "needs a cgroup hierarchy that this user may write to: run as root, or under \
                 `systemd-run --user --scope -p Delegate=yes`; in a container mount /sys/fs/cgroup \
                 writable"
            }
            Self::Processes => {
                "run as an ordinary user, or as root with a second identity mapped (user id 65534)"
            }
            Self::Watch => "mount /proc without hidepid, on a kernel with CONFIG_PROC_CHILDREN",
        }
    }
}

/// Whether a layer holds on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LayerState {
    /// The layer.
    pub layer: Layer,
    /// Whether it held when it was tried.
    pub holds: bool,
    /// Whether nothing runs without it unless the options name it.
    pub essential: bool,
    /// What went wrong, when it does not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// What to do, when it does not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<&'static str>,
}

impl LayerState {
    /// Every layer's state, from what went wrong with those that do not hold.
    pub(super) fn all(problems: &BTreeMap<Layer, String>) -> Vec<Self> {
        let without = problems.keys().copied().collect();
        Layer::ALL
            .into_iter()
            .map(|layer| {
                let problem = problems.get(&layer).cloned();
                Self {
                    layer,
                    holds: problem.is_none(),
                    essential: layer.is_essential(&without),
                    remedy: problem.is_some().then(|| layer.remedy()),
                    problem,
                }
            })
            .collect()
    }

    /// The layers for want of which nothing runs: essential, not there, and not `allowed` to be
    /// missing.
    pub fn missing(states: &[Self], allowed: &BTreeSet<Layer>) -> Vec<Self> {
        let lacks = |s: &&Self| s.essential && !s.holds && !allowed.contains(&s.layer);
        states.iter().filter(lacks).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_essential_absent_and_not_allowed() {
        use Layer::*;
        for (lost, allowed, missing) in [
            (vec![], vec![], vec![]),
            (vec![Uts, Cgroup], vec![], vec![]),
            (vec![Ipc], vec![], vec![Ipc]),
            (vec![Seccomp, Network], vec![], vec![Network, Seccomp]),
            (vec![Seccomp, Network], vec![Seccomp], vec![Network]),
            (vec![Seccomp, Network], vec![Seccomp, Network, User], vec![]),
            (vec![Processes], vec![], vec![]),
            (vec![Watch], vec![], vec![]),
            (vec![Watch, Processes], vec![], vec![]),
            (vec![Landlock, CgroupLimits], vec![], vec![]),
            (vec![Watch, Processes, CgroupLimits], vec![], vec![Processes, Watch]),
            (vec![Watch, Processes, CgroupLimits], vec![Watch], vec![Processes]),
            (vec![Watch, Processes, CgroupLimits], vec![Processes, Watch], vec![]),
        ] {
            let problems = lost.iter().map(|&layer| (layer, "is not there".to_owned())).collect();
            let states = LayerState::all(&problems);
            assert_eq!(states.len(), Layer::ALL.len());
            let found: Vec<Layer> = LayerState::missing(&states, &allowed.into_iter().collect())
                .into_iter()
                .map(|s| s.layer)
                .collect();
            assert_eq!(found, missing, "{lost:?}");
        }
    }

    #[test]
    fn names_read_back() {
        for layer in Layer::ALL {
            assert_eq!(Layer::parse(layer.as_str()), Some(layer));
            assert_eq!(serde_json::json!(layer), layer.as_str());
        }
        assert_eq!(Layer::parse("moat"), None);
    }
}
