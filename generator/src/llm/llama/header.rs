//! A look over the header of a GGUF file before candle reads it.
//!
//! candle takes the header's counts at their word and allocates by them, so that a damaged file
//! could take all memory and stop the program. Here every count is first held against the length of
//! the file. Layout: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.

use std::io::{self, BufReader, Read, Seek};

/// Lists of lists deeper than this do not occur.
const MAX_DEPTH: u32 = 4;

/// Tensors of more dimensions than this do not occur.
const MAX_DIMENSIONS: u32 = 8;

/// Longer names do not occur.
const MAX_NAME: u64 = 1 << 16;

/// Walks over the header of a file of `length` bytes, from its beginning.
///
/// # Errors
/// A header that is cut off, or whose counts the file cannot hold.
pub(super) fn check(reader: &mut BufReader<impl Read + Seek>, length: u64) -> io::Result<()> {
    Walk { reader, left: length }.header()
}

struct Walk<'a, R> {
    reader: &'a mut BufReader<R>,
    /// Bytes of the file not yet walked over.
    left: u64,
}

fn bad<T>(problem: impl Into<String>) -> io::Result<T> {
    Err(io::Error::new(io::ErrorKind::InvalidData, problem.into()))
}

impl<R: Read + Seek> Walk<'_, R> {
    fn header(&mut self) -> io::Result<()> {
        if self.bytes()? != *b"GGUF" {
            return bad("it does not begin with GGUF");
        }
        let version = self.u32()?;
        if !(2..=3).contains(&version) {
            return bad(format!("its version is {version}, not 2 or 3"));
        }
        let (tensors, entries) = (self.u64()?, self.u64()?);
        for _ in 0..entries {
            let key = self.name()?;
            let kind = self.u32()?;
            if key == b"general.alignment" {
                // candle divides by it.
                if kind != 4 || self.u32()? == 0 {
                    return bad("general.alignment is not a number above 0");
                }
            } else {
                self.value(kind, 0)?;
            }
        }
        (0..tensors).try_for_each(|_| self.tensor())
    }

    fn tensor(&mut self) -> io::Result<()> {
        self.name()?;
        let dimensions = self.u32()?;
        if dimensions > MAX_DIMENSIONS {
            return bad("a tensor has too many dimensions");
        }
        let mut elements = 1u64;
        for _ in 0..dimensions {
            elements = elements.saturating_mul(self.u64()?);
        }
        // Even at one bit a number the file has no room for more.
        if elements == 0 || elements / 8 > self.left {
            return bad("a tensor is empty or larger than the file");
        }
        let _format = self.u32()?;
        if self.u64()? > self.left {
            return bad("a tensor begins beyond the end of the file");
        }
        Ok(())
    }

    /// Skips a value of a type that the format numbers.
    fn value(&mut self, kind: u32, depth: u32) -> io::Result<()> {
        match (kind, width(kind)) {
            (_, Some(width)) => self.skip(width),
            (8, _) => {
                let length = self.u64()?;
                self.skip(length)
            }
            (9, _) if depth < MAX_DEPTH => {
                let (kind, count) = (self.u32()?, self.u64()?);
                match width(kind) {
                    Some(width) => self.skip(count.saturating_mul(width)),
                    // The shortest text and the shortest list have 8 bytes.
                    None if count > self.left / 8 => bad("a list is longer than the file"),
                    None => (0..count).try_for_each(|_| self.value(kind, depth + 1)),
                }
            }
            _ => bad("a value is of an unknown type"),
        }
    }

    fn name(&mut self) -> io::Result<Vec<u8>> {
        let length = self.u64()?;
        if length > MAX_NAME.min(self.left) {
            return bad("a name is too long");
        }
        let mut name = vec![0; length as usize];
        self.reader.read_exact(&mut name)?;
        self.left -= length;
        Ok(name)
    }

    fn skip(&mut self, count: u64) -> io::Result<()> {
        match i64::try_from(count) {
            Ok(offset) if count <= self.left => {
                self.left -= count;
                self.reader.seek_relative(offset)
            }
            _ => bad("it is cut off"),
        }
    }

    fn bytes<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.reader.read_exact(&mut bytes)?;
        self.left = self.left.saturating_sub(N as u64);
        Ok(bytes)
    }

    fn u32(&mut self) -> io::Result<u32> {
        self.bytes().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> io::Result<u64> {
        self.bytes().map(u64::from_le_bytes)
    }
}

/// Bytes of a value of a type that the format numbers; none for texts, lists and unknown types.
fn width(kind: u32) -> Option<u64> {
    match kind {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        10..=12 => Some(8),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn counts_beyond_the_file_are_refused() {
        let one = 1u64.to_le_bytes();
        let none = 0u64.to_le_bytes();
        let huge = (1u64 << 60).to_le_bytes();
        let key: &[u8] = b"\x01\0\0\0\0\0\0\0k";
        let alignment: &[u8] = b"\x11\0\0\0\0\0\0\0general.alignment";
        let kind = |kind: u32| kind.to_le_bytes();
        let start: &[u8] = b"GGUF\x03\0\0\0";
        let cases: [(&[&[u8]], &str); 15] = [
            (&[start, &none, &none], ""),
            (&[start, &none, &one, key, &kind(4), b"\x07\0\0\0"], ""),
            (&[b"PK\x03\x04", &one, &one], "does not begin with GGUF"),
            (&[b"GGUF\x01\0\0\0", &one, &one], "version is 1"),
            (&[start, &none], "failed to fill"),
            (&[start, &none, &huge], "failed to fill"),
            (&[start, &none, &one, &huge], "a name is too long"),
            (&[start, &none, &one, key, &kind(8), &huge], "cut off"),
            (&[start, &none, &one, key, &kind(9), &kind(4), &huge], "cut off"),
            (&[start, &none, &one, key, &kind(9), &kind(8), &huge], "a list is longer"),
            (&[start, &none, &one, key, &kind(99)], "unknown type"),
            (&[start, &none, &one, alignment, &kind(4), &[0; 4]], "general.alignment"),
            (&[start, &one, &none, key, &kind(1000)], "too many dimensions"),
            (&[start, &one, &none, key, &kind(2), &huge, &huge, &[0; 12]], "larger than the file"),
            (&[start, &one, &none, key, &kind(0), &kind(0), &[0xff; 8]], "beyond the end"),
        ];
        for (parts, problem) in cases {
            let bytes = parts.concat();
            let length = bytes.len() as u64;
            let found = check(&mut BufReader::new(Cursor::new(bytes)), length);
            let found = found.err().map(|error| error.to_string()).unwrap_or_default();
            assert!(found.contains(problem) && found.is_empty() == problem.is_empty(), "{found}");
        }
    }
}
