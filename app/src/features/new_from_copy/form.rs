use crystallum_messages::{Copied, Failure, Purpose, SignUp, entry::Command};
use leptos::{ev::SubmitEvent, prelude::*};

use crate::{
    engine::{Engine, calls::entry::Entry},
    features::{
        entry::words::{create, welcome},
        new_from_copy::{stage::Stage, words},
    },
    state::{
        alarms::Alarms,
        challenge_prefetch::ChallengePrefetch,
        sync::Synchronisation,
        vault::{SignUpState, VaultState},
    },
    ui::{
        action_button::{ActionButton, CeremonyStatus},
        async_action::AsyncAction,
        field::{Field, Input, Shape},
    },
};

/// Asks for the name of the new vault, and creates its passkey.
#[component]
pub(super) fn Form(stage: RwSignal<Stage>, keys: u32, name: String) -> impl IntoView {
    let (engine, vault) = (Engine::from_context(), VaultState::from_context());
    let (sync, alarms) = (Synchronisation::from_context(), Alarms::from_context());
    vault.load_sign_up();
    let sign_up = vault.sign_up;
    let (input, invite) = (Input::new(), Input::new());
    let failure = RwSignal::new(None::<Failure>);
    let prefetch = ChallengePrefetch::reporting(Purpose::Create, move |result| {
        if let Err(problem) = result {
            failure.set(Some(problem));
        }
    });
    prefetch.refetch();
    let action = AsyncAction::outliving_page(Some(prefetch)).with_failure(failure);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if action.is_running_or_removed() || !prefetch.is_ready_untracked() {
            return;
        }
        let (name, code) = (input.read(), invite.read());
        let wants_code = sign_up.get_untracked() == SignUpState::Known(SignUp::Invite);
        input.error.set(name.is_empty().then_some(create::NAME_EMPTY));
        invite.error.set((wants_code && code.is_empty()).then_some(create::INVITE_EMPTY));
        if let Some(wrong) =
            [input, invite].into_iter().find(|input| input.error.with_untracked(Option::is_some))
        {
            wrong.focus();
            return;
        }
        let invite = wants_code.then(|| String::clone(&code));
        let command = Command::CreateFromCopy { name: String::clone(&name), invite };
        let show_failure = move |problem: &Failure| {
            let is_long = *problem == Failure::NameRejected;
            if is_long {
                input.error.set(Some(create::NAME_LONG));
            }
            is_long
        };
        action.run(engine.enter_vault(command), show_failure, move |entry| match entry {
            Entry::Opened(opened) => {
                alarms.has_stopped.set(false);
                sync.set_open_vault(opened);
                stage.try_set(Stage::Copying(Copied { done: 0, left: keys }));
            }
            Entry::Notice(_) => failure.set(Some(Failure::UNEXPECTED_REPLY)),
        });
    };
    view! {
        <form class="form" novalidate autocomplete="off" on:submit=submit>
            <Field input=input id="new-vault-name" label=create::NAME_LABEL shape=Shape::Line value=name hint=create::NAME_WHY/>
            {move || (sign_up.get() == SignUpState::Known(SignUp::Invite)).then(|| view! {
                <Field input=invite id="new-vault-code" label=create::INVITE_LABEL shape=Shape::Line hint=create::INVITE_HINT/>
            })}
            {move || (sign_up.get() == SignUpState::Known(SignUp::Closed)).then(|| view! {
                <p class="note note--warn">{welcome::SIGN_UP_CLOSED}</p>
            })}
            <CeremonyStatus action=action/>
            <div class="form__actions">
                <ActionButton
                    action=action
                    class="button button--primary button--large"
                    ready=Signal::derive(move || sign_up.get() != SignUpState::Known(SignUp::Closed))
                    described_by="new-vault-why"
                >
                    {words::CREATE}
                </ActionButton>
            </div>
            <p class="muted" id="new-vault-why">{words::CREATE_HINT}</p>
        </form>
    }
}
