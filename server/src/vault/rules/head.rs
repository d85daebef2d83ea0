//! Checks the fixed fields of a head (FORMAT.md, "Heads") and its signatures. The tree is verified
//! by the clients.

use crystallum_api::Id;
use crystallum_format::head::{Op, SignedHead};
use crystallum_format::vault_key::VaultVerifier;

/// Returns the operation of a head if the head has this account and this counter.
pub(super) fn read_operation(head: &[u8], account: Id, counter: u64) -> Option<Op> {
    let head = SignedHead::from_bytes(head).ok()?;
    let body = head.body();
    (*body.vault.as_bytes() == account.0 && body.counter == counter).then_some(body.op)
}

/// Returns whether a head is signed by the device with this key and by the vault, with the same key
/// as the head before it if there is one.
pub(crate) fn is_signed(head: &SignedHead, before: Option<&[u8]>, device_key: &[u8]) -> bool {
    let Ok(device_key) = device_key.try_into() else { return false };
    before.is_none_or(|before| vault_key(before) == Some(head.body().vault_key))
        && head.verify(device_key).is_ok()
}

/// Returns the vault key in a stored head. A later version of the server may have stored a head
/// that this one cannot read, and then it accepts no other one.
fn vault_key(stored: &[u8]) -> Option<VaultVerifier> {
    SignedHead::from_bytes(stored).ok().map(|head| head.body().vault_key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: Id = Id([7; 16]);

    /// The length of a body without parents, and of the two signatures.
    const FIXED_BYTES: usize = 162;
    const SIGNATURE_BYTES: usize = 128;
    const PARENT_BYTES: usize = 32;
    /// Where the operation is.
    const OPERATION: usize = 4;

    fn head(parents: u8) -> Vec<u8> {
        let mut head = vec![1, 1, 0, 1, 2];
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
        let operations =
            [(1, Op::Genesis), (2, Op::Write), (3, Op::Join), (5, Op::SignInMethods), (6, Op::Wallet)];
        for parents in 0..=1 {
            let mut head = head(parents);
            for number in 0..=u8::MAX {
                head[OPERATION] = number;
                let op = operations.iter().find(|(known, _)| *known == number).map(|(_, op)| *op);
                assert_eq!(read_operation(&head, ACCOUNT, 9), op, "{number}");
            }
        }
    }

    #[test]
    fn accepts_heads() {
        for parents in 0..=1 {
            assert!(fits(&head(parents), ACCOUNT, 9));
        }
    }

    /// The wire has space for two parents, but the format has no such head.
    #[test]
    fn refuses_two_parents() {
        assert_eq!(head(2).len(), crystallum_api::MAX_HEAD);
        assert!(!fits(&head(2), ACCOUNT, 9));
    }

    #[test]
    fn refuses_every_change_of_the_checked_front() {
        for at in (0..4).chain(5..21).chain(25..34) {
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

    /// A later version of the server may have stored it.
    #[test]
    fn nothing_follows_a_stored_head_of_a_later_version() {
        let good = signed(1, |_| {});
        for (at, value) in [(0, 2), (1, 2), (3, 2), (OPERATION, 7)] {
            let later = signed(1, |head| head[at] = value);
            assert!(!holds(&good, Some(&later)), "{value} at {at}");
            assert!(!holds(&later, Some(&good)), "{value} at {at}");
        }
    }

    fn signed(seed: u8, changed: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
        use crystallum_format::labels;
        use ed25519_dalek::SigningKey;
        use p256::ecdsa::signature::Signer;
        use sha2::{Digest, Sha256};

        let key = SigningKey::from_bytes(&[seed; 32]);
        let mut head = head(1);
        let end = head.len() - SIGNATURE_BYTES;
        head[end - 32..end].copy_from_slice(key.verifying_key().as_bytes());
        let hash = Sha256::new().chain_update([2]).chain_update(&head[..end]).finalize();
        let message = [labels::HEAD, &hash].concat();
        head[end..end + 64].copy_from_slice(&key.sign(&message).to_bytes());
        let by_device: p256::ecdsa::Signature = device(seed).sign(&message);
        head[end + 64..].copy_from_slice(&by_device.to_bytes());
        changed(&mut head);
        head
    }

    fn device(seed: u8) -> p256::ecdsa::SigningKey {
        p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap()
    }

    fn public_key(seed: u8) -> Vec<u8> {
        device(seed).verifying_key().to_sec1_point(false).as_bytes().to_vec()
    }

    /// Returns whether a head is signed, by the first device.
    fn holds(head: &[u8], before: Option<&[u8]>) -> bool {
        SignedHead::from_bytes(head).is_ok_and(|head| is_signed(&head, before, &public_key(1)))
    }

    #[test]
    fn only_the_vault_and_its_device_move_its_account_on() {
        let good = signed(1, |_| {});
        assert!(holds(&good, None) && holds(&good, Some(&good)));
        assert!(!holds(&good, Some(&signed(2, |_| {}))), "another vault's key");
        for at in 0..good.len() {
            let altered = signed(1, |head| head[at] ^= 1);
            assert!(!holds(&altered, Some(&good)), "byte {at}");
        }
        for short in [0, 64, 127, 128, 159] {
            assert!(!holds(&good[..short], None), "{short} bytes");
        }
        let head = SignedHead::from_bytes(&good).unwrap();
        for key in [public_key(2), Vec::new(), vec![4; 65], public_key(1)[..64].to_vec()] {
            assert!(!is_signed(&head, None, &key), "{key:?}");
        }
    }
}
