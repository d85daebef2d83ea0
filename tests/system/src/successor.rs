//! Signs commits outside the engine, as somebody could who has a device's keys and the root.

use crystallum_api::{Bytes, Change, Commit, Delta, Entry, Id};
use crystallum_messages::SignInMethodId;
use crystallum_test_support::commits;
use crystallum_test_support::format::{body_length, sign_as_device, writer};
use crystallum_test_support::signer::{JOIN, Signer, WRITE};

use crate::device::Device;
use crate::format::{Roots, sign_head, vault_key};

/// Returns a commit that makes these changes on the newest state that the server has. The vault and
/// the device that wrote that state sign it, which must be this one.
pub async fn successor(device: &Device, roots: &Roots, op: u8, changes: Vec<Change>, id: Id) -> Commit {
    let newest = newest_state(device).await;
    let (_, mut commit) = newest.written_by(Id(writer(&newest.head))).sign_as(op, changes, id);
    sign_as_this_vault(&newest, roots, &mut commit);
    let Bytes(head) = &mut commit.head;
    device.profile.keys.sign_head(head);
    commit
}

/// Lets this many devices enter by a sign-in method of the vault. Then the last of them writes a
/// record for each, which nobody can read.
pub async fn admit_devices(device: &Device, roots: &Roots, method: SignInMethodId, count: usize) {
    let names: Vec<String> = (0..count).map(|number| format!("device {number}")).collect();
    let join = |name: &String| match commits::device(name) {
        Change::Device { id, key, max_format, .. } => {
            (commits::id(name), JOIN, vec![Change::Device { id, key, max_format, added_by: Id(method.0) }])
        }
        other => panic!("{other:?} adds no device"),
    };
    let last = commits::id(names.last().expect("at least one device"));
    let describe =
        |names: &[String]| (last, WRITE, names.iter().map(|name| commits::new_record(name)).collect());
    let mut newest = newest_state(device).await;
    for (writer, op, changes) in names.iter().map(join).chain(names.chunks(100).map(describe)) {
        let id = commits::id(&format!("commit {}", newest.counter));
        let (_, mut commit) = newest.written_by(writer).sign_as(op, changes, id);
        sign_as_this_vault(&newest, roots, &mut commit);
        let Bytes(head) = &mut commit.head;
        sign_as_device(head, &commits::device_key(writer));
        newest = newest.after(&commit);
        let body = serde_json::to_vec(&commit).expect("a commit is JSON");
        let answer = device.network.browser().send("POST", "/api/commit", Some(&body)).await;
        assert_eq!(answer.map(|answer| answer.status), Some(200), "{}", newest.counter);
    }
}

/// Returns the newest state that the server has.
async fn newest_state(device: &Device) -> Signer {
    let mut newest: Option<Signer> = None;
    loop {
        let since = newest.as_ref().map_or(0, |state| state.counter);
        let path = format!("/api/delta?since={since}");
        let answer = device.network.browser().send("GET", &path, None).await.expect("an answer");
        let delta: Delta = answer.json();
        for Entry { head, changes } in delta.entries {
            let vault = Id(head.as_slice()[5..21].try_into().expect("16 bytes"));
            let state = newest.take().unwrap_or_else(|| Signer::named(vault));
            let (commit_id, expected_counter) = (commits::id("unused"), state.counter);
            newest = Some(state.after(&Commit { commit_id, expected_counter, changes, head }));
        }
        if let Some(state) = newest.take_if(|state| state.counter == delta.counter) {
            return state;
        }
    }
}

/// Puts the vault's public key into the head of a commit on this state, and signs it as the vault.
fn sign_as_this_vault(state: &Signer, roots: &Roots, commit: &mut Commit) {
    let Bytes(head) = &mut commit.head;
    let end = body_length(head);
    head[end - 32..end].copy_from_slice(vault_key(roots, &state.vault.0).verifying_key().as_bytes());
    sign_head(roots, head);
}
