//! Documents in Parquet: a `text` column, or `messages` as a list of `{role, content}`.

use std::fs::File;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::document::Row;
use super::{DataError, Document, Message};

/// Rows that are in memory at a time.
const ROWS: usize = 256;

pub(super) fn for_each(
    path: &Path,
    take: &mut dyn FnMut(Row) -> Result<(), DataError>,
) -> Result<(), DataError> {
    let damaged = |error: &dyn std::fmt::Display| {
        DataError::format(
            path,
            format!("is not a whole Parquet file ({error})"),
            "copy it again or make it again",
        )
    };
    let file = File::open(path).map_err(DataError::io("read", path))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| damaged(&e))?;
    let named = |names: &[&str]| -> Vec<usize> {
        let fields = builder.parquet_schema().root_schema().get_fields().iter().enumerate();
        let own = fields.filter(|(_, field)| names.contains(&field.name()));
        own.map(|(index, _)| index).collect()
    };
    if named(&["text", "messages"]).is_empty() {
        return Err(DataError::format(
            path,
            "has neither a `text` nor a `messages` column",
            "rename the column that has the documents",
        ));
    }
    let columns = named(&["text", "messages", "source"]);
    let mask = ProjectionMask::roots(builder.parquet_schema(), columns);
    let reader =
        builder.with_projection(mask).with_batch_size(ROWS).build().map_err(|e| damaged(&e))?;
    let mut number = 0;
    for batch in reader {
        let batch = batch.map_err(|e| damaged(&e))?;
        for at in 0..batch.num_rows() {
            number += 1;
            let document =
                document(&batch, at).map_err(|problem| DataError::row(path, number, problem))?;
            // Other data may keep anything under this name.
            let source = batch.column_by_name("source").map(|column| text_at(column, at));
            let dataset = source.and_then(Result::ok).flatten().map(str::to_owned);
            take(Row { number, document, dataset })?;
        }
    }
    Ok(())
}

/// The document in row `at` of a batch.
fn document(batch: &RecordBatch, at: usize) -> Result<Document, String> {
    let text = match batch.column_by_name("text") {
        Some(column) => text_at(column, at).map_err(|e| format!("`text` {e}"))?,
        None => None,
    };
    let messages = match batch.column_by_name("messages") {
        Some(column) if text.is_none() && !column.is_null(at) => Some(messages_at(column, at)?),
        _ => None,
    };
    Document::from_columns(text.map(str::to_owned), messages)
        .ok_or_else(|| "has neither `text` nor `messages`; give it one of them".to_owned())
}

/// The text in row `at` of a text column; none where it is null.
fn text_at(column: &dyn Array, at: usize) -> Result<Option<&str>, String> {
    if column.is_null(at) {
        return Ok(None);
    }
    match column.data_type() {
        DataType::Utf8 => Ok(Some(column.as_string::<i32>().value(at))),
        DataType::LargeUtf8 => Ok(Some(column.as_string::<i64>().value(at))),
        DataType::Utf8View => Ok(Some(column.as_string_view().value(at))),
        other => Err(format!("is a column of {other}; store it as plain text")),
    }
}

/// The conversation in row `at` of a `messages` column.
fn messages_at(column: &dyn Array, at: usize) -> Result<Vec<Message>, String> {
    let turns = match column.data_type() {
        DataType::List(_) => column.as_list::<i32>().value(at),
        DataType::LargeList(_) => column.as_list::<i64>().value(at),
        _ => return Err(not_messages(column)),
    };
    let Some(turns) = turns.as_struct_opt() else { return Err(not_messages(column)) };
    let part = |name: &str, turn: usize| -> Result<String, String> {
        let column = turns.column_by_name(name).ok_or_else(|| not_messages(column))?;
        text_at(column, turn)
            .map_err(|e| format!("`messages.{name}` {e}"))?
            .map(str::to_owned)
            .ok_or_else(|| format!("message {} has no `{name}`; give it one", turn + 1))
    };
    (0..turns.len())
        .map(|turn| Ok(Message { role: part("role", turn)?, content: part("content", turn)? }))
        .collect()
}

fn not_messages(column: &dyn Array) -> String {
    format!(
        "`messages` is a column of {}; store it as a list of {{role, content}}",
        column.data_type()
    )
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use arrow_array::builder::{ListBuilder, StringBuilder, StructBuilder};
    use arrow_array::{ArrayRef, Int32Array, LargeStringArray, StringArray};
    use arrow_schema::{Field, Fields};
    use parquet::arrow::ArrowWriter;
    use std::sync::Arc;

    fn read(columns: Vec<(&str, ArrayRef)>) -> Result<Vec<Document>, DataError> {
        let batch = RecordBatch::try_from_iter_with_nullable(
            columns.into_iter().map(|(name, column)| (name, column, true)),
        )
        .unwrap();
        let file = tempfile::Builder::new().suffix(".parquet").tempfile().unwrap();
        let mut writer =
            ArrowWriter::try_new(file.reopen().unwrap(), batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        let mut found = Vec::new();
        for_each(file.path(), &mut |row| {
            found.push(row.document);
            Ok(())
        })?;
        Ok(found)
    }

    /// Rows of (role, content) turns; `None` is a null row.
    fn messages(rows: &[Option<&[(&str, &str)]>]) -> ArrayRef {
        let fields = Fields::from(vec![
            Field::new("role", DataType::Utf8, true),
            Field::new("content", DataType::Utf8, true),
        ]);
        let mut list = ListBuilder::new(StructBuilder::from_fields(fields, 0));
        for row in rows {
            for (role, content) in row.unwrap_or_default() {
                let turn = list.values();
                turn.field_builder::<StringBuilder>(0).unwrap().append_value(role);
                turn.field_builder::<StringBuilder>(1).unwrap().append_value(content);
                turn.append(true);
            }
            list.append(row.is_some());
        }
        Arc::new(list.finish())
    }

    #[test]
    fn text_and_messages_row_by_row() {
        let ids: ArrayRef = Arc::new(Int32Array::from(vec![1, 2, 3]));
        let text: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None, Some("c")]));
        let turns = messages(&[None, Some(&[("user", "q"), ("assistant", "r")]), None]);
        let found = read(vec![("id", ids), ("messages", turns), ("text", text)]).unwrap();
        let said =
            |role: &str, content: &str| Message { role: role.into(), content: content.into() };
        assert_eq!(
            found,
            [
                Document::Text("a".into()),
                Document::Messages(vec![said("user", "q"), said("assistant", "r")]),
                Document::Text("c".into()),
            ]
        );
        let large: ArrayRef = Arc::new(LargeStringArray::from(vec!["x"]));
        assert_eq!(read(vec![("text", large)]).unwrap(), [Document::Text("x".into())]);
    }

    #[test]
    fn bad_columns_are_named() {
        let numbers = || -> ArrayRef { Arc::new(Int32Array::from(vec![1])) };
        let null: ArrayRef = Arc::new(StringArray::from(vec![None::<&str>]));
        for (columns, part) in [
            (vec![("id", numbers())], "neither a `text` nor a `messages` column"),
            (vec![("text", numbers())], "row 1: `text` is a column of Int32"),
            (vec![("messages", numbers())], "row 1: `messages` is a column of Int32"),
            (vec![("text", null)], "row 1: has neither"),
        ] {
            let message = read(columns).unwrap_err().to_string();
            assert!(message.contains(part), "{part:?} not in {message:?}");
        }
        let file = tempfile::Builder::new().suffix(".parquet").tempfile().unwrap();
        std::fs::write(file.path(), "PAR1 but no more").unwrap();
        let message = for_each(file.path(), &mut |_| Ok(())).unwrap_err().to_string();
        assert!(message.contains("not a whole Parquet file"), "{message}");
    }
}
