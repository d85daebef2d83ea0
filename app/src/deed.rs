//! A command behind a button: whether it is under way, and what went wrong.

use crystallum_messages::Failure;
use leptos::{prelude::*, task::spawn_local};

use crate::{prepared::Prepared, session::Session};

/// A copy is the same deed.
#[derive(Clone, Copy)]
pub(crate) struct Deed {
    /// It is under way.
    pub(crate) pending: RwSignal<bool>,
    /// What went wrong, unless a field or a screen of its own says it.
    pub(crate) failure: RwSignal<Option<Failure>>,
    session: Session,
    prepared: Option<Prepared>,
    inside: bool,
}

impl Deed {
    /// For pages of an open vault, which can renew a session.
    pub(crate) fn inside(prepared: Option<Prepared>) -> Self {
        Self { inside: true, ..Self::outside(prepared) }
    }

    /// For pages before it.
    pub(crate) fn outside(prepared: Option<Prepared>) -> Self {
        Self {
            pending: RwSignal::new(false),
            failure: RwSignal::new(None),
            session: Session::here(),
            prepared,
            inside: false,
        }
    }

    /// Asks the engine, unless it is being asked. `refused` says whether it showed a failure beside a field.
    pub(crate) fn run<T, F>(
        self,
        ask: impl Fn() -> F + Clone + 'static,
        refused: impl Fn(&Failure) -> bool + Clone + 'static,
        done: impl Fn(T) + Clone + 'static,
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
            let result = ask().await;
            if self.pending.try_set(false).is_some() {
                return;
            }
            let problem = match result {
                Ok(answer) => return done(answer),
                Err(problem) => problem,
            };
            if let Some(prepared) = self.prepared {
                prepared.again();
            }
            if problem == Failure::SessionExpired && self.inside {
                let session = self.session;
                session.renew_then(move || self.run(ask.clone(), refused.clone(), done.clone()));
            } else if !refused(&problem) && !self.session.handled(&problem) {
                self.failure.set(Some(problem));
            }
        });
    }

    /// For `aria-disabled`.
    pub(crate) fn busy(self) -> Option<&'static str> {
        self.pending.get().then_some("true")
    }
}

/// For deeds without fields.
pub(crate) fn never(_: &Failure) -> bool {
    false
}
