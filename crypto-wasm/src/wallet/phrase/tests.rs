use super::*;
use crate::seal::AssociatedData;
use crate::tests::support::{Fixed, PROFILE, key, raw_seal, wallet_context};
use crate::{Environment, ShareSetId, VaultId};

fn wallet() -> WalletKey {
    WalletKey(key(7))
}

fn phrase(length: usize) -> Phrase {
    Phrase::from_entropy(&vec![9; length], Language::English).expect("a good length")
}

#[test]
fn a_phrase_of_every_length_goes_around() {
    let context = wallet_context(3, 5);
    for (length, words) in [(16, 12), (20, 15), (24, 18), (28, 21), (32, 24)] {
        let sealed = wallet().seal_phrase(&context, &phrase(length), &mut Fixed::new(1));
        assert_eq!(sealed.as_bytes().len(), 210, "no length is seen");
        let read = SealedPhrase::from_bytes(sealed.as_bytes()).expect("of the right length");
        let opened = wallet().open_phrase(&context, &read).expect("just sealed");
        assert_eq!(
            (opened.expose_entropy(), opened.language()),
            (vec![9; length].as_slice(), Language::English)
        );
        assert_eq!(opened.words(), words);
    }
    for length in (0..=64).filter(|length| ![16, 20, 24, 28, 32].contains(length)) {
        assert!(Phrase::from_entropy(&vec![9; length], Language::English).is_err(), "{length} bytes");
    }
    for length in [0, 209, 211] {
        assert_eq!(SealedPhrase::from_bytes(&vec![1; length]), Err(Malformed));
    }
}

#[test]
fn every_other_place_and_key_is_refused() {
    let context = wallet_context(3, 5);
    let sealed = wallet().seal_phrase(&context, &phrase(32), &mut Fixed::new(1));
    let opens = |key: &WalletKey, context: &WalletContext| key.open_phrase(context, &sealed).is_ok();
    assert!(opens(&wallet(), &context));
    assert!(!opens(&WalletKey(key(8)), &context));
    for other in [
        WalletContext { vault: VaultId::new([0x12; 16]), ..context },
        WalletContext { epoch: 2, ..context },
        WalletContext { record: PROFILE, ..context },
        WalletContext { set: ShareSetId::new([0x52; 16]), ..context },
        WalletContext { share_epoch: 2, ..context },
        WalletContext { environment: Environment::Practice, ..context },
    ] {
        assert!(!opens(&wallet(), &other), "{other:?}");
    }
}

#[test]
fn every_flipped_bit_is_refused() {
    let context = wallet_context(3, 5);
    let bytes = wallet().seal_phrase(&context, &phrase(16), &mut Fixed::new(1)).as_bytes().to_vec();
    for bit in 0..8 * bytes.len() {
        let mut bytes = bytes.clone();
        bytes[bit / 8] ^= 0x80 >> (bit % 8);
        let sealed = SealedPhrase::from_bytes(&bytes).expect("of the right length");
        assert_eq!(wallet().open_phrase(&context, &sealed).err(), Some(NotOpened), "bit {bit}");
    }
}

#[test]
fn what_a_key_holder_sealed_otherwise_is_refused() {
    let context = wallet_context(3, 5);
    let phrase_key = wallet().0.derive(labels::DERIVE_WALLET_PHRASE, context.vault, context.epoch);
    let offered = |label: &str, content: &[u8]| {
        let place: [(u8, &[u8]); 6] = [
            (2, context.vault.as_bytes()),
            (3, &context.epoch.to_be_bytes()),
            (4, context.record.as_bytes()),
            (5, context.set.as_bytes()),
            (6, &context.share_epoch.to_be_bytes()),
            (7, &[1]),
        ];
        let sealed = raw_seal(&phrase_key, label, &place, &[9; 32], content, 128);
        let sealed = SealedPhrase::from_bytes(&sealed).expect("of the right length");
        wallet().open_phrase(&context, &sealed).is_ok()
    };
    let content = |entropy: &[u8], language: &[u8]| {
        Encoder::new(labels::WALLET_PHRASE).field(1, entropy).field(2, language).finish().to_vec()
    };
    assert!(offered(PhraseAad::LABEL, &content(&[1; 32], &[1])));
    assert!(!offered(labels::SEAL_SHARE, &content(&[1; 32], &[1])));
    for (entropy, language) in [
        ([1; 17].as_slice(), [1].as_slice()),
        (&[], &[1]),
        (&[1; 36], &[1]),
        (&[1; 32], &[0]),
        (&[1; 32], &[2]),
        (&[1; 32], &[]),
    ] {
        assert!(!offered(PhraseAad::LABEL, &content(entropy, language)));
    }
    assert!(!offered(PhraseAad::LABEL, &Encoder::new(labels::WALLET_PHRASE).field(1, &[1; 32]).finish()));
    assert!(!offered(PhraseAad::LABEL, &[content(&[1; 32], &[1]), vec![0]].concat()));
    assert!(!offered(PhraseAad::LABEL, &[]));
}
