//! Heads that this device signed and then gave up, because the server had refused them for good.
//! Each of them may be adopted by others all the same, so this device remembers them.

use crystallum_core::{HeadBody, Malformed};

/// The numbers and hashes of the heads, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DisownedHeads(Vec<(u64, [u8; 32])>);

/// How many are remembered. Those that could follow the state of this device are never forgotten.
const MAX_REMEMBERED: usize = 256;

impl DisownedHeads {
    /// Returns the list with another head, which was signed on the state before its counter.
    pub(crate) fn with(&self, head: &HeadBody) -> Self {
        let mut heads = self.0.clone();
        heads.push((head.counter, head.hash()));
        let mut surplus = heads.len().saturating_sub(MAX_REMEMBERED);
        heads.retain(|(counter, _)| {
            let forgets = surplus > 0 && *counter < head.counter;
            surplus -= usize::from(forgets);
            !forgets
        });
        Self(heads)
    }

    /// Returns those whose counters are higher than this one.
    pub(crate) fn after(&self, counter: u64) -> Self {
        Self(self.0.iter().filter(|(known, _)| *known > counter).copied().collect())
    }

    /// Returns the number of the disowned head that this head is or follows.
    pub(crate) fn find(&self, head: &HeadBody) -> Option<u64> {
        if self.0.is_empty() {
            return None;
        }
        let itself = (head.counter, head.hash());
        let parent = head.counter.checked_sub(1).zip(head.prev);
        let found = self.0.iter().find(|known| **known == itself || Some(**known) == parent);
        found.map(|(counter, _)| *counter)
    }

    /// Encodes each counter as 8 bytes, with the hash after it.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|(counter, hash)| counter.to_be_bytes().into_iter().chain(*hash)).collect()
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        let (heads, rest) = bytes.as_chunks::<40>();
        let head = |head: &[u8; 40]| {
            let (counter, hash) = head.split_first_chunk::<8>()?;
            Some((u64::from_be_bytes(*counter), hash.try_into().ok()?))
        };
        let heads: Option<Vec<_>> = heads.iter().map(head).collect();
        heads.filter(|_| rest.is_empty()).map(Self).ok_or(Malformed)
    }
}

#[cfg(test)]
mod tests {
    use crystallum_core::{DeviceId, Op, VaultId, VaultVerifier};

    use super::*;

    fn head(counter: u64, time: u64, prev: Option<[u8; 32]>) -> HeadBody {
        HeadBody {
            min_format: 1,
            op: Op::Write,
            vault: VaultId::new([7; 16]),
            epoch: 1,
            counter,
            prev,
            history: [2; 32],
            root: [3; 32],
            leaves: 4,
            writer: DeviceId::new([5; 16]),
            time,
            vault_key: VaultVerifier::from_bytes([7; 32]),
        }
    }

    #[test]
    fn a_head_and_what_follows_it_are_found() {
        let disowned = head(9, 1, None);
        let heads = DisownedHeads::default().with(&disowned).with(&head(9, 2, None));
        assert_eq!(heads.find(&disowned), Some(9));
        assert_eq!(heads.find(&head(10, 3, Some(disowned.hash()))), Some(9));
        assert_eq!(heads.find(&head(9, 4, None)), None);
        assert_eq!(heads.find(&head(11, 3, Some(disowned.hash()))), None, "it has another number");
        assert_eq!(DisownedHeads::from_bytes(&heads.to_bytes()), Ok(heads.clone()));
        assert_eq!(DisownedHeads::from_bytes(&heads.to_bytes()[1..]), Err(Malformed));
    }

    #[test]
    fn only_what_cannot_be_adopted_any_more_is_forgotten() {
        let mut heads = DisownedHeads::default();
        for time in 0..300 {
            heads = heads.with(&head(2, time, None));
        }
        assert_eq!(heads.0.len(), 300);
        heads = heads.with(&head(3, 0, None));
        assert_eq!(heads.0.len(), MAX_REMEMBERED);
        assert_eq!((heads.find(&head(2, 299, None)), heads.find(&head(3, 0, None))), (Some(2), Some(3)));
    }
}
