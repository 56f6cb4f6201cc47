use rusqlite::Connection;

use crate::StoreError;

/// The schema that this version writes.
const VERSION: i64 = 2;

/// `synchronous = FULL` with a write-ahead log: a committed transaction outlives a power cut too.
const PRAGMAS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA busy_timeout = 5000;
";

const TABLES: &str = "
CREATE TABLE requests (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    created_ms INTEGER NOT NULL,
    finished_ms INTEGER,
    name TEXT NOT NULL,
    recipes TEXT NOT NULL,
    spec TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    settled INTEGER NOT NULL DEFAULT 0,
    calls INTEGER NOT NULL DEFAULT 0,
    prompt_tokens INTEGER NOT NULL DEFAULT 0,
    completion_tokens INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE keys (
    key TEXT PRIMARY KEY,
    content TEXT NOT NULL,
    request TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE items (
    request TEXT NOT NULL REFERENCES requests(id),
    item INTEGER NOT NULL,
    job INTEGER NOT NULL,
    seed TEXT NOT NULL,
    PRIMARY KEY (request, item)
) WITHOUT ROWID;
CREATE TABLE counts (
    request TEXT NOT NULL REFERENCES requests(id),
    job INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (request, job, state, reason)
) WITHOUT ROWID;
CREATE TABLE samples (
    request TEXT NOT NULL REFERENCES requests(id),
    item INTEGER NOT NULL,
    id TEXT NOT NULL UNIQUE,
    domain TEXT NOT NULL,
    state TEXT NOT NULL,
    fingerprint TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (request, item)
) WITHOUT ROWID;
CREATE UNIQUE INDEX samples_fingerprint ON samples (request, fingerprint)
    WHERE fingerprint IS NOT NULL;
CREATE TABLE calls (
    key TEXT PRIMARY KEY,
    call TEXT NOT NULL,
    reply TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE mixes (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    created_ms INTEGER NOT NULL,
    directory TEXT NOT NULL,
    manifest TEXT NOT NULL
);
";

/// Makes the tables in a new journal; checks the version of an old one.
pub(crate) fn prepare(connection: &Connection) -> Result<(), StoreError> {
    connection.execute_batch(PRAGMAS)?;
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match found {
        0 => {
            connection.execute_batch(&format!(
                "BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;"
            ))?;
            Ok(())
        }
        VERSION => Ok(()),
        found => Err(StoreError::Schema { found, known: VERSION }),
    }
}

/// Writes the version of the schema once more.
pub(crate) fn stamp(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "user_version", VERSION)
}
