//! Reads complete bodies before the handlers run, once everything else about a request is known to
//! be right, and only as long as there is memory for them.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use crystallum_api::{Code, Condition, Endpoint, MAX_BODY, Method, RequestBody};
use http_body_util::BodyExt;

use super::client::client_of;
use super::endpoint_of;
use crate::app::crowd::Crowd;
use crate::app::pressure::Pressure;
use crate::app::state::App;
use crate::auth::session::Authenticated;
use crate::http::budget::{Full, Payer, Reservation};
use crate::http::error::{ApiError, ApiResult};
use crate::http::held::hold;
use crate::http::pace::Pace;

/// How many seconds a client waits whose share of the memory is used up. A body is handled within
/// that time.
const RETRY_SECONDS: u32 = 2;
/// How long a body waits until somebody has made room for it.
const MAX_WAIT: Duration = Duration::from_secs(2);

/// Returns the largest body that is read for an endpoint. If it takes none, nothing is kept.
pub(crate) fn limit_for(endpoint: Endpoint) -> usize {
    match endpoint.facts().request {
        RequestBody::Json { max, .. } => max,
        RequestBody::Empty => 0,
    }
}

/// Reads the body of a request to an endpoint. Other bodies are not read.
pub(crate) async fn read(State(app): State<Arc<App>>, request: Request, next: Next) -> ApiResult<Response> {
    let Some(endpoint) = endpoint_of(&request) else { return Ok(next.run(request).await) };
    if request.body().is_end_stream() {
        return Ok(next.run(request).await);
    }
    // A `GET` ignores a body.
    if endpoint.facts().method == Method::Get {
        return Ok(next.run(request.map(|_| Body::empty())).await);
    }
    let mut reservation = match request.extensions().get::<Authenticated>() {
        Some(session) => app.memory.session_bodies.open(Payer::Account(session.account)),
        None => app.memory.anonymous_bodies.open(Payer::Network(client_of(&request))),
    };
    let (parts, body) = request.into_parts();
    let bytes = collect(body, limit_for(endpoint), &mut reservation, &app.requests, &app.pressure).await?;
    Ok(hold(reservation, next.run(Request::from_parts(parts, Body::from(bytes)))).await)
}

/// Reads a body of at most `max` bytes, and reserves the memory for it as it arrives.
async fn collect(
    mut body: Body,
    max: usize,
    reservation: &mut Reservation,
    requests: &Crowd,
    pressure: &Pressure,
) -> ApiResult<Bytes> {
    let mut kept = Vec::new();
    let mut pace = Pace::start();
    while let Some(frame) = pace.next(body.frame()).await.map_err(|_| too_slow(pressure))? {
        let frame = frame.map_err(|_| Code::BadRequest)?;
        let Some(data) = frame.data_ref() else { continue };
        pace.count(data.len());
        if pace.bytes() > max.max(MAX_BODY) {
            return Err(Code::TooLarge.into());
        }
        if pace.bytes() > max {
            // What is not kept is still measured, because the error depends on it.
            kept = Vec::new();
            reservation.shrink_to(0);
            continue;
        }
        if let Err(full) = reservation.grow(data.len()) {
            // Whoever has been sending nothing for longest makes room.
            if full == Full::Total && requests.evict() {
                pressure.notice(Condition::Bodies);
                reservation
                    .wait_to_grow(data.len(), MAX_WAIT)
                    .await
                    .map_err(|full| no_room(full, pressure))?;
            } else {
                return Err(no_room(full, pressure));
            }
        }
        kept.extend_from_slice(data);
    }
    match pace.bytes() {
        bytes if bytes <= max => Ok(Bytes::from(kept)),
        _ if max == 0 => Err(Code::BadRequest.into()),
        _ => Err(Code::TooLarge.into()),
    }
}

fn too_slow(pressure: &Pressure) -> ApiError {
    pressure.notice(Condition::Slow);
    Code::Unavailable.into()
}

fn no_room(full: Full, pressure: &Pressure) -> ApiError {
    pressure.notice(Condition::Bodies);
    match full {
        Full::Share => ApiError::rate_limited(RETRY_SECONDS),
        Full::Total => Code::Unavailable.into(),
    }
}

#[cfg(test)]
mod tests {
    use crystallum_api::Id;

    use super::*;
    use crate::app::clock::Clock;
    use crate::app::crowd::{CrowdLimits, Handle};
    use crate::http::budget::Budget;

    const ANNA: Payer = Payer::Account(Id([1; 16]));

    fn nobody() -> (Arc<Crowd>, Arc<Pressure>) {
        let pressure = Arc::new(Pressure::new(Clock::manual(1_000)));
        (Crowd::new(CrowdLimits::REQUESTS, Condition::Requests, &pressure), pressure)
    }

    async fn collected(budget: &Arc<Budget>, bytes: usize, max: usize) -> ApiResult<usize> {
        let (requests, pressure) = nobody();
        let mut reservation = budget.open(ANNA);
        let body = Body::from(vec![7; bytes]);
        collect(body, max, &mut reservation, &requests, &pressure).await.map(|kept| kept.len())
    }

    #[tokio::test]
    async fn the_limit_is_exact() {
        let budget = Budget::new(2 * MAX_BODY, 2 * MAX_BODY);
        assert_eq!(collected(&budget, MAX_BODY, MAX_BODY).await.unwrap(), MAX_BODY);
        for (bytes, max, code) in [
            (MAX_BODY + 1, MAX_BODY, Code::TooLarge),
            (100, 99, Code::TooLarge),
            (1, 0, Code::BadRequest),
            (MAX_BODY + 1, 0, Code::TooLarge),
        ] {
            assert_eq!(collected(&budget, bytes, max).await.unwrap_err().code(), code, "{bytes} {max}");
        }
        assert_eq!(collected(&budget, 0, 0).await.unwrap(), 0);
        assert_eq!(budget.used(), 0);
    }

    #[tokio::test]
    async fn a_body_needs_room() {
        let budget = Budget::new(1_000, 600);
        let mut other = budget.open(Payer::Account(Id([2; 16])));
        assert_eq!(collected(&budget, 601, MAX_BODY).await.unwrap_err().code(), Code::RateLimited);
        other.grow(600).unwrap();
        assert_eq!(collected(&budget, 401, MAX_BODY).await.unwrap_err().code(), Code::Unavailable);
        assert_eq!(collected(&budget, 400, MAX_BODY).await.unwrap(), 400);
        assert_eq!(budget.used(), 600, "what was read is given back");
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_body_is_given_up() {
        let (requests, pressure) = nobody();
        let mut reservation = Budget::new(1_000, 1_000).open(ANNA);
        let silent = Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>());
        let refused = collect(silent, MAX_BODY, &mut reservation, &requests, &pressure).await.unwrap_err();
        assert_eq!(refused.code(), Code::Unavailable);
        assert_eq!(pressure.present(), [Condition::Slow]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_go_on_makes_room_for_others() {
        let budget = Budget::new(1_000, 600);
        let (requests, pressure) = nobody();
        // Two others hold everything. One of them sends nothing, the other is being handled.
        let (silent, busy) = (Handle::new(), Handle::new());
        let _running = busy.activity().begin();
        let network = std::net::IpAddr::from([192, 0, 2, 1]);
        let _places = [&silent, &busy].map(|handle| requests.admit(network, false, handle));
        let [mut first, mut second] = [2, 3].map(|id| budget.open(Payer::Account(Id([id; 16]))));
        first.grow(500).unwrap();
        second.grow(500).unwrap();
        let evicted = tokio::spawn(async move {
            silent.evicted().await;
            drop(first);
        });
        let mut reservation = budget.open(ANNA);
        let body = Body::from(vec![7; 400]);
        let kept = collect(body, MAX_BODY, &mut reservation, &requests, &pressure).await.unwrap();
        evicted.await.unwrap();
        assert_eq!((kept.len(), budget.used()), (400, 900));
        assert_eq!(pressure.present(), [Condition::Bodies]);
    }
}
