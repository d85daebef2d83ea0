//! Attempts to prove something: towards which limit each counts, and its challenge, which is valid
//! once.

use std::net::IpAddr;

use crystallum_api::{Code, Condition, Id};

use crate::app::state::App;
use crate::auth::ceremonies::answered::{LIFETIME_SECONDS, NotConsidered};
use crate::auth::ceremonies::{Ceremony, Kind};
use crate::http::error::{ApiError, ApiResult};

/// The limit towards which a proof counts before it is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CountedBy {
    /// That of the account whose credential the proof names.
    Account,
    /// That of the network, for false proofs.
    Network,
}

/// A proof that held when it was checked without the connection that writes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prechecked {
    pub(crate) account: Id,
    pub(crate) counted: CountedBy,
}

/// Counts a proof before it is verified. One for a known credential counts towards its account, so
/// that a neighbour's false proofs do not keep its owner out.
pub(super) fn count(app: &App, known: Option<Id>, network: IpAddr) -> ApiResult<CountedBy> {
    if known.is_some_and(|account| app.limits.has_room_for_proof(account)) {
        return Ok(CountedBy::Account);
    }
    app.limits.check_false_proof(network).map(|()| CountedBy::Network)
}

/// Counts a proof that turned out not to hold. One for a known credential is refused as one for an
/// unknown credential would be.
pub(super) fn count_false(app: &App, counted: CountedBy, network: IpAddr) -> ApiResult<()> {
    match counted {
        CountedBy::Account => app.limits.check_false_proof(network),
        CountedBy::Network => Ok(()),
    }
}

/// Returns the challenge of an open ceremony, and leaves it open.
pub(super) fn open_challenge(app: &App, kind: Kind, ceremony: Id) -> ApiResult<[u8; 32]> {
    match app.ceremonies.find(app.clock.monotonic(), kind, ceremony) {
        Some(Ceremony::Open(challenge)) => Ok(challenge),
        Some(Ceremony::Completed(_)) | None => Err(Code::CeremonyUnknown.into()),
    }
}

/// Uses up a ceremony's challenge and returns it. There is room for what counts towards an account,
/// also if the network has none left.
pub(super) fn answer(
    app: &App,
    kind: Kind,
    ceremony: Id,
    network: IpAddr,
    counted: CountedBy,
) -> ApiResult<[u8; 32]> {
    let by_account = || counted == CountedBy::Account;
    let answered = app.ceremonies.answer(app.clock.monotonic(), kind, ceremony, network, by_account);
    answered.map_err(|why| match why {
        NotConsidered::Unknown => Code::CeremonyUnknown.into(),
        NotConsidered::TooMany => {
            app.pressure.notice(Condition::Ceremonies);
            ApiError::rate_limited(LIFETIME_SECONDS)
        }
    })
}
