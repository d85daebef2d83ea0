//! Sessions: a random token in a cookie, of which the server only stores the hash.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use crystallum_api::{Code, Id};
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use sqlx::SqliteConnection;

use crate::app::state::App;
use crate::auth::lifetime::Lifetime;
use crate::http::error::{ApiError, ApiResult};
use crate::store::sessions;

/// The name of the cookie. Browsers send `__Host-` cookies to exactly one host, and accept them
/// only over TLS or from the local machine.
pub(crate) const COOKIE: &str = "__Host-crystallum";
const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=Strict";

/// Opens a session and returns the `Set-Cookie` header for it.
pub(crate) async fn open_session(
    conn: &mut SqliteConnection,
    app: &App,
    account: Id,
) -> ApiResult<HeaderValue> {
    let mut token = [0; 32];
    getrandom::fill(&mut token).map_err(|_| Code::Unavailable)?;
    app.note_account(account);
    let now = app.clock.unix();
    sessions::purge(conn, now, now.saturating_sub(app.lifetime.idle)).await?;
    sessions::insert(conn, &hash_token(&token), account, now, now.saturating_add(app.lifetime.max_age))
        .await?;
    let cookie = format!("{COOKIE}={}; {ATTRIBUTES}", BASE64URL_NOPAD.encode(&token));
    HeaderValue::try_from(cookie).map_err(|_| Code::Unavailable.into())
}

/// Returns the `Set-Cookie` header that removes the cookie.
pub(crate) fn expired_cookie() -> HeaderValue {
    HeaderValue::from_static("__Host-crystallum=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0")
}

/// Returns the hash of the token that a request carries.
pub(crate) fn token_hash(headers: &HeaderMap) -> Option<[u8; 32]> {
    let mut found = None;
    for line in headers.get_all(header::COOKIE) {
        for pair in line.to_str().ok()?.split(';') {
            let Some((name, value)) = pair.trim().split_once('=') else { continue };
            if name == COOKIE && found.replace(value).is_some() {
                return None;
            }
        }
    }
    let token: [u8; 32] = BASE64URL_NOPAD.decode(found?.as_bytes()).ok()?.try_into().ok()?;
    Some(hash_token(&token))
}

fn hash_token(token: &[u8; 32]) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// The account and session of a request. Extracting it rejects requests without a valid session.
#[derive(Clone)]
pub(crate) struct Authenticated {
    pub(crate) account: Id,
    /// The hash of the session's token.
    pub(crate) token: [u8; 32],
}

impl FromRequestParts<Arc<App>> for Authenticated {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> ApiResult<Self> {
        // Endpoints that require a session were admitted with it.
        match parts.extensions.get::<Self>() {
            Some(admitted) => Ok(admitted.clone()),
            None => authenticate(&parts.headers, app).await,
        }
    }
}

/// Returns the session that a request's cookie names, and counts the request towards the limit of
/// its account.
pub(crate) async fn authenticate(headers: &HeaderMap, app: &App) -> ApiResult<Authenticated> {
    let token = token_hash(headers).ok_or(Code::SessionExpired)?;
    let now = app.clock.unix();
    let session =
        sessions::find(&mut *app.database.reader().await?, &token).await?.ok_or(Code::SessionExpired)?;
    let Lifetime { idle, .. } = app.lifetime;
    if now >= session.expires || now >= session.last_seen.saturating_add(idle) {
        return Err(Code::SessionExpired.into());
    }
    app.note_account(session.account);
    app.limits.check_account(session.account)?;
    // The last use is only written to disk when it has changed noticeably.
    if now.saturating_sub(session.last_seen) > (idle / 60).min(60) {
        sessions::touch(&mut *app.database.writer().await?, &token, now).await?;
    }
    Ok(Authenticated { account: session.account, token })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (header::COOKIE, HeaderValue::from_str(line).unwrap())).collect()
    }

    #[test]
    fn reads_exactly_one_token() {
        let token = BASE64URL_NOPAD.encode(&[7; 32]);
        let ours = format!("{COOKIE}={token}");
        assert_eq!(token_hash(&headers(&[&ours])), Some(hash_token(&[7; 32])));
        assert_eq!(token_hash(&headers(&["a=b; c", &ours])), Some(hash_token(&[7; 32])));
        for wrong in [
            vec![],
            vec!["a=b"],
            vec!["__Host-crystallum="],
            vec!["__Host-crystallum=AAAA"],
            vec!["__Host-crystallum=%%%%"],
            vec![&ours, &ours],
        ] {
            assert_eq!(token_hash(&headers(&wrong)), None, "{wrong:?}");
        }
        let padded = format!("{ours}=");
        assert_eq!(token_hash(&headers(&[&padded])), None);
    }

    #[test]
    fn the_expired_cookie_has_the_same_attributes() {
        let expired_cookie = expired_cookie();
        assert!(expired_cookie.to_str().unwrap().starts_with(&format!("{COOKIE}=; {ATTRIBUTES}; ")));
    }
}
