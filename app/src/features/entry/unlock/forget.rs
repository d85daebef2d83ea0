use crystallum_messages::{VaultId, entry::Command};
use leptos::prelude::*;

use crate::{
    engine::Engine,
    features::{
        entry::words::unlock,
        settings::{
            unsaved::{UnsavedNote, ask_to_forget},
            words as settings,
        },
    },
    state::{lock, waiting_notes},
    ui::{
        action_button::ActionButton,
        async_action::{AsyncAction, no_own_place},
        dialog::Dialog,
        failure_note::FailureNote,
    },
};

/// Removes this device's copy of the selected vault, after explaining what that means.
#[component]
pub(super) fn Forget(chosen: RwSignal<Option<VaultId>>) -> impl IntoView {
    let engine = Engine::from_context();
    let (open, unsaved) = (RwSignal::new(false), RwSignal::new(None));
    let action = AsyncAction::new(None);
    let forget = move |()| {
        let Some(vault) = chosen.get_untracked() else { return };
        action.run(engine.execute(Command::Forget { vault }), no_own_place, move |()| {
            waiting_notes::remove(vault);
            lock::show_forgotten();
        });
    };
    view! {
        {move || chosen.get().map(|vault| view! {
            <p>
                <button type="button" class="link unlock__forget" on:click=move |_| ask_to_forget(engine, vault, unsaved, open)>
                    {unlock::FORGET}
                </button>
            </p>
        })}
        <Dialog open=open id="forget-heading" heading=settings::FORGET_HEADING>
            <p>{settings::FORGET_TEXT}</p>
            <p class="muted">{settings::FORGET_NEWEST}</p>
            <UnsavedNote unsaved=unsaved/>
            <FailureNote failure=action.failure/>
            <div class="dialog__actions">
                <button type="button" class="button" on:click=move |_| open.set(false)>{settings::KEEP}</button>
                <ActionButton action=action class="button button--danger" click=forget>{settings::FORGET_BUTTON}</ActionButton>
            </div>
        </Dialog>
    }
}
