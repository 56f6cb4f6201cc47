//! A look at a GGUF header before it is trusted.
//!
//! The reader that we use takes the header's counts at their word and allocates by them, so that a
//! damaged file could bring the program down. Here every count is held against the file's length
//! first. Layout: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.

use std::io::{self, BufRead, Read};
use std::path::Path;

use super::CheckpointError;

/// Lists of lists deeper than this do not occur.
const MAX_DEPTH: u32 = 4;
/// Tensors of more dimensions than this do not occur.
const MAX_DIMENSIONS: u32 = 8;

/// Walks over the header of the file at `path`, `length` bytes long.
///
/// # Errors
/// A header that is cut off, or whose counts the file cannot hold.
pub(super) fn check(
    path: &Path,
    reader: &mut impl BufRead,
    length: u64,
) -> Result<(), CheckpointError> {
    Walk { reader, left: length }.header().map_err(|error| {
        CheckpointError::format(
            path,
            format!("is not a whole GGUF file ({error})"),
            "download or copy it again",
        )
    })
}

struct Walk<'a, R> {
    reader: &'a mut R,
    /// Bytes of the file not yet walked over.
    left: u64,
}

fn bad(problem: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, problem)
}

impl<R: BufRead> Walk<'_, R> {
    fn header(&mut self) -> io::Result<()> {
        if self.bytes()? != *b"GGUF" {
            return Err(bad("it does not begin with GGUF"));
        }
        let version = self.u32()?;
        if !(2..=3).contains(&version) {
            return Err(bad(&format!("version {version} is not 2 or 3")));
        }
        let (tensors, fields) = (self.u64()?, self.u64()?);
        for _ in 0..fields {
            let key = self.text()?;
            let kind = self.u32()?;
            if key == b"general.alignment" {
                if kind != 4 || self.u32()? == 0 {
                    return Err(bad("general.alignment is not a number above 0"));
                }
                continue;
            }
            self.value(kind, 0)?;
        }
        for _ in 0..tensors {
            self.text()?;
            let dimensions = self.u32()?;
            if dimensions > MAX_DIMENSIONS {
                return Err(bad("a tensor has too many dimensions"));
            }
            let mut elements = 1u64;
            for _ in 0..dimensions {
                let size = self.u64()?;
                if size == 0 {
                    return Err(bad("a tensor has a dimension of 0"));
                }
                elements = elements.saturating_mul(size);
            }
            // Even at one bit a number the file has no room for more.
            if elements / 8 > self.left {
                return Err(bad("a tensor is larger than the file"));
            }
            let _format = self.u32()?;
            if self.u64()? > self.left {
                return Err(bad("a tensor begins beyond the end of the file"));
            }
        }
        Ok(())
    }

    /// Skips a value of a type that the format numbers.
    fn value(&mut self, kind: u32, depth: u32) -> io::Result<()> {
        match kind {
            8 => self.text().map(drop),
            9 if depth < MAX_DEPTH => {
                let (kind, count) = (self.u32()?, self.u64()?);
                if count > self.left {
                    return Err(bad("a list is longer than the file"));
                }
                match width(kind) {
                    Some(width) => self.skip(count.saturating_mul(width)),
                    None => (0..count).try_for_each(|_| self.value(kind, depth + 1)),
                }
            }
            _ => self.skip(width(kind).ok_or_else(|| bad("a value is of an unknown type"))?),
        }
    }

    fn text(&mut self) -> io::Result<Vec<u8>> {
        let length = self.u64()?;
        if length > self.left {
            return Err(bad("a text is longer than the file"));
        }
        let mut text = vec![0; length as usize];
        self.reader.read_exact(&mut text)?;
        self.left -= length;
        Ok(text)
    }

    fn skip(&mut self, count: u64) -> io::Result<()> {
        if count > self.left {
            return Err(bad("it is cut off"));
        }
        let skipped = io::copy(&mut self.reader.by_ref().take(count), &mut io::sink())?;
        self.left -= skipped;
        if skipped == count { Ok(()) } else { Err(bad("it is cut off")) }
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
    use super::*;

    fn header(parts: &[&[u8]]) -> Result<(), String> {
        let bytes = [b"GGUF\x03\0\0\0", &parts.concat()[..]].concat();
        check(Path::new("m.gguf"), &mut bytes.as_slice(), bytes.len() as u64)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn counts_beyond_the_file_are_refused() {
        let one = 1u64.to_le_bytes();
        let none = 0u64.to_le_bytes();
        let huge = (1u64 << 60).to_le_bytes();
        let key: &[u8] = b"\x01\0\0\0\0\0\0\0k";
        let align: &[u8] = b"\x11\0\0\0\0\0\0\0general.alignment";
        let of_type = |kind: u32| kind.to_le_bytes();
        assert_eq!(header(&[&none, &none]), Ok(()));
        assert_eq!(header(&[&none, &one, key, &of_type(4), b"\x07\0\0\0"]), Ok(()));
        let cases: [(&[&[u8]], &str); 11] = [
            (&[&none], "failed to fill"),
            (&[&none, &huge], "failed to fill"),
            (&[&none, &one, &huge], "a text is longer"),
            (&[&none, &one, key, &of_type(9), &of_type(4), &huge], "a list is longer"),
            (&[&none, &one, key, &of_type(9), &of_type(4), &one, b"12"], "cut off"),
            (&[&none, &one, key, &of_type(99)], "unknown type"),
            (&[&none, &one, align, &of_type(4), &[0; 4]], "general.alignment"),
            (&[&one, &none, key, &of_type(1000)], "too many dimensions"),
            (&[&one, &none, key, &of_type(2), &huge, &huge, &[0; 12]], "larger than the file"),
            (&[&one, &none, key, &of_type(2), &huge, &none, &[0; 12]], "a dimension of 0"),
            (&[&one, &none, key, &of_type(0), &of_type(0), &[0xff; 8]], "beyond the end"),
        ];
        for (parts, problem) in cases {
            let message = header(parts).err().unwrap_or_default();
            assert!(message.contains(problem), "{problem:?} not in {message:?}");
        }
        let message = check(Path::new("x"), &mut &b"PK\x03\x04...."[..], 8).err();
        assert!(message.is_some_and(|m| m.to_string().contains("does not begin with GGUF")));
    }
}
