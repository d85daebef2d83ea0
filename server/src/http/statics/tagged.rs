//! Entity tags by content. Times are no tags: builds and packages normalise them, so that a changed
//! page could pass for the old one and ask for files that are gone.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// The largest file that gets a tag. The files of the app whose names have no hash are far smaller.
const MAX_TAGGED: usize = 256 * 1_024;
/// The number of bytes of the hash in a tag.
const TAG_BYTES: usize = 16;
/// The headers that make a request conditional or partial.
const CONDITIONS: [HeaderName; 6] = [
    header::IF_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_NONE_MATCH,
    header::IF_RANGE,
    header::IF_UNMODIFIED_SINCE,
    header::RANGE,
];

/// What a request says about the version that the client has.
pub(super) struct Asked {
    head: bool,
    known: HeaderMap,
}

impl Asked {
    /// Takes the conditions out of a request, which then asks for the whole file.
    pub(super) fn take_from(request: &mut Request) -> Self {
        let head = request.method() == Method::HEAD;
        *request.method_mut() = Method::GET;
        let headers = request.headers_mut();
        let known = headers.get_all(header::IF_NONE_MATCH).iter();
        let known = known.map(|value| (header::IF_NONE_MATCH, value.clone())).collect();
        for condition in CONDITIONS {
            headers.remove(condition);
        }
        Self { head, known }
    }

    /// Returns the file with its tag, or a confirmation if the client has it already.
    pub(super) async fn answer(self, response: Response) -> Response {
        let (mut parts, body) = response.into_parts();
        for other in [header::ETAG, header::LAST_MODIFIED, header::ACCEPT_RANGES] {
            parts.headers.remove(other);
        }
        let length = parts.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        let small =
            length.and_then(|length| length.parse().ok()).is_some_and(|length: usize| length <= MAX_TAGGED);
        if parts.status != StatusCode::OK || !small {
            return Response::from_parts(parts, if self.head { Body::empty() } else { body });
        }
        let Ok(bytes) = to_bytes(body, MAX_TAGGED).await else {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        let hash = Sha256::digest(&bytes);
        let tag = format!("\"{}\"", HEXLOWER.encode(hash.get(..TAG_BYTES).unwrap_or_default()));
        let confirmed = self.knows(&tag);
        if let Ok(tag) = HeaderValue::try_from(tag) {
            parts.headers.insert(header::ETAG, tag);
        }
        if confirmed {
            parts.status = StatusCode::NOT_MODIFIED;
            parts.headers.remove(header::CONTENT_LENGTH);
        }
        let body = if confirmed || self.head { Body::empty() } else { Body::from(bytes) };
        Response::from_parts(parts, body)
    }

    /// Returns whether the client has the version with this tag. Proxies that compress an answer
    /// turn its tag into a weak one.
    fn knows(&self, tag: &str) -> bool {
        let lines = self.known.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
        let tags = lines.flat_map(|line| line.split(',')).map(str::trim);
        tags.map(|known| known.strip_prefix("W/").unwrap_or(known)).any(|known| known == tag || known == "*")
    }
}
