use crystallum_format::encoding::Encoder;
use serde_json::{Value, json};

use super::json::{array, bytes, hex, number, text};
use super::{Case, Checked, File, good, hostile};
use crate::key::Key;
use crate::tests::support::raw_seal;
use crate::{KeyEncryptionKey, PrfOutput, Scope, SlotContext, SlotId, VaultId, Wrap};

pub(super) const FILE: File = File { name: "keyslot", section: "4", check, cases };

fn check(input: &Value) -> Checked {
    let scope = Scope::from_number(number(&input["scope"]))?;
    let output = PrfOutput::parse(&bytes(&input["prf"]))?;
    let kek = KeyEncryptionKey::from_passkey(
        &output,
        text(&input["rp_id"]),
        scope,
        &bytes(&input["credential_id"]),
    )?;
    let context = SlotContext {
        vault: VaultId::new(array(&input["vault"])),
        epoch: number(&input["epoch"]),
        slot: SlotId::new(array(&input["slot"])),
    };
    let wrap = Wrap::from_bytes(&bytes(&input["wrap"]))?;
    let root = match scope {
        Scope::Root => *kek.open_root(&wrap, context)?.0.expose(),
        Scope::Cold => *kek.open_cold_root(&wrap, context)?.0.expose(),
    };
    Ok(json!({ "root": hex(root) }))
}

#[derive(Clone, Copy)]
pub(super) struct Offer<'a> {
    pub(super) prf: u8,
    pub(super) rp_id: &'a str,
    pub(super) scope: u8,
    pub(super) credential: &'a [u8],
    pub(super) vault: u8,
    pub(super) epoch: u32,
    pub(super) slot: u8,
}

pub(super) const ROOT: Offer = Offer {
    prf: 5,
    rp_id: "vault.example",
    scope: 1,
    credential: b"credential",
    vault: 0x11,
    epoch: 1,
    slot: 0x31,
};
pub(super) const COLD: Offer = Offer { prf: 6, scope: 2, slot: 0x32, ..ROOT };

impl Offer<'_> {
    pub(super) fn input(&self, wrap: &[u8]) -> Value {
        json!({
            "prf": hex([self.prf; 32]), "rp_id": self.rp_id, "scope": self.scope,
            "credential_id": hex(self.credential), "vault": hex([self.vault; 16]), "epoch": self.epoch,
            "slot": hex([self.slot; 16]), "wrap": hex(wrap),
        })
    }

    fn kek(&self) -> Key {
        let info = Encoder::new("crystallum/1/derive/keyslot.passkey")
            .field(1, self.rp_id.as_bytes())
            .field(2, &[self.scope])
            .field(3, self.credential)
            .finish();
        let mut kek = [0; 32];
        hkdf::Hkdf::<sha2::Sha256>::new(None, &[self.prf; 32]).expand(&info, &mut kek).expect("short");
        Key::from_slice(&kek).expect("32 bytes")
    }

    fn blob(&self, kek: &Key, kind: u8, root: &[u8], class: usize) -> Vec<u8> {
        let (vault, slot) = ([self.vault; 16], [self.slot; 16]);
        let place: [(u8, &[u8]); 5] =
            [(2, &vault), (3, &self.epoch.to_be_bytes()), (4, &slot), (5, &[kind]), (6, &[self.scope])];
        raw_seal(kek, "crystallum/1/seal/keyslot", &place, &[9; 32], root, class)
    }

    pub(super) fn wrap(&self, root: u8) -> Vec<u8> {
        wrap(self.credential, &self.blob(&self.kek(), 1, &[root; 32], 64))
    }
}

fn wrap(credential: &[u8], blob: &[u8]) -> Vec<u8> {
    Encoder::new("crystallum/1/keyslot/passkey").field(1, credential).field(2, blob).finish().to_vec()
}

fn cases() -> Vec<Case> {
    let (root, cold) = (ROOT.wrap(1), COLD.wrap(2));
    let blob = ROOT.blob(&ROOT.kek(), 1, &[1; 32], 64);
    let input = |wrap: &[u8]| ROOT.input(wrap);
    let changed = |at: usize| {
        let mut wrap = root.clone();
        wrap[at] ^= 1;
        wrap
    };
    let longest = [7; 1023];
    let long = Offer { credential: &longest, ..ROOT };
    let relabelled =
        Encoder::new("crystallum/1/keyslot/password").field(1, ROOT.credential).field(2, &blob).finish();
    let three =
        Encoder::new("crystallum/1/keyslot/passkey").field(1, ROOT.credential).field(2, &blob).field(3, &[]);
    vec![
        good("root", "the root slot of a passkey", input(&root)),
        good("cold", "the cold slot of the same passkey", COLD.input(&cold)),
        good("longest credential id", "1023 bytes", long.input(&long.wrap(1))),
        hostile("output", "root", "another PRF output", Offer { prf: 6, ..ROOT }.input(&root)),
        hostile("RP id", "root", "another host", Offer { rp_id: "vault.example.org", ..ROOT }.input(&root)),
        hostile(
            "RP id in capitals",
            "root",
            "the same host in other letters",
            Offer { rp_id: "Vault.example", ..ROOT }.input(&root),
        ),
        hostile("vault", "root", "another vault", Offer { vault: 0x12, ..ROOT }.input(&root)),
        hostile("epoch", "root", "another epoch", Offer { epoch: 2, ..ROOT }.input(&root)),
        hostile("slot", "root", "another slot", Offer { slot: 0x32, ..ROOT }.input(&root)),
        hostile("scope", "root", "opened as cold", Offer { scope: 2, ..ROOT }.input(&root)),
        hostile(
            "scopes swapped",
            "cold",
            "offered in the root's place",
            Offer { prf: 6, ..ROOT }.input(&cold),
        ),
        hostile(
            "slot kind",
            "root",
            "sealed for slot kind 2",
            input(&wrap(ROOT.credential, &ROOT.blob(&ROOT.kek(), 2, &[1; 32], 64))),
        ),
        hostile(
            "other passkey",
            "root",
            "the credential id that the browser returned is another",
            Offer { credential: b"other", ..ROOT }.input(&root),
        ),
        hostile(
            "credential id replaced",
            "root",
            "the wrap names another passkey",
            input(&wrap(b"credentiam", &blob)),
        ),
        hostile(
            "credential id relabelled",
            "root",
            "the wrap of one passkey names another, which opens it",
            Offer { credential: b"other", ..ROOT }.input(&wrap(b"other", &blob)),
        ),
        hostile(
            "zero root",
            "root",
            "32 zero bytes are wrapped",
            input(&wrap(ROOT.credential, &ROOT.blob(&ROOT.kek(), 1, &[0; 32], 64))),
        ),
        hostile(
            "zero cold root",
            "cold",
            "32 zero bytes are wrapped",
            COLD.input(&wrap(COLD.credential, &COLD.blob(&COLD.kek(), 1, &[0; 32], 64))),
        ),
        hostile(
            "short root",
            "root",
            "31 bytes are wrapped",
            input(&wrap(ROOT.credential, &ROOT.blob(&ROOT.kek(), 1, &[1; 31], 64))),
        ),
        hostile(
            "long root",
            "root",
            "33 bytes are wrapped",
            input(&wrap(ROOT.credential, &ROOT.blob(&ROOT.kek(), 1, &[1; 33], 64))),
        ),
        hostile(
            "other class",
            "root",
            "padded to 128",
            input(&wrap(ROOT.credential, &ROOT.blob(&ROOT.kek(), 1, &[1; 32], 128))),
        ),
        hostile("no blob", "root", "an empty blob", input(&wrap(ROOT.credential, &[]))),
        hostile("no credential id", "root", "an empty credential id", input(&wrap(&[], &blob))),
        hostile(
            "credential id of 1024 bytes",
            "longest credential id",
            "a byte more",
            input(&wrap(&[7; 1024], &blob)),
        ),
        hostile("label", "root", "another kind of keyslot", input(&relabelled)),
        hostile("third field", "root", "an empty field 3", input(&three.finish())),
        hostile("cut", "root", "the last byte left out", input(&root[..root.len() - 1])),
        hostile("longer", "root", "one zero byte more", input(&[root.as_slice(), &[0]].concat())),
        hostile("salt", "root", "a flipped bit in the salt", input(&changed(root.len() - 144))),
        hostile("commitment", "root", "a flipped bit in the commitment", input(&changed(root.len() - 112))),
        hostile("ciphertext", "root", "a flipped bit in the ciphertext", input(&changed(root.len() - 80))),
        hostile("tag", "root", "a flipped bit in the tag", input(&changed(root.len() - 1))),
    ]
}

#[test]
fn recorded() {
    FILE.run(3, 28);
}
