//! Connections that stay open, as a proxy in front of the server keeps them.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Connections at one time.
pub(crate) const CONNECTIONS: usize = 8;

/// A request that is composed.
#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) cookie: String,
    pub(crate) body: Option<Vec<u8>>,
}

/// An answer, and how long it took.
pub(crate) struct Told {
    pub(crate) body: Bytes,
    /// The session's cookie, when there is a new one.
    pub(crate) cookie: String,
    pub(crate) took: Duration,
}

/// All connections.
pub(crate) struct Crowd {
    connections: Vec<Connection>,
}

struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: String,
}

impl Crowd {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        let mut connections = Vec::new();
        for _ in 0..CONNECTIONS {
            let stream = TcpStream::connect(address).await.expect("the server listens");
            stream.set_nodelay(true).expect("a socket of this machine");
            let (sender, connection) = handshake(TokioIo::new(stream)).await.expect("it speaks HTTP");
            tokio::spawn(connection);
            connections.push(Connection { sender, host: format!("localhost:{}", address.port()) });
        }
        Self { connections }
    }

    /// Sends every row of requests by a connection of its own, one after the other; how long all of it took, and the answers in order.
    pub(crate) async fn send(&mut self, rows: Vec<Vec<Ask>>) -> (Duration, Vec<Vec<Told>>) {
        assert!(rows.len() <= CONNECTIONS, "a row for each connection");
        let begin = Instant::now();
        let rows = rows.into_iter().zip(self.connections.drain(..)).map(|(row, mut connection)| {
            tokio::spawn(async move {
                let mut told = Vec::with_capacity(row.len());
                for ask in row {
                    told.push(connection.ask(ask).await);
                }
                (connection, told)
            })
        });
        let rows: Vec<_> = rows.collect();
        let mut answers = Vec::new();
        for row in rows {
            let (connection, told) = row.await.expect("a request was refused");
            self.connections.push(connection);
            answers.push(told);
        }
        (begin.elapsed(), answers)
    }
}

impl Connection {
    async fn ask(&mut self, ask: Ask) -> Told {
        let mut request = hyper::Request::builder()
            .method(ask.method)
            .uri(&ask.path)
            .header("host", &self.host)
            .header("origin", format!("http://{}", self.host))
            .header("sec-fetch-site", "same-origin");
        if !ask.cookie.is_empty() {
            request = request.header(COOKIE, ask.cookie);
        }
        if ask.body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        let request = request.body(Full::new(ask.body.unwrap_or_default().into())).expect("a request");
        let begin = Instant::now();
        let answer = self.sender.send_request(request).await.expect("the server answers");
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.expect("the whole answer").to_bytes();
        let took = begin.elapsed();
        assert_eq!(parts.status, 200, "{}: {}", ask.path, String::from_utf8_lossy(&body));
        let cookie = parts.headers.get(SET_COOKIE).and_then(|line| line.to_str().ok()?.split(';').next());
        Told { body, cookie: cookie.unwrap_or_default().to_owned(), took }
    }
}

/// Deals items out to the connections in turn.
pub(crate) fn rows<T>(items: impl IntoIterator<Item = T>) -> Vec<Vec<T>> {
    let mut rows: Vec<Vec<T>> = (0..CONNECTIONS).map(|_| Vec::new()).collect();
    for (at, item) in items.into_iter().enumerate() {
        rows[at % CONNECTIONS].push(item);
    }
    rows
}

/// The items in the order in which [`rows`] dealt them out.
pub(crate) fn in_turn<T>(rows: Vec<Vec<T>>) -> Vec<T> {
    let mut rows: Vec<_> = rows.into_iter().map(Vec::into_iter).collect();
    let mut items = Vec::new();
    while rows.iter().any(|row| row.len() > 0) {
        items.extend(rows.iter_mut().filter_map(Iterator::next));
    }
    items
}
