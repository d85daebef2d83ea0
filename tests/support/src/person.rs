use crystallum_api::{
    Challenge, Change, ChangeSignInMethods, Commit, Committed, CreateAccount, Delta, Id, Login, NewPasskey,
    Proof, Session,
};

use crate::authenticator::SoftwareAuthenticator;
use crate::browser::Browser;
use crate::commits::{commit, genesis, id};
use crate::http::Response;
use crate::sheet::Sheet;
use crate::site::Site;

/// A recovery phrase, from the test vectors of BIP-39.
pub const PHRASE: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";

/// A person with an account, a passkey, and a session. The account's commits are those of
/// [`commits`](crate::commits), unless they are given.
pub struct Person {
    /// The browser with the session.
    pub browser: Browser,
    /// The authenticator with the passkey.
    pub authenticator: SoftwareAuthenticator,
    /// The id of the account, which is that of its vault.
    pub account: Id,
    /// The counter of the newest commit.
    pub counter: u64,
}

impl Person {
    /// Signs up.
    pub async fn new(site: &impl Site, name: &str) -> Self {
        let mut person = Self::without_account(site, name);
        let request = person.sign_up_request().await;
        person.sign_up(&request).await;
        person
    }

    /// Signs up with a recovery code.
    pub async fn with_sheet(site: &impl Site, name: &str) -> (Self, Sheet) {
        let (mut person, sheet) = (Self::without_account(site, name), Sheet::new(name));
        let request = CreateAccount { recovery: Some(sheet.verifier()), ..person.sign_up_request().await };
        person.sign_up(&request).await;
        (person, sheet)
    }

    /// Signs up with a vault whose first commit is this one.
    pub async fn with_vault(site: &impl Site, vault: Id, genesis: Commit) -> Self {
        let mut person = Self::with_id(site, vault);
        let request = person.account_request(genesis).await;
        person.sign_up(&request).await;
        person
    }

    /// Returns a person who has not signed up yet.
    pub fn without_account(site: &impl Site, name: &str) -> Self {
        Self::with_id(site, id(name))
    }

    fn with_id(site: &impl Site, account: Id) -> Self {
        let browser = site.browser();
        let authenticator = SoftwareAuthenticator::for_origin(browser.origin());
        Self { browser, authenticator, account, counter: 0 }
    }

    async fn sign_up(&mut self, request: &CreateAccount) {
        let response = self.browser.post_json("/api/accounts", request).await;
        assert_eq!(response.json::<Committed>(), Committed { counter: 1 });
        self.counter = 1;
    }

    /// Returns a valid request to create an account.
    pub async fn sign_up_request(&self) -> CreateAccount {
        self.account_request(genesis(self.account)).await
    }

    async fn account_request(&self, commit: Commit) -> CreateAccount {
        let challenge: Challenge = self.browser.post("/api/register/challenge").await.json();
        let credential = self.authenticator.register(&challenge, self.account).await;
        CreateAccount {
            ceremony: challenge.ceremony,
            account: self.account,
            invite: None,
            credential,
            recovery: None,
            commit,
        }
    }

    /// Returns a valid request to sign in.
    pub async fn assertion(&self) -> Login {
        self.try_assertion().await.expect("a complete response")
    }

    /// Returns a valid request to sign in, or `None` if the server gives no challenge.
    pub async fn try_assertion(&self) -> Option<Login> {
        let challenge = self.browser.send("POST", "/api/login/challenge", None).await?;
        if challenge.status != 200 {
            return None;
        }
        let challenge: Challenge = challenge.json();
        let credential = self.authenticator.sign(&challenge).await;
        Some(Login { ceremony: challenge.ceremony, credential })
    }

    /// Signs in with the passkey.
    pub async fn login(&self) -> Session {
        let request = self.assertion().await;
        self.browser.post_json("/api/login", &request).await.json()
    }

    /// Connects to the server's new address after a restart.
    pub fn reconnect(&mut self, site: &impl Site) {
        let cookie = self.browser.cookie();
        self.browser = site.browser();
        self.browser.set_cookie(cookie);
    }

    /// Registers another passkey with the authenticator but not yet with the server.
    pub async fn new_passkey(&self, authenticator: &SoftwareAuthenticator) -> NewPasskey {
        let challenge: Challenge = self.browser.post("/api/register/challenge").await.json();
        let credential = authenticator.register(&challenge, self.account).await;
        NewPasskey { ceremony: challenge.ceremony, credential }
    }

    /// Returns a request to change the sign-in methods, with a passkey as proof.
    pub async fn change_request(&self, name: &str, changes: Vec<Change>) -> ChangeSignInMethods {
        ChangeSignInMethods {
            proof: Proof::Passkey(self.assertion().await),
            add_passkey: None,
            remove_passkey: None,
            set_recovery: None,
            remove_recovery: false,
            commit: commit(self.account, name, self.counter, changes),
        }
    }

    /// Changes the sign-in methods.
    pub async fn change_sign_in_methods(&mut self, request: &ChangeSignInMethods) {
        let committed: Committed = self.browser.post_json("/api/ways", request).await.json();
        self.counter += 1;
        assert_eq!(committed, Committed { counter: self.counter });
    }

    /// Attempts one write after the newest counter that the person knows.
    pub async fn try_write(&self, name: &str, changes: Vec<Change>) -> Response {
        let commit = commit(self.account, name, self.counter, changes);
        self.browser.post_json("/api/commit", &commit).await
    }

    /// Makes one write, which must be accepted.
    pub async fn write(&mut self, name: &str, changes: Vec<Change>) {
        let committed: Committed = self.try_write(name, changes).await.json();
        self.counter += 1;
        assert_eq!(committed, Committed { counter: self.counter });
    }

    /// Returns what has changed since a counter.
    pub async fn delta(&self, since: u64) -> Delta {
        self.browser.get(&format!("/api/delta?since={since}")).await.json()
    }
}
