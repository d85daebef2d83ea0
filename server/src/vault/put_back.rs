//! Puts back commits that this server had and has lost, because a backup was restored. Each is
//! verified as when it was made: it must follow the stored state by the rules of the format, with
//! both signatures. So a session alone puts nothing back that devices of the vault have not signed,
//! one after the other, and the owner's own commits cannot be told in another order or with gaps.
//!
//! What is not there any more need not come back: the blob of a part that a later commit replaces,
//! and the wrap of a keyslot that a later commit removes. Of each dealing that is live at the end,
//! enough shares must be in their stores, since the phrase that an earlier dealing opens goes.

use std::collections::BTreeMap;

use crystallum_api::{Change, Code, Commit, Id};
use crystallum_format::head::SignedHead;
use crystallum_share_store::Key;
use sqlx::SqliteConnection;

use crate::app::state::App;
use crate::auth::session::Authenticated;
use crate::http::error::{ApiError, ApiResult};
use crate::store::{accounts, commits, credentials, recovery, sessions};
use crate::vault::change::Source;
use crate::vault::methods::removed_methods;
use crate::vault::restored::is_after_restore;
use crate::vault::states::Prepared;
use crate::vault::write::{Applied, apply_from};

/// Applies well-formed consecutive commits within a transaction, except those that are stored
/// already. After an error the transaction must be rolled back.
pub(crate) async fn apply_all(
    app: &App,
    conn: &mut SqliteConnection,
    auth: &Authenticated,
    mut lost: Vec<Commit>,
    prepared: Prepared,
) -> ApiResult<Applied> {
    let account = auth.account;
    let stored = accounts::find(conn, account).await?.ok_or(Code::SessionExpired)?.counter;
    let known = lost.iter().filter(|commit| commit.expected_counter < stored).count();
    let missing = lost.split_off(known);
    // The newest that both know stands for those before it, which its hash commits to.
    if let Some(newest) = lost.last()
        && !is_stored(conn, account, newest).await?
    {
        return Err(ApiError::conflict(stored));
    }
    let (mut applied, mut removes_methods) = (Applied::nothing(account, stored, prepared), false);
    let number = missing.len();
    for commit in missing {
        let removed = removed_methods(conn, account, &commit.changes).await?;
        for method in &removed {
            credentials::delete_of_method(conn, account, *method).await?;
            recovery::delete_of_method(conn, account, *method).await?;
        }
        removes_methods |= !removed.is_empty();
        let (prepared, removes) = applied.go_on();
        let next = apply_from(app, conn, account, (Source::PutBack, commit), prepared).await?;
        applied = next.also_removing(removes);
    }
    if removes_methods {
        // What signs in with methods that are put back is lost. After a restore, the devices of the
        // vault can sign in with its key and make it again. At other times somebody must be able to
        // sign in afterwards.
        let can_sign_in =
            credentials::exists(conn, account).await? || recovery::exists(conn, account).await?;
        if !can_sign_in && !is_after_restore(app, conn).await? {
            return Err(Code::BadRequest.into());
        }
        sessions::delete_others(conn, account, &auth.token).await?;
        app.vault_sessions.end_others(account, &auth.token);
    }
    if number > 0 {
        tracing::info!(commits = number, "commits were put back");
    }
    Ok(applied)
}

/// Checks that every dealing that is live after these commits can still be opened. This comes
/// before the database is locked, because a store may take long to answer.
pub(crate) async fn check_dealings(app: &App, account: Id, lost: &[Commit]) -> ApiResult<()> {
    let mut live = BTreeMap::new();
    for change in lost.iter().flat_map(|commit| &commit.changes) {
        match change {
            Change::Share { id, record, set, epoch, k, store, hash, .. } => {
                live.insert(*id, ((*record, *set, *epoch), *k, *store, hash));
            }
            Change::ShareGone { id } => drop(live.remove(id)),
            _ => {}
        }
    }
    let mut dealings: BTreeMap<_, Dealing> = BTreeMap::new();
    for (share, (dealing, k, store, hash)) in live {
        let dealing = dealings.entry(dealing).or_insert(Dealing { k, found: 0, unavailable: 0 });
        match app.stores.check_share(store, Key { account, share }, hash.as_slice()).await {
            Ok(()) => dealing.found += 1,
            Err(failed) if failed.code() == Code::StoreUnavailable => dealing.unavailable += 1,
            Err(_) => {}
        }
    }
    for Dealing { k, found, unavailable } in dealings.into_values() {
        if found < k {
            let may_be_there = found + unavailable >= k;
            return Err(if may_be_there { Code::StoreUnavailable } else { Code::NotFound }.into());
        }
    }
    Ok(())
}

/// What is left of a dealing.
struct Dealing {
    k: u8,
    found: u8,
    unavailable: u8,
}

/// Returns whether the server has this very commit.
async fn is_stored(conn: &mut SqliteConnection, account: Id, commit: &Commit) -> ApiResult<bool> {
    let counter = commit.expected_counter + 1;
    let Some(stored) = commits::head(conn, account, counter).await? else { return Ok(false) };
    let read = |head: &[u8]| SignedHead::from_bytes(head).ok().map(|head| *head.body());
    Ok(read(&stored).is_some_and(|body| Some(body) == read(commit.head.as_slice())))
}
