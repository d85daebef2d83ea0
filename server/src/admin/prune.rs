//! Deletes old backups, but none without which something could not be restored any more.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use thiserror::Error;

use super::draft::is_draft_name;
use super::files::Database;
use super::format::pluralize;
use super::manifest::Manifest;
use crate::app::clock::Clock;

/// The file that names the newest backup that the doctor found sound.
const SOUND: &str = "sound";
const DAY_SECONDS: i64 = 24 * 3_600;
/// How long nothing has happened in a draft of a backup that nobody makes any more. Copying a
/// database ends after an hour in any case.
const ABANDONED: Duration = Duration::from_secs(24 * 3_600);

/// Why backups were not deleted.
#[derive(Debug, Error)]
#[error("{0} cannot be read or written: {1}")]
pub struct PruneError(PathBuf, io::Error);

/// A backup among others.
#[derive(Debug)]
struct Found {
    name: String,
    made: i64,
    databases: Vec<Database>,
    is_complete: bool,
}

/// Deletes the backups in a folder that are older than some days, except for the one that the file
/// `sound` names, the newest that has every store, and the newest that has each single one. Folders
/// that are no backups are left alone, but what interrupted backups have left over is deleted after
/// a day. Returns what was done.
pub fn prune(folder: &Path, days: u32) -> Result<String, PruneError> {
    let failed = |error| PruneError(folder.to_owned(), error);
    let sound = match fs::read_to_string(folder.join(SOUND)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        read => read.map_err(failed)?,
    };
    let found = find_backups(folder).map_err(failed)?;
    let kept = names_to_keep(&found, sound.trim(), Clock::system().unix() - i64::from(days) * DAY_SECONDS);
    let mut deleted = 0_usize;
    for backup in found.iter().filter(|backup| !kept.contains(backup.name.as_str())) {
        let path = folder.join(&backup.name);
        fs::remove_dir_all(&path).map_err(|error| PruneError(path, error))?;
        deleted += 1;
    }
    let mut done = format!("deleted {}, kept {}", pluralize(deleted, "backup"), kept.len());
    let abandoned = find_abandoned(folder, SystemTime::now()).map_err(failed)?;
    for path in &abandoned {
        fs::remove_dir_all(path).map_err(|error| PruneError(path.clone(), error))?;
    }
    if !abandoned.is_empty() {
        let abandoned = pluralize(abandoned.len(), "interrupted backup");
        done.push_str(&format!("; deleted what was left over of {abandoned}"));
    }
    Ok(done)
}

/// Returns the drafts of backups that nobody makes any more.
fn find_abandoned(folder: &Path, now: SystemTime) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let is_draft = entry.file_name().to_str().is_some_and(is_draft_name) && entry.file_type()?.is_dir();
        if is_draft && now.duration_since(entry.metadata()?.modified()?).is_ok_and(|age| age > ABANDONED) {
            found.push(entry.path());
        }
    }
    Ok(found)
}

fn find_backups(folder: &Path) -> io::Result<Vec<Found>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_type()?.is_dir() {
            continue;
        }
        let (Ok(name), Ok((manifest, databases))) =
            (entry.file_name().into_string(), Manifest::read(&entry.path()))
        else {
            continue;
        };
        // What is left over from an interrupted backup is none.
        if name.starts_with('.') {
            continue;
        }
        found.push(Found {
            name,
            made: manifest.made,
            is_complete: manifest.missing().is_empty(),
            databases: databases.into_iter().map(|(database, _)| database).collect(),
        });
    }
    Ok(found)
}

fn names_to_keep<'a>(found: &'a [Found], sound: &str, oldest: i64) -> HashSet<&'a str> {
    let newest = |wanted: &dyn Fn(&Found) -> bool| {
        found.iter().filter(|backup| wanted(backup)).max_by_key(|backup| backup.made)
    };
    let single = Database::all_possible()
        .filter_map(|database| newest(&|backup: &Found| backup.databases.contains(&database)));
    let complete = newest(&|backup: &Found| {
        backup.is_complete && Database::all_possible().all(|database| backup.databases.contains(&database))
    });
    let young = found.iter().filter(|backup| backup.made >= oldest || backup.name == sound);
    young.chain(single).chain(complete).map(|backup| backup.name.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backup(name: &str, made: i64, missing: &[u8]) -> Found {
        let has =
            |database: &Database| !matches!(database, Database::Store(number) if missing.contains(number));
        Found {
            name: name.to_owned(),
            made,
            databases: Database::all_possible().filter(has).collect(),
            is_complete: missing.is_empty(),
        }
    }

    fn kept(found: &[Found], sound: &str) -> Vec<String> {
        let mut kept: Vec<String> = names_to_keep(found, sound, 100).into_iter().map(str::to_owned).collect();
        kept.sort();
        kept
    }

    #[test]
    fn old_ones_go_and_the_sound_one_stays() {
        let all = [backup("a", 1, &[]), backup("b", 2, &[]), backup("c", 100, &[]), backup("d", 101, &[])];
        assert_eq!(kept(&all, ""), ["c", "d"]);
        assert_eq!(kept(&all, "b"), ["b", "c", "d"]);
        assert_eq!(kept(&all[..2], ""), ["b"]);
        assert_eq!(kept(&[], "b"), [""; 0]);
    }

    #[test]
    fn what_interrupted_backups_have_left_over_goes_after_a_day() {
        let folder = tempfile::tempdir().unwrap();
        let (old, now) = (SystemTime::now() - 2 * ABANDONED, SystemTime::now());
        let all = [
            (".2026-01-01T033000Z.partial", old),
            (".2026-01-02T033000Z.partial", now),
            (".hidden", old),
            ("kept.partial", old),
            (".partial", old),
        ];
        for (name, time) in all {
            fs::create_dir(folder.path().join(name)).unwrap();
            fs::write(folder.path().join(name).join("vault.db"), "a part").unwrap();
            fs::File::open(folder.path().join(name)).unwrap().set_modified(time).unwrap();
        }
        fs::write(folder.path().join(".file.partial"), "no folder").unwrap();
        let done = prune(folder.path(), 30).unwrap();
        assert_eq!(done, "deleted 0 backups, kept 0; deleted what was left over of 1 interrupted backup");
        let mut left: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(
            left,
            [".2026-01-02T033000Z.partial", ".file.partial", ".hidden", ".partial", "kept.partial"]
        );
        assert_eq!(prune(folder.path(), 30).unwrap(), "deleted 0 backups, kept 0");
    }

    #[test]
    fn what_only_an_old_one_has_stays() {
        let all = [
            backup("a", 1, &[]),
            backup("b", 2, &[]),
            backup("c", 3, &[2]),
            backup("d", 4, &[3]),
            backup("e", 200, &[2, 3]),
        ];
        assert_eq!(kept(&all, ""), ["b", "c", "d", "e"]);
    }
}
