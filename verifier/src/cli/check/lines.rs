use std::io::{BufRead, BufReader, Read};

/// The longest line, in bytes.
pub(super) const MAX_LINE: u64 = 32 << 20;

/// One line that says something.
pub(super) struct Line {
    /// Its place, from 1.
    pub number: u64,
    /// Its bytes; none when it has more than [`MAX_LINE`].
    pub text: Option<Vec<u8>>,
}

/// Reads lines, keeping no more than one of them.
pub(super) struct Lines<R> {
    input: BufReader<R>,
    number: u64,
}

impl<R: Read> Lines<R> {
    pub fn new(input: R) -> Self {
        Self { input: BufReader::with_capacity(256 << 10, input), number: 0 }
    }

    /// Whether the next line is here already, so that to read it waits for nobody.
    pub fn is_ready(&self) -> bool {
        self.input.buffer().contains(&b'\n')
    }

    /// The next line that is not blank.
    pub fn next(&mut self) -> std::io::Result<Option<Line>> {
        loop {
            let mut text = Vec::new();
            if (&mut self.input).take(MAX_LINE + 1).read_until(b'\n', &mut text)? == 0 {
                return Ok(None);
            }
            self.number += 1;
            if text.len() as u64 > MAX_LINE {
                if text.last() != Some(&b'\n') {
                    self.skip_rest()?;
                }
                return Ok(Some(Line { number: self.number, text: None }));
            }
            if !text.iter().all(u8::is_ascii_whitespace) {
                return Ok(Some(Line { number: self.number, text: Some(text) }));
            }
        }
    }

    /// Lets the rest of a line go by, in pieces.
    fn skip_rest(&mut self) -> std::io::Result<()> {
        let mut piece = Vec::new();
        loop {
            piece.clear();
            let read = (&mut self.input).take(1 << 16).read_until(b'\n', &mut piece)?;
            if read == 0 || piece.last() == Some(&b'\n') {
                return Ok(());
            }
        }
    }
}
