//! A command that a button starts: whether it is running, and why it failed.

use crystallum_messages::Failure;
use leptos::{prelude::*, task::spawn_local};

use crate::state::{alarms::Alarms, challenge_prefetch::ChallengePrefetch, sync::Synchronisation};

/// The state of one asynchronous action. Copies share the same state.
#[derive(Clone, Copy)]
pub(crate) struct AsyncAction {
    /// Whether the action is running.
    pub(crate) pending: RwSignal<bool>,
    /// Why the action failed, unless a form field or a full-screen message already shows it.
    pub(crate) failure: RwSignal<Option<Failure>>,
    sync: Synchronisation,
    alarms: Alarms,
    prefetch: Option<ChallengePrefetch>,
    renews_session: bool,
}

impl AsyncAction {
    /// Creates an action for pages of an open vault. When the session has expired, it asks the
    /// person to sign in again and then repeats the command.
    pub(crate) fn renewing_session(prefetch: Option<ChallengePrefetch>) -> Self {
        Self { renews_session: true, ..Self::new(prefetch) }
    }

    /// Creates an action that reports an expired session like any other failure.
    pub(crate) fn new(prefetch: Option<ChallengePrefetch>) -> Self {
        Self {
            pending: RwSignal::new(false),
            failure: RwSignal::new(None),
            sync: Synchronisation::from_context(),
            alarms: Alarms::from_context(),
            prefetch,
            renews_session: false,
        }
    }

    /// Sends the command, unless it is already running. `show_field_error` shows a failure beside
    /// the field that caused it and returns whether it did.
    pub(crate) fn run<T, F>(
        self,
        send: impl Fn() -> F + Clone + 'static,
        show_field_error: impl Fn(&Failure) -> bool + Clone + 'static,
        on_success: impl Fn(T) + Clone + 'static,
    ) where
        F: Future<Output = Result<T, Failure>> + 'static,
    {
        // Nothing is sent for a page that has been removed.
        if self.pending.try_get_untracked().unwrap_or(true) {
            return;
        }
        self.pending.set(true);
        self.failure.set(None);
        spawn_local(async move {
            let result = send().await;
            if self.pending.try_set(false).is_some() {
                return;
            }
            let problem = match result {
                Ok(reply) => return on_success(reply),
                Err(problem) => problem,
            };
            if let Some(prefetch) = self.prefetch {
                prefetch.refetch();
            }
            if problem == Failure::SessionExpired && self.renews_session {
                let sync = self.sync;
                sync.renew_then(move || self.run(send.clone(), show_field_error.clone(), on_success.clone()));
            } else if !show_field_error(&problem) && !self.alarms.handle_failure(&problem) {
                self.failure.set(Some(problem));
            }
        });
    }

    /// Returns the value of the `aria-disabled` attribute of the button.
    pub(crate) fn aria_disabled(self) -> Option<&'static str> {
        self.pending.get().then_some("true")
    }
}

/// Reports that no field shows the failure. For actions without form fields.
pub(crate) fn no_field_errors(_: &Failure) -> bool {
    false
}
