//! The Parquet files of a mix: `id, domain, kind, text, messages, source, meta`, where exactly one
//! of `text` and `messages` is not null.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder, StructBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Fields, Schema};
use lehr_record::{Digest, Hasher, Role};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::{Body, Document};

/// The most documents of a row group, and the bytes of text from which it is full: they bound the
/// memory of writing and of reading.
const GROUP: (usize, u64) = (4096, 64 << 20);

fn message_fields() -> Fields {
    Fields::from(vec![
        Field::new("role", DataType::Utf8, false),
        Field::new("content", DataType::Utf8, false),
    ])
}

fn message_item() -> Field {
    Field::new("item", DataType::Struct(message_fields()), false)
}

fn schema() -> Schema {
    Schema::new(vec![
        Field::new("id", DataType::Utf8, false),
        Field::new("domain", DataType::Utf8, false),
        Field::new("kind", DataType::Utf8, false),
        Field::new("text", DataType::Utf8, true),
        Field::new("messages", DataType::List(Arc::new(message_item())), true),
        Field::new("source", DataType::Utf8, false),
        Field::new("meta", DataType::Utf8, false),
    ])
}

/// Writes documents to a new file and makes them durable; gives the digest of the file.
pub(crate) fn write(
    path: &Path,
    documents: impl Iterator<Item = io::Result<Document>>,
) -> Result<Digest, ParquetError> {
    let schema = Arc::new(schema());
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_created_by("lehr".to_owned())
        .build();
    let file = Hashed { file: File::create_new(path)?, hasher: Hasher::default() };
    let mut writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties))?;
    let (mut group, mut bytes) = (Vec::new(), 0);
    let mut documents = documents.peekable();
    while let Some(document) = documents.next() {
        let document = document?;
        bytes += document.bytes();
        group.push(document);
        if group.len() == GROUP.0 || bytes >= GROUP.1 || documents.peek().is_none() {
            writer.write(&batch(&schema, &group)?)?;
            writer.flush()?;
            (group, bytes) = (Vec::new(), 0);
        }
    }
    let Hashed { file, hasher } = writer.into_inner()?;
    file.sync_all()?;
    Ok(hasher.finish())
}

/// A file that takes the digest of what is written to it.
struct Hashed {
    file: File,
    hasher: Hasher,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn batch(schema: &Arc<Schema>, documents: &[Document]) -> Result<RecordBatch, ParquetError> {
    let column = |of: fn(&Document) -> &str| {
        let mut strings = StringBuilder::new();
        documents.iter().for_each(|document| strings.append_value(of(document)));
        Arc::new(strings.finish()) as ArrayRef
    };
    let mut texts = StringBuilder::new();
    let fields = StructBuilder::new(
        message_fields(),
        vec![Box::new(StringBuilder::new()), Box::new(StringBuilder::new())],
    );
    let mut lists = ListBuilder::new(fields).with_field(message_item());
    for document in documents {
        match &document.body {
            Body::Text(text) => {
                texts.append_value(text);
                lists.append(false);
            }
            Body::Messages(messages) => {
                texts.append_null();
                for message in messages {
                    let role = match message.role {
                        Role::System => "system",
                        Role::User => "user",
                        Role::Assistant => "assistant",
                    };
                    let row = lists.values();
                    for (at, value) in [role, &message.content].into_iter().enumerate() {
                        if let Some(field) = row.field_builder::<StringBuilder>(at) {
                            field.append_value(value);
                        }
                    }
                    row.append(true);
                }
                lists.append(true);
            }
        }
    }
    let columns = vec![
        column(|d| &d.id),
        column(|d| &d.domain),
        column(|d| &d.kind),
        Arc::new(texts.finish()) as ArrayRef,
        Arc::new(lists.finish()) as ArrayRef,
        column(|d| &d.source),
        column(|d| &d.meta),
    ];
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}
