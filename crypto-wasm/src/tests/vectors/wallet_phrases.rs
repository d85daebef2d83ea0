//! Sealed phrases.

use crystallum_format::encoding::Encoder;
use serde_json::Value;

use super::json::hex;
use super::wallet_cases::{named, wallet_key};
use super::{Case, good, hostile};
use crate::key::Key;
use crate::tests::support::{WALLET, raw_seal, wallet_context};
use crate::{Environment, RecordId, ShareSetId, VaultId, WalletContext};

/// Encodes a phrase.
fn content(entropy: &[u8], language: &[u8]) -> Vec<u8> {
    Encoder::new("crystallum/1/wallet/phrase").field(1, entropy).field(2, language).finish().to_vec()
}

/// Seals a phrase, or what is offered as one, under the sample wallet's key.
fn seal_for(context: &WalletContext, content: &[u8], class: usize) -> Vec<u8> {
    let info = Encoder::new("crystallum/1/derive/wallet.phrase")
        .field(1, context.vault.as_bytes())
        .field(2, &context.epoch.to_be_bytes())
        .finish();
    let key = Key::from_slice(&wallet_key()).expect("32 bytes").expand::<32>(&info);
    let key = Key::from_slice(key.as_slice()).expect("32 bytes");
    let place: [(u8, &[u8]); 6] = [
        (2, context.vault.as_bytes()),
        (3, &context.epoch.to_be_bytes()),
        (4, WALLET.as_bytes()),
        (5, context.set.as_bytes()),
        (6, &context.share_epoch.to_be_bytes()),
        (7, &[1]),
    ];
    raw_seal(&key, "crystallum/1/seal/phrase", &place, &[9; 32], content, class)
}

/// Seals the sample phrase of 24 words for a dealing.
pub(super) fn phrase_sealed(context: &WalletContext) -> Vec<u8> {
    seal_for(context, &content(&[0x5a; 32], &[1]), 128)
}

pub(super) fn cases() -> Vec<Case> {
    let context = wallet_context(3, 5);
    let seal = |content: &[u8], class: usize| seal_for(&context, content, class);
    let input = |key: [u8; 32], context: &WalletContext, sealed: &[u8]| {
        let mut input = named("phrase", context);
        input["key"] = hex(key);
        input["sealed"] = hex(sealed);
        input
    };
    let sealed = seal(&content(&[0x5a; 32], &[1]), 128);
    let own = |sealed: &[u8]| input(wallet_key(), &context, sealed);
    let of = |entropy: &[u8], language: &[u8]| own(&seal(&content(entropy, language), 128));
    let with = |name, comment, offered: Value| hostile(name, "phrase", comment, offered);
    let elsewhere = |name, comment, other: WalletContext| {
        hostile(name, "phrase", comment, input(wallet_key(), &other, &sealed))
    };
    let changed = |at: usize| {
        let mut sealed = sealed.clone();
        sealed[at] ^= 1;
        own(&sealed)
    };
    vec![
        good("phrase", "24 words", own(&sealed)),
        good("phrase of 12 words", "16 bytes", of(&[0x5a; 16], &[1])),
        good("phrase of 15 words", "20 bytes", of(&[0x5a; 20], &[1])),
        good("phrase of 18 words", "24 bytes", of(&[0x5a; 24], &[1])),
        good("phrase of 21 words", "28 bytes", of(&[0x5a; 28], &[1])),
        good(
            "phrase under another threshold",
            "k and n are not in the place: the key is",
            input(wallet_key(), &WalletContext { k: 2, n: 6, ..context }, &sealed),
        ),
        with("phrase of 17 bytes", "entropy", of(&[0x5a; 17], &[1])),
        with("phrase of no byte", "entropy", of(&[], &[1])),
        with("phrase of 36 bytes", "entropy", of(&[0x5a; 36], &[1])),
        with("language 0", "language", of(&[0x5a; 32], &[0])),
        with("language 2", "language", of(&[0x5a; 32], &[2])),
        with(
            "phrase without a language",
            "field 2 left out",
            own(&seal(&Encoder::new("crystallum/1/wallet/phrase").field(1, &[0x5a; 32]).finish(), 128)),
        ),
        with("phrase with field 255", "a field that no version has", {
            let content = Encoder::new("crystallum/1/wallet/phrase").field(1, &[0x5a; 32]).field(2, &[1]);
            own(&seal(&content.field(255, b"").finish(), 128))
        }),
        with("phrase in another class", "padded to 256", own(&seal(&content(&[0x5a; 32], &[1]), 256))),
        with("another wallet key", "key", input([7; 32], &context, &sealed)),
        elsewhere(
            "phrase of another vault",
            "vault",
            WalletContext { vault: VaultId::new([0x12; 16]), ..context },
        ),
        elsewhere("phrase of another key epoch", "key epoch", WalletContext { epoch: 2, ..context }),
        elsewhere(
            "phrase of another wallet",
            "record",
            WalletContext { record: RecordId::new([0x44; 16]), ..context },
        ),
        elsewhere(
            "phrase of another set",
            "set",
            WalletContext { set: ShareSetId::new([0x52; 16]), ..context },
        ),
        elsewhere("phrase of another dealing", "share epoch", WalletContext { share_epoch: 2, ..context }),
        elsewhere(
            "phrase of the other environment",
            "environment",
            WalletContext { environment: Environment::Practice, ..context },
        ),
        with("phrase's salt", "a flipped bit", changed(2)),
        with("phrase's commitment", "a flipped bit", changed(34)),
        with("phrase's ciphertext", "a flipped bit", changed(66)),
        with("phrase's tag", "a flipped bit", changed(209)),
    ]
}
