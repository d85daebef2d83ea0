use std::net::SocketAddr;
use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

const PROGRAM: &str = env!("CARGO_BIN_EXE_crystallum-server");

/// A server process. It is killed when this is dropped.
pub(crate) struct Program {
    pub(crate) child: Child,
    pub(crate) address: SocketAddr,
}

impl Program {
    /// Starts a server on a data folder.
    pub(crate) async fn start(data: &Path, listen: Option<SocketAddr>) -> Self {
        Self::run(Command::new(PROGRAM), data, listen).await
    }

    /// Starts a server with a command that takes the program as its last argument.
    pub(crate) async fn under(mut command: Command, data: &Path) -> Self {
        command.arg(PROGRAM);
        Self::run(command, data, None).await
    }

    async fn run(mut command: Command, data: &Path, listen: Option<SocketAddr>) -> Self {
        let listen = listen.map_or_else(|| "127.0.0.1:0".to_owned(), |address| address.to_string());
        let mut child = command
            .arg("serve")
            .arg("--data")
            .arg(data)
            .args(["--listen", &listen, "--origin", "http://localhost:0"])
            .args(["--sign-up", "open", "--rate-scale", "10000"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next_line().await.unwrap();
        let address = line
            .as_deref()
            .and_then(|line| line.split_once("(listening on ")?.1.strip_suffix(')')?.parse().ok());
        let address = address.unwrap_or_else(|| panic!("the server did not start: {line:?}"));
        Self { child, address }
    }

    /// Kills the process immediately, as a power failure does.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Stops the server gracefully.
    pub(crate) async fn stop(mut self) {
        terminate(self.child.id().unwrap()).await;
        assert!(self.child.wait().await.unwrap().success());
    }
}

/// Asks a process to terminate.
pub(crate) async fn terminate(process: u32) {
    let status = Command::new("kill").arg("-TERM").arg(process.to_string()).status().await.unwrap();
    assert!(status.success());
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
