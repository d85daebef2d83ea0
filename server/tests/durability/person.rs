use std::collections::BTreeMap;
use std::net::SocketAddr;

use crystallum_api::{
    Bytes, Challenge, Change, ChangeSignInMethods, Committed, CreateAccount, Delta, Id, Login, Part, Proof,
    PutShare, RecoveryVerifier, Session, ShareAccess, ShareState, Stores,
};
use sha2::{Digest, Sha256};

use crate::authenticator::SoftwareAuthenticator;
use crate::client::Client;
use crate::seeded_rng::SeededRng;
use crate::signer::{Record, SIGN_IN_METHODS, Signer};

/// The credential of every share.
const CREDENTIAL: [u8; 32] = [7; 32];

/// A person with a vault, who remembers what the server has acknowledged.
pub(crate) struct Person {
    pub(crate) rng: SeededRng,
    pub(crate) client: Client,
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
    authenticator: SoftwareAuthenticator,
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

impl Person {
    /// Signs up.
    pub(crate) async fn new(address: SocketAddr, name: &str) -> Self {
        let mut rng = SeededRng::new(name);
        let mut client = Client::new(address);
        let mut authenticator =
            SoftwareAuthenticator::for_origin(&format!("http://localhost:{}", address.port()));
        let blank = Signer::new(&mut rng);
        let (state, commit) = blank.genesis(&mut rng);
        let challenge = client.send("POST", "/api/register/challenge", Vec::new()).await.unwrap();
        let challenge: Challenge = challenge.json();
        let credential = authenticator.create(&challenge, state.vault).await;
        let request = CreateAccount {
            ceremony: challenge.ceremony,
            account: state.vault,
            invite: None,
            credential,
            recovery: None,
            commit,
        };
        let answer = client.post("/api/accounts", &request).await.unwrap();
        assert_eq!(answer.json::<Committed>(), Committed { counter: 1 });
        let stores: Stores = client.get("/api/stores").await.unwrap().json();
        Self {
            rng,
            client,
            heads: vec![state.head.clone()],
            state,
            unanswered: None,
            wallet: None,
            code: None,
            stores: stores.stores.iter().map(|store| store.id).collect(),
            shares: BTreeMap::new(),
            puts: 0,
            authenticator,
        }
    }

    /// Signs in again with the passkey.
    pub(crate) async fn login(&mut self) {
        let request = self.prove_with_passkey().await.unwrap();
        let session: Session = self.client.post("/api/login", &request).await.unwrap().json();
        assert_eq!(session.account, self.state.vault);
    }

    /// Creates a passkey assertion.
    async fn prove_with_passkey(&mut self) -> Option<Login> {
        let challenge = self.client.send("POST", "/api/login/challenge", Vec::new()).await?;
        let challenge: Challenge = challenge.json();
        Some(Login { ceremony: challenge.ceremony, credential: self.authenticator.get(&challenge).await })
    }

    /// Sets or replaces the recovery code. Returns whether that was acknowledged.
    pub(crate) async fn replace_code(&mut self) -> bool {
        let Some(proof) = self.prove_with_passkey().await else { return false };
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
                lookup_hash: Bytes(self.rng.bytes().to_vec()),
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
                let Some(proof) = self.prove_with_passkey().await else { return false };
                request.proof = Proof::Passkey(proof);
                self.send(SentRequest { body: serde_json::to_vec(&request).unwrap(), ..sent }).await
            }
            Some(sent) => self.send(sent).await,
            None => true,
        }
    }

    async fn send(&mut self, sent: SentRequest) -> bool {
        let Some(answer) = self.client.send("POST", sent.path, sent.body.clone()).await else {
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
    pub(crate) async fn put(&mut self, store: Id, share: Id) -> bool {
        let contents = self.rng.blob(320);
        let hash = Sha256::digest(&contents).to_vec();
        let request =
            PutShare { share: Bytes(contents), access_hash: Bytes(Sha256::digest(CREDENTIAL).to_vec()) };
        let path = format!("/api/stores/{store}/shares/{share}");
        let Some(answer) = self.client.post(&path, &request).await else { return false };
        assert_eq!(answer.status, 204, "{}", String::from_utf8_lossy(&answer.body));
        self.shares.insert(share, (store, hash));
        self.puts += 1;
        true
    }

    /// Deletes a share that is no longer in the vault. Returns whether that was acknowledged.
    pub(crate) async fn discard(&mut self, share: Id) -> bool {
        let (store, _) = self.shares.remove(&share).unwrap();
        let request = ShareAccess { credential: Bytes(CREDENTIAL.to_vec()) };
        let path = format!("/api/stores/{store}/shares/{share}/delete");
        let Some(answer) = self.client.post(&path, &request).await else { return false };
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
        let answer = self.client.get(&format!("/api/stores/{store}/shares/{share}")).await.unwrap();
        (answer.status != 404).then(|| answer.json::<ShareState>().hash.0)
    }

    /// Returns the heads and newest ciphertexts that the server has. Ciphertexts are given by
    /// version and hash.
    async fn stored(&mut self) -> (Vec<Vec<u8>>, Blobs) {
        let (mut heads, mut blobs) = (Vec::new(), Blobs::new());
        loop {
            let since = heads.len();
            let delta: Delta = self.client.get(&format!("/api/delta?since={since}")).await.unwrap().json();
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
