#[cfg(target_os = "linux")]
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use rustix::process::{Pid, Signal, kill_process};
#[cfg(target_os = "linux")]
use rustix::process::{Resource, Rlimit, getrlimit, prlimit, setrlimit};

use crate::browser::Browser;
use crate::site::Site;

/// The origin of a server on whichever port it listens.
const ORIGIN: &str = "http://localhost:0";

/// A server as a process. It is killed when this is dropped.
pub struct ServerProcess {
    child: Child,
    address: SocketAddr,
}

impl ServerProcess {
    /// Starts a server on a data folder. The command's last argument so far is the program. Returns
    /// the first line that it printed if it does not listen.
    pub fn start(
        mut command: Command,
        data: &Path,
        listen: Option<SocketAddr>,
        options: &[&str],
    ) -> Result<Self, String> {
        let listen = listen.map_or_else(|| "127.0.0.1:0".to_owned(), |address| address.to_string());
        let mut child = command
            .arg("serve")
            .arg("--data")
            .arg(data)
            .args(["--listen", &listen, "--origin", ORIGIN])
            .args(defaults(options))
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server's program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("it was piped")).read_line(&mut line).expect("a pipe");
        let listening = line.trim().split_once("(listening on ").and_then(|(_, at)| at.strip_suffix(')'));
        match listening.and_then(|at| at.parse().ok()) {
            Some(address) => Ok(Self { child, address }),
            None => Err(line),
        }
    }

    /// Returns the address on which it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the id of its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Returns its memory as the system reports it, in bytes: `VmRSS` is what is resident now,
    /// `VmHWM` the most that it was.
    #[cfg(target_os = "linux")]
    pub fn memory(&self, name: &str) -> usize {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).expect("a running process");
        let kib = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let kib = kib.and_then(|kib| kib.trim().strip_suffix(" kB")).expect("a line of the status");
        kib.parse::<usize>().expect("a number") * 1_024
    }

    /// Lets the process write no file beyond this length, or any length again. A process that does
    /// not ignore the signal `XFSZ` is ended by it.
    #[cfg(target_os = "linux")]
    pub fn limit_files(&self, length: Option<u64>) {
        let Rlimit { maximum, .. } = getrlimit(Resource::Fsize);
        let limit = Rlimit { current: length.or(maximum), maximum };
        prlimit(Some(pid(self.pid())), Resource::Fsize, limit).expect("a child can be limited");
    }

    /// Kills the process immediately, as a power cut does, and waits for its end.
    pub fn kill(&mut self) {
        // The process may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }

    /// Stops the server gracefully and waits for its end.
    pub fn stop(&mut self) -> ExitStatus {
        terminate(self.pid());
        self.wait()
    }

    /// Waits for the end of the process.
    pub fn wait(&mut self) -> ExitStatus {
        self.child.wait().expect("a child can be waited for")
    }
}

impl Site for ServerProcess {
    fn browser(&self) -> Browser {
        Browser::new(self.address)
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Asks a process to terminate.
pub fn terminate(process: u32) {
    kill_process(pid(process), Signal::TERM).expect("a child can be signalled until it is waited for");
}

fn pid(process: u32) -> Pid {
    i32::try_from(process).ok().and_then(Pid::from_raw).expect("a process has an id")
}

/// Lets this process open as many files and connections as the system allows it.
#[cfg(target_os = "linux")]
pub fn allow_many_files() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).expect("up to the maximum is allowed");
}

/// Limits how many files a process may open from now on.
#[cfg(target_os = "linux")]
pub fn limit_open_files(process: u32, files: u64) {
    let limit = Rlimit { current: Some(files), maximum: Some(files) };
    prlimit(Some(pid(process)), Resource::Nofile, limit).expect("the limit of a child can be lowered");
}

/// Returns the default options, except those that a test sets itself.
fn defaults(options: &[&str]) -> Vec<&'static str> {
    let mut usual = vec![["--sign-up", "open"], ["--rate-scale", "10000"]];
    usual.retain(|[name, _]| options.iter().all(|option| option != name));
    usual.concat()
}
