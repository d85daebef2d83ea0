use super::*;
use crate::WalletKey;
use crate::tests::support::{Fixed, PROFILE, VAULT, key, raw_seal, store, store_keys, wallet_context};
use crate::{ColdRoot, Environment, FIRST_EPOCH, VaultId};

fn dealt() -> Vec<DealtShare> {
    WalletKey(key(7)).deal(&wallet_context(3, 5), &mut Fixed::new(1)).expect("possible")
}

/// Returns share `index` at its own store.
fn sealed(index: u8) -> SealedShare {
    dealt()[usize::from(index) - 1].seal(&store_keys(index), &mut Fixed::new(u64::from(index)))
}

fn opens(share: &SealedShare, keys: &StoreKeys, context: &WalletContext, index: u8) -> bool {
    share.open(keys, context, index).is_ok()
}

#[test]
fn a_share_goes_to_its_store_and_back() {
    let context = wallet_context(3, 5);
    let mut opened = Vec::new();
    for index in 1..=5 {
        let share = sealed(index);
        let bytes = share.to_bytes();
        let read = SealedShare::from_bytes(&bytes).expect("its own bytes");
        assert_eq!(read, share);
        assert_eq!(read.hash(), blob_hash(&bytes));
        assert_eq!((read.record(), read.set(), read.share_epoch()), (context.record, context.set, 1));
        assert_eq!((read.k(), read.n(), read.index(), read.store()), (3, 5, index, store(index)));
        let leaf = ShareLeaf {
            record: context.record,
            set: context.set,
            epoch: 1,
            k: 3,
            n: 5,
            index,
            store: store(index),
            hash: read.hash(),
        };
        assert_eq!(read.leaf(), leaf);
        let share = read.open(&store_keys(index), &context, index).expect("just sealed");
        assert_eq!((&*share.value, share.index()), (&*dealt()[usize::from(index) - 1].value, index));
        opened.push(share);
    }
    let combined = WalletKey::combine(&context, &opened[1..4]).expect("three good ones");
    assert_eq!((combined.key.0.expose(), combined.left_out), (&[7; 32], vec![]));
}

/// T30: another wallet's or vault's share, another index, a lowered threshold, an old dealing,
/// another environment.
#[test]
fn every_other_place_is_refused() {
    let context = wallet_context(3, 5);
    let share = sealed(2);
    assert!(opens(&share, &store_keys(2), &context, 2));
    for other in [
        WalletContext { vault: VaultId::new([0x12; 16]), ..context },
        WalletContext { epoch: 2, ..context },
        WalletContext { record: PROFILE, ..context },
        WalletContext { set: ShareSetId::new([0x52; 16]), ..context },
        WalletContext { share_epoch: 2, ..context },
        WalletContext { k: 2, ..context },
        WalletContext { n: 6, ..context },
        WalletContext { environment: Environment::Practice, ..context },
    ] {
        assert!(!opens(&share, &store_keys(2), &other, 2), "{other:?}");
    }
    for index in [0, 1, 3, 5, 6, 255] {
        assert!(!opens(&share, &store_keys(2), &context, index), "index {index}");
    }
    assert!(!opens(&share, &store_keys(3), &context, 2), "another store");
}

/// The fields in clear may be whatever the reader expects, but the seal binds them too.
#[test]
fn what_a_share_says_of_itself_is_bound_by_its_seal() {
    let context = wallet_context(3, 5);
    let share = sealed(2);
    let record = SealedShare { record: PROFILE, ..share.clone() };
    assert!(!opens(&record, &store_keys(2), &WalletContext { record: PROFILE, ..context }, 2));
    let set = ShareSetId::new([0x52; 16]);
    let other = SealedShare { set, ..share.clone() };
    assert!(!opens(&other, &store_keys(2), &WalletContext { set, ..context }, 2));
    let epoch = SealedShare { share_epoch: 2, ..share.clone() };
    assert!(!opens(&epoch, &store_keys(2), &WalletContext { share_epoch: 2, ..context }, 2));
    let threshold = SealedShare { k: 2, ..share.clone() };
    assert!(!opens(&threshold, &store_keys(2), &WalletContext { k: 2, ..context }, 2));
    let count = SealedShare { n: 6, ..share.clone() };
    assert!(!opens(&count, &store_keys(2), &WalletContext { n: 6, ..context }, 2));
    let index = SealedShare { index: 3, ..share.clone() };
    assert!(!opens(&index, &store_keys(2), &context, 3));
    // A store that returns another store's share as its own. It does not have the other's key.
    let framed = SealedShare { store: store(3), ..share };
    assert!(!opens(&framed, &store_keys(3), &context, 2));
}

#[test]
fn store_keys_are_of_one_cold_root_vault_epoch_and_store() {
    let context = wallet_context(3, 5);
    let share = sealed(2);
    let keys = |cold: u8, vault: VaultId, epoch: u32, index: u8| {
        ColdRoot(key(cold)).store_keys(vault, epoch, store(index))
    };
    let mine = keys(2, VAULT, FIRST_EPOCH, 2);
    assert!(opens(&share, &mine, &context, 2));
    assert_eq!(mine.store(), store(2));
    let others = [
        keys(3, VAULT, FIRST_EPOCH, 2),
        keys(2, VaultId::new([0x12; 16]), FIRST_EPOCH, 2),
        keys(2, VAULT, 2, 2),
        keys(2, VAULT, FIRST_EPOCH, 3),
    ];
    for mut other in others {
        assert_ne!(other.expose_credential(), mine.expose_credential());
        other.store = store(2);
        assert!(!opens(&share, &other, &context, 2));
    }
    assert_ne!(mine.expose_credential(), key(2).expose());
}

#[test]
fn every_flipped_bit_is_refused_and_gives_another_leaf() {
    let share = sealed(2);
    let bytes = share.to_bytes();
    for bit in 0..8 * bytes.len() {
        let mut bytes = bytes.clone();
        bytes[bit / 8] ^= 0x80 >> (bit % 8);
        if let Ok(read) = SealedShare::from_bytes(&bytes) {
            assert!(!opens(&read, &store_keys(2), &wallet_context(3, 5), 2), "bit {bit}");
            assert_ne!(read.leaf(), share.leaf(), "bit {bit}");
        }
    }
    for length in 0..bytes.len() {
        assert_eq!(SealedShare::from_bytes(&bytes[..length]), Err(Malformed));
    }
    assert_eq!(SealedShare::from_bytes(&[bytes.as_slice(), &[0]].concat()), Err(Malformed));
}

#[test]
fn shares_of_impossible_dealings_are_malformed() {
    let share = sealed(2);
    let read = |share: SealedShare| SealedShare::from_bytes(&share.to_bytes());
    assert!(read(SealedShare { k: 2, n: 2, ..share.clone() }).is_ok());
    assert!(read(SealedShare { k: 16, n: 16, index: 16, ..share.clone() }).is_ok());
    for (share_epoch, k, n, index) in [
        (0, 3, 5, 2),
        (1, 0, 5, 2),
        (1, 1, 5, 2),
        (1, 6, 5, 2),
        (1, 3, 2, 2),
        (1, 3, 17, 2),
        (1, 255, 255, 2),
        (1, 3, 5, 0),
        (1, 3, 5, 6),
        (1, 3, 5, 255),
    ] {
        let hostile = SealedShare { share_epoch, k, n, index, ..share.clone() };
        assert_eq!(read(hostile), Err(Malformed), "{share_epoch} {k} {n} {index}");
    }
    for length in [0, 209, 211] {
        let hostile = SealedShare { blob: Blob::from_bytes(vec![1; length]), ..share.clone() };
        assert_eq!(read(hostile), Err(Malformed), "a blob of {length} bytes");
    }
}

#[test]
fn what_a_key_holder_sealed_otherwise_is_refused() {
    let context = wallet_context(3, 5);
    let (keys, store) = (store_keys(2), store(2));
    let info = Encoder::new("crystallum/1/derive/store.share")
        .field(1, VAULT.as_bytes())
        .field(2, &FIRST_EPOCH.to_be_bytes())
        .field(3, store.as_bytes())
        .finish();
    let share_key = crate::key::Key::from_slice(key(2).expand::<32>(&info).as_slice()).expect("32 bytes");
    let offered = |label: &str, content: &[u8]| {
        let place: [(u8, &[u8]); 10] = [
            (2, context.vault.as_bytes()),
            (3, &context.epoch.to_be_bytes()),
            (4, context.record.as_bytes()),
            (5, context.set.as_bytes()),
            (6, &context.share_epoch.to_be_bytes()),
            (7, &[3]),
            (8, &[5]),
            (9, &[2]),
            (10, store.as_bytes()),
            (11, &[1]),
        ];
        let blob = Blob::from_bytes(raw_seal(&share_key, label, &place, &[9; 32], content, 128));
        opens(&SealedShare { blob, ..sealed(2) }, &keys, &context, 2)
    };
    let content = |value: &[u8], check: &[u8]| {
        Encoder::new(labels::SHARE_VALUE).field(1, value).field(2, check).finish().to_vec()
    };
    assert!(offered(ShareAad::LABEL, &content(&[1; 32], &[2; 32])));
    assert!(!offered(labels::SEAL_PHRASE, &content(&[1; 32], &[2; 32])));
    for (value, check) in [(31, 32), (33, 32), (32, 31), (32, 33), (0, 32), (32, 0)] {
        assert!(!offered(ShareAad::LABEL, &content(&vec![1; value], &vec![2; check])), "{value} {check}");
    }
    assert!(!offered(ShareAad::LABEL, &Encoder::new(labels::SHARE_VALUE).field(1, &[1; 32]).finish()));
    assert!(!offered(ShareAad::LABEL, &[content(&[1; 32], &[2; 32]), vec![0]].concat()));
    assert!(!offered(ShareAad::LABEL, &[]));
}
