//! Properties that hold for all contents, associated data and changes.

use crystallum_format::encoding::{Decoder, Encoder};
use proptest::prelude::*;

use super::support::{Fixed, config, device_key, genesis_body, key, public, sign, unlock};
use crate::{
    Blob, Environment, Exchange, FIRST_EPOCH, HeadBody, KeyEncryptionKey, KeyOverview, MethodId, Overview,
    PrfOutput, RecordContext, RecordId, Root, Scope, ShareSetId, SignInMethodOverview, SignedHead,
    SlotContext, SlotId, Tags, VaultId, WalletOverview, Wrap,
};

/// Generates a text without control characters.
fn text(max: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::char::range(' ', char::MAX), 0..max / 4).prop_map(String::from_iter)
}

fn tags() -> impl Strategy<Value = Tags> {
    prop::collection::vec("[a-z\u{e0}-\u{ff}]{1,16}", 0..=8)
        .prop_map(|tags| Tags::new(tags).expect("within limits"))
}

/// An overview with `Debug`, which the type itself does not have because it may be confidential.
#[derive(Clone)]
struct Shown(Overview);

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02x?}", self.0.encode().as_deref())
    }
}

fn overview() -> impl Strategy<Value = Shown> {
    let exchange = prop::sample::select(&Exchange::ALL[..]);
    let marks = (any::<Option<u64>>(), any::<bool>(), tags(), any::<Option<[u8; 16]>>());
    let key = (exchange, text(256), text(64), text(1200), any::<u64>(), any::<u64>(), any::<bool>(), marks)
        .prop_map(|(exchange, label, masked, note, created, updated, has_passphrase, marks)| {
            let (label, (deleted, favourite, tags, copy_of)) = (label + "l", marks);
            Shown(Overview::Key(KeyOverview {
                exchange: exchange.into(),
                label,
                masked,
                note,
                created,
                updated,
                has_passphrase,
                deleted,
                favourite,
                tags,
                copy_of: copy_of.map(RecordId::new),
            }))
        });
    let method =
        (any::<[u8; 16]>(), text(256), any::<[u64; 2]>()).prop_map(|(id, name, [created, confirmed])| {
            Shown(Overview::SignInMethod(SignInMethodOverview {
                method: MethodId::new(id),
                name,
                created,
                confirmed,
            }))
        });
    prop_oneof![
        key,
        method,
        wallet(),
        text(256).prop_map(|name| Shown(Overview::Profile { name: name + "n" }))
    ]
}

fn wallet() -> impl Strategy<Value = Shown> {
    let words = prop::sample::select([12, 15, 18, 21, 24].as_slice());
    let dealing = (any::<[u8; 16]>(), 1_u32.., 2_u8..=16, 0_u8..=14);
    let marks = (any::<Option<u64>>(), any::<bool>(), tags());
    (text(256), text(1200), any::<[u64; 3]>(), words, dealing, marks).prop_map(
        |(label, note, [created, updated, dealt], words, (set, share_epoch, k, more), marks)| {
            let (deleted, favourite, tags) = marks;
            Shown(Overview::Wallet(WalletOverview {
                label: label + "l",
                note,
                created,
                updated,
                words,
                set: ShareSetId::new(set),
                share_epoch,
                k,
                n: (k + more).min(16),
                dealt,
                deleted,
                favourite,
                tags,
            }))
        },
    )
}

fn context() -> impl Strategy<Value = RecordContext> {
    (any::<[u8; 16]>(), any::<u64>(), any::<bool>()).prop_map(|(record, version, real)| RecordContext {
        record: RecordId::new(record),
        version,
        environment: if real { Environment::Real } else { Environment::Practice },
    })
}

/// Generates fields in tag order, none of them too long.
fn fields() -> impl Strategy<Value = Vec<(u8, Vec<u8>)>> {
    prop::collection::btree_map(1_u8..=255, prop::collection::vec(any::<u8>(), 0..40), 0..6)
        .prop_map(|fields| fields.into_iter().collect())
}

fn encoded(label: &str, fields: &[(u8, Vec<u8>)]) -> Vec<u8> {
    fields.iter().fold(Encoder::new(label), |all, (tag, value)| all.field(*tag, value)).finish().to_vec()
}

fn flipped(bytes: &[u8], at: prop::sample::Index) -> Vec<u8> {
    let bit = at.index(8 * bytes.len());
    let mut bytes = bytes.to_vec();
    bytes[bit / 8] ^= 0x80 >> (bit % 8);
    bytes
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_encoding_is_read_back_whole(label in "[a-z/0-9.]{0,60}", fields in fields()) {
        let bytes = encoded(&label, &fields);
        let mut decoder = Decoder::new(&label, &bytes).expect("its own label");
        for (tag, value) in &fields {
            prop_assert_eq!(decoder.bytes(*tag), Ok(value.as_slice()));
        }
        prop_assert!(decoder.finish().is_ok());
    }

    #[test]
    fn different_fields_have_different_encodings(
        labels in ("[a-b]{0,3}", "[a-b]{0,3}"),
        one in fields(),
        other in fields(),
    ) {
        let same = labels.0 == labels.1 && one == other;
        prop_assert_eq!(encoded(&labels.0, &one) == encoded(&labels.1, &other), same);
    }

    #[test]
    fn a_moved_border_is_another_encoding(tags in (1_u8..255, 0_u8..254), value in prop::collection::vec(any::<u8>(), 1..60), cut in any::<[prop::sample::Index; 2]>()) {
        let (first, second) = (tags.0, tags.0.saturating_add(1 + tags.1));
        let cuts = cut.map(|cut| cut.index(value.len() + 1));
        let [one, other] = cuts.map(|cut| {
            encoded("label", &[(first, value[..cut].to_vec()), (second, value[cut..].to_vec())])
        });
        prop_assert_eq!(one == other, cuts[0] == cuts[1]);
    }

    #[test]
    fn an_overview_is_read_back_and_a_flipped_bit_never_opens(
        Shown(overview) in overview(), context in context(), seed in any::<u64>(), bit in any::<prop::sample::Index>(),
    ) {
        let (keys, _) = unlock(1);
        let blob = keys.seal_overview(context, &overview, &mut Fixed::new(seed)).expect("within limits");
        prop_assert!(keys.open_overview(context, &blob).is_ok_and(|opened| opened == overview));
        let bad = Blob::from_bytes(flipped(blob.as_bytes(), bit));
        prop_assert!(keys.open_overview(context, &bad).is_err());
    }

    #[test]
    fn another_place_never_opens(
        Shown(overview) in overview(), here in context(), there in context(), which in 0_u8..7,
        vault in any::<[u8; 16]>(), epoch in 2_u32.., root in 2_u8..,
    ) {
        let (keys, _) = unlock(1);
        let blob = keys.seal_overview(here, &overview, &mut Fixed::new(1)).expect("within limits");
        let mut place = here;
        let mut other = unlock(1).0;
        match which {
            0 => place.record = there.record,
            1 => place.version = there.version,
            2 => place.environment = if here.environment == Environment::Real { Environment::Practice } else { Environment::Real },
            3 => other = unlock(root).0,
            4 => other = Root(key(1)).unlock(VaultId::new(vault), FIRST_EPOCH).0,
            5 => other = Root(key(1)).unlock(super::support::VAULT, epoch).0,
            _ => place = there,
        }
        let same = place == here && which < 3;
        prop_assert_eq!(other.open_overview(place, &blob).is_ok(), same || (which == 6 && there == here));
        prop_assert!(keys.open_secret(here, &blob).is_err());
    }

    #[test]
    fn a_wrap_opens_for_its_own_method_alone(
        prf in any::<[u8; 32]>(), credential in prop::collection::vec(any::<u8>(), 1..100), rp_id in "[a-z.]{1,40}",
        other_rp in "[a-z.]{1,40}", slot in any::<[[u8; 16]; 2]>(), epoch in 2_u32.., bit in any::<prop::sample::Index>(),
    ) {
        prop_assume!(prf != [0; 32]);
        let kek = |rp_id: &str| {
            let output = PrfOutput::parse(&prf).expect("not zero");
            KeyEncryptionKey::from_passkey(&output, rp_id, Scope::Root, &credential).expect("within limits")
        };
        let context = SlotContext { vault: VaultId::new([1; 16]), epoch: FIRST_EPOCH, slot: SlotId::new(slot[0]) };
        let wrap = kek(&rp_id).wrap_root(&Root(key(1)), context, &mut Fixed::new(1)).expect("of scope root");
        let read = Wrap::from_bytes(&wrap.to_bytes()).expect("its own bytes");
        prop_assert!(kek(&rp_id).open_root(&read, context).is_ok());
        prop_assert_eq!(kek(&other_rp).open_root(&read, context).is_ok(), other_rp == rp_id);
        let elsewhere = SlotContext { slot: SlotId::new(slot[1]), ..context };
        prop_assert_eq!(kek(&rp_id).open_root(&read, elsewhere).is_ok(), slot[0] == slot[1]);
        let later = SlotContext { epoch, ..context };
        prop_assert!(kek(&rp_id).open_root(&read, later).is_err());
        if let Ok(bad) = Wrap::from_bytes(&flipped(&wrap.to_bytes(), bit)) {
            prop_assert!(kek(&rp_id).open_root(&bad, context).is_err());
        }
    }

    #[test]
    fn a_flipped_bit_of_a_head_never_verifies(
        numbers in (any::<u32>(), any::<u64>(), any::<u64>(), 0_u16..=1, any::<u64>()), prev in any::<Option<[u8; 32]>>(), root in any::<[u8; 32]>(),
        bit in any::<prop::sample::Index>(),
    ) {
        let (epoch, counter, leaves, min_format, time) = numbers;
        let head = sign(HeadBody { epoch, counter, leaves, min_format, time, prev, root, ..genesis_body() }, 0x21);
        let device = public(&device_key(0x21));
        let bytes = head.to_bytes();
        prop_assert!(SignedHead::from_bytes(&bytes).is_ok_and(|read| read == head && read.verify(&device).is_ok()));
        let bad = SignedHead::from_bytes(&flipped(&bytes, bit));
        prop_assert!(bad.map_or(true, |head| head.verify(&device).is_err()));
    }
}
