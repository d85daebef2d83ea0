use crystallum_messages::access::Command;
use leptos::prelude::*;

use crate::{
    browser::router::{NavigateOptions, use_navigate},
    engine::Engine,
    features::{
        security::words as sign_in_methods,
        sheet::{step::SheetStep, words},
    },
    state::{challenge_prefetch::ChallengePrefetch, navigation::Navigation, vault::VaultState},
    ui::{
        action_button::{ActionButton, CeremonyStatus},
        async_action::{AsyncAction, no_own_place},
        icon::{Glyph, Icon},
        one_pane::OnePane,
        page_heading::PageHeading,
    },
};

/// Shows the recovery sheet that has not been confirmed yet, or else offers to make a new one.
#[component]
pub(crate) fn NewSheet() -> impl IntoView {
    let (navigation, navigate) = (Navigation::from_context(), use_navigate());
    let missing = RwSignal::new(false);
    let done = Callback::new(move |confirmed: bool| {
        navigation.flash_message.set(confirmed.then(|| words::CONFIRMED.to_owned()));
        navigate("/security", NavigateOptions::REPLACE);
    });
    let show_offer = Callback::new(move |()| missing.set(true));
    view! {
        <OnePane>
            <a class="pane__back pane__back--always" href="/security"><Icon glyph=Glyph::Back/>{sign_in_methods::BACK}</a>
            {move || if missing.get() {
                view! { <Make missing=missing/> }.into_any()
            } else {
                view! { <SheetStep done=done missing=show_offer/> }.into_any()
            }}
        </OnePane>
    }
}

/// Explains what a new sheet means, and makes it.
#[component]
fn Make(missing: RwSignal<bool>) -> impl IntoView {
    let (engine, vault, navigation, navigate) =
        (Engine::from_context(), VaultState::from_context(), Navigation::from_context(), use_navigate());
    let action = AsyncAction::outliving_page(Some(ChallengePrefetch::start()));
    let make = move |()| {
        // The component does not hold the code: the next step asks the engine for it.
        let send = move || async move { engine.load_sheet(Command::NewSheet).await.map(drop) };
        action.run_renewing(send, no_own_place, move |()| {
            vault.refresh_method_count();
            // If the page was left meanwhile, the sheet is still shown, unless a form is open. The
            // banner then leads to it.
            if missing.try_set(false).is_some() && navigation.open_forms.get_untracked() == 0 {
                navigate("/security/sheet", NavigateOptions::default());
            }
        });
    };
    view! {
        <PageHeading title=words::TITLE>{words::NEW_HEADING}</PageHeading>
        <p>{words::NEW_TEXT}</p>
        <CeremonyStatus action=action/>
        <div class="form__actions">
            <ActionButton action=action class="button button--primary button--large" click=make>
                {words::NEW_BUTTON}
            </ActionButton>
        </div>
    }
}
