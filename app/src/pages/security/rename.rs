use crystallum_messages::{Command, Way};
use leptos::{ev::SubmitEvent, prelude::*};

use crate::{
    async_action::AsyncAction,
    components::{
        dialog::Dialog,
        failure_note::FailureNote,
        field::{Field, Input, Shape},
        way_name,
    },
    engine::Engine,
    session::Session,
    words::{common, ways as words},
};

/// Asks for another name of a passkey.
#[component]
pub(super) fn RenameDialog(
    open: RwSignal<bool>,
    way: RwSignal<Option<Way>>,
    changed: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog open=open id="rename-heading" heading=words::RENAME_HEADING>
            {move || way.get_untracked().map(|way| view! { <Form open=open way=way changed=changed/> })}
        </Dialog>
    }
}

#[component]
fn Form(open: RwSignal<bool>, way: Way, changed: Callback<()>) -> impl IntoView {
    let (engine, session) = (Engine::here(), Session::here());
    let input = Input::new();
    let action = AsyncAction::renewing_session(None);
    let id = way.id;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if way_name::complain(input, way_name::needed(&input.read())) {
            return;
        }
        let send = move || engine.done(Command::RenameWay { id, name: String::clone(&input.read()) });
        action.run(send, way_name::refused(input), move |()| {
            open.set(false);
            session.spoken.set(words::RENAMED.into());
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
                value=way.name
                hint=words::NAME_HINT
            />
            <FailureNote failure=action.failure/>
            <div class="dialog__actions">
                <button type="button" class="button" on:click=move |_| open.set(false)>{common::CANCEL}</button>
                <button type="submit" class="button button--primary" aria-disabled=move || action.aria_disabled()>
                    {words::SAVE_NAME}
                </button>
            </div>
        </form>
    }
}
