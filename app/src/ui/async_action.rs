//! A command that a button starts: whether it is running, and why it failed.

use std::{pin::Pin, rc::Rc};

use crystallum_messages::Failure;
use leptos::{prelude::*, task::spawn_local};

use crate::state::{alarms::Alarms, challenge_prefetch::ChallengePrefetch, sync::Synchronisation};

type Reply<T> = Pin<Box<dyn Future<Output = Result<T, Failure>>>>;

/// A command that is sent again after the user has signed in again.
struct Repeatable<T> {
    send: Box<dyn Fn() -> Reply<T>>,
    show_failure: Box<dyn Fn(&Failure) -> bool>,
    on_success: Box<dyn Fn(T)>,
}

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

    /// Reports failures in this signal, which other code also writes to.
    pub(crate) fn with_failure(self, failure: RwSignal<Option<Failure>>) -> Self {
        Self { failure, ..self }
    }

    /// Awaits the reply to a command, unless the action is already running. `show_failure` may show
    /// a failure elsewhere, such as beside a form field, and returns whether it did.
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
        reply: Reply<T>,
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

    /// Like [`Self::run`], for pages of an open vault. When the session has expired, the user is
    /// asked to sign in again, and then the command is sent again.
    pub(crate) fn run_renewing<T: 'static, F>(
        self,
        send: impl Fn() -> F + 'static,
        show_failure: impl Fn(&Failure) -> bool + 'static,
        on_success: impl Fn(T) + 'static,
    ) where
        F: Future<Output = Result<T, Failure>> + 'static,
    {
        self.repeat(&Rc::new(Repeatable {
            send: Box::new(move || Box::pin(send())),
            show_failure: Box::new(show_failure),
            on_success: Box::new(on_success),
        }));
    }

    fn repeat<T: 'static>(self, command: &Rc<Repeatable<T>>) {
        if self.is_running_or_removed() {
            return;
        }
        let (failed, done) = (Rc::clone(command), Rc::clone(command));
        let show_or_renew = move |problem: &Failure| {
            if *problem != Failure::SessionExpired {
                return (failed.show_failure)(problem);
            }
            self.sync.renew_then(move || self.repeat(&failed));
            true
        };
        let finish = move |reply| (done.on_success)(reply);
        self.run_erased((command.send)(), Box::new(show_or_renew), Box::new(finish));
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

/// Reports that the failure is not shown elsewhere.
pub(crate) fn no_own_place(_: &Failure) -> bool {
    false
}
