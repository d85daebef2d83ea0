//! Sealed shares, and what their stores might return instead.

use crystallum_format::encoding::Encoder;
use serde_json::json;

use super::json::hex;
use super::wallet_cases::{dealt, named};
use super::{Case, good, hostile};
use crate::key::Key;
use crate::tests::support::{raw_seal, raw_seal_padded, store, wallet_context};
use crate::{Environment, RecordId, ShareSetId, StoreId, VaultId, WalletContext};

/// Returns the fields of a share's associated data.
pub(super) fn place(context: &WalletContext, index: u8, store: &StoreId) -> Vec<(u8, Vec<u8>)> {
    vec![
        (2, context.vault.as_bytes().to_vec()),
        (3, context.epoch.to_be_bytes().to_vec()),
        (4, context.record.as_bytes().to_vec()),
        (5, context.set.as_bytes().to_vec()),
        (6, context.share_epoch.to_be_bytes().to_vec()),
        (7, vec![context.k]),
        (8, vec![context.n]),
        (9, vec![index]),
        (10, store.as_bytes().to_vec()),
        (11, vec![context.environment.number()]),
    ]
}

fn borrowed(place: &[(u8, Vec<u8>)]) -> Vec<(u8, &[u8])> {
    place.iter().map(|(tag, value)| (*tag, value.as_slice())).collect()
}

/// Encodes a share for a store, with the header in clear from the associated data.
pub(super) fn sealed_share(key: &[u8; 32], place: &[(u8, Vec<u8>)], value: &[u8], check: &[u8]) -> Vec<u8> {
    sealed_share_with(key, place, value, check, 9)
}

/// Does the same with a salt of 32 times one byte.
pub(super) fn sealed_share_with(
    key: &[u8; 32],
    place: &[(u8, Vec<u8>)],
    value: &[u8],
    check: &[u8],
    salt: u8,
) -> Vec<u8> {
    let content = Encoder::new("crystallum/1/share/value").field(1, value).field(2, check).finish();
    let key = Key::from_slice(key).expect("32 bytes");
    let blob = raw_seal(&key, "crystallum/1/seal/share", &borrowed(place), &[salt; 32], &content, 128);
    with_header(place, &blob)
}

fn with_header(place: &[(u8, Vec<u8>)], blob: &[u8]) -> Vec<u8> {
    let field = |tag: u8| place.iter().find(|field| field.0 == tag).map_or(&[][..], |field| &field.1);
    Encoder::new("crystallum/1/share/sealed")
        .field(1, field(4))
        .field(2, field(5))
        .field(3, field(6))
        .field(4, field(7))
        .field(5, field(8))
        .field(6, field(9))
        .field(7, field(10))
        .field(8, blob)
        .finish()
        .to_vec()
}

/// Returns the sample cold root's key for a store.
pub(super) fn share_key(store: &StoreId) -> [u8; 32] {
    let info = Encoder::new("crystallum/1/derive/store.share")
        .field(1, &[0x11; 16])
        .field(2, &1_u32.to_be_bytes())
        .field(3, store.as_bytes())
        .finish();
    *crate::tests::support::key(2).expand(&info)
}

pub(super) fn cases() -> Vec<Case> {
    let context = wallet_context(3, 5);
    let input = |context: &WalletContext, index: u8, at: u8, share: &[u8]| {
        let mut input = named("share", context);
        input["cold_root"] = hex([2; 32]);
        input["index"] = json!(index);
        input["store"] = hex(store(at).as_bytes());
        input["share"] = hex(share);
        input
    };
    let mine = &dealt(&context, 1)[1];
    let (key, place2) = (share_key(&store(2)), place(&context, 2, &store(2)));
    let share = sealed_share(&key, &place2, &*mine.value, &mine.check);
    let expected = |share: &[u8]| input(&context, 2, 2, share);
    let with = |name, comment, share: &[u8]| hostile(name, "share", comment, expected(share));
    let elsewhere =
        |name, comment, other: WalletContext| hostile(name, "share", comment, input(&other, 2, 2, &share));
    // The clear header is as expected, but the share was sealed with other associated data.
    let blob = &share[share.len() - 210..];
    let relabelled = |name, comment, other: WalletContext, index: u8, at: u8| {
        hostile(
            name,
            "share",
            comment,
            input(&other, index, at, &with_header(&place(&other, index, &store(at)), blob)),
        )
    };
    // Sealed for the expected place, under a clear header that says something else.
    let lying = |name, comment, tag: u8, value: &[u8]| {
        let header: Vec<(u8, Vec<u8>)> = place2
            .iter()
            .map(|(at, own)| (*at, if *at == tag { value.to_vec() } else { own.clone() }))
            .collect();
        hostile(name, "share", comment, expected(&with_header(&header, blob)))
    };
    // Sealed by a key holder with associated data that no dealing has.
    let impossible = |name, comment, other: WalletContext, index: u8| {
        let share = sealed_share(&key, &place(&other, index, &store(2)), &*mine.value, &mine.check);
        hostile(name, "share", comment, input(&other, index, 2, &share))
    };
    let changed = |at: usize| {
        let mut share = share.clone();
        share[at] ^= 1;
        share
    };
    let largest = WalletContext { share_epoch: u32::MAX, ..wallet_context(16, 16) };
    let padded = |fill: u8| {
        let content =
            Encoder::new("crystallum/1/share/value").field(1, &*mine.value).field(2, &mine.check).finish();
        let mut padded = u32::try_from(content.len()).expect("short").to_be_bytes().to_vec();
        padded.extend_from_slice(&content);
        padded.resize(128, fill);
        let key = Key::from_slice(&key).expect("32 bytes");
        with_header(
            &place2,
            &raw_seal_padded(&key, "crystallum/1/seal/share", &borrowed(&place2), &[9; 32], padded),
        )
    };
    assert_eq!(padded(0), share);
    let next = WalletContext { share_epoch: 2, ..context };
    vec![
        good("share", "the second of five", expected(&share)),
        good(
            "share, last of sixteen",
            "the largest numbers",
            input(&largest, 16, 2, &sealed_share(&key, &place(&largest, 16, &store(2)), &[1; 32], &[2; 32])),
        ),
        good("share in practice", "the other environment", {
            let practice = WalletContext { environment: Environment::Practice, ..context };
            input(
                &practice,
                2,
                2,
                &sealed_share(&key, &place(&practice, 2, &store(2)), &*mine.value, &mine.check),
            )
        }),
        elsewhere(
            "share of another vault",
            "vault",
            WalletContext { vault: VaultId::new([0x12; 16]), ..context },
        ),
        elsewhere("share of another key epoch", "key epoch", WalletContext { epoch: 2, ..context }),
        elsewhere(
            "share of another wallet",
            "record",
            WalletContext { record: RecordId::new([0x44; 16]), ..context },
        ),
        elsewhere(
            "share of another set",
            "set",
            WalletContext { set: ShareSetId::new([0x52; 16]), ..context },
        ),
        elsewhere("share of an old epoch", "the reader expects the next", next),
        elsewhere("share under a lowered threshold", "k", WalletContext { k: 2, ..context }),
        elsewhere("share under another count", "n", WalletContext { n: 6, ..context }),
        elsewhere(
            "share in the other environment",
            "environment",
            WalletContext { environment: Environment::Practice, ..context },
        ),
        hostile("share as another index", "share", "index", input(&context, 3, 2, &share)),
        hostile("share from another store", "share", "store", input(&context, 2, 3, &share)),
        relabelled(
            "relabelled wallet",
            "record, also in the clear",
            WalletContext { record: RecordId::new([0x44; 16]), ..context },
            2,
            2,
        ),
        relabelled(
            "relabelled set",
            "set, also in the clear",
            WalletContext { set: ShareSetId::new([0x52; 16]), ..context },
            2,
            2,
        ),
        relabelled("relabelled epoch", "share epoch, also in the clear", next, 2, 2),
        relabelled("relabelled threshold", "k, also in the clear", WalletContext { k: 2, ..context }, 2, 2),
        relabelled("relabelled count", "n, also in the clear", WalletContext { n: 6, ..context }, 2, 2),
        relabelled("relabelled index", "index, also in the clear", context, 3, 2),
        relabelled("relabelled store", "store, also in the clear", context, 2, 3),
        lying("clear record lies", "record, in the clear alone", 4, &[0x44; 16]),
        lying("clear set lies", "set, in the clear alone", 5, &[0x52; 16]),
        lying("clear epoch lies", "share epoch, in the clear alone", 6, &2_u32.to_be_bytes()),
        lying("clear threshold lies", "k, in the clear alone", 7, &[2]),
        lying("clear count lies", "n, in the clear alone", 8, &[6]),
        lying("clear index lies", "index, in the clear alone", 9, &[3]),
        lying("clear store lies", "store, in the clear alone", 10, store(3).as_bytes()),
        impossible("share with index 0", "index", context, 0),
        impossible("share with an index above n", "index", context, 6),
        impossible("share, 1 of 5", "k", WalletContext { k: 1, ..context }, 2),
        impossible("share, 6 of 5", "k above n", WalletContext { k: 6, ..context }, 2),
        impossible("share, 3 of 17", "n", WalletContext { n: 17, ..context }, 2),
        impossible("share of epoch 0", "share epoch", WalletContext { share_epoch: 0, ..context }, 2),
        with(
            "value of 31 bytes",
            "a byte less",
            &sealed_share(&key, &place2, &mine.value[..31], &mine.check),
        ),
        with(
            "check of 31 bytes",
            "a byte less",
            &sealed_share(&key, &place2, &*mine.value, &mine.check[..31]),
        ),
        with("value with field 255", "a field that no version has", &{
            let content =
                Encoder::new("crystallum/1/share/value").field(1, &*mine.value).field(2, &mine.check);
            let content = content.field(255, b"").finish();
            let key = Key::from_slice(&key).expect("32 bytes");
            let label = "crystallum/1/seal/share";
            with_header(&place2, &raw_seal(&key, label, &borrowed(&place2), &[9; 32], &content, 128))
        }),
        with("padding of a share", "bytes that are not zero", &padded(1)),
        with("share's salt", "a flipped bit", &changed(share.len() - 208)),
        with("share's commitment", "a flipped bit", &changed(share.len() - 176)),
        with("share's ciphertext", "a flipped bit", &changed(share.len() - 144)),
        with("share's tag", "a flipped bit", &changed(share.len() - 1)),
        with("share cut", "the last byte left out", &share[..share.len() - 1]),
        with("share longer", "one zero byte more", &[share.as_slice(), &[0]].concat()),
        with("share without a blob", "an empty blob", &with_header(&place2, &[])),
        with("share under another label", "a flipped bit in the label", &changed(5)),
        with("no bytes of a share", "nothing", &[]),
    ]
}
