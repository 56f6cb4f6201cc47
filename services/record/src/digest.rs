use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A SHA-256 digest, written as 64 lower-case hexadecimal digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Digest(String);

impl Digest {
    /// The digest of a byte string.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let mut hasher = Hasher::default();
        hasher.update(bytes);
        hasher.finish()
    }

    /// The digest of a value's JSON form.
    ///
    /// Struct fields are written in their declared order and maps in key order, so equal values
    /// have equal digests on every machine.
    ///
    /// # Panics
    /// Never for the types of this crate: they hold no map with keys that are not strings.
    pub fn of_json<T: Serialize>(value: &T) -> Self {
        #[expect(clippy::expect_used, reason = "the nouns of this crate always serialise")]
        let bytes = serde_json::to_vec(value).expect("a noun of lehr serialises to JSON");
        Self::of_bytes(&bytes)
    }

    /// A digest that was computed elsewhere, from its 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        (text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())).then_some(Self(text))
    }

    /// The hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first twelve digits, for names and pages.
    pub fn short(&self) -> &str {
        &self.0[..12]
    }

    /// The first 128 bits as a number, for tables that hold millions.
    pub fn number(&self) -> u128 {
        let digits = self.0.chars().take(32).filter_map(|digit| digit.to_digit(16));
        digits.fold(0, |number, digit| number << 4 | u128::from(digit))
    }
}

impl TryFrom<String> for Digest {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::from_hex(&text)
            .ok_or_else(|| format!("{text:?} is no digest; it must be 64 hexadecimal digits"))
    }
}

/// Takes the digest of bytes that come piece by piece.
#[derive(Clone, Debug, Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Takes in the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all bytes so far.
    pub fn finish(self) -> Digest {
        Digest(hex::encode(self.0.finalize()))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({})", self.short())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_is_checked() {
        for (text, good) in [
            ("ab".repeat(32), true),
            ("AB".repeat(32), true),
            ("g".repeat(64), false),
            ("a".repeat(63), false),
            ("é".repeat(32), false),
        ] {
            assert_eq!(Digest::from_hex(&text).is_some(), good, "{text}");
            let read = serde_json::from_value::<Digest>(serde_json::json!(text));
            assert_eq!(read.map_err(|e| e.to_string()).is_ok(), good, "{text}");
        }
    }

    #[test]
    fn the_number_is_that_of_the_first_digits() {
        let digest = Digest::of_bytes(b"");
        assert_eq!(format!("{:032x}", digest.number()), digest.as_str()[..32]);
    }

    #[test]
    fn the_digest_of_nothing_is_the_published_one() {
        assert_eq!(
            Digest::of_bytes(b"").as_str(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }
}
