//! Reads complete bodies, up to a limit, before the handlers run.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use crystallum_api::{Code, MAX_BODY};
use http_body_util::BodyExt;

use super::is_api;
use crate::error::ApiResult;

/// How much of a body that is too large is read and discarded, so that the client receives the
/// error response instead of a closed connection.
const MAX_DRAINED: usize = 16 * MAX_BODY;

/// Reads the body of a request under `/api`. Other bodies are not read.
pub(crate) async fn read(request: Request, next: Next) -> ApiResult<Response> {
    if !is_api(request.uri().path()) {
        return Ok(next.run(request).await);
    }
    let (parts, body) = request.into_parts();
    let bytes = collect(body).await?;
    Ok(next.run(Request::from_parts(parts, Body::from(bytes))).await)
}

async fn collect(mut body: Body) -> ApiResult<Bytes> {
    let mut kept = Vec::new();
    let mut seen = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Code::BadRequest)?;
        let Some(data) = frame.data_ref() else { continue };
        seen = seen.saturating_add(data.len());
        if seen > MAX_DRAINED {
            break;
        }
        if seen > MAX_BODY {
            kept = Vec::new();
        } else {
            kept.extend_from_slice(data);
        }
    }
    if seen > MAX_BODY { Err(Code::TooLarge.into()) } else { Ok(Bytes::from(kept)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_limit_is_exact() {
        assert_eq!(collect(Body::from(vec![7; MAX_BODY])).await.unwrap().len(), MAX_BODY);
        assert_eq!(collect(Body::from(vec![7; MAX_BODY + 1])).await.unwrap_err().code(), Code::TooLarge);
        assert_eq!(collect(Body::from(vec![7; MAX_DRAINED + 1])).await.unwrap_err().code(), Code::TooLarge);
        assert!(collect(Body::empty()).await.unwrap().is_empty());
    }
}
