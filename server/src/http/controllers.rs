//! The request handlers, one file per endpoint.

pub(crate) mod accounts;
pub(crate) mod commit;
pub(crate) mod delta;
pub(crate) mod health;
pub(crate) mod hints;
pub(crate) mod history;
pub(crate) mod login;
pub(crate) mod put_back;
pub(crate) mod records;
pub(crate) mod recovery;
pub(crate) mod register;
pub(crate) mod session;
mod sign_in;
pub(crate) mod sign_in_methods;
pub(crate) mod state;
pub(crate) mod stores;
pub(crate) mod vault_login;

use crystallum_api::{Bytes, Challenge, Code};

use crate::app::state::App;
use crate::auth::ceremonies::Kind;
use crate::auth::ceremonies::answered::LIFETIME_SECONDS;
use crate::http::error::ApiResult;

/// Starts a ceremony and returns its challenge.
fn start_ceremony(app: &App, kind: Kind) -> ApiResult<Challenge> {
    let (ceremony, challenge) = app.ceremonies.start(app.clock.monotonic(), kind).ok_or(Code::Unavailable)?;
    Ok(Challenge { ceremony, challenge: Bytes(challenge.to_vec()), expires_in: LIFETIME_SECONDS })
}
