//! A challenge that is fetched ahead: the click that wants a touch must need no network before it.

use crystallum_messages::{Command, Purpose};
use leptos::{prelude::*, task::spawn_local};

use crate::engine::Engine;

/// Whether the challenge is there; a copy is the same.
#[derive(Clone, Copy)]
pub(crate) struct ChallengePrefetch {
    engine: Engine,
    purpose: Purpose,
    ready: RwSignal<bool>,
}

impl ChallengePrefetch {
    /// Fetches one for a touch that a passkey of the vault answers.
    pub(crate) fn start() -> Self {
        Self::start_for(Purpose::Unlock)
    }

    /// Fetches one for the touch that comes first.
    pub(crate) fn start_for(purpose: Purpose) -> Self {
        let prefetch = Self { engine: Engine::from_context(), purpose, ready: RwSignal::new(false) };
        prefetch.refetch();
        prefetch
    }

    /// Fetches the next one, since each serves once.
    pub(crate) fn refetch(self) {
        self.ready.set(false);
        spawn_local(async move {
            // What goes wrong here goes wrong once more with the command itself, which tells it.
            drop(self.engine.execute(Command::Prepare(self.purpose)).await);
            self.ready.try_set(true);
        });
    }

    /// Whether a click may come.
    pub(crate) fn is_ready(self) -> bool {
        self.ready.get()
    }

    /// The same, without following it.
    pub(crate) fn is_ready_untracked(self) -> bool {
        self.ready.get_untracked()
    }
}
