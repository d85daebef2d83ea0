//! Opening both roots of a vault with one passkey, from the live slots as a reader finds them.

use serde_json::{Value, json};

use super::json::{array, bytes, hex, list, number, text};
use super::keyslot::{COLD, Offer, ROOT};
use super::{Case, Checked, File, Refusal, good, hostile};
use crate::key::Key;
use crate::{
    ColdRoot, KeyEncryptionKey, Opener, PrfOutput, Root, Scope, SlotContext, SlotId, SlotKind, VaultId, Wrap,
    blob_hash,
};

pub(super) const FILE: File = File { name: "roots", section: "4 and 10", check, cases };

/// A slot whose wrap is the one of its leaf and can be read.
struct Readable<'a> {
    slot: &'a Value,
    scope: Scope,
    wrap: Wrap,
}

/// Opens the root and, if it can be opened, the cold root.
fn check(input: &Value) -> Checked {
    let (mut alarms, mut readable) = (Vec::new(), Vec::new());
    for slot in list(&input["slots"]) {
        let kind = SlotKind::from_number(number(&slot["slot_kind"]))?;
        let scope = Scope::from_number(number(&slot["scope"]))?;
        let stored = slot["wrap"].as_str().map(|_| bytes(&slot["wrap"]));
        let Some(stored) = stored.filter(|wrap| blob_hash(wrap) == array(&slot["hash"])) else {
            alarms.push(slot["id"].clone());
            continue;
        };
        let wrap = Wrap::from_bytes(&stored).ok().filter(|wrap| wrap.kind() == kind);
        readable.extend(wrap.map(|wrap| Readable { slot, scope, wrap }));
    }
    PrfOutput::parse_both(&bytes(&input["prf"]), &bytes(&input["cold_prf"]))?;
    // Without the credential's id, each wrap is tried with the one that it names.
    let known = input["credential_id"].as_str().map(|_| bytes(&input["credential_id"]));
    let open = |scope: Scope, output: &[u8], known: Option<&[u8]>, not: Option<&[u8; 32]>| {
        let output = PrfOutput::parse(output)?;
        for Readable { slot, wrap, .. } in readable.iter().filter(|slot| slot.scope == scope) {
            let Opener::Passkey { credential_id } = wrap.opener() else { continue };
            if known.is_some_and(|known| known != credential_id) {
                continue;
            }
            let kek = KeyEncryptionKey::from_passkey(&output, text(&input["rp_id"]), scope, credential_id)?;
            let id = SlotId::new(array(&slot["id"]));
            let vault = VaultId::new(array(&input["vault"]));
            let context = SlotContext { vault, epoch: number(&input["epoch"]), slot: id };
            let opened = match scope {
                Scope::Root => kek.open_root(wrap, context).map(|root| *root.0.expose()),
                Scope::Cold => kek.open_cold_root(wrap, context).map(|root| *root.0.expose()),
            };
            let key = |bytes: &[u8; 32]| Key::from_slice(bytes).expect("32 bytes");
            let is_other =
                |root: &[u8; 32]| not.is_none_or(|not| !ColdRoot(key(root)).equals(&Root(key(not))));
            if let Some(root) = opened.ok().filter(is_other) {
                return Ok(Some((slot["id"].clone(), root, credential_id.to_vec())));
            }
        }
        Ok::<_, Refusal>(None)
    };
    let (slot, root, credential) =
        open(Scope::Root, &bytes(&input["prf"]), known.as_deref(), None)?.ok_or(Refusal(None))?;
    let cold = open(Scope::Cold, &bytes(&input["cold_prf"]), Some(&credential), Some(&root))?;
    let (cold_slot, cold_root) = match cold {
        Some((slot, root, _)) => (slot, hex(root)),
        None => (Value::Null, Value::Null),
    };
    Ok(
        json!({ "slot": slot, "root": hex(root), "cold_slot": cold_slot, "cold_root": cold_root, "alarms": alarms }),
    )
}

fn slot(id: u8, method: u8, scope: u8, wrap: &[u8]) -> Value {
    json!({
        "id": hex([id; 16]), "method": hex([method; 16]), "slot_kind": 1, "scope": scope,
        "hash": hex(blob_hash(wrap)), "wrap": hex(wrap),
    })
}

/// Returns an input for a reader that does not know the credential's id.
fn unknown(slots: &[Value]) -> Value {
    json!({
        "vault": hex([ROOT.vault; 16]), "epoch": ROOT.epoch, "rp_id": ROOT.rp_id,
        "prf": hex([ROOT.prf; 32]), "cold_prf": hex([COLD.prf; 32]), "slots": slots,
    })
}

fn known(slots: &[Value]) -> Value {
    let mut input = unknown(slots);
    input["credential_id"] = hex(ROOT.credential);
    input
}

fn cases() -> Vec<Case> {
    let own = [slot(0x31, 0x30, 1, &ROOT.wrap(1)), slot(0x32, 0x30, 2, &COLD.wrap(2))];
    // A method of the same credential whose wraps are for other slots.
    let misplaced = |at: u8| {
        let root = Offer { slot: 0x41, ..ROOT }.wrap(1);
        let cold = Offer { slot: 0x42, ..COLD }.wrap(2);
        [slot(at, at, 1, &root), slot(at + 1, at, 2, &cold)]
    };
    let before = misplaced(0x21);
    let second = [
        slot(0x51, 0x50, 1, &Offer { slot: 0x51, ..ROOT }.wrap(1)),
        slot(0x52, 0x50, 2, &Offer { slot: 0x52, ..COLD }.wrap(2)),
    ];
    let missing = |slot: &Value| {
        let mut slot = slot.clone();
        slot["wrap"] = Value::Null;
        slot
    };
    let other = |slot: &Value| {
        let mut slot = slot.clone();
        slot["hash"] = hex([1; 32]);
        slot
    };
    let unreadable = |scope, id| slot(id, 0x30, scope, b"no wrap at all.");
    let foreign = Offer { credential: b"another credential", ..COLD };
    let equal = slot(0x32, 0x30, 2, &COLD.wrap(1));
    let none: [Value; 0] = [];
    let with_cold = |output: &[u8]| {
        let mut input = known(&own);
        input["cold_prf"] = hex(output);
        input
    };
    vec![
        good("method", "both slots of a passkey", known(&own)),
        good("method, credential unknown", "it follows from the wraps", unknown(&own)),
        good(
            "misplaced slots before",
            "of the same credential: they do not open",
            known(&[before.clone(), own.clone()].concat()),
        ),
        good(
            "cold slot of another method",
            "the cold slot of the opened method does not open, one of the same credential does",
            known(&[own[0].clone(), before[1].clone(), second[1].clone()]),
        ),
        good(
            "two methods of one credential",
            "the first slots are used",
            unknown(&[own.clone(), second.clone()].concat()),
        ),
        good(
            "root slots of one method, cold slots of another",
            "the slots that open are of two methods",
            unknown(&[
                missing(&before[0]),
                unreadable(2, 0x22),
                own[0].clone(),
                other(&own[1]),
                second[1].clone(),
            ]),
        ),
        good(
            "cold slot missing",
            "its wrap: an alarm, and no cold root",
            known(&[own[0].clone(), missing(&own[1])]),
        ),
        good(
            "cold slot of another hash",
            "an alarm, and no cold root",
            known(&[own[0].clone(), other(&own[1])]),
        ),
        good(
            "cold slot unreadable",
            "no alarm, and no cold root",
            known(&[own[0].clone(), unreadable(2, 0x32)]),
        ),
        good("no cold slot", "no cold root", known(&own[..1])),
        good("cold root equals the root", "the slot does not open", known(&[own[0].clone(), equal.clone()])),
        good(
            "cold root equals the root, another does not",
            "the next slot opens",
            known(&[own[0].clone(), equal, second[1].clone()]),
        ),
        good(
            "cold slot of another credential",
            "sealed with this passkey's output: it names another credential than the slot that opened",
            unknown(&[own[0].clone(), slot(0x32, 0x30, 2, &foreign.wrap(2))]),
        ),
        good(
            "alarms of slots that are not needed",
            "after the one that opens, of both scopes",
            known(&[own.as_slice(), &[missing(&second[0]), other(&second[1])]].concat()),
        ),
        good(
            "alarm before the slot that opens",
            "the first slot of the credential is passed over",
            known(&[&[other(&before[0]), before[1].clone()][..], &own].concat()),
        ),
        hostile("no root slot", "method", "only the cold slot", known(&own[1..])),
        hostile("root slot missing", "method", "its wrap", known(&[missing(&own[0]), own[1].clone()])),
        hostile(
            "root slot of another hash",
            "method",
            "the leaf's hash",
            known(&[other(&own[0]), own[1].clone()]),
        ),
        hostile("root slot unreadable", "method", "no wrap", known(&[unreadable(1, 0x31), own[1].clone()])),
        hostile("only misplaced slots", "misplaced slots before", "none opens", unknown(&before)),
        hostile("equal outputs", "method", "the cold output is the other one", with_cold(&[ROOT.prf; 32])),
        hostile("cold output of zeros", "method", "32 zero bytes", with_cold(&[0; 32])),
        hostile("short cold output", "method", "31 bytes", with_cold(&[COLD.prf; 31])),
        hostile("no slots", "method", "none is live", known(&none)),
    ]
}

#[test]
fn recorded() {
    FILE.run(15, 9);
}
