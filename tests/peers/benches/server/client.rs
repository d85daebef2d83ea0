//! A pool of open connections, as a reverse proxy keeps them to the server.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// The number of connections in the pool.
pub(crate) const CONNECTIONS: usize = 8;

/// A request that is ready to be sent.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) cookie: String,
    pub(crate) body: Option<Vec<u8>>,
}

/// A response, and how long it took.
pub(crate) struct Response {
    pub(crate) body: Bytes,
    /// The new session cookie; empty when there is none.
    pub(crate) cookie: String,
    pub(crate) took: Duration,
}

/// The open connections.
pub(crate) struct ConnectionPool {
    connections: Vec<Connection>,
}

struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: String,
}

impl ConnectionPool {
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

    /// Sends every row of requests over a connection of its own, one after the other. Returns how
    /// long all of it took, and the responses in order.
    pub(crate) async fn send(&mut self, rows: Vec<Vec<Request>>) -> (Duration, Vec<Vec<Response>>) {
        assert!(rows.len() <= CONNECTIONS, "a row for each connection");
        let begin = Instant::now();
        let rows = rows.into_iter().zip(self.connections.drain(..)).map(|(row, mut connection)| {
            tokio::spawn(async move {
                let mut responses = Vec::with_capacity(row.len());
                for request in row {
                    responses.push(connection.send(request).await);
                }
                (connection, responses)
            })
        });
        let rows: Vec<_> = rows.collect();
        let mut all = Vec::new();
        for row in rows {
            let (connection, responses) = row.await.expect("a request was refused");
            self.connections.push(connection);
            all.push(responses);
        }
        (begin.elapsed(), all)
    }
}

impl Connection {
    async fn send(&mut self, request: Request) -> Response {
        let mut http = hyper::Request::builder()
            .method(request.method)
            .uri(&request.path)
            .header("host", &self.host)
            .header("origin", format!("http://{}", self.host))
            .header("sec-fetch-site", "same-origin");
        if !request.cookie.is_empty() {
            http = http.header(COOKIE, request.cookie);
        }
        if request.body.is_some() {
            http = http.header(CONTENT_TYPE, "application/json");
        }
        let http = http.body(Full::new(request.body.unwrap_or_default().into())).expect("a request");
        let begin = Instant::now();
        let response = self.sender.send_request(http).await.expect("the server answers");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("the whole response").to_bytes();
        let took = begin.elapsed();
        assert_eq!(parts.status, 200, "{}: {}", request.path, String::from_utf8_lossy(&body));
        let cookie = parts.headers.get(SET_COOKIE).and_then(|line| line.to_str().ok()?.split(';').next());
        Response { body, cookie: cookie.unwrap_or_default().to_owned(), took }
    }
}

/// Distributes items over the connections, round robin.
pub(crate) fn distribute<T>(items: impl IntoIterator<Item = T>) -> Vec<Vec<T>> {
    let mut rows: Vec<Vec<T>> = (0..CONNECTIONS).map(|_| Vec::new()).collect();
    for (at, item) in items.into_iter().enumerate() {
        rows[at % CONNECTIONS].push(item);
    }
    rows
}

/// Restores the order that the items had before [`distribute`].
pub(crate) fn interleave<T>(rows: Vec<Vec<T>>) -> Vec<T> {
    let mut rows: Vec<_> = rows.into_iter().map(Vec::into_iter).collect();
    let mut items = Vec::new();
    while rows.iter().any(|row| row.len() > 0) {
        items.extend(rows.iter_mut().filter_map(Iterator::next));
    }
    items
}
