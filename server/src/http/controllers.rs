//! The request handlers, one file per endpoint.

pub(crate) mod accounts;
pub(crate) mod commit;
pub(crate) mod delta;
pub(crate) mod health;
pub(crate) mod login;
pub(crate) mod records;
pub(crate) mod recovery;
pub(crate) mod register;
pub(crate) mod session;
mod sign_in;
pub(crate) mod sign_in_methods;
pub(crate) mod stores;

use crystallum_api::{Bytes, Challenge, Code, Id};

use crate::app::state::App;
use crate::auth::ceremonies::{Ceremony, LIFETIME_SECONDS};
use crate::http::error::ApiResult;

/// Opens a ceremony and returns its challenge.
fn start_ceremony(app: &App, challenge: Vec<u8>, ceremony: Ceremony) -> ApiResult<Challenge> {
    let mut id = [0; 16];
    getrandom::fill(&mut id).map_err(|_| Code::Unavailable)?;
    let id = Id(id);
    app.ceremonies.insert(app.clock.monotonic(), id, ceremony)?;
    Ok(Challenge { ceremony: id, challenge: Bytes(challenge), expires_in: LIFETIME_SECONDS })
}
