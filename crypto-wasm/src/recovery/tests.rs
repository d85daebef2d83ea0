use crystallum_format::encoding::Encoder;
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::Digest as _;

use super::*;
use crate::tests::support::{COLD_SLOT, Fixed, ROOT_SLOT, VAULT, deep, key, seed};
use crate::{
    CodeRejected, ColdRoot, NotOpened, Opener, PrfOutput, Purpose, Root, SlotContext, SlotKind, Wrap, base32,
    lookup_hash,
};

const CONTEXT: SlotContext = SlotContext { vault: VAULT, epoch: 1, slot: ROOT_SLOT };

fn code(seed: u64) -> RecoveryCode {
    RecoveryCode::random(&mut Fixed::new(seed))
}

fn rejected(text: &str) -> Option<CodeRejected> {
    RecoveryCode::parse(text).err()
}

#[test]
fn a_code_goes_around_in_every_way_that_a_person_writes_it() {
    for seed in 0..32 {
        let code = code(seed);
        let text = code.text();
        assert_eq!(text.len(), 32);
        assert!(text.starts_with("R1"));
        let groups = code.groups();
        assert!(groups.iter().all(|group| group.len() == 4));
        let grouped = groups.each_ref().map(|group| group.as_str());
        assert_eq!(grouped.concat(), *text);
        let confused: String = text
            .chars()
            .map(|one| match one {
                '0' => 'o',
                '1' => 'l',
                other => other,
            })
            .collect();
        let spellings = [
            text.to_string(),
            text.to_lowercase(),
            grouped.join("-"),
            grouped.join(" ").to_lowercase(),
            grouped.join(" - "),
            format!("  --{}-", *text),
            text.replace('0', "O").replace('1', "I"),
            confused,
        ];
        for spelling in spellings {
            let read = RecoveryCode::parse(&spelling).expect("the same code");
            assert_eq!(*read.0, *code.0, "{spelling}");
        }
    }
}

/// Attack T67 of `tests/ATTACKS.md`.
#[test]
fn every_wrong_character_and_every_swap_of_neighbours_is_found() {
    let (mut substituted, mut swapped) = (0, 0);
    for seed in 0..24 {
        let text: Vec<char> = code(seed).text().chars().collect();
        for at in 0..32 {
            for other in (0..32).map(base32::character).filter(|other| *other != text[at]) {
                let mut wrong = text.clone();
                wrong[at] = other;
                let why = rejected(&String::from_iter(&wrong)).expect("one wrong character");
                let right = match at {
                    0 if other == 'A' => why == CodeRejected::AccountKey,
                    0 => why == CodeRejected::OtherKind(other),
                    1 => why == CodeRejected::OtherVersion(other),
                    27 => matches!(why, CodeRejected::Check | CodeRejected::Padding),
                    _ => why == CodeRejected::Check,
                };
                assert!(right, "{other} at {at}: {why}");
                substituted += 1;
            }
        }
        for at in (0..31).filter(|at| text[*at] != text[at + 1]) {
            let mut wrong = text.clone();
            wrong.swap(at, at + 1);
            assert!(rejected(&String::from_iter(&wrong)).is_some(), "{at} and {}", at + 1);
            swapped += 1;
        }
    }
    assert_eq!(substituted, 24 * 32 * 31);
    assert_eq!(swapped, 24 * 31 - 22, "22 pairs of neighbours are equal");
}

/// The check has 20 bits, so a mistake in what it covers passes with a probability of 2^-20. Of the
/// 2^21 mistakes in a long run, 2 are expected to pass, and 17 or more pass with a probability
/// below 1e-10. If a quarter of the check were not compared, 64 would pass.
/// Attack T67 of `tests/ATTACKS.md`.
#[test]
fn mistakes_pass_at_the_rate_of_the_check() {
    let mistakes: u32 = if deep() { 1 << 21 } else { 1 << 15 };
    let mut entropy = Fixed::new(seed());
    let text: Vec<char> = code(1).text().chars().collect();
    let mut passed = 0;
    for _ in 0..mistakes {
        let mut random = [0; 6];
        entropy.fill(&mut random);
        let mut wrong = text.clone();
        for change in random.chunks(2) {
            wrong[2 + usize::from(change[0]) % 25] = base32::character(change[1]);
        }
        passed += usize::from(wrong != text && rejected(&String::from_iter(&wrong)).is_none());
    }
    assert!(passed <= 16, "{passed} of {mistakes}");
}

/// Attack T67 of `tests/ATTACKS.md`.
#[test]
fn what_is_no_recovery_code_is_refused_with_the_reason() {
    let text = code(1).text();
    let rest: String = text.chars().skip(2).collect();
    for kind in "0B2HKQSTXZ".chars() {
        assert_eq!(rejected(&format!("{kind}1{rest}")), Some(CodeRejected::OtherKind(kind)));
        assert_eq!(
            rejected(&format!("{}1{rest}", kind.to_ascii_lowercase())),
            Some(CodeRejected::OtherKind(kind))
        );
    }
    for version in "02R9Z".chars() {
        assert_eq!(rejected(&format!("R{version}{rest}")), Some(CodeRejected::OtherVersion(version)));
    }
    assert_eq!(rejected(&format!("A1{rest}")), Some(CodeRejected::AccountKey));
    assert_eq!(rejected(&format!("a1-{rest}")), Some(CodeRejected::AccountKey));
    for character in ['U', 'u', '!', '_', '.', ':', '\t', '\n', 'é', '０', '\u{2013}', '\u{a0}', '\0'] {
        assert_eq!(rejected(&format!("R1{character}{rest}")), Some(CodeRejected::Character), "{character:?}");
        assert_eq!(rejected(&text.replacen('R', &character.to_string(), 1)), Some(CodeRejected::Character));
    }
    assert_eq!(rejected(""), Some(CodeRejected::Length { found: 0 }));
    assert_eq!(rejected(" - -"), Some(CodeRejected::Length { found: 0 }));
    for found in 0..32 {
        let short: String = text.chars().take(found).collect();
        assert_eq!(rejected(&short), Some(CodeRejected::Length { found }));
    }
    assert_eq!(rejected(&format!("{}0", *text)), Some(CodeRejected::Length { found: 33 }));
    assert_eq!(rejected(&text.repeat(2)), Some(CodeRejected::Length { found: 64 }));
}

#[test]
fn bits_after_the_code_are_zero() {
    let text: Vec<char> = code(1).text().chars().collect();
    let value = base32::value(text[27]).expect("of the alphabet");
    assert_eq!(value % 4, 0);
    for bits in 1..4 {
        let mut wrong = text.clone();
        wrong[27] = base32::character(value + bits);
        assert_eq!(rejected(&String::from_iter(&wrong)), Some(CodeRejected::Padding));
    }
}

#[test]
fn a_code_wraps_and_opens_both_roots() {
    let code = code(1);
    let cold_context = SlotContext { slot: COLD_SLOT, ..CONTEXT };
    let wrap =
        code.kek(Scope::Root).wrap_root(&Root(key(1)), CONTEXT, &mut Fixed::new(1)).expect("of scope root");
    let cold = code
        .kek(Scope::Cold)
        .wrap_cold_root(&ColdRoot(key(2)), cold_context, &mut Fixed::new(2))
        .expect("of scope cold");
    for wrap in [&wrap, &cold] {
        assert_eq!(wrap.kind(), SlotKind::RecoveryCode);
        assert_eq!(wrap.opener(), Opener::RecoveryCode { verifier: &code.verifier() });
        assert_eq!(Wrap::from_bytes(&wrap.to_bytes()).as_ref(), Ok(wrap));
    }
    let again = RecoveryCode::parse(&code.text()).expect("its own text");
    let root = again.kek(Scope::Root).open_root(&wrap, CONTEXT).map(|root| *root.0.expose());
    assert_eq!(root, Ok([1; 32]));
    let root = again.kek(Scope::Cold).open_cold_root(&cold, cold_context).map(|root| *root.0.expose());
    assert_eq!(root, Ok([2; 32]));

    assert_eq!(code.kek(Scope::Cold).open_cold_root(&wrap, CONTEXT).err(), Some(NotOpened));
    assert_eq!(code.kek(Scope::Root).open_root(&cold, cold_context).err(), Some(NotOpened));
    assert_eq!(code.kek(Scope::Cold).wrap_root(&Root(key(1)), CONTEXT, &mut Fixed::new(1)), None);
    assert_eq!(code.kek(Scope::Root).open_root(&wrap, cold_context).err(), Some(NotOpened));
    assert_eq!(
        code.kek(Scope::Root).open_root(&wrap, SlotContext { epoch: 2, ..CONTEXT }).err(),
        Some(NotOpened)
    );
}

#[test]
fn another_code_or_a_passkey_opens_nothing() {
    let (mine, other) = (code(1), code(2));
    let wrap = mine.kek(Scope::Root).wrap_root(&Root(key(1)), CONTEXT, &mut Fixed::new(1)).expect("root");
    assert_eq!(other.kek(Scope::Root).open_root(&wrap, CONTEXT).err(), Some(NotOpened));

    // The blob of one code in a wrap that names another: neither opens it.
    let renamed = Encoder::new(labels::KEYSLOT_RECOVERY)
        .field(1, &other.verifier())
        .field(2, &wrap.to_bytes()[wrap.to_bytes().len() - 146..])
        .finish();
    let renamed = Wrap::from_bytes(&renamed).expect("a wrap");
    assert_eq!(mine.kek(Scope::Root).open_root(&renamed, CONTEXT).err(), Some(NotOpened));
    assert_eq!(other.kek(Scope::Root).open_root(&renamed, CONTEXT).err(), Some(NotOpened));

    // The same bytes under the label of a passkey, and a passkey whose credential id is the
    // verifier.
    let passkey = Encoder::new(labels::KEYSLOT_PASSKEY)
        .field(1, &mine.verifier())
        .field(2, &wrap.to_bytes()[wrap.to_bytes().len() - 146..])
        .finish();
    let passkey = Wrap::from_bytes(&passkey).expect("a wrap");
    assert_eq!(mine.kek(Scope::Root).open_root(&passkey, CONTEXT).err(), Some(NotOpened));
    let output = PrfOutput::parse(&[5; 32]).expect("32 bytes");
    let kek = KeyEncryptionKey::from_passkey(&output, "vault.example", Scope::Root, &mine.verifier())
        .expect("within limits");
    assert_eq!(kek.open_root(&wrap, CONTEXT).err(), Some(NotOpened));
    assert_eq!(kek.open_root(&passkey, CONTEXT).err(), Some(NotOpened));
}

#[test]
fn every_flipped_bit_of_a_wrap_is_refused() {
    let code = code(1);
    let kek = code.kek(Scope::Root);
    let bytes = kek.wrap_root(&Root(key(1)), CONTEXT, &mut Fixed::new(1)).expect("root").to_bytes();
    for bit in 0..8 * bytes.len() {
        let mut bytes = bytes.clone();
        bytes[bit / 8] ^= 0x80 >> (bit % 8);
        let opened = Wrap::from_bytes(&bytes).map(|wrap| kek.open_root(&wrap, CONTEXT).is_ok());
        assert_ne!(opened, Ok(true), "bit {bit}");
    }
    for length in 0..bytes.len() {
        assert_eq!(Wrap::from_bytes(&bytes[..length]), Err(Malformed));
    }
    for (verifier, blob) in [(31, 146), (33, 146), (32, 145), (32, 147), (0, 146), (32, 0)] {
        let wrap = Encoder::new(labels::KEYSLOT_RECOVERY)
            .field(1, &vec![1; verifier])
            .field(2, &vec![1; blob])
            .finish();
        assert_eq!(Wrap::from_bytes(&wrap), Err(Malformed), "{verifier} {blob}");
    }
}

#[test]
fn what_follows_from_a_code_is_all_different() {
    let (one, other) = (code(1), code(2));
    let all = [one.lookup().to_vec(), other.lookup().to_vec()];
    assert_ne!(all[0], all[1]);
    assert_ne!(one.verifier(), other.verifier());
    assert_ne!(one.lookup().as_slice(), &one.verifier()[..16]);
    assert_ne!(one.lookup(), *one.0);
    assert_eq!(lookup_hash(&one.lookup()), <[u8; 32]>::from(Sha256::digest(one.lookup())));
    assert_ne!(lookup_hash(&one.lookup()), lookup_hash(&other.lookup()));
}

const SIGN_IN: SignIn<'_> = SignIn {
    host: "vault.example",
    server_nonce: &[7; 32],
    client_nonce: [8; 32],
    device_key_hash: [9; 32],
    purpose: Purpose::SignIn,
};

/// Attack T67 of `tests/ATTACKS.md`.
#[test]
fn a_signature_is_for_one_host_nonce_device_and_purpose() {
    let code = code(1);
    let verifier = VerifyingKey::from_bytes(&code.verifier()).expect("a key");
    let signature = Signature::from_bytes(&code.sign_in(&SIGN_IN).expect("within limits"));
    let verifies = |sign_in: &SignIn<'_>| {
        let message = Encoder::new("crystallum/1/recovery/login")
            .field(1, sign_in.host.as_bytes())
            .field(2, sign_in.server_nonce)
            .field(3, &sign_in.client_nonce)
            .field(4, &sign_in.device_key_hash)
            .field(5, &[sign_in.purpose.number()])
            .finish();
        verifier.verify_strict(&message, &signature).is_ok()
    };
    assert!(verifies(&SIGN_IN));
    for replayed in [
        SignIn { host: "vault.example.org", ..SIGN_IN },
        SignIn { host: "ault.example", ..SIGN_IN },
        SignIn { host: "Vault.example", ..SIGN_IN },
        SignIn { server_nonce: &[7; 31], ..SIGN_IN },
        SignIn { server_nonce: &[6; 32], ..SIGN_IN },
        SignIn { client_nonce: [7; 32], ..SIGN_IN },
        SignIn { device_key_hash: [8; 32], ..SIGN_IN },
        SignIn { purpose: Purpose::ChangeSignInMethods, ..SIGN_IN },
        SignIn { purpose: Purpose::DeleteVault, ..SIGN_IN },
    ] {
        assert!(!verifies(&replayed), "{replayed:?}");
    }
    assert_eq!(
        [Purpose::SignIn, Purpose::ChangeSignInMethods, Purpose::DeleteVault].map(Purpose::number),
        [1, 2, 3]
    );
}

#[test]
fn host_and_server_nonce_have_limits() {
    let code = code(1);
    let signs = |host: usize, nonce: usize| {
        let (host, nonce) = ("a".repeat(host), vec![7; nonce]);
        code.sign_in(&SignIn { host: &host, server_nonce: &nonce, ..SIGN_IN }).is_ok()
    };
    for (host, nonce) in [(1, 16), (253, 64)] {
        assert!(signs(host, nonce), "{host} {nonce}");
    }
    for (host, nonce) in [(0, 32), (254, 32), (13, 0), (13, 15), (13, 65)] {
        assert!(!signs(host, nonce), "{host} {nonce}");
    }
}
