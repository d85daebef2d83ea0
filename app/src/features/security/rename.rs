use crystallum_messages::{SignInMethod, access::Command};
use leptos::{ev::SubmitEvent, prelude::*};

use crate::{
    engine::Engine,
    features::security::{
        sign_in_method_name::{required_name_error, show_name_error, show_rejected_name},
        words,
    },
    state::navigation::Navigation,
    ui::{
        action_button::ActionButton,
        async_action::AsyncAction,
        dialog::Dialog,
        failure_note::FailureNote,
        field::{Field, Input, Shape},
        words::general,
    },
};

/// Asks for a new name for a passkey.
#[component]
pub(super) fn RenameDialog(
    open: RwSignal<bool>,
    method: RwSignal<Option<SignInMethod>>,
    changed: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog open=open id="rename-heading" heading=words::RENAME_HEADING>
            {move || method.get_untracked().map(|method| view! { <Form open=open method=method changed=changed/> })}
        </Dialog>
    }
}

#[component]
fn Form(open: RwSignal<bool>, method: SignInMethod, changed: Callback<()>) -> impl IntoView {
    let (engine, navigation) = (Engine::from_context(), Navigation::from_context());
    let input = Input::new();
    let action = AsyncAction::new(None);
    let id = method.id;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if show_name_error(input, required_name_error(&input.read())) {
            return;
        }
        let send = move || engine.execute(Command::Rename { id, name: String::clone(&input.read()) });
        action.run_renewing(send, show_rejected_name(input), move |()| {
            open.set(false);
            navigation.announcement.set(words::RENAMED.into());
            changed.run(());
        });
    };
    view! {
        <form class="form" novalidate autocomplete="off" on:submit=submit>
            <Field
                input=input
                id="way-name"
                label=words::NAME
                shape=Shape::Line
                value=method.name
                hint=words::NAME_HINT
            />
            <FailureNote failure=action.failure/>
            <div class="dialog__actions">
                <button type="button" class="button" on:click=move |_| open.set(false)>{general::CANCEL}</button>
                <ActionButton action=action class="button button--primary">{words::SAVE_NAME}</ActionButton>
            </div>
        </form>
    }
}
