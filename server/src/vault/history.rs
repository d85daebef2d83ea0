//! Proofs that a head is part of the history of a later one.

use crystallum_api::{Bytes, HeadProof, Id};
use crystallum_format::history::inclusion::{proof_hash, proof_subtrees};
use sqlx::SqliteConnection;

use crate::http::error::ApiResult;
use crate::store::{accounts, commits};

/// Proves that the head `counter` is part of the history of the head `of`. Returns `None` if it is
/// not, or if there is no such head. It reads O(log² n) rows.
pub(crate) async fn prove_head(
    conn: &mut SqliteConnection,
    account: Id,
    counter: u64,
    of: u64,
) -> ApiResult<Option<HeadProof>> {
    let Some(state) = accounts::find(conn, account).await? else { return Ok(None) };
    let subtrees = if (1..=state.counter).contains(&of) { proof_subtrees(counter, of - 1) } else { None };
    let Some(subtrees) = subtrees else { return Ok(None) };
    let mut hashes = Vec::with_capacity(subtrees.len());
    for sibling in subtrees {
        let mut roots = Vec::with_capacity(sibling.len());
        for subtree in sibling {
            roots.push(commits::subtree(conn, account, subtree).await?);
        }
        hashes.extend(proof_hash(&roots).map(|hash| Bytes(hash.to_vec())));
    }
    Ok(Some(HeadProof { hashes }))
}
