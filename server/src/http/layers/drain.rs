//! Discards what is left of a body when the answer is known, so that the client receives the answer
//! instead of a closed connection. Nothing of it is kept in memory.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;
use crystallum_api::MAX_BODY;
use http_body_util::BodyExt;
use hyper::body::{Frame, SizeHint};

use super::is_api;
use crate::http::pace::Pace;

/// How much of a body is discarded at most: as much as sixteen of the largest. Whoever sends too
/// much by mistake still learns why, and whoever sends without end loses the connection.
const MAX_DISCARDED: usize = 16 * MAX_BODY;
/// How long the answer waits for the rest of the body. A largest body takes that long at 100 kB a
/// second, and a browser gives up after 20 seconds without a byte.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// Answers a request under `/api` after its whole body has arrived.
pub(crate) async fn rest(request: Request, next: Next) -> Response {
    // A client that asks first sends no body if the answer is a refusal.
    if !is_api(request.uri().path()) || request.headers().contains_key(header::EXPECT) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    if body.is_end_stream() {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let shared = SharedBody(Arc::new(Mutex::new(body)));
    let request = Request::from_parts(parts, Body::new(SharedBody(Arc::clone(&shared.0))));
    let response = next.run(request).await;
    // A client that does not send in time loses its connection, but the answer is on its way.
    drop(tokio::time::timeout(MAX_WAIT, discard(shared)).await);
    response
}

async fn discard(mut body: SharedBody) {
    let mut pace = Pace::start();
    while let Ok(Some(Ok(frame))) = pace.next(body.frame()).await {
        pace.count(frame.data_ref().map_or(0, Bytes::len));
        if pace.bytes() > MAX_DISCARDED {
            break;
        }
    }
}

/// A body that the handler reads first, and then this layer.
struct SharedBody(Arc<Mutex<Body>>);

impl HttpBody for SharedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Pin::new(&mut *body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).size_hint()
    }
}
