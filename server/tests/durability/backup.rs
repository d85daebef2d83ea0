//! Backups that are made while clients keep writing, and their restoration.

use std::fs;
use std::path::Path;

use crystallum_test_support::{Witness, deep, signer::WRITE, work};
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::program::{assert_sound, run_command, run_doctor, start_server};

const PEOPLE: usize = 3;
/// Backups of each round besides the one that is restored.
const MORE: usize = 5;
/// Writes that make the main database large, so that copying it takes a while and much is written
/// in the meantime.
const BULK: usize = 15;

/// Returns the single line on standard output of a command that must succeed.
async fn line(arguments: &[&str], folder: &Path, data: &Path) -> String {
    let output = run_command(arguments, Some(folder), data).await;
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success() && err.is_empty(), "{err}");
    assert_eq!(out.lines().count(), 1, "{out}");
    out
}

/// Returns the standard error of a command that must fail.
async fn refusal(arguments: &[&str], folder: &Path, data: &Path) -> String {
    let output = run_command(arguments, Some(folder), data).await;
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), [].as_slice()));
    String::from_utf8(output.stderr).unwrap()
}

/// Returns all files below a folder with their contents.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.display().to_string(), fs::read(path).unwrap()));
        }
    }
    found.sort();
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_has_every_write_acknowledged_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut server = start_server(&data, None);
    let address = server.address();
    let mut people = Vec::new();
    for name in ["carla", "david", "emil"] {
        people.push(Witness::new(&server, name).await);
    }
    assert_eq!(people.len(), PEOPLE);
    for _ in 0..BULK {
        let person = &mut people[0];
        let many = (0..20).map(|_| {
            let id = person.rng.id();
            person.state.add(id, &mut person.rng, 16_384)
        });
        let many = many.collect();
        assert!(person.write(WRITE, many).await);
    }
    let rounds = if deep() { 20 } else { 3 };
    let mut before = Vec::new();
    for round in 0..rounds {
        // What was acknowledged to each person before the backup begins.
        before.push(people.iter().map(Known::of).collect::<Vec<_>>());
        let (stop, stopped) = watch::channel(false);
        let mut working = JoinSet::new();
        for (at, mut person) in people.drain(..).enumerate() {
            let stopped = stopped.clone();
            working.spawn(async move {
                // The hardest case for a backup: shares that are added and removed while it is
                // made.
                let deals_only = at > 0;
                while !*stopped.borrow() {
                    let done = if deals_only {
                        work::deal_wallet(&mut person).await
                    } else {
                        work::random_action(&mut person).await
                    };
                    assert!(done);
                }
                (at, person)
            });
        }
        let to = folder.path().join(format!("backups/{round}"));
        // More backups, each of which must be consistent. A gap between copying two files only
        // shows if somebody deals a wallet in it.
        for more in 0..MORE {
            let to = folder.path().join(format!("backups/{round}.{more}"));
            line(&["backup"], &to, &data).await;
            assert_sound(&to).await;
        }
        let said = line(&["backup"], &to, &data).await;
        assert!(said.starts_with(&format!("backed up {PEOPLE} accounts with ")), "{said}");
        assert!(said.contains(": 6 files, "), "{said}");
        let during = assert_sound(&data).await;
        assert_eq!(during["databases"], 6);
        stop.send(true).unwrap();
        let mut back = working.join_all().await;
        back.sort_by_key(|(at, _)| *at);
        people.extend(back.into_iter().map(|(_, person)| person));
        let report = assert_sound(&to).await;
        let written = report["writes"].as_u64().unwrap();
        assert!(said.contains(&format!("with {written} writes")), "{said}");
    }
    let last: usize = people.iter().map(|person| person.heads.len()).sum();
    assert!(server.stop().success());

    for (round, known) in before.into_iter().enumerate() {
        let restored = folder.path().join(format!("restored {round}"));
        let said = line(&["restore"], &folder.path().join(format!("backups/{round}")), &restored).await;
        assert!(said.starts_with("restored the backup made at "), "{said}");
        let report = assert_sound(&restored).await;
        let writes = usize::try_from(report["writes"].as_u64().unwrap()).unwrap();
        assert!(writes <= last);
        let mut server = start_server(&restored, Some(address));
        for (person, known) in people.iter_mut().zip(&known) {
            assert_eq!(
                person.person.browser.get("/api/session").await.status,
                401,
                "sessions are not restored"
            );
            person.login().await;
            known.is_there(person).await;
        }
        assert!(server.stop().success());
        assert_sound(&restored).await;
    }
}

/// What was acknowledged at one moment.
struct Known {
    heads: usize,
    shares: Vec<(crystallum_api::Id, crystallum_api::Id, Vec<u8>)>,
}

impl Known {
    fn of(person: &Witness) -> Self {
        let shares = person.shares.iter().map(|(share, (store, hash))| (*share, *store, hash.clone()));
        Self { heads: person.heads.len(), shares: shares.collect() }
    }

    async fn is_there(&self, person: &mut Witness) {
        let heads = person.stored_heads().await;
        assert!(heads.len() >= self.heads, "{} writes of {}", heads.len(), self.heads);
        assert!(heads == person.heads[..heads.len()], "another write than was acknowledged");
        // Shares that were never removed were not removed before the backup either.
        for (share, store, hash) in &self.shares {
            if !person.shares.contains_key(share) {
                continue;
            }
            assert_eq!(person.stored_share(*store, *share).await.as_ref(), Some(hash));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_or_foreign_backup_is_not_restored() {
    let folder = tempfile::tempdir().unwrap();
    let (data, to) = (folder.path().join("data"), folder.path().join("backup"));
    let mut server = start_server(&data, None);
    let mut person = Witness::new(&server, "franz").await;
    assert!(work::deal_wallet(&mut person).await);
    let said = line(&["backup"], &to, &data).await;
    assert!(said.starts_with("backed up 1 account with "), "{said}");
    let good = files(&to);
    assert_eq!(good.len(), 7, "six databases and the manifest");

    assert!(refusal(&["backup"], &to, &data).await.contains("is not empty"));
    assert!(refusal(&["restore"], &to, &data).await.contains("never writes over data"));
    assert!(
        refusal(&["backup"], &folder.path().join("other"), &to.join("stores"))
            .await
            .contains("has no database")
    );
    assert!(refusal(&["restore"], folder.path(), &folder.path().join("new")).await.contains("is no backup"));
    assert_eq!(files(&to), good);

    let new = folder.path().join("new");
    for (path, bytes) in good.iter().filter(|(path, _)| path.ends_with(".db")) {
        let mut other = bytes.clone();
        let middle = other.len() / 2;
        other[middle] ^= 1;
        for wrong in [&other[..], &bytes[..bytes.len() - 1], &[]] {
            fs::write(path, wrong).unwrap();
            refusal(&["restore"], &to, &new).await;
            assert!(!new.exists(), "all or nothing");
        }
        fs::remove_file(path).unwrap();
        refusal(&["restore"], &to, &new).await;
        fs::write(path, bytes).unwrap();
    }
    let manifest = to.join("manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    for (from, into) in [
        ("\"format\": 1", "\"format\": 2"),
        ("vault.db", "../vault.db"),
        ("stores/2/shares.db", "stores/1/shares.db"),
        ("stores/2/shares.db", "/etc/shares.db"),
        ("\"schema\": 3", "\"schema\": 99"),
        ("\"made\"", "\"more\": 1, \"made\""),
    ] {
        let other = text.replacen(from, into, 1);
        assert_ne!(other, text, "{from}");
        fs::write(&manifest, other).unwrap();
        assert!(
            refusal(&["restore"], &to, &new).await.contains("is no backup that can be restored"),
            "{from}"
        );
    }
    fs::write(&manifest, &text).unwrap();
    assert!(!new.exists());
    let left = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 2, "nothing is left of what failed");
    fs::create_dir(&new).unwrap();
    let said = line(&["restore"], &to, &new).await;
    assert!(said.contains(" UTC to "), "{said}");
    assert!(server.stop().success());
    assert_sound(&new).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_has_a_manifest_and_is_private() {
    let folder = tempfile::tempdir().unwrap();
    let (data, to) = (folder.path().join("data"), folder.path().join("a/backup"));
    let mut server = start_server(&data, None);
    Witness::new(&server, "gerda").await;
    assert!(server.stop().success());
    line(&["backup"], &to, &data).await;
    let manifest: Value = serde_json::from_slice(&fs::read(to.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["format"], 1);
    let entries = manifest["files"].as_array().unwrap();
    let names: Vec<&str> = entries.iter().map(|entry| entry["name"].as_str().unwrap()).collect();
    assert_eq!(names[0], "vault.db");
    assert_eq!(names[5], "stores/5/shares.db");
    for entry in entries {
        let bytes = fs::read(to.join(entry["name"].as_str().unwrap())).unwrap();
        let hash = data_encoding::HEXLOWER.encode(&<sha2::Sha256 as sha2::Digest>::digest(&bytes));
        assert_eq!((&entry["bytes"], &entry["sha256"]), (&bytes.len().into(), &hash.into()));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&to), mode(&to.join("stores")), mode(&to.join("stores/1"))), (0o700, 0o700, 0o700));
        assert!(files(&to).iter().all(|(path, _)| mode(Path::new(path)) == 0o600));
    }

    // A missing store is reported, and the rest is backed up nevertheless.
    fs::remove_dir_all(data.join("stores/3")).unwrap();
    let to = folder.path().join("without");
    let output = run_command(&["backup"], Some(&to), &data).await;
    assert_eq!(output.status.code(), Some(4));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.ends_with("NOT in it: store 3 (it is not there)\n"), "{said}");
    assert_eq!(run_doctor(&to).await["databases"], 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_is_not_backed_up() {
    let folder = tempfile::tempdir().unwrap();
    let (data, to) = (folder.path().join("data"), folder.path().join("backup"));
    let mut server = start_server(&data, None);
    let mut person = Witness::new(&server, "hugo").await;
    for _ in 0..10 {
        assert!(work::random_action(&mut person).await);
    }
    assert!(server.stop().success());
    let mut bytes = fs::read(data.join("vault.db")).unwrap();
    let (start, end) = (bytes.len() / 3, bytes.len() / 2);
    for byte in &mut bytes[start..end] {
        *byte = 0x5a;
    }
    fs::write(data.join("vault.db"), bytes).unwrap();
    let said = refusal(&["backup"], &to, &data).await;
    assert!(said.contains("vault.db"), "{said}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left of it");
}
