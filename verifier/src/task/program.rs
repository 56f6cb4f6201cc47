//! What a task says of a program: its language, tests and limits.

use std::fmt;
use std::time::Duration;

use lehr_record::CallTests;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use crate::Language;
use crate::code::{FileTests, StreamTests, Tests};
use crate::sandbox::Limits;

/// The name of a language, or a word by which people call it.
pub(super) struct LanguageReader;

impl<'de> DeserializeSeed<'de> for LanguageReader {
    type Value = Language;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Language, D::Error> {
        source.deserialize_str(self)
    }
}

impl Visitor<'_> for LanguageReader {
    type Value = Language;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> =
            Language::ALL.iter().map(|l| format!("\"{}\"", l.as_str())).collect();
        write!(f, "`language` to be one of {}", names.join(", "))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Language, E> {
        Language::parse(text)
            .ok_or_else(|| E::invalid_value(Unexpected::Str(&crate::answer::clip(text, 80)), &self))
    }
}

/// Tests, in one of their forms.
pub(super) struct TestsReader;

impl<'de> DeserializeSeed<'de> for TestsReader {
    type Value = Tests;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Tests, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for TestsReader {
    type Value = Tests;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "`tests` to be {\"function\", \"cases\": [{\"args\", \"expect\"}]}, {\"cases\": \
             [{\"stdin\", \"stdout\"}]}, {\"file\"} or the text of a file",
        )
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Tests, E> {
        Ok(Tests::File(FileTests { file: text.to_owned() }))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Tests, E> {
        Ok(Tests::File(FileTests { file: text }))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tests, A::Error> {
        let mut fields = serde_json::Map::new();
        while let Some(key) = map.next_key::<String>()? {
            let name = ["function", "cases", "file"].into_iter().find(|name| *name == key);
            let Some(name) = name else {
                const KEYS: &[&str] = &["function", "cases", "file"];
                return Err(A::Error::unknown_field(&crate::answer::clip(&key, 80), KEYS));
            };
            if fields.insert(key, map.next_value::<Value>()?).is_some() {
                return Err(A::Error::custom(format_args!("duplicate field `{name}` in `tests`")));
            }
        }
        let has = |name| fields.contains_key(name);
        let form = (has("file"), has("function"));
        let fields = Value::Object(fields);
        match form {
            (true, _) => of(fields).map(Tests::File),
            (_, true) => of::<CallTests, _>(fields).map(Tests::Calls),
            _ => of::<StreamTests, _>(fields).map(Tests::Streams),
        }
    }
}

fn of<T: DeserializeOwned, E: Error>(fields: Value) -> Result<T, E> {
    serde_json::from_value(fields).map_err(|error| E::custom(format_args!("`tests`: {error}")))
}

/// The limits that a task asks for; what is absent is as usual.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "`limits` to be an object of numbers")]
pub(super) struct Asked {
    cpu_seconds: Option<f64>,
    wall_seconds: Option<f64>,
    memory_bytes: Option<u64>,
    processes: Option<u32>,
    output_bytes: Option<usize>,
    compile_seconds: Option<f64>,
}

impl Asked {
    /// The limits, none of which may be above what a task may ask for.
    pub fn limits<E: Error>(&self) -> Result<Limits, E> {
        let usual = Limits::default();
        let refuse = |name: &str, most: &dyn fmt::Display| {
            Err(E::custom(format_args!("`limits`: `{name}` may be at most {most}")))
        };
        let time = |name: &str, asked: Option<f64>, usual: Duration, most: f64| match asked {
            None => Ok(usual),
            Some(seconds) if seconds > most => refuse(name, &most).map(|()| usual),
            Some(seconds) => Duration::try_from_secs_f64(seconds)
                .map_err(|error| E::custom(format_args!("`limits`: `{name}`: {error}"))),
        };
        let number = |name: &str, asked: Option<u64>, usual: u64, most: u64| match asked {
            Some(asked) if asked > most => refuse(name, &most).map(|()| usual),
            asked => Ok(asked.unwrap_or(usual)),
        };
        let output = self.output_bytes.map(|n| n as u64);
        let processes = self.processes.map(u64::from);
        let limits = Limits {
            cpu: time("cpu_seconds", self.cpu_seconds, usual.cpu, 60.0)?,
            wall: time("wall_seconds", self.wall_seconds, usual.wall, 120.0)?,
            memory: number("memory_bytes", self.memory_bytes, usual.memory, 4 << 30)?,
            processes: number("processes", processes, usual.processes.into(), 256)? as u32,
            output: number("output_bytes", output, usual.output as u64, 16 << 20)? as usize,
            compile: time("compile_seconds", self.compile_seconds, usual.compile, 120.0)?,
            ..usual
        };
        limits.check().map_err(|error| E::custom(format_args!("`limits`: {error}")))?;
        Ok(limits)
    }
}
