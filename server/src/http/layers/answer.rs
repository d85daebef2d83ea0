//! Keeps answers that clients have not read yet from filling the memory.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use crystallum_api::{Code, Condition, Endpoint};

use super::client::client_of;
use super::{endpoint_of, handle_of};
use crate::app::pressure::Pressure;
use crate::app::state::App;
use crate::auth::session::Authenticated;
use crate::http::budget::Reservation;
use crate::http::budget::holders::{Full, Payer};
use crate::http::error::{ApiError, ApiResult};
use crate::vault::delta::MAX_PAGE_JSON;

/// Answers up to this size are not counted: they fit into the buffers that a connection may have in
/// any case.
const SMALL: usize = 16 * 1_024;
/// How long a request waits until earlier answers have been read. A client gives up after 20
/// seconds without a byte, and the page has to be made after the wait.
const MAX_WAIT: Duration = Duration::from_secs(10);
/// How many seconds a client waits that does not read its answers.
const RETRY_SECONDS: u32 = 5;

/// Reserves the memory for a large answer before it is made, until the client has read it.
pub(crate) async fn reserve(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> ApiResult<Response> {
    let Some(endpoint) = endpoint_of(&request) else { return Ok(next.run(request).await) };
    let payer = match request.extensions().get::<Authenticated>() {
        Some(session) => Payer::Account(session.account),
        None => Payer::Network(client_of(&request)),
    };
    let mut reservation = app.memory.answers.open(payer, &handle_of(&request));
    if matches!(endpoint, Endpoint::Delta | Endpoint::State) {
        grow(&mut reservation, MAX_PAGE_JSON, &app.pressure).await?;
    }
    let (parts, body) = next.run(request).await.into_parts();
    let size = body.size_hint().exact().and_then(|size| usize::try_from(size).ok()).unwrap_or(0);
    if size <= SMALL {
        return Ok(Response::from_parts(parts, body));
    }
    let bytes = to_bytes(body, size).await.map_err(|_| Code::Unavailable)?;
    let more = size.saturating_sub(reservation.bytes());
    grow(&mut reservation, more, &app.pressure).await?;
    // The buffer in which the answer was made may be twice as large.
    let bytes = Box::from(&bytes[..]);
    reservation.shrink_to(size);
    // The connection keeps slices of these bytes until they are sent.
    let held = Bytes::from_owner(HeldBytes { bytes, _reservation: reservation });
    Ok(Response::from_parts(parts, Body::from(held)))
}

/// Reserves memory, and waits for it if others have to make room.
async fn grow(reservation: &mut Reservation, bytes: usize, pressure: &Pressure) -> ApiResult<()> {
    let Err(full) = reservation.grow(bytes) else { return Ok(()) };
    if full == Full::Total {
        pressure.notice(Condition::Answers);
    }
    reservation.wait_to_grow(bytes, MAX_WAIT).await.map_err(|full| {
        pressure.notice(Condition::Answers);
        match full {
            Full::Share => ApiError::rate_limited(RETRY_SECONDS),
            Full::Total => Code::Unavailable.into(),
        }
    })
}

/// Bytes whose memory is reserved until nobody refers to them.
struct HeldBytes {
    bytes: Box<[u8]>,
    _reservation: Reservation,
}

impl AsRef<[u8]> for HeldBytes {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests;
