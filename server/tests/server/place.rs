use crystallum_server::{Clock, Server, Settings};
use tempfile::TempDir;

use crate::browser::Browser;

/// A running server with a data folder and a clock of its own.
pub(crate) struct Place {
    pub(crate) server: Server,
    pub(crate) clock: Clock,
    pub(crate) folder: TempDir,
}

impl Place {
    pub(crate) async fn start() -> Self {
        Self::with(|_| ()).await
    }

    pub(crate) async fn with(set: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::local(folder.path().join("data"));
        set(&mut settings);
        let clock = Clock::manual(1_800_000_000);
        let server = Server::start(settings, clock.clone()).await.unwrap();
        Self { server, clock, folder }
    }

    /// A new visitor.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.server.address(), self.server.origin())
    }
}
