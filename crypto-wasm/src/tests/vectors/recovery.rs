use crystallum_format::encoding::Encoder;
use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::{Value, json};

use super::json::{array, bytes, hex, number, text};
use super::{Checked, File, Refusal, recovery_cases};
use crate::key::Key;
use crate::tests::support::{Given, VAULT, raw_seal};
use crate::{
    Purpose, RecoveryCode, Scope, SignIn, SlotContext, SlotId, VaultId, Wrap, lookup_hash, parse_sheet,
    sheet_text,
};

pub(super) const FILE: File = File { name: "recovery", section: "4", check, cases: recovery_cases::cases };

fn check(input: &Value) -> Checked {
    match text(&input["recovery"]) {
        "text" => {
            let code = RecoveryCode::parse(text(&input["text"]))?;
            Ok(json!({ "text": code.text().as_str() }))
        }
        "code" => Ok(derived(&array(&input["code"]))),
        "wrap" => wrap(input),
        "sign" => {
            let signed = signed(input)?;
            let signature = code(&array(&input["code"])).sign_in(&signed.as_sign_in())?;
            Ok(json!({ "message": hex(signed.message()), "signature": hex(signature) }))
        }
        "verify" => {
            let key = VerifyingKey::from_bytes(&array(&input["verifier"]))?;
            key.verify_strict(
                &signed(input)?.message(),
                &Signature::from_bytes(&array(&input["signature"])),
            )?;
            Ok(json!({}))
        }
        "sheet" => {
            let (code, floor) = parse_sheet(text(&input["text"]))?;
            let floor = floor.ok_or(Refusal(None))?;
            assert_eq!(*sheet_text(&code, &floor), text(&input["text"]), "one spelling");
            Ok(json!({
                "text": code.text().as_str(), "vault": hex(floor.vault.as_bytes()), "counter": floor.counter,
                "head": hex(floor.head),
            }))
        }
        other => panic!("{other} is of recovery"),
    }
}

/// The code with these bytes.
pub(super) fn code(bytes: &[u8; 16]) -> RecoveryCode {
    RecoveryCode::random(&mut Given(bytes.to_vec()))
}

/// Computes everything that derives from a code and compares it with the crate's own.
fn derived(bytes: &[u8; 16]) -> Value {
    let code = code(bytes);
    let (prk, _) = hkdf::Hkdf::<sha2::Sha256>::extract(Some(b"crystallum/1/recovery"), bytes);
    let prk = Key::from_slice(&prk).expect("32 bytes");
    let info = |name: &str| Encoder::new(&format!("crystallum/1/derive/{name}"));
    let lookup = prk.expand::<16>(&info("recovery.lookup").finish());
    let seed = prk.expand::<32>(&info("recovery.sign").finish());
    let verifier = ed25519_dalek::SigningKey::from_bytes(&seed).verifying_key().to_bytes();
    assert_eq!((code.lookup(), code.verifier()), (*lookup, verifier));
    let keks = [Scope::Root, Scope::Cold].map(|scope| {
        let kek = prk.expand::<32>(&info("keyslot.recovery").field(1, &[scope.number()]).finish());
        let key = Key::from_slice(kek.as_slice()).expect("32 bytes");
        let place: [(u8, &[u8]); 5] = [
            (2, VAULT.as_bytes()),
            (3, &1_u32.to_be_bytes()),
            (4, &[2; 16]),
            (5, &[3]),
            (6, &[scope.number()]),
        ];
        let blob = raw_seal(&key, "crystallum/1/seal/keyslot", &place, &[3; 32], &[4; 32], 64);
        let wrap = Encoder::new("crystallum/1/keyslot/recovery").field(1, &verifier).field(2, &blob).finish();
        let context = SlotContext { vault: VAULT, epoch: 1, slot: SlotId::new([2; 16]) };
        assert_eq!(open(&code, scope, &wrap, context), Ok([4; 32]), "the key is the one of the page");
        hex(kek.as_slice())
    });
    json!({
        "text": code.text().as_str(), "lookup": hex(code.lookup()), "lookup_hash": hex(lookup_hash(&code.lookup())),
        "seed": hex(seed.as_slice()), "verifier": hex(verifier), "kek_root": keks[0], "kek_cold": keks[1],
    })
}

fn open(code: &RecoveryCode, scope: Scope, wrap: &[u8], context: SlotContext) -> Result<[u8; 32], Refusal> {
    let wrap = Wrap::from_bytes(wrap)?;
    Ok(match scope {
        Scope::Root => *code.kek(scope).open_root(&wrap, context)?.0.expose(),
        Scope::Cold => *code.kek(scope).open_cold_root(&wrap, context)?.0.expose(),
    })
}

fn wrap(input: &Value) -> Checked {
    let context = SlotContext {
        vault: VaultId::new(array(&input["vault"])),
        epoch: number(&input["epoch"]),
        slot: SlotId::new(array(&input["slot"])),
    };
    let scope = Scope::from_number(number(&input["scope"]))?;
    let root = open(&code(&array(&input["code"])), scope, &bytes(&input["wrap"]), context)?;
    Ok(json!({ "root": hex(root) }))
}

/// The fields of the message that a recovery code signs.
struct Signed {
    host: String,
    server_nonce: Vec<u8>,
    client_nonce: [u8; 32],
    device_key_hash: [u8; 32],
    purpose: Purpose,
}

fn signed(input: &Value) -> Result<Signed, Refusal> {
    let purposes = [Purpose::SignIn, Purpose::ChangeSignInMethods, Purpose::DeleteVault];
    let purpose: u8 = number(&input["purpose"]);
    Ok(Signed {
        host: text(&input["host"]).to_owned(),
        server_nonce: bytes(&input["server_nonce"]),
        client_nonce: array(&input["client_nonce"]),
        device_key_hash: array(&input["device_key_hash"]),
        purpose: purposes.into_iter().find(|known| known.number() == purpose).ok_or(Refusal(None))?,
    })
}

impl Signed {
    fn as_sign_in(&self) -> SignIn<'_> {
        SignIn {
            host: &self.host,
            server_nonce: &self.server_nonce,
            client_nonce: self.client_nonce,
            device_key_hash: self.device_key_hash,
            purpose: self.purpose,
        }
    }

    /// Encodes the message by FORMAT.md alone.
    fn message(&self) -> Vec<u8> {
        Encoder::new("crystallum/1/recovery/login")
            .field(1, self.host.as_bytes())
            .field(2, &self.server_nonce)
            .field(3, &self.client_nonce)
            .field(4, &self.device_key_hash)
            .field(5, &[self.purpose.number()])
            .finish()
            .to_vec()
    }
}

#[test]
fn recorded() {
    FILE.run(20, 94);
}
