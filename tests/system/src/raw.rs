//! HTTP requests as a browser sends them, with a recording of every byte.

use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, COOKIE, HeaderMap, SET_COOKIE};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// An HTTP answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Whether its content type is JSON.
    pub json: bool,
    /// The body.
    pub body: Vec<u8>,
    /// The headers.
    pub headers: HeaderMap,
}

impl Answer {
    /// Returns the error code in the body.
    pub fn code(&self) -> Option<crystallum_api::Code> {
        serde_json::from_slice::<crystallum_api::Failure>(&self.body).ok().map(|failure| failure.code)
    }
}

/// A page of the server's own origin. It has cookies and a recording of the traffic, which clones
/// share.
#[derive(Clone)]
pub struct Raw {
    address: SocketAddr,
    cookies: Rc<RefCell<Vec<(String, String)>>>,
    tape: Tape,
}

impl Raw {
    /// Creates a page without cookies.
    pub fn new(address: SocketAddr) -> Self {
        Self { address, cookies: Rc::default(), tape: Tape::default() }
    }

    /// Sends a request as the page does, with a JSON body if there is one. Returns `None` without a
    /// complete answer.
    pub async fn send(&self, method: &str, path: &str, body: Option<&[u8]>) -> Option<Answer> {
        let origin = format!("http://localhost:{}", self.address.port());
        let mut headers = vec![("sec-fetch-site", "same-origin")];
        if method != "GET" {
            headers.push(("origin", &origin));
        }
        if body.is_some() {
            headers.push((CONTENT_TYPE.as_str(), "application/json"));
        }
        self.send_with(method, path, &headers, body).await
    }

    /// Sends a request with exactly these headers in addition to the host and the cookies.
    pub async fn send_with(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Option<Answer> {
        let mut request = hyper::Request::builder()
            .method(method)
            .uri(path)
            .header("host", format!("localhost:{}", self.address.port()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let cookies: Vec<String> =
            self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies.join("; "));
        }
        let body = Full::new(Bytes::copy_from_slice(body.unwrap_or_default()));
        let request = request.body(body).expect("a test composes requests that exist");
        let answer = self.exchange(request).await?;
        self.keep_cookies(&answer.headers);
        Some(answer)
    }

    /// Returns every byte sent so far.
    pub fn sent(&self) -> Vec<u8> {
        self.tape.sent.bytes()
    }

    /// Returns every byte received so far.
    pub fn received(&self) -> Vec<u8> {
        self.tape.received.bytes()
    }

    /// Replaces the cookies with those of another page, as after another login in the same browser.
    pub fn take_cookies(&self, other: &Self) {
        let cookies = other.cookies.borrow().clone();
        self.cookies.replace(cookies);
    }

    async fn exchange(&self, request: hyper::Request<Full<Bytes>>) -> Option<Answer> {
        let stream = TcpStream::connect(self.address).await.ok()?;
        let taped = Taped { stream, tape: self.tape.clone() };
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(taped)).await.ok()?;
        let exchange = async {
            let answer = sender.send_request(request).await.ok()?;
            let (parts, body) = answer.into_parts();
            let body = body.collect().await.ok()?.to_bytes().to_vec();
            let media = parts.headers.get(CONTENT_TYPE).and_then(|media| media.to_str().ok());
            let json = media.is_some_and(|media| media.split(';').next() == Some("application/json"));
            Some(Answer { status: parts.status.as_u16(), json, body, headers: parts.headers })
        };
        tokio::pin!(exchange, connection);
        // The connection drives the exchange. If it ends first, the answer may already be there.
        tokio::select! {
            answer = &mut exchange => answer,
            _ = &mut connection => exchange.await,
        }
    }

    /// Keeps cookies as a browser that treats `http://localhost` as secure.
    fn keep_cookies(&self, headers: &HeaderMap) {
        for line in headers.get_all(SET_COOKIE) {
            let line = line.to_str().expect("cookies are ASCII");
            let mut parts = line.split(';').map(str::trim);
            let pair = parts.next().and_then(|pair| pair.split_once('='));
            let (name, value) = pair.expect("a cookie has a name");
            let attributes: Vec<&str> = parts.collect();
            assert!(
                attributes.contains(&"Secure") && attributes.contains(&"Path=/"),
                "refused by browsers: {line}"
            );
            let mut cookies = self.cookies.borrow_mut();
            cookies.retain(|(known, _)| known != name);
            if !attributes.contains(&"Max-Age=0") {
                cookies.push((name.to_owned(), value.to_owned()));
            }
        }
    }
}

#[derive(Clone, Default)]
struct Tape {
    sent: Track,
    received: Track,
}

#[derive(Clone, Default)]
struct Track(Arc<Mutex<Vec<u8>>>);

impl Track {
    fn add(&self, bytes: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
    }

    fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

struct Taped {
    stream: TcpStream,
    tape: Tape,
}

impl AsyncRead for Taped {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buf);
        if let Some(new) = buf.filled().get(before..) {
            self.tape.received.add(new);
        }
        polled
    }
}

impl AsyncWrite for Taped {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, bytes);
        if let Poll::Ready(Ok(sent)) = &polled {
            self.tape.sent.add(bytes.get(..*sent).unwrap_or_default());
        }
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
