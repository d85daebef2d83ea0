use crystallum_messages::{Device, access::Command};
use leptos::{ev::SubmitEvent, prelude::*};

use crate::{
    engine::Engine,
    features::{
        devices::words,
        security::{
            sign_in_method_name::{required_name_error, show_name_error, show_rejected_name},
            words as methods,
        },
    },
    ui::{
        action_button::ActionButton,
        async_action::AsyncAction,
        dialog::Dialog,
        failure_note::FailureNote,
        field::{Field, Input, Shape},
        words::general,
    },
};

/// Asks for a new name for a device.
#[component]
pub(super) fn RenameDialog(
    open: RwSignal<bool>,
    device: RwSignal<Option<Device>>,
    /// Gets what to say once the name is saved.
    done: Callback<String>,
) -> impl IntoView {
    view! {
        <Dialog open=open id="rename-device-heading" heading=words::RENAME_HEADING>
            {move || device.get_untracked().map(|device| view! { <Form open=open device=device done=done/> })}
        </Dialog>
    }
}

#[component]
fn Form(open: RwSignal<bool>, device: Device, done: Callback<String>) -> impl IntoView {
    let engine = Engine::from_context();
    let input = Input::new();
    let action = AsyncAction::new(None);
    let id = device.id;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if show_name_error(input, required_name_error(&input.read())) {
            return;
        }
        let send =
            move || engine.execute(Command::RenameDevice { device: id, name: String::clone(&input.read()) });
        action.run_renewing(send, show_rejected_name(input), move |()| {
            open.set(false);
            done.run(methods::RENAMED.to_owned());
        });
    };
    view! {
        <form class="form" novalidate autocomplete="off" on:submit=submit>
            <Field
                input=input
                id="device-name"
                label=methods::NAME
                shape=Shape::Line
                value=device.name
                hint=words::NAME_HINT
            />
            <FailureNote failure=action.failure/>
            <p class="muted" role="status">{move || action.pending.get().then_some(words::SAVING)}</p>
            <div class="dialog__actions">
                <button type="button" class="button" on:click=move |_| open.set(false)>{general::CANCEL}</button>
                <ActionButton action=action class="button button--primary">{methods::SAVE_NAME}</ActionButton>
            </div>
        </form>
    }
}
