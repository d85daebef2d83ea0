use crystallum_messages::{Command, Failure, MAX_WAY_NAME, Way};
use leptos::{ev::SubmitEvent, prelude::*};

use crate::{
    components::{
        dialog::Dialog,
        failure_note::FailureNote,
        field::{Field, Input, Shape},
    },
    deed::Deed,
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
    let deed = Deed::inside(None);
    let id = way.id;
    let refused = move |problem: &Failure| {
        let wrong = *problem == Failure::NameRejected;
        if wrong {
            input.error.set(Some(words::NAME_LONG));
            input.focus();
        }
        wrong
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        input.error.set(name_error(&input.read()));
        if input.error.with_untracked(Option::is_some) {
            input.focus();
            return;
        }
        let ask = move || engine.done(Command::RenameWay { id, name: String::clone(&input.read()) });
        deed.run(ask, refused, move |()| {
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
            <FailureNote failure=deed.failure/>
            <div class="dialog__actions">
                <button type="button" class="button" on:click=move |_| open.set(false)>{common::CANCEL}</button>
                <button type="submit" class="button button--primary" aria-disabled=move || deed.busy()>
                    {words::SAVE_NAME}
                </button>
            </div>
        </form>
    }
}

/// What is wrong with a name that must be there.
pub(super) fn name_error(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some(words::NAME_EMPTY)
    } else if name.chars().count() > MAX_WAY_NAME {
        Some(words::NAME_LONG)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_1_to_64_characters() {
        assert_eq!(name_error(""), Some(words::NAME_EMPTY));
        assert_eq!(name_error(&"é".repeat(64)), None);
        assert_eq!(name_error(&"e".repeat(65)), Some(words::NAME_LONG));
    }
}
