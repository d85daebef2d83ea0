//! A command behind a button: whether it is under way, and what went wrong.

use crystallum_messages::Failure;
use leptos::{prelude::*, task::spawn_local};

use crate::{challenge_prefetch::ChallengePrefetch, session::Session};

/// A copy is the same deed.
#[derive(Clone, Copy)]
pub(crate) struct AsyncAction {
    /// It is under way.
    pub(crate) pending: RwSignal<bool>,
    /// What went wrong, unless a field or a screen of its own says it.
    pub(crate) failure: RwSignal<Option<Failure>>,
    session: Session,
    prefetch: Option<ChallengePrefetch>,
    renews_session: bool,
}

impl AsyncAction {
    /// For pages of an open vault, which can renew a session.
    pub(crate) fn renewing_session(prefetch: Option<ChallengePrefetch>) -> Self {
        Self { renews_session: true, ..Self::new(prefetch) }
    }

    /// For pages before it.
    pub(crate) fn new(prefetch: Option<ChallengePrefetch>) -> Self {
        Self {
            pending: RwSignal::new(false),
            failure: RwSignal::new(None),
            session: Session::from_context(),
            prefetch,
            renews_session: false,
        }
    }

    /// Asks the engine, unless it is being asked. `refused` says whether it showed a failure beside a field.
    pub(crate) fn run<T, F>(
        self,
        send: impl Fn() -> F + Clone + 'static,
        show_field_error: impl Fn(&Failure) -> bool + Clone + 'static,
        on_success: impl Fn(T) + Clone + 'static,
    ) where
        F: Future<Output = Result<T, Failure>> + 'static,
    {
        // A page that is gone asks nothing.
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
                let session = self.session;
                session
                    .renew_then(move || self.run(send.clone(), show_field_error.clone(), on_success.clone()));
            } else if !show_field_error(&problem) && !self.session.handle_failure(&problem) {
                self.failure.set(Some(problem));
            }
        });
    }

    /// For `aria-disabled`.
    pub(crate) fn aria_disabled(self) -> Option<&'static str> {
        self.pending.get().then_some("true")
    }
}

/// For deeds without fields.
pub(crate) fn no_field_errors(_: &Failure) -> bool {
    false
}
