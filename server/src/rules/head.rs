//! Checks the fixed fields of a head (FORMAT.md, "Heads") and the vault's signature, so that a
//! session alone cannot advance an account. The device's signature and the tree are verified by the
//! clients.

use crystallum_api::Id;

use crate::head::Head;

/// The length of a body without parents, and of the two signatures.
const FIXED_BYTES: usize = 130;
const SIGNATURE_BYTES: usize = 128;
const PARENT_BYTES: usize = 32;

/// The bytes between the parents and the operation: tree root, leaf count, minimum format, writer.
const MIDDLE_BYTES: usize = 32 + 8 + 2 + 16;

/// Returns the operation of a head if the head has this account, this counter, and the right
/// length.
pub(super) fn read_operation(head: &[u8], account: Id, counter: u64) -> Option<u8> {
    let (front, back) = head.split_first_chunk::<31>()?;
    let [1, 1, rest @ .., parents @ 0..=2] = front else { return None };
    let (vault, rest) = rest.split_first_chunk::<16>()?;
    let (_epoch, number) = rest.split_first_chunk::<4>()?;
    let parents = PARENT_BYTES * usize::from(*parents);
    let fits = head.len() == FIXED_BYTES + parents + SIGNATURE_BYTES
        && *vault == account.0
        && *number == counter.to_be_bytes();
    if fits { back.get(parents + MIDDLE_BYTES).copied() } else { None }
}

/// Returns whether the vault has signed a head, with the same key as the head before it if there is
/// one.
pub(crate) fn vault_has_signed(head: &[u8], before: Option<&[u8]>) -> bool {
    let Some(head) = Head::parse(head) else { return false };
    let same_vault = |before| Head::parse(before).is_some_and(|before| before.vault_key == head.vault_key);
    before.is_none_or(same_vault) && head.vault_has_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: Id = Id([7; 16]);

    fn head(parents: u8) -> Vec<u8> {
        let mut head = vec![1, 1];
        head.extend_from_slice(&ACCOUNT.0);
        head.extend_from_slice(&1_u32.to_be_bytes());
        head.extend_from_slice(&9_u64.to_be_bytes());
        head.push(parents);
        head.resize(FIXED_BYTES + PARENT_BYTES * usize::from(parents) + SIGNATURE_BYTES, 0xaa);
        head
    }

    fn fits(head: &[u8], account: Id, counter: u64) -> bool {
        read_operation(head, account, counter).is_some()
    }

    #[test]
    fn the_operation_is_the_one_in_the_body() {
        for parents in 0..=2 {
            let mut head = head(parents);
            let at = head.len() - SIGNATURE_BYTES - 32 - 8 - 1;
            head[at] = 6;
            assert_eq!(read_operation(&head, ACCOUNT, 9), Some(6));
        }
    }

    #[test]
    fn accepts_heads() {
        for parents in 0..=2 {
            assert!(fits(&head(parents), ACCOUNT, 9));
        }
        assert_eq!(head(2).len(), crystallum_api::MAX_HEAD);
    }

    #[test]
    fn refuses_every_change_of_the_checked_front() {
        for at in (0..18).chain(22..31) {
            let mut wrong = head(1);
            wrong[at] ^= 0x40;
            assert!(!fits(&wrong, ACCOUNT, 9), "byte {at}");
        }
        assert!(!fits(&head(1), ACCOUNT, 8));
        assert!(!fits(&head(1), Id([8; 16]), 9));
    }

    #[test]
    fn refuses_every_other_length() {
        let whole = head(1);
        for length in 0..whole.len() {
            assert!(!fits(&whole[..length], ACCOUNT, 9), "{length} bytes");
        }
        let mut longer = whole;
        longer.push(0);
        assert!(!fits(&longer, ACCOUNT, 9));
    }

    fn signed(seed: u8, changed: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
        use ed25519_dalek::{Signer, SigningKey};
        use sha2::{Digest, Sha256};

        use crate::labels;

        let key = SigningKey::from_bytes(&[seed; 32]);
        let mut head = head(1);
        let end = head.len() - SIGNATURE_BYTES;
        head[end - 32..end].copy_from_slice(key.verifying_key().as_bytes());
        let hash = Sha256::new().chain_update([2]).chain_update(&head[..end]).finalize();
        let signature = key.sign(&[labels::HEAD, &hash].concat()).to_bytes();
        head[end..end + 64].copy_from_slice(&signature);
        changed(&mut head);
        head
    }

    #[test]
    fn only_the_vault_moves_its_account_on() {
        let good = signed(1, |_| {});
        assert!(vault_has_signed(&good, None) && vault_has_signed(&good, Some(&good)));
        assert!(!vault_has_signed(&good, Some(&signed(2, |_| {}))), "another vault's key");
        for at in 0..good.len() - 64 {
            let altered = signed(1, |head| head[at] ^= 1);
            assert!(!vault_has_signed(&altered, Some(&good)), "byte {at}");
        }
        for short in [0, 64, 127, 128, 159] {
            assert!(!vault_has_signed(&good[..short], None), "{short} bytes");
        }
    }
}
