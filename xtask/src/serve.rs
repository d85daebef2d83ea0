//! `serve`: builds the product and runs it on this machine.

use std::{
    io::ErrorKind,
    net::{Ipv4Addr, TcpListener},
    path::PathBuf,
    process::Command,
};

use crate::{
    build,
    failure::{Failure, Outcome},
    run, say,
    workspace::Workspace,
};

/// The options of the command.
pub(crate) struct Options {
    /// The port on this machine.
    pub(crate) port: u16,
    /// The data folder; `data` in the clone when there is none.
    pub(crate) data: Option<PathBuf>,
}

/// Builds what changed, then replaces this process by the server.
pub(crate) fn serve(workspace: &Workspace, options: Options) -> Outcome {
    check_port(options.port)?;
    build::build_product(workspace)?;
    let origin = format!("http://localhost:{}", options.port);
    let data = options.data.unwrap_or_else(|| workspace.path("data"));
    say::line(format_args!("starting with data in {} (Ctrl-C ends it)", data.display()));
    let mut server = Command::new(workspace.target.join("server").join("crystallum-server"));
    server.arg("serve").arg("--data").arg(&data);
    server.args(["--listen", &format!("127.0.0.1:{}", options.port), "--origin", &origin]);
    server.arg("--app").arg(workspace.dist()).args(["--sign-up", "open"]);
    Err(run::exec(&mut server))
}

/// Fails before the build when the port cannot be used.
fn check_port(port: u16) -> Outcome {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(cause) if cause.kind() == ErrorKind::AddrInUse => {
            let other = port.checked_add(1).unwrap_or(8080);
            Err(Failure::new(format!(
                "port {port} is in use. End what listens there, or choose another: cargo xtask serve --port {other}"
            )))
        }
        Err(cause) => Err(Failure::new(format!("cannot listen on port {port}: {cause}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_said_plainly() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let failure = check_port(port).unwrap_err();
        assert!(failure.0.starts_with(&format!("port {port} is in use")), "{failure}");
        assert!(failure.0.contains("--port"), "{failure}");
    }
}
