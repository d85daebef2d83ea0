//! Checks that the wrap of every live keyslot is there, and that of no other.

use std::collections::HashMap;

use crystallum_api::Id;
use crystallum_format::ids::SlotId;
use crystallum_format::leaf::{LeafId, blob_hash};
use sqlx::SqliteConnection;

use super::report::{Meaning, Report};
use crate::admin::vault::Vault;
use crate::store::leaves;

/// Checks the wraps of an account.
pub(super) async fn check(
    conn: &mut SqliteConnection,
    account: Id,
    vault: &Vault,
    report: &mut Report,
) -> sqlx::Result<()> {
    let Some(state) = vault.state() else { return Ok(()) };
    // The id of a removed keyslot may have been used again. The last one is the live one.
    let last: HashMap<Id, u64> = vault.keyslots().iter().map(|added| (added.id, added.counter)).collect();
    for added in vault.keyslots() {
        let slot = SlotId::new(added.id.0);
        let place = format_args!("account {account}, keyslot {}, write {}", added.id, added.counter);
        let live = state.keyslot(slot).filter(|_| last.get(&added.id) == Some(&added.counter));
        match (live, added.wrap) {
            (Some(leaf), wrap) if wrap != Some(leaf.wrap_hash) => {
                let what = "its wrap is missing, or is not the one in the signed history";
                report.add_problem(place, what, Meaning::Wrap);
            }
            (Some(leaf), _) => {
                let stored = leaves::wrap(conn, account, LeafId::Keyslot(slot)).await?;
                if stored.is_some_and(|wrap| wrap.is_none_or(|wrap| blob_hash(&wrap) != leaf.wrap_hash)) {
                    let what = "the wrap among the live leaves is missing, or is another one";
                    report.add_problem(place, what, Meaning::Index);
                }
                let counter = leaves::counter(conn, account, LeafId::Keyslot(slot)).await?;
                if counter.is_some_and(|counter| counter != added.counter) {
                    report.add_problem(
                        place,
                        "another write is noted as the one that added it",
                        Meaning::Index,
                    );
                }
            }
            (None, Some(_)) => {
                report.add_problem(
                    place,
                    "it was removed, and its wrap is still there",
                    Meaning::RemovedWrap,
                );
            }
            (None, None) => (),
        }
    }
    Ok(())
}
