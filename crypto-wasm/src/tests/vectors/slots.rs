use serde_json::{Value, json};

use super::json::{array, bytes, hex, number, text};
use super::keyslot::{COLD, Offer, ROOT};
use super::{Case, Checked, File, Refusal, good, hostile};
use crate::{
    KeyEncryptionKey, Opener, PrfOutput, Scope, SlotContext, SlotId, SlotKind, VaultId, Wrap, blob_hash,
};

pub(super) const FILE: File = File { name: "slots", section: "4", check, cases };

/// Opens the first slot that opens. A wrap that cannot be read hides no other.
fn check(input: &Value) -> Checked {
    let scope = Scope::from_number(number(&input["scope"]))?;
    let output = PrfOutput::parse(&bytes(&input["prf"]))?;
    let credential_id = bytes(&input["credential_id"]);
    let kek = KeyEncryptionKey::from_passkey(&output, text(&input["rp_id"]), scope, &credential_id)?;
    let (mut opened, mut unreadable) = (None, Vec::new());
    for slot in input["slots"].as_array().expect("a list") {
        let kind = SlotKind::from_number(number(&slot["slot_kind"]))?;
        let of_scope = Scope::from_number(number(&slot["scope"]))?;
        let stored = bytes(&slot["wrap"]);
        if blob_hash(&stored) != array(&slot["hash"]) {
            return Err(Refusal(None));
        }
        let Some(wrap) = Wrap::from_bytes(&stored).ok().filter(|wrap| wrap.kind() == kind) else {
            unreadable.push(slot["id"].clone());
            continue;
        };
        let id = SlotId::new(array(&slot["id"]));
        let context = SlotContext {
            vault: VaultId::new(array(&input["vault"])),
            epoch: number(&input["epoch"]),
            slot: id,
        };
        let is_named = wrap.opener() == Opener::Passkey { credential_id: &credential_id };
        if opened.is_none() && of_scope == scope && is_named {
            opened = match scope {
                Scope::Root => kek.open_root(&wrap, context).map(|root| *root.0.expose()),
                Scope::Cold => kek.open_cold_root(&wrap, context).map(|root| *root.0.expose()),
            }
            .ok()
            .map(|root| (slot, root));
        }
    }
    let (slot, root) = opened.ok_or(Refusal(None))?;
    Ok(json!({
        "slot": slot["id"], "method": slot["method"], "root": hex(root), "unreadable": unreadable,
    }))
}

fn slot(id: u8, method: u8, kind: u8, scope: u8, wrap: &[u8]) -> Value {
    json!({
        "id": hex([id; 16]), "method": hex([method; 16]), "slot_kind": kind, "scope": scope,
        "hash": hex(blob_hash(wrap)), "wrap": hex(wrap),
    })
}

fn input(slots: &[Value]) -> Value {
    let mut input = ROOT.input(&[]);
    let fields = input.as_object_mut().expect("an object");
    fields.remove("slot");
    fields.remove("wrap");
    fields.insert("slots".to_owned(), slots.into());
    input
}

fn cases() -> Vec<Case> {
    let own = [slot(0x31, 0x30, 1, 1, &ROOT.wrap(1)), slot(0x32, 0x30, 1, 2, &COLD.wrap(2))];
    let pair = |kind, wrap: &[u8]| [slot(0x21, 0x20, kind, 1, wrap), slot(0x22, 0x20, kind, 2, wrap)];
    let beside = |before: [Value; 2]| input(&[before.as_slice(), &own].concat());
    let code = crate::RecoveryCode::random(&mut crate::tests::support::Fixed::new(8));
    let code = crystallum_format::encoding::Encoder::new("crystallum/1/keyslot/recovery")
        .field(1, &code.verifier())
        .field(2, &[0; 146])
        .finish();
    // Names the same credential, and was wrapped for another slot.
    let misplaced = Offer { slot: 0x41, ..ROOT }.wrap(1);
    let mut other_hash = own.clone();
    other_hash[0]["hash"] = json!(hex([1; 32]));
    let cold_bad = [own[0].clone(), slot(0x32, 0x30, 1, 2, b"no wrap at all.")];
    let root_bad = [slot(0x31, 0x30, 1, 1, b"no wrap at all."), own[1].clone()];
    let other = Offer { credential: b"another credential", ..COLD };
    vec![
        good("method", "both slots of a passkey", input(&own)),
        good(
            "no wrap",
            "beside a method whose wraps have 15 bytes of text",
            beside(pair(1, b"no wrap at all.")),
        ),
        good("empty wrap", "beside a method whose wraps are empty", beside(pair(1, &[]))),
        good(
            "other kind",
            "beside a method of passkey leaves and wraps of a recovery code",
            beside(pair(1, &code)),
        ),
        good(
            "other kind, own credential",
            "beside a method of recovery code leaves and wraps of this passkey",
            beside(pair(3, &Offer { slot: 0x21, ..ROOT }.wrap(3))),
        ),
        good(
            "same credential",
            "the first slot that names the credential does not open, the second does",
            beside(pair(1, &misplaced)),
        ),
        hostile(
            "alone without a wrap",
            "no wrap",
            "only the method that cannot be read",
            input(&pair(1, b"no wrap at all.")),
        ),
        hostile(
            "alone of another kind",
            "other kind, own credential",
            "only the method of another kind",
            input(&pair(3, &Offer { slot: 0x21, ..ROOT }.wrap(3))),
        ),
        hostile(
            "alone misplaced",
            "same credential",
            "only the one that does not open",
            input(&pair(1, &misplaced)),
        ),
        hostile("cold slot alone", "method", "only the slot of the other scope", input(&own[1..])),
        hostile("no slots", "method", "no slot is live", input(&[])),
        hostile("other hash", "method", "the leaf has another hash than the wrap", input(&other_hash)),
        good("cold wrap bad", "the method's other wrap cannot be read", input(&cold_bad)),
        good(
            "two openers",
            "the method's other wrap names another credential",
            input(&[own[0].clone(), slot(0x32, 0x30, 1, 2, &other.wrap(2))]),
        ),
        hostile("root wrap bad", "cold wrap bad", "the wrap of the slot to be opened", input(&root_bad)),
    ]
}

#[test]
fn recorded() {
    FILE.run(8, 7);
}
