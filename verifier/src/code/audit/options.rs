use serde::{Deserialize, Serialize};

/// How tests are audited.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AuditOptions {
    /// The most mutants, 1 to 100. 20.
    pub mutants: u32,
    /// The least share of the mutants that must be caught, 0 to 1. 0.5.
    pub least: f64,
}

impl Default for AuditOptions {
    fn default() -> Self {
        Self { mutants: 20, least: 0.5 }
    }
}

/// What a task says of the audit: whether there is one, or how.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "`audit` to be true, false or {\"mutants\", \"least\"}")]
pub(crate) enum AuditAsked {
    /// As usual, or none.
    Wanted(bool),
    /// With other figures.
    With(Figures),
}

/// What differs from the usual.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Figures {
    mutants: Option<u32>,
    least: Option<f64>,
}

impl AuditAsked {
    /// The options; `None` when no audit is wanted.
    ///
    /// # Errors
    /// Names the figure that is out of range, and its range.
    pub fn options(&self) -> Result<Option<AuditOptions>, String> {
        let usual = AuditOptions::default();
        let figures = match self {
            Self::Wanted(wanted) => return Ok(wanted.then_some(usual)),
            Self::With(figures) => figures,
        };
        let options = AuditOptions {
            mutants: figures.mutants.unwrap_or(usual.mutants),
            least: figures.least.unwrap_or(usual.least),
        };
        if !(1..=100).contains(&options.mutants) {
            return Err(format!("`audit`: `mutants` is {}; give 1 to 100", options.mutants));
        }
        if !(0.0..=1.0).contains(&options.least) {
            return Err(format!("`audit`: `least` is {}; give 0 to 1", options.least));
        }
        Ok(Some(options))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_and_bounded() {
        let usual = AuditOptions::default();
        for (text, options) in [
            ("true", Some(Some(usual))),
            ("false", Some(None)),
            ("{}", Some(Some(usual))),
            (r#"{"mutants": 5}"#, Some(Some(AuditOptions { mutants: 5, ..usual }))),
            (r#"{"least": 1}"#, Some(Some(AuditOptions { least: 1.0, ..usual }))),
            (r#"{"mutants": 0}"#, None),
            (r#"{"mutants": 101}"#, None),
            (r#"{"least": -0.1}"#, None),
            (r#"{"most": 1}"#, None),
            ("1", None),
        ] {
            let read = serde_json::from_str::<AuditAsked>(text)
                .map_err(|error| error.to_string())
                .and_then(|asked| asked.options());
            assert_eq!(read.ok(), options, "{text}");
        }
    }
}
