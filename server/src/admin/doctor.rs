//! Checks everything in a data folder that can be checked without keys. It only reads, and it works
//! while the server runs.
//!
//! It holds one account in memory at a time and reads ciphertexts page by page. The size of an
//! account is bounded by its quota.

mod account;
mod history;
mod report;
mod stores;
mod tables;
mod wraps;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sqlx::{Connection, SqliteConnection};
use thiserror::Error;

pub use report::{Problem, Report};

use super::files::{self, Database};
use super::format::pluralize;
use super::manifest::{self, Manifest};
use crate::store::accounts;
use crate::store::columns::decode_id;
use crate::store::files::main_file;
use report::Meaning;
use stores::OpenStores;

/// How many accounts are read at a time.
const PAGE: i64 = 256;

/// Why nothing was checked.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DoctorError {
    /// The folder contains no database.
    #[error("{0} has no database of this server")]
    NoData(PathBuf),
    /// The main database cannot be opened.
    #[error("the main database cannot be opened: {0}")]
    Unreadable(#[from] sqlx::Error),
}

/// Checks a data folder or a backup.
pub async fn doctor(data: &Path) -> Result<Report, DoctorError> {
    let databases = Database::existing_in(data);
    if databases.first() != Some(&Database::Main) {
        return Err(DoctorError::NoData(data.to_owned()));
    }
    let mut report = Report::default();
    if let Err(error) = check_permissions(data, &mut report) {
        report.add_problem(data.display(), error, Meaning::Unreadable);
    }
    let mut missing = Vec::new();
    if data.join(manifest::FILE_NAME).exists() {
        report.add_note("this is a backup; restore compares its files with the manifest too".to_owned());
        // What is wrong with a manifest, restore says.
        missing = Manifest::read(data).map(|(manifest, _)| manifest.missing()).unwrap_or_default();
    }
    let mut sound = Vec::new();
    for database in databases {
        if check_file(data, database, &mut report).await {
            sound.push(database);
        }
    }
    if sound.first() == Some(&Database::Main) {
        let mut main = files::open_to_check(&Database::Main.path(data)).await?;
        let mut open_stores = OpenStores::open(data, (&sound, &missing), &mut main, &mut report).await?;
        if let Err(error) = check_accounts(&mut main, &mut open_stores, &mut report).await {
            report.add_problem(Database::Main, error, Meaning::Unreadable);
        }
        open_stores.note_orphans(&mut main, &mut report).await;
        open_stores.close().await;
        main.close().await?;
    }
    Ok(report)
}

/// Checks that only the owner can read the folder. On a volume of somebody else, which is shared
/// with a group, the files themselves are private.
fn check_permissions(data: &Path, report: &mut Report) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).map(|facts| facts.permissions().mode() & 0o777);
        let found = mode(data)?;
        if found & 0o077 == 0 {
            return Ok(());
        }
        let is_private = |path: PathBuf| mode(&path).is_ok_and(|mode| mode & 0o077 == 0);
        if is_private(main_file(data)) && is_private(data.join("stores")) {
            report.add_note(format!(
                "the folder's permissions are {found:o}, not 700, but its files are private"
            ));
        } else {
            let what = format_args!("its permissions are {found:o}, not 700");
            report.add_problem(data.display(), what, Meaning::Permissions);
        }
    }
    #[cfg(not(unix))]
    let _ = (fs::metadata(data)?, report);
    Ok(())
}

/// Checks the integrity and schema of one database. Returns whether its tables can be checked
/// further.
async fn check_file(data: &Path, database: Database, report: &mut Report) -> bool {
    match read_damage_and_schema(&database.path(data)).await {
        Ok((damage, schema)) => {
            report.databases += 1;
            let expected = database.schema();
            if schema != expected {
                let what =
                    format_args!("its tables are of form {schema}, this version writes form {expected}");
                report.add_problem(database, what, Meaning::Version);
            }
            let sound = damage.is_empty();
            for line in damage {
                report.add_problem(database, line, Meaning::Damage);
            }
            sound && schema == expected
        }
        Err(error) => {
            report.add_problem(database, &error, Meaning::of(&error));
            false
        }
    }
}

async fn read_damage_and_schema(path: &Path) -> sqlx::Result<(Vec<String>, i64)> {
    let mut conn = files::open_to_check(path).await?;
    let damage = files::find_damage(&mut conn).await?;
    let schema = files::read_schema(&mut conn, "main").await?;
    conn.close().await?;
    Ok((damage, schema))
}

/// Checks every account.
async fn check_accounts(
    main: &mut SqliteConnection,
    open_stores: &mut OpenStores,
    report: &mut Report,
) -> sqlx::Result<()> {
    let being_deleted = accounts::being_deleted(main).await?.len();
    if being_deleted > 0 {
        report.add_note(format!(
            "of {} that {} deleted not everything is gone; the server goes on deleting as long as it runs",
            pluralize(being_deleted, "account"),
            if being_deleted == 1 { "was" } else { "were" }
        ));
    }
    let sql = "SELECT id FROM accounts WHERE id > $1 AND deleted IS NULL ORDER BY id LIMIT $2";
    let mut after = Vec::new();
    loop {
        let page: Vec<Vec<u8>> = sqlx::query_scalar(sql).bind(after).bind(PAGE).fetch_all(&mut *main).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.clone();
        for account in page {
            let Ok(account) = decode_id(&account) else {
                report.add_problem(Database::Main, "an account's id has not 16 bytes", Meaning::Damage);
                continue;
            };
            report.set_account(Some(account));
            // The transaction sees one state of the account, whatever the server writes in the
            // meantime.
            let mut state = main.begin().await?;
            let vault = account::check(&mut state, account, report).await;
            state.rollback().await?;
            match vault {
                Ok(Some(vault)) => open_stores.check_shares(main, account, &vault.shares(), report).await,
                Ok(None) => (),
                Err(error) => {
                    report.add_problem(format_args!("account {account}"), error, Meaning::Unreadable)
                }
            }
            report.set_account(None);
        }
    }
}
