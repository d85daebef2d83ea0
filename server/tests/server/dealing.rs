use crystallum_api::{Bytes, Change, Id, PutShare, ReadShare, ShareAccess, ShareState, Store, Stores};
use sha2::{Digest, Sha256};

use crate::browser::{Browser, Reply};
use crate::person::Person;
use crate::writes::id;

/// The shares of one dealing, one for each store.
pub(crate) struct Dealing {
    pub(crate) name: String,
    pub(crate) set: Id,
    pub(crate) epoch: u32,
    pub(crate) shares: Vec<Share>,
}

/// A share and its store.
#[derive(Clone)]
pub(crate) struct Share {
    pub(crate) id: Id,
    pub(crate) store: Id,
    pub(crate) bytes: Vec<u8>,
    pub(crate) credential: [u8; 32],
}

pub(crate) async fn stores(browser: &mut Browser) -> Vec<Store> {
    browser.get("/api/stores").await.json::<Stores>().stores
}

impl Share {
    pub(crate) fn new(name: &str, store: Id) -> Self {
        let bytes = Sha256::digest(format!("share {name}")).repeat(10);
        Self { id: id(name), store, bytes, credential: Sha256::digest(format!("credential {store}")).into() }
    }

    pub(crate) fn path(&self) -> String {
        format!("/api/stores/{}/shares/{}", self.store, self.id)
    }

    pub(crate) fn hash(&self) -> Bytes {
        Bytes(Sha256::digest(&self.bytes).to_vec())
    }

    pub(crate) fn contents(&self) -> PutShare {
        PutShare {
            share: Bytes(self.bytes.clone()),
            access_hash: Bytes(Sha256::digest(self.credential).to_vec()),
        }
    }

    pub(crate) fn access(&self) -> ShareAccess {
        ShareAccess { credential: Bytes(self.credential.to_vec()) }
    }

    pub(crate) async fn put(&self, browser: &mut Browser) -> Reply {
        browser.post_json(&self.path(), &self.contents()).await
    }

    pub(crate) async fn state(&self, browser: &mut Browser) -> Reply {
        browser.get(&self.path()).await
    }

    pub(crate) async fn read(&self, browser: &mut Browser) -> Reply {
        browser.post_json(&format!("{}/read", self.path()), &self.access()).await
    }

    pub(crate) async fn delete(&self, browser: &mut Browser) -> Reply {
        browser.post_json(&format!("{}/delete", self.path()), &self.access()).await
    }

    /// Returns whether the store has the share, and asserts that it is unchanged.
    pub(crate) async fn is_stored(&self, browser: &mut Browser) -> bool {
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
    pub(crate) async fn new(person: &mut Person, name: &str, epoch: u32) -> Self {
        let stores = stores(&mut person.browser).await;
        let shares = stores
            .iter()
            .map(|store| Share::new(&format!("{name} {epoch} {}", store.number), store.id))
            .collect();
        Self { name: name.to_owned(), set: id(&format!("set {name}")), epoch, shares }
    }

    pub(crate) async fn put(&self, person: &mut Person) {
        for share in &self.shares {
            assert_eq!(share.put(&mut person.browser).await.status, 204);
        }
    }

    /// Returns the changes that add the shares to the vault.
    pub(crate) fn changes(&self) -> Vec<Change> {
        (1..)
            .zip(&self.shares)
            .map(|(index, share)| Change::Share {
                id: share.id,
                set: self.set,
                epoch: self.epoch,
                k: 3,
                n: u8::try_from(self.shares.len()).unwrap(),
                index,
                store: share.store,
                hash: share.hash(),
            })
            .collect()
    }

    pub(crate) fn removals(&self) -> Vec<Change> {
        self.shares.iter().map(|share| Change::ShareGone { id: share.id }).collect()
    }

    pub(crate) async fn are_stored(&self, person: &mut Person) -> Vec<bool> {
        let mut there = Vec::new();
        for share in &self.shares {
            there.push(share.is_stored(&mut person.browser).await);
        }
        there
    }
}
