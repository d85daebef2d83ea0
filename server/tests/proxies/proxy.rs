//! A proxy with the configuration of the operator's page, and requests through it.

use std::fs;
use std::io::{BufRead, BufReader, Lines};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

/// The host name of the page's examples.
pub(crate) const HOST: &str = "vault.example.com";
/// The operator's page.
const PAGE: &str = include_str!("../../deploy/README.md");

/// A proxy that the page has an example for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Caddy,
    Nginx,
}

impl Kind {
    /// Returns the program, if this run has it.
    pub(crate) fn program(self) -> Option<PathBuf> {
        let variable = match self {
            Self::Caddy => "CRYSTALLUM_CADDY",
            Self::Nginx => "CRYSTALLUM_NGINX",
        };
        std::env::var_os(variable).map(PathBuf::from)
    }

    /// Returns the page's example, with another port, certificate and server.
    fn example(self, folder: &Path, port: u16, server: SocketAddr) -> String {
        let (language, start) = match self {
            Self::Caddy => ("", "vault.example.com {"),
            Self::Nginx => ("nginx", "server {"),
        };
        let (_, rest) =
            PAGE.split_once(&format!("```{language}\n{start}")).expect("the page has the example");
        let example = format!("{start}{}", rest.split_once("```").unwrap().0);
        let (certificate, key) = (folder.join("certificate"), folder.join("key"));
        let (certificate, key) = (certificate.display(), key.display());
        let replaced = match self {
            Self::Caddy => example
                .replace(&format!("{HOST} {{"), &format!("{HOST}:{port} {{"))
                .replace("tls {", &format!("tls {certificate} {key} {{")),
            Self::Nginx => example
                .replace("listen 443", &format!("listen 127.0.0.1:{port}"))
                .replace("listen [::]:443", &format!("listen [::1]:{port}"))
                .replace("/etc/letsencrypt/live/vault.example.com/fullchain.pem", &certificate.to_string())
                .replace("/etc/letsencrypt/live/vault.example.com/privkey.pem", &key.to_string()),
        };
        replaced.replace("127.0.0.1:8080", &server.to_string())
    }

    /// Returns the whole configuration: the example, and what keeps everything in the folder.
    fn configuration(self, folder: &Path, port: u16, server: SocketAddr) -> String {
        let (example, at) = (self.example(folder, port, server), folder.display());
        match self {
            Self::Caddy => format!(
                "{{\n\tadmin off\n\tauto_https disable_redirects\n\tstorage file_system {at}/caddy\n}}\n{example}"
            ),
            Self::Nginx => {
                let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
                let temporary: Vec<String> =
                    temporary.iter().map(|kind| format!("{kind}_temp_path {at}/{kind};")).collect();
                format!(
                    "pid {at}/pid;\nerror_log {at}/nginx.log;\nevents {{}}\nhttp {{\n{}\n{example}\n}}\n",
                    temporary.join("\n")
                )
            }
        }
    }
}

/// A proxy that runs. It is killed when this is dropped.
pub(crate) struct Proxy {
    child: Child,
    port: u16,
    folder: PathBuf,
}

/// What curl says about an answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The status, or 0 if there was no answer.
    pub(crate) status: u16,
    /// The version of HTTP.
    pub(crate) version: String,
    /// How many connections were made for it.
    pub(crate) connects: u32,
    body: String,
}

impl Answer {
    /// Returns whether the answer has a status and a part of its body.
    pub(crate) fn is(&self, status: u16, part: &str) -> bool {
        self.status == status && self.body.contains(part)
    }
}

/// A stream of events. It is closed when this is dropped.
pub(crate) struct Events {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Events {
    /// Waits for the data of the next event. Returns `None` if the stream has ended.
    pub(crate) fn next_data(&mut self) -> Option<String> {
        self.lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("data: ").map(str::to_owned))
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Returns a port that nobody uses.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Proxy {
    /// Starts a proxy and waits until it accepts connections.
    pub(crate) fn start(kind: Kind, program: &Path, folder: &Path, port: u16, server: SocketAddr) -> Self {
        make_certificate(folder);
        let file = folder.join("configuration");
        fs::write(&file, kind.configuration(folder, port, server)).unwrap();
        let mut command = Command::new(program);
        match kind {
            Kind::Caddy => {
                command.args(["run", "--adapter", "caddyfile", "--config"]).arg(&file);
                command.env("HOME", folder);
            }
            // Its processes stay those of root, who alone can read the folder.
            Kind::Nginx => {
                command.args(["-g", "daemon off; master_process off;", "-c"]).arg(&file);
            }
        }
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut proxy = Self { child, port, folder: folder.to_path_buf() };
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(proxy.child.try_wait().unwrap().is_none(), "{kind:?} did not start");
            std::thread::yield_now();
        }
        proxy
    }

    /// Sends a request with these options of curl.
    pub(crate) fn ask(&self, path: &str, options: &[&str]) -> Answer {
        self.ask_times(1, path, options).remove(0)
    }

    /// Opens a stream of events with these options of curl.
    pub(crate) fn listen(&self, path: &str, options: &[&str]) -> Events {
        // A proxy that keeps events back fails the test, and does not stop it.
        let mut curl = self.curl();
        curl.args(["--no-buffer", "--max-time", "20"]).args(options).arg(self.url(path));
        let mut child = curl.stdout(Stdio::piped()).spawn().expect("curl runs");
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Events { child, lines }
    }

    fn url(&self, path: &str) -> String {
        format!("https://{HOST}:{}{path}", self.port)
    }

    /// Prepares curl for a client whose address is not the proxy's.
    fn curl(&self) -> Command {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--interface", "127.0.0.6", "--resolve"])
            .arg(format!("{HOST}:{}:127.0.0.1", self.port))
            .arg("--cacert")
            .arg(self.folder.join("certificate"));
        curl
    }

    /// Sends a request several times, over the same connection if the proxy lets it. The client's
    /// address is not the proxy's, unless an option says so.
    pub(crate) fn ask_times(&self, times: usize, path: &str, options: &[&str]) -> Vec<Answer> {
        let url = self.url(path);
        let output = self
            .curl()
            .args(["--write-out", "\n%{http_code} %{http_version} %{num_connects}\n"])
            .args(options)
            .args(vec![url; times])
            .output()
            .expect("curl runs");
        let text = String::from_utf8(output.stdout).unwrap();
        let mut answers = Vec::new();
        let mut body = String::new();
        for line in text.lines() {
            let fields: Vec<&str> = line.split(' ').collect();
            match fields.as_slice() {
                [status, version, connects] if status.len() == 3 && status.parse::<u16>().is_ok() => {
                    answers.push(Answer {
                        status: status.parse().unwrap(),
                        version: (*version).to_owned(),
                        connects: connects.parse().unwrap(),
                        body: std::mem::take(&mut body),
                    });
                }
                _ => body.push_str(line),
            }
        }
        assert_eq!(answers.len(), times, "{text}");
        answers
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Makes a certificate that only this test trusts.
fn make_certificate(folder: &Path) {
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
        ])
        .args(["-subj", &format!("/CN={HOST}"), "-addext", &format!("subjectAltName=DNS:{HOST}")])
        .arg("-keyout")
        .arg(folder.join("key"))
        .arg("-out")
        .arg(folder.join("certificate"))
        .stderr(Stdio::null())
        .status();
    assert!(made.expect("openssl runs").success());
}
