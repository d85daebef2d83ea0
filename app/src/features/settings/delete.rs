use crystallum_messages::session::Command;
use leptos::{ev::SubmitEvent, prelude::*};

use crate::{
    engine::Engine,
    features::settings::words,
    state::{challenge_prefetch::ChallengePrefetch, lock, vault::VaultState},
    ui::{
        action_button::{ActionButton, CeremonyStatus},
        async_action::{AsyncAction, no_own_place},
        delete_section::DeleteSection,
        dialog::Dialog,
        field::{Field, Input, Shape},
    },
};

/// Deletes the vault. This is the last section of the page, and it requires the vault's name and a
/// ceremony.
#[component]
pub(super) fn DeleteVault() -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <DeleteSection hint=words::DELETE_HINT label=words::DELETE asking=open/>
        <Dialog open=open id="delete-vault-heading" heading=words::DELETE_HEADING>
            <Question open=open/>
        </Dialog>
    }
}

#[component]
fn Question(open: RwSignal<bool>) -> impl IntoView {
    let (engine, vault) = (Engine::from_context(), VaultState::from_context());
    let input = Input::new();
    let prefetch = ChallengePrefetch::start();
    let action = AsyncAction::outliving_page(Some(prefetch));
    let name = StoredValue::new(vault.name());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !prefetch.is_ready_untracked() {
            return;
        }
        let same = name.with_value(|name| *name == *input.read());
        input.error.set((!same).then_some(words::DELETE_NAME_WRONG));
        if !same {
            input.focus();
            return;
        }
        let send = move || engine.execute(Command::DeleteVault);
        action.run_renewing(send, no_own_place, move |()| lock::leave_deleted_vault(vault));
    };
    view! {
        <form class="form" novalidate autocomplete="off" on:submit=submit>
            <p>{words::DELETE_TEXT}</p>
            <p>{words::DELETE_WALLETS}</p>
            // The hint is the vault's name.
            <div translate="no">
                <Field input=input id="delete-name" label=words::DELETE_NAME shape=Shape::Line hint=name.get_value()/>
            </div>
            <CeremonyStatus action=action/>
            <div class="dialog__actions">
                <button type="button" class="button" on:click=move |_| open.set(false)>{words::KEEP}</button>
                <ActionButton action=action class="button button--danger">{words::DELETE_BUTTON}</ActionButton>
            </div>
        </form>
    }
}
