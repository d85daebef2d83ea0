//! Sessions: a random token in a cookie, of which the server only stores the hash.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use crystallum_api::{Code, Id};
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use sqlx::SqliteConnection;

use crate::app::state::App;
use crate::auth::cookie::SessionCookie;
use crate::auth::lifetime::Lifetime;
use crate::http::error::{ApiError, ApiResult};
use crate::store::sessions;

/// How many sessions an account has. Each browser in which somebody is signed in needs one; when
/// there are more, the one that was not used for longest ends.
const MAX_SESSIONS: u32 = 32;

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
    sessions::keep_newest(conn, account, MAX_SESSIONS - 1).await?;
    sessions::insert(conn, &hash_token(&token), account, now, now.saturating_add(app.lifetime.max_age))
        .await?;
    app.cookie.set(&BASE64URL_NOPAD.encode(&token)).map_err(|_| Code::Unavailable.into())
}

/// Returns the hash of the token that a request carries.
pub(crate) fn token_hash(headers: &HeaderMap, cookie: SessionCookie) -> Option<[u8; 32]> {
    let token = BASE64URL_NOPAD.decode(cookie.find(headers)?).ok()?;
    Some(hash_token(&token.try_into().ok()?))
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
    let token = token_hash(headers, app.cookie).ok_or(Code::SessionExpired)?;
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
        touch(app, &token, now).await?;
    }
    Ok(Authenticated { account: session.account, token })
}

/// Records that a session was used. A disk that takes no writes does not end sessions: what only
/// reads goes on.
async fn touch(app: &App, token: &[u8; 32], now: i64) -> sqlx::Result<()> {
    let touched = async { sessions::touch(&mut *app.database.writer().await?, token, now).await };
    match touched.await {
        Err(error) if app.database.note_failure(&error) => Ok(()),
        touched => touched,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;
    use crate::app::origin::Origin;

    fn headers(lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (header::COOKIE, HeaderValue::from_str(line).unwrap())).collect()
    }

    #[test]
    fn reads_exactly_one_token() {
        for (origin, name) in
            [("https://vault.example.com", "__Host-crystallum"), ("http://localhost:8080", "crystallum")]
        {
            let cookie = SessionCookie::for_origin(&Origin::parse(origin, 8080).unwrap());
            let ours = format!("{name}={}", BASE64URL_NOPAD.encode(&[7; 32]));
            assert_eq!(token_hash(&headers(&[&ours]), cookie), Some(hash_token(&[7; 32])));
            assert_eq!(token_hash(&headers(&["a=b; c", &ours]), cookie), Some(hash_token(&[7; 32])));
            let malformed = ["", "AAAA", "%%%%"].map(|value| format!("{name}={value}"));
            let padded = format!("{ours}=");
            let mut wrong = vec![vec![], vec!["a=b"], vec![&*ours, &*ours], vec![&*padded]];
            wrong.extend(malformed.iter().map(|line| vec![&**line]));
            for wrong in wrong {
                assert_eq!(token_hash(&headers(&wrong), cookie), None, "{wrong:?}");
            }
        }
    }
}
