//! Messages between this program, the warden and the cells: JSON in packets, with descriptors.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, SocketFlags, SocketType, recv, recvmsg, sendmsg, socketpair,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The longest message, in bytes.
const LONGEST: usize = 128 << 10;
/// The most descriptors of a message.
const MOST: usize = 16;
/// How long a message with descriptors waits until the kernel takes it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Two ends of a line that keeps messages apart. When one end is gone, the other hears the end.
pub(super) fn line() -> io::Result<(OwnedFd, OwnedFd)> {
    Ok(socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?)
}

/// Sends a message.
pub(super) fn send(
    line: impl AsFd,
    message: &impl Serialize,
    descriptors: &[BorrowedFd],
) -> io::Result<()> {
    let bytes = serde_json::to_vec(message)?;
    if bytes.len() > LONGEST || descriptors.len() > MOST {
        let what = "a message to the sandbox is too long: there are too many arguments or files";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
    }
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST))];
    let mut extra = SendAncillaryBuffer::new(&mut space);
    if !descriptors.is_empty() {
        extra.push(SendAncillaryMessage::ScmRights(descriptors));
    }
    let end = Instant::now() + PATIENCE;
    loop {
        // Whoever is gone is told by the error, not by a signal.
        match sendmsg(&line, &[IoSlice::new(&bytes)], &mut extra, SendFlags::NOSIGNAL) {
            Err(rustix::io::Errno::INTR) => {}
            // The kernel counts the descriptors under way by user, and a program that runs for an
            // ordinary user is the same user: it may have sent very many. They go with it.
            Err(rustix::io::Errno::TOOMANYREFS) if Instant::now() < end => {
                std::thread::sleep(Duration::from_millis(5));
            }
            result => return Ok(result.map(drop)?),
        }
    }
}

/// Waits for a message; `None` when the other end is gone.
pub(super) fn receive<T: DeserializeOwned>(
    line: impl AsFd,
) -> io::Result<Option<(T, Vec<OwnedFd>)>> {
    // As long as the message is: most are short, and every job has some.
    let mut bytes = vec![0; length(&line)?];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST))];
    let mut extra = RecvAncillaryBuffer::new(&mut space);
    let length = loop {
        let mut parts = [IoSliceMut::new(&mut bytes)];
        match recvmsg(&line, &mut parts, &mut extra, RecvFlags::CMSG_CLOEXEC) {
            Ok(received) => break received.bytes,
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    };
    let descriptors = extra
        .drain()
        .flat_map(|message| match message {
            RecvAncillaryMessage::ScmRights(descriptors) => descriptors.collect(),
            _ => Vec::new(),
        })
        .collect();
    match bytes.get(..length) {
        None | Some([]) => Ok(None),
        Some(text) => Ok(Some((serde_json::from_slice(text)?, descriptors))),
    }
}

/// Waits for a message: its length, 0 when the other end is gone.
fn length(line: impl AsFd) -> io::Result<usize> {
    loop {
        let flags = RecvFlags::PEEK | RecvFlags::TRUNC;
        match recv(&line, &mut [0; 0], flags) {
            Ok((_, length)) => return Ok(length),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn messages_arrive_whole_with_their_descriptors() {
        let (here, there) = line().unwrap();
        let (read, write) = rustix::pipe::pipe().unwrap();
        send(&here, &"one", &[write.as_fd()]).unwrap();
        send(&here, &vec![2; 1000], &[]).unwrap();
        let (text, descriptors) = receive::<String>(&there).unwrap().unwrap();
        assert_eq!((text.as_str(), descriptors.len()), ("one", 1));
        rustix::io::write(&descriptors[0], b"x").unwrap();
        let mut byte = [0];
        assert_eq!(rustix::io::read(&read, &mut byte), Ok(1));
        assert_eq!(receive::<Vec<u32>>(&there).unwrap().unwrap().0, vec![2; 1000]);
        assert!(send(&here, &"x".repeat(LONGEST), &[]).is_err());
        drop(here);
        assert!(receive::<String>(&there).unwrap().is_none());
        assert!(send(&there, &"x", &[]).is_err());
    }
}
