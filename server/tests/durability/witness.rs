use std::collections::BTreeMap;

use crystallum_api::{
    Bytes, Change, ChangeSignInMethods, Committed, Delta, Id, Part, Proof, RecoveryVerifier, ShareState,
};
use crystallum_test_support::{Person, SeededRng, Share, Site, stores};
use sha2::{Digest, Sha256};

use crate::signer::{Record, SIGN_IN_METHODS, Signer};

/// The credential of every share.
const CREDENTIAL: [u8; 32] = [7; 32];

/// A person whose vault has real heads, and who remembers what the server has acknowledged.
pub(crate) struct Witness {
    pub(crate) rng: SeededRng,
    /// The account. Its counter is not used.
    pub(crate) person: Person,
    /// The state of the last acknowledged write.
    pub(crate) state: Signer,
    /// The heads of all acknowledged writes, oldest first.
    pub(crate) heads: Vec<Vec<u8>>,
    /// A write that was sent but not answered.
    pub(crate) unanswered: Option<SentRequest>,
    pub(crate) wallet: Option<Wallet>,
    /// The keyslots of the recovery code.
    pub(crate) code: Option<[Id; 2]>,
    pub(crate) stores: Vec<Id>,
    /// Shares whose put was acknowledged and that were not removed since: store and hash.
    pub(crate) shares: BTreeMap<Id, (Id, Vec<u8>)>,
    /// How many puts and deletions of shares were acknowledged.
    pub(crate) puts: usize,
}

/// A write request, byte for byte, and the state after it.
pub(crate) struct SentRequest {
    path: &'static str,
    body: Vec<u8>,
    next: Signer,
}

/// The newest dealing of a wallet.
#[derive(Clone)]
pub(crate) struct Wallet {
    pub(crate) record: Id,
    pub(crate) set: Id,
    pub(crate) epoch: u32,
    pub(crate) shares: Vec<Id>,
}

impl Witness {
    /// Signs up.
    pub(crate) async fn new(site: &impl Site, name: &str) -> Self {
        let mut rng = SeededRng::new(name);
        let (state, commit) = Signer::new(&mut rng).genesis(&mut rng);
        let person = Person::with_vault(site, state.vault, commit).await;
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
        }
    }

    /// Signs in again with the passkey.
    pub(crate) async fn login(&mut self) {
        assert_eq!(self.person.login().await.account, self.state.vault);
    }

    /// Sets or replaces the recovery code. Returns whether that was acknowledged.
    pub(crate) async fn replace_code(&mut self) -> bool {
        let Some(proof) = self.person.try_assertion().await else { return false };
        let slots = [self.rng.id(), self.rng.id()];
        let mut changes = Vec::new();
        for (slot, scope) in slots.into_iter().zip(1..) {
            let wrap = Bytes(self.rng.blob(200));
            changes.push(Change::Keyslot { id: slot, slot_kind: 3, scope, wrap });
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
        self.send(SentRequest { path: "/api/ways", body: serde_json::to_vec(&request).unwrap(), next }).await
    }

    /// Makes one write. Returns whether it was acknowledged.
    pub(crate) async fn write(&mut self, op: u8, changes: Vec<Change>) -> bool {
        let (next, commit) = self.state.sign(op, changes, &mut self.rng);
        self.send(SentRequest { path: "/api/commit", body: serde_json::to_vec(&commit).unwrap(), next }).await
    }

    /// Sends an unanswered write again.
    pub(crate) async fn resend(&mut self) -> bool {
        match self.unanswered.take() {
            // A proof is only valid for the server process that issued its challenge, so a write
            // that was not applied needs a new one.
            Some(sent) if sent.path == "/api/ways" => {
                let mut request: ChangeSignInMethods = serde_json::from_slice(&sent.body).unwrap();
                let Some(proof) = self.person.try_assertion().await else { return false };
                request.proof = Proof::Passkey(proof);
                self.send(SentRequest { body: serde_json::to_vec(&request).unwrap(), ..sent }).await
            }
            Some(sent) => self.send(sent).await,
            None => true,
        }
    }

    async fn send(&mut self, sent: SentRequest) -> bool {
        let Some(answer) = self.person.browser.send("POST", sent.path, Some(&sent.body)).await else {
            self.unanswered = Some(sent);
            return false;
        };
        // The disk took nothing of it.
        if answer.status == 503 {
            self.unanswered = Some(sent);
            return false;
        }
        let next = sent.next;
        assert_eq!(answer.json::<Committed>(), Committed { counter: next.counter });
        self.heads.push(next.head.clone());
        self.state = next;
        true
    }

    /// Puts a share into a store. Returns whether that was acknowledged.
    pub(crate) async fn put(&mut self, store: Id, id: Id) -> bool {
        let share = Share { id, store, bytes: self.rng.blob(320), credential: CREDENTIAL };
        let Some(answer) = self.person.browser.try_post_json(&share.path(), &share.contents()).await else {
            return false;
        };
        assert_eq!(answer.status, 204, "{}", String::from_utf8_lossy(&answer.body));
        self.shares.insert(id, (store, share.hash().0));
        self.puts += 1;
        true
    }

    /// Deletes a share that is no longer in the vault. Returns whether that was acknowledged.
    pub(crate) async fn discard(&mut self, id: Id) -> bool {
        let (store, _) = self.shares.remove(&id).unwrap();
        let share = Share { id, store, bytes: Vec::new(), credential: CREDENTIAL };
        let path = format!("{}/delete", share.path());
        let Some(answer) = self.person.browser.try_post_json(&path, &share.access()).await else {
            return false;
        };
        assert_eq!(answer.status, 204, "{}", String::from_utf8_lossy(&answer.body));
        self.puts += 1;
        true
    }

    /// Asserts that the server has this person's vault as it was acknowledged, or with the one
    /// unanswered write on top.
    pub(crate) async fn assert_everything_stored(&mut self) {
        let (heads, blobs) = self.stored().await;
        let counter = u64::try_from(heads.len()).unwrap();
        let state = if counter == self.state.counter {
            &self.state
        } else {
            let SentRequest { next, .. } =
                self.unanswered.as_ref().expect("the server has a write that nobody sent");
            self.heads.push(next.head.clone());
            next
        };
        assert!(heads == self.heads, "a write is lost or another: {} of {}", heads.len(), self.heads.len());
        let record = |(id, Record { overview, secret }): (&Id, &Record)| {
            [((*id, 1), (overview.0, overview.1.to_vec())), ((*id, 2), (secret.0, secret.1.to_vec()))]
        };
        let expected: Blobs = state.records.iter().flat_map(record).collect();
        assert!(blobs == expected, "a ciphertext is lost, half or another");
        self.heads.truncate(usize::try_from(self.state.counter).unwrap());
        for (share, (store, hash)) in self.shares.clone() {
            assert_eq!(self.stored_share(store, share).await, Some(hash), "a share is lost or another");
        }
    }

    /// Returns the heads that the server has.
    pub(crate) async fn stored_heads(&mut self) -> Vec<Vec<u8>> {
        self.stored().await.0
    }

    /// Returns the hash of a share that a store has.
    pub(crate) async fn stored_share(&mut self, store: Id, share: Id) -> Option<Vec<u8>> {
        let answer = self.person.browser.get(&format!("/api/stores/{store}/shares/{share}")).await;
        (answer.status != 404).then(|| answer.json::<ShareState>().hash.0)
    }

    /// Returns the heads and newest ciphertexts that the server has. Ciphertexts are given by
    /// version and hash.
    async fn stored(&mut self) -> (Vec<Vec<u8>>, Blobs) {
        let (mut heads, mut blobs) = (Vec::new(), Blobs::new());
        loop {
            let delta: Delta = self.person.delta(u64::try_from(heads.len()).unwrap()).await;
            for entry in delta.entries {
                heads.push(entry.head.0);
                for change in entry.changes {
                    let Change::Record { id, overview, secret } = change else { continue };
                    for (kind, part) in [(1, overview), (2, secret)] {
                        if let Some(Part { version, blob: Some(blob), .. }) = part {
                            blobs.insert((id, kind), (version, Sha256::digest(&blob.0).to_vec()));
                        }
                    }
                }
            }
            if heads.len() == usize::try_from(delta.counter).unwrap() {
                return (heads, blobs);
            }
        }
    }
}

/// Ciphertexts by record and part.
type Blobs = BTreeMap<(Id, u8), (u64, Vec<u8>)>;
