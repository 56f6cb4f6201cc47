use std::os::fd::OwnedFd;

/// The reading end of a pipe and what came out of it. Reading never waits.
pub(super) struct Stream {
    pub end: OwnedFd,
    pub bytes: Vec<u8>,
    pub open: bool,
}

impl Stream {
    pub fn new(end: OwnedFd) -> Self {
        Self { end, bytes: Vec::new(), open: true }
    }

    /// Reads what is there; keeps at most `room` more bytes, and gives back how many came.
    pub fn drain(&mut self, room: usize) -> usize {
        let mut chunk = [0u8; 16 << 10];
        let mut came = 0;
        while self.open && came <= room {
            match rustix::io::read(&self.end, &mut chunk) {
                Ok(0) => self.open = false,
                Ok(n) => {
                    let kept = n.min(room.saturating_sub(came));
                    self.bytes.extend_from_slice(&chunk[..kept]);
                    came += n;
                }
                Err(rustix::io::Errno::INTR) => {}
                Err(rustix::io::Errno::AGAIN) => break,
                Err(_) => self.open = false,
            }
        }
        came
    }
}
