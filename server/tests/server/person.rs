use crystallum_api::{
    Challenge, Change, ChangeSignInMethods, Committed, CreateAccount, Delta, Id, Login, NewPasskey, Proof,
    Session,
};

use crate::browser::{Browser, Reply};
use crate::place::Place;
use crate::sheet::Sheet;
use crate::touch::Touch;
use crate::writes::{commit, genesis, id};

/// Somebody with an account, a passkey and a session.
pub(crate) struct Person {
    pub(crate) browser: Browser,
    pub(crate) touch: Touch,
    pub(crate) account: Id,
    pub(crate) counter: u64,
}

impl Person {
    /// Signs up.
    pub(crate) async fn new(place: &Place, name: &str) -> Self {
        let mut person = Self::stranger(place, name);
        let request = person.application().await;
        let reply = person.browser.post_json("/api/accounts", &request).await;
        assert_eq!(reply.json::<Committed>(), Committed { counter: 1 });
        person.counter = 1;
        person
    }

    /// Somebody who has not signed up yet.
    pub(crate) fn stranger(place: &Place, name: &str) -> Self {
        let touch = Touch::at(place.server.origin());
        Self { browser: place.browser(), touch, account: id(name), counter: 0 }
    }

    /// A good request for an account.
    pub(crate) async fn application(&mut self) -> CreateAccount {
        let challenge: Challenge = self.browser.post("/api/register/challenge").await.json();
        let credential = self.touch.create(&challenge, self.account).await;
        CreateAccount {
            ceremony: challenge.ceremony,
            account: self.account,
            invite: None,
            credential,
            recovery: None,
            commit: genesis(self.account),
        }
    }

    /// A good request for a session.
    pub(crate) async fn assertion(&mut self) -> Login {
        let challenge: Challenge = self.browser.post("/api/login/challenge").await.json();
        let credential = self.touch.get(&challenge).await;
        Login { ceremony: challenge.ceremony, credential }
    }

    pub(crate) async fn login(&mut self) -> Session {
        let request = self.assertion().await;
        self.browser.post_json("/api/login", &request).await.json()
    }

    /// Follows the server to where it is now.
    pub(crate) fn follow(&mut self, place: &Place) {
        self.browser.address = place.server.address();
    }

    /// Signs up with a recovery code.
    pub(crate) async fn with_sheet(place: &Place, name: &str) -> (Self, Sheet) {
        let (mut person, sheet) = (Self::stranger(place, name), Sheet::new(name));
        let request = CreateAccount { recovery: Some(sheet.verifier()), ..person.application().await };
        let reply = person.browser.post_json("/api/accounts", &request).await;
        assert_eq!(reply.json::<Committed>(), Committed { counter: 1 });
        person.counter = 1;
        (person, sheet)
    }

    /// Another passkey for this person, not registered yet.
    pub(crate) async fn new_passkey(&mut self, touch: &mut Touch) -> NewPasskey {
        let challenge: Challenge = self.browser.post("/api/register/challenge").await.json();
        NewPasskey { ceremony: challenge.ceremony, credential: touch.create(&challenge, self.account).await }
    }

    /// A request that changes the ways in, proved by a touch.
    pub(crate) async fn ways(&mut self, name: &str, changes: Vec<Change>) -> ChangeSignInMethods {
        ChangeSignInMethods {
            proof: Proof::Passkey(self.assertion().await),
            add_passkey: None,
            remove_passkey: None,
            set_recovery: None,
            remove_recovery: false,
            commit: commit(self.account, name, self.counter, changes),
        }
    }

    pub(crate) async fn change_ways(&mut self, request: &ChangeSignInMethods) {
        let committed: Committed = self.browser.post_json("/api/ways", request).await.json();
        self.counter += 1;
        assert_eq!(committed, Committed { counter: self.counter });
    }

    /// Tries one write on top of the counter that is known.
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
