//! The files of the built app. Files with a hash in their name are cached forever, all others are
//! revalidated by their content on every request.

mod tagged;

use std::path::PathBuf;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt;
use tower_http::services::ServeDir;

use crate::app::capacity::FILE_CHUNK;
use crate::http::statics::tagged::Asked;

const INDEX: &str = "/index.html";
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");
/// The number of hash digits that the build puts into a file name.
const HASH_DIGITS: usize = 16;

/// The folder of the app.
#[derive(Clone)]
pub(crate) struct Statics(ServeDir);

impl Statics {
    /// Serves `folder` and prefers `.br` files if the client accepts them.
    pub(crate) fn new(folder: PathBuf) -> Self {
        let folder = ServeDir::new(folder).append_index_html_on_directories(false).precompressed_br();
        Self(folder.with_buf_chunk_size(FILE_CHUNK))
    }
}

/// Responds with a file of the app, or with its start page for the paths of its screens.
pub(crate) async fn serve(statics: Option<&Statics>, mut request: Request) -> Response {
    let Some(Statics(folder)) = statics else { return not_found() };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return not_found();
    }
    if is_screen(request.uri().path()) {
        *request.uri_mut() = Uri::from_static(INDEX);
    }
    if is_hashed(request.uri().path()) {
        return send_file(folder, request, IMMUTABLE).await;
    }
    let asked = Asked::take_from(&mut request);
    asked.answer(send_file(folder, request, REVALIDATE).await).await
}

async fn send_file(folder: &ServeDir, request: Request, cache: HeaderValue) -> Response {
    let Ok(response) = folder.clone().oneshot(request).await;
    if response.status() == StatusCode::NOT_FOUND {
        return not_found();
    }
    let mut response = response.map(Body::new);
    response.headers_mut().insert(header::CACHE_CONTROL, cache);
    response
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, REVALIDATE)], "not found\n").into_response()
}

/// Returns whether a path belongs to a screen. Paths of screens have no dot, names of files do.
fn is_screen(path: &str) -> bool {
    !path.contains('.') && !path.contains('%')
}

/// Returns whether a file name contains a hash, such as `name-0123456789abcdef.js` or
/// `name-0123456789abcdef_bg.wasm`.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split(['-', '_', '.']).any(|piece| {
        piece.len() >= HASH_DIGITS
            && piece.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognises_hashed_names() {
        for hashed in [
            "/app-0123456789abcdef.js",
            "/app-0123456789abcdef_bg.wasm",
            "/fonts/inter-fedcba9876543210.woff2",
            "/snippets/x-0123456789abcdef/inline-0123456789abcdef0123.js",
        ] {
            assert!(is_hashed(hashed), "{hashed}");
        }
        for plain in [
            "/",
            "/index.html",
            "/sw.js",
            "/worker_bg.wasm",
            "/app-0123456789abcde.js",
            "/app-0123456789ABCDEF.js",
        ] {
            assert!(!is_hashed(plain), "{plain}");
        }
    }

    #[test]
    fn recognises_screens() {
        assert!(is_screen("/") && is_screen("/vault/settings"));
        assert!(!is_screen("/boot.js") && !is_screen("/../etc") && !is_screen("/%2e%2e/etc"));
    }
}
