//! Where the kernel's cgroup hierarchies are mounted, and where in them this program lives.

use std::path::{Component, Path, PathBuf};

/// A mounted hierarchy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mount {
    /// Its place among the files.
    pub point: PathBuf,
    /// The cgroup that is seen there.
    root: PathBuf,
    /// The controllers of a v1 hierarchy; `None` for the one v2 hierarchy.
    pub controllers: Option<Vec<String>>,
}

impl Mount {
    /// Reads `/proc/self/mountinfo`. What is no cgroup mount is left out.
    pub fn all(mountinfo: &str) -> Vec<Self> {
        mountinfo.lines().filter_map(Self::read).collect()
    }

    fn read(line: &str) -> Option<Self> {
        // 36 35 98:0 /root /point rw,noatime shared:1 - type source rw,options
        let (left, right) = line.split_once(" - ")?;
        let mut left = left.split(' ').skip(3);
        let (root, point) = (unescape(left.next()?), unescape(left.next()?));
        let mut right = right.split(' ');
        let controllers = match right.next()? {
            "cgroup2" => None,
            "cgroup" => Some(right.nth(1)?.split(',').map(str::to_owned).collect()),
            _ => return None,
        };
        Some(Self { point: point.into(), root: root.into(), controllers })
    }

    /// Whether it is a v1 hierarchy with this controller.
    pub fn has(&self, controller: &str) -> bool {
        self.controllers.iter().flatten().any(|c| c == controller)
    }

    /// The directory of a cgroup, where this mount shows it.
    pub fn directory(&self, cgroup: &Path) -> Option<PathBuf> {
        let below = cgroup.strip_prefix(&self.root).ok()?;
        // Seen from within a namespace, `..` leads out of it, where there is no file.
        let leaves = below.components().any(|c| c == Component::ParentDir);
        // Joined to nothing, a path would end with a slash.
        let is_point = below.as_os_str().is_empty();
        (!leaves).then(|| if is_point { self.point.clone() } else { self.point.join(below) })
    }
}

/// The cgroups that this program is in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Membership {
    /// Those of v1 hierarchies: the controllers, and the cgroup.
    v1: Vec<(Vec<String>, PathBuf)>,
    /// That of the v2 hierarchy.
    pub v2: Option<PathBuf>,
}

impl Membership {
    /// Reads `/proc/self/cgroup`.
    pub fn read(text: &str) -> Self {
        let mut membership = Self::default();
        for line in text.lines() {
            // 4:memory,pids:/path, where only the path may have more colons.
            let mut fields = line.splitn(3, ':');
            let (Some(number), Some(controllers), Some(path)) =
                (fields.next(), fields.next(), fields.next())
            else {
                continue;
            };
            if number == "0" && controllers.is_empty() {
                membership.v2 = Some(path.into());
            } else {
                let controllers = controllers.split(',').map(str::to_owned).collect();
                membership.v1.push((controllers, path.into()));
            }
        }
        membership
    }

    /// The cgroup in the v1 hierarchy of a controller.
    pub fn v1(&self, controller: &str) -> Option<&Path> {
        let of = |(controllers, _): &&(Vec<String>, PathBuf)| {
            controllers.iter().any(|c| c == controller)
        };
        self.v1.iter().find(of).map(|(_, path)| path.as_path())
    }
}

/// Undoes the kernel's `\040` for blanks, tabs, line ends and backslashes.
fn unescape(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = match (first, after) {
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..]) => {
                Some((a - b'0') * 64 + (b - b'0') * 8 + (c - b'0'))
            }
            _ => None,
        };
        out.push(code.unwrap_or(*first));
        rest = &after[if code.is_some() { 3 } else { 0 }..];
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mounts_are_read_whatever_their_names() {
        let v1 = |point: &str, root: &str, controllers: &[&str]| Mount {
            point: point.into(),
            root: root.into(),
            controllers: Some(controllers.iter().map(|&c| c.to_owned()).collect()),
        };
        let v2 = |point: &str, root: &str| Mount {
            point: point.into(),
            root: root.into(),
            controllers: None,
        };
        for (line, mount) in [
            (
                "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory",
                Some(v1("/sys/fs/cgroup/memory", "/", &["rw", "memory"])),
            ),
            (
                "36 31 0:33 /docker/ab /sys/fs/cgroup/cpu,cpuacct ro,nosuid master:11 - cgroup cgroup rw,cpu,cpuacct",
                Some(v1("/sys/fs/cgroup/cpu,cpuacct", "/docker/ab", &["rw", "cpu", "cpuacct"])),
            ),
            (
                "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 master:1 - cgroup2 cgroup2 rw,nsdelegate",
                Some(v2("/sys/fs/cgroup", "/")),
            ),
            (
                "30 23 0:26 /../.. /my\\040own\\011\\134cg rw - cgroup2 none rw",
                Some(v2("/my own\t\\cg", "/../..")),
            ),
            ("30 23 0:26 / /a\\04 rw - cgroup2 none rw", Some(v2("/a\\04", "/"))),
            ("30 23 0:26 / /b\\777 rw - cgroup2 none rw", Some(v2("/b\\777", "/"))),
            ("27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,memory", None),
            ("31 23 0:28 / /sys/fs/cgroup rw - tmpfs cgroup rw", None),
            ("31 23 0:28 / /x rw - cgroup", None),
            ("31 23 - cgroup2 x rw", None),
            ("no mount", None),
            ("", None),
        ] {
            assert_eq!(Mount::read(line), mount, "{line}");
        }
    }

    #[test]
    fn directories_are_those_that_the_mount_shows() {
        for (root, cgroup, directory) in [
            ("/", "/", Some("/cg")),
            ("/", "/a/b", Some("/cg/a/b")),
            // A container that sees the host's paths, but only its own part of the hierarchy.
            ("/docker/ab", "/docker/ab", Some("/cg")),
            ("/docker/ab", "/docker/ab/c", Some("/cg/c")),
            ("/docker/ab", "/docker/abc", None),
            ("/docker/ab", "/user", None),
            // A mount from outside the namespace, and a program outside it.
            ("/..", "/a", None),
            ("/", "/../a", None),
        ] {
            let mount = Mount { point: "/cg".into(), root: root.into(), controllers: None };
            assert_eq!(
                mount.directory(Path::new(cgroup)).map(PathBuf::into_os_string),
                directory.map(Into::into),
                "{root} {cgroup}"
            );
        }
    }

    #[test]
    fn memberships_are_read() {
        let hybrid = Membership::read(
            "9:name=systemd:/\n4:memory:/a:b/c d\n2:cpu,cpuacct:/x\nbad\n0::/user.slice/u@1\n",
        );
        for (controller, path) in [
            ("memory", Some("/a:b/c d")),
            ("cpuacct", Some("/x")),
            ("cpu", Some("/x")),
            ("pids", None),
            ("", None),
        ] {
            assert_eq!(hybrid.v1(controller), path.map(Path::new), "{controller}");
        }
        assert_eq!(hybrid.v2.as_deref(), Some(Path::new("/user.slice/u@1")));
        assert_eq!(Membership::read("4:memory:/\n").v2, None);
        assert_eq!(Membership::read(""), Membership::default());
    }
}
