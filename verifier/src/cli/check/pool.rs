//! Works on lines side by side and writes what comes of them in the order of the lines.
//!
//! The caller's thread reads, and waits when too much is pending. A worker that ends the line whose
//! turn it is writes it, and all that are ready after it: there is no thread for writing that
//! would have to be woken for every line.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Read, Write};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::lines::{Line, Lines};

/// The most lines that are read and not yet written, of each worker.
const MAX_PENDING: usize = 512;
/// The most bytes of them, of all workers; one line may go beyond.
const MAX_BYTES: usize = 64 << 20;
/// The most lines that are handed over at once.
const BATCH: usize = 64;

/// What came of a line.
pub(super) struct Done {
    /// What is written.
    pub text: Vec<u8>,
    /// Whether it took so long that it is shown at once.
    pub slow: bool,
}

struct State<W> {
    /// Lines that no worker has yet, each with its turn.
    waiting: VecDeque<(u64, Line)>,
    /// Results whose turn has not come, each with the size of its line.
    ready: BTreeMap<u64, (Done, usize)>,
    /// The turn of the next result to be written.
    turn: u64,
    /// Lines that are read and not yet written, and their bytes.
    pending: usize,
    bytes: usize,
    /// Nothing more is read.
    closed: bool,
    /// Where to write; away while a worker writes.
    output: Option<W>,
    failure: Option<io::Error>,
}

impl<W> State<W> {
    /// The result whose turn it is, with the size of its line.
    fn due(&mut self) -> Option<(Done, usize)> {
        let due = self.ready.remove(&self.turn)?;
        self.turn += 1;
        Some(due)
    }
}

struct Pool<W> {
    state: Mutex<State<W>>,
    /// There is a line, or none will come.
    work: Condvar,
    /// There is room for lines.
    room: Condvar,
    most: usize,
}

/// Why the lines came to no end.
pub(super) enum Broken {
    /// The input.
    Input(io::Error),
    /// The output.
    Output(io::Error),
}

/// Does `work` on each line in `jobs` threads. The output is flushed when no line waits,
/// and after what was slow.
///
/// What was read before the input or the output failed is worked on.
pub(super) fn run<R: Read, W: Write + Send>(
    jobs: usize,
    mut lines: Lines<R>,
    output: W,
    work: impl Fn(Line) -> Done + Sync,
) -> Result<(), Broken> {
    let state = State {
        waiting: VecDeque::new(),
        ready: BTreeMap::new(),
        turn: 0,
        pending: 0,
        bytes: 0,
        closed: false,
        output: Some(output),
        failure: None,
    };
    let jobs = jobs.max(1);
    let pool = Pool {
        state: Mutex::new(state),
        work: Condvar::new(),
        room: Condvar::new(),
        most: MAX_PENDING.saturating_mul(jobs),
    };
    let read = thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| pool.work(&work));
        }
        let read = pool.feed(&mut lines);
        pool.lock().closed = true;
        pool.work.notify_all();
        read
    });
    let mut state = pool.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(error) = state.failure {
        return Err(Broken::Output(error));
    }
    if let Some(output) = &mut state.output {
        output.flush().map_err(Broken::Output)?;
    }
    read.map_err(Broken::Input)
}

/// Lines that are handed over at once, each with its turn.
struct Batch {
    lines: Vec<(u64, Line)>,
    bytes: usize,
    /// How the input ended, when it did.
    end: Option<io::Result<()>>,
}

impl Batch {
    /// One line, and those that are here already.
    fn gather<R: Read>(lines: &mut Lines<R>, turn: &mut u64) -> Self {
        let mut batch = Self { lines: Vec::new(), bytes: 0, end: None };
        loop {
            match lines.next() {
                Ok(Some(line)) => {
                    batch.bytes += size(&line);
                    batch.lines.push((*turn, line));
                    *turn += 1;
                }
                Ok(None) => batch.end = Some(Ok(())),
                Err(error) => batch.end = Some(Err(error)),
            }
            let full = batch.lines.len() == BATCH || batch.bytes > MAX_BYTES / 4;
            if full || batch.end.is_some() || !lines.is_ready() {
                return batch;
            }
        }
    }
}

impl<W: Write> Pool<W> {
    fn lock(&self) -> MutexGuard<'_, State<W>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands lines over until there are none, or nobody takes what comes of them.
    fn feed<R: Read>(&self, lines: &mut Lines<R>) -> io::Result<()> {
        let mut turn = 0;
        loop {
            let batch = Batch::gather(lines, &mut turn);
            let mut state = self.lock();
            if state.pending >= self.most || state.bytes >= MAX_BYTES {
                // Until half is done, so that the reader is not woken for every line.
                while !self.has_room(&state) && !state.closed {
                    state = self.room.wait(state).unwrap_or_else(PoisonError::into_inner);
                }
            }
            if state.closed {
                return Ok(());
            }
            state.pending += batch.lines.len();
            state.bytes += batch.bytes;
            let several = batch.lines.len() > 1;
            state.waiting.extend(batch.lines);
            drop(state);
            if several {
                self.work.notify_all();
            } else {
                self.work.notify_one();
            }
            if let Some(end) = batch.end {
                return end;
            }
        }
    }

    fn has_room(&self, state: &State<W>) -> bool {
        state.pending <= self.most / 2 && state.bytes <= MAX_BYTES / 2
    }

    fn work(&self, work: &impl Fn(Line) -> Done) {
        let mut state = self.lock();
        loop {
            if let Some((turn, line)) = state.waiting.pop_front() {
                drop(state);
                let bytes = size(&line);
                let result = work(line);
                state = self.lock();
                state.ready.insert(turn, (result, bytes));
                state = self.write(state);
            } else if state.closed {
                return;
            } else {
                state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }

    /// Writes the results whose turn it is, if no other worker does so now.
    fn write<'s>(&'s self, mut state: MutexGuard<'s, State<W>>) -> MutexGuard<'s, State<W>> {
        while state.ready.contains_key(&state.turn) {
            let Some(mut output) = state.output.take() else { return state };
            let mut results = Vec::new();
            let mut bytes = 0;
            while let Some((result, size)) = state.due() {
                bytes += size;
                results.push(result);
            }
            let flush = state.waiting.is_empty() || results.iter().any(|result| result.slow);
            drop(state);
            let written = results.iter().try_for_each(|result| output.write_all(&result.text));
            let written = written.and_then(|()| if flush { output.flush() } else { Ok(()) });
            state = self.lock();
            state.pending -= results.len();
            state.bytes -= bytes;
            match written {
                Ok(()) => state.output = Some(output),
                // Without an output nobody writes any more.
                Err(error) => {
                    state.failure = Some(error);
                    state.closed = true;
                    state.waiting.clear();
                    self.work.notify_all();
                }
            }
            if state.closed || self.has_room(&state) {
                self.room.notify_one();
            }
        }
        state
    }
}

fn size(line: &Line) -> usize {
    line.text.as_ref().map_or(0, Vec::len)
}

#[cfg(test)]
mod tests;
