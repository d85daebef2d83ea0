use crystallum_api::{
    Challenge, Change, ChangeSignInMethods, Committed, CreateAccount, Delta, Id, Login, NewPasskey, Proof,
    Session,
};

use crate::authenticator::SoftwareAuthenticator;
use crate::browser::{Browser, Reply};
use crate::fixture::Fixture;
use crate::sheet::Sheet;
use crate::writes::{commit, genesis, id};

/// A person with an account, a passkey, and a session.
pub(crate) struct Person {
    pub(crate) browser: Browser,
    pub(crate) authenticator: SoftwareAuthenticator,
    pub(crate) account: Id,
    pub(crate) counter: u64,
}

impl Person {
    /// Signs up.
    pub(crate) async fn new(fixture: &Fixture, name: &str) -> Self {
        let mut person = Self::without_account(fixture, name);
        let request = person.sign_up_request().await;
        let reply = person.browser.post_json("/api/accounts", &request).await;
        assert_eq!(reply.json::<Committed>(), Committed { counter: 1 });
        person.counter = 1;
        person
    }

    /// Returns a person who has not signed up yet.
    pub(crate) fn without_account(fixture: &Fixture, name: &str) -> Self {
        let authenticator = SoftwareAuthenticator::for_origin(fixture.server.origin());
        Self { browser: fixture.browser(), authenticator, account: id(name), counter: 0 }
    }

    /// Returns a valid request to create an account.
    pub(crate) async fn sign_up_request(&mut self) -> CreateAccount {
        let challenge: Challenge = self.browser.post("/api/register/challenge").await.json();
        let credential = self.authenticator.create(&challenge, self.account).await;
        CreateAccount {
            ceremony: challenge.ceremony,
            account: self.account,
            invite: None,
            credential,
            recovery: None,
            commit: genesis(self.account),
        }
    }

    /// Returns a valid request to sign in.
    pub(crate) async fn assertion(&mut self) -> Login {
        let challenge: Challenge = self.browser.post("/api/login/challenge").await.json();
        let credential = self.authenticator.get(&challenge).await;
        Login { ceremony: challenge.ceremony, credential }
    }

    pub(crate) async fn login(&mut self) -> Session {
        let request = self.assertion().await;
        self.browser.post_json("/api/login", &request).await.json()
    }

    /// Connects to the server's new address after a restart.
    pub(crate) fn reconnect(&mut self, fixture: &Fixture) {
        self.browser.address = fixture.server.address();
    }

    /// Signs up with a recovery code.
    pub(crate) async fn with_sheet(fixture: &Fixture, name: &str) -> (Self, Sheet) {
        let (mut person, sheet) = (Self::without_account(fixture, name), Sheet::new(name));
        let request = CreateAccount { recovery: Some(sheet.verifier()), ..person.sign_up_request().await };
        let reply = person.browser.post_json("/api/accounts", &request).await;
        assert_eq!(reply.json::<Committed>(), Committed { counter: 1 });
        person.counter = 1;
        (person, sheet)
    }

    /// Registers another passkey with the authenticator but not yet with the server.
    pub(crate) async fn new_passkey(&mut self, authenticator: &mut SoftwareAuthenticator) -> NewPasskey {
        let challenge: Challenge = self.browser.post("/api/register/challenge").await.json();
        NewPasskey {
            ceremony: challenge.ceremony,
            credential: authenticator.create(&challenge, self.account).await,
        }
    }

    /// Returns a request to change the sign-in methods, with a passkey as proof.
    pub(crate) async fn change_request(&mut self, name: &str, changes: Vec<Change>) -> ChangeSignInMethods {
        ChangeSignInMethods {
            proof: Proof::Passkey(self.assertion().await),
            add_passkey: None,
            remove_passkey: None,
            set_recovery: None,
            remove_recovery: false,
            commit: commit(self.account, name, self.counter, changes),
        }
    }

    pub(crate) async fn change_sign_in_methods(&mut self, request: &ChangeSignInMethods) {
        let committed: Committed = self.browser.post_json("/api/ways", request).await.json();
        self.counter += 1;
        assert_eq!(committed, Committed { counter: self.counter });
    }

    /// Attempts one write on the counter that is known.
    pub(crate) async fn try_write(&mut self, name: &str, changes: Vec<Change>) -> Reply {
        let commit = commit(self.account, name, self.counter, changes);
        self.browser.post_json("/api/commit", &commit).await
    }

    pub(crate) async fn write(&mut self, name: &str, changes: Vec<Change>) {
        let committed: Committed = self.try_write(name, changes).await.json();
        self.counter += 1;
        assert_eq!(committed, Committed { counter: self.counter });
    }

    pub(crate) async fn delta(&mut self, since: u64) -> Delta {
        self.browser.get(&format!("/api/delta?since={since}")).await.json()
    }
}
