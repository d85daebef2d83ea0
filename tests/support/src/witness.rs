//! A person who remembers what the server has acknowledged.

mod reading;

use std::collections::BTreeMap;

use crystallum_api::{Bytes, Change, ChangeSignInMethods, Committed, Id, Proof, RecoveryVerifier, Session};
use serde::Serialize;

use crate::commits::hash;
use crate::dealing::{Share, stores};
use crate::http::Response;
use crate::person::Person;
use crate::seeded_rng::SeededRng;
use crate::signer::{SIGN_IN_METHODS, Signer};
use crate::site::Site;

/// The credential of every share.
const CREDENTIAL: [u8; 32] = [7; 32];

/// A person whose vault has real heads, and who remembers what the server has acknowledged.
pub struct Witness {
    /// The randomness of everything that the person does.
    pub rng: SeededRng,
    /// The account. Its counter is not used.
    pub person: Person,
    /// The state of the last acknowledged write.
    pub state: Signer,
    /// The heads of all acknowledged writes, oldest first.
    pub heads: Vec<Vec<u8>>,
    /// A write that was sent but not acknowledged.
    pub unanswered: Option<SentRequest>,
    /// The only wallet.
    pub wallet: Option<Wallet>,
    /// The keyslots of the recovery code.
    pub code: Option<[Id; 2]>,
    /// The share stores of the server.
    pub stores: Vec<Id>,
    /// Shares whose put was acknowledged and that were not removed since: store and hash.
    pub shares: BTreeMap<Id, (Id, Vec<u8>)>,
    /// How many puts and deletions of shares were acknowledged.
    pub puts: usize,
    /// Whether there is a session.
    pub signed_in: bool,
}

/// A write request, byte for byte, and the state after it.
pub struct SentRequest {
    path: &'static str,
    body: Vec<u8>,
    next: Signer,
}

/// The newest dealing of a wallet.
#[derive(Clone)]
pub struct Wallet {
    /// The record with the sealed phrase.
    pub record: Id,
    /// The set of its shares.
    pub set: Id,
    /// The number of the dealing.
    pub epoch: u32,
    /// The shares, one for each store.
    pub shares: Vec<Id>,
}

impl Witness {
    /// Signs up.
    pub async fn new(site: &impl Site, name: &str) -> Self {
        let mut rng = SeededRng::new(name);
        let (state, commit) = Signer::new(&mut rng).genesis(&mut rng);
        let person = Person::with_vault(site, &state, commit).await;
        let stores = stores(&person.browser).await;
        Self {
            rng,
            person,
            heads: vec![state.head.clone()],
            state,
            unanswered: None,
            wallet: None,
            code: None,
            stores: stores.iter().map(|store| store.id).collect(),
            shares: BTreeMap::new(),
            puts: 0,
            signed_in: true,
        }
    }

    /// Signs in again with the passkey.
    pub async fn login(&mut self) {
        assert!(self.try_login().await, "the server takes the passkey");
    }

    /// Signs in with the passkey. Returns whether there is a new session.
    pub async fn try_login(&mut self) -> bool {
        let Some(request) = self.person.try_assertion().await else { return false };
        let answer = self.person.browser.try_post_json("/api/login", &request).await;
        let Some(answer) = answer.filter(is_final) else { return false };
        assert_eq!(answer.json::<Session>().account, self.state.vault);
        self.signed_in = true;
        true
    }

    /// Signs out. Returns whether that was acknowledged.
    pub async fn logout(&mut self) -> bool {
        let answer = self.person.browser.send("POST", "/api/logout", None).await;
        let Some(answer) = answer else {
            // Whether the session has ended is not known.
            self.signed_in = false;
            self.person.browser.set_cookie(None);
            return false;
        };
        if !is_final(&answer) {
            return false;
        }
        assert_eq!(answer.status, 204, "{}", String::from_utf8_lossy(&answer.body));
        self.signed_in = false;
        true
    }

    /// Sets or replaces the recovery code. Returns whether that was acknowledged.
    pub async fn replace_code(&mut self) -> bool {
        let Some(proof) = self.person.try_assertion().await else { return false };
        let (method, slots) = (self.rng.id(), [self.rng.id(), self.rng.id()]);
        let mut changes = Vec::new();
        for (slot, scope) in slots.into_iter().zip(1..) {
            let wrap = self.rng.blob(200);
            let (hash, wrap) = (hash(&wrap), Some(Bytes(wrap)));
            changes.push(Change::Keyslot { id: slot, method, slot_kind: 3, scope, hash, wrap });
        }
        changes.extend(self.code.into_iter().flatten().map(|id| Change::KeyslotGone { id }));
        let (next, commit) = self.state.sign(SIGN_IN_METHODS, changes, &mut self.rng);
        let code = ed25519_dalek::SigningKey::from_bytes(&self.rng.bytes());
        let request = ChangeSignInMethods {
            proof: Proof::Passkey(proof),
            add_passkey: None,
            remove_passkey: None,
            set_recovery: Some(RecoveryVerifier {
                lookup_hash: Bytes(self.rng.blob(32)),
                verifier: Bytes(code.verifying_key().to_bytes().to_vec()),
            }),
            remove_recovery: false,
            commit,
        };
        self.code = Some(slots);
        self.send(SentRequest { path: "/api/sign-in-methods", body: json(&request), next }).await
    }

    /// Makes one write. Returns whether it was acknowledged.
    pub async fn write(&mut self, op: u8, changes: Vec<Change>) -> bool {
        let (next, commit) = self.state.sign(op, changes, &mut self.rng);
        self.send(SentRequest { path: "/api/commit", body: json(&commit), next }).await
    }

    /// Sends an unanswered write again. Returns whether it is acknowledged now.
    pub async fn resend(&mut self) -> bool {
        let Some(mut sent) = self.unanswered.take() else { return true };
        // A proof is only valid for the server process that issued its challenge, so a write that
        // was not applied needs a new one.
        if sent.path == "/api/sign-in-methods" {
            let Some(proof) = self.person.try_assertion().await else {
                self.unanswered = Some(sent);
                return false;
            };
            let request = serde_json::from_slice(&sent.body).expect("a request that was sent");
            sent.body = json(&ChangeSignInMethods { proof: Proof::Passkey(proof), ..request });
        }
        self.send(sent).await
    }

    async fn send(&mut self, sent: SentRequest) -> bool {
        let answer = self.person.browser.send("POST", sent.path, Some(&sent.body)).await;
        let Some(answer) = answer.filter(is_final) else {
            self.unanswered = Some(sent);
            return false;
        };
        let next = sent.next;
        assert_eq!(answer.json::<Committed>(), Committed { counter: next.counter });
        self.heads.push(next.head.clone());
        self.state = next;
        true
    }

    /// Puts a share into a store. Returns whether that was acknowledged.
    pub async fn put(&mut self, store: Id, id: Id) -> bool {
        let share = Share { id, store, bytes: self.rng.blob(320), credential: CREDENTIAL };
        let answer = self.person.browser.try_post_json(&share.path(), &share.contents()).await;
        let Some(answer) = answer.filter(is_final) else { return false };
        assert_eq!(answer.status, 204, "{}", String::from_utf8_lossy(&answer.body));
        self.shares.insert(id, (store, share.hash().0));
        self.puts += 1;
        true
    }

    /// Deletes a share that is no longer in the vault. Returns whether that was acknowledged.
    pub async fn discard(&mut self, id: Id) -> bool {
        let (store, _) = self.shares.remove(&id).expect("a share that was put");
        let share = Share { id, store, bytes: Vec::new(), credential: CREDENTIAL };
        let path = format!("{}/delete", share.path());
        let answer = self.person.browser.try_post_json(&path, &share.access()).await;
        let Some(answer) = answer.filter(is_final) else { return false };
        assert_eq!(answer.status, 204, "{}", String::from_utf8_lossy(&answer.body));
        self.puts += 1;
        true
    }
}

/// Returns whether the server considered a request. It did not if it has no room at the moment: on
/// the disk, in its memory, or for this client.
fn is_final(answer: &Response) -> bool {
    !matches!(answer.status, 429 | 503)
}

fn json(body: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(body).expect("wire types are JSON")
}
