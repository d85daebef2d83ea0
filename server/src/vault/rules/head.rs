//! Reads what is needed of a head before the stored state is known (FORMAT.md, "Heads").

use crystallum_api::Id;
use crystallum_format::head::{Op, SignedHead};

/// Returns the operation of a head if the head has this account and this counter.
pub(super) fn read_operation(head: &[u8], account: Id, counter: u64) -> Option<Op> {
    let head = SignedHead::from_bytes(head).ok()?;
    let body = head.body();
    (*body.vault.as_bytes() == account.0 && body.counter == counter).then_some(body.op)
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
        let operations = [
            (1, Op::Genesis),
            (2, Op::Write),
            (3, Op::Join),
            (5, Op::SignInMethods),
            (6, Op::Wallet),
            (8, Op::Devices),
        ];
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
    /// Attack T63 of `tests/ATTACKS.md`.
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
}
