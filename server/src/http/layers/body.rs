//! Reads complete bodies, up to a limit, before the handlers run.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use crystallum_api::{Code, Endpoint, MAX_BODY, RequestBody};
use http_body_util::BodyExt;

use super::{endpoint_of, is_api};
use crate::http::error::ApiResult;

/// How much of a body that is too large is read and discarded, so that the client receives the
/// error response instead of a closed connection.
const MAX_DRAINED: usize = 16 * MAX_BODY;

/// Returns the largest body that is read for an endpoint. If it takes none, or if there is no such
/// endpoint, the body is read as well, so that the client receives the error response for it.
pub(crate) fn limit_for(endpoint: Option<Endpoint>) -> usize {
    match endpoint.map(|endpoint| endpoint.facts().request) {
        Some(RequestBody::Json { max, .. }) => max,
        Some(RequestBody::Empty) | None => MAX_BODY,
    }
}

/// Reads the body of a request under `/api`. Other bodies are not read.
pub(crate) async fn read(request: Request, next: Next) -> ApiResult<Response> {
    if !is_api(request.uri().path()) {
        return Ok(next.run(request).await);
    }
    let max = limit_for(endpoint_of(&request));
    let (parts, body) = request.into_parts();
    let bytes = collect(body, max).await?;
    Ok(next.run(Request::from_parts(parts, Body::from(bytes))).await)
}

async fn collect(mut body: Body, max: usize) -> ApiResult<Bytes> {
    let mut kept = Vec::new();
    let mut seen = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Code::BadRequest)?;
        let Some(data) = frame.data_ref() else { continue };
        seen = seen.saturating_add(data.len());
        if seen > MAX_DRAINED {
            break;
        }
        if seen > max {
            kept = Vec::new();
        } else {
            kept.extend_from_slice(data);
        }
    }
    if seen > max { Err(Code::TooLarge.into()) } else { Ok(Bytes::from(kept)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_limit_is_exact() {
        let collect = |bytes: usize| collect(Body::from(vec![7; bytes]), MAX_BODY);
        assert_eq!(collect(MAX_BODY).await.unwrap().len(), MAX_BODY);
        assert_eq!(collect(MAX_BODY + 1).await.unwrap_err().code(), Code::TooLarge);
        assert_eq!(collect(MAX_DRAINED + 1).await.unwrap_err().code(), Code::TooLarge);
        assert!(collect(0).await.unwrap().is_empty());
    }
}
