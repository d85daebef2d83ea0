use crystallum_format::encoding::Encoder;
use hkdf::Hkdf;
use serde_json::{Value, json};
use sha2::Sha256;

use super::json::{array, bytes, hex, number, text};
use super::{Case, Checked, File, Refusal, good, hostile};
use crate::key::Key;
use crate::tests::support::{Fixed, VAULT, raw_seal};
use crate::{
    Blob, ColdRoot, Environment, KeyEncryptionKey, PrfOutput, RecordContext, RecordId, Root, Scope, Secret,
    SlotContext, SlotId, VaultId, prf_input,
};

pub(super) const FILE: File = File { name: "derive", section: "2 and 4", check, cases };

fn check(input: &Value) -> Checked {
    match text(&input["derive"]) {
        "vault" => Ok(vault(input)),
        "prf inputs" => {
            Ok(json!({ "root": hex(prf_input(Scope::Root)), "cold": hex(prf_input(Scope::Cold)) }))
        }
        "prf outputs" => {
            PrfOutput::parse_both(&bytes(&input["first"]), &bytes(&input["second"]))?;
            Ok(json!({}))
        }
        "passkey" => passkey(input),
        "roots" => {
            let key = |name: &str| Key::from_slice(&array::<32>(&input[name])).expect("32 bytes");
            let (root, cold) = (Root(key("root")), ColdRoot(key("cold_root")));
            if cold.equals(&root) { Err(Refusal(None)) } else { Ok(json!({})) }
        }
        "local" => Ok(local(input)),
        other => panic!("{other} is derived"),
    }
}

/// Computes the key schedule step by step and compares it with the crate's own keys.
fn vault(input: &Value) -> Value {
    let root = Key::from_slice(&array::<32>(&input["root"])).expect("32 bytes");
    let (vault, epoch) = (VaultId::new(array(&input["vault"])), number::<u32>(&input["epoch"]));
    let derive = |parent: &Key, name: &str| {
        let info = Encoder::new(&format!("crystallum/1/derive/{name}"))
            .field(1, vault.as_bytes())
            .field(2, &epoch.to_be_bytes())
            .finish();
        Key::from_slice(parent.expand::<32>(&info).as_slice()).expect("32 bytes")
    };
    let items = derive(&root, "items");
    let (overview, secret) = (derive(&items, "overview"), derive(&items, "secret"));
    let seed = derive(&root, "manifest");

    let (keys, signer) = Root(root).unlock(vault, epoch);
    let record = RecordContext { record: RecordId::new([1; 16]), version: 1, environment: Environment::Real };
    let sealed = keys
        .seal_secret(record, &Secret::Profile { earlier_roots: Vec::new() }, &mut Fixed::new(1))
        .expect("within limits");
    let salt = sealed.as_bytes()[2..34].try_into().expect("32 bytes");
    let place: [(u8, &[u8]); 6] = [
        (2, vault.as_bytes()),
        (3, &epoch.to_be_bytes()),
        (4, &[1; 16]),
        (5, &[2]),
        (6, &1_u64.to_be_bytes()),
        (7, &[1]),
    ];
    let content = Encoder::new("crystallum/1/record/profile.secret").finish();
    let again = raw_seal(&secret, "crystallum/1/seal/secret", &place, &salt, &content, 1024);
    assert_eq!(sealed, Blob::from_bytes(again), "the secret key is the one of the schedule");
    let public = ed25519_dalek::SigningKey::from_bytes(seed.expose()).verifying_key().to_bytes();
    assert_eq!(signer.verifier().as_bytes(), &public);

    json!({
        "items": hex(items.expose()), "overview_key": hex(overview.expose()), "secret_key": hex(secret.expose()),
        "vault_signing_seed": hex(seed.expose()), "vault_public_key": hex(public),
    })
}

/// Computes the local key, and checks that it is the one that opens a draft.
fn local(input: &Value) -> Value {
    let root = Key::from_slice(&array::<32>(&input["root"])).expect("32 bytes");
    let (vault, epoch) = (VaultId::new(array(&input["vault"])), number::<u32>(&input["epoch"]));
    let place: [(u8, &[u8]); 2] = [(1, vault.as_bytes()), (2, &epoch.to_be_bytes())];
    let info = Encoder::new("crystallum/1/derive/local").field(1, place[0].1).field(2, place[1].1).finish();
    let local = Key::from_slice(root.expand::<32>(&info).as_slice()).expect("32 bytes");
    let place = [(2, place[0].1), (3, place[1].1)];
    let draft = raw_seal(&local, "crystallum/1/seal/draft", &place, &[9; 32], b"typed", 2048);
    let (keys, _) = Root(root).unlock(vault, epoch);
    assert_eq!(keys.open_draft(&Blob::from_bytes(draft)).expect("its own draft").as_slice(), b"typed");
    json!({ "local_key": hex(local.expose()) })
}

/// Computes the key-encryption key step by step and compares it with the crate's own.
fn passkey(input: &Value) -> Checked {
    let (prf, rp_id) = (bytes(&input["prf"]), text(&input["rp_id"]));
    let (scope, credential) = (Scope::from_number(number(&input["scope"]))?, bytes(&input["credential_id"]));
    let kek = KeyEncryptionKey::from_passkey(&PrfOutput::parse(&prf)?, rp_id, scope, &credential)?;
    let info = Encoder::new("crystallum/1/derive/keyslot.passkey")
        .field(1, rp_id.as_bytes())
        .field(2, &[scope.number()])
        .field(3, &credential)
        .finish();
    let mut expected = [0; 32];
    Hkdf::<Sha256>::new(Some(&[]), &prf).expand(&info, &mut expected).map_err(|_| Refusal(None))?;

    let slot = SlotContext { vault: VAULT, epoch: 1, slot: SlotId::new([2; 16]) };
    let place: [(u8, &[u8]); 5] =
        [(2, VAULT.as_bytes()), (3, &1_u32.to_be_bytes()), (4, &[2; 16]), (5, &[1]), (6, &[scope.number()])];
    let key = Key::from_slice(&expected).expect("32 bytes");
    let blob = raw_seal(&key, "crystallum/1/seal/keyslot", &place, &[3; 32], &[4; 32], 64);
    let wrap = Encoder::new("crystallum/1/keyslot/passkey").field(1, &credential).field(2, &blob).finish();
    let wrap = crate::Wrap::from_bytes(&wrap).expect("a wrap within limits");
    let opened = match scope {
        Scope::Root => kek.open_root(&wrap, slot).map(|root| *root.0.expose()),
        Scope::Cold => kek.open_cold_root(&wrap, slot).map(|root| *root.0.expose()),
    };
    assert_eq!(opened, Ok([4; 32]), "the key is the one of the page");
    Ok(json!({ "kek": hex(expected) }))
}

fn cases() -> Vec<Case> {
    let vault = |root: u8, vault: u8, epoch: u32| json!({ "derive": "vault", "root": hex([root; 32]), "vault": hex([vault; 16]), "epoch": epoch });
    let passkey = |prf: &[u8], rp_id: &str, scope: u8, credential: &[u8]| json!({ "derive": "passkey", "prf": hex(prf), "rp_id": rp_id, "scope": scope, "credential_id": hex(credential) });
    let outputs = |first: &[u8], second: &[u8]| json!({ "derive": "prf outputs", "first": hex(first), "second": hex(second) });
    let roots = |root: u8, cold: u8| json!({ "derive": "roots", "root": hex([root; 32]), "cold_root": hex([cold; 32]) });
    let prf = [5; 32];
    let (host, id): (&str, &[u8]) = ("vault.example", b"credential");
    vec![
        good("vault", "root, vault and epoch as in most other vectors", vault(1, 0x11, 1)),
        good("other root", "all keys are others", vault(2, 0x11, 1)),
        good("other vault", "all keys are others", vault(1, 0x12, 1)),
        good("other epoch", "all keys are others", vault(1, 0x11, 2)),
        good(
            "local key",
            "of the root, vault and epoch as in most other vectors",
            json!({ "derive": "local", "root": hex([1; 32]), "vault": hex([0x11; 16]), "epoch": 1 }),
        ),
        good("epoch 0", "a state that no heads lead to may have it", vault(1, 0x11, 0)),
        good(
            "passkey, other letters",
            "a reader does not check the RP id's",
            passkey(&prf, "Vault.Exämple", 1, id),
        ),
        good("prf inputs", "SHA-256 of the two labels", json!({ "derive": "prf inputs" })),
        good("passkey", "the root slot's key", passkey(&prf, host, 1, id)),
        good("passkey, cold", "the cold slot's key", passkey(&prf, host, 2, id)),
        good("passkey, other host", "another RP id", passkey(&prf, "vault.example.org", 1, id)),
        good(
            "passkey, border moved",
            "the RP id's last letter in the credential id",
            passkey(&prf, "vault.exampl", 1, b"ecredential"),
        ),
        good(
            "passkey, longest",
            "RP id of 253 bytes, credential id of 1023",
            passkey(&prf, &"a".repeat(253), 1, &[7; 1023]),
        ),
        hostile("output of 31 bytes", "passkey", "a byte less", passkey(&[5; 31], host, 1, id)),
        hostile("output of 33 bytes", "passkey", "a byte more", passkey(&[5; 33], host, 1, id)),
        hostile("output of 64 bytes", "passkey", "twice the bytes", passkey(&[5; 64], host, 1, id)),
        hostile("no output", "passkey", "no bytes", passkey(&[], host, 1, id)),
        hostile("zero output", "passkey", "32 zero bytes", passkey(&[0; 32], host, 1, id)),
        hostile("no RP id", "passkey", "an empty RP id", passkey(&prf, "", 1, id)),
        hostile(
            "RP id of 254 bytes",
            "passkey",
            "a byte above the limit",
            passkey(&prf, &"a".repeat(254), 1, id),
        ),
        hostile("no credential id", "passkey", "an empty credential id", passkey(&prf, host, 1, b"")),
        hostile(
            "credential id of 1024 bytes",
            "passkey",
            "a byte above the limit",
            passkey(&prf, host, 1, &[7; 1024]),
        ),
        hostile("scope 0", "passkey", "no scope", passkey(&prf, host, 0, id)),
        hostile("scope 3", "passkey", "an unknown scope", passkey(&prf, host, 3, id)),
        good("two roots", "both of one method", roots(1, 2)),
        hostile("equal roots", "two roots", "the cold root is the root", roots(1, 1)),
        good("two outputs", "both of one touch", outputs(&[5; 32], &[6; 32])),
        hostile("equal outputs", "two outputs", "the same for both inputs", outputs(&[5; 32], &[5; 32])),
        hostile("first output zero", "two outputs", "32 zero bytes", outputs(&[0; 32], &[6; 32])),
        hostile("second output zero", "two outputs", "32 zero bytes", outputs(&[5; 32], &[0; 32])),
        hostile("second output short", "two outputs", "a byte less", outputs(&[5; 32], &[6; 31])),
    ]
}

#[test]
fn recorded() {
    FILE.run(15, 16);
}
