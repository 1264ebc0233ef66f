//! The graph file: documents, what they say, and what of it is one thing, in one SQLite database.
//!
//! [`GraphFile`] takes documents in and out and keeps clusters of names up to date; [`GraphFile::graph`] gives the whole
//! as a [`KnowledgeGraph`]. What comes out depends on the documents that are in it and on the decisions of people, not on
//! how or in which order they came, nor on documents that were taken out again. The tables are described in `schema.sql`.
//!
//! ```
//! use relata::{document::Document, store::GraphFile};
//!
//! let folder = tempfile::tempdir()?;
//! let mut file = GraphFile::create(folder.path().join("news.relata"))?;
//! file.add(&Document::new("a", "Nothing happened."))?;
//! file.resolve()?;
//! assert_eq!(file.graph()?.documents().len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod alone;
mod parts;
mod read;
mod resolve;
mod snapshot;
mod write;

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, TransactionBehavior, config::DbConfig};

pub use self::{
    read::{Named, PairRecord, Status},
    resolve::Resolved,
    snapshot::Snapshot,
    write::Added,
};
use sha2::{Digest, Sha256};

use crate::{graph::KnowledgeGraph, hex::hex, schema::SchemaSet};

/// `RELA` as SQLite's application id, in bytes 68 to 71 of the file.
const APPLICATION_ID: i32 = 0x5245_4c41;
/// The version of the tables.
const VERSION: i32 = 1;
/// How long to wait for another program that writes to the file.
const PATIENCE: Duration = Duration::from_secs(10);
/// The setting that holds the user's schema as JSON; a file with the built-in one has none.
const SCHEMA: &str = "schema";
/// A file of so many bytes at most is written anew after something was taken out of it.
const SMALL: i64 = 64 << 20;

/// Why a graph file could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no such file.
    #[error("no graph file at {}", .0.display())]
    Missing(PathBuf),
    /// It is something else.
    #[error("{} is no graph file", .0.display())]
    Foreign(PathBuf),
    /// It was written by a later version of the program.
    #[error("{} has version {version}; this program knows versions up to {VERSION}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: i32,
    },
    /// It was built with another model or other settings, so new documents would not fit the old ones.
    #[error("the file was built with {name} {was}, not {is}; build it anew, or use the same")]
    OtherSettings {
        /// The setting.
        name: String,
        /// In the file.
        was: String,
        /// Now.
        is: String,
    },
    /// Another program is writing to it.
    #[error("{} is in use by another program", .0.display())]
    Locked(PathBuf),
    /// The disk is full.
    #[error("the disk is full; what was in {} before is safe", .0.display())]
    Full(PathBuf),
    /// A file beside it, or in another folder, could not be written.
    #[error("cannot lay the graph out in {}", folder.display())]
    Scratch {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Its contents are damaged.
    #[error("{} is damaged ({detail}); build it anew from the documents", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// Anything else that SQLite says.
    #[error("cannot use {}", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
}

/// An open graph file.
#[derive(Debug)]
pub struct GraphFile {
    connection: Connection,
    path: PathBuf,
    /// Number of the build that is going on.
    run: i64,
    /// Whether what was taken out may still be read in the file or its log.
    has_traces: bool,
}

/// What came of it, or SQLite's error, to which the path is still to be added.
type Sql<T> = rusqlite::Result<T>;

impl GraphFile {
    /// Opens a file for reading and writing.
    ///
    /// # Errors
    ///
    /// If it does not exist, is no graph file, has a later version, or is locked or damaged.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        if !path.is_file() {
            return Err(StoreError::Missing(path.to_owned()));
        }
        // An empty file may be anything: it stays as it is.
        Self::with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE, false)
    }

    /// Opens a file, or makes an empty one where there is none.
    ///
    /// # Errors
    ///
    /// As [`GraphFile::open`], and if the file cannot be made.
    pub fn create(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::with_flags(path.as_ref(), OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE, true)
    }

    fn with_flags(path: &Path, flags: OpenFlags, may_make: bool) -> Result<Self, StoreError> {
        let is_new = fs::metadata(path).map_or(true, |metadata| metadata.len() == 0);
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let database = |source| StoreError::from_sql(path, source);
        let connection = Connection::open_with_flags(path, flags).map_err(database)?;
        let mut file = Self { connection, path: path.to_owned(), run: 0, has_traces: false };
        let (application, version) = file.identity().map_err(database)?;
        match (application, version) {
            // New, or left without a table when the run that made it was killed.
            (0, 0) if may_make && (is_new || file.is_empty().map_err(database)?) => {}
            (APPLICATION_ID, VERSION) => {
                file.prepare().map_err(database)?;
                return Ok(file);
            }
            (APPLICATION_ID, version) if version > VERSION => {
                return Err(StoreError::Newer { path: path.to_owned(), version });
            }
            _ => return Err(StoreError::Foreign(path.to_owned())),
        }
        file.prepare().and_then(|()| file.make_tables()).map_err(database)?;
        Ok(file)
    }

    /// What the file is, without a change to it.
    fn identity(&self) -> Sql<(i32, i32)> {
        self.connection.busy_timeout(PATIENCE)?;
        let number = |pragma: &str| self.connection.pragma_query_value(None, pragma, |row| row.get::<_, i32>(0));
        Ok((number("application_id")?, number("user_version")?))
    }

    /// Sets the connection up.
    fn prepare(&mut self) -> Sql<()> {
        let connection = &mut self.connection;
        connection.set_prepared_statement_cache_capacity(64);
        // Otherwise a statement that could use a partial index is planned again whenever a value is bound.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        // A transaction that begins with a look and goes on to write would not wait for another writer.
        connection.set_transaction_behavior(TransactionBehavior::Immediate);
        // A transaction survives the end of the process at once, and a loss of power from the next checkpoint on.
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "normal")?;
        // In KiB; random places of indices are written all the time.
        connection.pragma_update(None, "cache_size", -192_000)?;
        connection.pragma_update(None, "wal_autocheckpoint", 16_000)?;
        // What is deleted is overwritten: an article may have been taken out because nobody should read it.
        connection.pragma_update(None, "secure_delete", "on")?;
        connection.pragma_update(None, "temp_store", "memory")
    }

    /// Leaves nothing to be read of what was taken out, if anything was.
    ///
    /// SQLite overwrites rows that it deletes, but not the copies that it left behind where a page was full and some of
    /// them moved to another: only a file that is written anew has none. Pages of before lie in the log too. It cannot
    /// be emptied while somebody reads; then it goes with the last program that closes the file.
    fn sweep(&mut self) -> Result<(), StoreError> {
        if !self.has_traces {
            return Ok(());
        }
        self.sql(|connection| {
            let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
            if number("page_count")?.saturating_mul(number("page_size")?) <= SMALL {
                connection.execute_batch("VACUUM")?;
            }
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        })?;
        self.has_traces = false;
        Ok(())
    }

    /// Whether it has no tables at all.
    fn is_empty(&self) -> Sql<bool> {
        self.connection.query_row("SELECT NOT EXISTS (SELECT 1 FROM sqlite_master)", [], |row| row.get(0))
    }

    fn make_tables(&mut self) -> Sql<()> {
        let transaction = self.connection.transaction()?;
        transaction.execute_batch(include_str!("schema.sql"))?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
        transaction.commit()
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Notes a setting that all documents of the file must share, such as the model.
    ///
    /// # Errors
    ///
    /// If the file has documents that were made with another value.
    pub fn require(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        let was = self.sql(|connection| setting(connection, name))?;
        let has_documents = self.has_documents()?;
        match was {
            Some(was) if was == value => Ok(()),
            Some(was) if has_documents => {
                Err(StoreError::OtherSettings { name: name.to_owned(), was, is: value.to_owned() })
            }
            _ => self.sql(|connection| set(connection, name, value)),
        }
    }

    /// The schema that all documents were made with; nothing if it is the built-in one.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or holds a schema that no version of the program writes.
    pub fn schema(&mut self) -> Result<Option<SchemaSet>, StoreError> {
        let Some(text) = self.sql(|connection| setting(connection, SCHEMA))? else { return Ok(None) };
        let set = serde_json::from_str(&text)
            .map_err(|error| StoreError::Damaged { path: self.path.clone(), detail: format!("its schema: {error}") })?;
        Ok(Some(set))
    }

    /// Notes the schema that all documents of the file must share; nothing stands for the built-in one.
    ///
    /// # Errors
    ///
    /// If the file has documents that were made with another one.
    pub fn require_schema(&mut self, schema: Option<&SchemaSet>) -> Result<(), StoreError> {
        let was = self.schema()?;
        if was.as_ref() == schema {
            return Ok(());
        }
        let has_documents = self.has_documents()?;
        if has_documents {
            let told = |set: Option<&SchemaSet>| set.map_or("the built-in one".to_owned(), summary);
            let (was, is) = (told(was.as_ref()), told(schema));
            return Err(StoreError::OtherSettings { name: SCHEMA.to_owned(), was, is });
        }
        // Text keys and lists of texts always serialize.
        let text = schema.map(|set| serde_json::to_string(set).unwrap_or_default());
        self.sql(|connection| match &text {
            Some(text) => set(connection, SCHEMA, text),
            None => connection.execute("DELETE FROM settings WHERE name = ?", [SCHEMA]).map(|_| ()),
        })
    }

    fn has_documents(&mut self) -> Result<bool, StoreError> {
        self.sql(|connection| connection.query_row("SELECT EXISTS (SELECT 1 FROM documents)", [], |row| row.get(0)))
    }

    /// The whole graph.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn graph(&mut self) -> Result<KnowledgeGraph, StoreError> {
        self.look(|connection| parts::graph(connection, None))
    }

    /// Runs something that reads, on one state of the database, whoever writes meanwhile.
    fn look<T>(&mut self, run: impl FnOnce(&Connection) -> Sql<T>) -> Result<T, StoreError> {
        self.sql(|connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
            run(&transaction)
        })
    }

    /// Runs something on the database and adds the path to its error.
    fn sql<T>(&mut self, run: impl FnOnce(&mut Connection) -> Sql<T>) -> Result<T, StoreError> {
        run(&mut self.connection).map_err(|source| StoreError::from_sql(&self.path, source))
    }
}

impl StoreError {
    fn from_sql(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked(path),
            Some(ErrorCode::DiskFull) => Self::Full(path),
            Some(ErrorCode::NotADatabase) => Self::Foreign(path),
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged { path, detail: source.to_string() },
            _ => match source {
                // A value that no version of the program writes.
                rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::IntegralValueOutOfRange(..) => Self::Damaged { path, detail: source.to_string() },
                source => Self::Database { path, source },
            },
        }
    }
}

/// A schema in a few letters, to tell two apart.
fn summary(set: &SchemaSet) -> String {
    let hash: [u8; 32] = Sha256::digest(serde_json::to_string(set).unwrap_or_default()).into();
    format!("{} (of your own)", hex(&hash, 8))
}

fn setting(connection: &Connection, name: &str) -> Sql<Option<String>> {
    connection.query_row("SELECT value FROM settings WHERE name = ?", [name], |row| row.get(0)).optional()
}

fn set(connection: &Connection, name: &str, value: &str) -> Sql<()> {
    connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", [name, value]).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{document::Document, eval::parse_inline};

    fn stories() -> Vec<Document> {
        let records = parse_inline("stories.gold", include_str!("../../data/corpus/stories.gold")).unwrap();
        records.into_iter().map(|record| Document::try_from(record).unwrap()).collect()
    }

    /// Lets the file grow by so many pages from what it has now; what needs more finds the disk full.
    fn leave_room(file: &GraphFile, pages: i64) {
        let count: i64 = file.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        // The pragma answers with the number that it set.
        let set = format!("PRAGMA max_page_count = {}", count + pages);
        file.connection.query_row(&set, [], |row| row.get::<_, i64>(0)).unwrap();
    }

    #[test]
    fn a_full_disk_loses_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let docs = stories();
        let mut roomy = GraphFile::create(folder.path().join("roomy.relata")).unwrap();
        roomy.require("keeps_text", "yes").unwrap();
        roomy.add_all(&docs).unwrap();
        roomy.resolve().unwrap();

        let path = folder.path().join("news.relata");
        let mut file = GraphFile::create(&path).unwrap();
        file.require("keeps_text", "yes").unwrap();
        leave_room(&file, 0);
        let mut full = 0;
        let mut in_file: Vec<String> = Vec::new();
        for (number, doc) in docs.iter().enumerate() {
            let mut room = 0;
            while let Err(error) = file.add(doc) {
                assert!(matches!(&error, StoreError::Full(full) if *full == path), "{error}");
                assert_eq!(
                    error.to_string(),
                    format!("the disk is full; what was in {} before is safe", path.display())
                );
                full += 1;
                assert_eq!(file.document_ids().unwrap(), in_file);
                // The next run finds more room; the program that met the full disk is gone.
                if number % 2 == 0 {
                    drop(file);
                    file = GraphFile::open(&path).unwrap();
                }
                room += 8;
                leave_room(&file, room);
            }
            in_file.push(doc.id.clone());
            in_file.sort();
        }
        assert!(full > 5, "{full}");
        // Names are compared in one transaction, which has no room either.
        let mut full = 0;
        leave_room(&file, full);
        while let Err(error) = file.resolve() {
            assert!(matches!(error, StoreError::Full(_)), "{error}");
            assert!(file.is_stale().unwrap());
            full += 4;
            leave_room(&file, full);
        }
        assert!(full > 0);
        assert!(file.graph().unwrap() == roomy.graph().unwrap());
        let sound: String = file.connection.pragma_query_value(None, "integrity_check", |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok");
    }
}
