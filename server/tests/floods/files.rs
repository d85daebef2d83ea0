//! A server that runs out of file descriptors goes on serving, and says what is wrong.

use std::process::Command;

use crystallum_api::Health;
use crystallum_test_support::{Site, limit_open_files};

use crate::flood::Target;

async fn silent(target: &Target, times: usize) -> Vec<tokio::net::TcpStream> {
    let mut silent = Vec::new();
    for _ in 0..times {
        silent.push(target.send(b"").await);
    }
    silent
}

#[tokio::test]
async fn a_server_without_descriptors_serves_the_newest() {
    let target = Target::start();
    target.assert_healthy().await;
    limit_open_files(target.process.pid(), target.open_files() + 4);
    let flood = silent(&target, 40).await;
    // It does not have to wait until the server has given up the others.
    target.assert_healthy().await;
    let health: Health = target.browser().get("/api/health").await.json();
    // A store that was being opened may have found no descriptor either.
    assert!(health.problems.iter().any(|problem| problem == "accepts_fail"), "{health:?}");
    let log = target.log();
    assert_eq!(log.matches("accepts_fail").count(), 1, "{log}");
    drop(flood);
}

#[tokio::test]
async fn a_server_that_may_open_few_files_takes_fewer_connections() {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -n 256; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_crystallum-server")]);
    let target = Target::from_command(command, &[]);
    let flood = silent(&target, 300).await;
    target.assert_healthy().await;
    let health: Health = target.browser().get("/api/health").await.json();
    assert!(health.problems.is_empty(), "{health:?}");
    assert!(target.log().contains("fewer connections"), "{}", target.log());
    drop(flood);
}
