//! What the withdrawn heads of this device would have added: passkeys and recovery codes. Others
//! may adopt such a head all the same, and then they may be all that opens the vault. They are kept
//! until another head with the same counter was verified.

use crystallum_core::{HeadBody, KeyslotLeaf, Malformed, Opener, Scope};

use crate::vault::change::SealedChange;
use crate::vault::wrap_bytes::WrapBytes;

/// A sign-in method of a withdrawn head.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Orphan {
    /// The counter of the head.
    counter: u64,
    /// The credential id of the passkey; `None` for a recovery code.
    credential_id: Option<Vec<u8>>,
}

/// The sign-in methods of withdrawn heads whose counters this device has not reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Orphans(Vec<Orphan>);

impl Orphans {
    /// Returns the list with what a withdrawn head adds.
    pub(crate) fn with(&self, head: &HeadBody, changes: &[SealedChange]) -> Self {
        let added = changes.iter().filter_map(|change| match change {
            SealedChange::Keyslot(_, leaf, Some(wrap)) if leaf.scope == Scope::Root => {
                Some(Orphan { counter: head.counter, credential_id: credential_id(leaf, wrap) })
            }
            _ => None,
        });
        Self(self.0.iter().cloned().chain(added).collect())
    }

    /// Splits off what is of no use once another head with this counter was verified. Returns what
    /// is still kept, and the credential ids of the passkeys that are of no use.
    pub(crate) fn settle(&self, counter: u64) -> (Self, Vec<Vec<u8>>) {
        let (kept, settled): (Vec<_>, Vec<_>) =
            self.0.iter().cloned().partition(|orphan| orphan.counter > counter);
        (Self(kept), settled.into_iter().filter_map(|orphan| orphan.credential_id).collect())
    }

    pub(crate) fn has_passkey(&self, credential_id: &[u8]) -> bool {
        self.0.iter().any(|orphan| orphan.credential_id.as_deref() == Some(credential_id))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Encodes each as 8 bytes of counter, the length of the credential id in 2 bytes, and the
    /// credential id. A code has none, of length 0.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for Orphan { counter, credential_id } in &self.0 {
            let id = credential_id.as_deref().unwrap_or_default();
            bytes.extend(counter.to_be_bytes());
            bytes.extend(u16::try_from(id.len()).expect("at most 1023 bytes").to_be_bytes());
            bytes.extend(id);
        }
        bytes
    }

    pub(crate) fn from_bytes(mut bytes: &[u8]) -> Result<Self, Malformed> {
        let mut all = Vec::new();
        while !bytes.is_empty() {
            let (counter, rest) = bytes.split_first_chunk().ok_or(Malformed)?;
            let (length, rest) = rest.split_first_chunk().ok_or(Malformed)?;
            let length = usize::from(u16::from_be_bytes(*length));
            let (id, rest) = rest.split_at_checked(length).ok_or(Malformed)?;
            let credential_id = (!id.is_empty()).then(|| id.to_vec());
            all.push(Orphan { counter: u64::from_be_bytes(*counter), credential_id });
            bytes = rest;
        }
        Ok(Self(all))
    }
}

fn credential_id(leaf: &KeyslotLeaf, wrap: &WrapBytes) -> Option<Vec<u8>> {
    match wrap.read(leaf)?.opener() {
        Opener::Passkey { credential_id } => Some(credential_id.to_vec()),
        Opener::RecoveryCode { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_back_and_split_by_counters() {
        let orphan = |counter, id: Option<&[u8]>| Orphan { counter, credential_id: id.map(<[u8]>::to_vec) };
        let all = Orphans(vec![orphan(3, Some(b"passkey")), orphan(3, None), orphan(4, Some(&[7; 1023]))]);
        let bytes = all.to_bytes();
        assert_eq!(Orphans::from_bytes(&bytes), Ok(all.clone()));
        assert_eq!(Orphans::from_bytes(&bytes[..bytes.len() - 1]), Err(Malformed));
        assert_eq!(Orphans::from_bytes(&[]), Ok(Orphans::default()));
        assert_eq!(all.settle(2), (all.clone(), Vec::new()));
        let (kept, unused) = all.settle(3);
        assert_eq!((kept.0.len(), unused), (1, vec![b"passkey".to_vec()]));
        assert!(all.has_passkey(b"passkey") && !kept.has_passkey(b"passkey"));
        assert!(kept.settle(4).0.is_empty());
    }
}
