//! Signs commits outside the engine, as somebody could who has a device's keys and the root.

use crystallum_api::{Bytes, Change, Commit, Delta, Entry, Id};
use crystallum_test_support::format::{body_length, writer};
use crystallum_test_support::signer::Signer;

use crate::device::Device;
use crate::format::{Roots, sign_head, vault_key};

/// Returns a commit that makes these changes on the newest state that the server has. The vault and
/// the device that wrote that state sign it, which must be this one.
pub async fn successor(device: &Device, roots: &Roots, op: u8, changes: Vec<Change>, id: Id) -> Commit {
    let mut states: Vec<Signer> = Vec::new();
    loop {
        let since = states.last().map_or(0, |state| state.counter);
        let path = format!("/api/delta?since={since}");
        let answer = device.network.browser().send("GET", &path, None).await.expect("an answer");
        let delta: Delta = answer.json();
        for Entry { head, changes } in delta.entries {
            let vault = Id(head.as_slice()[5..21].try_into().expect("16 bytes"));
            let state = states.pop().unwrap_or_else(|| Signer::named(vault));
            let commit = Commit { commit_id: id, expected_counter: state.counter, changes, head };
            states.push(state.after(&commit));
        }
        if states.last().is_some_and(|state| state.counter == delta.counter) {
            break;
        }
    }
    let newest = states.pop().expect("a vault has a genesis");
    let (_, mut commit) = newest.written_by(Id(writer(&newest.head))).sign_as(op, changes, id);
    let Bytes(head) = &mut commit.head;
    let end = body_length(head);
    head[end - 32..end].copy_from_slice(vault_key(roots, &newest.vault.0).verifying_key().as_bytes());
    sign_head(roots, head);
    device.profile.keys.sign_head(head);
    commit
}
