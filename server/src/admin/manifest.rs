//! The manifest of a backup: a small JSON file next to the databases.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::files::Database;

/// The name of the manifest's file.
pub(super) const FILE_NAME: &str = "manifest.json";
/// The version of the backup format that this server writes and reads.
const FORMAT: u32 = 1;
const MAX_BYTES: u64 = 1 << 20;

/// The contents of a backup.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    format: u32,
    /// When the backup was made, in seconds since the Unix epoch.
    pub(super) made: i64,
    /// The version of the server that made the backup.
    server: String,
    pub(super) files: Vec<Entry>,
}

/// One database of a backup.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) bytes: u64,
    /// The SHA-256 of the file in hexadecimal.
    pub(super) sha256: String,
    /// The schema version of the database.
    pub(super) schema: i64,
}

impl Manifest {
    pub(super) fn new(made: i64, files: Vec<Entry>) -> Self {
        Self { format: FORMAT, made, server: env!("CARGO_PKG_VERSION").to_owned(), files }
    }

    pub(super) fn to_text(&self) -> io::Result<String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n").map_err(io::Error::from)
    }

    /// Reads the manifest of a backup. Fails if this version cannot restore it.
    pub(super) fn read(backup: &Path) -> io::Result<(Self, Vec<(Database, usize)>)> {
        let mut text = String::new();
        File::open(backup.join(FILE_NAME))?.take(MAX_BYTES).read_to_string(&mut text)?;
        let manifest: Self = serde_json::from_str(&text).map_err(io::Error::from)?;
        let databases = manifest.databases().map_err(io::Error::other)?;
        Ok((manifest, databases))
    }

    fn databases(&self) -> Result<Vec<(Database, usize)>, String> {
        if self.format != FORMAT {
            return Err(format!("it has form {}, this version reads form {FORMAT}", self.format));
        }
        let mut seen = HashSet::new();
        let mut databases = Vec::new();
        for (at, entry) in self.files.iter().enumerate() {
            let database = Database::from_name(&entry.name).filter(|database| seen.insert(*database));
            let database = database.ok_or_else(|| format!("it names {:?}", entry.name))?;
            if entry.schema > database.schema() {
                return Err(format!("{database} is of a later version of the server"));
            }
            databases.push((database, at));
        }
        if seen.contains(&Database::Main) { Ok(databases) } else { Err("it has no main database".to_owned()) }
    }
}
