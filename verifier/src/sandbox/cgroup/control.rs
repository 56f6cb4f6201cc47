use std::fmt::Display;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// One file of a group, kept open: the kernel writes it anew at every read from its start.
#[derive(Debug)]
pub(super) struct Control {
    path: PathBuf,
    file: File,
}

/// More than the longest of the files that are read.
const LONGEST: usize = 16 << 10;

impl Control {
    /// A file that is read.
    pub fn read(group: &Path, name: &str) -> io::Result<Self> {
        Self::open(group, name, OpenOptions::new().read(true))
    }

    /// A file that is written and never read.
    pub fn write_only(group: &Path, name: &str) -> io::Result<Self> {
        Self::open(group, name, OpenOptions::new().write(true))
    }

    /// A file that is written and read.
    pub fn write(group: &Path, name: &str) -> io::Result<Self> {
        Self::open(group, name, OpenOptions::new().read(true).write(true))
    }

    /// A file that not every kernel has: `None` without it.
    pub fn optional(opened: io::Result<Self>) -> io::Result<Option<Self>> {
        match opened {
            Ok(control) => Ok(Some(control)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn open(group: &Path, name: &str, options: &OpenOptions) -> io::Result<Self> {
        let path = group.join(name);
        let file = options.open(&path).map_err(|error| explain(&path, "opened", &error))?;
        Ok(Self { path, file })
    }

    /// Hands what the file says now to `read`, which finds in it what it needs.
    pub fn with<T>(&self, read: impl FnOnce(&str) -> Option<T>) -> io::Result<T> {
        let mut buffer = [0; LONGEST];
        let length = self
            .file
            .read_at(&mut buffer, 0)
            .map_err(|error| explain(&self.path, "read", &error))?;
        std::str::from_utf8(&buffer[..length]).ok().and_then(read).ok_or_else(|| {
            let what = format!("{} does not say what is expected", self.path.display());
            io::Error::new(io::ErrorKind::InvalidData, what)
        })
    }

    /// The number that is all the file says.
    pub fn number(&self) -> io::Result<u64> {
        self.with(number)
    }

    /// The number of one line of a table.
    pub fn field(&self, name: &str) -> io::Result<u64> {
        self.with(|text| field(text, name))
    }

    /// Writes a value.
    pub fn set(&self, value: impl Display) -> io::Result<()> {
        let text = value.to_string();
        let written = self.file.write_at(text.as_bytes(), 0);
        written.map(drop).map_err(|e| explain(&self.path, &format!("set to {text}"), &e))
    }
}

/// Reads a lone number, or `max`.
pub(super) fn number(text: &str) -> Option<u64> {
    match text.trim_end() {
        "max" => Some(u64::MAX),
        digits => digits.parse().ok(),
    }
}

/// Reads the number of one line of a `name 12` table.
pub(super) fn field(text: &str, name: &str) -> Option<u64> {
    text.lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
        .and_then(|rest| rest.trim().parse().ok())
}

/// An error that names the file, what was to be done with it and, where it is known, the reason.
pub(super) fn explain(path: &Path, what: &str, error: &io::Error) -> io::Error {
    use rustix::io::Errno;
    let because = match Errno::from_io_error(error) {
        Some(Errno::ACCESS | Errno::PERM) => "; this user may not change this cgroup",
        Some(Errno::ROFS) => "; cgroups are mounted read-only here, as in most containers",
        Some(Errno::NOSPC | Errno::AGAIN) => {
            "; there are as many groups as may be (cgroup.max.descendants), or the group has no \
             processors (cpuset.cpus)"
        }
        Some(Errno::BUSY) => {
            "; more is in use than can be taken back, or processes stand in the way"
        }
        Some(Errno::OPNOTSUPP) => "; the cgroup above is a threaded one, or holds processes itself",
        Some(Errno::SRCH) => "; the process is gone",
        _ => "",
    };
    let text = format!("{} cannot be {what}: {error}{because}", path.display());
    io::Error::new(error.kind(), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_tables_are_read() {
        for (text, value) in [
            ("0\n", Some(0)),
            ("42", Some(42)),
            ("max\n", Some(u64::MAX)),
            ("9223372036854771712\n", Some(9_223_372_036_854_771_712)),
            ("", None),
            ("-1\n", None),
            ("12 kB\n", None),
            ("18446744073709551616\n", None),
        ] {
            assert_eq!(number(text), value, "{text:?}");
        }
        let events = "low 0\nhigh 0\nmax 7\noom 2\noom_kill 1\noom_group_kill 0\n";
        let cpu = "usage_usec 1234567\nuser_usec 1000000\nsystem_usec 234567\n";
        let oom_control = "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n";
        for (text, name, value) in [
            (events, "oom", Some(2)),
            (events, "oom_kill", Some(1)),
            (events, "max", Some(7)),
            (events, "oom_group", None),
            (events, "", None),
            (cpu, "usage_usec", Some(1_234_567)),
            (cpu, "usage", None),
            (oom_control, "oom_kill", Some(3)),
            ("max 5", "max", Some(5)),
            ("max \n", "max", None),
            ("max max\n", "max", None),
            ("", "max", None),
        ] {
            assert_eq!(field(text, name), value, "{name} in {text:?}");
        }
    }

    #[test]
    fn errors_name_the_file_and_the_reason() {
        for (number, said) in [
            (libc::EACCES, "this user may not"),
            (libc::EROFS, "read-only"),
            (libc::ENOSPC, "cgroup.max.descendants"),
            (libc::EBUSY, "in use"),
            (libc::EOPNOTSUPP, "threaded"),
        ] {
            let error = io::Error::from_raw_os_error(number);
            let error = explain(Path::new("/cg/x/memory.max"), "set to 5", &error);
            let text = error.to_string();
            assert!(text.starts_with("/cg/x/memory.max cannot be set to 5: "), "{text}");
            assert!(text.contains(said), "{text}");
            assert_eq!(error.kind(), io::Error::from_raw_os_error(number).kind());
        }
    }
}
