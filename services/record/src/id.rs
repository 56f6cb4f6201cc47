use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Digest;

/// Names a request: `req-` and letters, digits or hyphens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct RequestId(String);

impl RequestId {
    /// Reads an identifier as a client sent it; `None` when it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("req-")?;
        let good = (1..=60).contains(&rest.len())
            && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        good.then(|| Self(text.to_owned()))
    }

    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RequestId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| {
            format!(
                "{text:?} names no request; it must be req- and 1 to 60 letters, digits or hyphens"
            )
        })
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The place of a work item in its request's plan, from 0.
pub type ItemIndex = u32;

/// Names a sample: `smp-` and the first 24 digits of the digest of its request and item.
///
/// It depends on nothing but the request and the place in its plan, so that a run that was
/// interrupted gives its samples the same names as one that was not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct SampleId(String);

impl SampleId {
    /// The name of the sample made from item `index` of `request`.
    pub fn of_item(request: &RequestId, index: ItemIndex) -> Self {
        let digest = Digest::of_bytes(format!("{request}/{index}").as_bytes());
        Self(format!("smp-{}", &digest.as_str()[..24]))
    }

    /// Reads an identifier as a client sent it; `None` when it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("smp-")?;
        (rest.len() == 24 && rest.bytes().all(|b| b.is_ascii_hexdigit()))
            .then(|| Self(text.to_owned()))
    }

    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SampleId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| {
            format!("{text:?} names no sample; it must be smp- and 24 hexadecimal digits")
        })
    }
}

impl fmt::Display for SampleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn identifiers_from_outside_are_checked() {
        for (text, good) in
            [("req-1", true), ("req-", false), ("req-a/b", false), ("1", false), ("req-a b", false)]
        {
            assert_eq!(RequestId::parse(text).is_some(), good, "{text}");
            let read = serde_json::from_value::<RequestId>(serde_json::json!(text));
            assert_eq!(read.map_err(|e| e.to_string()).is_ok(), good, "{text}");
        }
        let id = SampleId::of_item(&RequestId::parse("req-1").unwrap(), 3);
        assert_eq!(SampleId::parse(id.as_str()), Some(id));
        assert_eq!(SampleId::parse("smp-../../etc"), None);
        assert!(serde_json::from_str::<SampleId>(r#""smp-../../etc""#).is_err());
    }
}
