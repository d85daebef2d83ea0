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

/// Somebody who has the root and writes without the engine, as this device or as a new one.
pub struct Outsider<'a> {
    device: &'a Device,
    roots: Roots,
    newest: Signer,
    writer: Id,
}

impl<'a> Outsider<'a> {
    /// Returns somebody with the keys of the device that has created the vault and has written its
    /// newest state.
    pub async fn of(device: &'a Device) -> Self {
        let newest = newest_state(device).await;
        let writer = Id(writer(&newest.head));
        Self { device, roots: device.roots(), newest, writer }
    }

    /// Returns a commit that makes these changes on the newest state.
    pub fn sign(&self, op: u8, changes: Vec<Change>) -> Commit {
        let id = commits::id(&format!("commit {} {op} {}", self.newest.counter, changes.len()));
        let (_, mut commit) = self.newest.written_by(self.writer).sign_as(op, changes, id);
        sign_as_this_vault(&self.newest, &self.roots, &mut commit);
        let Bytes(head) = &mut commit.head;
        // The device signs what its key can sign. Keys of other devices follow from their ids.
        sign_as_device(head, &commits::device_key(self.writer));
        self.device.profile.keys.sign_head(head);
        commit
    }

    /// Makes these changes.
    pub async fn write(&mut self, op: u8, changes: Vec<Change>) {
        let commit = self.sign(op, changes);
        let body = serde_json::to_vec(&commit).expect("a commit is JSON");
        let answer = self.device.network.browser().send("POST", "/api/commit", Some(&body)).await;
        assert_eq!(answer.map(|answer| answer.status), Some(200), "{}", self.newest.counter);
        self.newest = self.newest.after(&commit);
    }

    /// Lets this many devices enter by a sign-in method of the vault. Then the last of them writes
    /// a record for each, which nobody can read.
    pub async fn admit_devices(&mut self, method: SignInMethodId, count: usize) {
        let names: Vec<String> = (0..count).map(|number| format!("device {number}")).collect();
        for name in &names {
            let Change::Device { id, key, max_format, .. } = commits::device(name) else {
                panic!("{name} is no device")
            };
            self.writer = id;
            let device = Change::Device { id, key, max_format, added_by: Id(method.0) };
            self.write(JOIN, vec![device]).await;
        }
        for names in names.chunks(100) {
            self.write(WRITE, names.iter().map(|name| commits::new_record(name)).collect()).await;
        }
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
