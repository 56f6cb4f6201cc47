use std::sync::mpsc;

use super::*;

fn done(text: &[u8]) -> Done {
    Done { text: text.to_vec(), slow: false }
}

/// Lines of numbers, and the same numbers as they come out.
fn doubled(jobs: usize, count: usize) -> String {
    let text: String = (0..count).map(|n| format!("{n}\n\n")).collect();
    let mut output = Vec::new();
    let ended = run(jobs, Lines::new(text.as_bytes()), &mut output, |line| {
        // Work of uneven length, so that lines overtake each other.
        for _ in 0..(line.number % 7) * 200 {
            std::hint::black_box(());
        }
        let mut text = line.text.unwrap_or_default();
        text.pop();
        text.extend(format!(" {}\n", line.number).bytes());
        done(&text)
    });
    assert!(ended.is_ok());
    String::from_utf8_lossy(&output).into_owned()
}

#[test]
fn lines_come_out_in_order_for_any_number_of_threads() {
    let expected: String = (0..5000).map(|n| format!("{n} {}\n", 2 * n + 1)).collect();
    for jobs in [0, 1, 2, 7] {
        assert_eq!(doubled(jobs, 5000), expected, "{jobs}");
    }
    assert_eq!(doubled(3, 0), "");
}

struct Closed;

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_output_that_is_closed_ends_an_endless_input() {
    let endless = io::repeat(b'\n').chain(io::empty());
    let text = b"1\n".repeat(100_000);
    let ended = run(2, Lines::new(text.as_slice().chain(endless.take(10))), Closed, |_| done(b"x"));
    assert!(
        matches!(ended, Err(Broken::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe)
    );
}

struct Torn;

impl Read for Torn {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::TimedOut.into())
    }
}

#[test]
fn what_came_before_a_torn_input_is_written() {
    let mut output = Vec::new();
    let ended = run(2, Lines::new(b"1\n2\n".chain(Torn)), &mut output, |_| done(b"x"));
    assert!(matches!(ended, Err(Broken::Input(_))));
    assert_eq!(output, b"xx");
}

/// Gives a line each time that what came of the last one was flushed.
struct Asker {
    flushed: mpsc::Receiver<()>,
    left: usize,
    first: bool,
}

impl Read for Asker {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 || !std::mem::take(&mut self.first) && self.flushed.recv().is_err() {
            return Ok(0);
        }
        self.left -= 1;
        let mut rest = buffer;
        rest.write(b"1\n")
    }
}

struct Told(mpsc::Sender<()>, usize);

impl Write for Told {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.1 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.1) > 0 {
            // Nobody listens after the last line.
            let _ = self.0.send(());
        }
        Ok(())
    }
}

#[test]
fn who_waits_for_a_verdict_before_the_next_line_gets_it() {
    let (tell, flushed) = mpsc::channel();
    let asker = Asker { flushed, left: 50, first: true };
    assert!(run(3, Lines::new(asker), Told(tell, 0), |_| done(b"x")).is_ok());
}
