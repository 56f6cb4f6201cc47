//! The metadata of a GGUF file, each field with the type that is asked of it.

use std::path::Path;

use candle_core::quantized::gguf_file::{Content, Value};

use super::CheckpointError;

/// Typed access to the metadata of one file.
pub(super) struct Metadata<'a> {
    pub(super) path: &'a Path,
    pub(super) content: &'a Content,
}

impl<'a> Metadata<'a> {
    pub(super) fn error(
        &self,
        field: &str,
        problem: impl Into<String>,
        remedy: &str,
    ) -> CheckpointError {
        CheckpointError::field(self.path, field, problem, remedy)
    }

    fn get(&self, field: &str) -> Result<&'a Value, CheckpointError> {
        self.content
            .metadata
            .get(field)
            .ok_or_else(|| self.error(field, "is missing", "use another conversion of the model"))
    }

    fn wrong(&self, field: &str, wanted: &str) -> CheckpointError {
        self.error(field, format!("is not {wanted}"), "use another conversion of the model")
    }

    pub(super) fn text(&self, field: &str) -> Result<&'a str, CheckpointError> {
        match self.get(field)? {
            Value::String(text) => Ok(text),
            _ => Err(self.wrong(field, "a text")),
        }
    }

    pub(super) fn optional_text(&self, field: &str) -> Result<Option<&str>, CheckpointError> {
        if self.content.metadata.contains_key(field) {
            self.text(field).map(Some)
        } else {
            Ok(None)
        }
    }

    pub(super) fn array(&self, field: &str) -> Result<&'a [Value], CheckpointError> {
        match self.get(field)? {
            Value::Array(values) => Ok(values),
            _ => Err(self.wrong(field, "a list")),
        }
    }

    /// The elements of a list of texts.
    pub(super) fn texts(&self, field: &str) -> Result<Vec<&'a str>, CheckpointError> {
        let text = |value: &'a Value| match value {
            Value::String(text) => Ok(text.as_str()),
            _ => Err(self.wrong(field, "a list of texts")),
        };
        self.array(field)?.iter().map(text).collect()
    }

    /// The elements of a list of small whole numbers.
    pub(super) fn numbers(&self, field: &str) -> Result<Vec<i32>, CheckpointError> {
        let number = |value: &Value| {
            value
                .to_i32()
                .or_else(|_| value.to_u32().map(|n| n as i32))
                .map_err(|_| self.wrong(field, "a list of whole numbers"))
        };
        self.array(field)?.iter().map(number).collect()
    }

    /// A size from 1 to `limit`.
    pub(super) fn size(&self, field: &str, limit: usize) -> Result<usize, CheckpointError> {
        let value = self.get(field)?.to_u64().ok().and_then(|size| usize::try_from(size).ok());
        let good = value.filter(|size| (1..=limit).contains(size));
        good.ok_or_else(|| self.wrong(field, &format!("a whole number from 1 to {limit}")))
    }

    pub(super) fn optional_size(
        &self,
        field: &str,
        limit: usize,
    ) -> Result<Option<usize>, CheckpointError> {
        if self.content.metadata.contains_key(field) {
            self.size(field, limit).map(Some)
        } else {
            Ok(None)
        }
    }

    pub(super) fn number(&self, field: &str) -> Result<f64, CheckpointError> {
        let value = self.get(field)?;
        // Through the decimal form: 1e-5 as f32 becomes 1e-5, not 9.999999747378752e-6.
        let number = match value {
            Value::F32(number) => number.to_string().parse().ok(),
            other => other.to_f64().ok(),
        };
        number.ok_or_else(|| self.wrong(field, "a number"))
    }

    pub(super) fn flag(&self, field: &str) -> Result<bool, CheckpointError> {
        match self.content.metadata.get(field) {
            None => Ok(false),
            Some(value) => value.to_bool().map_err(|_| self.wrong(field, "true or false")),
        }
    }

    /// The id of a special token (`bos`, `eos`, `padding`, `unknown`), if the file names one.
    pub(super) fn token(&self, which: &str) -> Result<Option<u32>, CheckpointError> {
        let field = format!("tokenizer.ggml.{which}_token_id");
        match self.content.metadata.get(&field) {
            None => Ok(None),
            Some(value) => value.to_u32().map(Some).map_err(|_| self.wrong(&field, "a token id")),
        }
    }
}
