use crystallum_messages::{Command, Way, WayKind};
use leptos::prelude::*;

use crate::{
    engine::Engine,
    features::security::words,
    state::{challenge_prefetch::ChallengePrefetch, navigation::Navigation},
    ui::{
        async_action::{AsyncAction, no_field_errors},
        ceremony_prompt::CeremonyPrompt,
        dialog::Dialog,
        failure_note::FailureNote,
    },
};

/// Asks for confirmation before a sign-in method is removed, and says what removing it does and
/// does not do.
#[component]
pub(super) fn RemoveDialog(
    open: RwSignal<bool>,
    method: RwSignal<Option<Way>>,
    changed: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog open=open id="remove-heading" heading=words::REMOVE_HEADING>
            {move || method.get_untracked().map(|method| view! { <Question open=open method=method changed=changed/> })}
        </Dialog>
    }
}

#[component]
fn Question(open: RwSignal<bool>, method: Way, changed: Callback<()>) -> impl IntoView {
    let (engine, navigation) = (Engine::from_context(), Navigation::from_context());
    let prefetch = ChallengePrefetch::start();
    let action = AsyncAction::renewing_session(Some(prefetch));
    let id = method.id;
    let remove = move |_| {
        let send = move || engine.execute(Command::RemoveWay { id });
        action.run(send, no_field_errors, move |()| {
            open.set(false);
            navigation.announcement.set(words::REMOVED.into());
            changed.run(());
        });
    };
    view! {
        <p>{words::remove(&words::name(&method))}</p>
        <p>{words::REMOVE_MEANS}</p>
        <p class="muted">{words::REMOVE_OLD}</p>
        {(method.kind == WayKind::Passkey).then(|| view! { <p class="muted">{words::REMOVE_PASSKEY}</p> })}
        <p class="muted">{words::REMOVE_TOUCH}</p>
        <CeremonyPrompt/>
        <FailureNote failure=action.failure/>
        <div class="dialog__actions">
            <button type="button" class="button" on:click=move |_| open.set(false)>{words::KEEP}</button>
            <button
                type="button"
                class="button button--danger"
                disabled=move || !prefetch.is_ready()
                aria-disabled=move || action.aria_disabled()
                on:click=remove
            >
                {words::REMOVE_BUTTON}
            </button>
        </div>
    }
}
