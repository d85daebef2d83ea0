//! Connections that are kept open.

use std::net::IpAddr;

use crystallum_test_support::SeededRng;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};

use crate::floods::Flood;
use crate::people::stranger;

/// How much of a slow body is sent, in bytes.
const SENT: usize = 100 * 1_024;
/// How many slow bodies come from one network.
const BODIES_OF_NETWORK: usize = 4;

/// Opens connections that send nothing, or half of a header.
pub(super) async fn silent(flood: &Flood, number: usize) -> Vec<TcpStream> {
    let mut open = Vec::new();
    for at in 0..number {
        let start: &[u8] = if at % 2 == 0 { b"" } else { b"GET /api/health HTTP/1.1\r\nhost:" };
        open.extend(connect(flood, start).await);
    }
    open
}

/// Opens connections that send a part of a body, and nothing more.
pub(super) async fn slow_bodies(flood: &Flood, rng: &mut SeededRng, number: usize) -> Vec<TcpStream> {
    let mut open = Vec::new();
    let mut network = stranger(rng);
    for at in 0..number {
        if at % BODIES_OF_NETWORK == 0 {
            network = stranger(rng);
        }
        let (path, length) =
            *rng.pick(&[("/api/login", 131_072), ("/api/accounts", 1_048_576), ("/api/commit", 1_048_576)]);
        let mut request = head(flood, network, "POST", path, &format!("content-length: {length}\r\n"));
        request.extend(vec![b' '; SENT]);
        open.extend(connect(flood, &request).await);
    }
    open
}

/// Opens connections that ask for a page of changes and do not read it.
pub(super) async fn unread(flood: &Flood, rng: &mut SeededRng, number: usize) -> Vec<TcpStream> {
    let mut open = Vec::new();
    for cookie in flood.readers.iter().cycle().take(number) {
        let cookie = format!("cookie: {cookie}\r\n");
        let request = head(flood, stranger(rng), "GET", "/api/delta?since=0", &cookie);
        open.extend(connect(flood, &request).await);
    }
    open
}

/// Returns the head of a request that a proxy passes on.
pub(super) fn head(flood: &Flood, client: IpAddr, method: &str, path: &str, more: &str) -> Vec<u8> {
    let port = flood.server.port();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost:{port}\r\norigin: http://localhost:{port}\r\n\
         x-forwarded-for: {client}\r\ncontent-type: application/json\r\n{more}\r\n"
    )
    .into_bytes()
}

/// Opens a connection and sends something. The server may refuse either.
pub(super) async fn connect(flood: &Flood, bytes: &[u8]) -> Option<TcpStream> {
    let socket = TcpSocket::new_v4().unwrap();
    // So that what is not read stays with the server.
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut stream = socket.connect(flood.server).await.ok()?;
    stream.write_all(bytes).await.ok()?;
    Some(stream)
}
