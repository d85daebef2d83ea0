use super::*;
use crate::tests::support::{Fixed, PROFILE, key, wallet_context};
use crate::{Environment, ShareSetId, VaultId};

#[test]
fn a_dealing_has_possible_numbers() {
    for k in 0..=20 {
        for n in 0..=20 {
            for share_epoch in [0, 1, u32::MAX] {
                let context = WalletContext { share_epoch, ..wallet_context(k, n) };
                let dealt = WalletKey(key(7)).deal(&context, &mut Fixed::new(1));
                let possible = share_epoch > 0 && (2..=n).contains(&k) && n <= 16;
                assert_eq!(
                    dealt.as_ref().is_ok_and(|shares| shares.len() == usize::from(n)),
                    possible,
                    "{k} of {n}"
                );
                assert_eq!(dealt.err(), (!possible).then_some(Malformed));
            }
        }
    }
}

#[test]
fn shares_are_numbered_from_1_and_none_is_the_key() {
    let dealt = WalletKey(key(7)).deal(&wallet_context(3, 16), &mut Fixed::new(1)).expect("possible");
    let indices: Vec<u8> = dealt.iter().map(DealtShare::index).collect();
    assert_eq!(indices, (1..=16).collect::<Vec<u8>>());
    for share in &dealt {
        assert_ne!(*share.value, *key(7).expose());
        assert_eq!(share.check, dealt[0].check);
    }
}

/// Every field of the header except the environment changes the check. Sealing binds the
/// environment.
#[test]
fn the_check_names_the_dealing() {
    let context = wallet_context(3, 5);
    let wallet = WalletKey(key(7));
    let check = wallet.check(&context);
    assert!(wallet.has_check(&context, &check));
    for other in [
        WalletContext { vault: VaultId::new([0x12; 16]), ..context },
        WalletContext { epoch: 2, ..context },
        WalletContext { record: PROFILE, ..context },
        WalletContext { set: ShareSetId::new([0x52; 16]), ..context },
        WalletContext { share_epoch: 2, ..context },
        WalletContext { k: 2, ..context },
        WalletContext { n: 6, ..context },
    ] {
        assert!(!wallet.has_check(&other, &check), "{other:?}");
    }
    assert!(!WalletKey(key(8)).has_check(&context, &check));
    let practice = WalletContext { environment: Environment::Practice, ..context };
    assert!(wallet.has_check(&practice, &check));
}
