//! What of the host an attack may reach for, and whether all of it is as it was.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::{TcpListener, UdpSocket};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// In the name of everything that an attack makes; the host has nothing of that name.
const MARK: &str = "lehr-attack";
/// Where something of that name would be found.
const PLACES: [&str; 12] = [
    "/",
    "/tmp",
    "/var/tmp",
    "/dev",
    "/dev/shm",
    "/dev/mqueue",
    "/etc",
    "/usr",
    "/usr/bin",
    "/usr/lib",
    "/home",
    "/root",
];
/// How long what a job leaves may take to go.
const PATIENCE: Duration = Duration::from_secs(4);

/// Things of the host that are there to be reached for.
pub(crate) struct Host {
    directory: TempDir,
    /// A file that nobody but us may read or change.
    canary: PathBuf,
    tcp: TcpListener,
    udp: UdpSocket,
    unix: UnixListener,
    by_name: UnixListener,
    name: String,
    /// A process that does nothing but live.
    witness: Child,
    before: State,
}

/// What must be the same after an attack as before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct State(BTreeMap<&'static str, String>);

/// What must not grow from job to job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts(pub(crate) BTreeMap<&'static str, usize>);

impl Host {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let directory = TempDir::new()?;
        let canary = directory.path().join("secret");
        fs::write(&canary, "the canary sings")?;
        fs::create_dir(directory.path().join("below"))?;
        let name = format!("{MARK}-{}", std::process::id());
        let unix = UnixListener::bind(directory.path().join("socket"))?;
        let by_name = UnixListener::bind_addr(&SocketAddr::from_abstract_name(&name)?)?;
        let (tcp, udp) = (TcpListener::bind("127.0.0.1:0")?, UdpSocket::bind("127.0.0.1:0")?);
        tcp.set_nonblocking(true)?;
        udp.set_nonblocking(true)?;
        unix.set_nonblocking(true)?;
        by_name.set_nonblocking(true)?;
        let witness = Command::new("sleep").arg("3600").spawn()?;
        let before = State::default();
        let mut host = Self { directory, canary, tcp, udp, unix, by_name, name, witness, before };
        host.before = host.state();
        Ok(host)
    }

    /// What an attack is told where its header says `{word}`.
    pub(crate) fn tells(&self, word: &str) -> String {
        match word {
            "{canary}" => self.canary.display().to_string(),
            "{home}" => std::env::home_dir().unwrap_or_default().display().to_string(),
            "{tcp}" => self.tcp.local_addr().map_or(0, |a| a.port()).to_string(),
            "{udp}" => self.udp.local_addr().map_or(0, |a| a.port()).to_string(),
            "{unix}" => self.directory.path().join("socket").display().to_string(),
            "{abstract}" => self.name.clone(),
            "{witness}" => self.witness.id().to_string(),
            "{self}" => std::process::id().to_string(),
            "{processors}" => {
                std::thread::available_parallelism().map_or(1, usize::from).to_string()
            }
            other => other.to_owned(),
        }
    }

    fn state(&self) -> State {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let ours = |text: String| text.lines().filter(|l| l.contains(MARK)).collect::<String>();
        State(BTreeMap::from([
            ("mounts", read("/proc/self/mountinfo")),
            ("host name", read("/proc/sys/kernel/hostname")),
            ("keys", ours(read("/proc/keys"))),
            ("modules", read("/proc/modules").lines().count().to_string()),
            ("swap", read("/proc/swaps")),
            ("core pattern", read("/proc/sys/kernel/core_pattern")),
            ("inter-process objects", objects()),
            ("files", marked().join(" ")),
            ("canary", tree(self.directory.path())),
            ("own limits", read("/proc/self/limits")),
            ("own directory", std::env::current_dir().unwrap_or_default().display().to_string()),
        ]))
    }

    /// What is not as it was, or was reached.
    pub(crate) fn disturbed(&mut self) -> Vec<String> {
        let mut found = Vec::new();
        let now = self.state();
        for (name, before) in &self.before.0 {
            let after = now.0.get(name).map_or("", String::as_str);
            if after != before {
                let old: BTreeSet<&str> = before.lines().collect();
                let new: Vec<&str> = after.lines().filter(|l| !old.contains(l)).collect();
                found.push(format!("{name} of the host changed: {new:?}"));
            }
        }
        if !matches!(self.witness.try_wait(), Ok(None)) {
            found.push("the witness was killed".into());
        }
        let stopped = fs::read_to_string(format!("/proc/{}/stat", self.witness.id()));
        if stopped.is_ok_and(|stat| stat.contains(") T ")) {
            found.push("the witness was stopped".into());
        }
        let mut bytes = [0; 64];
        for (name, reached) in [
            ("TCP", self.tcp.accept().is_ok()),
            ("UDP", self.udp.recv(&mut bytes).is_ok()),
            ("unix", self.unix.accept().is_ok()),
            ("abstract", self.by_name.accept().is_ok()),
        ] {
            if reached {
                found.push(format!("the {name} socket of the host was reached"));
            }
        }
        // What was found once is not found again of every attack that follows.
        self.before = now;
        found
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // It may have ended: that was told before.
        let _ = self.witness.kill();
        let _ = self.witness.wait();
    }
}

impl Counts {
    /// What this process and its sandbox hold at this moment.
    pub(crate) fn now() -> Self {
        let own = std::process::id() as i32;
        let (descendants, orphans, namespaces) = processes(own);
        let open = fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
        let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        let threads = fs::read_dir("/proc/self/task").map_or(0, Iterator::count);
        Self(BTreeMap::from([
            ("processes", descendants),
            ("orphans", orphans),
            ("network namespaces", namespaces),
            ("open files", open),
            ("threads", threads),
            ("mounts", mounts.lines().count()),
            ("cgroups", cgroups(Path::new("/sys/fs/cgroup"), 5)),
            ("shared memory files", fs::read_dir("/dev/shm").map_or(0, Iterator::count)),
        ]))
    }

    /// What is more than before, once it had the time to go.
    pub(crate) fn grown(&self) -> Vec<String> {
        let start = Instant::now();
        loop {
            let now = Self::now();
            let more: Vec<String> = now
                .0
                .iter()
                .filter_map(|(name, &count)| {
                    let before = self.0.get(name).copied().unwrap_or(0);
                    (count > before).then(|| format!("{before} {name} became {count}"))
                })
                .collect();
            if more.is_empty() || start.elapsed() > PATIENCE {
                return more;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The parent of every process.
pub(crate) fn parents() -> BTreeMap<i32, i32> {
    let mut parents = BTreeMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|n| n.parse::<i32>().ok()) else {
            continue;
        };
        let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else { continue };
        // The name in brackets may hold anything.
        let rest = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        if let Some(parent) = rest.split_whitespace().nth(1).and_then(|p| p.parse::<i32>().ok()) {
            parents.insert(pid, parent);
        }
    }
    parents
}

/// Every process below one.
pub(crate) fn below(parents: &BTreeMap<i32, i32>, root: i32) -> Vec<i32> {
    let is_below = |mut pid: i32| {
        while let Some(&parent) = parents.get(&pid) {
            if parent == root {
                return true;
            }
            pid = parent;
        }
        false
    };
    parents.keys().copied().filter(|&pid| is_below(pid)).collect()
}

/// The processes below one; those of a namespace of their own that nobody above waits for; and the
/// network namespaces that those below are in.
fn processes(root: i32) -> (usize, usize, usize) {
    let parents = parents();
    let below = below(&parents, root);
    let own = |kind: &str| fs::read_link(format!("/proc/self/ns/{kind}")).ok();
    let of = |pid: i32, kind: &str| fs::read_link(format!("/proc/{pid}/ns/{kind}")).ok();
    let own_network = own("net");
    let networks: BTreeSet<PathBuf> = below.iter().filter_map(|&pid| of(pid, "net")).collect();
    let adopted = parents.iter().filter(|&(_, &parent)| parent == 1).map(|(&pid, _)| pid);
    let orphans = adopted
        .filter(|&pid| of(pid, "pid").is_some_and(|ns| own("pid").is_some_and(|o| o != ns)))
        .count();
    let namespaces = networks.iter().filter(|ns| Some(*ns) != own_network.as_ref()).count();
    (below.len(), orphans, namespaces)
}

/// Directories of this process among the cgroups.
fn cgroups(directory: &Path, depth: usize) -> usize {
    let mut found = 0;
    let own = format!("lehr-{}-", std::process::id());
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|t| t.is_dir()) {
            found += usize::from(entry.file_name().to_string_lossy().starts_with(&own));
            if depth > 0 {
                found += cgroups(&entry.path(), depth - 1);
            }
        }
    }
    found
}

/// The System V objects of the host: how many of each kind.
fn objects() -> String {
    let count = |kind: &str| {
        let table = fs::read_to_string(format!("/proc/sysvipc/{kind}")).unwrap_or_default();
        table.lines().count().saturating_sub(1)
    };
    format!("{} shm, {} sem, {} msg", count("shm"), count("sem"), count("msg"))
}

/// Everything that an attack made on the host.
fn marked() -> Vec<String> {
    let mut found = Vec::new();
    for place in PLACES {
        for entry in fs::read_dir(place).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().contains(MARK) {
                found.push(entry.path().display().to_string());
            }
        }
    }
    found
}

/// The names, contents, rights and owners in a directory.
fn tree(directory: &Path) -> String {
    let mut lines = Vec::new();
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        let Ok(meta) = fs::symlink_metadata(&path) else { continue };
        let bytes = if meta.is_file() { fs::read(&path).unwrap_or_default() } else { Vec::new() };
        lines.push(format!(
            "{} {:o} {} {} {} {}",
            path.display(),
            meta.mode(),
            meta.uid(),
            meta.nlink(),
            meta.mtime_nsec(),
            String::from_utf8_lossy(&bytes)
        ));
    }
    lines.sort();
    lines.join("\n")
}
