//! A disk that is full or read-only is told from damage, and ends nothing when it is well again.

use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};

use crystallum_api::{Health, Session};
use crystallum_test_support::{Browser, SmallDisk, Witness, deep, signer::WRITE};
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

use crate::program::{PROGRAM, assert_sound, start_server};

/// Runs `doctor` as on a disk without space: no file can be made longer.
async fn doctor_without_space(data: &Path) -> Output {
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" doctor --json --data \"$1\"", PROGRAM]);
    command.arg(data).stdin(Stdio::null()).output().await.unwrap()
}

/// Returns what the problems of a report mean.
fn meanings(output: &Output) -> Vec<String> {
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let problems = report["problems"].as_array().unwrap().iter();
    problems.map(|problem| problem["means"].as_str().unwrap().to_owned()).collect()
}

/// Returns a data folder in which somebody has written, and whose server has ended, by a signal or
/// properly.
async fn data_folder(killed: bool) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut server = start_server(&folder.path().join("data"), None);
    let mut person = Witness::new(&server, "anna").await;
    let record = person.rng.id();
    let add = person.state.add(record, &mut person.rng, 1_024);
    assert!(person.write(WRITE, vec![add]).await);
    if killed {
        server.kill();
    } else {
        assert!(server.stop().success());
    }
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_checks_a_stopped_server_on_a_full_disk() {
    let folder = data_folder(false).await;
    let data = folder.path().join("data");
    let output = doctor_without_space(&data).await;
    assert!(output.status.success(), "{output:?}");
    assert_sound(&data).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_does_not_take_a_full_disk_for_damage() {
    let folder = data_folder(true).await;
    let data = folder.path().join("data");
    // As after a restart of the machine: the log is there, its shared memory is not.
    fs::remove_file(data.join("vault.db-shm")).unwrap();
    let output = doctor_without_space(&data).await;
    assert_eq!(output.status.code(), Some(1));
    let meanings = meanings(&output);
    assert!(!meanings.is_empty());
    for means in meanings {
        assert!(means.contains("says nothing about damage"), "{means}");
    }
    assert_sound(&data).await;
}

/// Returns the status of `/api/health` and the problems it names.
async fn health(browser: &Browser) -> (u16, Vec<String>) {
    let reply = browser.get("/api/health").await;
    (reply.status, serde_json::from_slice::<Health>(&reply.body).unwrap().problems)
}

/// Writes until the disk takes nothing any more: the write-ahead log may have space for some.
async fn write_until_refused(person: &mut Witness) {
    for _ in 0..2_000 {
        let record = person.rng.id();
        let add = person.state.add(record, &mut person.rng, 16_384);
        if !person.write(WRITE, vec![add]).await {
            return;
        }
    }
    panic!("the disk is not full");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_is_filled_and_freed_twice_and_nothing_is_lost() {
    let disk = if deep() { SmallDisk::mount(12) } else { None };
    let Some(disk) = disk else { return };
    let data = disk.data();
    let mut server = start_server(&data, None);
    let mut anna = Witness::new(&server, "anna").await;
    let mut bernd = Witness::new(&server, "bernd").await;
    for _ in 0..2 {
        disk.fill();
        write_until_refused(&mut anna).await;
        assert_eq!(health(&anna.person.browser).await, (503, vec!["writes_fail".to_owned()]));
        // What reads goes on, and so does the doctor.
        anna.assert_everything_stored().await;
        anna.person.browser.get("/api/session").await.json::<Session>();
        assert_sound(&data).await;
        disk.free();
        assert!(anna.resend().await, "the server needs no restart");
        assert_eq!(health(&anna.person.browser).await, (200, Vec::new()));
        bernd.login().await;
        let record = bernd.rng.id();
        let add = bernd.state.add(record, &mut bernd.rng, 1_024);
        assert!(bernd.write(WRITE, vec![add]).await);
        anna.assert_everything_stored().await;
    }
    // A server that was killed starts again, and what reads works.
    disk.fill();
    server.kill();
    let address = server.address();
    let mut server = start_server(&data, Some(address));
    anna.assert_everything_stored().await;
    assert_eq!(health(&anna.person.browser).await.0, 503);
    disk.free();
    assert!(server.stop().success());
    disk.fill();
    assert_sound(&data).await;
    disk.free();
    disk.set_writable(false);
    assert_sound(&data).await;
    disk.set_writable(true);

    let address = server.address();
    let mut server = start_server(&data, Some(address));
    anna.person.reconnect(&server);
    anna.login().await;
    anna.assert_everything_stored().await;
    let record = anna.rng.id();
    let add = anna.state.add(record, &mut anna.rng, 1_024);
    assert!(anna.write(WRITE, vec![add]).await);
    server.kill();
    // As after a restart of the machine.
    fs::remove_file(data.join("vault.db-shm")).unwrap();
    disk.set_writable(false);
    let output =
        Command::new(PROGRAM).args(["doctor", "--json", "--data"]).arg(&data).output().await.unwrap();
    let meanings = meanings(&output);
    assert!(!meanings.is_empty());
    for means in meanings {
        assert!(means.contains("says nothing about damage"), "{means}");
    }
    disk.set_writable(true);
    assert_sound(&data).await;
}
