use lehr_record::MixManifest;
use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;

use crate::{Store, StoreError};

/// A mix that was built.
#[derive(Clone, Debug, Serialize)]
pub struct MixRow {
    /// Its place among all mixes, from 1; the cursor of listings.
    #[serde(skip)]
    pub number: u64,
    /// When it was built, in milliseconds since 1970.
    pub created_ms: u64,
    /// Where it lies.
    pub directory: String,
    /// What is in it.
    pub manifest: MixManifest,
}

impl Store {
    /// Writes down a mix that was built, in place of one of the same name.
    ///
    /// # Errors
    /// When the journal fails.
    pub fn keep_mix(
        &self,
        manifest: &MixManifest,
        directory: &str,
        created_ms: u64,
    ) -> Result<MixRow, StoreError> {
        self.connection().query_row(
            "INSERT INTO mixes (name, created_ms, directory, manifest) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (name) DO UPDATE SET created_ms = ?2, directory = ?3, manifest = ?4
             RETURNING number, created_ms, directory, manifest",
            params![manifest.name, created_ms, directory, serde_json::to_string(manifest)?],
            |row| Ok(read(row)),
        )?
    }

    /// The mix of a name.
    ///
    /// # Errors
    /// When the journal fails.
    pub fn mix(&self, name: &str) -> Result<Option<MixRow>, StoreError> {
        self.connection()
            .query_row(
                "SELECT number, created_ms, directory, manifest FROM mixes WHERE name = ?1",
                [name],
                |row| Ok(read(row)),
            )
            .optional()?
            .transpose()
    }

    /// Up to `limit` mixes, newest first, of those older than number `before`.
    ///
    /// # Errors
    /// When the journal fails.
    pub fn mixes(&self, before: Option<u64>, limit: u32) -> Result<Vec<MixRow>, StoreError> {
        let connection = self.connection();
        let before = before.map_or(i64::MAX, |n| i64::try_from(n).unwrap_or(i64::MAX));
        let mut statement = connection.prepare_cached(
            "SELECT number, created_ms, directory, manifest FROM mixes WHERE number < ?1
             ORDER BY number DESC LIMIT ?2",
        )?;
        let rows = statement.query_map(params![before, limit], |row| Ok(read(row)))?;
        rows.map(|row| row?).collect()
    }
}

fn read(row: &Row<'_>) -> Result<MixRow, StoreError> {
    let manifest: String = row.get(3)?;
    Ok(MixRow {
        number: row.get(0)?,
        created_ms: row.get(1)?,
        directory: row.get(2)?,
        manifest: serde_json::from_str(&manifest)?,
    })
}
