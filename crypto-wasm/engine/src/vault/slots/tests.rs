use std::collections::BTreeMap;

use crystallum_core::{Entropy, HeadBody, Leaf, LeafId, RecoveryCode, Root, SlotContext};
use crystallum_format::samples::{self, METHOD};

use super::*;
use crate::vault::wrap_bytes::WrapBytes;

const OTHER: MethodId = MethodId::new([0x81; 16]);

struct Counting(u8);

impl Entropy for Counting {
    fn fill(&mut self, out: &mut [u8]) {
        self.0 += 1;
        out.fill(self.0);
    }
}

/// Returns the sample vault with these keyslots alone, all of one recovery code. Each is given by a
/// byte of its id, its method and its scope.
pub(in crate::vault) fn vault_with(slots: &[(u8, MethodId, Scope)]) -> (VaultState, Objects) {
    let (known, mut objects) = (samples::written(), Objects::default());
    let others = known.leaves().filter(|(id, _)| !matches!(id, LeafId::Keyslot(_)));
    let mut leaves: BTreeMap<LeafId, Leaf> = others.map(|(id, leaf)| (id, *leaf)).collect();
    let random = &mut Counting(0);
    let (root, code) = (Root::random(random), RecoveryCode::random(random));
    for (id, method, scope) in slots {
        let slot = SlotId::new([*id; 16]);
        let context = SlotContext { vault: samples::VAULT, epoch: 1, slot };
        // What is in it does not matter here, since nothing is opened.
        let wrap = code.kek(Scope::Root).wrap_root(&root, context, random).expect("a key for the root");
        let wrap = WrapBytes::from(&wrap);
        let leaf = KeyslotLeaf {
            method: *method,
            kind: SlotKind::RecoveryCode,
            scope: *scope,
            wrap_hash: wrap.hash(),
        };
        leaves.insert(LeafId::Keyslot(slot), Leaf::Keyslot(leaf));
        objects.wraps.insert(slot, wrap);
    }
    let tree = samples::tree(&leaves);
    let body = HeadBody { root: tree.root(), leaves: tree.leaves(), ..*known.head().body() };
    let state = VaultState::restore(samples::sign(body, 0x21), known.past().clone(), leaves).expect("signed");
    (state, objects)
}

#[test]
fn a_method_is_listed_once_and_is_whole_with_one_slot_of_each_scope() {
    use Scope::{Cold, Root};
    let listed = |slots: &[(u8, MethodId, Scope)]| {
        let (state, objects) = vault_with(slots);
        let listed = methods(&state).map(|(id, _)| (id, is_readable(&state, &objects, id)));
        listed.collect::<Vec<_>>()
    };
    assert_eq!(listed(&[(1, METHOD, Root), (2, METHOD, Cold)]), [(METHOD, true)]);
    assert_eq!(listed(&[(1, METHOD, Root)]), [(METHOD, false)]);
    assert_eq!(listed(&[(1, METHOD, Root), (2, METHOD, Root)]), [(METHOD, false)]);
    assert_eq!(listed(&[(1, METHOD, Root), (2, METHOD, Root), (3, METHOD, Cold)]), [(METHOD, false)]);
    assert_eq!(listed(&[(1, METHOD, Root), (2, METHOD, Cold), (3, METHOD, Cold)]), [(METHOD, false)]);
    assert_eq!(listed(&[(1, METHOD, Cold), (2, OTHER, Root), (3, OTHER, Cold)]), [(OTHER, true)]);
    assert_eq!(listed(&[(1, METHOD, Cold)]), []);
}
