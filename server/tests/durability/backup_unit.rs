//! The nightly backup of the operator's page: its three steps, as they are in the unit.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use crystallum_test_support::{Person, Witness};
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tempfile::TempDir;

use crate::program::{PROGRAM, start_server};

const UNIT: &str = include_str!("../../deploy/crystallum-backup.service");

/// Returns the shell commands of a setting of the unit, without the escapes of systemd.
fn steps(setting: &str) -> Vec<String> {
    let unit = UNIT.replace("\\\n", "");
    let start = format!("{setting}=/bin/sh -euc '");
    let scripts = unit.lines().filter_map(|line| line.strip_prefix(&start)?.strip_suffix('\''));
    let plain = |script: &str| script.replace("$$", "$").replace("%%", "%");
    scripts.map(|script| plain(script).replace("/usr/local/bin/crystallum-server", PROGRAM)).collect()
}

/// A data folder and the folder of its backups.
struct Folders(TempDir);

impl Folders {
    fn new() -> Self {
        let folders = Self(tempfile::tempdir().unwrap());
        fs::create_dir(folders.backups()).unwrap();
        folders
    }

    fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    fn backups(&self) -> PathBuf {
        self.0.path().join("backups")
    }

    fn run(&self, script: &str) -> bool {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-euc", script]).env("BACKUPS", self.backups()).env("CRYSTALLUM_DATA", self.data());
        shell.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success()
    }

    /// Runs the unit as systemd does: the first step that fails is the last, and what is to be done
    /// afterwards is done in any case. Returns whether the unit succeeded.
    fn run_unit(&self) -> bool {
        let started = steps("ExecStart").iter().all(|step| self.run(step));
        let stopped = steps("ExecStopPost").iter().all(|step| self.run(step));
        started && stopped
    }

    /// Makes a backup that was made this many days ago and has everything but these stores.
    fn old(&self, name: &str, days: u64, missing: &[u8]) {
        let backup = self.backups().join(name);
        fs::create_dir_all(&backup).unwrap();
        let made = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() - days * 86_400;
        let stores = (1..=5).filter(|number| !missing.contains(number));
        let names = stores.map(|number| format!("stores/{number}/shares.db"));
        let names = std::iter::once("vault.db".to_owned()).chain(names);
        let files: Vec<Value> =
            names.map(|name| json!({"name": name, "bytes": 1, "sha256": "", "schema": 1})).collect();
        let manifest = json!({"format": 1, "made": made, "server": "0.1.0", "files": files});
        fs::write(backup.join("manifest.json"), manifest.to_string()).unwrap();
        self.age(name, days);
    }

    /// Makes a folder look as if it had been made this many days ago.
    fn age(&self, name: &str, days: u64) {
        let backup = self.backups().join(name);
        fs::create_dir_all(&backup).unwrap();
        let mut touch = Command::new("touch");
        assert!(touch.arg("-d").arg(format!("{days} days ago")).arg(backup).status().unwrap().success());
    }

    /// Returns the names of all backups.
    fn list(&self) -> Vec<String> {
        let entries = fs::read_dir(self.backups()).unwrap().map(Result::unwrap);
        let mut names: Vec<String> = entries
            .filter(|entry| entry.path().is_dir())
            .map(|entry| entry.file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

/// Returns a data folder in which somebody has written. If it is poisoned, the doctor finds
/// something wrong with another account.
async fn folders(poisoned: bool) -> Folders {
    let folders = Folders::new();
    let mut server = start_server(&folders.data(), None);
    Witness::new(&server, "anna").await;
    let mallory = Person::new(&server, "mallory").await;
    assert!(server.stop().success());
    if poisoned {
        let database = SqliteConnectOptions::new().filename(folders.data().join("vault.db"));
        let mut database = database.connect().await.unwrap();
        sqlx::query("UPDATE commits SET head = zeroblob(290) WHERE account = $1")
            .bind(mallory.account.0.as_slice())
            .execute(&mut database)
            .await
            .unwrap();
        database.close().await.unwrap();
    }
    folders
}

fn remove_store(data: &Path) {
    fs::remove_dir_all(data.join("stores/3")).unwrap();
}

#[test]
fn the_unit_has_three_steps() {
    assert_eq!((steps("ExecStart").len(), steps("ExecStopPost").len()), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn old_backups_are_deleted_and_newer_ones_kept() {
    let folders = folders(false).await;
    folders.old("2026-01-01T033000Z", 40, &[]);
    folders.old("2026-01-20T033000Z", 20, &[]);
    // A volume of its own has this folder, and the other one is nobody's backup.
    folders.age("lost+found", 400);
    folders.age("notes", 400);
    assert!(folders.run_unit());
    let left = folders.list();
    assert_eq!(left.len(), 4, "{left:?}");
    for kept in ["2026-01-20T033000Z", "lost+found", "notes"] {
        assert!(left.contains(&kept.to_owned()), "{left:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poisoned_account_fails_the_unit_but_not_the_retention() {
    let folders = folders(true).await;
    folders.old("2026-01-01T033000Z", 40, &[]);
    folders.old("2026-01-02T033000Z", 39, &[]);
    // The newest one that was sound stays, however old it is.
    fs::write(folders.backups().join("sound"), "2026-01-02T033000Z\n").unwrap();
    assert!(!folders.run_unit());
    let left = folders.list();
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(left.contains(&"2026-01-02T033000Z".to_owned()), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_store_fails_the_unit_but_not_the_retention() {
    let folders = folders(false).await;
    remove_store(&folders.data());
    folders.old("2026-01-01T033000Z", 40, &[]);
    folders.old("2026-01-02T033000Z", 39, &[]);
    assert!(!folders.run_unit());
    let left = folders.list();
    // The newer of the two in which the store is.
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(!left.contains(&"2026-01-01T033000Z".to_owned()), "{left:?}");
}

/// Also if there is no newer backup that has all of them, and none that was found sound.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_each_store_is_kept_while_a_store_is_damaged() {
    let folders = folders(true).await;
    fs::write(folders.data().join("stores/3/shares.db"), b"nothing of the kind").unwrap();
    folders.old("2026-01-01T033000Z", 50, &[]);
    folders.old("2026-01-02T033000Z", 45, &[1]);
    folders.old("2026-01-03T033000Z", 40, &[2, 4]);
    folders.old("2026-01-04T033000Z", 35, &[3]);
    assert!(!folders.run_unit());
    let left = folders.list();
    assert_eq!(left.len(), 3, "{left:?}");
    // The newest that has everything, and the newest that has the third store.
    for kept in ["2026-01-01T033000Z", "2026-01-03T033000Z"] {
        assert!(left.contains(&kept.to_owned()), "{left:?}");
    }
}

#[test]
fn without_a_new_backup_no_old_one_is_deleted() {
    let folders = Folders::new();
    folders.old("2026-01-01T033000Z", 40, &[]);
    fs::write(folders.backups().join("newest"), "2026-01-01T033000Z\n").unwrap();
    assert!(!folders.run_unit());
    assert_eq!(folders.list(), ["2026-01-01T033000Z"]);
}
