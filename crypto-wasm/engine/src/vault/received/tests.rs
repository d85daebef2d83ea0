use crystallum_core::Scope;
use crystallum_format::samples::METHOD;

use super::*;
use crate::vault::slots::tests::vault_with;

/// A slot can be added again with the same wrap. The server keeps the wrap beside one of the
/// changes.
#[test]
fn a_wrap_may_come_with_either_of_two_changes_that_add_its_slot() {
    let (state, objects) = vault_with(&[(1, METHOD, Scope::Root)]);
    let (id, leaf) = state.keyslots().next().expect("a slot");
    let wrap = objects.wraps[&id].clone();
    let changed = BTreeSet::from([LeafId::Keyslot(id)]);
    for wraps in [[Some(wrap.clone()), None], [None, Some(wrap.clone())]] {
        let mut received = ReceivedBlobs::default();
        for wrap in wraps {
            received.keep(SealedChange::Keyslot(id, *leaf, wrap)).expect("it is kept");
        }
        let update = received
            .update(&state, &Objects::default(), &changed, MissingSecrets::Refuse)
            .expect("nothing is missing");
        assert_eq!(update.wraps, [(id, Some(wrap.clone()))]);
    }
}
