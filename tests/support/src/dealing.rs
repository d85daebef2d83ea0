use crystallum_api::{Bytes, Change, Id, PutShare, ReadShare, ShareAccess, ShareState, Store, Stores};
use sha2::{Digest, Sha256};

use crate::browser::Browser;
use crate::commits::id;
use crate::http::Response;
use crate::person::Person;

/// The shares of one dealing, one for each store.
#[derive(Clone)]
pub struct Dealing {
    /// The name of the wallet.
    pub name: String,
    /// The set of the shares.
    pub set: Id,
    /// The number of the dealing.
    pub epoch: u32,
    /// The shares.
    pub shares: Vec<Share>,
}

/// A share and its store.
#[derive(Clone)]
pub struct Share {
    /// The id of the share.
    pub id: Id,
    /// The id of the store.
    pub store: Id,
    /// The share, sealed for its store.
    pub bytes: Vec<u8>,
    /// The credential that the store requires before it hands the share out.
    pub credential: [u8; 32],
}

/// Returns the stores of the server.
pub async fn stores(browser: &Browser) -> Vec<Store> {
    browser.get("/api/stores").await.json::<Stores>().stores
}

impl Share {
    /// Returns the share of this name, whose credential follows from the store.
    pub fn new(name: &str, store: Id) -> Self {
        let bytes = Sha256::digest(format!("share {name}")).repeat(10);
        Self { id: id(name), store, bytes, credential: Sha256::digest(format!("credential {store}")).into() }
    }

    /// Returns the path of the share.
    pub fn path(&self) -> String {
        format!("/api/stores/{}/shares/{}", self.store, self.id)
    }

    /// Returns the hash of the share.
    pub fn hash(&self) -> Bytes {
        Sha256::digest(&self.bytes).to_vec().into()
    }

    /// Returns a request to put the share.
    pub fn contents(&self) -> PutShare {
        PutShare {
            share: self.bytes.clone().into(),
            access_hash: Sha256::digest(self.credential).to_vec().into(),
        }
    }

    /// Returns a request to read or delete the share.
    pub fn access(&self) -> ShareAccess {
        ShareAccess { credential: self.credential.to_vec().into() }
    }

    /// Puts the share into its store.
    pub async fn put(&self, browser: &Browser) -> Response {
        browser.post_json(&self.path(), &self.contents()).await
    }

    /// Asks the store what it has.
    pub async fn state(&self, browser: &Browser) -> Response {
        browser.get(&self.path()).await
    }

    /// Reads the share.
    pub async fn read(&self, browser: &Browser) -> Response {
        browser.post_json(&format!("{}/read", self.path()), &self.access()).await
    }

    /// Deletes the share.
    pub async fn delete(&self, browser: &Browser) -> Response {
        browser.post_json(&format!("{}/delete", self.path()), &self.access()).await
    }

    /// Returns whether the store has the share, and asserts that it is unchanged.
    pub async fn is_stored(&self, browser: &Browser) -> bool {
        let state = self.state(browser).await;
        if state.status == 404 {
            assert_eq!(self.read(browser).await.status, 404);
            return false;
        }
        assert_eq!(state.json::<ShareState>().hash, self.hash());
        assert_eq!(self.read(browser).await.json::<ReadShare>().share.0, self.bytes);
        true
    }
}

impl Dealing {
    /// Creates a share for every store without putting them.
    pub async fn new(person: &Person, name: &str, epoch: u32) -> Self {
        let stores = stores(&person.browser).await;
        let shares = stores
            .iter()
            .map(|store| Share::new(&format!("{name} {epoch} {}", store.number), store.id))
            .collect();
        Self { name: name.to_owned(), set: id(&format!("set {name}")), epoch, shares }
    }

    /// Puts every share into its store.
    pub async fn put(&self, person: &Person) {
        for share in &self.shares {
            assert_eq!(share.put(&person.browser).await.status, 204);
        }
    }

    /// Returns the changes that add the shares to the vault.
    pub fn changes(&self) -> Vec<Change> {
        (1..)
            .zip(&self.shares)
            .map(|(index, share)| Change::Share {
                id: share.id,
                record: id(&self.name),
                set: self.set,
                epoch: self.epoch,
                k: 3,
                n: u8::try_from(self.shares.len()).expect("a few stores"),
                index,
                store: share.store,
                hash: share.hash(),
            })
            .collect()
    }

    /// Returns the changes that remove the shares from the vault.
    pub fn removals(&self) -> Vec<Change> {
        self.shares.iter().map(|share| Change::ShareGone { id: share.id }).collect()
    }

    /// Returns for every share whether its store has it.
    pub async fn are_stored(&self, person: &Person) -> Vec<bool> {
        let mut there = Vec::new();
        for share in &self.shares {
            there.push(share.is_stored(&person.browser).await);
        }
        there
    }
}
