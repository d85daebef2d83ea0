//! Fetches a WebAuthn challenge in advance, so that the click that starts a ceremony needs no
//! network request first.

use crystallum_messages::{Purpose, entry::Command};
use leptos::{prelude::*, task::spawn_local};

use crate::engine::Engine;

/// Whether the challenge has been fetched. Copies share the same state.
#[derive(Clone, Copy)]
pub(crate) struct ChallengePrefetch {
    engine: Engine,
    purpose: Purpose,
    ready: RwSignal<bool>,
}

impl ChallengePrefetch {
    /// Fetches a challenge for a ceremony with an existing passkey of the vault.
    pub(crate) fn start() -> Self {
        Self::start_for(Purpose::Unlock)
    }

    /// Fetches a challenge for the first ceremony of this purpose.
    pub(crate) fn start_for(purpose: Purpose) -> Self {
        let prefetch = Self { engine: Engine::from_context(), purpose, ready: RwSignal::new(false) };
        prefetch.refetch();
        prefetch
    }

    /// Fetches the next challenge. Each one can be used only once.
    pub(crate) fn refetch(self) {
        self.ready.set(false);
        spawn_local(async move {
            // If this fails, the command that needs the challenge fails in the same way and reports
            // it.
            drop(self.engine.execute(Command::Prepare(self.purpose)).await);
            self.ready.try_set(true);
        });
    }

    /// Returns whether the click may start the ceremony.
    pub(crate) fn is_ready(self) -> bool {
        self.ready.get()
    }

    /// Like [`Self::is_ready`], without subscribing to changes.
    pub(crate) fn is_ready_untracked(self) -> bool {
        self.ready.get_untracked()
    }
}
