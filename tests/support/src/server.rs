use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions};
use tempfile::TempDir;

use crate::browser::Browser;
use crate::process::ServerProcess;
use crate::program::server_program;
use crate::site::Site;

/// A server process with a data folder of its own. Both are removed when this is dropped.
pub struct Server {
    process: ServerProcess,
    folder: Arc<TempDir>,
    options: Vec<String>,
}

impl Server {
    /// Starts a server on an empty data folder.
    pub fn start() -> Self {
        Self::with(&[])
    }

    /// Starts a server with additional command-line options.
    pub fn with(options: &[&str]) -> Self {
        let folder = TempDir::new().expect("the system has room for temporary files");
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        Self::run(Arc::new(folder), options, None)
    }

    /// Kills the server, as a power cut would, and restarts it on the same data and port.
    pub fn crash_and_restart(mut self) -> Self {
        self.process.kill();
        self.again()
    }

    /// Stops the server gracefully and restarts it on the same data and port.
    pub fn restart(mut self) -> Self {
        self.process.stop();
        self.again()
    }

    /// Stops the server gracefully. The data stays until this is dropped.
    pub fn stop(&mut self) {
        self.process.stop();
    }

    /// Stops the server and restarts it on an older copy of its data, as an operator does after a
    /// loss, or an attacker to roll back.
    pub fn restore(mut self, backup: &[(String, Vec<u8>)]) -> Self {
        self.process.stop();
        for (name, _) in self.files() {
            fs::remove_file(self.data().join(name)).expect("a file of the server");
        }
        for (name, bytes) in backup {
            fs::write(self.data().join(name), bytes).expect("the data folder is there");
        }
        self.again()
    }

    /// Makes a backup in a new folder of this name, as the operator does.
    pub fn back_up(&self, name: &str) {
        let to = self.folder.path().join(name);
        operate(&["backup", path(&to), "--data", path(&self.data())]);
    }

    /// Stops the server and restarts it on a backup, as the operator does after a loss. The stores
    /// stay as they were, or are those of the backup, too.
    pub fn restore_backup(mut self, name: &str, keeps_stores: bool) -> Self {
        self.process.stop();
        let (from, data, lost) =
            (self.folder.path().join(name), self.data(), self.folder.path().join("lost"));
        fs::rename(&data, &lost).expect("the server has stopped");
        operate(&["restore", path(&from), "--data", path(&data)]);
        if keeps_stores {
            fs::remove_dir_all(data.join("stores")).expect("the backup has stores");
            fs::rename(lost.join("stores"), data.join("stores")).expect("the server had stores");
        }
        self.again()
    }

    /// Has the program check everything that can be checked without keys. The server may run.
    pub fn examine(&self) {
        operate(&["doctor", "--data", path(&self.data())]);
    }

    /// Returns the address on which it listens.
    pub fn address(&self) -> SocketAddr {
        self.process.address()
    }

    /// Returns the origin for browsers.
    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.address().port())
    }

    /// Returns the id of its process.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Returns its data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Returns everything that it has logged since the first start.
    pub fn logs(&self) -> Vec<u8> {
        fs::read(log(&self.folder)).expect("the log was made at the start")
    }

    /// Appends to the log what the server never writes, to check that a search finds it there.
    pub fn plant_in_log(&self, bytes: &[u8]) {
        let mut log =
            File::options().append(true).open(log(&self.folder)).expect("the log was made at the start");
        log.write_all(bytes).expect("the system has room for temporary files");
    }

    /// Returns every file of the data folder, with its path in the folder.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        read_folder(&self.data(), "", &mut files);
        files
    }

    /// Creates an invitation code, as an operator does.
    pub fn invite(&self) -> String {
        let mut command = Command::new(server_program());
        let output = command.arg("invite").arg("--data").arg(self.data()).env_clear().output();
        let output = output.expect("the server's program starts");
        assert!(output.status.success(), "no invitation: {output:?}");
        String::from_utf8(output.stdout).expect("a code is ASCII").trim().to_owned()
    }

    /// Returns the number of rows in a table of the database, or of those that a condition after
    /// the table's name selects.
    pub async fn rows(&self, table: &str) -> i64 {
        let options = SqliteConnectOptions::new().filename(self.data().join("vault.db")).read_only(true);
        let mut connection = options.connect().await.expect("the database is there");
        let query = format!("SELECT count(*) FROM {table}");
        sqlx::query_scalar(AssertSqlSafe(query))
            .fetch_one(&mut connection)
            .await
            .expect("a table of the schema")
    }

    fn again(self) -> Self {
        let address = self.address();
        Self::run(self.folder, self.options, Some(address))
    }

    fn run(folder: Arc<TempDir>, options: Vec<String>, listen: Option<SocketAddr>) -> Self {
        let app = folder.path().join("app");
        fs::create_dir_all(&app).expect("a folder in a folder of this test");
        fs::write(app.join("index.html"), "<!doctype html><title>Crystallum</title>").expect("as above");
        let stderr = File::options().create(true).append(true).open(log(&folder)).expect("as above");
        let mut command = Command::new(server_program());
        command.env_clear().stderr(stderr);
        let mut all = vec!["--app", app.to_str().expect("temporary folders have names in Unicode")];
        all.extend(options.iter().map(String::as_str));
        match ServerProcess::start(command, &folder.path().join("data"), listen, &all) {
            Ok(process) => Self { process, folder, options },
            Err(line) => {
                let log = fs::read_to_string(log(&folder)).unwrap_or_default();
                panic!("the server did not start: {line:?}\n{log}");
            }
        }
    }
}

impl Site for Server {
    fn browser(&self) -> Browser {
        self.process.browser()
    }
}

/// Runs a command of the operator.
fn operate(arguments: &[&str]) {
    let output = Command::new(server_program()).args(arguments).env_clear().output();
    let output = output.expect("the server's program starts");
    assert!(output.status.success(), "{arguments:?}: {output:?}");
}

fn path(path: &Path) -> &str {
    path.to_str().expect("temporary folders have names in Unicode")
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
            match fs::read(entry.path()) {
                Ok(bytes) => files.push((name, bytes)),
                // The server removes its write-ahead logs while it runs.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => panic!("{name}: {error}"),
            }
        }
    }
}
