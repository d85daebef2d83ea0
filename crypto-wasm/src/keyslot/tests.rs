use super::*;
use crate::tests::support::{COLD_SLOT, Fixed, ROOT_SLOT, VAULT, key};
use crate::{Malformed, Opener};

const RP_ID: &str = "vault.example";
const CREDENTIAL: &[u8] = b"credential";
const CONTEXT: SlotContext = SlotContext { vault: VAULT, epoch: 1, slot: ROOT_SLOT };

fn output(byte: u8) -> PrfOutput {
    PrfOutput::parse(&[byte; 32]).expect("32 bytes, not zero")
}

fn kek(scope: Scope) -> KeyEncryptionKey {
    KeyEncryptionKey::from_passkey(&output(5), RP_ID, scope, CREDENTIAL).expect("within limits")
}

fn wrapped() -> Wrap {
    kek(Scope::Root).wrap_root(&Root(key(1)), CONTEXT, &mut Fixed::new(1)).expect("of scope root")
}

fn opened(kek: &KeyEncryptionKey, context: SlotContext) -> Result<[u8; 32], NotOpened> {
    kek.open_root(&wrapped(), context).map(|root| *root.0.expose())
}

#[test]
fn opens_what_it_wrapped() {
    assert_eq!(opened(&kek(Scope::Root), CONTEXT), Ok([1; 32]));
    let context = SlotContext { slot: COLD_SLOT, ..CONTEXT };
    let cold = ColdRoot(key(2));
    let wrap = kek(Scope::Cold).wrap_cold_root(&cold, context, &mut Fixed::new(1)).expect("of scope cold");
    let opened = kek(Scope::Cold).open_cold_root(&wrap, context).map(|root| *root.0.expose());
    assert_eq!(opened, Ok([2; 32]));
}

#[test]
fn outputs_that_cannot_be_keys_are_refused() {
    for length in [0, 1, 16, 31, 33, 64] {
        assert_eq!(PrfOutput::parse(&vec![5; length]).err(), Some(PrfRejected), "{length} bytes");
    }
    assert_eq!(PrfOutput::parse(&[0; 32]).err(), Some(PrfRejected));
    let mut nearly = [0; 32];
    nearly[31] = 1;
    assert!(PrfOutput::parse(&nearly).is_ok());

    assert!(PrfOutput::parse_both(&[5; 32], &[6; 32]).is_ok());
    for (first, second) in [
        ([5; 32].as_slice(), [5; 32].as_slice()),
        (&[0; 32], &[6; 32]),
        (&[5; 32], &[0; 32]),
        (&[0; 32], &[0; 32]),
        (&[5; 31], &[6; 32]),
        (&[5; 32], &[6; 33]),
        (&[5; 64], &[6; 32]),
    ] {
        assert_eq!(PrfOutput::parse_both(first, second).err(), Some(PrfRejected));
    }
}

/// Whoever can write a wrap could have sealed anything in it.
#[test]
fn a_root_of_zeros_is_none() {
    let zero = || Root(key(0));
    let wrap = kek(Scope::Root).wrap_root(&zero(), CONTEXT, &mut Fixed::new(1)).expect("of scope root");
    assert_eq!(kek(Scope::Root).open_root(&wrap, CONTEXT).err(), Some(NotOpened));
    let cold = ColdRoot(key(0));
    let wrap = kek(Scope::Cold).wrap_cold_root(&cold, CONTEXT, &mut Fixed::new(1)).expect("of scope cold");
    assert_eq!(kek(Scope::Cold).open_cold_root(&wrap, CONTEXT).err(), Some(NotOpened));
}

#[test]
fn a_cold_root_may_not_be_the_root() {
    assert!(ColdRoot(key(1)).equals(&Root(key(1))));
    assert!(!ColdRoot(key(2)).equals(&Root(key(1))));
}

#[test]
fn inputs_of_the_scopes_are_the_named_hashes() {
    assert_eq!(prf_input(Scope::Root), <[u8; 32]>::from(Sha256::digest(b"crystallum/1/prf/root")));
    assert_eq!(prf_input(Scope::Cold), <[u8; 32]>::from(Sha256::digest(b"crystallum/1/prf/cold")));
}

#[test]
fn rp_id_and_credential_id_have_limits() {
    let make = |rp_id: &str, credential: &[u8]| {
        KeyEncryptionKey::from_passkey(&output(5), rp_id, Scope::Root, credential).err()
    };
    for (rp_id, credential) in [(1, 1), (253, 1023)] {
        assert_eq!(make(&"a".repeat(rp_id), &vec![1; credential]), None);
    }
    for (rp_id, credential, why) in [
        (0, 1, PasskeyRejected::RpId),
        (1, 0, PasskeyRejected::CredentialId),
        (254, 1, PasskeyRejected::RpId),
        (1, 1024, PasskeyRejected::CredentialId),
    ] {
        assert_eq!(make(&"a".repeat(rp_id), &vec![1; credential]), Some(why), "{rp_id} {credential}");
    }
}

#[test]
fn the_longest_credential_id_goes_around() {
    let credential = [7; 1023];
    let kek =
        KeyEncryptionKey::from_passkey(&output(5), RP_ID, Scope::Root, &credential).expect("within limits");
    let wrap = kek.wrap_root(&Root(key(1)), CONTEXT, &mut Fixed::new(1)).expect("of scope root");
    let read = Wrap::from_bytes(&wrap.to_bytes()).expect("a good wrap");
    assert_eq!(read, wrap);
    assert_eq!(read.opener(), Opener::Passkey { credential_id: &credential });
    assert_eq!(read.kind(), SlotKind::Passkey);
    assert!(kek.open_root(&read, CONTEXT).is_ok());
}

#[test]
fn every_other_way_in_is_refused() {
    let make = |prf: u8, rp_id: &str, credential: &[u8]| {
        KeyEncryptionKey::from_passkey(&output(prf), rp_id, Scope::Root, credential).expect("within limits")
    };
    assert_eq!(opened(&make(5, RP_ID, CREDENTIAL), CONTEXT), Ok([1; 32]));
    assert_eq!(opened(&make(6, RP_ID, CREDENTIAL), CONTEXT), Err(NotOpened));
    assert_eq!(opened(&make(5, "vault.exampl", CREDENTIAL), CONTEXT), Err(NotOpened));
    assert_eq!(opened(&make(5, "Vault.example", CREDENTIAL), CONTEXT), Err(NotOpened));
    assert_eq!(opened(&make(5, RP_ID, b"credentiam"), CONTEXT), Err(NotOpened));
    for context in [
        SlotContext { vault: VaultId::new([0x12; 16]), ..CONTEXT },
        SlotContext { epoch: 2, ..CONTEXT },
        SlotContext { epoch: 0, ..CONTEXT },
        SlotContext { slot: COLD_SLOT, ..CONTEXT },
    ] {
        assert_eq!(opened(&kek(Scope::Root), context), Err(NotOpened));
    }
}

/// The wrap names the right passkey but its key was made for another, or the other way around.
/// Attack T34 of `tests/ATTACKS.md`.
#[test]
fn the_credential_id_is_bound_by_the_key_and_by_the_wrap() {
    let other =
        KeyEncryptionKey::from_passkey(&output(5), RP_ID, Scope::Root, b"other").expect("within limits");
    let mut wrap = wrapped();
    wrap.opener = OwnedOpener::Passkey(b"other".to_vec());
    assert_eq!(other.open_root(&wrap, CONTEXT).err(), Some(NotOpened));
    assert_eq!(kek(Scope::Root).open_root(&wrap, CONTEXT).err(), Some(NotOpened));
}

/// Attack T34 of `tests/ATTACKS.md`.
#[test]
fn scopes_do_not_mix() {
    let (root, cold) = (Root(key(1)), ColdRoot(key(2)));
    assert_eq!(kek(Scope::Cold).wrap_root(&root, CONTEXT, &mut Fixed::new(1)), None);
    assert_eq!(kek(Scope::Root).wrap_cold_root(&cold, CONTEXT, &mut Fixed::new(1)), None);
    assert_eq!(kek(Scope::Cold).open_root(&wrapped(), CONTEXT).err(), Some(NotOpened));
    assert_eq!(kek(Scope::Root).open_cold_root(&wrapped(), CONTEXT).err(), Some(NotOpened));
    // The same PRF output for the other scope: key and associated data differ, even if the slot is
    // the same.
    assert_eq!(kek(Scope::Cold).open_cold_root(&wrapped(), CONTEXT).err(), Some(NotOpened));
    // The same key for the other scope: only the associated data differs.
    let mut forged = kek(Scope::Root);
    forged.scope = Scope::Cold;
    assert_eq!(forged.open_cold_root(&wrapped(), CONTEXT).err(), Some(NotOpened));
}

#[test]
fn a_root_of_another_length_is_refused() {
    let kek = kek(Scope::Root);
    let place = KeyslotAad { slot: CONTEXT, kind: SlotKind::Passkey, scope: Scope::Root };
    for length in [0, 31, 33, 60] {
        let blob = kek.key.seal(&place, &vec![1; length], &mut Fixed::new(1)).expect("fits");
        let wrap = Wrap { opener: OwnedOpener::Passkey(CREDENTIAL.to_vec()), blob };
        assert_eq!(kek.open_root(&wrap, CONTEXT).err(), Some(NotOpened), "{length} bytes");
    }
}

/// Attack T20 of `tests/ATTACKS.md`.
#[test]
fn every_flipped_bit_of_a_wrap_is_refused() {
    let bytes = wrapped().to_bytes();
    for bit in 0..8 * bytes.len() {
        let mut bytes = bytes.clone();
        bytes[bit / 8] ^= 0x80 >> (bit % 8);
        let opened = Wrap::from_bytes(&bytes).map(|wrap| kek(Scope::Root).open_root(&wrap, CONTEXT).is_ok());
        assert_ne!(opened, Ok(true), "bit {bit}");
    }
}

#[test]
fn hostile_wraps_are_refused() {
    let good = wrapped();
    let blob = good.blob.as_bytes();
    let wrap = |credential: &[u8], blob: &[u8]| {
        Encoder::new(labels::KEYSLOT_PASSKEY).field(1, credential).field(2, blob).finish().to_vec()
    };
    assert_eq!(Wrap::from_bytes(&wrap(CREDENTIAL, blob)), Ok(good.clone()));
    let mut hostile = vec![
        wrap(b"", blob),
        wrap(&[1; 1024], blob),
        wrap(CREDENTIAL, &blob[..145]),
        wrap(CREDENTIAL, &[blob, &[0]].concat()),
        wrap(CREDENTIAL, b""),
        Encoder::new(labels::KEYSLOT_PASSKEY).field(1, CREDENTIAL).finish().to_vec(),
        Encoder::new(labels::KEYSLOT_PASSKEY).field(2, blob).finish().to_vec(),
        Encoder::new(labels::KEYSLOT_PASSKEY)
            .field(1, CREDENTIAL)
            .field(2, blob)
            .field(3, b"")
            .finish()
            .to_vec(),
        Encoder::new(labels::SEAL_KEYSLOT).field(1, CREDENTIAL).field(2, blob).finish().to_vec(),
        [good.to_bytes().as_slice(), &[0]].concat(),
    ];
    let bytes = good.to_bytes();
    hostile.extend((0..bytes.len()).map(|length| bytes[..length].to_vec()));
    for bytes in hostile {
        assert_eq!(Wrap::from_bytes(&bytes), Err(Malformed));
    }
}
