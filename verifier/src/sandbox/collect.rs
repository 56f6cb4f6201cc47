//! Files that a program leaves for whoever ran it, brought out of its scratch.
//!
//! The program chose the names and what they stand for, so nothing is followed: no link, no `..`, no
//! mount; and nothing is read but regular files, within a bound.

use std::io::Read;
use std::os::fd::OwnedFd;

use rustix::fs::{Dir, FileType, Mode, OFlags, ResolveFlags, fstat, openat2};

use super::ProgramFile;

/// The files of these names, and of a directory of such a name the files right below it, as long as
/// `room` bytes are not used up. They come in the order of their names.
pub(super) fn collect(scratch: &OwnedFd, names: &[String], mut room: u64) -> Vec<ProgramFile> {
    let mut files = Vec::new();
    for name in names {
        let Some(found) = open(scratch, name) else { continue };
        match kind(&found) {
            Some(FileType::RegularFile) => files.extend(read(found, name, &mut room)),
            Some(FileType::Directory) => {
                for name in entries(&found) {
                    let Some(file) = open(&found, &name) else { continue };
                    if kind(&file) == Some(FileType::RegularFile) {
                        files.extend(read(file, &name, &mut room));
                    }
                }
            }
            _ => {}
        }
    }
    files
}

fn open(directory: &OwnedFd, name: &str) -> Option<OwnedFd> {
    // A pipe is opened without waiting for its other end, and then not read.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let within = ResolveFlags::BENEATH
        | ResolveFlags::NO_SYMLINKS
        | ResolveFlags::NO_MAGICLINKS
        | ResolveFlags::NO_XDEV;
    openat2(directory, name, flags, Mode::empty(), within).ok()
}

fn kind(file: &OwnedFd) -> Option<FileType> {
    fstat(file).ok().map(|stat| FileType::from_raw_mode(stat.st_mode))
}

fn entries(directory: &OwnedFd) -> Vec<String> {
    let Ok(entries) = Dir::read_from(directory) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().to_str().ok().map(str::to_owned))
        .filter(|name| name != "." && name != "..")
        .collect();
    names.sort();
    names
}

/// Reads a file whole, or not at all where it is larger than the room that is left.
fn read(file: OwnedFd, name: &str, room: &mut u64) -> Option<ProgramFile> {
    let mode = fstat(&file).ok()?.st_mode;
    let mut bytes = Vec::new();
    std::fs::File::from(file).take(*room + 1).read_to_end(&mut bytes).ok()?;
    *room = room.checked_sub(bytes.len() as u64)?;
    Some(ProgramFile { name: name.to_owned(), bytes, executable: mode & 0o100 != 0 })
}
