use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crystallum_test_support::{Browser, ServerProcess, SmallDisk};
use serde_json::Value;
use tempfile::TempDir;

use crate::log::{Log, Warnings};

const PROGRAM: &str = env!("CARGO_BIN_EXE_crystallum-server");
/// Starts a program that is told by an error, not by a signal, that it may not write any more.
const SHELL: [&str; 3] = ["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", PROGRAM];

/// The machine with the server: its process, its disk and its log.
pub(crate) struct Host {
    process: ServerProcess,
    log: Option<Log>,
    disk: Disk,
}

/// The disk with the data folder.
enum Disk {
    /// A file system of its own, which can be full.
    Own(SmallDisk),
    /// A part of the system's, where nothing can be mounted. When it should be full, the server may
    /// not write into files.
    Shared(TempDir),
}

/// What `/api/health` says.
#[derive(Debug)]
pub(crate) struct Health {
    pub(crate) status: u16,
    pub(crate) problems: BTreeSet<String>,
    pub(crate) conditions: BTreeSet<String>,
}

impl Host {
    /// Starts a server on an empty disk of this many MiB.
    pub(crate) fn start(mib: u32) -> Self {
        let own = SmallDisk::mount(mib).map(Disk::Own);
        let disk = own.unwrap_or_else(|| Disk::Shared(tempfile::tempdir().unwrap()));
        let (process, log) = start(&disk.data(), None);
        Self { process, log: Some(log), disk }
    }

    /// Returns the address on which the server listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.process.address()
    }

    /// Returns what the disk is, for the report.
    pub(crate) fn disk(&self) -> &'static str {
        match self.disk {
            Disk::Own(_) => "a small file system",
            Disk::Shared(_) => "a limit for files",
        }
    }

    /// Fills the disk.
    pub(crate) fn fill_disk(&self) {
        match &self.disk {
            Disk::Own(disk) => disk.fill(),
            Disk::Shared(_) => self.process.limit_files(Some(0)),
        }
    }

    /// Gives the space on the disk back.
    pub(crate) fn free_disk(&self) {
        match &self.disk {
            Disk::Own(disk) => disk.free(),
            Disk::Shared(_) => self.process.limit_files(None),
        }
    }

    /// Returns the resident memory of the server, in MiB.
    pub(crate) fn memory(&self) -> usize {
        self.process.memory("VmRSS") >> 20
    }

    /// Returns the most memory that the server has had since its start, in MiB.
    pub(crate) fn peak_memory(&self) -> usize {
        self.process.memory("VmHWM") >> 20
    }

    /// Kills the server. Returns the warnings in its log.
    pub(crate) fn kill(&mut self) -> Warnings {
        self.process.kill();
        self.log.take().unwrap().finish()
    }

    /// Starts the server again after it was killed, on the same address.
    pub(crate) fn start_again(&mut self) {
        let (process, log) = start(&self.disk.data(), Some(self.address()));
        self.process = process;
        self.log = Some(log);
    }

    /// Stops the server gracefully. Returns the warnings in its log.
    pub(crate) fn stop(&mut self) -> Warnings {
        assert!(self.process.stop().success());
        self.log.take().unwrap().finish()
    }

    /// Asks for the state of the server, as an operator does without the proxy.
    pub(crate) async fn health(&self) -> Health {
        let answer = Browser::new(self.address()).get("/api/health").await;
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        let names = |list: &Value| {
            let names = list.as_array().into_iter().flatten();
            names.map(|name| name.as_str().unwrap().to_owned()).collect()
        };
        let (problems, conditions) = (names(&body["problems"]), names(&body["conditions"]));
        Health { status: answer.status, problems, conditions }
    }

    /// Lets the doctor check the data folder.
    pub(crate) fn doctor(&self) -> Output {
        Command::new(PROGRAM).args(["doctor", "--data"]).arg(self.disk.data()).output().unwrap()
    }
}

impl Disk {
    fn data(&self) -> PathBuf {
        match self {
            Self::Own(disk) => disk.data(),
            Self::Shared(folder) => folder.path().join("data"),
        }
    }
}

fn start(data: &Path, listen: Option<SocketAddr>) -> (ServerProcess, Log) {
    let (log, writer) = Log::new();
    let mut command = Command::new("sh");
    command.args(SHELL).stderr(writer);
    let options = ["--rate-scale", "1", "--trusted-proxy", "127.0.0.1"];
    let process = ServerProcess::start(command, data, listen, &options);
    (process.unwrap_or_else(|line| panic!("the server did not start: {line:?}")), log)
}
