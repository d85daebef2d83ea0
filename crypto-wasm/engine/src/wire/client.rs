//! Typed calls to the server. An answer that does not follow the protocol exactly is
//! [`CallFailed::InvalidAnswer`].

use crystallum_api::{self as api, Endpoint};
use crystallum_core::{Blob, Defence, RecordId, SealedShare, VaultId};
use crystallum_messages::{SignUp, StoreView};
use serde::de::DeserializeOwned;

use crate::ports::{HttpAnswer, HttpRequest, Method, Transport, Unreachable};
use crate::vault::change::{Commit, SignedWrite};
use crate::vault::lost_write::LostWrite;
use crate::wire::answer::{Challenge, Page, Session, VaultSession};
use crate::wire::checkpoint::{CheckpointPage, ObjectPlace, UnreadState};
use crate::wire::proof::{PasskeyProof, Proof, RecoveryProof, VaultProof};
use crate::wire::put_back::{put_back_to_json, vault_login_to_json};
use crate::wire::refusal::{CallFailed, parse_refusal};
use crate::wire::request::NewAccount;
use crate::wire::shares::{self, ShareAddress};
use crate::wire::stored::{commit_to_json, to_json};

/// The most bytes in an ordinary answer.
const MAX_SMALL_ANSWER: usize = 64 * 1024;
/// The most bytes in one page of a delta, which has 512 KiB or a single commit.
const MAX_DELTA_PAGE: usize = 2 * 1024 * 1024;

/// The client of the server's API.
pub(crate) struct Client<'a, T>(pub(crate) &'a T);

impl<T: Transport> Client<'_, T> {
    /// Asks who may create a vault.
    pub(crate) async fn sign_up(&self) -> Result<SignUp, CallFailed> {
        let health: api::Health = self.get(Endpoint::Health.path(), MAX_SMALL_ANSWER).await?;
        Ok(match health.sign_up {
            api::SignUp::Closed => SignUp::Closed,
            api::SignUp::Invite => SignUp::Invite,
            api::SignUp::Open => SignUp::Open,
        })
    }

    pub(crate) async fn register_challenge(&self) -> Result<Challenge, CallFailed> {
        self.challenge(Endpoint::RegisterChallenge).await
    }

    pub(crate) async fn login_challenge(&self) -> Result<Challenge, CallFailed> {
        self.challenge(Endpoint::LoginChallenge).await
    }

    pub(crate) async fn recovery_challenge(&self) -> Result<Challenge, CallFailed> {
        self.challenge(Endpoint::RecoveryChallenge).await
    }

    /// Creates an account and returns its counter.
    pub(crate) async fn create_account(&self, account: &NewAccount) -> Result<u64, CallFailed> {
        self.committed(Endpoint::CreateAccount, account.body()).await
    }

    pub(crate) async fn login(&self, proof: PasskeyProof<'_>) -> Result<Session, CallFailed> {
        self.post(Endpoint::Login.path(), to_json(&proof.to_wire())).await.map(Session::from_wire)
    }

    pub(crate) async fn recovery(&self, proof: RecoveryProof) -> Result<Session, CallFailed> {
        self.post(Endpoint::RecoveryLogin.path(), to_json(&proof.to_wire())).await.map(Session::from_wire)
    }

    pub(crate) async fn vault_challenge(&self) -> Result<Challenge, CallFailed> {
        self.challenge(Endpoint::VaultChallenge).await
    }

    /// Opens a session with the vault's key. `lost` shows what the server has lost.
    pub(crate) async fn vault_login(
        &self,
        vault: VaultId,
        proof: VaultProof,
        lost: &[LostWrite],
    ) -> Result<VaultSession, CallFailed> {
        let body = vault_login_to_json(vault, proof, lost);
        self.post(Endpoint::VaultLogin.path(), body).await.map(VaultSession::from_wire)
    }

    pub(crate) async fn session(&self) -> Result<Session, CallFailed> {
        self.get(Endpoint::Session.path(), MAX_SMALL_ANSWER).await.map(Session::from_wire)
    }

    pub(crate) async fn logout(&self) -> Result<(), CallFailed> {
        self.post_without_answer(Endpoint::Logout.path(), None).await
    }

    pub(crate) async fn delete_account(&self, proof: Proof<'_>) -> Result<(), CallFailed> {
        let body = api::DeleteAccount { proof: proof.to_wire() };
        self.post_without_answer(Endpoint::DeleteAccount.path(), Some(to_json(&body))).await
    }

    /// Sends a commit, in the request that carries it if there is one. Returns the counter after
    /// it.
    pub(crate) async fn send(&self, write: &SignedWrite) -> Result<u64, CallFailed> {
        match &write.request {
            Some(request) => self.committed(Endpoint::ChangeSignInMethods, request.clone()).await,
            None => self.commit(&write.commit).await,
        }
    }

    /// Sends a commit and returns the counter after it.
    pub(crate) async fn commit(&self, commit: &Commit) -> Result<u64, CallFailed> {
        self.committed(Endpoint::Commit, commit_to_json(commit)).await
    }

    /// Puts back writes that the server has lost. Returns the counter after them.
    pub(crate) async fn put_back(&self, writes: &[LostWrite]) -> Result<u64, CallFailed> {
        self.committed(Endpoint::PutBack, put_back_to_json(writes)).await
    }

    /// Fetches a page of the changes after a counter.
    pub(crate) async fn delta(&self, since: u64) -> Result<Page, CallFailed> {
        self.get(&format!("{}?since={since}", Endpoint::Delta.path()), MAX_DELTA_PAGE)
            .await
            .map(Page::from_wire)
    }

    /// Fetches the live objects after one of them, or the first ones.
    pub(crate) async fn state(&self, after: Option<ObjectPlace>) -> Result<CheckpointPage, CallFailed> {
        let query = after.map(|place| place.to_query()).unwrap_or_default();
        let path = format!("{}{query}", Endpoint::State.path());
        let page: UnreadState = self.get(&path, MAX_DELTA_PAGE).await?;
        CheckpointPage::from_wire(&page).ok_or(CallFailed::InvalidAnswer)
    }

    /// Fetches a proof that the head `counter` is part of the history of the head `of`.
    pub(crate) async fn head_proof(&self, counter: u64, of: u64) -> Result<Vec<[u8; 32]>, CallFailed> {
        let path = format!("{}?counter={counter}&of={of}", Endpoint::History.path());
        let proof: api::HeadProof = self.get(&path, MAX_SMALL_ANSWER).await?;
        let hashes = proof.hashes.iter().map(|hash| hash.as_slice().try_into());
        hashes.collect::<Result<_, _>>().map_err(|_| CallFailed::InvalidAnswer)
    }

    /// Fetches an earlier version of a secret.
    pub(crate) async fn secret_version(&self, record: RecordId, version: u64) -> Result<Blob, CallFailed> {
        let record = api::Id(*record.as_bytes());
        let path = Endpoint::secret_version_path(record, version);
        let part: api::Part = self.get(&path, MAX_SMALL_ANSWER).await?;
        part.blob.map(|blob| Blob::from_bytes(blob.0)).ok_or(CallFailed::InvalidAnswer)
    }

    pub(crate) async fn stores(&self) -> Result<Vec<StoreView>, CallFailed> {
        self.get(Endpoint::Stores.path(), MAX_SMALL_ANSWER).await.map(shares::stores_from_wire)
    }

    /// Asks a store for the hash of a share that it holds.
    pub(crate) async fn share_hash(&self, at: ShareAddress) -> Result<Vec<u8>, CallFailed> {
        let state: api::ShareState = self.get(&at.path(Endpoint::share_state_path), MAX_SMALL_ANSWER).await?;
        Ok(state.hash.0)
    }

    /// Writes a share. Whoever presents a credential with this hash can read and delete it.
    pub(crate) async fn put_share(
        &self,
        at: ShareAddress,
        share: &SealedShare,
        access_hash: [u8; 32],
    ) -> Result<(), CallFailed> {
        let body = to_json(&shares::put_share(share, access_hash));
        self.post_without_answer(&at.path(Endpoint::put_share_path), Some(body)).await
    }

    /// Reads a share with its store's credential.
    pub(crate) async fn read_share(
        &self,
        at: ShareAddress,
        credential: &[u8; 32],
    ) -> Result<Vec<u8>, CallFailed> {
        let body = to_json(&shares::share_access(credential));
        let read: api::ReadShare = self.post(&at.path(Endpoint::read_share_path), body).await?;
        Ok(read.share.0)
    }

    /// Deletes a share with its store's credential.
    pub(crate) async fn delete_share(
        &self,
        at: ShareAddress,
        credential: &[u8; 32],
    ) -> Result<(), CallFailed> {
        let body = to_json(&shares::share_access(credential));
        self.post_without_answer(&at.path(Endpoint::delete_share_path), Some(body)).await
    }

    async fn challenge(&self, from: Endpoint) -> Result<Challenge, CallFailed> {
        let answer = self.call(Method::Post, from.path().to_owned(), None, MAX_SMALL_ANSWER).await?;
        parse_answer(&answer).map(Challenge::from_wire)
    }

    /// Sends a request with a commit and returns the counter after it.
    async fn committed(&self, at: Endpoint, body: Vec<u8>) -> Result<u64, CallFailed> {
        self.post(at.path(), body).await.map(|committed: api::Committed| committed.counter)
    }

    async fn get<A: DeserializeOwned>(&self, path: &str, max_answer: usize) -> Result<A, CallFailed> {
        let answer = self.call(Method::Get, path.to_owned(), None, max_answer).await?;
        parse_answer(&answer)
    }

    async fn post<A: DeserializeOwned>(&self, path: &str, body: Vec<u8>) -> Result<A, CallFailed> {
        let answer = self.call(Method::Post, path.to_owned(), Some(body), MAX_SMALL_ANSWER).await?;
        parse_answer(&answer)
    }

    /// Sends a request whose answer has no body.
    async fn post_without_answer(&self, path: &str, body: Option<Vec<u8>>) -> Result<(), CallFailed> {
        let answer = self.call(Method::Post, path.to_owned(), body, MAX_SMALL_ANSWER).await?;
        if answer.status == 204 { Ok(()) } else { Err(refusal(&answer)) }
    }

    async fn call(
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
        return Err(refusal(answer));
    }
    if Defence::JsonAnswer.holds() && !answer.json {
        return Err(CallFailed::InvalidAnswer);
    }
    serde_json::from_slice(&answer.body).map_err(|_| CallFailed::InvalidAnswer)
}

fn refusal(answer: &HttpAnswer) -> CallFailed {
    parse_refusal(answer.status, answer.json, &answer.body)
}

#[cfg(test)]
mod tests;
