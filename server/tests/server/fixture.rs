use std::path::{Path, PathBuf};

use crystallum_api::SignUp;
use crystallum_server::{Clock, Server, Settings, StartError};
use crystallum_test_support::{Browser, Site};
use tempfile::TempDir;

/// The time at which a test starts, in seconds since the Unix epoch.
pub(crate) const START: u64 = 1_800_000_000;

/// A running server with its own data folder and clock.
pub(crate) struct Fixture {
    pub(crate) server: Server,
    pub(crate) clock: Clock,
    pub(crate) folder: TempDir,
    settings: Settings,
}

impl Fixture {
    pub(crate) async fn start() -> Self {
        Self::with(|_| ()).await
    }

    pub(crate) async fn with(set: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::local(folder.path().join("data"));
        set(&mut settings);
        let clock = Clock::manual(START);
        let server = Server::start(settings.clone(), clock.clone()).await.unwrap();
        Self { server, clock, folder, settings }
    }

    /// Restarts the server on the same data folder after `meanwhile` has changed it.
    pub(crate) async fn restart(self, meanwhile: impl AsyncFnOnce(&Path)) -> Self {
        let Self { server, clock, folder, mut settings } = self;
        // Passkeys belong to an origin, and the system may give the port to another process.
        settings.origin = server.origin().to_owned();
        server.stop().await;
        meanwhile(&folder.path().join("data")).await;
        let server = Server::start(settings.clone(), clock.clone()).await.unwrap();
        Self { server, clock, folder, settings }
    }

    /// Stops the server and returns why it does not start again after `meanwhile` has changed the
    /// data folder, and the fixture's folder.
    pub(crate) async fn refused_after(self, meanwhile: impl AsyncFnOnce(&Path)) -> (StartError, TempDir) {
        let Self { server, clock, folder, mut settings } = self;
        settings.origin = server.origin().to_owned();
        server.stop().await;
        meanwhile(&folder.path().join("data")).await;
        (Server::start(settings, clock).await.err().unwrap(), folder)
    }

    /// Restarts the server with another sign-up policy.
    pub(crate) async fn with_sign_up(mut self, sign_up: SignUp) -> Self {
        self.settings.sign_up = Some(sign_up);
        self.restart(async |_| ()).await
    }

    /// Restarts the server with another quota for all accounts.
    pub(crate) async fn with_disk_quota(mut self, bytes: u64) -> Self {
        self.settings.quota_disk = bytes;
        self.restart(async |_| ()).await
    }

    /// Restarts the server with another number of entries that a vault may have.
    pub(crate) async fn with_vault_entries(mut self, entries: u64) -> Self {
        self.settings.vault_entries = entries;
        self.restart(async |_| ()).await
    }

    /// Returns a new browser without a session.
    pub(crate) fn browser(&self) -> Browser {
        Browser::with_origin(self.server.address(), self.server.origin())
    }

    /// Returns the folder of a store.
    pub(crate) fn store(&self, number: u8) -> PathBuf {
        self.folder.path().join("data/stores").join(number.to_string())
    }
}

impl Site for Fixture {
    fn browser(&self) -> Browser {
        Self::browser(self)
    }
}
