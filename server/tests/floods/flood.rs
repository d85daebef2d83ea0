use std::fs::{self, File};
use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use crystallum_test_support::commits::{big_secret, overview, record};
use crystallum_test_support::{Browser, Person, ServerProcess, Site};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// The size of the file that is downloaded, in bytes.
pub(crate) const FILE: usize = 4 * 1_048_576;

/// A server as a process, with the limits that it has by default.
pub(crate) struct Target {
    pub(crate) process: ServerProcess,
    folder: TempDir,
}

impl Target {
    pub(crate) fn start() -> Self {
        Self::scaled(1)
    }

    /// Starts a server with larger rate limits.
    pub(crate) fn scaled(scale: u32) -> Self {
        Self::with(&["--rate-scale", &scale.to_string()])
    }

    /// Starts a server that believes this machine which network a request comes from.
    pub(crate) fn behind_proxy() -> Self {
        Self::with(&["--rate-scale", "1", "--trusted-proxy", "127.0.0.1"])
    }

    fn with(options: &[&str]) -> Self {
        Self::from_command(Command::new(env!("CARGO_BIN_EXE_crystallum-server")), options)
    }

    /// Starts a server with a command whose last argument so far is the program.
    pub(crate) fn from_command(mut command: Command, options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = folder.path().join("app");
        fs::create_dir(&app).unwrap();
        fs::write(app.join("index.html"), "<!doctype html><title>Crystallum</title>").unwrap();
        fs::write(app.join("large.bin"), vec![7; FILE]).unwrap();
        command.stderr(File::create(folder.path().join("log")).unwrap());
        let options = [options, &["--app", app.to_str().unwrap()]].concat();
        let process = ServerProcess::start(command, &folder.path().join("data"), None, &options).unwrap();
        Self { process, folder }
    }

    /// Opens a connection and sends something.
    pub(crate) async fn send(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.process.address()).await.unwrap();
        // The server may have closed the connection by then.
        drop(stream.write_all(bytes).await);
        stream
    }

    /// Opens a connection that takes in little of the answer at a time, and sends something.
    pub(crate) async fn send_without_reading(&self, bytes: &[u8]) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4_096).unwrap();
        let mut stream = socket.connect(self.process.address()).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream
    }

    /// Returns the resident memory of the server, in bytes.
    pub(crate) fn memory(&self) -> usize {
        self.process.memory("VmRSS")
    }

    /// Returns how many threads the server has.
    pub(crate) fn threads(&self) -> usize {
        fs::read_dir(format!("/proc/{}/task", self.process.pid())).unwrap().count()
    }

    /// Returns how many files the server has open.
    pub(crate) fn open_files(&self) -> u64 {
        let files = fs::read_dir(format!("/proc/{}/fd", self.process.pid())).unwrap().count();
        u64::try_from(files).unwrap()
    }

    /// Returns what the server has logged.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// Asks for the server's health. The answer must not depend on timeouts that end the flood, all
    /// of which are longer than this guard.
    pub(crate) async fn assert_healthy(&self) {
        let browser = self.process.browser();
        let health = tokio::time::timeout(Duration::from_secs(20), browser.get("/api/health"));
        assert_eq!(health.await.expect("an answer").status, 200);
    }

    /// Asks for the server's health from another address than the flood's.
    pub(crate) async fn assert_healthy_elsewhere(&self) {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(([127, 0, 0, 2], 0).into()).unwrap();
        let mut stream = socket.connect(self.process.address()).await.unwrap();
        stream.write_all(&head(self.process.address(), "GET", "/api/health", "")).await.unwrap();
        assert_eq!(status(&mut stream).await, 200);
    }
}

impl Site for Target {
    fn browser(&self) -> Browser {
        self.process.browser()
    }
}

/// Returns the head of a request to a server.
pub(crate) fn head(address: SocketAddr, method: &str, path: &str, more: &str) -> Vec<u8> {
    let port = address.port();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost:{port}\r\norigin: http://localhost:{port}\r\n\
         content-type: application/json\r\n{more}\r\n"
    )
    .into_bytes()
}

/// Returns the header with the session of a person.
pub(crate) fn cookie(person: &Person) -> String {
    format!("cookie: {}\r\n", person.browser.cookie().unwrap())
}

/// Signs up somebody whose second commit has this many large secrets.
pub(crate) async fn with_page(target: &Target, name: &str, secrets: usize) -> Person {
    let mut person = Person::new(target, name).await;
    let changes = (0..secrets).map(|number| {
        let name = format!("{name} {number}");
        record(&name, overview(&name, 1), big_secret(&name, 1))
    });
    person.write("page", changes.collect()).await;
    person
}

/// Returns the header with which a proxy names a network.
pub(crate) fn from_network(network: usize) -> String {
    format!("x-forwarded-for: 198.51.100.{network}\r\n")
}

/// Returns whether the server has closed a connection, without waiting for it.
pub(crate) fn is_closed(stream: &TcpStream) -> bool {
    loop {
        match stream.try_read(&mut [0; 65_536]) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() != std::io::ErrorKind::WouldBlock,
        }
    }
}

/// Returns whether the server has neither answered nor closed a connection.
pub(crate) fn is_waiting(stream: &TcpStream) -> bool {
    stream.try_read(&mut [0; 1]).is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
}

/// Waits until the server has answered, and returns the status.
pub(crate) async fn status(stream: &mut TcpStream) -> u16 {
    let mut start = [0; 12];
    stream.read_exact(&mut start).await.unwrap();
    std::str::from_utf8(&start).unwrap().rsplit(' ').next().unwrap().parse().unwrap()
}
