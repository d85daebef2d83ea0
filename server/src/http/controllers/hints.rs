use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use crystallum_api::Condition;
use futures_util::stream;

use crate::app::hints::{Closed, Subscription, TooMany};
use crate::app::state::App;
use crate::auth::session::{Authenticated, is_session_valid};
use crate::http::error::{ApiError, ApiResult};
use crate::http::layers::client::client_of;
use crate::store::accounts;

/// The time between two signs of life, which also tell a proxy that the stream is in use.
const HEARTBEAT: Duration = Duration::from_secs(25);
/// How many seconds a client waits if there are too many streams.
const RETRY_SECONDS: u32 = 30;

/// Tells a device the newest counter of its account, at once and whenever it changes, as
/// server-sent events (HTML, section 9.2). The stream ends with the session.
pub(crate) async fn hints(
    State(app): State<Arc<App>>,
    auth: Authenticated,
    request: Request,
) -> ApiResult<Response> {
    let subscription =
        app.hints.subscribe((auth.account, auth.token), client_of(&request)).map_err(|TooMany| {
            app.pressure.notice(Condition::Requests);
            ApiError::rate_limited(RETRY_SECONDS)
        })?;
    let stream = Stream { app, auth, subscription, told: None, ended: false };
    let events = stream::unfold(stream, |mut stream| async move {
        let event = stream.next().await?;
        Some((Ok::<_, Infallible>(Bytes::from(event)), stream))
    });
    let mut response = Response::new(Body::from_stream(events));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    // nginx may otherwise keep events back until there are many.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

struct Stream {
    app: Arc<App>,
    auth: Authenticated,
    subscription: Subscription,
    /// The counter that the device was told last.
    told: Option<u64>,
    ended: bool,
}

impl Stream {
    /// Returns the next event, or `None` at the end.
    async fn next(&mut self) -> Option<String> {
        if self.ended {
            return None;
        }
        if self.told.is_some() {
            let changed = tokio::time::timeout(HEARTBEAT, self.subscription.changed()).await;
            if changed == Ok(Err(Closed)) {
                return None;
            }
        }
        let Some(counter) = self.counter().await else {
            self.ended = true;
            return Some("event: ended\ndata:\n\n".to_owned());
        };
        // A comment is a sign of life.
        let event =
            if self.told == Some(counter) { ":\n\n".to_owned() } else { format!("data: {counter}\n\n") };
        self.told = Some(counter);
        Some(event)
    }

    /// Returns the newest counter, or `None` once the session or the account is gone. While the
    /// database cannot be read, nothing has changed.
    async fn counter(&self) -> Option<u64> {
        let Ok(mut reader) = self.app.database.reader().await else { return Some(self.told.unwrap_or(0)) };
        match is_session_valid(&self.app, &mut reader, &self.auth).await {
            Ok(true) => {}
            Ok(false) => return None,
            Err(_) => return Some(self.told.unwrap_or(0)),
        }
        match accounts::find(&mut reader, self.auth.account).await {
            Ok(account) => account.map(|account| account.counter),
            Err(_) => Some(self.told.unwrap_or(0)),
        }
    }
}
