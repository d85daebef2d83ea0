use crystallum_api::{
    Bytes, Challenge, Change, ChangeSignInMethods, Commit, Committed, CreateAccount, Delta, Id, Login,
    NewPasskey, Proof, Session, Stage, State,
};

use crate::authenticator::SoftwareAuthenticator;
use crate::browser::Browser;
use crate::commits::{genesis_changes, id};
use crate::http::Response;
use crate::sheet::Sheet;
use crate::signer::Signer;
use crate::site::Site;

/// A recovery phrase, from the test vectors of BIP-39.
pub const PHRASE: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";

/// A person with an account, a passkey, and a session.
pub struct Person {
    /// The browser with the session.
    pub browser: Browser,
    /// The authenticator with the passkey.
    pub authenticator: SoftwareAuthenticator,
    /// The id of the account, which is that of its vault.
    pub account: Id,
    /// The state after the newest acknowledged commit, on which the next one is signed.
    pub state: Signer,
    /// The head of every acknowledged commit, oldest first.
    pub heads: Vec<Bytes>,
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

    /// Signs up with a vault whose first commit is this one. `state` is a state of it.
    pub async fn with_vault(site: &impl Site, state: &Signer, genesis: Commit) -> Self {
        let mut person = Self::with_state(site, state.before_genesis());
        let request = person.account_request(genesis).await;
        person.sign_up(&request).await;
        person
    }

    /// Returns a person who has not signed up yet.
    pub fn without_account(site: &impl Site, name: &str) -> Self {
        Self::with_state(site, Signer::named(id(name)))
    }

    fn with_state(site: &impl Site, state: Signer) -> Self {
        let browser = site.browser();
        let authenticator = SoftwareAuthenticator::for_origin(browser.origin());
        Self { browser, authenticator, account: state.vault, state, heads: Vec::new() }
    }

    /// Returns the counter of the newest acknowledged commit.
    pub fn counter(&self) -> u64 {
        self.state.counter
    }

    /// Takes note that the server has acknowledged a commit.
    pub fn acknowledged(&mut self, commit: &Commit) {
        if commit.expected_counter == 0 {
            self.state = self.state.before_genesis();
            self.heads.clear();
        }
        self.state = self.state.after(commit);
        self.heads.push(commit.head.clone());
    }

    async fn sign_up(&mut self, request: &CreateAccount) {
        let response = self.browser.post_json("/api/accounts", request).await;
        assert_eq!(response.json::<Committed>(), Committed { counter: 1 });
        self.acknowledged(&request.commit);
    }

    /// Returns a valid request to create an account.
    pub async fn sign_up_request(&self) -> CreateAccount {
        self.account_request(self.genesis()).await
    }

    /// Returns a valid first commit.
    pub fn genesis(&self) -> Commit {
        self.state.before_genesis().commit("genesis", genesis_changes(self.account))
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
            commit: self.state.commit(name, changes),
        }
    }

    /// Changes the sign-in methods.
    pub async fn change_sign_in_methods(&mut self, request: &ChangeSignInMethods) {
        let committed: Committed = self.browser.post_json("/api/sign-in-methods", request).await.json();
        self.acknowledged(&request.commit);
        assert_eq!(committed, Committed { counter: self.counter() });
    }

    /// Attempts one write on the newest acknowledged state.
    pub async fn try_write(&mut self, name: &str, changes: Vec<Change>) -> Response {
        let commit = self.state.commit(name, changes);
        self.send(&commit).await
    }

    /// Sends a commit, which may be refused.
    pub async fn send(&mut self, commit: &Commit) -> Response {
        let response = self.browser.post_json("/api/commit", commit).await;
        if response.status == 200 {
            self.acknowledged(commit);
        }
        response
    }

    /// Makes one write, which must be accepted.
    pub async fn write(&mut self, name: &str, changes: Vec<Change>) {
        let committed: Committed = self.try_write(name, changes).await.json();
        assert_eq!(committed, Committed { counter: self.counter() });
    }

    /// Returns the page of the live objects after one of them.
    pub async fn state(&self, after: Option<(Stage, Id)>) -> State {
        let query = after.map(|(stage, id)| format!("?stage={}&after={id}", stage.number()));
        self.browser.get(&format!("/api/state{}", query.unwrap_or_default())).await.json()
    }

    /// Returns what has changed since a counter.
    pub async fn delta(&self, since: u64) -> Delta {
        self.browser.get(&format!("/api/delta?since={since}")).await.json()
    }
}
