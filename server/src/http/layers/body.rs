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
use super::{endpoint_of, handle_of};
use crate::app::pressure::Pressure;
use crate::app::state::App;
use crate::auth::session::Authenticated;
use crate::http::budget::Reservation;
use crate::http::budget::holders::{Full, Payer};
use crate::http::error::{ApiError, ApiResult};
use crate::http::held::hold;
use crate::http::memory::FREE_OF_BODY;
use crate::http::pace::Pace;

/// How many seconds a client waits whose share of the memory is used up. A body is handled within
/// that time.
const RETRY_SECONDS: u32 = 2;
/// How long a body waits until somebody has made room for it: a second for others to fall silent,
/// and one to be cut off. Meanwhile its client cannot send, so that it must not be much longer.
const MAX_WAIT: Duration = Duration::from_secs(2);
/// The memory for a body grows in steps of this size. It is moved at most 16 times.
const STEP: usize = 64 * 1_024;

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
    let (budget, payer) = match request.extensions().get::<Authenticated>() {
        Some(session) => (&app.memory.session_bodies, Payer::Account(session.account)),
        None => (&app.memory.anonymous_bodies, Payer::Network(client_of(&request))),
    };
    let mut reservation = budget.open(payer, &handle_of(&request));
    let (parts, body) = request.into_parts();
    let bytes = collect(body, limit_for(endpoint), &mut reservation, &app.pressure).await?;
    Ok(hold(reservation, next.run(Request::from_parts(parts, Body::from(bytes)))).await)
}

/// Reads a body of at most `max` bytes, and reserves the memory for it as it arrives.
async fn collect(
    mut body: Body,
    max: usize,
    reservation: &mut Reservation,
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
        let capacity = capacity_for(pace.bytes());
        if capacity > kept.capacity() {
            let more = capacity.saturating_sub(FREE_OF_BODY).saturating_sub(reservation.bytes());
            grow(reservation, more, pressure).await?;
            kept.reserve_exact(capacity - kept.len());
        }
        kept.extend_from_slice(data);
    }
    match pace.bytes() {
        bytes if bytes <= max => Ok(Bytes::from(kept)),
        _ if max == 0 => Err(Code::BadRequest.into()),
        _ => Err(Code::TooLarge.into()),
    }
}

/// Returns how much memory is used for a body of which so many bytes have arrived.
fn capacity_for(bytes: usize) -> usize {
    if bytes <= FREE_OF_BODY { bytes.next_power_of_two() } else { bytes.next_multiple_of(STEP) }
}

/// Reserves memory, and waits for it if others have to make room.
async fn grow(reservation: &mut Reservation, bytes: usize, pressure: &Pressure) -> ApiResult<()> {
    let Err(full) = reservation.grow(bytes) else { return Ok(()) };
    if full == Full::Total {
        pressure.notice(Condition::Bodies);
    }
    reservation.wait_to_grow(bytes, MAX_WAIT).await.map_err(|full| {
        pressure.notice(Condition::Bodies);
        match full {
            Full::Share => ApiError::rate_limited(RETRY_SECONDS),
            Full::Total => Code::Unavailable.into(),
        }
    })
}

fn too_slow(pressure: &Pressure) -> ApiError {
    pressure.notice(Condition::Slow);
    Code::Unavailable.into()
}

#[cfg(test)]
mod tests;
