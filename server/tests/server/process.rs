//! Tests of the binary as a process.

use std::path::Path;
use std::process::{ExitStatus, Stdio};

use axum::body::Body;
use axum::http::{Request, header};
use crystallum_test_support::Browser;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};

/// Returns the command that serves a data folder.
pub(crate) fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crystallum-server"));
    command
        .arg("serve")
        .arg("--data")
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

async fn outcome(mut command: Command) -> (Option<i32>, String, String) {
    let output = command.output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// Returns the first line of a server's output, or `None` if it did not start.
pub(crate) async fn first_line(child: &mut Child) -> Option<String> {
    BufReader::new(child.stdout.take().unwrap()).lines().next_line().await.unwrap()
}

/// Returns the address in a server's first line.
pub(crate) fn listening_on(line: &str) -> Option<&str> {
    line.split_once("(listening on ")?.1.strip_suffix(')')
}

/// Asks a server to stop, and waits until it has.
pub(crate) async fn terminate(child: &mut Child) -> ExitStatus {
    let id = child.id().unwrap().to_string();
    assert!(Command::new("kill").arg("-TERM").arg(id).status().await.unwrap().success());
    child.wait().await.unwrap()
}

#[tokio::test]
async fn the_server_prints_its_address_and_stops_when_told() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("a folder/with spaces");
    let mut child =
        command(&data).args(["--listen", "127.0.0.1:0", "--origin", "http://localhost:0"]).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().unwrap();
    let address = listening_on(&line).unwrap();
    let port = address.strip_prefix("127.0.0.1:").unwrap();
    assert_eq!(line, format!("ready at http://localhost:{port} (listening on {address})"));
    let browser = Browser::new(address.parse().unwrap());
    browser.set_cookie(Some("crystallum=canary-in-a-cookie".to_owned()));
    assert_eq!(browser.get("/api/health").await.status, 200);
    assert_eq!(browser.get("/api/delta?since=canary-in-a-query").await.status, 401);
    assert_eq!(browser.get("/canary-in-a-path").await.status, 404);
    assert_eq!(browser.post_text("/api/login", "canary in a body").await.status, 400);
    let origin = browser.origin().to_owned();
    let odd =
        Request::builder().method("CANARY-IN-A-METHOD").uri("/api/login").header(header::ORIGIN, origin);
    assert_eq!(browser.send_request(odd, Body::empty()).await.status, 405);
    assert!(terminate(&mut child).await.success());
    assert_eq!(lines.next_line().await.unwrap(), None);

    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
    assert!(!log.to_lowercase().contains("canary"), "{log}");
    let routes: Vec<(String, u64)> = log
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["message"] == "answered")
        .map(|line| (line["route"].as_str().unwrap().to_owned(), line["status"].as_u64().unwrap()))
        .collect();
    let expected =
        [("/api/health", 200), ("/api/delta", 401), ("-", 404), ("/api/login", 400), ("/api/login", 405)];
    assert_eq!(routes, expected.map(|(route, status)| (route.to_owned(), status)));

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
    }
}

#[tokio::test]
async fn a_port_in_use_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port();
    let mut second = command(folder.path());
    second.args(["--listen", &format!("127.0.0.1:{port}"), "--origin", "http://localhost:0"]);
    let (code, out, err) = outcome(second).await;
    assert_eq!((code, out.as_str()), (Some(3), ""));
    assert!(err.contains(&format!("Port {port} is in use;")), "{err}");
}

#[tokio::test]
async fn a_data_folder_has_one_server() {
    let folder = tempfile::tempdir().unwrap();
    let (data, copy) = (folder.path().join("data"), folder.path().join("copy"));
    let serve = || {
        let mut serve = command(&data);
        serve.args(["--listen", "127.0.0.1:0", "--origin", "http://localhost:0"]).spawn().unwrap()
    };
    let mut first = serve();
    assert!(first_line(&mut first).await.is_some());
    let mut second = serve();
    assert_eq!(first_line(&mut second).await, None);
    let refused = second.wait_with_output().await.unwrap();
    assert_eq!(refused.status.code(), Some(3));
    assert_eq!(
        String::from_utf8(refused.stderr).unwrap(),
        format!(
            "crystallum-server: The data folder {} is in use by another server; stop that one, or choose another \
             folder with --data.\n",
            data.display()
        )
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let lock = std::fs::metadata(data.join("server.lock")).unwrap();
        assert_eq!(lock.permissions().mode() & 0o777, 0o600);
    }

    // The operator's commands still work next to a running server.
    let run = |arguments: &[&str], folder: Option<&Path>| {
        let mut run = Command::new(env!("CARGO_BIN_EXE_crystallum-server"));
        run.args(arguments).args(folder).arg("--data").arg(&data);
        outcome(run)
    };
    for (arguments, to) in [("invite", None), ("backup", Some(copy.as_path())), ("doctor", None)] {
        let (code, _, err) = run(&[arguments], to).await;
        assert_eq!((code, err.as_str()), (Some(0), ""), "{arguments}");
    }
    let (code, _, err) = run(&["restore"], Some(&copy)).await;
    assert_eq!(code, Some(1));
    assert!(err.contains("never writes over data"), "{err}");
    assert!(!copy.join("server.lock").exists());

    // A killed server leaves the file but not the lock.
    first.kill().await.unwrap();
    assert!(data.join("server.lock").exists());
    let mut third = serve();
    assert!(first_line(&mut third).await.is_some());
    assert!(terminate(&mut third).await.success());
}

#[tokio::test]
async fn unsafe_settings_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let origin = "https://vault.example.com";
    for (arguments, says) in [
        (["--listen", "0.0.0.0:0", "--origin", origin], "does not encrypt by itself"),
        (["--listen", "[::]:0", "--origin", origin], "--trusted-proxy"),
        (["--listen", "127.0.0.1:0", "--origin", "http://vault.example.com"], "must begin with https://"),
        (["--listen", "127.0.0.1:0", "--origin", "http://127.0.0.1:0"], "its host must be a name"),
        (["--listen", "127.0.0.1:0", "--origin", "nonsense"], "is not an address"),
    ] {
        let mut refused = command(&data);
        refused.args(arguments);
        let (code, out, err) = outcome(refused).await;
        assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
        assert!(err.contains(says), "{err}");
    }
    let mut no_app = command(&data);
    no_app.args(["--listen", "127.0.0.1:0", "--origin", "http://localhost:0", "--app"]).arg(folder.path());
    let (code, _, err) = outcome(no_app).await;
    assert_eq!(code, Some(2));
    assert!(err.contains("index.html"), "{err}");
    let mut no_origin = command(&data);
    no_origin.args(["--listen", "127.0.0.1:0"]);
    assert_eq!(outcome(no_origin).await.0, Some(2));
    assert!(!data.exists());
}

#[tokio::test]
async fn a_trusted_proxy_allows_listening_on_every_address() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = command(folder.path())
        .args([
            "--listen",
            "0.0.0.0:0",
            "--origin",
            "https://vault.example.com",
            "--trusted-proxy",
            "192.0.2.1",
        ])
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().unwrap();
    assert!(line.starts_with("ready at https://vault.example.com (listening on 0.0.0.0:"), "{line}");
    assert!(terminate(&mut child).await.success());
}

#[tokio::test]
async fn it_prints_an_invitation() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut server =
        command(&data).args(["--listen", "127.0.0.1:0", "--origin", "http://localhost:0"]).spawn().unwrap();
    assert!(first_line(&mut server).await.is_some());
    assert!(terminate(&mut server).await.success());
    let mut invite = Command::new(env!("CARGO_BIN_EXE_crystallum-server"));
    invite.arg("invite").arg("--data").arg(&data);
    let (code, out, err) = outcome(invite).await;
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(out.len(), "0000-0000-0000-0000-0000\n".len());
    for file in std::fs::read_dir(data).unwrap().map(|file| file.unwrap().path()) {
        let bytes = if file.is_file() { std::fs::read(file).unwrap() } else { Vec::new() };
        assert!(!bytes.windows(24).any(|window| window == out.trim().as_bytes()));
    }
}

#[tokio::test]
async fn a_mistyped_path_gets_no_invitation() {
    let folder = tempfile::tempdir().unwrap();
    let (missing, empty, file) =
        (folder.path().join("missing"), folder.path().join("empty"), folder.path().join("file"));
    std::fs::create_dir(&empty).unwrap();
    std::fs::create_dir(&file).unwrap();
    std::fs::write(file.join("vault.db"), "").unwrap();
    for data in [&missing, &empty, &file] {
        let mut invite = Command::new(env!("CARGO_BIN_EXE_crystallum-server"));
        invite.arg("invite").arg("--data").arg(data);
        let (code, out, err) = outcome(invite).await;
        assert_eq!((code, out.as_str()), (Some(1), ""));
        assert!(err.contains("has no database of this server"), "{err}");
    }
    assert!(!missing.exists());
    assert_eq!(std::fs::read_dir(&empty).unwrap().count(), 0);
    assert_eq!(std::fs::read(file.join("vault.db")).unwrap(), b"");
}

#[tokio::test]
async fn settings_with_which_nobody_could_use_the_server_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let origin = ["--origin", "http://localhost:0"];
    for option in ["--rate-scale", "--session-idle", "--session-life", "--quota-records", "--quota-bytes"] {
        let mut refused = command(&data);
        refused.args(["--listen", "127.0.0.1:0"]).args(origin).args([option, "0"]);
        let (code, out, err) = outcome(refused).await;
        assert_eq!((code, out.as_str()), (Some(2), ""), "{option}");
        assert!(err.contains("0 is not in 1.."), "{err}");
    }
    for entries in ["0", "999", "250001", "many"] {
        let mut refused = command(&data);
        refused.args(["--listen", "127.0.0.1:0"]).args(origin).args(["--vault-entries", entries]);
        let (code, out, err) = outcome(refused).await;
        assert_eq!((code, out.as_str()), (Some(2), ""), "{entries}");
        assert!(err.contains("--vault-entries <NUMBER>"), "{err}");
    }
    for origin in ["https://vault.example.com.", "http://localhost.:0", "https://vault..example.com"] {
        let mut refused = command(&data);
        refused.args(["--listen", "127.0.0.1:0", "--origin", origin]);
        let (code, out, err) = outcome(refused).await;
        assert_eq!((code, out.as_str()), (Some(2), ""), "{origin}");
        assert!(err.contains("without a dot at its end"), "{err}");
    }
    assert!(!data.exists());
}
