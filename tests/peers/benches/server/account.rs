//! Creates accounts and logs in with the requests of a browser and a software authenticator.

use crystallum_api::{
    Assertion, AssertionResponse, Challenge, CreateAccount, CredentialType, Id, Login, Registration,
    RegistrationResponse,
};
use crystallum_core::{Scope, prf_input};
use crystallum_engine::Authenticator;
use crystallum_messages::{CeremonyReason, CreateOptions, GetOptions, VaultId};
use crystallum_peers::Writer;
use crystallum_system_tests::{PrfMode, Server, SoftAuthenticator, Wallet};

use crate::SeededRng;
use crate::client::{ConnectionPool, Request, distribute, interleave};

/// The number of exchange keys in a new vault.
const KEYS: u32 = 9;
/// The number of accounts that are created at one time.
const BATCH: usize = 500;
const RP_ID: &str = "localhost";
const TIMEOUT: u32 = 120_000;

/// An account with a vault and a session.
pub(crate) struct Account {
    pub(crate) writer: Writer,
    pub(crate) cookie: String,
    authenticator: SoftAuthenticator,
}

/// Creates `count` accounts.
pub(crate) async fn create_accounts(server: &Server, count: usize, rng: &mut SeededRng) -> Vec<Account> {
    let mut pool = ConnectionPool::connect(server.address()).await;
    let mut accounts = Vec::with_capacity(count);
    while accounts.len() < count {
        let batch = BATCH.min(count - accounts.len());
        let challenges = (0..batch).map(|_| post("/api/register/challenge", None));
        let (_, responses) = pool.send(distribute(challenges)).await;
        let mut made = Vec::new();
        let mut requests = Vec::new();
        for response in interleave(responses) {
            let challenge = serde_json::from_slice(&response.body).expect("a challenge");
            let (account, request) = sign_up(server, &challenge, rng).await;
            made.push(account);
            requests.push(post("/api/accounts", Some(serde_json::to_vec(&request).expect("JSON"))));
        }
        let (_, responses) = pool.send(distribute(requests)).await;
        for (mut account, response) in made.into_iter().zip(interleave(responses)) {
            account.cookie = response.cookie;
            accounts.push(account);
        }
    }
    accounts
}

async fn sign_up(server: &Server, challenge: &Challenge, rng: &mut SeededRng) -> (Account, CreateAccount) {
    let (writer, commit) = Writer::create(KEYS, rng);
    let authenticator = SoftAuthenticator::new(&server.origin(), &Wallet::default(), PrfMode::AtCreate);
    let options = CreateOptions {
        reason: CeremonyReason::Create,
        rp_id: RP_ID.to_owned(),
        challenge: challenge.challenge.0.clone(),
        vault: VaultId(*writer.vault().as_bytes()),
        name: "Bench".to_owned(),
        exclude: Vec::new(),
        algorithms: vec![-7],
        prf_first: prf_input(Scope::Root).to_vec(),
        prf_second: prf_input(Scope::Cold).to_vec(),
        timeout: TIMEOUT,
    };
    let made = authenticator.create(options).await.expect("an authenticator in software");
    let request = CreateAccount {
        ceremony: challenge.ceremony,
        account: Id(*writer.vault().as_bytes()),
        invite: None,
        credential: Registration {
            raw_id: made.raw_id.into(),
            response: RegistrationResponse {
                attestation_object: made.attestation_object.into(),
                client_data_json: made.client_data_json.into(),
            },
            r#type: CredentialType::PublicKey,
        },
        recovery: None,
        commit,
    };
    (Account { writer, cookie: String::new(), authenticator }, request)
}

impl Account {
    /// Signs a challenge for a login.
    pub(crate) async fn sign(&self, challenge: &Challenge) -> Login {
        let options = GetOptions {
            reason: CeremonyReason::Renew,
            rp_id: RP_ID.to_owned(),
            challenge: challenge.challenge.0.clone(),
            allow: Vec::new(),
            prf_first: None,
            prf_second: None,
            timeout: TIMEOUT,
        };
        let signed = self.authenticator.get(options).await.expect("an authenticator in software");
        Login {
            ceremony: challenge.ceremony,
            credential: Assertion {
                raw_id: signed.raw_id.into(),
                response: AssertionResponse {
                    authenticator_data: signed.authenticator_data.into(),
                    client_data_json: signed.client_data_json.into(),
                    signature: signed.signature.into(),
                    user_handle: signed.user_handle.into(),
                },
                r#type: CredentialType::PublicKey,
            },
        }
    }
}

/// Returns a POST request without a session.
pub(crate) fn post(path: &str, body: Option<Vec<u8>>) -> Request {
    Request { method: "POST", path: path.to_owned(), cookie: String::new(), body }
}
