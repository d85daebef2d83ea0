use std::net::SocketAddr;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::request::Builder;
use axum::http::{HeaderMap, Request, header};
use crystallum_api::{Code, Failure};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::TcpStream;

/// An HTTP client that keeps one cookie.
pub(crate) struct Browser {
    pub(crate) address: SocketAddr,
    pub(crate) origin: String,
    pub(crate) cookie: Option<String>,
}

/// A response.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Browser {
    pub(crate) fn new(address: SocketAddr, origin: &str) -> Self {
        Self { address, origin: origin.to_owned(), cookie: None }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Reply {
        self.send(Request::get(path), Body::empty()).await
    }

    pub(crate) async fn post(&mut self, path: &str) -> Reply {
        let request = Request::post(path).header(header::ORIGIN, &self.origin);
        self.send(request, Body::empty()).await
    }

    pub(crate) async fn post_json(&mut self, path: &str, body: &impl Serialize) -> Reply {
        self.post_text(path, serde_json::to_vec(body).unwrap()).await
    }

    pub(crate) async fn post_text(&mut self, path: &str, body: impl Into<Body>) -> Reply {
        let request = Request::post(path)
            .header(header::ORIGIN, &self.origin)
            .header(header::CONTENT_TYPE, "application/json");
        self.send(request, body.into()).await
    }

    /// Sends any request. Only adds the host and the cookie.
    pub(crate) async fn send(&mut self, request: Builder, body: Body) -> Reply {
        let mut request = request.header(header::HOST, self.address.to_string());
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let stream = TcpStream::connect(self.address).await.unwrap();
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        let connection = tokio::spawn(connection);
        let reply = sender.send_request(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = reply.into_parts();
        let body = to_bytes(Body::new(body), usize::MAX).await.unwrap();
        drop(sender);
        connection.await.unwrap().unwrap();
        let reply = Reply { status: parts.status.as_u16(), headers: parts.headers, body };
        self.keep_cookie(&reply);
        reply
    }

    fn keep_cookie(&mut self, reply: &Reply) {
        let Some(line) = reply.headers.get(header::SET_COOKIE) else { return };
        let pair = line.to_str().unwrap().split(';').next().unwrap();
        self.cookie = if pair.ends_with('=') { None } else { Some(pair.to_owned()) };
    }
}

impl Reply {
    /// Returns the body of a successful response.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/json");
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Returns the body of an error response, whose status must match its code.
    pub(crate) fn failure(&self) -> Failure {
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/json", "status {}", self.status);
        let failure: Failure = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(self.status, failure.code.status());
        failure
    }

    pub(crate) fn code(&self) -> Code {
        self.failure().code
    }
}
