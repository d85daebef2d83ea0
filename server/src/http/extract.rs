//! Extractors for requests. Anything that does not match the wire types is rejected with the same
//! code.

use axum::extract::{FromRequest, FromRequestParts, Path as AxumPath, Query as AxumQuery, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use crystallum_api::Code;
use serde::de::DeserializeOwned;

use crate::http::error::{ApiError, ApiResult};
use crate::http::layers::body::limit_for;
use crate::http::layers::endpoint_of;

/// A JSON body.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> ApiResult<Self> {
        if !is_json(request.headers()) {
            return Err(Code::BadRequest.into());
        }
        let max = endpoint_of(&request).map_or(0, limit_for);
        let bytes = axum::body::to_bytes(request.into_body(), max).await.map_err(|_| Code::TooLarge)?;
        serde_json::from_slice(&bytes).map(Self).map_err(|_| Code::BadRequest.into())
    }
}

/// A request without a body. Any body is rejected.
pub(crate) struct NoBody;

impl<S: Send + Sync> FromRequest<S> for NoBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> ApiResult<Self> {
        axum::body::to_bytes(request.into_body(), 0).await.map(|_| Self).map_err(|_| Code::BadRequest.into())
    }
}

/// The query string.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> ApiResult<Self> {
        AxumQuery::try_from_uri(&parts.uri)
            .map(|AxumQuery(query)| Self(query))
            .map_err(|_| Code::BadRequest.into())
    }
}

/// The path parameters.
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> ApiResult<Self> {
        let path = AxumPath::from_request_parts(parts, state).await;
        path.map(|AxumPath(path)| Self(path)).map_err(|_| Code::BadRequest.into())
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(only), None) = (types.next(), types.next()) else { return false };
    let Ok(text) = only.to_str() else { return false };
    let mut parts = text.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|media| media.eq_ignore_ascii_case("application/json"));
    is_json && parts.all(|parameter| parameter.eq_ignore_ascii_case("charset=utf-8"))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_json_is_json() {
        let with = |types: &[&'static str]| -> HeaderMap {
            types.iter().map(|text| (header::CONTENT_TYPE, HeaderValue::from_static(text))).collect()
        };
        for right in ["application/json", "Application/JSON", "application/json; charset=utf-8"] {
            assert!(is_json(&with(&[right])), "{right}");
        }
        for wrong in ["", "text/plain", "application/json5", "application/json; charset=latin1", "text/json"]
        {
            assert!(!is_json(&with(&[wrong])), "{wrong}");
        }
        assert!(!is_json(&with(&[])));
        assert!(!is_json(&with(&["application/json", "application/json"])));
    }
}
