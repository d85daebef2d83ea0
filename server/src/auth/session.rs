//! Sessions: a random token in a cookie, of which the server only stores the hash.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use crystallum_api::{Code, Id, LimitClass};
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use sqlx::SqliteConnection;

use crate::app::state::App;
use crate::auth::cookie::SessionCookie;
use crate::auth::lifetime::Lifetime;
use crate::http::error::{ApiError, ApiResult};
use crate::store::failure::describe;
use crate::store::sessions;

/// How many sessions an account has. Each browser in which somebody is signed in needs one; when
/// there are more, the one that was not used for longest ends.
const MAX_SESSIONS: u32 = 32;

/// How far a clock may be set back without ending the sessions that were used since, in seconds.
const CLOCK_STEP: i64 = 300;

/// How long a request waits until the use of its session is recorded.
const TOUCH_WAIT: Duration = Duration::from_millis(200);

/// How long a request waits until the session that it ends is deleted. If it takes longer, the
/// session is over until the server restarts, and the server goes on trying to delete it.
const END_WAIT: Duration = Duration::from_secs(2);

/// Opens a session with the vault's key and returns the `Set-Cookie` header for it.
pub(crate) fn open_vault_session(app: &App, account: Id) -> ApiResult<HeaderValue> {
    let mut token = [0; 32];
    getrandom::fill(&mut token).map_err(|_| Code::Unavailable)?;
    app.note_account(account);
    if !app.vault_sessions.open(hash_token(&token), account, app.clock.monotonic()) {
        return Err(Code::Unavailable.into());
    }
    app.recent_sessions.remember(hash_token(&token), account);
    app.cookie.set(&BASE64URL_NOPAD.encode(&token)).map_err(|_| Code::Unavailable.into())
}

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
    sessions::purge(conn, now, now.saturating_sub(app.lifetime.idle), now.saturating_add(CLOCK_STEP)).await?;
    sessions::keep_newest(conn, account, MAX_SESSIONS - 1).await?;
    sessions::insert(conn, &hash_token(&token), account, now, now.saturating_add(app.lifetime.max_age))
        .await?;
    app.recent_sessions.remember(hash_token(&token), account);
    app.cookie.set(&BASE64URL_NOPAD.encode(&token)).map_err(|_| Code::Unavailable.into())
}

/// Returns the hashes of the tokens that a request carries, each once. Browsers send one, unless
/// another server on the same host has set a cookie of the same name.
pub(crate) fn token_hashes(headers: &HeaderMap, cookie: SessionCookie) -> Vec<[u8; 32]> {
    let mut hashes = Vec::new();
    for value in cookie.find(headers) {
        let token = BASE64URL_NOPAD.decode(value).ok().and_then(|token| token.try_into().ok());
        hashes.extend(token.as_ref().map(hash_token).filter(|hash| !hashes.contains(hash)));
    }
    hashes
}

/// Returns a request's session and its account, if it was valid when it was last used. The database
/// is not asked whether it still is.
pub(crate) fn recent_session(headers: &HeaderMap, app: &App) -> Option<([u8; 32], Id)> {
    let mut tokens = token_hashes(headers, app.cookie).into_iter();
    tokens.find_map(|token| app.recent_sessions.find(&token).map(|account| (token, account)))
}

/// The session towards whose limits a request was counted before the database was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counted(pub(crate) [u8; 32]);

fn hash_token(token: &[u8; 32]) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// How a session was opened, which decides what it allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OpenedBy {
    /// With a sign-in method.
    SignInMethod,
    /// With the vault's key, because the server has lost something.
    VaultKey,
}

/// The account and session of a request. Extracting it rejects requests without a valid session.
#[derive(Clone)]
pub(crate) struct Authenticated {
    pub(crate) account: Id,
    /// The hash of the session's token.
    pub(crate) token: [u8; 32],
    pub(crate) opened_by: OpenedBy,
}

impl FromRequestParts<Arc<App>> for Authenticated {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> ApiResult<Self> {
        // Endpoints that require a session were admitted with it.
        parts.extensions.get::<Self>().cloned().ok_or(Code::SessionExpired.into())
    }
}

/// Returns the session that a request's cookie names, and counts the request towards its limits for
/// this class, unless that was done.
pub(crate) async fn authenticate(
    headers: &HeaderMap,
    app: &App,
    class: LimitClass,
    counted: Option<Counted>,
) -> ApiResult<Authenticated> {
    let now = app.clock.unix();
    let (token, session, opened_by) = find_session(headers, app, now).await?.ok_or(Code::SessionExpired)?;
    app.note_account(session.account);
    if counted != Some(Counted(token)) {
        app.limits.check_session(token, session.account, class)?;
    }
    let idle = app.lifetime.idle;
    // The last use is only written to disk when it has changed noticeably.
    if now.saturating_sub(session.last_seen) > (idle / 60).min(60) {
        touch(app, &token, now).await;
    }
    Ok(Authenticated { account: session.account, token, opened_by })
}

/// Returns whether the session of a request that is still being answered is still valid.
pub(crate) async fn is_session_valid(
    app: &App,
    conn: &mut SqliteConnection,
    auth: &Authenticated,
) -> sqlx::Result<bool> {
    if app.ended_sessions.has(&auth.token) {
        return Ok(false);
    }
    let (session, now) = (sessions::find(conn, &auth.token).await?, app.clock.unix());
    Ok(session.is_some_and(|session| is_current(&session, now, app.lifetime)))
}

/// Returns whether a session has neither expired nor been unused for too long. One that was opened
/// or used later than now is not current either: the server's clock was set back since, and the
/// session would live for as long again.
fn is_current(session: &sessions::Session, now: i64, Lifetime { idle, max_age }: Lifetime) -> bool {
    let latest = now.saturating_add(CLOCK_STEP);
    now < session.expires
        && now < session.last_seen.saturating_add(idle)
        && session.last_seen <= latest
        && session.expires <= latest.saturating_add(max_age)
}

/// A session with the hash of its token.
type Found = ([u8; 32], sessions::Session, OpenedBy);

/// Finds the valid session that a request names. If the request has several cookies of the
/// session's name, those of no valid session are ignored: another server on the same host may have
/// set them. Valid sessions of different accounts are refused, because one may have been planted.
async fn find_session(headers: &HeaderMap, app: &App, now: i64) -> ApiResult<Option<Found>> {
    let tokens = token_hashes(headers, app.cookie);
    if tokens.is_empty() {
        return Ok(None);
    }
    let mut reader = app.database.reader().await?;
    let mut found: Option<Found> = None;
    for token in tokens {
        if app.ended_sessions.has(&token) {
            continue;
        }
        let (session, opened_by) = match app.vault_sessions.find(&token, app.clock.monotonic()) {
            Some(account) => {
                let session = sessions::Session { account, last_seen: now, expires: now };
                (Some(session), OpenedBy::VaultKey)
            }
            None => {
                let session = sessions::find(&mut reader, &token).await?;
                let session = session.filter(|session| is_current(session, now, app.lifetime));
                (session, OpenedBy::SignInMethod)
            }
        };
        let Some(session) = session else {
            app.recent_sessions.forget(&token);
            continue;
        };
        app.recent_sessions.remember(token, session.account);
        match &found {
            Some((_, other, _)) if other.account != session.account => return Ok(None),
            Some(_) => {}
            None => found = Some((token, session, opened_by)),
        }
    }
    Ok(found)
}

/// Records that a session was used. Whatever keeps the server from writing ends no session, and
/// does not delay what only reads: the next request tries again.
async fn touch(app: &App, token: &[u8; 32], now: i64) {
    let touched = async { sessions::touch(&mut *app.database.writer().await?, token, now).await };
    if let Ok(Err(error)) = tokio::time::timeout(TOUCH_WAIT, touched).await {
        app.database.note_failure(&error);
    }
}

/// Ends a session, also while nothing can be written. The token may be of no session.
pub(crate) async fn end_session(app: &App, token: [u8; 32]) -> ApiResult<()> {
    app.vault_sessions.end(&token);
    let account = match find_account(app, &token).await {
        Ok(None) => return Ok(()),
        Ok(account) => account,
        // If the database does not answer, it may be one.
        Err(_) => None,
    };
    if !app.ended_sessions.remember(token) {
        return Err(Code::Unavailable.into());
    }
    app.recent_sessions.forget(&token);
    if let Some(account) = account {
        // A stream of this session ends now, not with the next sign of life.
        app.hints.announce(account);
    }
    match tokio::time::timeout(END_WAIT, delete_ended(app, &[token])).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => {
            app.database.note_failure(&error);
            tracing::warn!(error = describe(&error), "a session was ended and is not deleted yet");
        }
        Err(_) => tracing::warn!("a session was ended and is not deleted yet"),
    }
    Ok(())
}

/// Returns the account of a session, or `None` if the token is of no session.
async fn find_account(app: &App, token: &[u8; 32]) -> sqlx::Result<Option<Id>> {
    if let Some(account) = app.recent_sessions.find(token) {
        return Ok(Some(account));
    }
    let session = sessions::find(&mut *app.database.reader().await?, token).await?;
    Ok(session.map(|session| session.account))
}

/// Deletes sessions that were ended.
pub(crate) async fn delete_ended(app: &App, tokens: &[[u8; 32]]) -> sqlx::Result<()> {
    for token in tokens {
        sessions::delete(&mut *app.database.writer().await?, token).await?;
        app.ended_sessions.forget(token);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use futures_util::FutureExt;

    use super::*;
    use crate::app::build::build_app;
    use crate::app::clock::Clock;
    use crate::app::origin::Origin;
    use crate::app::settings::Settings;
    use crate::store::accounts;

    fn headers(lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (header::COOKIE, HeaderValue::from_str(line).unwrap())).collect()
    }

    /// Opens a session as signing in does, and returns its token.
    async fn open(app: &App, account: Id) -> [u8; 32] {
        let mut write = app.database.begin_write().await.unwrap();
        let cookie = open_session(&mut write, app, account).await.unwrap();
        write.commit().await.unwrap();
        let cookie = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
        token_hashes(&headers(&[&cookie]), app.cookie)[0]
    }

    #[tokio::test]
    async fn the_streams_of_an_account_learn_of_the_end_of_a_session() {
        let data = tempfile::tempdir().unwrap();
        let origin = Origin::parse("http://localhost:8080", 8080).unwrap();
        let app = build_app(&Settings::local(data.path()), origin, Clock::manual(1_000)).await.unwrap();
        let account = Id([7; 16]);
        let mut write = app.database.begin_write().await.unwrap();
        accounts::insert(&mut write, account, 1).await.unwrap();
        write.commit().await.unwrap();
        let mut stream = app.hints.subscribe((account, [7; 32]), [192, 0, 2, 1].into()).unwrap();
        for is_recent in [true, false] {
            let token = open(&app, account).await;
            if !is_recent {
                app.recent_sessions.forget(&token);
            }
            assert_eq!(stream.changed().now_or_never(), None);
            end_session(&app, token).await.unwrap();
            assert_eq!(stream.changed().now_or_never(), Some(Ok(())), "{is_recent}");
            end_session(&app, token).await.unwrap();
            assert_eq!(stream.changed().now_or_never(), None, "it was over already");
        }
    }

    #[test]
    fn reads_tokens() {
        for (origin, name) in
            [("https://vault.example.com", "__Host-crystallum"), ("http://localhost:8080", "crystallum")]
        {
            let cookie = SessionCookie::for_origin(&Origin::parse(origin, 8080).unwrap());
            let ours = format!("{name}={}", BASE64URL_NOPAD.encode(&[7; 32]));
            let other = format!("{name}={}", BASE64URL_NOPAD.encode(&[8; 32]));
            let [seven, eight] = [7, 8].map(|byte| hash_token(&[byte; 32]));
            assert_eq!(token_hashes(&headers(&[&ours]), cookie), [seven]);
            assert_eq!(token_hashes(&headers(&["a=b; c", &ours]), cookie), [seven]);
            assert_eq!(token_hashes(&headers(&[&ours, &ours]), cookie), [seven]);
            assert_eq!(token_hashes(&headers(&[&other, &ours]), cookie), [eight, seven]);
            let malformed = ["", "AAAA", "%%%%"].map(|value| format!("{name}={value}"));
            let padded = format!("{ours}=");
            let mut wrong = vec![vec![], vec!["a=b"], vec![&*padded]];
            wrong.extend(malformed.iter().map(|line| vec![&**line]));
            for wrong in wrong {
                assert!(token_hashes(&headers(&wrong), cookie).is_empty(), "{wrong:?}");
                let both = [&wrong[..], &[&*ours]].concat();
                assert_eq!(token_hashes(&headers(&both), cookie), [seven], "{both:?}");
            }
        }
    }
}
