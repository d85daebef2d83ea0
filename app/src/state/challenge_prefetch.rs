//! Fetches a WebAuthn challenge in advance, so that the click that starts a ceremony needs no
//! network request first.

use crystallum_messages::{Failure, Purpose, entry::Command};
use leptos::{prelude::*, task::spawn_local};

use crate::{engine::Engine, state::alarms::Alarms};

/// Whether the challenge has been fetched. Copies share the same state.
#[derive(Clone, Copy)]
pub(crate) struct ChallengePrefetch {
    engine: Engine,
    alarms: Alarms,
    purpose: Purpose,
    ready: RwSignal<bool>,
    on_reply: Option<Callback<Result<(), Failure>>>,
}

impl ChallengePrefetch {
    /// Fetches a challenge for a ceremony with an existing passkey of the vault.
    pub(crate) fn start() -> Self {
        Self::start_for(Purpose::Unlock)
    }

    /// Fetches a challenge for the first ceremony of this purpose.
    pub(crate) fn start_for(purpose: Purpose) -> Self {
        let prefetch = Self::new(purpose, None);
        prefetch.refetch();
        prefetch
    }

    /// Prepares to fetch challenges; the page calls [`Self::refetch`] for the first one, too.
    /// `on_reply` is called with the result of each attempt, unless a full-screen message shows it.
    pub(crate) fn reporting(
        purpose: Purpose,
        on_reply: impl Fn(Result<(), Failure>) + Send + Sync + 'static,
    ) -> Self {
        Self::new(purpose, Some(Callback::new(on_reply)))
    }

    fn new(purpose: Purpose, on_reply: Option<Callback<Result<(), Failure>>>) -> Self {
        Self {
            engine: Engine::from_context(),
            alarms: Alarms::from_context(),
            purpose,
            ready: RwSignal::new(false),
            on_reply,
        }
    }

    /// Fetches the next challenge. Each one can be used only once.
    pub(crate) fn refetch(self) {
        self.ready.set(false);
        spawn_local(async move {
            let result = self.engine.execute(Command::Prepare(self.purpose)).await;
            // If no page wants the result, nothing is reported: the command that needs the
            // challenge fails in the same way and reports it.
            if let Some(on_reply) = self.on_reply
                && !result.as_ref().is_err_and(|problem| self.alarms.handle_failure(problem))
            {
                on_reply.try_run(result);
            }
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
