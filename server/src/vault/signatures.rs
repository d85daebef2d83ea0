//! Checks both signatures of a commit's head before anything is stored, so that a session alone
//! cannot advance an account, and so that no vault gets a state that its devices would refuse.

use crystallum_api::{Bytes, Change, Code, Id};
use crystallum_format::head::{Op, SignedHead};
use crystallum_format::leaf::blob_hash;
use sqlx::SqliteConnection;

use crate::http::error::ApiResult;
use crate::store::{commits, members};
use crate::vault::rules::head::is_signed;

/// Rejects a head unless the vault has signed it, with the same key as the head before it if there
/// is one, and the device that it names as its writer.
pub(super) async fn check(
    conn: &mut SqliteConnection,
    account: Id,
    head: &[u8],
    before: Option<&[u8]>,
    changes: &[Change],
) -> ApiResult<()> {
    let head = SignedHead::from_bytes(head).map_err(|_| Code::BadRequest)?;
    let body = head.body();
    let writer = Id(*body.writer.as_bytes());
    let key = match body.op {
        // The device that these add signs for itself.
        Op::Genesis | Op::Join => added_key(changes, writer),
        Op::Write | Op::SignInMethods | Op::Wallet | Op::Devices => stored_key(conn, account, writer).await?,
    };
    let signed = key.is_some_and(|key| is_signed(&head, before, &key));
    if signed { Ok(()) } else { Err(Code::BadRequest.into()) }
}

/// Returns the SHA-256 of the key of the device that a head of a vault names as its writer.
pub(crate) async fn writer_key_hash(
    conn: &mut SqliteConnection,
    account: Id,
    head: &[u8],
) -> ApiResult<Option<[u8; 32]>> {
    let head = SignedHead::from_bytes(head).map_err(|_| Code::BadRequest)?;
    let key = stored_key(conn, account, Id(*head.body().writer.as_bytes())).await?;
    Ok(key.map(|key| blob_hash(&key)))
}

/// Returns the key of a device that the changes add.
fn added_key(changes: &[Change], device: Id) -> Option<Vec<u8>> {
    changes.iter().find_map(|change| match change {
        Change::Device { id, key: Bytes(key), .. } if *id == device => Some(key.clone()),
        _ => None,
    })
}

/// Returns the key of a device of the vault.
async fn stored_key(conn: &mut SqliteConnection, account: Id, device: Id) -> ApiResult<Option<Vec<u8>>> {
    match members::device_key(conn, account, device).await? {
        None => Ok(None),
        Some(Some(key)) => Ok(Some(key)),
        // The device joined before keys were remembered.
        Some(None) => {
            for changes in commits::with_devices(conn, account).await? {
                let changes: Vec<Change> =
                    serde_json::from_str(&changes).map_err(|error| sqlx::Error::Decode(error.into()))?;
                if let Some(key) = added_key(&changes, device) {
                    members::set_device_key(conn, account, device, &key).await?;
                    return Ok(Some(key));
                }
            }
            Ok(None)
        }
    }
}
