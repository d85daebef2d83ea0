//! A vault with two devices: the engine that is measured, and a writer that changes much at once.

use crystallum_api::{Commit, Delta};
use crystallum_peers::Writer;
use crystallum_system_tests::Device;
use crystallum_test_support::{Network, Passkeys, SeededRng, Server};

/// The number of records in one commit. The server accepts bodies of at most 1 MiB.
const AT_ONCE: u32 = 350;

/// The vault.
pub(crate) struct SharedVault {
    pub(crate) device: Device,
    writer: Writer,
    rng: SeededRng,
}

/// A device that does not know the vault.
pub(crate) struct Phone {
    pub(crate) device: Device,
}

impl Phone {
    pub(crate) fn new(server: &Server, passkeys: &Passkeys) -> Self {
        Self { device: Device::new(server, passkeys) }
    }

    /// Returns how many bytes of answers it has received.
    pub(crate) fn received(&self) -> usize {
        received(&self.device.network)
    }
}

impl SharedVault {
    /// Creates a vault with the engine, and joins it with the writer.
    pub(crate) async fn create(server: &Server, passkeys: &Passkeys) -> Self {
        let mut device = Device::new(server, passkeys);
        device.create("Bench").await.expect("sign-up is open");
        let history = get_delta(&device, 0).await;
        let mut rng = SeededRng::new("benchmark of devices");
        let outputs = device.authenticator.outputs();
        let joined = outputs.iter().find_map(|output| Writer::join(&history.entries, output, &mut rng).ok());
        let (writer, joining) = joined.expect("the passkey opens the vault");
        let vault = Self { device, writer, rng };
        vault.send(&joining).await;
        vault
    }

    /// Adds exchange keys by the other device.
    pub(crate) async fn add(&mut self, records: u32) {
        let mut left = records;
        while left > 0 {
            let now = left.min(AT_ONCE);
            let commit = self.writer.add(now, &mut self.rng);
            self.send(&commit).await;
            left -= now;
        }
    }

    /// Renames the vault by the other device until it has seen that many changes.
    pub(crate) async fn rename_until(&mut self, changes: u64) {
        while self.writer.counter() < changes {
            let commit = self.writer.rename(&mut self.rng);
            self.send(&commit).await;
        }
    }

    /// Has the writer follow what other devices have changed.
    pub(crate) async fn follow(&mut self) {
        let newer = get_delta(&self.device, self.writer.counter()).await;
        self.writer.follow(&newer.entries).expect("changes by the rules");
    }

    /// Returns how many bytes of answers the measured device has received.
    pub(crate) fn received(&self) -> usize {
        received(&self.device.network)
    }

    /// Locks and restarts the measured device. Its snapshot of the overviews is kept or deleted.
    pub(crate) async fn lock(self, keeps_snapshot: bool) -> Self {
        let Self { device, writer, rng } = self;
        let device = device.lock().await;
        if !keeps_snapshot {
            let mut values = device.profile.disk.snapshot();
            values.retain(|key, _| !key.ends_with("/overviews"));
            device.profile.disk.restore(values);
        }
        Self { device, writer, rng }
    }

    async fn send(&self, commit: &Commit) {
        let body = serde_json::to_vec(commit).expect("JSON");
        let answer = self.device.network.browser().send("POST", "/api/commit", Some(&body)).await;
        let answer = answer.expect("the server answers");
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    }
}

async fn get_delta(device: &Device, since: u64) -> Delta {
    let path = format!("/api/delta?since={since}");
    let answer = device.network.browser().send("GET", &path, None).await.expect("the server answers");
    serde_json::from_slice(&answer.body).expect("a delta")
}

fn received(network: &Network) -> usize {
    network.calls().iter().filter_map(|call| Some(call.answer.as_ref()?.body.len())).sum()
}
