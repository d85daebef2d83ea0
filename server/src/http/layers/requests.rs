//! Limits how many requests of a network are under way at the same time. Behind a proxy, this is
//! what keeps one client from using every connection. If there are too many, the one whose client
//! reads or sends slowest is cut off, with its connection.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use crystallum_api::Endpoint;
use hyper::body::{Frame, SizeHint};

use super::client::client_of;
use super::handle_of;
use crate::app::crowd::Place;
use crate::app::state::App;
use crate::http::error::ApiError;

/// How many seconds a client waits that has too many requests under way.
const RETRY_SECONDS: u32 = 1;

/// Counts a request until its answer has been handed to the connection.
pub(crate) async fn limit(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (client, handle) = (client_of(&request), handle_of(&request));
    // Whatever makes room later finds out by this whose connection it is.
    handle.set_client(client);
    // The operator is told how the server is, whoever shares the address. This takes no time.
    // Streams of hints have limits of their own, since they are under way as long as a vault is
    // open. What these addresses do not offer is a request like any other.
    let free = [Endpoint::Health, Endpoint::Hints].map(Endpoint::path);
    if request.method() == Method::GET && free.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    let Some(place) = app.requests.admit(client, false, &handle) else {
        let mut refusal = ApiError::rate_limited(RETRY_SECONDS).into_response();
        // The rest of the request is not read.
        refusal.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        return refusal;
    };
    next.run(request).await.map(|body| Body::new(CountedBody { body, _place: place }))
}

/// The body of a request that is under way.
struct CountedBody {
    body: Body,
    _place: Place,
}

impl HttpBody for CountedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use crystallum_api::Condition;
    use tower::ServiceExt;

    use super::*;
    use crate::app::build::build_app;
    use crate::app::clock::Clock;
    use crate::app::crowd::CrowdLimits;
    use crate::app::handle::Handle;
    use crate::app::origin::Origin;
    use crate::app::settings::Settings;
    use crate::http::layers::client::ClientNetwork;

    async fn ask(router: &Router, network: u8) -> Response {
        send(router, Method::GET, "/", network).await.0
    }

    /// Sends a request. Returns the answer, and the handle of the connection.
    async fn send(router: &Router, method: Method, path: &str, network: u8) -> (Response, Handle) {
        let mut request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        request.extensions_mut().insert(ClientNetwork(IpAddr::from([192, 0, 2, network])));
        let handle = Handle::new();
        request.extensions_mut().insert(handle.clone());
        // Nobody waits for the client while the server is busy.
        let mut response = router.clone().oneshot(request).await.unwrap();
        response.extensions_mut().insert(Arc::new(handle.activity().begin()));
        (response, handle)
    }

    #[tokio::test]
    async fn a_network_has_a_number_of_requests_under_way() {
        let data = tempfile::tempdir().unwrap();
        let origin = Origin::parse("http://localhost:8080", 8080).unwrap();
        let app = build_app(&Settings::local(data.path()), origin, Clock::manual(1_000)).await.unwrap();
        let app = Arc::new(app);
        let router = Router::new()
            .route("/", get(|| async { "answer" }))
            .layer(from_fn_with_state(Arc::clone(&app), limit));
        let mut running = Vec::new();
        for _ in 0..CrowdLimits::REQUESTS.share {
            running.push(ask(&router, 1).await);
        }
        assert_eq!(app.pressure.present(), []);
        let refused = ask(&router, 1).await;
        assert_eq!(refused.status(), 429);
        assert_eq!(refused.headers()[header::CONNECTION], "close");
        assert_eq!(app.pressure.present(), [Condition::Requests]);
        assert_eq!(ask(&router, 2).await.status(), 200);
        // Health and hints are not counted, but what else is sent there is. Each has its client.
        for path in [Endpoint::Health, Endpoint::Hints].map(Endpoint::path) {
            let (free, handle) = send(&router, Method::GET, path, 1).await;
            assert_eq!(free.status(), 404, "{path} is not a route of this router");
            assert_eq!(handle.client(), Some(IpAddr::from([192, 0, 2, 1])), "{path}");
            for method in [Method::POST, Method::HEAD] {
                assert_eq!(send(&router, method, path, 1).await.0.status(), 429, "{path}");
            }
        }
        running.pop();
        assert_eq!(ask(&router, 1).await.status(), 200);
        drop(running);
        assert_eq!(app.requests.count(), 0);
    }
}
