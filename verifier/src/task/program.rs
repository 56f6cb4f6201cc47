//! What a task says of a program: its language, tests and limits.

use std::fmt;
use std::time::Duration;

use lehr_record::{CallCase, CallTests};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Unexpected, Visitor};
use serde_json::Value;

use super::field::Text;
use crate::Language;
use crate::code::{FileTests, StreamCase, StreamTests, Tests};
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
        const KEYS: &[&str] = &["function", "cases", "file"];
        let (mut function, mut cases, mut file) = (None, None, None);
        while let Some(key) = map.next_key::<String>()? {
            let before = match key.as_str() {
                "function" => function.replace(map.next_value_seed(Text("function"))?).is_some(),
                "cases" => cases.replace(map.next_value::<Vec<AnyCase>>()?).is_some(),
                "file" => file.replace(map.next_value_seed(Text("file"))?).is_some(),
                other => return Err(A::Error::unknown_field(other, KEYS)),
            };
            if before {
                return Err(A::Error::custom(format_args!("duplicate field `{key}`")));
            }
        }
        match (file, function, cases) {
            (Some(file), None, None) => Ok(Tests::File(FileTests { file })),
            (Some(_), ..) => Err(A::Error::custom("`file` takes no `function` and no `cases`")),
            (None, _, None) => Err(A::Error::missing_field("cases")),
            (None, Some(function), Some(cases)) => {
                let cases = each(cases, AnyCase::call)?;
                Ok(Tests::Calls(CallTests { function, cases }))
            }
            (None, None, Some(cases)) => {
                Ok(Tests::Streams(StreamTests { cases: each(cases, AnyCase::run)? }))
            }
        }
    }
}

/// A case before it is known whether it is a call or a run.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnyCase {
    args: Option<Vec<Value>>,
    // What is expected may be null.
    #[serde(default, deserialize_with = "some")]
    expect: Option<Value>,
    stdin: Option<String>,
    stdout: Option<String>,
}

fn some<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(source).map(Some)
}

impl AnyCase {
    fn call(self) -> Result<CallCase, &'static str> {
        match (self.args, self.expect) {
            (Some(args), Some(expect)) if self.stdin.is_none() && self.stdout.is_none() => {
                Ok(CallCase { args, expect })
            }
            _ => Err("a call of a function has `args` and `expect`"),
        }
    }

    fn run(self) -> Result<StreamCase, &'static str> {
        match (self.stdin, self.stdout) {
            (Some(stdin), Some(stdout)) if self.args.is_none() && self.expect.is_none() => {
                Ok(StreamCase { stdin, stdout })
            }
            _ => Err("without a `function` a case has `stdin` and `stdout`"),
        }
    }
}

fn each<T, E: Error>(
    cases: Vec<AnyCase>,
    read: impl Fn(AnyCase) -> Result<T, &'static str>,
) -> Result<Vec<T>, E> {
    let read = |(place, case)| {
        read(case).map_err(|what| E::custom(format_args!("case {place} of the tests: {what}")))
    };
    cases.into_iter().enumerate().map(read).collect()
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

#[cfg(test)]
mod tests {
    use crate::task::Task;

    fn read(rest: &str) -> Result<Task, String> {
        let text = format!(r#"{{"kind":"code","language":"c++","solution":"",{rest}}}"#);
        serde_json::from_str(&text).map_err(|error| error.to_string())
    }

    #[test]
    fn every_form_is_read_and_every_fault_is_named() {
        for rest in [
            r#""tests":{"function":"f","cases":[{"args":[1,null],"expect":null}]}"#,
            r#""tests":{"cases":[{"stdin":"1","stdout":"2"}]}"#,
            r#""tests":{"file":"x"}"#,
            r#""tests":"x","limits":{"cpu_seconds":0.5,"processes":64}"#,
            r#""tests":"x","policy":{"tolerance":{"absolute":"0.1"}},"audit":false"#,
        ] {
            assert!(read(rest).is_ok(), "{rest}: {:?}", read(rest));
        }
        for (rest, told) in [
            (r#""tests":1"#, "`tests` to be"),
            (r#""tests":{}"#, "missing field `cases`"),
            (r#""tests":{"function":"f","cases":[{"args":[1]}]}"#, "case 0 of the tests: a call"),
            (r#""tests":{"cases":[{"args":[1],"expect":1}]}"#, "without a `function`"),
            (r#""tests":{"cases":[{"stdin":"1","stdout":2}]}"#, "expected a string"),
            (r#""tests":{"cases":[{"colour":1}]}"#, "unknown field `colour`"),
            (r#""tests":{"file":"x","cases":[]}"#, "takes no `function`"),
            (r#""tests":{"name":"x"}"#, "unknown field `name`"),
            (r#""tests":"x","limits":{"cpu_seconds":61}"#, "`cpu_seconds` may be at most 60"),
            (r#""tests":"x","limits":{"memory_bytes":1}"#, "`limits`: the limit on memory"),
            (r#""tests":"x","limits":{"wall_seconds":-1}"#, "`wall_seconds`"),
            (r#""tests":"x","limits":{"colour":1}"#, "unknown field `colour`"),
            (r#""tests":"x","policy":{"percent":"exact"}"#, "`tolerance` alone"),
            (r#""tests":"x","audit":{"mutants":0}"#, "give 1 to 100"),
        ] {
            let said = read(rest);
            assert!(said.as_ref().is_err_and(|e| e.contains(told)), "{rest}: {said:?}");
        }
    }
}
