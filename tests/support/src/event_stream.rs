//! A stream of server-sent events, as a page's `EventSource` reads it.

use http_body_util::{BodyExt, Empty};
use hyper::Request;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, COOKIE, HOST};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use crate::browser::Browser;

/// A stream that is read event by event. Dropping it ends the connection.
pub struct EventStream {
    body: Incoming,
    read: String,
    connection: JoinHandle<()>,
}

impl Browser {
    /// Opens a stream of events. Returns `None` if there is no stream at this path.
    pub async fn open_events(&self, path: &str) -> Option<EventStream> {
        let request = Request::get(path)
            .header(HOST, format!("localhost:{}", self.address().port()))
            .header("sec-fetch-site", "same-origin")
            .header(COOKIE, self.cookie().unwrap_or_default())
            .body(Empty::<Bytes>::new())
            .ok()?;
        let stream = TokioIo::new(TcpStream::connect(self.address()).await.ok()?);
        let (mut sender, connection) = hyper::client::conn::http1::handshake(stream).await.ok()?;
        let connection = tokio::spawn(async move { drop(connection.await) });
        let response = sender.send_request(request).await.ok()?;
        let kind = response.headers().get(CONTENT_TYPE)?.to_str().ok()?;
        if response.status() != 200 || kind != "text/event-stream" {
            return None;
        }
        Some(EventStream { body: response.into_body(), read: String::new(), connection })
    }
}

impl EventStream {
    /// Returns the next event as it was sent, without the empty line at its end and without signs
    /// of life. Returns `None` at the end of the stream.
    pub async fn next(&mut self) -> Option<String> {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let event = event.to_owned();
                self.read = rest.to_owned();
                if event.starts_with(':') {
                    continue;
                }
                return Some(event);
            }
            let frame = self.body.frame().await?.ok()?;
            let bytes = frame.into_data().ok()?;
            self.read.push_str(std::str::from_utf8(&bytes).ok()?);
        }
    }
}

impl Drop for EventStream {
    fn drop(&mut self) {
        self.connection.abort();
    }
}
