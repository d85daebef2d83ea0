//! The root component: provides the shared handles, runs the router, and shows the screens that
//! cover every page.

use leptos::prelude::*;

use crate::{
    browser::router,
    engine::Engine,
    features::{
        about::page::About,
        entry::{
            create::page::Create,
            notice::NoticePage,
            recover::{code::Recover, passkey::NewPasskey},
            unlock::page::Unlock,
            welcome::WelcomePage,
        },
        shell::{
            alarm::AlarmScreen, blocked::BlockedScreen, idle_dialog::IdleDialog, not_found::NotFound,
            skip_link::SkipLink, unsaved_changes_dialog::UnsavedChangesDialog, vault_door::VaultDoor,
        },
    },
    routes::Route,
    state::{
        app_state::AppState, ceremony::CeremonyController, clipboard::Clipboard, idle::IdleLock, other_tabs,
        preferences::Preferences, resend, vault_part::VaultPart, waiting_notes,
    },
    ui::{announcer::Announcer, loading::Loading, page_heading::HeadingCount, words::general},
    vault_part,
};

/// Renders the application.
#[component]
pub(crate) fn App() -> impl IntoView {
    let engine = Engine::provide();
    let ceremonies = CeremonyController::provide(engine);
    let preferences = Preferences::provide();
    let clipboard = Clipboard::provide(preferences);
    let state = AppState::provide(engine, clipboard);
    let AppState { vault, sync, alarms, .. } = state;
    provide_context(HeadingCount(StoredValue::new(0)));
    other_tabs::listen_to_other_tabs(vault, alarms);
    IdleLock::provide(vault, preferences);
    resend::resend_when_reachable(sync);
    waiting_notes::keep_notes(vault, sync.status);
    state.start_engine(ceremonies, VaultPart::provide(|| Box::pin(vault_part::load()), alarms));
    let path = router::provide().pathname;
    Effect::new(move || {
        path.track();
        clipboard.drop_finished_report();
    });

    // The pages stay mounted while an alarm covers them, so that unsaved input is not lost.
    let is_covered =
        Memo::new(move |_| alarms.alarm.with(Option::is_some) || alarms.blocked.with(Option::is_some));
    let cover = move || match (alarms.blocked.get(), alarms.alarm.get()) {
        (Some(blocked), _) => view! { <BlockedScreen blocked=blocked/> }.into_any(),
        (None, Some(alarm)) => view! { <AlarmScreen alarm=alarm/> }.into_any(),
        (None, None) => ().into_any(),
    };
    view! {
        <SkipLink/>
        <Announcer/>
        <p class="print-note">{general::PRINT_NOTE}</p>
        {move || if vault.locking.get() {
            view! { <Loading text=general::LOCKING/> }.into_any()
        } else {
            view! {
                {cover}
                <div class="pages" hidden=move || is_covered.get()>
                    <Pages/>
                </div>
                <IdleDialog/>
                <UnsavedChangesDialog/>
            }.into_any()
        }}
    }
}

#[component]
fn Pages() -> impl IntoView {
    let path = router::use_location().pathname;
    let route = Memo::new(move |_| path.with(|path| Route::parse(path)));
    provide_context(route);
    let layout = Memo::new(move |_| route.get().layout_key());
    view! {
        {move || match layout.get() {
            Route::About => view! { <About/> }.into_any(),
            Route::Create => view! { <Create/> }.into_any(),
            Route::Vault(_) => view! { <VaultDoor/> }.into_any(),
            Route::NotFound => view! { <NotFound/> }.into_any(),
            Route::Notice => view! { <NoticePage/> }.into_any(),
            Route::Recover => view! { <Recover/> }.into_any(),
            Route::RecoverPasskey => view! { <NewPasskey/> }.into_any(),
            Route::Unlock => view! { <Unlock/> }.into_any(),
            Route::Welcome => view! { <WelcomePage/> }.into_any(),
        }}
    }
}
