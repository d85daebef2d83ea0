//! The plain front of a head (FORMAT.md, "Heads"). Signatures and tree are the clients' business.

use crystallum_api::Id;

/// Bytes of a body without parents, and of the two signatures.
const FIXED: usize = 130;
const SIGNATURES: usize = 128;
const PARENT: usize = 32;

/// Bytes between the parents and the operation: tree root, leaves, min format, writer.
const MIDDLE: usize = 32 + 8 + 2 + 16;

/// The operation of a head that is of this account, at this counter, and as long as it says.
pub(super) fn operation(head: &[u8], account: Id, counter: u64) -> Option<u8> {
    let (front, back) = head.split_first_chunk::<31>()?;
    let [1, 1, rest @ .., parents @ 0..=2] = front else { return None };
    let (vault, rest) = rest.split_first_chunk::<16>()?;
    let (_epoch, number) = rest.split_first_chunk::<4>()?;
    let parents = PARENT * usize::from(*parents);
    let fits =
        head.len() == FIXED + parents + SIGNATURES && *vault == account.0 && *number == counter.to_be_bytes();
    if fits { back.get(parents + MIDDLE).copied() } else { None }
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
        head.resize(FIXED + PARENT * usize::from(parents) + SIGNATURES, 0xaa);
        head
    }

    fn fits(head: &[u8], account: Id, counter: u64) -> bool {
        operation(head, account, counter).is_some()
    }

    #[test]
    fn the_operation_is_the_one_in_the_body() {
        for parents in 0..=2 {
            let mut head = head(parents);
            let at = head.len() - SIGNATURES - 32 - 8 - 1;
            head[at] = 6;
            assert_eq!(operation(&head, ACCOUNT, 9), Some(6));
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
}
