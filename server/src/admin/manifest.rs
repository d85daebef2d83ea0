//! The manifest of a backup: a small JSON file next to the databases.

use std::collections::HashSet;
use std::fmt;
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
    /// The stores of the server that are not in the backup.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    missing: Vec<MissingEntry>,
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

/// A store that is not in a backup.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MissingEntry {
    name: String,
    why: String,
}

/// A store of the server that is not in a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MissingStore {
    /// The store's number.
    pub number: u8,
    /// Why it is not in the backup.
    pub why: String,
}

impl fmt::Display for MissingStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "store {} ({})", self.number, self.why)
    }
}

/// Says which stores are not in a backup. Nothing is said if all are.
pub(super) fn describe_missing(missing: &[MissingStore]) -> String {
    if missing.is_empty() {
        return String::new();
    }
    let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
    format!("; NOT in it: {}", missing.join(", "))
}

impl Manifest {
    pub(super) fn new(made: i64, files: Vec<Entry>, missing: &[MissingStore]) -> Self {
        let missing = missing.iter().map(|store| MissingEntry {
            name: Database::Store(store.number).to_string(),
            why: store.why.clone(),
        });
        let server = env!("CARGO_PKG_VERSION").to_owned();
        Self { format: FORMAT, made, server, files, missing: missing.collect() }
    }

    /// Returns the stores that are not in the backup.
    pub(super) fn missing(&self) -> Vec<MissingStore> {
        let missing = self.missing.iter().filter_map(|entry| match Database::from_name(&entry.name)? {
            Database::Main => None,
            Database::Store(number) => Some(MissingStore { number, why: entry.why.clone() }),
        });
        missing.collect()
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
        for entry in &self.missing {
            let store = Database::from_name(&entry.name).filter(|store| *store != Database::Main);
            if !store.is_some_and(|store| seen.insert(store)) {
                return Err(format!("it says that {:?} is missing", entry.name));
            }
        }
        if seen.contains(&Database::Main) { Ok(databases) } else { Err("it has no main database".to_owned()) }
    }
}
