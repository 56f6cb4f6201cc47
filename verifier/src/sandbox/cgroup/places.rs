use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::delegation;
use super::hierarchy::{Membership, Mount};

/// The cgroup below which groups are made for one controller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Whether it lies in a v1 hierarchy.
    pub is_v1: bool,
    /// Its directory.
    pub parent: PathBuf,
}

/// Where each controller is. They may all share one hierarchy, or have one each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Places {
    pub memory: Place,
    pub pids: Place,
    /// v1's `cpuacct`; every v2 cgroup counts processor time, without any controller.
    pub cpu: Place,
}

impl Places {
    /// Finds them from what the kernel tells of this program. May move this program one cgroup
    /// down ([`delegation`]).
    pub fn find() -> Result<Self, String> {
        let read = |path: &str| {
            fs::read_to_string(path).map_err(|error| format!("{path} cannot be read: {error}"))
        };
        let mounts = Mount::all(&read("/proc/self/mountinfo")?);
        let membership = Membership::read(&read("/proc/self/cgroup")?);
        let [memory, pids, cpu] =
            ["memory", "pids", "cpuacct"].map(|name| v1(name, &mounts, &membership));
        let needed: Vec<&str> = [("memory", &memory), ("pids", &pids)]
            .into_iter()
            .filter_map(|(name, place)| place.is_none().then_some(name))
            .collect();
        let v2 = if needed.is_empty() && cpu.is_some() {
            Err(String::new())
        } else {
            v2(&needed, &mounts, &membership)
        };
        let of = |v1: Option<Result<Place, String>>| v1.unwrap_or_else(|| v2.clone());
        Ok(Self { memory: of(memory)?, pids: of(pids)?, cpu: of(cpu)? })
    }

    /// The cgroups below which one group has its directories.
    pub fn parents(&self) -> BTreeSet<&Path> {
        [&self.memory, &self.pids, &self.cpu].map(|place| place.parent.as_path()).into()
    }
}

/// The place in the v1 hierarchy of a controller; `None` where it is mounted in none.
fn v1(
    controller: &str,
    mounts: &[Mount],
    membership: &Membership,
) -> Option<Result<Place, String>> {
    let mut mounts = mounts.iter().filter(|m| m.has(controller)).peekable();
    mounts.peek()?;
    let cgroup = membership.v1(controller)?;
    let seen = mounts.filter_map(|m| m.directory(cgroup)).find(|d| d.join("cgroup.procs").exists());
    Some(match seen {
        Some(parent) => Ok(Place { is_v1: true, parent }),
        None => Err(format!(
            "no mount of the {controller} controller shows this program's cgroup {}",
            cgroup.display()
        )),
    })
}

/// The place in the v2 hierarchy.
fn v2(needed: &[&str], mounts: &[Mount], membership: &Membership) -> Result<Place, String> {
    let mut mounts = mounts.iter().filter(|m| m.controllers.is_none()).peekable();
    let cgroup = membership.v2.as_deref().filter(|_| mounts.peek().is_some());
    let Some(cgroup) = cgroup else {
        let needed = if needed.is_empty() { "cpuacct".to_owned() } else { needed.join(" and ") };
        return Err(format!(
            "no cgroup hierarchy with {needed} is mounted; mount -t cgroup2 none /sys/fs/cgroup"
        ));
    };
    let (own, top) = mounts
        .filter_map(|m| Some((m.directory(cgroup)?, m.point.clone())))
        .find(|(own, _)| own.join("cgroup.procs").exists())
        .ok_or_else(|| {
            format!("no mount of cgroup2 shows this program's cgroup {}", cgroup.display())
        })?;
    if needed.is_empty() {
        // Groups without controllers may be made anywhere.
        return Ok(Place { is_v1: false, parent: own });
    }
    let parent = delegation::parent(&own, &top, needed)?;
    Ok(Place { is_v1: false, parent })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_controller_is_looked_for_where_it_is_mounted() {
        let directory = std::env::temp_dir();
        let missing = directory.join("lehr-no-such-directory");
        let line =
            |point: &Path| format!("1 2 0:3 / {} rw - cgroup cgroup rw,memory", point.display());
        let mounts = Mount::all(&line(&missing));
        let membership = Membership::read("4:memory:/\n");
        assert!(v1("pids", &mounts, &membership).is_none());
        assert!(v1("memory", &mounts, &Membership::default()).is_none());
        let unseen = v1("memory", &mounts, &membership);
        assert!(unseen.is_some_and(|p| p.is_err_and(|why| why.contains("memory controller"))));
        let why = v2(&["memory", "pids"], &mounts, &Membership::read("0::/\n"));
        assert!(why.is_err_and(|why| why.contains("memory and pids is mounted")));
    }
}
