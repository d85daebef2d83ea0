use std::net::SocketAddr;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Request, header};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::TcpStream;

/// A client of the server's own origin that keeps its cookie. It opens a connection for every
/// request.
#[derive(Clone)]
pub(crate) struct Client {
    address: SocketAddr,
    cookie: Option<String>,
}

/// A complete response.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: Bytes,
}

impl Response {
    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        serde_json::from_slice(&self.body).unwrap()
    }
}

impl Client {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, cookie: None }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Option<Response> {
        self.send("GET", path, Vec::new()).await
    }

    /// Posts JSON. Returns `None` if no complete response arrives.
    pub(crate) async fn post(&mut self, path: &str, body: &impl Serialize) -> Option<Response> {
        self.send("POST", path, serde_json::to_vec(body).unwrap()).await
    }

    pub(crate) async fn send(&mut self, method: &str, path: &str, body: Vec<u8>) -> Option<Response> {
        let host = format!("localhost:{}", self.address.port());
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::ORIGIN, format!("http://{host}"))
            .header(header::HOST, host);
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let stream = TcpStream::connect(self.address).await.ok()?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
        // A broken connection shows in the pending response.
        let connection = tokio::spawn(connection);
        let answer = sender.send_request(request.body(Body::from(body)).unwrap()).await.ok()?;
        let (parts, body) = answer.into_parts();
        let body = to_bytes(Body::new(body), usize::MAX).await.ok()?;
        drop(sender);
        drop(connection.await);
        self.keep_cookie(&parts.headers);
        Some(Response { status: parts.status.as_u16(), body })
    }

    fn keep_cookie(&mut self, headers: &HeaderMap) {
        if let Some(line) = headers.get(header::SET_COOKIE) {
            self.cookie = line.to_str().unwrap().split(';').next().map(str::to_owned);
        }
    }
}
