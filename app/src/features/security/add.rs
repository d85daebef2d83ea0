use crystallum_messages::access::Command;
use leptos::{ev::SubmitEvent, prelude::*};

use crate::{
    browser::router::{NavigateOptions, use_navigate},
    engine::Engine,
    features::security::{
        sign_in_method_name::{required_name_error, show_name_error, show_rejected_name},
        words,
    },
    state::{
        challenge_prefetch::ChallengePrefetch, navigation::Navigation, unsaved_changes::UnsavedChanges,
        vault::VaultState,
    },
    ui::{
        action_button::{ActionButton, CeremonyStatus},
        async_action::AsyncAction,
        field::{Field, Input, Shape},
        icon::{Glyph, Icon},
        one_pane::OnePane,
        page_heading::PageHeading,
        words::general,
    },
};

/// Adds a passkey: asks for its name, then runs two ceremonies that are explained beforehand.
#[component]
pub(crate) fn AddPasskey() -> impl IntoView {
    let (engine, vault, navigation, navigate) =
        (Engine::from_context(), VaultState::from_context(), Navigation::from_context(), use_navigate());
    let (input, unsaved) = (Input::new(), UnsavedChanges::track_form());
    let prefetch = ChallengePrefetch::start();
    let action = AsyncAction::outliving_page(Some(prefetch));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !prefetch.is_ready_untracked() {
            return;
        }
        if show_name_error(input, required_name_error(&input.read())) {
            return;
        }
        let send = move || engine.execute(Command::AddPasskey { name: String::clone(&input.read()) });
        action.run_renewing(send, show_rejected_name(input), move |()| {
            vault.refresh_method_count();
            navigation.flash_message.set(Some(words::ADDED.into()));
            // If the page was left meanwhile, another one may have a form.
            if !action.is_running_or_removed() {
                unsaved.mark_clean();
                navigate("/security", NavigateOptions::REPLACE);
            }
        });
    };
    view! {
        <OnePane>
            <a class="pane__back pane__back--always" href="/security"><Icon glyph=Glyph::Back/>{words::BACK}</a>
            <PageHeading title=words::ADD_TITLE>{words::ADD_HEADING}</PageHeading>
            <p>{words::ADD_TEXT}</p>
            <ol class="list">{words::ADD_STEPS.map(|step| view! { <li>{step}</li> }).into_iter().collect_view()}</ol>
            <form class="form" novalidate autocomplete="off" on:input=move |_| unsaved.mark_dirty() on:submit=submit>
                <Field input=input id="way-name" label=words::NAME shape=Shape::Line hint=words::ADD_NAME_HINT/>
                <CeremonyStatus action=action/>
                <div class="form__actions">
                    <ActionButton action=action class="button button--primary button--large">{words::ADD_BUTTON}</ActionButton>
                    <a class="button button--large" href="/security" data-discard="">{general::CANCEL}</a>
                </div>
            </form>
        </OnePane>
    }
}
