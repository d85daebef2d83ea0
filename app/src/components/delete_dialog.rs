use crystallum_messages::{Command, Failure, KeyRow, SyncState};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{dialog::Dialog, failure_note::FailureNote};
use crate::{
    engine::Engine,
    session::Session,
    words::{detail, vault},
};

/// Asks before a key is deleted, in the exact words of what will happen.
#[component]
pub(crate) fn DeleteDialog(open: RwSignal<bool>, row: KeyRow) -> impl IntoView {
    let (engine, session, navigate) = (Engine::here(), Session::here(), use_navigate());
    let failure = RwSignal::new(None::<Failure>);
    let pending = RwSignal::new(false);
    let row = StoredValue::new(row);
    let delete = Callback::new(move |()| {
        if pending.get_untracked() {
            return;
        }
        pending.set(true);
        failure.set(None);
        let navigate = navigate.clone();
        let (id, label) = row.with_value(|row| (row.id, row.label.clone()));
        spawn_local(async move {
            let result = engine.save(Command::Delete { id }).await;
            pending.set(false);
            match result {
                Ok(saved) => {
                    session.sync.set(saved.sync);
                    session.told.set((saved.sync == SyncState::Synced).then(|| vault::deleted(&label)));
                    open.set(false);
                    navigate("/vault", NavigateOptions { replace: true, ..Default::default() });
                }
                Err(Failure::SessionExpired) => {
                    open.set(false);
                    session.renew_then(move || open.set(true));
                }
                Err(other) if session.handled(&other) => {}
                Err(other) => failure.set(Some(other)),
            }
        });
    });
    let (sentence, elsewhere) =
        row.with_value(|row| (detail::delete(&row.label), detail::delete_elsewhere(row.exchange)));
    view! {
        <Dialog open=open id="delete-heading" heading=detail::DELETE_HEADING>
            <p>{sentence.clone()}</p>
            <p class="muted">{elsewhere.clone()}</p>
            <FailureNote failure=failure/>
            <div class="dialog__actions">
                <button type="button" class="button" on:click=move |_| open.set(false)>{detail::KEEP}</button>
                <button
                    type="button"
                    class="button button--danger"
                    aria-disabled=move || pending.get().then_some("true")
                    on:click=move |_| delete.run(())
                >
                    {detail::DELETE_FOR_GOOD}
                </button>
            </div>
        </Dialog>
    }
}
