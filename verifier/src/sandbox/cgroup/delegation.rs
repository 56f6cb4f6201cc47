//! Where in the v2 hierarchy groups can be made.
//!
//! A cgroup whose children have controllers may hold no processes itself, but for the very root.
//! So a group never goes below the cgroup that this program is in, unless the program is alone
//! there and moves itself one down; else it goes beside that cgroup.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use super::control::{explain, number};

/// What to do where no cgroup allows it.
const REMEDY: &str = "start this program alone in a cgroup of its own, for example by \
     `systemd-run --user --scope -p Delegate=yes COMMAND`, or as root";

/// Finds the cgroup below which groups with the `needed` controllers can be made. `own` is the
/// directory of the cgroup that this program is in, `top` that of the mount.
pub(super) fn parent(own: &Path, top: &Path, needed: &[&str]) -> Result<PathBuf, String> {
    if is_enabled(own, needed) {
        return Ok(own.to_owned());
    }
    let is_root = !own.join("cgroup.type").exists();
    if is_root {
        has_all(own, needed)?;
        enable(own, needed).map_err(|error| error.to_string())?;
        return Ok(own.to_owned());
    }
    // Where this program went by itself before, the cgroup above is the one.
    let was_alone = own.file_name().is_some_and(|name| name == home().as_str());
    let mut problem = String::new();
    if !was_alone {
        match below(own, needed) {
            Ok(()) => return Ok(own.to_owned()),
            Err(why) => problem = why,
        }
    }
    beside(own, top, needed).map_err(|why| match problem.as_str() {
        "" => why,
        problem => format!("{problem}, and {why}; {REMEDY}"),
    })
}

/// Makes this program's own cgroup one for groups, by leaving it for one below it.
fn below(own: &Path, needed: &[&str]) -> Result<(), String> {
    has_all(own, needed)?;
    let me = std::process::id();
    // Processes of other namespaces are shown as 0.
    if words(own, "cgroup.procs").iter().any(|pid| *pid != me.to_string()) {
        return Err(format!("{} holds other processes", own.display()));
    }
    let leaf = own.join(home());
    make(&leaf).map_err(|error| error.to_string())?;
    let moved = write(&leaf, "cgroup.procs", &me.to_string()).and_then(|()| {
        enable(own, needed).inspect_err(|_| {
            let _ = write(own, "cgroup.procs", &me.to_string());
        })
    });
    moved.map_err(|error| {
        let _ = fs::remove_dir(&leaf);
        error.to_string()
    })
}

/// Finds the nearest cgroup above whose children have controllers and where this user may make
/// them and put this program's processes into them.
fn beside(own: &Path, top: &Path, needed: &[&str]) -> Result<PathBuf, String> {
    let mut here = own;
    while here != top {
        // Beside a cgroup with a limit, programs would get more than this one may have.
        if fs::read_to_string(here.join("memory.max")).is_ok_and(|t| number(&t) != Some(u64::MAX)) {
            let shown = here.display();
            return Err(format!("groups beside {shown} would escape its limit on memory"));
        }
        let Some(above) = here.parent() else { break };
        let writable = |path: &Path| access(path, Access::WRITE_OK).is_ok();
        if is_enabled(above, needed) && writable(above) && writable(&above.join("cgroup.procs")) {
            return Ok(above.to_owned());
        }
        here = above;
    }
    Err(format!("no cgroup above it gives its children {} and is this user's", needed.join(", ")))
}

/// The name of the cgroup that this program moves itself to.
fn home() -> String {
    format!("lehr-{}-home", std::process::id())
}

fn make(directory: &Path) -> io::Result<()> {
    match fs::create_dir(directory) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(explain(directory, "made", &error))
        }
        _ => Ok(()),
    }
}

fn is_enabled(cgroup: &Path, needed: &[&str]) -> bool {
    let enabled = words(cgroup, "cgroup.subtree_control");
    needed.iter().all(|controller| enabled.iter().any(|e| e == controller))
}

fn has_all(cgroup: &Path, needed: &[&str]) -> Result<(), String> {
    let available = words(cgroup, "cgroup.controllers");
    match needed.iter().find(|controller| !available.iter().any(|a| a == *controller)) {
        Some(missing) => Err(format!("{} has no {missing} controller", cgroup.display())),
        None => Ok(()),
    }
}

fn enable(cgroup: &Path, needed: &[&str]) -> io::Result<()> {
    let change: Vec<String> = needed.iter().map(|controller| format!("+{controller}")).collect();
    write(cgroup, "cgroup.subtree_control", &change.join(" "))
}

fn write(cgroup: &Path, name: &str, text: &str) -> io::Result<()> {
    let path = cgroup.join(name);
    fs::write(&path, text).map_err(|error| explain(&path, &format!("set to {text}"), &error))
}

/// The words of a file; none where it cannot be read.
fn words(cgroup: &Path, name: &str) -> Vec<String> {
    let text = fs::read_to_string(cgroup.join(name)).unwrap_or_default();
    text.split_ascii_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    /// The choice on a tree of ordinary files: what they say is what it depends on.
    #[test]
    fn the_nearest_cgroup_that_allows_it_is_taken() {
        let me = std::process::id().to_string();
        let both = "cpu memory pids\n";
        for (name, types, controllers, subtree, procs, memory_max, expected) in [
            // Root with controllers for its children, and without.
            ("enabled root", false, both, "memory pids", "1\n2\n", "", Ok("a/b")),
            ("bare root", false, both, "", "1\n2\n", "", Ok("a/b")),
            ("root without pids", false, "memory\n", "", "1\n", "", Err("no pids controller")),
            // Alone in a delegated cgroup; with others; without the controllers.
            ("alone", true, both, "", me.as_str(), "max\n", Ok("a/b")),
            ("others", true, both, "", "1\n2\n", "max\n", Ok("a")),
            ("other namespace", true, both, "", "0\n", "max\n", Ok("a")),
            ("no pids", true, "memory\n", "", me.as_str(), "max\n", Ok("a")),
            // A sibling must not have more than this program.
            ("limited", true, both, "", "1\n2\n", "1048576\n", Err("escape its limit")),
        ] {
            let top = tempfile::tempdir().unwrap();
            let (above, own) = (top.path().join("a"), top.path().join("a/b"));
            fs::create_dir_all(&own).unwrap();
            let file = |directory: &Path, name: &str, text: &str| {
                fs::write(directory.join(name), text).unwrap();
            };
            file(&above, "cgroup.subtree_control", "cpu memory pids\n");
            file(&above, "cgroup.procs", "");
            if types {
                file(&own, "cgroup.type", "domain\n");
            }
            file(&own, "cgroup.controllers", controllers);
            file(&own, "cgroup.subtree_control", subtree);
            file(&own, "cgroup.procs", procs);
            if !memory_max.is_empty() {
                file(&own, "memory.max", memory_max);
            }
            let found = parent(&own, top.path(), &["memory", "pids"]);
            match expected {
                Ok(place) => assert_eq!(found, Ok(top.path().join(place)), "{name}"),
                Err(why) => assert!(found.as_ref().is_err_and(|w| w.contains(why)), "{found:?}"),
            }
            let enabled = fs::read_to_string(own.join("cgroup.subtree_control")).unwrap();
            if name == "alone" || name == "bare root" {
                assert_eq!(enabled, "+memory +pids", "{name}");
            }
            let moved = own.join(home()).join("cgroup.procs");
            assert_eq!(moved.exists(), name == "alone", "{name}");
        }
    }

    #[test]
    fn without_any_place_every_reason_is_told() {
        let top = tempfile::tempdir().unwrap();
        let own = top.path().join("own");
        fs::create_dir(&own).unwrap();
        for (name, text) in [
            ("cgroup.type", "domain"),
            ("cgroup.controllers", "memory pids"),
            ("cgroup.procs", "1"),
        ] {
            fs::write(own.join(name), text).unwrap();
        }
        let why = parent(&own, top.path(), &["memory"]).unwrap_err();
        for part in ["holds other processes", "no cgroup above it", "Delegate=yes"] {
            assert!(why.contains(part), "{why}");
        }
    }
}
