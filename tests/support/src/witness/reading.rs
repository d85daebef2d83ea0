//! Reads what the server has of a vault, and compares it with what was acknowledged.

use std::collections::BTreeMap;

use crystallum_api::{Change, Delta, Id, Part, ShareState};
use sha2::{Digest, Sha256};

use super::{SentRequest, Witness, is_final};
use crate::signer::Record;

/// Ciphertexts by record and part.
type Blobs = BTreeMap<(Id, u8), (u64, Vec<u8>)>;

impl Witness {
    /// Reads what has changed since a random earlier state, and asserts that it is what was
    /// acknowledged, with at most the one unanswered write on top. Returns whether there was an
    /// answer.
    pub async fn read_changes(&mut self) -> bool {
        let since = self.rng.below(self.heads.len());
        let answer = self.person.browser.send("GET", &format!("/api/delta?since={since}"), None).await;
        let Some(answer) = answer.filter(is_final) else { return false };
        let delta: Delta = answer.json();
        let unanswered = self.unanswered.iter().map(|sent| &sent.next.head);
        let expected = self.heads.iter().chain(unanswered).skip(since);
        assert!(!delta.entries.is_empty(), "a write is lost");
        assert!(delta.entries.iter().map(|entry| &entry.head.0).zip(expected).all(|(is, was)| is == was));
        assert!(delta.counter >= self.state.counter, "a write is lost");
        true
    }

    /// Asserts that the server has this person's vault as it was acknowledged, or with the one
    /// unanswered write on top.
    pub async fn assert_everything_stored(&mut self) {
        let (heads, blobs) = self.stored().await;
        let counter = u64::try_from(heads.len()).expect("64 bits");
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
        self.heads.truncate(usize::try_from(self.state.counter).expect("64 bits"));
        for (share, (store, hash)) in self.shares.clone() {
            assert_eq!(self.stored_share(store, share).await, Some(hash), "a share is lost or another");
        }
    }

    /// Returns the heads that the server has.
    pub async fn stored_heads(&mut self) -> Vec<Vec<u8>> {
        self.stored().await.0
    }

    /// Returns the hash of a share that a store has.
    pub async fn stored_share(&mut self, store: Id, share: Id) -> Option<Vec<u8>> {
        let answer = self.person.browser.get(&format!("/api/stores/{store}/shares/{share}")).await;
        (answer.status != 404).then(|| answer.json::<ShareState>().hash.0)
    }

    /// Returns the heads and newest ciphertexts that the server has. Ciphertexts are given by
    /// version and hash.
    async fn stored(&mut self) -> (Vec<Vec<u8>>, Blobs) {
        let (mut heads, mut blobs) = (Vec::new(), Blobs::new());
        loop {
            let delta: Delta = self.person.delta(u64::try_from(heads.len()).expect("64 bits")).await;
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
            if heads.len() == usize::try_from(delta.counter).expect("64 bits") {
                return (heads, blobs);
            }
        }
    }
}
