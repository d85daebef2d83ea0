//! Keeps answers that clients have not read yet from filling the memory.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use crystallum_api::{Code, Condition, Endpoint};

use super::client::client_of;
use super::endpoint_of;
use crate::app::crowd::Handle;
use crate::app::state::App;
use crate::auth::session::Authenticated;
use crate::http::budget::{Full, Payer, Reservation};
use crate::http::error::{ApiError, ApiResult};
use crate::vault::delta::MAX_PAGE_JSON;

/// Answers up to this size are not counted. Their number is limited by that of connections.
const SMALL: usize = 16 * 1_024;
/// How long a request waits until earlier answers have been read.
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
    let no_room = |full| {
        app.pressure.notice(Condition::Answers);
        match full {
            Full::Share => ApiError::rate_limited(RETRY_SECONDS),
            Full::Total => Code::Unavailable.into(),
        }
    };
    let mut reservation = match endpoint {
        Endpoint::Delta => {
            // Whoever waits for its own earlier answers makes room for others.
            let handle = request.extensions().get::<Handle>().cloned();
            let _blocked = handle.as_ref().map(|handle| handle.activity().block());
            if app.memory.answers.open(payer).grow(MAX_PAGE_JSON) == Err(Full::Total) {
                // Whoever has been reading nothing for longest makes room.
                app.requests.evict();
            }
            app.memory.answers.wait_for(payer, MAX_PAGE_JSON, MAX_WAIT).await.map_err(no_room)?
        }
        _ => app.memory.answers.open(payer),
    };
    let (parts, body) = next.run(request).await.into_parts();
    let size = body.size_hint().exact().and_then(|size| usize::try_from(size).ok()).unwrap_or(0);
    if size <= SMALL {
        return Ok(Response::from_parts(parts, body));
    }
    let bytes = to_bytes(body, size).await.map_err(|_| Code::Unavailable)?;
    if let Some(more) = size.checked_sub(reservation.bytes()) {
        reservation.grow(more).map_err(no_room)?;
    }
    reservation.shrink_to(size);
    // The connection keeps slices of these bytes until they are sent.
    let held = Bytes::from_owner(HeldBytes { bytes, _reservation: reservation });
    Ok(Response::from_parts(parts, Body::from(held)))
}

/// Bytes whose memory is reserved until nobody refers to them.
struct HeldBytes {
    bytes: Bytes,
    _reservation: Reservation,
}

impl AsRef<[u8]> for HeldBytes {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests;
