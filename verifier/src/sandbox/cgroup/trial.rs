#![expect(unsafe_code, reason = "a process that only waits needs no program of its own")]

use std::io;

/// A process that does nothing, to try groups with. Killed when dropped.
pub(super) struct Idler(libc::pid_t);

impl Idler {
    /// Forks one.
    pub fn start() -> io::Result<Self> {
        // SAFETY: the child makes only system calls that may follow a fork in a program with
        // threads, and never returns.
        match unsafe { libc::fork() } {
            -1 => Err(io::Error::last_os_error()),
            0 => loop {
                // SAFETY: both calls take plain numbers. The child dies with the thread that
                // started it, should that never come to kill it.
                unsafe {
                    libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
                    libc::pause();
                }
            },
            pid => Ok(Self(pid)),
        }
    }

    /// Its number.
    pub fn pid(&self) -> i32 {
        self.0
    }
}

impl Drop for Idler {
    fn drop(&mut self) {
        // SAFETY: the process is this one's child and not yet waited for, so that the number is
        // still its own; the call waits without a place for the status.
        unsafe {
            libc::kill(self.0, libc::SIGKILL);
            libc::waitpid(self.0, std::ptr::null_mut(), 0);
        }
    }
}
