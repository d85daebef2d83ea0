//! No write is acknowledged before it is synced to disk, as observed by `strace`.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use crystallum_test_support::signer::{GENESIS, WRITE};
use crystallum_test_support::{Witness, terminate, work};

use crate::program::{assert_sound, start_server_under};
use crate::trace::{Verdict, judge};

/// The requests that store data.
const WRITES: [&str; 5] = [
    "POST /api/sign-in-methods ",
    "POST /api/accounts ",
    "POST /api/commit ",
    "POST /api/login ",
    "POST /api/stores/",
];
/// The number of actions in this test. Each makes one write or more.
const ACTIONS: usize = 25;
/// Where the operation is in a head.
const OPERATION: usize = 4;

/// Runs a server under `strace` while one person works. Returns the verdict on the trace, the
/// number of acknowledged writes, and how many of them were commits that change records only.
async fn watched(synchronous: Option<&str>) -> (Verdict, usize, usize) {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let data = folder.path().join("data");
    let mut strace = Command::new(env::var_os("CRYSTALLUM_STRACE").unwrap_or_else(|| "strace".into()));
    strace.args(["-f", "-qq", "-yy", "-s", "32"]).arg("-o").arg(&trace);
    strace.args(["-e", "trace=recvfrom,read,write,writev,sendto,sendmsg,pwrite64,fsync,fdatasync"]);
    if let Some(word) = synchronous {
        strace.env("CRYSTALLUM_TEST_SYNCHRONOUS", word);
    }
    assert!(
        strace.get_program() != "strace" || on_path("strace"),
        "this test needs strace: install it (Debian: apt-get install strace), or set CRYSTALLUM_STRACE to its path"
    );
    let mut server = start_server_under(strace, &data);
    let mut person = Witness::new(&server, "ida").await;
    for _ in 0..ACTIONS {
        assert!(work::random_action(&mut person).await);
    }
    person.login().await;
    let acknowledged = person.heads.len() + person.puts + 1;
    terminate(process_below(server.pid()));
    assert!(server.wait().success(), "strace watches nothing here: is tracing forbidden?");
    assert_sound(&data).await;
    let verdict = judge(&fs::read_to_string(trace).unwrap(), &WRITES);
    // A commit that removes something from the write-ahead log syncs it, whatever the setting.
    let ordinary = person.heads.iter().filter(|head| matches!(head[OPERATION], GENESIS | WRITE));
    (verdict, acknowledged, ordinary.count())
}

fn on_path(program: &str) -> bool {
    env::var_os("PATH")
        .is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

/// Returns the process that `strace` started.
fn process_below(parent: u32) -> u32 {
    let children =
        Path::new("/proc").join(parent.to_string()).join("task").join(parent.to_string()).join("children");
    fs::read_to_string(children).unwrap().trim().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_acknowledged_write_was_synced_before_its_answer() {
    let (verdict, acknowledged, _) = watched(None).await;
    assert!(acknowledged > ACTIONS);
    assert_eq!(verdict, Verdict { answers: acknowledged, too_early: 0 });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_sync_is_detected() {
    let (verdict, acknowledged, _) = watched(Some("off")).await;
    assert_eq!(verdict, Verdict { answers: acknowledged, too_early: acknowledged });
    // With "normal", a commit alone is not synced, but a store's file is synced when it is closed.
    let (verdict, acknowledged, commits) = watched(Some("normal")).await;
    assert_eq!(verdict.answers, acknowledged);
    assert!(verdict.too_early >= commits, "{verdict:?}, {commits} commits");
}
