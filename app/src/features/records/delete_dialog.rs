use crystallum_messages::{Failure, RecordId, SyncState, trash::Command};
use leptos::prelude::*;

use crate::{
    browser::router::{NavigateOptions, use_navigate},
    engine::Engine,
    features::records::words,
    state::{navigation::Navigation, sync::Synchronisation},
    ui::{action_button::ActionButton, async_action::AsyncAction, dialog::Dialog, failure_note::FailureNote},
};

/// Asks for confirmation before a record is moved to the trash, and says exactly what will happen.
#[component]
pub(crate) fn DeleteDialog(
    open: RwSignal<bool>,
    id: RecordId,
    /// The path of the list that the record is in.
    list: &'static str,
    heading: &'static str,
    #[prop(into)] sentence: String,
    #[prop(into)] aside: String,
    label: String,
) -> impl IntoView {
    let (engine, sync, navigation, navigate) =
        (Engine::from_context(), Synchronisation::from_context(), Navigation::from_context(), use_navigate());
    let action = AsyncAction::new(None);
    let label = StoredValue::new(label);
    let delete = move |()| {
        let reopen_when_renewed = move |problem: &Failure| {
            let is_expired = *problem == Failure::SessionExpired;
            if is_expired {
                open.set(false);
                sync.renew_then(move || {
                    open.try_set(true);
                });
            }
            is_expired
        };
        action.run(engine.save_record(Command::Delete { id }), reopen_when_renewed, move |saved| {
            let synced = saved.sync == SyncState::Synced;
            sync.status.set(saved.sync);
            navigation.flash_message.set(synced.then(|| label.with_value(|label| words::moved(label))));
            navigation.undo_delete.set(synced.then_some(id));
            open.set(false);
            navigate(list, NavigateOptions::REPLACE);
        });
    };
    view! {
        <Dialog open=open id="delete-heading" heading=heading>
            <p translate="no">{sentence.clone()}</p>
            <p class="muted" translate="no">{aside.clone()}</p>
            <FailureNote failure=action.failure/>
            <div class="dialog__actions">
                <button type="button" class="button" on:click=move |_| open.set(false)>{words::KEEP}</button>
                <ActionButton action=action class="button button--danger" click=delete>{words::TO_TRASH}</ActionButton>
            </div>
        </Dialog>
    }
}
