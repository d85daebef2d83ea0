//! Typed calls to the server. An answer that does not follow the protocol exactly is
//! [`CallFailed::InvalidAnswer`].

use crystallum_api::{self as api, Endpoint};
use crystallum_core::{ShareId, StoreId};
use crystallum_messages::Failure;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ports::{HttpAnswer, HttpRequest, Method, Transport, Unreachable};

/// The most bytes in an ordinary answer.
const MAX_SMALL_ANSWER: usize = 64 * 1024;
/// The most bytes in one page of a delta.
const MAX_DELTA_PAGE: usize = 24 * 1024 * 1024;

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CallFailed {
    /// The server refused the request.
    Refused(api::Failure),
    /// The answer does not follow the protocol.
    InvalidAnswer,
    /// There is no answer. The request may have arrived.
    Unreachable,
}

impl CallFailed {
    /// Returns whether a later retry may succeed: the request may have been carried out, or the
    /// server has a temporary problem.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Self::Refused(failure) => matches!(
                failure.code,
                api::Code::Unavailable | api::Code::StoreUnavailable | api::Code::RateLimited
            ),
            Self::InvalidAnswer | Self::Unreachable => true,
        }
    }

    pub(crate) fn code(&self) -> Option<api::Code> {
        match self {
            Self::Refused(failure) => Some(failure.code),
            Self::InvalidAnswer | Self::Unreachable => None,
        }
    }
}

impl From<CallFailed> for Failure {
    fn from(failed: CallFailed) -> Self {
        let failure = match failed {
            CallFailed::Refused(failure) => failure,
            CallFailed::InvalidAnswer => return Self::StrangeAnswer,
            CallFailed::Unreachable => return Self::Unreachable,
        };
        match failure.code {
            api::Code::CeremonyUnknown => Self::Stale,
            api::Code::CredentialRejected => Self::NoSuchVault,
            api::Code::InviteRejected => Self::InviteRejected,
            api::Code::ProofRejected => Self::WrongPasskey,
            api::Code::QuotaExceeded => Self::QuotaExceeded,
            api::Code::RateLimited => Self::RateLimited { seconds: failure.retry_after.unwrap_or(1) },
            api::Code::SessionExpired => Self::SessionExpired,
            api::Code::SignUpClosed => Self::SignUpClosed,
            api::Code::StoreUnavailable | api::Code::Unavailable => Self::Unreachable,
            api::Code::AccountExists
            | api::Code::BadRequest
            | api::Code::CommitIdReused
            | api::Code::Conflict
            | api::Code::ForeignOrigin
            | api::Code::NotFound
            | api::Code::TooLarge => Self::Refused,
        }
    }
}

/// The address of a share: its store and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ShareAddress {
    pub(crate) store: StoreId,
    pub(crate) share: ShareId,
}

impl ShareAddress {
    fn path(self, fill: fn(api::Id, api::Id) -> String) -> String {
        fill(api::Id(*self.store.as_bytes()), api::Id(*self.share.as_bytes()))
    }
}

/// The client of the server's API.
pub(crate) struct Client<'a, T>(pub(crate) &'a T);

impl<T: Transport> Client<'_, T> {
    pub(crate) async fn health(&self) -> Result<api::Health, CallFailed> {
        self.get(Endpoint::Health.path(), MAX_SMALL_ANSWER).await
    }

    pub(crate) async fn register_challenge(&self) -> Result<api::Challenge, CallFailed> {
        self.post(Endpoint::RegisterChallenge.path(), None::<&()>).await
    }

    pub(crate) async fn login_challenge(&self) -> Result<api::Challenge, CallFailed> {
        self.post(Endpoint::LoginChallenge.path(), None::<&()>).await
    }

    pub(crate) async fn create_account(
        &self,
        body: &api::CreateAccount,
    ) -> Result<api::Committed, CallFailed> {
        self.post(Endpoint::CreateAccount.path(), Some(body)).await
    }

    pub(crate) async fn login(&self, body: &api::Login) -> Result<api::Session, CallFailed> {
        self.post(Endpoint::Login.path(), Some(body)).await
    }

    pub(crate) async fn session(&self) -> Result<api::Session, CallFailed> {
        self.get(Endpoint::Session.path(), MAX_SMALL_ANSWER).await
    }

    pub(crate) async fn logout(&self) -> Result<(), CallFailed> {
        self.post_without_answer(Endpoint::Logout.path(), None::<&()>).await
    }

    pub(crate) async fn recovery_challenge(&self) -> Result<api::Challenge, CallFailed> {
        self.post(Endpoint::RecoveryChallenge.path(), None::<&()>).await
    }

    pub(crate) async fn recovery(&self, body: &api::RecoveryLogin) -> Result<api::Session, CallFailed> {
        self.post(Endpoint::RecoveryLogin.path(), Some(body)).await
    }

    pub(crate) async fn change_sign_in_methods(
        &self,
        body: &api::ChangeSignInMethods,
    ) -> Result<api::Committed, CallFailed> {
        self.post(Endpoint::ChangeSignInMethods.path(), Some(body)).await
    }

    pub(crate) async fn delete_account(&self, body: &api::DeleteAccount) -> Result<(), CallFailed> {
        self.post_without_answer(Endpoint::DeleteAccount.path(), Some(body)).await
    }

    /// Fetches an earlier version of a secret.
    pub(crate) async fn secret_version(
        &self,
        record: api::Id,
        version: u64,
    ) -> Result<api::Part, CallFailed> {
        self.get(&Endpoint::secret_version_path(record, version), MAX_SMALL_ANSWER).await
    }

    pub(crate) async fn stores(&self) -> Result<api::Stores, CallFailed> {
        self.get(Endpoint::Stores.path(), MAX_SMALL_ANSWER).await
    }

    pub(crate) async fn share_state(&self, at: ShareAddress) -> Result<api::ShareState, CallFailed> {
        self.get(&at.path(Endpoint::share_state_path), MAX_SMALL_ANSWER).await
    }

    pub(crate) async fn put_share(&self, at: ShareAddress, body: &api::PutShare) -> Result<(), CallFailed> {
        self.post_without_answer(&at.path(Endpoint::put_share_path), Some(body)).await
    }

    pub(crate) async fn read_share(
        &self,
        at: ShareAddress,
        body: &api::ShareAccess,
    ) -> Result<api::ReadShare, CallFailed> {
        self.post(&at.path(Endpoint::read_share_path), Some(body)).await
    }

    pub(crate) async fn delete_share(
        &self,
        at: ShareAddress,
        body: &api::ShareAccess,
    ) -> Result<(), CallFailed> {
        self.post_without_answer(&at.path(Endpoint::delete_share_path), Some(body)).await
    }

    pub(crate) async fn commit(&self, body: &api::Commit) -> Result<api::Committed, CallFailed> {
        self.post(Endpoint::Commit.path(), Some(body)).await
    }

    pub(crate) async fn delta(&self, since: u64) -> Result<api::Delta, CallFailed> {
        self.get(&format!("{}?since={since}", Endpoint::Delta.path()), MAX_DELTA_PAGE).await
    }

    async fn get<A: DeserializeOwned>(&self, path: &str, max_answer: usize) -> Result<A, CallFailed> {
        let answer = self.send(Method::Get, path.to_owned(), None, max_answer).await?;
        parse_answer(&answer)
    }

    async fn post<A: DeserializeOwned>(
        &self,
        path: &str,
        body: Option<&impl Serialize>,
    ) -> Result<A, CallFailed> {
        let body = body.map(|body| serde_json::to_vec(body).expect("wire types have string keys only"));
        let answer = self.send(Method::Post, path.to_owned(), body, MAX_SMALL_ANSWER).await?;
        parse_answer(&answer)
    }

    /// Sends a request whose answer has no body.
    async fn post_without_answer(&self, path: &str, body: Option<&impl Serialize>) -> Result<(), CallFailed> {
        let body = body.map(|body| serde_json::to_vec(body).expect("wire types have string keys only"));
        let answer = self.send(Method::Post, path.to_owned(), body, MAX_SMALL_ANSWER).await?;
        if answer.status == 204 { Ok(()) } else { Err(parse_refusal(&answer)) }
    }

    async fn send(
        &self,
        method: Method,
        path: String,
        body: Option<Vec<u8>>,
        max_answer: usize,
    ) -> Result<HttpAnswer, CallFailed> {
        let request = HttpRequest { method, path, body, max_answer };
        self.0.send(request).await.map_err(|Unreachable| CallFailed::Unreachable)
    }
}

fn parse_answer<A: DeserializeOwned>(answer: &HttpAnswer) -> Result<A, CallFailed> {
    if answer.status != 200 {
        return Err(parse_refusal(answer));
    }
    if !answer.json {
        return Err(CallFailed::InvalidAnswer);
    }
    serde_json::from_slice(&answer.body).map_err(|_| CallFailed::InvalidAnswer)
}

/// Parses a refusal, which must be JSON and have the status that belongs to its code.
fn parse_refusal(answer: &HttpAnswer) -> CallFailed {
    match serde_json::from_slice::<api::Failure>(&answer.body) {
        Ok(failure) if answer.json && failure.code.status() == answer.status => CallFailed::Refused(failure),
        _ => CallFailed::InvalidAnswer,
    }
}

#[cfg(test)]
mod tests;
