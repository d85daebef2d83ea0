use tokio::net::TcpStream;

use crate::flood::{Target, head, is_closed, is_waiting};

/// As many connections as the server has in all.
const ALL: usize = 1_024;

async fn connect_all(target: &Target, request: &[u8]) -> Vec<TcpStream> {
    let mut open = Vec::new();
    for _ in 0..ALL {
        open.push(target.send(request).await);
    }
    open
}

#[tokio::test]
async fn silent_connections_keep_nobody_out() {
    let target = Target::start();
    for start in ["", "GET /api/health HTTP/1.1\r\nhost:"] {
        let flood = connect_all(&target, start.as_bytes()).await;
        target.assert_healthy().await;
        // The honest request did not wait until the server had given up the others.
        let waiting = flood.iter().filter(|stream| is_waiting(stream)).count();
        assert!(waiting > 100, "{waiting}");
    }
}

#[tokio::test]
async fn bodies_that_never_end_keep_nobody_out() {
    let target = Target::start();
    let request = head(target.process.address(), "POST", "/api/commit", "content-length: 1000\r\n");
    let flood = connect_all(&target, &request).await;
    target.assert_healthy().await;
    let waiting = flood.iter().filter(|stream| is_waiting(stream)).count();
    assert!(waiting > 100, "{waiting}");
}

#[tokio::test]
async fn downloads_that_nobody_reads_keep_nobody_out() {
    let target = Target::start();
    let request = head(target.process.address(), "GET", "/large.bin", "").repeat(10);
    let flood = connect_all(&target, &request).await;
    target.assert_healthy().await;
    // The unit has `TasksMax=128`.
    let threads = target.threads();
    assert!(threads < 64, "{threads}");
    let open = flood.iter().filter(|stream| !is_closed(stream)).count();
    assert!(open > 50, "{open}");
}
