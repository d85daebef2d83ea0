use crystallum_messages::{Failure, Purpose, entry::Command};
use leptos::{ev::SubmitEvent, prelude::*};

use crate::{
    browser::{
        router::{NavigateOptions, Redirect, use_navigate},
        storage,
    },
    engine::{Engine, calls::entry::Entry},
    features::{
        entry::{new_sheet::NewSheet, steps::Steps, words::recover},
        security::sign_in_method_name::{optional_name_error, show_name_error, show_rejected_name},
    },
    state::{
        challenge_prefetch::ChallengePrefetch, sync::Synchronisation, vault::VaultState,
        vault_part::VaultPart,
    },
    ui::{
        action_button::{ActionButton, CeremonyStatus},
        async_action::AsyncAction,
        field::{Field, Input, Shape},
        page_heading::PageHeading,
        plain_page::PlainPage,
    },
};

/// The steps after the code was accepted: creating a passkey, then keeping the new sheet.
#[component]
pub(crate) fn NewPasskey() -> impl IntoView {
    let (vault, navigate) = (VaultState::from_context(), use_navigate());
    if !vault.recovering.get_untracked() {
        return view! { <Redirect path="/recover"/> }.into_any();
    }
    let made = RwSignal::new(false);
    let step = Signal::derive(move || if made.get() { 3 } else { 2 });
    let done = Callback::new(move |_| {
        navigate("/vault", NavigateOptions::REPLACE);
    });
    view! {
        <PlainPage>
            <Steps names=&recover::STEPS current=step/>
            {move || if made.get() {
                view! { <NewSheet replaced=true done=done/> }.into_any()
            } else {
                view! { <Form made=made/> }.into_any()
            }}
        </PlainPage>
    }
    .into_any()
}

#[component]
fn Form(made: RwSignal<bool>) -> impl IntoView {
    let (engine, sync, navigate) = (Engine::from_context(), Synchronisation::from_context(), use_navigate());
    let (part, name) = (VaultPart::from_context(), Input::new());
    let prefetch = ChallengePrefetch::start_for(Purpose::Create);
    let action = AsyncAction::outliving_page(Some(prefetch));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !prefetch.is_ready_untracked() {
            return;
        }
        if show_name_error(name, optional_name_error(&name.read())) {
            return;
        }
        storage::request_persistence();
        let command = Command::FinishRecovery { name: String::clone(&name.read()) };
        let reply = async move {
            // The new sheet, which is next, is in this part.
            part.require().await?;
            engine.enter_vault(command).await
        };
        action.run(reply, show_rejected_name(name), move |entry| match entry {
            Entry::Opened(opened) => {
                sync.set_open_vault(opened);
                if made.try_set(true).is_some() {
                    // The page was left meanwhile. The new sheet must still be shown.
                    navigate("/security/sheet", NavigateOptions::REPLACE);
                }
            }
            Entry::Notice(_) => action.failure.set(Some(Failure::UNEXPECTED_REPLY)),
        });
    };
    view! {
        <PageHeading title=recover::PASSKEY_TITLE>{recover::PASSKEY_HEADING}</PageHeading>
        <p>{recover::PASSKEY_TEXT}</p>
        <form class="form" novalidate autocomplete="off" on:submit=submit>
            <Field
                input=name
                id="passkey-name"
                label=recover::NAME
                shape=Shape::Line
                hint=recover::NAME_HINT
                optional=true
            />
            <CeremonyStatus action=action/>
            <div class="form__actions">
                <ActionButton action=action class="button button--primary button--large">{recover::FINISH}</ActionButton>
            </div>
        </form>
    }
}
