use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use rustix::process::{Pid, Signal, kill_process};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions};
use tempfile::TempDir;

use crate::build::server_program;

/// A server process with a data folder of its own. Ended when dropped; the folder goes with it.
pub struct Server {
    child: Child,
    address: SocketAddr,
    folder: Arc<TempDir>,
    options: Vec<String>,
}

impl Server {
    /// Starts a server on an empty data folder.
    pub fn start() -> Self {
        Self::with(&[])
    }

    /// Starts a server with options of its command line besides the usual ones.
    pub fn with(options: &[&str]) -> Self {
        let folder = TempDir::new().expect("the system has room for temporary files");
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        Self::run(Arc::new(folder), options, "127.0.0.1:0")
    }

    /// Stops it at once, as a power cut would, and starts it again on the same data and port.
    pub fn crash_and_restart(mut self) -> Self {
        self.end(Signal::KILL);
        self.again()
    }

    /// Stops it politely and starts it again on the same data and port.
    pub fn restart(mut self) -> Self {
        self.end(Signal::TERM);
        self.again()
    }

    /// Stops it politely; the data stays until this is dropped.
    pub fn stop(&mut self) {
        self.end(Signal::TERM);
    }

    /// Stops it and starts it on an older copy of its data: what an operator does after a loss, and an adversary for fun.
    pub fn restore(mut self, backup: &[(String, Vec<u8>)]) -> Self {
        self.end(Signal::TERM);
        for (name, _) in self.files() {
            fs::remove_file(self.data().join(name)).expect("a file of the server");
        }
        for (name, bytes) in backup {
            fs::write(self.data().join(name), bytes).expect("the data folder is there");
        }
        self.again()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The origin that browsers see.
    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.address.port())
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Everything it has logged since the first start.
    pub fn logs(&self) -> Vec<u8> {
        fs::read(log(&self.folder)).expect("the log was made at the start")
    }

    /// Adds to the log what the server would never write, to see that it is found there.
    pub fn plant_in_log(&self, bytes: &[u8]) {
        let mut log =
            File::options().append(true).open(log(&self.folder)).expect("the log was made at the start");
        log.write_all(bytes).expect("the system has room for temporary files");
    }

    /// Every file of the data folder, with its path inside it.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        read_folder(&self.data(), "", &mut files);
        files
    }

    /// A new invitation code, as the operator makes one.
    pub fn invite(&self) -> String {
        let mut command = Command::new(server_program());
        let output = command.arg("invite").arg("--data").arg(self.data()).env_clear().output();
        let output = output.expect("the server's program starts");
        assert!(output.status.success(), "no invitation: {output:?}");
        String::from_utf8(output.stdout).expect("a code is ASCII").trim().to_owned()
    }

    /// How many rows a table of the database has.
    pub async fn rows(&self, table: &str) -> i64 {
        let options = SqliteConnectOptions::new().filename(self.data().join("vault.db")).read_only(true);
        let mut connection = options.connect().await.expect("the database is there");
        let query = format!("SELECT count(*) FROM {table}");
        sqlx::query_scalar(AssertSqlSafe(query))
            .fetch_one(&mut connection)
            .await
            .expect("a table of the schema")
    }

    fn again(mut self) -> Self {
        // The drop of `self` finds a process that has ended.
        let (folder, options) = (Arc::clone(&self.folder), std::mem::take(&mut self.options));
        Self::run(folder, options, &self.address.to_string())
    }

    fn run(folder: Arc<TempDir>, options: Vec<String>, listen: &str) -> Self {
        let app = folder.path().join("app");
        fs::create_dir_all(&app).expect("a folder in a folder of this test");
        fs::write(app.join("index.html"), "<!doctype html><title>Crystallum</title>").expect("as above");
        let stderr = File::options().create(true).append(true).open(log(&folder)).expect("as above");
        let mut child = Command::new(server_program())
            .arg("serve")
            .arg("--data")
            .arg(folder.path().join("data"))
            .args(["--listen", listen, "--origin", "http://localhost:0", "--app"])
            .arg(&app)
            .args(defaults(&options))
            .args(&options)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .expect("the server's program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("it was piped")).read_line(&mut line).expect("a pipe");
        let listening = line.trim().split_once("(listening on ").and_then(|(_, at)| at.strip_suffix(')'));
        let Some(address) = listening.and_then(|at| at.parse().ok()) else {
            let log = fs::read_to_string(log(&folder)).unwrap_or_default();
            panic!("the server did not start: {line:?}\n{log}");
        };
        Self { child, address, folder, options }
    }

    fn end(&mut self, signal: Signal) {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).expect("a process has an id");
        kill_process(pid, signal).expect("a child can be signalled until it is waited for");
        self.child.wait().expect("a child can be waited for");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What tests want unless they say otherwise.
fn defaults(options: &[String]) -> Vec<&'static str> {
    let mut usual = vec![["--sign-up", "open"], ["--rate-scale", "1000"]];
    usual.retain(|[name, _]| options.iter().all(|option| option != name));
    usual.concat()
}

fn log(folder: &TempDir) -> PathBuf {
    Path::new(folder.path()).join("server.log")
}

fn read_folder(folder: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).expect("a folder of the server") {
        let entry = entry.expect("an entry of the data folder");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            read_folder(&entry.path(), &format!("{name}/"), files);
        } else {
            files.push((name, fs::read(entry.path()).expect("a file of the server")));
        }
    }
}
