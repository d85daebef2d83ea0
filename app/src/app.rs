//! The root component: provides the shared handles, runs the router, and shows the screens that
//! cover every page.

use leptos::prelude::*;

use crate::{
    ceremony::CeremonyController,
    clipboard::Clipboard,
    components::{announcer::Announcer, loading::Loading, page_heading::HeadingCount, skip_link::SkipLink},
    engine::Engine,
    idle, lock,
    pages::{
        about::About,
        add::Add,
        alarm::AlarmScreen,
        blocked::BlockedScreen,
        create::Create,
        detail::Detail,
        edit::Edit,
        not_found::NotFound,
        nothing_open::NothingOpen,
        notice::NoticePage,
        recover::{self, Recover},
        routes::{Pane, Route, VaultRoute},
        security::{AddPasskey, NewSheet, Security},
        settings::Settings,
        trash::Trash,
        unlock::Unlock,
        vault::Vault,
        vault_layout::VaultLayout,
        wallets,
        welcome::WelcomePage,
    },
    preferences::Preferences,
    router::{self, OutletContent},
    session::Session,
    unsaved_changes::UnsavedChanges,
    words::common,
};

/// Renders the application.
#[component]
pub(crate) fn App() -> impl IntoView {
    let engine = Engine::provide();
    let ceremonies = CeremonyController::provide(engine);
    let session = Session::provide(engine, Clipboard::provide());
    provide_context(HeadingCount(StoredValue::new(0)));
    lock::listen_to_other_tabs(engine, session);
    idle::lock_when_idle(engine, session, Preferences::provide());
    UnsavedChanges::provide(session);
    session.start(ceremonies);

    // The pages stay mounted while an alarm covers them, so that unsaved input is not lost.
    let is_covered =
        Memo::new(move |_| session.alarm.with(Option::is_some) || session.blocked.with(Option::is_some));
    let cover = move || match (session.blocked.get(), session.alarm.get()) {
        (Some(blocked), _) => view! { <BlockedScreen blocked=blocked/> }.into_any(),
        (None, Some(alarm)) => view! { <AlarmScreen alarm=alarm/> }.into_any(),
        (None, None) => ().into_any(),
    };
    view! {
        <SkipLink/>
        <Announcer/>
        <p class="print-note">{common::PRINT_NOTE}</p>
        {move || if session.locking.get() {
            view! { <Loading text=common::LOCKING/> }.into_any()
        } else {
            view! {
                {cover}
                <div class="pages" hidden=move || is_covered.get()>
                    <Pages/>
                </div>
            }.into_any()
        }}
    }
}

#[component]
fn Pages() -> impl IntoView {
    let path = router::provide().pathname;
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
            Route::RecoverPasskey => view! { <recover::NewPasskey/> }.into_any(),
            Route::Unlock => view! { <Unlock/> }.into_any(),
            Route::Welcome => view! { <WelcomePage/> }.into_any(),
        }}
    }
}

/// Returns the vault route that the address names, or the last one while the person navigates away
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
                view! { <wallets::Wallets/> }.into_any()
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
            Pane::Add => view! { <wallets::Add/> }.into_any(),
            Pane::Detail => view! { <wallets::Detail/> }.into_any(),
            Pane::Edit => view! { <wallets::Edit/> }.into_any(),
            Pane::Empty => view! { <wallets::NothingOpen/> }.into_any(),
            Pane::Shares => view! { <wallets::Shares/> }.into_any(),
        }}
    }
    .into_any()
}
