//! Properties that hold for all wallets, dealings and recovery codes.

use proptest::prelude::*;

use super::support::{Fixed, Given, config, key};
use crate::{
    ColdRoot, CombineError, Environment, Language, Phrase, RecordId, RecoveryCode, SealedShare, ShareSetId,
    SheetFloor, StoreId, VaultId, WalletContext, WalletKey, parse_sheet, sheet_text,
};

fn wallet_context() -> impl Strategy<Value = WalletContext> {
    (any::<[[u8; 16]; 3]>(), any::<u32>(), 1_u32.., 2_u8..=16, 0_u8..=14, any::<bool>()).prop_map(
        |([vault, record, set], epoch, share_epoch, k, more, real)| WalletContext {
            vault: VaultId::new(vault),
            epoch,
            record: RecordId::new(record),
            set: ShareSetId::new(set),
            share_epoch,
            k,
            n: (k + more).min(16),
            environment: if real { Environment::Real } else { Environment::Practice },
        },
    )
}

/// Changes one field of the associated data.
fn moved(context: WalletContext, which: u8) -> WalletContext {
    let other = |bytes: &[u8; 16]| bytes.map(|byte| byte ^ 1);
    match which {
        0 => WalletContext { vault: VaultId::new(other(context.vault.as_bytes())), ..context },
        1 => WalletContext { epoch: context.epoch ^ 1, ..context },
        2 => WalletContext { record: RecordId::new(other(context.record.as_bytes())), ..context },
        3 => WalletContext { set: ShareSetId::new(other(context.set.as_bytes())), ..context },
        4 => WalletContext { share_epoch: context.share_epoch ^ 2, ..context },
        5 => WalletContext { k: context.k - 1, ..context },
        6 => WalletContext { n: context.n + 1, ..context },
        _ if context.environment == Environment::Real => {
            WalletContext { environment: Environment::Practice, ..context }
        }
        _ => WalletContext { environment: Environment::Real, ..context },
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_phrase_goes_to_its_stores_and_back(
        context in wallet_context(), length in 4_usize..=8, seed in any::<u64>(), order in any::<[u64; 16]>(),
        bit in any::<prop::sample::Index>(), elsewhere in 0_u8..8,
    ) {
        let mut entropy = Fixed::new(seed);
        let words = vec![0x5a; 4 * length];
        let phrase = Phrase::from_entropy(&words, Language::English).expect("a good length");
        let wallet = WalletKey::random(&mut entropy);
        let sealed = wallet.seal_phrase(&context, &phrase, &mut entropy);
        let cold = ColdRoot(key(2));
        let keys = |index: u8| cold.store_keys(context.vault, context.epoch, StoreId::new([index; 16]));
        let mut kept: Vec<(u8, Vec<u8>)> = wallet
            .deal(&context, &mut entropy)
            .expect("possible")
            .iter()
            .map(|share| (share.index(), share.seal(&keys(share.index()), &mut entropy).to_bytes()))
            .collect();
        kept.sort_by_key(|(index, _)| order[usize::from(*index) - 1]);
        let mut opened = Vec::new();
        for (index, bytes) in &kept {
            let share = SealedShare::from_bytes(bytes).expect("its own bytes");
            prop_assert!(share.open(&keys(*index), &moved(context, elsewhere), *index).is_err());
            opened.push(share.open(&keys(*index), &context, *index).expect("at its place"));
        }
        let (index, bytes) = &kept[0];
        let mut bytes = bytes.clone();
        let bit = bit.index(8 * bytes.len());
        bytes[bit / 8] ^= 0x80 >> (bit % 8);
        prop_assert!(SealedShare::from_bytes(&bytes).map_or(true, |share| share.open(&keys(*index), &context, *index).is_err()));

        let need = usize::from(context.k);
        let few = WalletKey::combine(&context, &opened[..need - 1]).err();
        prop_assert_eq!(few, Some(CombineError::TooFewShares { have: need - 1, need }));
        let made = WalletKey::combine(&context, &opened[..need]).expect("k of them");
        prop_assert!(made.left_out.is_empty());
        let read = made.key.open_phrase(&context, &sealed).expect("its own phrase");
        prop_assert_eq!(read.expose_entropy(), words.as_slice());
    }

    #[test]
    fn a_code_is_read_back_from_text_and_sheet(
        bytes in any::<[u8; 16]>(), vault in any::<[u8; 16]>(), counter in 1_u64.., head in any::<[u8; 32]>(),
        separators in "[ -]{0,40}", at in any::<prop::sample::Index>(),
    ) {
        let code = RecoveryCode::random(&mut Given(bytes.to_vec()));
        let text = code.text();
        let (before, after) = text.split_at(at.index(33));
        let read = RecoveryCode::parse(&format!("{before}{separators}{}", after.to_lowercase())).expect("a code");
        prop_assert_eq!(read.lookup(), code.lookup());
        prop_assert_eq!(read.text(), code.text());
        let floor = SheetFloor { vault: VaultId::new(vault), counter, head };
        let (read, found) = parse_sheet(&sheet_text(&code, &floor)).expect("a sheet");
        prop_assert_eq!(read.verifier(), code.verifier());
        prop_assert_eq!(found, Some(floor));
    }
}
