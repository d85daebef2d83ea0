//! The root component: provides the shared handles, runs the router, and shows the screens that
//! cover every page.

use leptos::prelude::*;

use crate::{
    browser::router::{self, OutletContent},
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
        keys::{add::Add, detail::Detail, edit::Edit, nothing_open::NothingOpen, page::Vault},
        security::{add::AddPasskey, page::Security, sheet::NewSheet},
        settings::page::Settings,
        shell::{
            alarm::AlarmScreen, blocked::BlockedScreen, idle_dialog::IdleDialog, not_found::NotFound,
            skip_link::SkipLink, unsaved_changes_dialog::UnsavedChangesDialog, vault_layout::VaultLayout,
        },
        trash::page::Trash,
        wallets,
    },
    routes::{Pane, Route, VaultRoute},
    state::{
        app_state::AppState, ceremony::CeremonyController, clipboard::Clipboard, idle::IdleLock, other_tabs,
        preferences::Preferences, resend, waiting_notes,
    },
    ui::{announcer::Announcer, loading::Loading, page_heading::HeadingCount, words::general},
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
    state.start_engine(ceremonies);
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
            Route::Vault(_) => {
                provide_context(OutletContent(vault_pages));
                view! { <VaultLayout/> }.into_any()
            }
            Route::NotFound => view! { <NotFound/> }.into_any(),
            Route::Notice => view! { <NoticePage/> }.into_any(),
            Route::Recover => view! { <Recover/> }.into_any(),
            Route::RecoverPasskey => view! { <NewPasskey/> }.into_any(),
            Route::Unlock => view! { <Unlock/> }.into_any(),
            Route::Welcome => view! { <WelcomePage/> }.into_any(),
        }}
    }
}

/// Returns the vault route that the address names, or the last one while the user navigates away
/// from the vault.
fn vault_route() -> Memo<VaultRoute> {
    let route = expect_context::<Memo<Route>>();
    Memo::new(move |previous: Option<&VaultRoute>| match (route.get(), previous) {
        (Route::Vault(route), _) | (_, Some(&route)) => route,
        (_, None) => VaultRoute::Keys(Pane::Empty),
    })
}

fn vault_pages() -> AnyView {
    let route = vault_route();
    let layout = Memo::new(move |_| route.get().layout_key());
    view! {
        {move || match layout.get() {
            VaultRoute::AddPasskey => view! { <AddPasskey/> }.into_any(),
            VaultRoute::NewSheet => view! { <NewSheet/> }.into_any(),
            VaultRoute::Security => view! { <Security/> }.into_any(),
            VaultRoute::Settings => view! { <Settings/> }.into_any(),
            VaultRoute::Trash => view! { <Trash/> }.into_any(),
            VaultRoute::Keys(_) => {
                provide_context(OutletContent(key_panes));
                view! { <Vault/> }.into_any()
            }
            VaultRoute::Wallets(_) => {
                provide_context(OutletContent(wallet_panes));
                view! { <wallets::page::Wallets/> }.into_any()
            }
        }}
    }
    .into_any()
}

fn key_panes() -> AnyView {
    let route = vault_route();
    let pane = Memo::new(move |_| route.get().pane());
    view! {
        {move || match pane.get() {
            Pane::Add => view! { <Add/> }.into_any(),
            Pane::Detail => view! { <Detail/> }.into_any(),
            Pane::Edit => view! { <Edit/> }.into_any(),
            Pane::Empty | Pane::Shares => view! { <NothingOpen/> }.into_any(),
        }}
    }
    .into_any()
}

fn wallet_panes() -> AnyView {
    let route = vault_route();
    let pane = Memo::new(move |_| route.get().pane());
    view! {
        {move || match pane.get() {
            Pane::Add => view! { <wallets::add::Add/> }.into_any(),
            Pane::Detail => view! { <wallets::detail::Detail/> }.into_any(),
            Pane::Edit => view! { <wallets::edit::Edit/> }.into_any(),
            Pane::Empty => view! { <wallets::page::NothingOpen/> }.into_any(),
            Pane::Shares => view! { <wallets::shares::Shares/> }.into_any(),
        }}
    }
    .into_any()
}
