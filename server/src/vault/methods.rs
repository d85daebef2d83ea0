//! The sign-in methods that a commit adds and removes. What signs in on the server belongs to one
//! of them. Keyslots name their passkey inside a wrap that the server cannot compare with anything,
//! and a client names what it likes, so neither decides what goes with a method.

use std::collections::{BTreeMap, BTreeSet};

use crystallum_api::{Change, Code, Id};
use crystallum_format::ids::SlotId;
use crystallum_format::keyslot::{Scope, SlotKind};
use crystallum_format::leaf::{Leaf, LeafId};
use crystallum_format::state::VaultState;
use sqlx::SqliteConnection;

use crate::store::{credentials, leaves, recovery};

/// Returns the sign-in method to which a new passkey or recovery code belongs: the one that the
/// changes add or, if they add several, the one of its kind. What belongs to none is refused,
/// because it would stay when every method is removed.
pub(crate) fn added_method(changes: &[Change], kind: SlotKind) -> Result<Id, Code> {
    let mut added: BTreeMap<Id, u8> = BTreeMap::new();
    for change in changes {
        if let Change::Keyslot { method, slot_kind, .. } = change {
            added.insert(*method, *slot_kind);
        }
    }
    if added.len() > 1 {
        added.retain(|_, slot_kind| *slot_kind == kind.number());
    }
    let mut methods = added.into_keys();
    match (methods.next(), methods.next()) {
        (Some(method), None) => Ok(method),
        _ => Err(Code::BadRequest),
    }
}

/// Returns the sign-in methods of which changes remove keyslots. The changes are not applied yet.
pub(crate) async fn removed_methods(
    conn: &mut SqliteConnection,
    account: Id,
    changes: &[Change],
) -> sqlx::Result<BTreeSet<Id>> {
    let mut removed = BTreeSet::new();
    for change in changes {
        if let Change::KeyslotGone { id } = change
            && let Some(Leaf::Keyslot(slot)) =
                leaves::find(conn, account, LeafId::Keyslot(SlotId::new(id.0))).await?
        {
            removed.insert(Id(*slot.method.as_bytes()));
        }
    }
    Ok(removed)
}

/// Returns the live sign-in methods of a state with which nobody can sign in at this server. There
/// are some after it has lost what came with them, and their commits were put back.
pub(crate) async fn lacking_methods(
    conn: &mut SqliteConnection,
    account: Id,
    state: &VaultState,
) -> sqlx::Result<BTreeSet<Id>> {
    let roots = state.keyslots().filter(|(_, slot)| slot.scope == Scope::Root);
    let mut lacking: BTreeSet<_> = roots.map(|(_, slot)| Id(*slot.method.as_bytes())).collect();
    for known in credentials::methods(conn, account).await? {
        lacking.remove(&known);
    }
    if let Some(known) = recovery::method(conn, account).await? {
        lacking.remove(&known);
    }
    Ok(lacking)
}
