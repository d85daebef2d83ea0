//! A command that a button starts: whether it is running, and why it failed.

use std::pin::Pin;

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
    /// Fetches the challenge of the ceremony that the action begins with, if it does.
    pub(super) prefetch: Option<ChallengePrefetch>,
    sync: Synchronisation,
    alarms: Alarms,
    outlives_page: bool,
}

impl AsyncAction {
    /// Creates an action. Its result is dropped when its page has been removed.
    pub(crate) fn new(prefetch: Option<ChallengePrefetch>) -> Self {
        Self {
            pending: RwSignal::new(false),
            failure: RwSignal::new(None),
            prefetch,
            sync: Synchronisation::from_context(),
            alarms: Alarms::from_context(),
            outlives_page: false,
        }
    }

    /// Creates an action whose result counts even when its page has been removed: the whole app
    /// must know that a vault is open, for example.
    pub(crate) fn outliving_page(prefetch: Option<ChallengePrefetch>) -> Self {
        Self { outlives_page: true, ..Self::new(prefetch) }
    }

    /// Uses a signal that something else reports to, too.
    pub(crate) fn with_failure(self, failure: RwSignal<Option<Failure>>) -> Self {
        Self { failure, ..self }
    }

    /// Awaits the reply to a command, unless the action is already running. `show_failure` shows a
    /// failure in a place of its own, such as beside a form field, and returns whether it did.
    pub(crate) fn run<T: 'static>(
        self,
        reply: impl Future<Output = Result<T, Failure>> + 'static,
        show_failure: impl FnOnce(&Failure) -> bool + 'static,
        on_success: impl FnOnce(T) + 'static,
    ) {
        self.run_erased(Box::pin(reply), Box::new(show_failure), Box::new(on_success));
    }

    /// Does the work of [`Self::run`] in types that most actions share, which keeps the app small.
    fn run_erased<T: 'static>(
        self,
        reply: Pin<Box<dyn Future<Output = Result<T, Failure>>>>,
        show_failure: Box<dyn FnOnce(&Failure) -> bool>,
        on_success: Box<dyn FnOnce(T)>,
    ) {
        if self.is_running_or_removed() {
            return;
        }
        self.pending.set(true);
        self.failure.set(None);
        spawn_local(async move {
            let result = reply.await;
            let is_removed = self.pending.try_set(false).is_some();
            if is_removed && !self.outlives_page {
                return;
            }
            match result {
                Ok(reply) => on_success(reply),
                Err(problem) => self.fail(problem, show_failure),
            }
        });
    }

    fn fail(self, problem: Failure, show_failure: Box<dyn FnOnce(&Failure) -> bool>) {
        if let Some(prefetch) = self.prefetch {
            prefetch.refetch();
        }
        if !show_failure(&problem) {
            self.alarms.report(problem, self.failure);
        }
    }

    /// Like [`Self::run`], for pages of an open vault. When the session has expired, the person is
    /// asked to sign in again, and then the command is sent again.
    pub(crate) fn run_renewing<T: 'static, F>(
        self,
        send: impl Fn() -> F + Clone + 'static,
        show_failure: impl Fn(&Failure) -> bool + Clone + 'static,
        on_success: impl Fn(T) + Clone + 'static,
    ) where
        F: Future<Output = Result<T, Failure>> + 'static,
    {
        if self.is_running_or_removed() {
            return;
        }
        let (reply, finish) = (send(), on_success.clone());
        let show_or_renew = move |problem: &Failure| {
            if *problem != Failure::SessionExpired {
                return show_failure(problem);
            }
            self.sync.renew_then(move || {
                self.run_renewing(send.clone(), show_failure.clone(), on_success.clone());
            });
            true
        };
        self.run(reply, show_or_renew, finish);
    }

    /// Returns the value of the `aria-disabled` attribute of the button.
    pub(crate) fn aria_disabled(self) -> Option<&'static str> {
        self.pending.get().then_some("true")
    }

    /// Returns whether nothing may be sent: a reply is awaited, or the page has been removed.
    pub(crate) fn is_running_or_removed(self) -> bool {
        self.pending.try_get_untracked().unwrap_or(true)
    }
}

/// Reports that the failure has no place of its own.
pub(crate) fn no_own_place(_: &Failure) -> bool {
    false
}
