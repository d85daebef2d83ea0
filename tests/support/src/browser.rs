use std::error::Error;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes};
use hyper::header::{CONTENT_TYPE, COOKIE, HOST, HeaderMap, ORIGIN, SET_COOKIE};
use hyper::http::request::Builder;
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use tokio::net::TcpStream;

use crate::http::Response;
use crate::recording::{RecordedStream, Tape};

type AnyError = Box<dyn Error + Send + Sync>;

/// A page of the server's own origin in a browser. It keeps cookies and records every byte of its
/// traffic. Clones share both. Every request has a connection of its own.
#[derive(Clone)]
pub struct Browser {
    address: SocketAddr,
    origin: String,
    /// The cookies as `name=value`.
    cookies: Arc<Mutex<Vec<String>>>,
    tape: Tape,
    /// What a proxy says about where the requests come from.
    forwarded_for: Option<IpAddr>,
    observer: Option<Arc<dyn Observer>>,
}

/// Is told of every exchange of a browser.
pub trait Observer: Send + Sync {
    /// Takes note of one exchange, from connecting to the complete response, which may be missing.
    fn observe(&self, path: &str, took: Duration, response: Option<&Response>);
}

impl Browser {
    /// Creates a browser without cookies, for the server that listens on a port of this machine.
    pub fn new(address: SocketAddr) -> Self {
        Self::with_origin(address, &format!("http://localhost:{}", address.port()))
    }

    /// Creates a browser without cookies, for a page of this origin.
    pub fn with_origin(address: SocketAddr, origin: &str) -> Self {
        Self {
            address,
            origin: origin.to_owned(),
            cookies: Arc::default(),
            tape: Tape::default(),
            forwarded_for: None,
            observer: None,
        }
    }

    /// Sends everything as a proxy does for a client at this address.
    pub fn behind_proxy(mut self, client: IpAddr) -> Self {
        self.forwarded_for = Some(client);
        self
    }

    /// Tells an observer of every exchange, and records no bytes.
    pub fn observed_by(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self.tape = Tape::off();
        self
    }

    /// Follows the server to another address. The page keeps its origin.
    pub fn move_to(&mut self, address: SocketAddr) {
        self.address = address;
    }

    /// Returns the address of the server.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the origin of the page.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Sends a GET request. Panics without a complete response on a connection that ends cleanly,
    /// like all methods that do not return an `Option`.
    pub async fn get(&self, path: &str) -> Response {
        self.send_request(self.page_request("GET", path, false), Full::default()).await
    }

    /// Sends a POST request without a body.
    pub async fn post(&self, path: &str) -> Response {
        self.send_request(self.page_request("POST", path, false), Full::default()).await
    }

    /// Posts a value as JSON.
    pub async fn post_json(&self, path: &str, body: &impl Serialize) -> Response {
        self.post_text(path, json(body)).await
    }

    /// Posts a text as if it were JSON.
    pub async fn post_text(&self, path: &str, body: impl Into<Bytes>) -> Response {
        self.send_request(self.page_request("POST", path, true), Full::new(body.into())).await
    }

    /// Sends any request. Adds only the host and the cookies.
    pub async fn send_request<B>(&self, request: Builder, body: B) -> Response
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<AnyError>,
    {
        let (response, connection) = self.exchange(request, body).await.expect("a complete response");
        connection.expect("a connection that ends cleanly");
        response
    }

    /// Posts a value as JSON. Returns `None` without a complete response.
    pub async fn try_post_json(&self, path: &str, body: &impl Serialize) -> Option<Response> {
        self.send("POST", path, Some(&json(body))).await
    }

    /// Sends a request as the page does, with a JSON body if there is one. Returns `None` without a
    /// complete response.
    pub async fn send(&self, method: &str, path: &str, body: Option<&[u8]>) -> Option<Response> {
        let request = self.page_request(method, path, body.is_some());
        self.try_send_request(request, body).await
    }

    /// Sends a request with exactly these headers in addition to the host and the cookies.
    pub async fn send_with(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Option<Response> {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.try_send_request(request, body).await
    }

    /// Returns the cookies as the header has them, if there are any.
    pub fn cookie(&self) -> Option<String> {
        let cookies = self.cookies();
        if cookies.is_empty() { None } else { Some(cookies.join("; ")) }
    }

    /// Replaces all cookies.
    pub fn set_cookie(&self, cookie: Option<String>) {
        let pairs = cookie.as_deref().into_iter().flat_map(|cookie| cookie.split("; "));
        *self.cookies() = pairs.map(str::to_owned).collect();
    }

    /// Returns every byte sent so far.
    pub fn sent(&self) -> Vec<u8> {
        self.tape.sent.bytes()
    }

    /// Returns every byte received so far.
    pub fn received(&self) -> Vec<u8> {
        self.tape.received.bytes()
    }

    fn cookies(&self) -> MutexGuard<'_, Vec<String>> {
        self.cookies.lock().expect("nothing panics while it holds the cookies")
    }

    /// Returns a request with the headers that a page's request has.
    fn page_request(&self, method: &str, path: &str, json: bool) -> Builder {
        let mut request = Request::builder().method(method).uri(path).header("sec-fetch-site", "same-origin");
        if method != Method::GET {
            request = request.header(ORIGIN, &self.origin);
        }
        if json {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        request
    }

    async fn try_send_request(&self, request: Builder, body: Option<&[u8]>) -> Option<Response> {
        let body = Full::new(Bytes::copy_from_slice(body.unwrap_or_default()));
        self.exchange(request, body).await.ok().map(|(response, _)| response)
    }

    /// Returns the response, and how its connection ended.
    async fn exchange<B>(&self, request: Builder, body: B) -> Result<(Response, hyper::Result<()>), AnyError>
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<AnyError>,
    {
        let Some(observer) = &self.observer else { return self.exchange_unobserved(request, body).await };
        let path = request.uri_ref().map(|uri| uri.path().to_owned()).unwrap_or_default();
        let start = Instant::now();
        let exchanged = self.exchange_unobserved(request, body).await;
        observer.observe(&path, start.elapsed(), exchanged.as_ref().ok().map(|(response, _)| response));
        exchanged
    }

    async fn exchange_unobserved<B>(
        &self,
        request: Builder,
        body: B,
    ) -> Result<(Response, hyper::Result<()>), AnyError>
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<AnyError>,
    {
        let mut request = request.header(HOST, format!("localhost:{}", self.address.port()));
        if let Some(cookies) = self.cookie() {
            request = request.header(COOKIE, cookies);
        }
        if let Some(client) = self.forwarded_for {
            request = request.header("x-forwarded-for", client.to_string());
        }
        let request = request.body(body)?;
        let stream = TcpStream::connect(self.address).await?;
        let stream = TokioIo::new(RecordedStream { stream, tape: self.tape.clone() });
        let (mut sender, connection) = hyper::client::conn::http1::handshake(stream).await?;
        let exchange = async move {
            let (parts, body) = sender.send_request(request).await?.into_parts();
            let body = body.collect().await?.to_bytes().to_vec();
            // The connection ends when nobody can send over it any more.
            drop(sender);
            hyper::Result::Ok(Response { status: parts.status.as_u16(), headers: parts.headers, body })
        };
        tokio::pin!(exchange, connection);
        // The connection drives the exchange. If it ends first, the response may already be there.
        let (response, ended) = tokio::select! {
            response = &mut exchange => (response?, connection.await),
            ended = &mut connection => (exchange.await?, ended),
        };
        self.keep_cookies(&response.headers);
        Ok((response, ended))
    }

    /// Keeps cookies as the strictest browser does: Safari takes `Secure` cookies over TLS only.
    fn keep_cookies(&self, headers: &HeaderMap) {
        for line in headers.get_all(SET_COOKIE) {
            let line = line.to_str().expect("cookies are ASCII");
            let mut parts = line.split(';').map(str::trim);
            let pair = parts.next().unwrap_or_default();
            let (name, _) = pair.split_once('=').expect("a cookie has a name");
            let attributes: Vec<&str> = parts.collect();
            let encrypted = self.origin.starts_with("https://");
            assert_eq!(attributes.contains(&"Secure"), encrypted, "refused by Safari, or too weak: {line}");
            assert!(attributes.contains(&"Path=/"), "refused by browsers: {line}");
            let mut cookies = self.cookies();
            cookies.retain(|known| known.split('=').next() != Some(name));
            if !attributes.contains(&"Max-Age=0") {
                cookies.push(pair.to_owned());
            }
        }
    }
}

fn json(body: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(body).expect("wire types are JSON")
}
