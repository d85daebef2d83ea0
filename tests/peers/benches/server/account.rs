//! Creates accounts and logs in with the requests of a browser and a software authenticator.

use crystallum_api::{Challenge, CreateAccount, Id, Login};
use crystallum_peers::Writer;
use crystallum_test_support::{PrfMode, SeededRng, Server, SoftwareAuthenticator};

use crate::client::{ConnectionPool, Request, distribute, interleave};

/// The number of exchange keys in a new vault.
const KEYS: u32 = 9;
/// The number of accounts that are created at one time.
const BATCH: usize = 500;

/// An account with a vault and a session.
pub(crate) struct Account {
    pub(crate) writer: Writer,
    pub(crate) cookie: String,
    authenticator: SoftwareAuthenticator,
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
        let first = accounts.len();
        for (mut account, response) in made.into_iter().zip(interleave(responses)) {
            account.cookie = response.cookie;
            accounts.push(account);
        }
        let keys: Vec<Request> = accounts[first..].iter_mut().map(|account| account.add_keys(rng)).collect();
        pool.send(distribute(keys)).await;
    }
    accounts
}

async fn sign_up(server: &Server, challenge: &Challenge, rng: &mut SeededRng) -> (Account, CreateAccount) {
    let (writer, commit) = Writer::create(rng);
    let authenticator = SoftwareAuthenticator::for_origin(&server.origin()).with_prf(PrfMode::AtCreate);
    let account = Id(*writer.vault().as_bytes());
    let request = CreateAccount {
        ceremony: challenge.ceremony,
        account,
        invite: None,
        credential: authenticator.register(challenge, account).await,
        recovery: None,
        commit,
    };
    (Account { writer, cookie: String::new(), authenticator }, request)
}

impl Account {
    /// Returns the request that adds the exchange keys of a new vault.
    fn add_keys(&mut self, rng: &mut SeededRng) -> Request {
        let commit = self.writer.add(KEYS, rng);
        let body = Some(serde_json::to_vec(&commit).expect("JSON"));
        Request { cookie: self.cookie.clone(), ..post("/api/commit", body) }
    }

    /// Signs a challenge for a login.
    pub(crate) async fn sign(&self, challenge: &Challenge) -> Login {
        Login { ceremony: challenge.ceremony, credential: self.authenticator.sign(challenge).await }
    }
}

/// Returns a POST request without a session.
pub(crate) fn post(path: &str, body: Option<Vec<u8>>) -> Request {
    Request { method: "POST", path: path.to_owned(), cookie: String::new(), body }
}
