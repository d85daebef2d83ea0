use std::net::SocketAddr;
use std::path::Path;
use std::process::{Output, Stdio};

use crystallum_test_support::ServerProcess;
use serde_json::Value;
use tokio::process::Command;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_crystallum-server");

/// Starts a server on a data folder.
pub(crate) fn start_server(data: &Path, listen: Option<SocketAddr>) -> ServerProcess {
    start(std::process::Command::new(PROGRAM), data, listen)
}

/// Starts a server with a command that takes the program as its last argument.
pub(crate) fn start_server_under(mut command: std::process::Command, data: &Path) -> ServerProcess {
    command.arg(PROGRAM);
    start(command, data, None)
}

fn start(mut command: std::process::Command, data: &Path, listen: Option<SocketAddr>) -> ServerProcess {
    command.stderr(Stdio::null());
    ServerProcess::start(command, data, listen, &[])
        .unwrap_or_else(|line| panic!("the server did not start: {line:?}"))
}

/// Runs another command of the program to completion.
pub(crate) async fn run_command(arguments: &[&str], folder: Option<&Path>, data: &Path) -> Output {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).args(folder).arg("--data").arg(data).stdin(Stdio::null()).output().await.unwrap()
}

/// Runs `doctor` and returns its JSON report. The exit code must match the report.
pub(crate) async fn run_doctor(data: &Path) -> Value {
    let output = run_command(&["doctor", "--json"], None, data).await;
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(if report["sound"] == true { 0 } else { 1 }), "{report:#}");
    report
}

/// Asserts that `doctor` finds no problem.
pub(crate) async fn assert_sound(data: &Path) -> Value {
    let report = run_doctor(data).await;
    assert_eq!(report["sound"], true, "{report:#}");
    report
}
