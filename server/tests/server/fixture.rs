use std::path::{Path, PathBuf};

use crystallum_api::SignUp;
use crystallum_server::{Clock, Server, Settings};
use tempfile::TempDir;

use crate::browser::Browser;

/// A running server with a data folder and a clock of its own.
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
        let clock = Clock::manual(1_800_000_000);
        let server = Server::start(settings.clone(), clock.clone()).await.unwrap();
        Self { server, clock, folder, settings }
    }

    /// The same data folder under a new server, after something was done to it in between.
    pub(crate) async fn restart(self, meanwhile: impl AsyncFnOnce(&Path)) -> Self {
        let Self { server, clock, folder, mut settings } = self;
        // Passkeys are of an origin, and the system may give the port to somebody else.
        settings.origin = server.origin().to_owned();
        server.stop().await;
        meanwhile(&folder.path().join("data")).await;
        let server = Server::start(settings.clone(), clock.clone()).await.unwrap();
        Self { server, clock, folder, settings }
    }

    /// The same data folder under a server with another rule for new accounts.
    pub(crate) async fn with_sign_up(mut self, sign_up: SignUp) -> Self {
        self.settings.sign_up = Some(sign_up);
        self.restart(async |_| ()).await
    }

    /// The folder of a store.
    pub(crate) fn store(&self, number: u8) -> PathBuf {
        self.folder.path().join("data/stores").join(number.to_string())
    }

    /// A new visitor.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.server.address(), self.server.origin())
    }
}
