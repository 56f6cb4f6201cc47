#![expect(clippy::unwrap_used, reason = "tests")]

use std::io::Write;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use proptest::prelude::*;

use super::*;

/// 300 rows of `id`, `question` and `other`; every seventh question is null.
fn parquet() -> Vec<u8> {
    let question = |at: i64| (at % 7 != 0).then(|| format!("How many are {at}?"));
    let columns: [(&str, ArrayRef); 3] = [
        ("id", Arc::new(Int64Array::from_iter_values(0..300))),
        ("question", Arc::new(StringArray::from_iter((0..300).map(question)))),
        ("other", Arc::new(StringArray::from_iter_values((0..300).map(|at| at.to_string())))),
    ];
    let batch =
        RecordBatch::try_from_iter_with_nullable(columns.map(|(n, c)| (n, c, true))).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

fn read(name: &str, content: &[u8]) -> (Result<(), RowFault>, Vec<(String, Map<String, Value>)>) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, content).unwrap();
    let mut rows = Vec::new();
    let result = each_row(&path, &["id", "question", "absent"], |place, row| {
        rows.push((place.replace(&format!("{}/", dir.path().display()), ""), row));
        Ok(())
    });
    (result, rows)
}

#[test]
fn parquet_is_known_by_its_bytes_and_read_in_columns() {
    for name in ["a.parquet", "a.jsonl", "a"] {
        let (result, rows) = read(name, &parquet());
        result.unwrap();
        assert_eq!(rows.len(), 300);
        assert_eq!(rows[299].0, format!("{name}:300"));
        assert_eq!(
            Value::Object(rows[299].1.clone()),
            serde_json::json!({"id": 299, "question": "How many are 299?"})
        );
        assert_eq!(Value::Object(rows[7].1.clone()), serde_json::json!({"id": 7}));
    }
}

#[test]
fn faults_of_files_are_named() {
    let whole = parquet();
    for (name, content, needles) in [
        ("a.parquet", &whole[..whole.len() / 2], &["a.parquet", "cut off or damaged"][..]),
        ("a.parquet", &whole[..4], &["cut off or damaged"]),
        ("a.parquet", b"{\"text\":\"a\"}", &["does not begin as Parquet does"]),
        ("a.parquet", b"", &["does not begin as Parquet does"]),
        ("a.jsonl", b"\x28\xb5\x2f\xfd\0", &["zstd", "decompress"]),
        ("a.jsonl", b"{}\n{", &["a.jsonl:2", "column", "EOF"]),
    ] {
        let error = read(name, content).0.unwrap_err().to_string();
        for needle in needles {
            assert!(error.contains(needle), "{error}");
        }
    }
    assert!(each_row::<RowFault>(Path::new("/nowhere"), &[], |_, _| Ok(())).is_err());
}

#[test]
fn a_line_without_end_is_not_read_to_its_end() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("long.jsonl");
    let mut file = File::create(&path).unwrap();
    file.write_all(b"{\"text\":\"a\"}\n").unwrap();
    // A hole in the file: 100 MB of zero bytes that take no room.
    file.set_len(100 << 20).unwrap();
    let error = each_row::<RowFault>(&path, &[], |_, _| Ok(())).unwrap_err();
    assert!(error.place.ends_with("long.jsonl:2") && error.reason.contains("64 MiB"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Damage is an error or goes unseen; it never ends the process.
    #[test]
    fn damaged_parquet_does_not_panic(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<prop::sample::Index>(),
        whole in any::<bool>(),
    ) {
        let mut bytes = parquet();
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if !whole {
            bytes.truncate(cut.index(bytes.len()) + 1);
        }
        let (result, rows) = read("a.parquet", &bytes);
        prop_assert!(result.is_err() || rows.len() <= 300);
    }
}
